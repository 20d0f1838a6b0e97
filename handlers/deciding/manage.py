"""Looking after offerings: the command, every ``manage:…`` button, and what is typed or sent on the way."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Kind, Reply
from bot.services.applications.deciders import Scope
from bot.services.files.kinds import Found
from bot.services.offerings import offerings
from bot.services.offerings.offerings import Offered
from handlers.commands import number
from handlers.deciding import (
    desk_dialog,
    list_import,
    manage_changes,
    manage_feedback,
    manage_pages,
    manage_people,
    offering_files,
)
from handlers.deciding.desk_dialog import MANAGE, Said
from handlers.menu import is_editor
from handlers.turn import Turn

# Buttons that go on with what was begun; every other one leaves it.
GOES_ON = ("yes", "keep")
OF_FILES = ("file", "sample", "drop", "yes")


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """Only what an officer looks after exists for them; editors may send files for their agency."""
    said = desk_dialog.read(turn)
    said = said if said is not None and said.kind == MANAGE else None
    asked_for = turn.command == "manage" or turn.press[:1] == ("manage",)
    if not asked_for and (said is None or turn.press or turn.command not in ("", "cancel")):
        return None
    if said is not None and turn.command == "cancel":
        return [await desk_dialog.cancelled(turn)]
    scope = await desk_dialog.scope(turn)
    if scope is None and not is_editor(turn.person):
        if said is not None:
            await desk_dialog.leave(turn)
        return [desk_dialog.for_officers_only(turn)]
    verb, argument, more, last = (*turn.press[1:5], "", "", "", "")[:4]
    if said is not None and said.verb == "file" and (not asked_for or verb in OF_FILES):
        return await _file(turn, scope, said, verb, more)
    if not asked_for and said is not None:
        return await _typed(turn, scope, said)
    if verb not in GOES_ON:
        await desk_dialog.leave(turn)
    if verb in ("file", "sample") or (verb in OF_FILES and argument == "0"):
        return await _file(turn, scope, said, verb, more)
    if scope is None:
        return [await offering_files.ask(turn)]
    if verb in ("", "list"):
        return [await manage_pages.listed(turn, scope, number(argument))]
    offering = await theirs(turn, scope, number(argument))
    if offering is None:
        return [manage_pages.no_such(turn)]
    return [await _of_list(turn, offering, verb, more, last) or await _of_offering(turn, said, offering, verb, more)]


async def _of_offering(turn: Turn, said: Said | None, offering: Offered, verb: str, more: str) -> Reply:
    match verb:
        case "capacity" | "move" | "cancel":
            return await manage_changes.ask(turn, offering, verb)
        case "close" | "reopen":
            return await manage_changes.at_once(turn, offering, verb)
        case "keep":
            return await manage_changes.keep(turn, said, offering)
        case "yes":
            return await _confirmed(turn, said, offering, more)
        case "history":
            return await manage_pages.changes(turn, offering)
        case "drop":
            return await manage_pages.page(turn, offering, turn.t("Nothing was changed."))
    return await manage_pages.page(turn, offering)


async def _of_list(turn: Turn, offering: Offered, verb: str, more: str, last: str) -> Reply | None:
    match verb:
        case "people":
            return await manage_people.page(turn, offering, manage_people.part_of(more), number(last))
        case "search":
            return await manage_people.ask_search(turn, offering)
        case "export":
            return manage_people.ask_export(turn, offering, manage_people.part_of(more))
        case "made":
            kind = Found.CSV if last == Found.CSV.value else Found.XLSX
            return await manage_people.export(turn, offering, manage_people.part_of(more), kind)
        case "import":
            return await list_import.ask(turn, offering)
        case "template":
            return await list_import.template(turn, offering)
        case "feedback":
            return await manage_feedback.page(turn, offering, number(more))
    return None


async def _confirmed(turn: Turn, said: Said | None, offering: Offered, token: str) -> Reply:
    if said is None or said.step != "check" or said.about != offering.id or said.token != token:
        note = turn.t("This button belongs to an earlier step and did nothing. This is how it stands:")
        return await manage_pages.page(turn, offering, note)
    await desk_dialog.leave(turn)
    if said.verb == "import":
        return await list_import.confirmed(turn, said, offering)
    return await manage_changes.confirmed(turn, said, offering)


async def _typed(turn: Turn, scope: Scope | None, said: Said) -> Sequence[Reply]:
    offering = await theirs(turn, scope, said.about) if scope is not None else None
    if offering is None:
        await desk_dialog.leave(turn)
        return [manage_pages.no_such(turn)]
    if said.verb == "import":
        return [await list_import.received(turn, offering)]
    if turn.incoming.kind is not Kind.TEXT:
        return [turn.say(turn.t("Please type it as text; no file is needed here."))]
    if said.verb == "search":
        return [await manage_people.search(turn, offering, turn.text)]
    return await manage_changes.typed(turn, said, offering, turn.text)


async def _file(turn: Turn, scope: Scope | None, said: Said | None, verb: str, token: str) -> Sequence[Reply]:
    """A file with offerings, from the question for it to the confirmation."""
    t = turn.t
    editing = await offering_files.scope_of_editor(turn)
    if editing is None:
        return [desk_dialog.for_officers_only(turn)]
    match verb:
        case "sample":
            return [await offering_files.template(turn)]
        case "file":
            return [await offering_files.ask(turn)]
        case "drop":
            await desk_dialog.leave(turn)
            note = t("Nothing was changed.")
            return [await manage_pages.listed(turn, scope, note=note) if scope else turn.say(note)]
        case "yes":
            if said is None or said.step != "check" or said.token != token:
                return [await offering_files.ask(turn, t("This button belongs to an earlier step and did nothing."))]
            await desk_dialog.leave(turn)
            return [await offering_files.confirmed(turn, editing, said)]
    return [await offering_files.received(turn, editing)]


async def theirs(turn: Turn, scope: Scope, offering_id: int) -> Offered | None:
    """An offering by its number, if this officer looks after it."""
    offering = await offerings.get(turn.connection, offering_id)
    return offering if offering is not None and scope.covers(offering.agency_slug) else None
