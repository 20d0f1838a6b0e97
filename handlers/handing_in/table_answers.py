"""A table of a report, row by row: a whole row (or several lines, as a sheet copies them) or cell by cell."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Reply
from bot.services.handing_in import figure_texts, figures, report_drafts
from bot.services.handing_in.draft_rows import mark
from bot.services.handing_in.figures import Problem
from bot.services.handing_in.questions import Question
from bot.services.handing_in.report_drafts import Saved
from content.duty_model import Indicator
from handlers.handing_in import hand_state, question_pages
from handlers.handing_in.hand_state import Open, State
from handlers.turn import Turn

SEPARATORS = (";", "|", "\t", "\n")


async def typed(turn: Turn, there: Open, question: Question, state: State) -> Reply:
    """Rows, or the next cell of a row."""
    indicator = _table(question)
    text = turn.incoming.text.strip("\n ")
    alone = len(indicator.columns) > 1 and not any(each in text for each in SEPARATORS)
    rows = figures.read_rows(indicator, text, turn.t.language)
    nothing = rows == [] and not there.draft.figures.get(question.key)
    if alone and not (nothing and not state.cells):
        return await _cell(turn, there, question, state, text)
    if isinstance(rows, Problem):
        return await question_pages.ask(turn, there, question, state, figure_texts.problem(rows, turn.t))
    return await add(turn, there, question, replace(state, cells=()), rows)


async def _cell(turn: Turn, there: Open, question: Question, state: State, text: str) -> Reply:
    indicator = _table(question)
    if text in figures.EMPTY_CELL:
        return await next_cell(turn, there, question, state, None)
    value = figures.read_cell(question_pages.next_column(indicator, state), text, turn.t.language)
    if isinstance(value, Problem):
        return await question_pages.ask(turn, there, question, state, figure_texts.problem(value, turn.t))
    return await next_cell(turn, there, question, state, value)


async def next_cell(turn: Turn, there: Open, question: Question, state: State, value: object) -> Reply:
    """A cell is filled or left empty; with the last of them the row is complete."""
    state = replace(state, cells=(*state.cells, value))
    if len(state.cells) >= len(_table(question).columns):
        return await complete(turn, there, question, state)
    return await question_pages.ask(turn, there, question, state)


async def complete(turn: Turn, there: Open, question: Question, state: State) -> Reply:
    """Put the row that was begun under the others."""
    row = question_pages.begun_row(_table(question), state)
    return await add(turn, there, question, replace(state, cells=()), [row] if row else [])


async def add(turn: Turn, there: Open, question: Question, state: State, rows: list[dict[str, object]]) -> Reply:
    """Store rows; the table goes on until somebody says that it is complete."""
    t, indicator = turn.t, _table(question)
    present = there.draft.figures.get(question.key) or []
    if len(present) + len(rows) > indicator.most_rows:
        note = t.plural(
            "At most {number} row is possible here. Please put the smaller ones together.",
            "At most {number} rows are possible here. Please put the smaller ones together.",
            indicator.most_rows,
        )
        return await question_pages.ask(turn, there, question, state, note)
    saved = await report_drafts.add_rows(
        turn.connection, there.owed.id, turn.person.contact_id, question.key, rows, now=turn.now
    )
    return await _again(turn, there, question, state, saved, t("Saved.") if rows else "")


async def remove(turn: Turn, there: Open, question: Question, state: State, place: int) -> Reply:
    """Take a row out, if the table is still as it was shown."""
    rows = there.draft.figures.get(question.key) or []
    if not 0 <= place < len(rows) or mark(rows) != state.seen:
        return await question_pages.ask(turn, there, question, state, turn.t("The table has changed meanwhile."))
    saved = await report_drafts.save_figures(
        turn.connection,
        there.owed.id,
        turn.person.contact_id,
        {question.key: [*rows[:place], *rows[place + 1 :]] or None},
        seen={question.key: state.seen},
        now=turn.now,
    )
    return await _again(turn, there, question, state, saved, turn.t("The row has been removed."))


async def _again(turn: Turn, there: Open, question: Question, state: State, saved: Saved | None, note: str) -> Reply:
    again = await hand_state.after(turn, there, saved)
    if isinstance(again, Reply):
        return again
    return await question_pages.ask(turn, again, question, state, note)


def _table(question: Question) -> Indicator:
    if question.indicator is None:
        raise ValueError("only a figure is a table")
    return question.indicator
