"""After an answer was stored: the next question, the whole report, or what a colleague wrote meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.i18n import Translator
from bot.messages import Reply
from bot.services.handing_in import figure_texts, questions, version_texts
from bot.services.handing_in.questions import Question
from bot.services.handing_in.report_drafts import Saved
from bot.services.reporting import report_texts
from handlers.handing_in import hand_state, question_pages, whole_pages
from handlers.handing_in.hand_state import Open, State
from handlers.turn import Turn

LONGEST_ECHO = 300


async def went_on(
    turn: Turn,
    there: Open,
    question: Question,
    state: State,
    saved: Saved | None,
    *,
    value: Any = None,
    sure: bool = False,
) -> Reply:
    """After storing: the next question; or what a colleague wrote meanwhile."""
    again = await hand_state.after(turn, there, saved)
    if isinstance(again, Reply):
        return again
    if saved is not None and saved.clash:
        return await _clash(turn, again, question, state, value, sure=sure)
    stored = question_pages.shown_answer(turn, again, question, LONGEST_ECHO)
    note = turn.t("Saved: {answer}", answer=stored) if stored else ""
    return await next_question(turn, again, question, state, note)


async def next_question(turn: Turn, there: Open, question: Question, state: State, note: str = "") -> Reply:
    """The question after this one, or the whole report after the last."""
    following = None if state.whole else questions.after(there.duty, question.key)
    if following is None:
        return await whole_pages.whole(turn, there, note)
    return await question_pages.ask(turn, there, following, State(there.owed.id, following.key), note)


async def _clash(turn: Turn, there: Open, question: Question, state: State, value: Any, *, sure: bool) -> Reply:
    """A colleague answered the same question while it stood open here: whose answer shall count?"""
    t = turn.t
    theirs = question_pages.shown_answer(turn, there, question, question_pages.LONGEST_SO_FAR) or t("(not given)")
    deed = there.draft.authors.get(question.key)
    name = report_texts.who(deed, turn.person.contact_id, t) if deed else t("a focal point of the agency")
    mine = figure_texts.value(question.indicator, value, t) if question.indicator else _part(value, t)
    text = t("{name} has just answered this question: {theirs}\n\nYour answer: {mine}\n\nShall yours take its place?",
             name=name, theirs=theirs, mine=mine)  # fmt: skip
    pending = {"value": value, "sure": sure}
    return await question_pages.confirm(
        turn, there, question, state, text, yes=t("Take mine"), no=t("Keep theirs"), pending=pending
    )


def _part(value: Any, t: Translator) -> str:
    if isinstance(value, Mapping):
        return version_texts.file(value, t)
    return report_texts.shortened(str(value), question_pages.LONGEST_SO_FAR) if value else t("(not given)")
