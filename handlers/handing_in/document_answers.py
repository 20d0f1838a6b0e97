"""The number and the date of the document that a report is."""

from __future__ import annotations

from datetime import date

from bot.messages import Reply
from bot.services.handing_in import questions, report_drafts
from bot.services.handing_in.questions import Question
from bot.services.reporting import report_texts
from handlers.handing_in import next_step, question_pages
from handlers.handing_in.hand_state import Open, State
from handlers.reporting import report_answers
from handlers.turn import Turn


async def typed(turn: Turn, there: Open, question: Question, state: State, text: str) -> Reply:
    """A number or a date: stored when it can be right, else asked again with the reason."""
    t = turn.t
    number, written, problem = "", None, ""
    if question.kind is questions.Kind.NUMBER:
        number = report_answers.document_number(text) or ""
        if not number:
            problem = t(
                "That does not look like a document number. "
                "It is a number, a slash and a sign, for example 05/BC-SCT or 12/BC-UBND."
            )
    else:
        written = report_answers.day(text, turn.today)
        problem = _wrong_day(turn, there, written)
    if problem:
        return await question_pages.ask(turn, there, question, state, problem)
    saved = await report_drafts.save_document(
        turn.connection,
        there.owed.id,
        turn.person.contact_id,
        number=number or None,
        written=written,
        now=turn.now,
    )
    return await next_step.went_on(turn, there, question, state, saved)


def _wrong_day(turn: Turn, there: Open, written: date | None) -> str:
    t, today = turn.t, turn.today
    if written is None:
        return t("That is not a date. Please write day, month and year, for example {date}.", date=f"{today:%d/%m/%Y}")
    if written > today:
        return t(
            "{date} is still to come. A document that was handed in can't be dated later than today.",
            date=t.date(written),
        )
    if report_answers.too_old(written, there.owed.period.start):
        return t(
            "{date} is too long ago for the period {period}. Please check the date.",
            date=t.date(written),
            period=report_texts.period(there.owed.period, t),
        )
    return ""
