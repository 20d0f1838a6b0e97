"""The buttons under a question and under the whole report. They work once, while theirs is the last page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.messages import Reply
from bot.services.handing_in import questions, report_drafts
from bot.services.handing_in.questions import Kind, Question
from handlers.handing_in import (
    document_answers,
    hand_answers,
    hand_begin,
    hand_state,
    next_step,
    question_pages,
    table_answers,
    whole_pages,
)
from handlers.handing_in.hand_state import LIST, WHOLE, Open, State
from handlers.turn import Turn


async def pressed(turn: Turn, state: State, token: str, verb: str, argument: str) -> Sequence[Reply]:
    """One of these buttons; an older one only shows where the person is now."""
    there = await hand_state.load(turn, state.obligation)
    if isinstance(there, Reply):
        await turn.end()
        return [there]
    if token != state.token:
        return [
            await show(turn, there, state, turn.t("This button belongs to an earlier step. This is where you are now:"))
        ]
    place = int(argument) if argument.isascii() and argument.isdecimal() and len(argument) < 4 else -1
    general = await _anywhere(turn, there, state, verb, place)
    if general is not None:
        return [general]
    question = there.question(state.at)
    if question is None:
        return [await show(turn, there, state)]
    return [await _of_question(turn, there, question, state, verb, place)]


async def show(turn: Turn, there: Open, state: State, note: str = "") -> Reply:
    """The page the person is at, once more."""
    question = there.question(state.at)
    if question is not None:
        return await question_pages.ask(turn, there, question, state, note)
    if state.at == LIST:
        return await whole_pages.choose(turn, there, 0, note)
    return await whole_pages.whole(turn, there, note)


async def _anywhere(turn: Turn, there: Open, state: State, verb: str, place: int) -> Reply | None:
    """The buttons that are no answers."""
    asked = questions.of(there.duty)
    match verb:
        case "later":
            return await hand_begin.later(turn, there)
        case "whole":
            return await whole_pages.whole(turn, there)
        case "list":
            return await whole_pages.choose(turn, there, place)
        case "jump" if 0 <= place < len(asked):
            return await question_pages.ask(turn, there, asked[place], State(there.owed.id, LIST, whole=True))
        case "missing":
            open_ = questions.missing(there.duty, there.draft)
            if not open_:
                return await whole_pages.whole(turn, there)
            return await question_pages.ask(turn, there, open_[0], State(there.owed.id, WHOLE))
        case "check":
            complete = not questions.missing(there.duty, there.draft)
            return await (whole_pages.last_question if complete else whole_pages.whole)(turn, there)
        case "drop":
            return await whole_pages.delete(turn, there)
        case "dropped" if state.at == WHOLE:
            return await hand_begin.drop(turn, there)
    return None


async def _of_question(turn: Turn, there: Open, question: Question, state: State, verb: str, place: int) -> Reply:
    """The buttons that answer a question, or leave it."""
    indicator = question.indicator
    if indicator is not None and indicator.kind == "table":
        reply = await _of_table(turn, there, question, state, verb, place)
        if reply is not None:
            return reply
    match verb:
        case "back":
            return await _back(turn, there, question, state)
        case "next" if not question.required or questions.answered(question, there.draft):
            return await next_step.next_question(turn, there, question, state)
        case "yes" if isinstance(state.pending, dict):
            return await hand_answers.store(
                turn, there, question, state, state.pending["value"], sure=state.pending.get("sure") is True
            )
        case "choose" if indicator is not None and 0 <= place < len(indicator.choices):
            return await hand_answers.figure(turn, there, question, state, indicator.choices[place].value)
        case "today" if question.kind is Kind.DATE:
            today: date = turn.today
            return await document_answers.typed(turn, there, question, state, today.isoformat())
        case "clear" if question.kind in (Kind.PART, Kind.FILE, Kind.MORE):
            return await _clear(turn, there, question, state)
    return await question_pages.ask(turn, there, question, replace(state, cells=()))


async def _of_table(turn: Turn, there: Open, question: Question, state: State, verb: str, place: int) -> Reply | None:
    """The buttons that only a table has."""
    match verb:
        case "none":
            return await hand_answers.store(turn, there, question, state, [])
        case "rows":
            return await question_pages.remove_row(turn, there, question, state)
        case "remove":
            return await table_answers.remove(turn, there, question, state, place)
        case "empty" if state.cells:
            return await table_answers.next_cell(turn, there, question, state, None)
        case "row" if state.cells:
            return await table_answers.complete(turn, there, question, state)
    return None


async def _back(turn: Turn, there: Open, question: Question, state: State) -> Reply:
    """One step back: out of a row, to the question before, or to the whole report."""
    if state.cells:
        again = State(there.owed.id, question.key, whole=state.whole)
        return await question_pages.ask(turn, there, question, again)
    asked = questions.of(there.duty)
    place = asked.index(question)
    if state.whole or not place:
        return await whole_pages.whole(turn, there)
    before = asked[place - 1]
    return await question_pages.ask(turn, there, before, State(there.owed.id, before.key))


async def _clear(turn: Turn, there: Open, question: Question, state: State) -> Reply:
    """Take a part or files out, to give them anew."""
    contact_id = turn.person.contact_id
    if question.kind is Kind.PART:
        saved = await report_drafts.save_part(
            turn.connection, there.owed.id, contact_id, question.key, None, seen=state.seen, now=turn.now
        )
    else:
        keys = [question.key] if question.kind is Kind.FILE else list(questions.more(there.draft.files))
        saved = await report_drafts.save_files(
            turn.connection, there.owed.id, contact_id, dict.fromkeys(keys), now=turn.now
        )
    again = await hand_state.after(turn, there, saved)
    if isinstance(again, Reply):
        return again
    return await question_pages.ask(turn, again, question, State(there.owed.id, question.key, whole=state.whole))
