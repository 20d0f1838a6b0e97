"""Reports of agencies in the chat: what is owed, and the buttons under a reminder or a page."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Reply
from bot.services.reporting import obligations
from handlers.commands import number
from handlers.handing_in import hand_begin
from handlers.reporting import (
    agency_tasks,
    extension_decision,
    extension_refusal,
    history_page,
    overview,
    record_page,
    report_extension,
    report_pages,
    responding,
)
from handlers.turn import Turn


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The reports command, its buttons, and the answers of somebody handing in or asking for more time."""
    if turn.command == "reports":
        return await overview.show(turn)
    kind = turn.person.dialog.kind if turn.person.dialog else ""
    if kind == report_extension.DIALOG:
        replies = await report_extension.go_on(turn)
    elif kind == extension_refusal.DIALOG:
        replies = await extension_refusal.go_on(turn)
    elif kind == responding.DIALOG:
        replies = await responding.go_on(turn)
    else:
        replies = None
    return replies if replies is not None else await _pressed(turn)


async def _pressed(turn: Turn) -> Sequence[Reply] | None:
    match turn.press:
        case ("report", "list", start):
            return await overview.show(turn, number(start))
        case ("report", "open", obligation):
            return await _open(turn, number(obligation))
        case ("report", "history", obligation, *start):
            return await history_page.show(turn, number(obligation), number("".join(start)))
        case ("report", "record", agency, *start):
            return await record_page.show(turn, number(agency), number("".join(start)))
        case ("report", "tasks", agency):
            return [await agency_tasks.show(turn, number(agency))]
        case ("report", "back" | "date", *_):
            return await overview.show(turn)
    return await _acted(turn)


async def _acted(turn: Turn) -> Sequence[Reply] | None:
    match turn.press:
        case ("report", "ack" | "plan" | "planned", *_) | ("snooze", *_):
            return await responding.pressed(turn)
        case ("report", "submit", obligation, *anyway):
            return await hand_begin.begin(turn, number(obligation), anyway=anyway == ["anyway"])
        case ("report", "extend", obligation, *anyway):
            return await report_extension.begin(turn, number(obligation), anyway=anyway == ["anyway"])
        case ("report", "confirm", obligation):
            return await _confirmed_before(turn, number(obligation))
        case ("extension", *_):
            return await _extension(turn)
    return None


async def _extension(turn: Turn) -> Sequence[Reply] | None:
    match turn.press:
        case ("extension", "show", extension):
            return await extension_decision.show(turn, number(extension))
        case ("extension", "grant", extension):
            return await extension_decision.decide(turn, number(extension), granted=True)
        case ("extension", "refuse", extension, *anyway):
            return await extension_refusal.begin(turn, number(extension), anyway=anyway == ["anyway"])
        case ("extension", "refused", extension):
            return await extension_refusal.refuse(turn, number(extension))
        case ("extension", "list", start):
            return await extension_decision.waiting(turn, number(start)) or await overview.show(turn)
    return None


async def _open(turn: Turn, obligation_id: int) -> Sequence[Reply]:
    await responding.leave(turn)
    owed = await obligations.find(turn.connection, obligation_id, contact_id=turn.person.contact_id)
    return [await report_pages.page(turn, owed) if owed else report_pages.not_yours(turn)]


async def _confirmed_before(turn: Turn, obligation_id: int) -> Sequence[Reply]:
    """A confirmation pressed again, or of a dialog that was left."""
    t = turn.t
    owed = await obligations.find(turn.connection, obligation_id, contact_id=turn.person.contact_id)
    if owed is None:
        return [report_pages.not_yours(turn)]
    if owed.handed_in:
        note = t("This report has already been recorded as handed in.")
    elif owed.asked_until:
        note = t("A request for more time is already waiting for a decision.")
    else:
        note = t("There is nothing to confirm any more. Please choose again.")
    return [await report_pages.page(turn, owed, note)]
