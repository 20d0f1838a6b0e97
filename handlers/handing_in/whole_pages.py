"""The whole report before it is handed in: every answer, what is missing, what looks unlikely."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.handing_in import figure_texts, figures, questions, version_texts
from bot.services.handing_in.questions import Question
from bot.services.reporting import report_texts
from handlers.handing_in import hand_state, question_pages
from handlers.handing_in.hand_state import LIST, WHOLE, Open, State, button
from handlers.turn import Turn

AT_ONCE = 8
SHORT_TEXT = 200


async def whole(turn: Turn, there: Open, note: str = "") -> Reply:
    """Everything, with what can be done: hand in, change, go on later."""
    t = turn.t
    state = State(there.owed.id, WHOLE, choosing=True)
    await hand_state.remember(turn, state)
    open_ = questions.missing(there.duty, there.draft)
    lines = [note, ""] if note else []
    lines.append(there.owed.agency.in_language(t.language))
    lines.append(t("Period: {period}", period=report_texts.period(there.owed.period, t)))
    lines += _answers(turn, there)
    lines += _doubts(turn, there)
    rows: list[tuple[Button, ...]] = []
    if open_:
        lines += ["", t.plural("{number} answer is still needed.", "{number} answers are still needed.", len(open_))]
        rows.append((button(t("Go on answering"), state, "missing"),))
    else:
        lines += ["", t("Everything that is needed is there. Please read it once more, then hand it in.")]
        rows.append((button(t("Hand in this report"), state, "check"),))
    rows.append((button(t("Change an answer"), state, "list", 0), button(t("Save and go on later"), state, "later")))
    forms = Button(t("Word and Excel forms"), f"paper:forms:{there.owed.id}")
    rows.append((forms, button(t("Delete the draft"), state, "drop")))
    return turn.say("\n".join(lines), title=report_texts.title(there.owed, turn.known, t), buttons=tuple(rows))


def _answers(turn: Turn, there: Open) -> list[str]:
    """Each question with its answer, numbered as they are asked."""
    t = turn.t
    lines: list[str] = []
    heading = ""
    for place, question in enumerate(questions.of(there.duty), start=1):
        title = question.group.title.in_language(t.language) if question.group else ""
        if title != heading or place == 1:
            lines += ["", title] if title else [""]
        heading = title
        lines.append(f"{place}) {question_pages.label(turn, question)}: {_answer(turn, there, question)}")
    return lines


def _answer(turn: Turn, there: Open, question: Question) -> str:
    t = turn.t
    shown = question_pages.shown_answer(turn, there, question, SHORT_TEXT)
    if not shown:
        return t("(still needed)") if question.required else t("(not given)")
    if question.section is not None:
        shown = " ".join(shown.split())
    if question.indicator is not None:
        value = there.draft.figures[question.key]
        compared = version_texts.compare(question.indicator, value, there.last.get(question.key), t)
        shown = f"{shown} {compared}" if compared else shown
    deed = there.draft.authors.get(question.key)
    if deed is None or deed.contact_id == turn.person.contact_id:
        return shown
    return t("{answer} [{name}]", answer=shown, name=report_texts.who(deed, turn.person.contact_id, t))


def _doubts(turn: Turn, there: Open) -> list[str]:
    """Unlikely figures that nobody has confirmed, as from a workbook that was taken over."""
    t = turn.t
    found = [
        each
        for each in figures.doubts(there.duty, figures.usable(there.duty, there.draft.figures), there.last)
        if each.key not in there.draft.sure
    ]
    if not found:
        return []
    known = there.duty.figures
    return ["", t("Please check:"), *(
        f"- {known[each.key].label.in_language(t.language)}: {figure_texts.doubt(each, known[each.key], t)}"
        for each in found
    )]  # fmt: skip


async def choose(turn: Turn, there: Open, start: int, note: str = "") -> Reply:
    """A list of all questions, to change one; its number can be typed too, also of one on another page."""
    t = turn.t
    asked = questions.of(there.duty)
    start = start if 0 <= start < len(asked) else 0
    state = State(there.owed.id, LIST)
    await hand_state.remember(turn, state)
    rows: list[tuple[Button, ...]] = [
        (button(report_texts.shortened(f"{place + 1}. {question_pages.label(turn, question)}"), state, "jump", place),)
        for place, question in enumerate(asked[start : start + AT_ONCE], start=start)
    ]
    turning = [button(t("Previous"), state, "list", max(0, start - AT_ONCE))] if start else []
    if len(asked) > start + AT_ONCE:
        turning.append(button(t("More"), state, "list", start + AT_ONCE))
    rows += [tuple(turning)] if turning else []
    rows.append((button(t("Whole report"), state, "whole"),))
    text = t("Which answer shall be changed? Choose it, or type its number from 1 to {count}.", count=len(asked))
    return turn.say(
        f"{note}\n\n{text}" if note else text,
        title=report_texts.title(there.owed, turn.known, t),
        buttons=tuple(rows),
        instead=True,
    )


async def last_question(turn: Turn, there: Open) -> Reply:
    """Shall it be handed in."""
    t = turn.t
    state = State(there.owed.id, WHOLE, choosing=True)
    await hand_state.remember(turn, state)
    day = there.draft.document_date
    lines = [
        report_texts.title(there.owed, turn.known, t),
        there.owed.agency.in_language(t.language),
        t("Period: {period}", period=report_texts.period(there.owed.period, t)),
        t(
            "Document: {number} of {date}",
            number=there.draft.document_number,
            date=t.short_date(day) if day else "",
        ),
        report_texts.recipients(there.owed, turn.known, t),
        *_doubts(turn, there),
        *_early(turn, there),
        "",
        t("Hand in this report? It can be corrected until the receiving agency has accepted it.")
        if there.duty.reviewers
        else t("Hand in this report? This can't be undone here."),
    ]
    return turn.say(
        "\n".join(lines),
        title=t("Handing in the report"),
        buttons=(
            (Button(t("Confirm"), f"hand:submit:{there.owed.id}:{there.draft.revision}"),),
            (button(t("Back"), state, "whole"), button(t("Save and go on later"), state, "later")),
        ),
    )


def _early(turn: Turn, there: Open) -> list[str]:
    """A word of caution while the period that the figures are of goes on."""
    end = there.owed.period.end
    if not turn.today <= end < there.owed.due_on:
        return []
    return ["", turn.t("The data period ends only on {date}: the figures may still change.", date=turn.t.date(end))]


async def delete(turn: Turn, there: Open) -> Reply:
    """Shall the draft be thrown away."""
    t = turn.t
    state = State(there.owed.id, WHOLE, choosing=True)
    await hand_state.remember(turn, state)
    text = t("Delete everything your agency has written of this report? What was handed in before stays.")
    return turn.say(
        text,
        title=report_texts.title(there.owed, turn.known, t),
        buttons=((button(t("Delete"), state, "dropped"), button(t("Back"), state, "whole")),),
    )
