"""Proposed answers as they are shown: the queue, one proposal, and what askers and editors are sent."""

from __future__ import annotations

from dataclasses import dataclass

from bot.i18n import Translator
from bot.messages import Button, Language, Reply
from bot.services.answering import answers
from bot.services.learning import faq_changes, question_groups
from bot.services.learning.faq_changes import Proposal, Status
from bot.services.learning.question_groups import Group, Said
from content.added import NewEntry
from content.model import Entry
from handlers.editing_answers import answer_pages, unanswered
from handlers.menu import MENU
from handlers.signing_up.form_pages import shortened
from handlers.turn import Turn

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Case:
    """A proposal with the questions that it came of, read once for everybody who is asked."""

    proposal: Proposal
    group: Group | None
    said: Said


async def page(turn: Turn, change_id: int, *, note: str = "") -> Reply:
    """One proposal with everything in it, and what can be done about it."""
    t = turn.t
    proposal = await faq_changes.find(turn.connection, change_id)
    if proposal is None:
        return turn.say(t("There is no such proposal."), buttons=(_to_queue(t),))
    case = await read_case(turn, proposal)
    lines = [*([note, ""] if note else []), _status(t, proposal), "", *_lines(turn, t, case)]
    actions = _actions(turn, proposal)
    return turn.say("\n".join(lines), title=title(t, proposal), buttons=(*actions, _to_queue(t)), instead=not note)


async def queue(turn: Turn, start: int) -> Reply:
    t = turn.t
    found, total = await faq_changes.waiting(turn.connection, offset=start, limit=AT_ONCE)
    if not found and start:
        return await queue(turn, 0)
    rows: list[tuple[Button, ...]] = [
        (button(shortened(f"{each.id}. {in_short(turn, t, each)}"), "show", each.id),) for each in found
    ]
    moves = []
    if start:
        moves.append(button(t("Previous"), "list", max(start - AT_ONCE, 0)))
    if start + AT_ONCE < total:
        moves.append(button(t("More"), "list", start + AT_ONCE))
    rows += [tuple(moves)] if moves else []
    if found:
        text = t("These proposals wait for a second editor, the oldest first. Choose one to read it and decide.")
    else:
        text = t("No proposal waits for approval. Whoever writes an answer sends it here.")
    last = (unanswered.to_list(t), Button(t("Menu"), MENU))
    return turn.say(text, title=t("To approve"), buttons=(*rows, last), instead=True)


def request(turn: Turn, t: Translator, case: Case) -> Reply:
    """What another editor is asked, with everything to decide it by."""
    return Reply(
        "\n".join(_lines(turn, t, case)),
        t.language,
        title=title(t, case.proposal),
        buttons=(_decide(t, case.proposal), _to_queue(t)),
    )


def answer(t: Translator, entry: Entry, question: str) -> Reply:
    """What somebody gets who wanted to be told."""
    answer = answers.answered(entry, t)
    asked = t("You wanted to be told when there is an answer to your question:") + f"\n«{question}»"
    return Reply(
        f"{asked}\n\n{answer.text}",
        t.language,
        title=answer.title,
        footnote=answer.footnote,
        buttons=((Button(t("Ask an officer"), "officer:ask"), Button(t("Menu"), MENU)),),
    )


async def read_case(turn: Turn, proposal: Proposal) -> Case:
    if proposal.group_id is None:
        return Case(proposal, None, Said((), ()))
    group = await question_groups.find(turn.connection, proposal.group_id)
    return Case(proposal, group, await question_groups.said(turn.connection, proposal.group_id))


def entry_of(turn: Turn, proposal: Proposal) -> Entry | None:
    """The answer that people get by the change."""
    change = proposal.change
    if isinstance(change, NewEntry):
        return change.entry
    return turn.known.entries.get(change.entry_id) if change is not None else None


def in_short(turn: Turn, t: Translator, proposal: Proposal) -> str:
    """What is proposed, in a line."""
    change, entry = proposal.change, entry_of(turn, proposal)
    if change is None or entry is None:
        return t("What was proposed can't be shown any more.")
    return entry.text(t.language).question if isinstance(change, NewEntry) else f"«{change.phrasing}»"


def title(t: Translator, proposal: Proposal) -> str:
    """What a proposal is called."""
    if isinstance(proposal.change, NewEntry):
        return t("Proposal No. {number}: a new answer", number=proposal.id)
    return t("Proposal No. {number}: another way to ask", number=proposal.id)


def _lines(turn: Turn, t: Translator, case: Case) -> list[str]:
    proposal = case.proposal
    lines = [
        t("Proposed by {name}, {time}", name=proposal.author_name or t("an editor"), time=t.moment(proposal.created_at))
    ]
    if case.group is not None:
        lines += ["", *unanswered.asked(t, case.group, case.said)]
    change, entry = proposal.change, entry_of(turn, proposal)
    if change is None or entry is None:
        return [*lines, "", t("What was proposed can't be shown any more.")]
    if isinstance(change, NewEntry):
        for language in Language:
            text = entry.text(language)
            heading = t("In Vietnamese:") if language is Language.VI else t("In English:")
            lines += ["", heading, text.question, text.short, *([text.more] if text.more else [])]
        return [*lines, "", *answer_pages.about(turn.in_language(t.language), entry)]
    text = entry.text(change.language)
    return [
        *lines,
        "",
        t("Whoever asks in these words shall get this answer:"),
        f"«{change.phrasing}»",
        "",
        text.question,
        text.short,
        answers.source_line(entry, t),
    ]


def _status(t: Translator, proposal: Proposal) -> str:
    name = proposal.approver_name or t("Another editor")
    when = t.moment(proposal.decided_at) if proposal.decided_at else ""
    match proposal.status:
        case Status.PROPOSED:
            return t("It waits for a second editor.")
        case Status.APPROVED:
            return t("Approved by {name}, {time}", name=name, time=when)
        case Status.REJECTED:
            return t("Rejected by {name}, {time}, for this reason:", name=name, time=when) + f"\n{proposal.reason}"
    return t("Withdrawn by the author, {time}", time=when)


def _actions(turn: Turn, proposal: Proposal) -> list[tuple[Button, ...]]:
    t = turn.t
    if proposal.status is Status.PROPOSED and proposal.author_id == turn.person.contact_id:
        return [(button(t("Withdraw the proposal"), "withdraw", proposal.id),)]
    if proposal.status is Status.PROPOSED:
        return [_decide(t, proposal)]
    if proposal.status is not Status.APPROVED and proposal.group_id is not None:
        return [(Button(t("Back to the question"), f"unanswered:show:{proposal.group_id}"),)]
    return []


def _decide(t: Translator, proposal: Proposal) -> tuple[Button, ...]:
    return (button(t("Approve"), "approve", proposal.id), button(t("Reject"), "reject", proposal.id))


def _to_queue(t: Translator) -> tuple[Button, ...]:
    return (button(t("To approve"), "list"), Button(t("Menu"), MENU))


def button(label: str, *action: str | int) -> Button:
    """A button of proposals: ``proposal:…``."""
    return Button(label, ":".join(["proposal", *map(str, action)]))
