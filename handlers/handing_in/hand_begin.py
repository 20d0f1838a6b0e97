"""The ways into a report and out of it: begin or go on, correct what was handed in, leave, throw the draft away."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.handing_in import questions, report_drafts, versions
from bot.services.handing_in.draft_rows import Draft
from bot.services.reporting import obligations, report_texts
from bot.services.reporting.statuses import Status
from handlers.handing_in import hand_state, question_pages, whole_pages
from handlers.handing_in.hand_state import DIALOG, Open, State
from handlers.menu import MENU
from handlers.reporting import report_pages
from handlers.turn import Turn


async def begin(turn: Turn, obligation_id: int, *, anyway: bool) -> Sequence[Reply]:
    """Go on with the agency's draft, or begin it; what was returned begins with what was handed in."""
    there = await hand_state.load(turn, obligation_id)
    if isinstance(there, Reply):
        return [there]
    warning = (
        None if anyway else report_pages.busy(turn, f"hand:begin:{obligation_id}:anyway", DIALOG, *report_pages.DIALOGS)
    )
    if warning:
        return [warning]
    await obligations.opened(turn.connection, there.owed, contact_id=turn.person.contact_id, now=turn.now)
    note = await _introduction(turn, there)
    question = questions.where_to_go_on(there.duty, there.draft)
    if question is None or there.owed.status is Status.RETURNED:
        return [await whole_pages.whole(turn, there, note)]
    return [await question_pages.ask(turn, there, question, State(there.owed.id, question.key), note)]


async def reopen(turn: Turn, obligation_id: int) -> Sequence[Reply]:
    """Correct what waits for review: it stays handed in until the correction is."""
    await report_drafts.reopen(turn.connection, obligation_id, turn.person.contact_id, now=turn.now)
    return await begin(turn, obligation_id, anyway=True)


async def _introduction(turn: Turn, there: Open) -> str:
    """What has happened so far: who wrote what, what was returned and why."""
    t, draft = turn.t, there.draft
    if there.owed.status is Status.RETURNED and not draft.revision:
        return await _remarks(turn, there)
    if draft.changed is None:
        count = len(questions.of(there.duty))
        return t.plural(
            "There is {number} question. Every answer is saved at once; you or a colleague can go on any time.",
            "There are {number} questions. Every answer is saved at once; you or a colleague can go on any time.",
            count,
        )
    answered = sum(questions.answered(each, draft) for each in questions.of(there.duty))
    lines = [
        t(
            "Your agency's draft: {answered} of {all} questions answered.",
            answered=answered,
            all=len(questions.of(there.duty)),
        ),
        *_who_wrote(turn, draft),
    ]
    if there.owed.status is Status.RETURNED:
        lines.append(await _remarks(turn, there))
    if there.owed.status is Status.SUBMITTED:
        lines.append(t("What was handed in stays as it is until you hand in this correction."))
    return "\n".join(lines)


def _who_wrote(turn: Turn, draft: Draft) -> list[str]:
    """How many answers each colleague gave, and when the last."""
    t = turn.t
    by_person: dict[int | None, list[str]] = {}
    for key, deed in draft.authors.items():
        by_person.setdefault(deed.contact_id, []).append(key)
    lines = []
    for keys in by_person.values():
        deeds = [draft.authors[key] for key in keys]
        last = max(deeds, key=lambda deed: deed.at)
        lines.append(
            t.plural(
                "- {name}: {number} answer, at {when}",
                "- {name}: {number} answers, the last at {when}",
                len(keys),
                name=report_texts.who(last, turn.person.contact_id, t),
                when=t.moment(last.at),
            )
        )
    return lines


async def _remarks(turn: Turn, there: Open) -> str:
    t = turn.t
    said = await versions.verdicts(turn.connection, there.owed.id)
    lines = [t("Remarks: {remarks}", remarks=said[-1].remarks)] if said else []
    if there.owed.correct_by:
        lines.append(t("Please correct it by {date}.", date=t.date(there.owed.correct_by)))
    return "\n".join(lines)


async def later(turn: Turn, there: Open) -> Reply:
    """Leave: the draft stays."""
    t = turn.t
    await turn.end()
    answered = sum(questions.answered(each, there.draft) for each in questions.of(there.duty))
    text = t(
        "Saved: {answered} of {all} questions answered. You or another focal point of your agency can go on any time.",
        answered=answered,
        all=len(questions.of(there.duty)),
    )
    return turn.say(
        text,
        title=report_texts.title(there.owed, turn.known, t),
        buttons=(
            (Button(t("Go on with the report"), f"hand:begin:{there.owed.id}"),),
            (Button(t("All reports"), "do:reports"), Button(t("Menu"), MENU)),
        ),
    )


async def drop(turn: Turn, there: Open) -> Reply:
    """Throw the draft away."""
    await turn.end()
    await report_drafts.discard(turn.connection, there.owed.id, turn.person.contact_id)
    return await report_pages.page(turn, there.owed, turn.t("The draft has been deleted."))


def elsewhere(turn: Turn) -> Reply:
    """A button of a report that the person is no longer at."""
    t = turn.t
    return turn.say(
        t("You are not writing a report at the moment. What was written is saved; open the report to go on."),
        buttons=((Button(t("All reports"), "do:reports"), Button(t("Menu"), MENU)),),
    )
