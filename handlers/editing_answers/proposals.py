"""Proposed answers: the queue, what a second editor decides, and who is told of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n import Translator
from bot.messages import Dialog, Kind, Language, Person, Reply, Role
from bot.services.announcing import broadcasts
from bot.services.learning import faq_changes, question_groups, wishes
from bot.services.learning.faq_changes import Proposal, Status
from bot.services.messages import outbox
from bot.services.people import contacts
from bot.vietnamese import clean
from content.added import NewEntry
from content.rules import asked_for_already
from handlers.commands import number
from handlers.editing_answers import proposal_pages as pages
from handlers.officers import officer_dialog
from handlers.turn import Turn

DIALOG = "proposal"
SHORTEST_REASON, LONGEST_REASON = 3, 500


async def act(turn: Turn, verb: str, argument: str) -> Sequence[Reply]:
    """A button of proposals was pressed. Whoever gets here is an editor."""
    change_id = number(argument)
    match verb:
        case "show":
            return [await pages.page(turn, change_id)]
        case "approve":
            return [await _approve(turn, change_id)]
        case "reject":
            return [await _ask_why(turn, change_id)]
        case "withdraw":
            return [await _ask_to_withdraw(turn, change_id)]
        case "withdrawn":
            return [await _withdraw(turn, change_id)]
    return [await pages.queue(turn, number(argument))]


async def typed(turn: Turn) -> Sequence[Reply]:
    """The reason for a rejection."""
    t = turn.t
    said = _read(turn)
    change_id = number(str(said.get("reject", "")))
    reason = clean(turn.text) if turn.incoming.kind is Kind.TEXT else ""
    if not SHORTEST_REASON <= broadcasts.length(reason) <= LONGEST_REASON:
        text = t("Please type the reason as text, with {least} to {most} characters.",
                 least=SHORTEST_REASON, most=LONGEST_REASON)  # fmt: skip
        return [turn.say(text, buttons=((pages.button(t("Don't reject"), "show", change_id),),))]
    await leave(turn)
    done = await faq_changes.reject(turn.connection, change_id, turn.person.contact_id, reason, turn.now)
    if not done:
        return [await _too_late(turn, change_id)]
    await _tell_author(turn, change_id)
    note = officer_dialog.with_what_was_before(turn, said, t("You rejected the proposal. The author is told why."))
    return [await pages.page(turn, change_id, note=note)]


async def leave(turn: Turn) -> None:
    """Forget a rejection that is being written; what the person was in the middle of before is theirs again."""
    await officer_dialog.leave(turn, _read(turn))


async def sent(turn: Turn, change_id: int) -> Sequence[Reply]:
    """Ask the other editors for approval, and say how many there are."""
    t, connection = turn.t, turn.connection
    proposal = await faq_changes.find(connection, change_id)
    if proposal is None:
        raise LookupError("the proposal vanished between two statements")
    case = await pages.read_case(turn, proposal)
    others = [each for each in await contacts.staff(connection, Role.EDITOR) if each != turn.person.contact_id]
    told = await outbox.tell(
        connection,
        others,
        f"faq-approval:{change_id}",
        lambda _, t: pages.request(turn, t, case),
        translators=turn.translators,
        now=turn.now,
        about=proposal.author_id,
    )
    if told:
        note = t.plural(
            "Thank you. {number} other editor is asked to approve it.",
            "Thank you. {number} other editors are asked to approve it; one is enough.",
            len(told),
        )
    else:
        note = t("The proposal is kept, but there is nobody yet who could approve it.") + " " + _how_to_invite(t)
    return [await pages.page(turn, change_id, note=note)]


async def _approve(turn: Turn, change_id: int) -> Reply:
    t, connection = turn.t, turn.connection
    proposal = await faq_changes.find(connection, change_id)
    if proposal is not None and proposal.status is Status.PROPOSED:
        problem = _problem(turn, proposal)
        if problem:
            return await pages.page(turn, change_id, note=problem)
        # Whoever asked a moment ago belongs to the group, too.
        await question_groups.gather(connection, turn.known, turn.now)
    if not await faq_changes.approve(connection, change_id, turn.person.contact_id, turn.now):
        return await _too_late(turn, change_id)
    told = await _tell_askers(turn, change_id)
    await _tell_author(turn, change_id)
    note = t("Thank you. The answer is live within a minute.")
    if told:
        note += " " + t.plural(
            "{number} person who asked for it is told.", "{number} people who asked for it are told.", told
        )
    return await pages.page(turn, change_id, note=note)


async def _ask_why(turn: Turn, change_id: int) -> Reply:
    t = turn.t
    proposal = await faq_changes.find(turn.connection, change_id)
    if proposal is None or proposal.status is not Status.PROPOSED or proposal.author_id == turn.person.contact_id:
        return await _too_late(turn, change_id)
    before = turn.person.dialog
    said: dict[str, object] = {"reject": change_id}
    if before is not None:
        kept = before.data.get("before") if before.kind == DIALOG else {"kind": before.kind, "data": before.data}
        said |= {"before": kept} if kept else {}
    await turn.begin(Dialog(DIALOG, said))
    return turn.say(
        t("Why shall this proposal be rejected? Please type the reason; the author reads it.")
        + f"\n\n{pages.in_short(turn, t, proposal)}",
        title=pages.title(t, proposal),
        buttons=((pages.button(t("Don't reject"), "show", change_id),),),
    )


async def _ask_to_withdraw(turn: Turn, change_id: int) -> Reply:
    t = turn.t
    proposal = await faq_changes.find(turn.connection, change_id)
    if proposal is None or proposal.status is not Status.PROPOSED or proposal.author_id != turn.person.contact_id:
        return await pages.page(turn, change_id, note=t("That was no longer possible. This is how it stands:"))
    return turn.say(
        t("Shall your proposal be withdrawn? The question is then open again.")
        + f"\n\n{pages.in_short(turn, t, proposal)}",
        title=pages.title(t, proposal),
        buttons=(
            (pages.button(t("Yes, withdraw it"), "withdrawn", change_id),),
            (pages.button(t("No, leave it as it is"), "show", change_id),),
        ),
        instead=True,
    )


async def _withdraw(turn: Turn, change_id: int) -> Reply:
    t = turn.t
    done = await faq_changes.withdraw(turn.connection, change_id, turn.person.contact_id, turn.now)
    note = t("You withdrew the proposal.") if done else t("That was no longer possible. This is how it stands:")
    return await pages.page(turn, change_id, note=note)


async def _too_late(turn: Turn, change_id: int) -> Reply:
    """Why a decision didn't count, above how the proposal stands."""
    t = turn.t
    proposal = await faq_changes.find(turn.connection, change_id)
    if proposal is None:
        return await pages.page(turn, change_id)
    name = proposal.approver_name or t("Another editor")
    match proposal.status:
        case Status.PROPOSED:
            note = t("You wrote this proposal yourself, so a second editor must decide.") + " " + _how_to_invite(t)
        case Status.APPROVED:
            note = t("{name} has already approved it.", name=name)
        case Status.REJECTED:
            note = t("{name} has already rejected it.", name=name)
        case Status.WITHDRAWN:
            note = t("The author has withdrawn it.")
    return await pages.page(turn, change_id, note=note)


