"""Handing in a report in the chat: who is in the middle of one, and its buttons wherever the person is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Reply
from handlers import menu
from handlers.commands import number
from handlers.handing_in import hand_answers, hand_begin, hand_presses, hand_state, hand_submit, version_pages
from handlers.turn import Turn

# What the dialog of somebody was called who was asked for a document's number when this program was still young.
BEFORE = "report_submission"
STAYING = ("help", "unknown", "language", "cancel")


async def step_aside(turn: Turn) -> Turn:
    """The turn as everybody else should see it: who turns to something else leaves the report, whose draft stays."""
    ours = turn.press[:1] in (("hand",), ("language",), ("cancel",))
    if hand_state.read(turn) is None or ours or turn.command in STAYING or not (turn.command or turn.press):
        return turn
    await turn.end()
    return replace(turn, person=replace(turn.person, dialog=None))


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """Answers of somebody who writes a report, and the buttons ``hand:…``."""
    if turn.press[:1] == ("hand",):
        return await _pressed(turn)
    dialog, state = turn.person.dialog, hand_state.read(turn)
    if dialog is not None and dialog.kind == BEFORE and not (turn.command or turn.press):
        await turn.end()
        return await hand_begin.begin(turn, number(str(dialog.data.get("obligation", ""))), anyway=True)
    if state is None:
        return None
    if turn.command == "cancel" or turn.press[:1] == ("cancel",):
        return await _left(turn, state)
    if turn.command or turn.press:
        return await _meanwhile(turn, state)
    return await hand_answers.answered(turn, state)


async def _pressed(turn: Turn) -> Sequence[Reply] | None:
    match turn.press[1:]:
        case ("begin", obligation, *anyway):
            return await hand_begin.begin(turn, number(obligation), anyway=anyway == ["anyway"])
        case ("reopen", obligation):
            return await hand_begin.reopen(turn, number(obligation))
        case ("submit", obligation, revision):
            return [await hand_submit.submit(turn, number(obligation), number(revision))]
        case ("newest", obligation):
            return [await version_pages.newest(turn, number(obligation))]
        case ("version", submission):
            return [await version_pages.show(turn, number(submission))]
        case ("parts" | "changes" as verb, submission):
            return await version_pages.of_agency(turn, verb, number(submission))
        case ("file", submission, file):
            return await version_pages.of_agency(turn, "file", number(submission), number(file))
        case ("do", token, verb, *argument):
            state = hand_state.read(turn)
            if state is None:
                return [hand_begin.elsewhere(turn)]
            return await hand_presses.pressed(turn, state, token, verb, argument[0] if argument else "")
    return None


async def _left(turn: Turn, state: hand_state.State) -> Sequence[Reply]:
    there = await hand_state.load(turn, state.obligation)
    if isinstance(there, Reply):
        await turn.end()
        return [there]
    return [await hand_begin.later(turn, there)]


async def _meanwhile(turn: Turn, state: hand_state.State) -> Sequence[Reply] | None:
    """Help and a change of language in the middle of a report, which then goes on."""
    answered = await menu.handle(turn)
    if not answered:
        return None
    again = turn.in_language(answered[-1].language)
    if turn.command not in ("help", "unknown") and again.t.language is turn.t.language:
        return answered
    there = await hand_state.load(again, state.obligation)
    if isinstance(there, Reply):
        await turn.end()
        return [*answered, there]
    return [*answered, await hand_presses.show(again, there, state)]
