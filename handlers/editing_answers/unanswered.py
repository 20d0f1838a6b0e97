"""Questions without a good answer, as editors see them: the list, one group, and putting one aside."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n import Translator
from bot.messages import Button, Language, Reply
from bot.services.learning import faq_changes, question_groups
from bot.services.learning.question_groups import Group, Said, Status
from handlers.commands import number
from handlers.editing_answers.answer_draft import Draft
from handlers.menu import MENU
from handlers.signing_up.form_pages import shortened
from handlers.turn import Turn

AT_ONCE = 8
LIST = "unanswered:page:0"


async def act(turn: Turn, draft: Draft | None, verb: str, argument: str) -> Sequence[Reply]:
    """A button of the list or of a group. Whoever gets here is an editor; ``draft`` is an unfinished answer."""
    match verb:
        case "show":
            return [await page(turn, number(argument), draft=draft)]
        case "dismiss":
            return [await _ask_to_dismiss(turn, number(argument))]
        case "dismissed":
            return [await _change(turn, number(argument), Status.OPEN, Status.DISMISSED)]
        case "restore":
            return [await _change(turn, number(argument), Status.DISMISSED, Status.OPEN)]
    return [await _list(turn, draft, number(argument))]


async def page(turn: Turn, group_id: int, *, draft: Draft | None = None, note: str = "") -> Reply:
    """One group: what was asked, what the bot said, and what can be done about it."""
    t = turn.t
    group = await question_groups.find(turn.connection, group_id)
    if group is None:
        return turn.say(t("There is no such question any more."), buttons=((to_list(t), Button(t("Menu"), MENU)),))
    said = await question_groups.said(turn.connection, group.id)
    lines = [note, ""] if note else []
    lines += [*asked(t, group, said), "", *_answers(turn, said), "", await _status(turn, group)]
    return turn.say(
        "\n".join(lines).strip(),
        title=shortened(group.sample),
        buttons=(*await _actions(turn, group, draft), (to_list(t), Button(t("Menu"), MENU))),
        instead=not note,
    )


def asked(t: Translator, group: Group, said: Said) -> list[str]:
    """How often and how it was asked."""
    spoken = t("in Vietnamese") if group.language is Language.VI else t("in English")
    return [
        t.plural("Asked {number} time, {spoken}", "Asked {number} times, {spoken}", group.count, spoken=spoken)
        + ", "
        + t("last on {date}", date=t.short_date(group.last_at.astimezone(t.zone))),
        t("What people wrote:"),
        *(f"- {wording}" for wording in said.wordings or (group.sample,)),
    ]


def to_list(t: Translator) -> Button:
    """Back to all groups."""
    return Button(t("Unanswered questions"), LIST)


async def _list(turn: Turn, draft: Draft | None, start: int) -> Reply:
    t, connection = turn.t, turn.connection
    await question_groups.gather(connection, turn.known, turn.now)
    found, total = await question_groups.top(connection, offset=start, limit=AT_ONCE)
    if not found and start:
        return await _list(turn, draft, 0)
    _, waiting = await faq_changes.waiting(connection, limit=1)
    last = (
        Button(t("To approve ({number})", number=t.number(waiting)), "proposal:list"),
        Button(t("Menu"), MENU),
    )
    rows: list[tuple[Button, ...]] = [(Button(_label(t, each), f"unanswered:show:{each.id}"),) for each in found]
    if draft is not None:
        rows.insert(0, (Button(t("Go on with the unfinished answer"), "answer:continue"),))
    moves = []
    if start:
        moves.append(Button(t("Previous"), f"unanswered:page:{max(start - AT_ONCE, 0)}"))
    if start + AT_ONCE < total:
        moves.append(Button(t("More"), f"unanswered:page:{start + AT_ONCE}"))
    if found:
        text = t.plural(
            "There is {number} question without a good answer. Choose it to write an answer.",
            "There are {number} questions without a good answer, the most frequent first. "
            "Choose one to write an answer or to attach it to one that is there.",
            total,
        )
    else:
        text = t(
            "Every question has an answer at the moment. What the assistant can't answer, "
            "and answers that people find wrong, appear here within a minute."
        )
    rows += [tuple(moves)] if moves else []
    return turn.say(text, title=t("Unanswered questions"), buttons=(*rows, last), instead=True)


def _label(t: Translator, group: Group) -> str:
    day = t.short_date(group.last_at.astimezone(t.zone))
    return f"{t.number(group.count)} × {shortened(' '.join(group.sample.split()), 48)} ({day})"


def _answers(turn: Turn, said: Said) -> list[str]:
    t = turn.t
    known = [turn.known.entries[each] for each in said.voted_down if each in turn.known.entries]
    if not known:
        return [t("The assistant had no answer, or only suggested other questions.")]
    return [
        t("The assistant answered, and people found that wrong:"),
        *(f"- {entry.text(t.language).question}\n  {entry.text(t.language).short}" for entry in known),
    ]


async def _status(turn: Turn, group: Group) -> str:
    t = turn.t
    match group.status:
        case Status.PROPOSED:
            return t("An answer has been proposed and waits for a second editor.")
        case Status.ANSWERED:
            return t("This question has been answered.")
        case Status.DISMISSED:
            return t("This question was put aside. What is like it does not appear in the list.")
    return t("Write an answer, or attach the question to an answer that is there.")


async def _actions(turn: Turn, group: Group, draft: Draft | None) -> list[tuple[Button, ...]]:
    t = turn.t
    if group.status is Status.DISMISSED:
        return [(Button(t("Put it back on the list"), f"unanswered:restore:{group.id}"),)]
    if group.status is not Status.OPEN:
        wanted = faq_changes.Status.PROPOSED if group.status is Status.PROPOSED else faq_changes.Status.APPROVED
        change = await faq_changes.of_group(turn.connection, group.id, wanted)
        return [(Button(t("See the proposal"), f"proposal:show:{change.id}"),)] if change else []
    write = Button(t("Write an answer"), f"answer:begin:{group.id}")
    if draft is not None and draft.group_id == group.id:
        write = Button(t("Go on with the unfinished answer"), "answer:continue")
    return [
        (write,),
        (Button(t("Attach to an answer that is there"), f"attach:begin:{group.id}"),),
        (Button(t("Put aside"), f"unanswered:dismiss:{group.id}"),),
    ]


async def _ask_to_dismiss(turn: Turn, group_id: int) -> Reply:
    t = turn.t
    group = await question_groups.find(turn.connection, group_id)
    if group is None or group.status is not Status.OPEN:
        return await page(turn, group_id)
    return turn.say(
        t(
            "Shall this question be put aside without an answer? It leaves the list, also when it is asked again. "
            "Whoever waits for an answer gets none."
        )
        + f"\n\n«{group.sample}»",
        buttons=(
            (Button(t("Yes, put it aside"), f"unanswered:dismissed:{group.id}"),),
            (Button(t("No, leave it as it is"), f"unanswered:show:{group.id}"),),
        ),
        instead=True,
    )


async def _change(turn: Turn, group_id: int, before: Status, after: Status) -> Reply:
    t = turn.t
    if not await question_groups.change(turn.connection, group_id, before, after):
        return await page(turn, group_id, note=t("That was no longer possible. This is how it stands:"))
    note = t("It has been put aside.") if after is Status.DISMISSED else t("It is on the list again.")
    return await page(turn, group_id, note=note)
