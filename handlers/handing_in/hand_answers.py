"""What somebody answers to a question of a report: read, stored at once, and the next question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.messages import IncomingFile, Kind, Reply
from bot.services.files import file_texts, files
from bot.services.handing_in import figure_texts, figures, questions, report_drafts
from bot.services.handing_in.figures import Problem
from bot.services.handing_in.questions import LONGEST_PART, Question
from handlers.handing_in import document_answers, hand_state, next_step, question_pages, table_answers, whole_pages
from handlers.handing_in.hand_state import LIST, WHOLE, Open, State
from handlers.turn import Turn


async def answered(turn: Turn, state: State) -> Sequence[Reply]:
    """A typed answer, a file, or something that is no answer."""
    there = await hand_state.load(turn, state.obligation)
    if isinstance(there, Reply):
        await turn.end()
        return [there]
    question = there.question(state.at)
    if question is None:
        return [await _on_a_page(turn, there, state)]
    if turn.incoming.kind is Kind.FILE and turn.incoming.file is not None:
        return [await _file(turn, there, question, state, turn.incoming.file)]
    if not turn.text:
        note = turn.t("Please answer by text or button.")
        return [await question_pages.ask(turn, there, question, state, note)]
    return [await _text(turn, there, question, state)]


async def _on_a_page(turn: Turn, there: Open, state: State) -> Reply:
    """Words while the whole report is shown, or a question that the duty no longer has."""
    t = turn.t
    if state.at == LIST:
        asked = questions.of(there.duty)
        typed = turn.text
        if typed.isascii() and typed.isdecimal() and len(typed) < 4 and 1 <= int(typed) <= len(asked):
            again = State(there.owed.id, LIST, whole=True)
            return await question_pages.ask(turn, there, asked[int(typed) - 1], again)
        note = t("Please type a number from 1 to {count}.", count=len(asked))
        return await whole_pages.choose(turn, there, 0, note)
    if state.at != WHOLE:
        return await whole_pages.whole(turn, there, t("This question is no longer asked."))
    return await whole_pages.whole(turn, there, t("Please choose one of the buttons, or type its text."))


async def _text(turn: Turn, there: Open, question: Question, state: State) -> Reply:
    match question.kind:
        case questions.Kind.FIGURE if question.indicator is not None:
            if question.indicator.kind == "table":
                return await table_answers.typed(turn, there, question, state)
            value = figures.read(question.indicator, turn.text, turn.t.language)
            if isinstance(value, Problem):
                return await question_pages.ask(turn, there, question, state, figure_texts.problem(value, turn.t))
            return await figure(turn, there, question, state, value)
        case questions.Kind.PART:
            return await _part(turn, there, question, state, turn.text)
        case questions.Kind.NUMBER | questions.Kind.DATE:
            return await document_answers.typed(turn, there, question, state, turn.text)
        case _:
            note = turn.t("A file is asked for here, and a text was received.")
            return await question_pages.ask(turn, there, question, state, note)


async def figure(turn: Turn, there: Open, question: Question, state: State, value: Any) -> Reply:
    """A value that was read: stored, unless it is so unlikely that the person is asked first."""
    t, indicator = turn.t, question.indicator
    if indicator is None:
        raise ValueError("only a figure has an indicator")
    found = figures.doubt(indicator, value, there.last.get(question.key))
    already = question.key in there.draft.sure and there.draft.figures.get(question.key) == value
    if found and not already:
        text = figure_texts.doubt(found, indicator, t)
        pending = {"value": value, "sure": True}
        return await question_pages.confirm(
            turn, there, question, state, text, yes=t("It is right"), no=t("Enter it again"), pending=pending
        )
    return await store(turn, there, question, state, value)


async def store(turn: Turn, there: Open, question: Question, state: State, value: Any, *, sure: bool = False) -> Reply:
    """Store a figure or a part, if nobody else has answered the question since it was asked here."""
    contact_id, key = turn.person.contact_id, question.key
    if question.kind is questions.Kind.PART:
        saved = await report_drafts.save_part(
            turn.connection, there.owed.id, contact_id, key, value, seen=state.seen, now=turn.now
        )
    else:
        saved = await report_drafts.save_figures(
            turn.connection,
            there.owed.id,
            contact_id,
            {key: value},
            sure=[key] if sure else [],
            seen={key: state.seen},
            now=turn.now,
        )
    return await next_step.went_on(turn, there, question, state, saved, value=value, sure=sure)


async def _part(turn: Turn, there: Open, question: Question, state: State, text: str) -> Reply:
    """One message more of a narrative part."""
    t = turn.t
    present = there.draft.parts.get(question.key)
    if isinstance(present, dict):
        ask = t("This part has been sent as the file «{name}». Shall the text take its place?", name=present["name"])
        return await question_pages.confirm(
            turn, there, question, state, ask, yes=t("Take the text"), no=t("Keep the file"), pending={"value": text}
        )
    if len(text) + len(present or "") > LONGEST_PART:
        note = t("This part would become too long: at most {limit} characters are possible. A longer one can be sent "
                 "as a file.", limit=t.number(LONGEST_PART))  # fmt: skip
        return await question_pages.ask(turn, there, question, state, note)
    saved = await report_drafts.add_text(
        turn.connection, there.owed.id, turn.person.contact_id, question.key, text, now=turn.now
    )
    again = await hand_state.after(turn, there, saved)
    if isinstance(again, Reply):
        return again
    note = t("Saved. Type on, or press “This part is done”.")
    return await question_pages.ask(turn, again, question, state, note)


async def _file(turn: Turn, there: Open, question: Question, state: State, file: IncomingFile) -> Reply:
    """A file, where one is wanted."""
    t, kind = turn.t, question.kind
    if kind not in (questions.Kind.PART, questions.Kind.FILE, questions.Kind.MORE):
        return await question_pages.ask(turn, there, question, state, t("No file is needed for this question."))
    if not file.path:
        return await question_pages.ask(turn, there, question, state, file_texts.problem(t, file))
    key: str | None = question.key
    if kind is questions.Kind.MORE:
        key = questions.free_place(there.draft.files)
    if key is None:
        note = t("At most {number} further files go with a report.", number=t.number(questions.MOST_MORE))
        return await question_pages.ask(turn, there, question, state, note)
    kept = await files.keep(turn.connection, turn.person, file, obligation_id=there.owed.id, field=key, now=turn.now)
    value = {"file": kept, "name": file.name, "size": file.size}
    if kind is questions.Kind.PART:
        if isinstance(there.draft.parts.get(key), str):
            ask = t("This part has been typed already. Shall the file «{name}» take its place?", name=file.name)
            return await question_pages.confirm(
                turn, there, question, state, ask, yes=t("Take the file"), no=t("Keep the text"),
                pending={"value": value},
            )  # fmt: skip
        return await store(turn, there, question, state, value)
    saved = await report_drafts.save_files(
        turn.connection, there.owed.id, turn.person.contact_id, {key: value}, now=turn.now
    )
    if kind is questions.Kind.MORE and saved is not None:
        note = t("Saved. Send another file, or press “That is all”.")
        return await question_pages.ask(turn, replace(there, draft=saved.draft), question, state, note)
    return await next_step.went_on(turn, there, question, state, saved)
