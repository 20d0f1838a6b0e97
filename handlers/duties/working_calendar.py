"""The working calendar: the command, every ``calendar:…`` button, and what is typed or sent to change days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.messages import Kind, Reply
from bot.services.calendar import day_list
from handlers.commands import number
from handlers.deciding import desk_dialog
from handlers.deciding.desk_dialog import CALENDAR, Said
from handlers.duties import calendar_edit, calendar_file, calendar_history_page, calendar_pages, rights
from handlers.turn import Turn

# Buttons that go on with what was begun; every other one leaves it.
GOES_ON = ("yes", "back")
EDITING = ("off", "work", "remove", "file", "announce", "unannounce", "yes", "back")
FOR_STAFF = ("history", "get")


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """Everybody may look; editors of the lead agency and administrators may change it."""
    said = desk_dialog.read(turn)
    said = said if said is not None and said.kind == CALENDAR else None
    asked_for = turn.command == "calendar" or turn.press[:1] == ("calendar",)
    if not asked_for and (said is None or turn.press or turn.command not in ("", "cancel")):
        return None
    may_change = rights.may_change_calendar(await rights.scope(turn))
    if turn.command == "cancel" or (not asked_for and not may_change):
        await desk_dialog.leave(turn)
        note = turn.t("Cancelled. Nothing was changed.")
        return [await calendar_pages.page(turn, 0, note, may_change=may_change)]
    verb, argument = (*turn.press[1:3], "", "")[:2]
    if not asked_for and said is not None:
        return [await _typed(turn, said)]
    if verb not in GOES_ON:
        await desk_dialog.leave(turn)
    if verb in EDITING and may_change:
        return [await _edit(turn, said, verb, argument)]
    year = number(argument or turn.argument)
    if verb in FOR_STAFF and turn.person.role is not None:
        if verb == "get":
            return [await calendar_file.download(turn, year, may_change=may_change)]
        return [await calendar_history_page.page(turn, year)]
    note = turn.t("Nothing was changed.") if verb == "drop" else ""
    return [await calendar_pages.page(turn, year, note, may_change=may_change)]


async def _edit(turn: Turn, said: Said | None, verb: str, argument: str) -> Reply:
    match verb:
        case "off" | "work" | "announce":
            return await calendar_edit.begin(turn, verb, calendar_pages.possible(turn, number(argument)))
        case "file":
            return await calendar_file.ask(turn, calendar_pages.possible(turn, number(argument)))
        case "remove":
            return await calendar_edit.remove(turn, _day(argument))
        case "unannounce":
            year, by = number(argument), turn.person.contact_id
            await day_list.take_back_year(turn.connection, year, contact_id=by, now=turn.now)
            note = turn.t("The year counts as provisional again.")
            return await calendar_pages.page(turn, year, note, may_change=True)
        case "back" if said is not None:
            return await calendar_edit.back(turn, said)
        case "yes" if said is not None and said.step == "check" and said.token == argument:
            await desk_dialog.leave(turn)
            by_file = said.verb == calendar_file.FILE
            return await (calendar_file.confirmed if by_file else calendar_edit.confirmed)(turn, said)
    await desk_dialog.leave(turn)
    note = turn.t("This button belongs to an earlier step and did nothing. This is how it stands:")
    return await calendar_pages.page(turn, 0, note, may_change=True)


async def _typed(turn: Turn, said: Said) -> Reply:
    if said.verb == calendar_file.FILE:
        return await calendar_file.received(turn, said)
    if turn.incoming.kind is not Kind.TEXT:
        return await calendar_edit.ask(turn, said, turn.t("Please type it as text; no file is needed here."))
    return await calendar_edit.typed(turn, said)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