async def _tell_askers(turn: Turn, change_id: int) -> int:
    """Give the answer to everybody who wanted to be told, once; returns how many can be reached."""
    connection = turn.connection
    proposal = await faq_changes.find(connection, change_id)
    entry = pages.entry_of(turn, proposal) if proposal is not None else None
    if proposal is None or proposal.group_id is None or entry is None:
        return 0
    waiting = {each.contact_id: each.question for each in await wishes.waiting(connection, proposal.group_id)}
    told = await outbox.tell(
        connection,
        waiting,
        f"faq-answer:{change_id}",
        lambda person, t: pages.answer(t, entry, waiting[person.contact_id]),
        translators=turn.translators,
        now=turn.now,
    )
    await wishes.fulfilled(connection, proposal.group_id, turn.now)
    return len(told)


async def _tell_author(turn: Turn, change_id: int) -> None:
    proposal = await faq_changes.find(turn.connection, change_id)
    if proposal is None or proposal.author_id is None:
        return

    def write(author: Person) -> Reply:
        t = turn.translators.for_language(author.language)
        name = proposal.approver_name or t("Another editor")
        if proposal.status is Status.APPROVED:
            text = t("{name} approved your proposal. The answer is live within a minute.", name=name)
        else:
            text = t("{name} rejected your proposal, for this reason:", name=name) + "\n" + proposal.reason
        details = pages.button(t("Details"), "show", proposal.id)
        return Reply(
            f"{text}\n\n{pages.in_short(turn, t, proposal)}",
            t.language,
            title=pages.title(t, proposal),
            buttons=((details,),),
        )

    await outbox.notify(
        turn.connection,
        proposal.author_id,
        f"faq-decided:{change_id}",
        write,
        now=turn.now,
        about=turn.person.contact_id,
    )


def _problem(turn: Turn, proposal: Proposal) -> str:
    """Why it can't go live as it is; empty when it can."""
    t = turn.t
    change, entry = proposal.change, pages.entry_of(turn, proposal)
    if change is None or entry is None:
        return t("The answer that this belongs to is not there any more, so it can only be rejected.")
    if entry.agency not in turn.known.agencies:
        return t("The agency named in it is not there any more, so it can only be rejected.")
    if entry.valid_until < turn.today:
        return t("It is not valid any more since {date}, so it can only be rejected.", date=t.date(entry.valid_until))
    if isinstance(change, NewEntry):
        asked = {language: entry.text(language).question for language in Language}
    else:
        asked = {change.language: change.phrasing}
    for language, question in asked.items():
        if asked_for_already(turn.known, language, question) is not None:
            return t("«{question}» has an answer meanwhile, so this can only be rejected.", question=question)
    return ""


def _how_to_invite(t: Translator) -> str:
    return t("Whoever runs the program invites one with `python -m bot invite --role editor`.")


def _read(turn: Turn) -> dict[str, object]:
    dialog = turn.person.dialog
    return dict(dialog.data) if dialog is not None and dialog.kind == DIALOG else {}
