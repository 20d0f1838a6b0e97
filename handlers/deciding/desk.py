"""The officers' desk for applications: the command, every ``desk:…`` button, and what is typed on the way."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Kind, Reply
from bot.services.applications import application_codes, filed_applications, review_queue
from bot.services.applications.deciders import Scope
from bot.services.applications.filed_applications import Filed
from bot.services.files import files
from handlers.commands import number
from handlers.deciding import desk_decisions, desk_dialog, desk_pages
from handlers.deciding.desk_dialog import DESK, Said
from handlers.turn import Turn

DECIDING = {
    "review": desk_decisions.start_review,
    "ask": desk_decisions.ask,
    "approve": desk_decisions.approve,
    "approved": desk_decisions.approved,
    "reject": desk_decisions.reject,
}


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """Only what an officer decides on exists for them."""
    said = desk_dialog.read(turn)
    said = said if said is not None and said.kind == DESK else None
    asked_for = turn.command == "review" or turn.press[:1] == ("desk",)
    if not asked_for and (said is None or turn.press or turn.command not in ("", "cancel")):
        return None
    if said is not None and turn.command == "cancel":
        return [await desk_dialog.cancelled(turn)]
    scope = await desk_dialog.scope(turn)
    if scope is None:
        if said is not None:
            await desk_dialog.leave(turn)
        return [desk_dialog.for_officers_only(turn)]
    if not asked_for and said is not None:
        return await _typed(turn, scope, said)
    if turn.command == "review":
        return [await _called(turn, scope)]
    return await _pressed(turn, scope, said, *(*turn.press[1:4], "", "", "")[:3])


async def _called(turn: Turn, scope: Scope) -> Reply:
    await desk_dialog.leave(turn)
    code = application_codes.read(turn.argument) if turn.argument else None
    if code is not None:
        application_id = await review_queue.by_code(turn.connection, code)
        filed = await theirs(turn, scope, str(application_id or 0))
        return await desk_pages.page(turn, filed) if filed else desk_pages.no_such(turn)
    return await desk_pages.queue(turn, scope)


async def _pressed(turn: Turn, scope: Scope, said: Said | None, verb: str, argument: str, more: str) -> Sequence[Reply]:
    if verb not in ("send", "reason"):
        await desk_dialog.leave(turn)
    if verb == "filter":
        return [await desk_pages.filters(turn, scope)]
    if verb in ("list", ""):
        return [await desk_pages.queue(turn, scope, number(argument), number(more))]
    filed = await theirs(turn, scope, argument)
    if filed is None:
        return [desk_pages.no_such(turn)]
    if verb in (*DECIDING, "reason", "send") and await desk_dialog.is_own(turn, filed):
        text = turn.t("This is an application of your own enterprise, so another officer has to decide on it.")
        return [await desk_pages.page(turn, filed, text)]
    if verb in DECIDING:
        return [await DECIDING[verb](turn, filed)]
    match verb:
        case "reason":
            return await _reason(turn, said, filed, more)
        case "send":
            return [await desk_decisions.send(turn, said, filed, more)]
        case "history":
            return [await desk_pages.whole_history(turn, filed, number(more))]
        case "file":
            return [await _file(turn, filed, more)]
        case "drop":
            return [await desk_pages.page(turn, filed, turn.t("Nothing was sent."))]
    return [await desk_pages.page(turn, filed)]


async def _reason(turn: Turn, said: Said | None, filed: Filed, chosen: str) -> Sequence[Reply]:
    choices = desk_decisions.reasons(turn, filed.kind)
    if said is None or said.verb != "reject" or said.about != filed.id or not 1 <= number(chosen) <= len(choices):
        return [await desk_decisions.reject(turn, filed)]
    return await desk_decisions.typed(turn, said, filed, choices[number(chosen) - 1])


async def _typed(turn: Turn, scope: Scope, said: Said) -> Sequence[Reply]:
    t = turn.t
    filed = await theirs(turn, scope, str(said.about))
    if filed is None:
        await desk_dialog.leave(turn)
        return [desk_pages.no_such(turn)]
    if turn.incoming.kind is not Kind.TEXT:
        return [turn.say(t("Please type it as text; files are not sent to applicants."))]
    choices = desk_decisions.reasons(turn, filed.kind)
    if said.verb == "reject" and said.step == "type" and turn.text in map(str, range(1, len(choices) + 1)):
        return await desk_decisions.typed(turn, said, filed, choices[int(turn.text) - 1])
    return await desk_decisions.typed(turn, said, filed, turn.text)


async def _file(turn: Turn, filed: Filed, file_id: str) -> Reply:
    t = turn.t
    attached = await files.attachment(turn.connection, filed.id, number(file_id))
    if attached is None:
        return await desk_pages.page(turn, filed, t("This file is no longer there."))
    back = ((desk_pages.button(t("Back to the application"), "show", filed.id),),)
    return turn.say(t("File of application {code}:", code=filed.code), attachment=attached, buttons=back)


async def theirs(turn: Turn, scope: Scope, argument: str) -> Filed | None:
    """An application by the number in a button, if this officer decides on it."""
    filed = await filed_applications.for_staff(turn.connection, number(argument))
    return filed if filed is not None and scope.covers(filed.agency_slug) else None
