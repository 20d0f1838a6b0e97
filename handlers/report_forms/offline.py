"""Reports written outside of the chat: the Word and Excel forms go out, and what comes back is taken over.

A form is recognised by its mark, so it can also be sent while its report is being written in the chat.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.messages import Kind, Reply
from bot.services.files.file_names import claimed
from bot.services.files.kinds import Found
from bot.services.handing_in import questions
from bot.services.reporting import obligations
from bot.services.reporting.statuses import OWED
from handlers.commands import number
from handlers.handing_in import hand_state, whole_pages
from handlers.handing_in.hand_state import Open
from handlers.report_forms import offline_forms, offline_pages, offline_reading
from handlers.report_forms.offline_pages import Waiting
from handlers.reporting import report_pages
from handlers.turn import Turn

DIALOG = offline_pages.DIALOG
STAYING = ("help", "unknown", "language", "cancel")
FORMS = (Found.XLSX.value, Found.DOCX.value)
# Questions that a file answers: there a form may be meant as it is.
TAKES_A_FILE = (questions.Kind.FILE, questions.Kind.MORE)


async def step_aside(turn: Turn) -> Turn:
    """The turn as everybody else should see it: who turns to something else no longer sends a form."""
    dialog = turn.person.dialog
    ours = turn.press[:1] in (("paper",), ("language",), ("cancel",))
    if dialog is None or dialog.kind != DIALOG:
        return turn
    if ours or turn.command in STAYING or not (turn.command or turn.press):
        return turn
    await turn.end()
    return replace(turn, person=replace(turn.person, dialog=None))


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The buttons ``paper:…``, and files from whoever was asked for one or writes the report it belongs to."""
    if turn.press[:1] == ("paper",):
        reply = await _pressed(turn)
        return None if reply is None else [reply]
    waiting = offline_pages.read(turn)
    if waiting is not None:
        reply = await _answered(turn, waiting)
        return None if reply is None else [reply]
    if turn.incoming.kind is Kind.FILE and turn.person.dialog is None:
        return await _sent_out_of_the_blue(turn)
    return await _sent_while_writing(turn)


async def _pressed(turn: Turn) -> Reply | None:
    match turn.press[1:]:
        case ("forms", obligation):
            return await _with(turn, number(obligation), offline_pages.forms)
        case ("docx", obligation):
            return await _with(turn, number(obligation), offline_forms.paper)
        case ("xlsx", obligation):
            return await _with(turn, number(obligation), offline_forms.workbook)
        case ("send", obligation, *anyway):
            return await _ask(turn, number(obligation), anyway=anyway == ["anyway"])
        case ("yes", obligation, token):
            return await _confirmed(turn, number(obligation), token)
        case ("back", obligation):
            return await _back(turn, number(obligation))
    return None


async def _with(turn: Turn, obligation_id: int, show: Callable[[Turn, Open], Awaitable[Reply]]) -> Reply:
    there = await hand_state.load(turn, obligation_id)
    return there if isinstance(there, Reply) else await show(turn, there)


async def _ask(turn: Turn, obligation_id: int, *, anyway: bool) -> Reply:
    there = await hand_state.load(turn, obligation_id)
    if isinstance(there, Reply):
        return there
    own = (DIALOG, hand_state.DIALOG, *report_pages.DIALOGS)
    warning = None if anyway else report_pages.busy(turn, f"paper:send:{obligation_id}:anyway", *own)
    return warning or await offline_pages.ask(turn, there)


async def _confirmed(turn: Turn, obligation_id: int, token: str) -> Reply:
    there = await hand_state.load(turn, obligation_id)
    if isinstance(there, Reply):
        return there
    waiting = offline_pages.read(turn)
    if waiting is None or waiting.obligation != obligation_id or not waiting.token or waiting.token != token:
        return await _to_report(
            turn, there, turn.t("This file has been taken over already, or another one came since.")
        )
    return await offline_reading.confirmed(turn, there, waiting)


async def _back(turn: Turn, obligation_id: int) -> Reply:
    there = await hand_state.load(turn, obligation_id)
    if isinstance(there, Reply):
        return there
    return await _to_report(turn, there)


async def _to_report(turn: Turn, there: Open, note: str = "") -> Reply:
    return await whole_pages.whole(turn, there, note)


async def _answered(turn: Turn, waiting: Waiting) -> Reply | None:
    """A file, a text or a command of somebody who was asked for a file."""
    if turn.command in STAYING[:-1] or turn.press[:1] == ("language",):
        return None
    there = await hand_state.load(turn, waiting.obligation)
    if isinstance(there, Reply):
        await turn.end()
        return there
    if turn.command == "cancel" or turn.press[:1] == ("cancel",):
        return await _to_report(turn, there, turn.t("Nothing was taken over from a file."))
    if turn.command or turn.press:
        return None
    file = turn.incoming.file
    if turn.incoming.kind is not Kind.FILE or file is None:
        note = turn.t("A file is needed here: the Word or Excel form, filled in.")
        return await offline_pages.ask(turn, there, note)
    return await offline_reading.received(turn, there, file)


async def _sent_while_writing(turn: Turn) -> Sequence[Reply] | None:
    """A form of ours, sent by somebody who is answering the questions of a report that no file answers."""
    state, file = hand_state.read(turn), turn.incoming.file
    if state is None or turn.incoming.kind is not Kind.FILE or file is None or file.found not in FORMS:
        return None
    there = await hand_state.load(turn, state.obligation)
    if isinstance(there, Reply):
        return None
    question = there.question(state.at)
    if question is not None and question.kind in TAKES_A_FILE:
        return None
    form = await offline_reading.form_of_ours(turn, file)
    return None if form is None else [await offline_reading.received(turn, there, file, form)]


async def _sent_out_of_the_blue(turn: Turn) -> Sequence[Reply] | None:
    """A file of somebody who was in the middle of nothing, so that it was not fetched: which report is it for?"""
    file = turn.incoming.file
    if turn.person.ticket_id is not None or file is None or claimed(file.name) not in (Found.XLSX, Found.DOCX):
        return None
    mine = await obligations.of_person(turn.connection, turn.person.contact_id, turn.now)
    owing = [owed for owed in mine if owed.status in OWED and owed.duty in turn.known.duties]
    return [offline_pages.which(turn, owing)] if owing else None
