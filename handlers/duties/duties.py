"""Duties to report for staff: the command, every ``duty:…`` button, and the file that is sent on the way."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.applications.deciders import Scope
from bot.services.duties import definitions
from content.model import Content
from handlers.deciding import desk_dialog
from handlers.deciding.desk_dialog import DUTIES, Said
from handlers.duties import duty_files, duty_pages, rights
from handlers.turn import Turn

# Buttons that go on with what was begun; every other one leaves it.
GOES_ON = ("yes", "file")


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """All staff may look; editors of the agency that receives a duty's reports may change it."""
    said = desk_dialog.read(turn)
    said = said if said is not None and said.kind == DUTIES else None
    asked_for = turn.command == "duties" or turn.press[:1] == ("duty",)
    if not asked_for and (said is None or turn.press or turn.command not in ("", "cancel")):
        return None
    if turn.person.role is None:
        if said is not None:
            await desk_dialog.leave(turn)
        # Typed without a slash, the word may well be a question.
        is_question = turn.command == "duties" and not turn.text.startswith("/")
        return None if is_question else [rights.for_staff_only(turn)]
    if turn.command == "cancel":
        await desk_dialog.leave(turn)
        return [turn.say(turn.t("Cancelled. Nothing was changed."), buttons=_ways_on(turn))]
    known = await definitions.over(turn.connection, turn.known)
    scope = await rights.scope(turn)
    verb, argument = (*turn.press[1:3], "", "")[:2]
    if not asked_for:
        return [await _sent(turn, known, scope, said)]
    if verb not in GOES_ON:
        await desk_dialog.leave(turn)
    return [await _pressed(turn, known, scope, said, verb, argument)]


async def _pressed(
    turn: Turn, known: Content, scope: Scope | None, said: Said | None, verb: str, argument: str
) -> Reply:
    match verb:
        case "" | "list":
            return await duty_pages.listed(turn, known, scope)
        case "drop":
            return await duty_pages.listed(turn, known, scope, turn.t("Nothing was changed."))
        case "file" | "yes" | "pending":
            return await _changes(turn, known, scope, said, verb, argument)
    duty = duty_pages.find(known, argument)
    if duty is None:
        return await duty_pages.listed(turn, known, scope, turn.t("There is no such duty any more."))
    match verb:
        case "get":
            return await duty_files.download(turn, duty)
        case "history":
            return await duty_pages.history(turn, duty)
        case "on" | "off" if rights.may_change(scope, duty):
            return await duty_files.switch(turn, known, scope, duty, on=verb == "on")
    return await duty_pages.page(turn, known, scope, duty)


async def _changes(turn: Turn, known: Content, scope: Scope | None, said: Said | None, verb: str, token: str) -> Reply:
    t = turn.t
    if scope is None:
        return await duty_pages.listed(turn, known, scope, t("Only editors can change duties."))
    if verb == "file":
        return await duty_files.ask(turn)
    if verb == "pending":
        return await duty_files.pending(turn, known, scope)
    if said is None or said.step != "check" or said.token != token:
        note = t("This button belongs to an earlier step and did nothing. This is how it stands:")
        return await duty_pages.listed(turn, known, scope, note)
    await desk_dialog.leave(turn)
    return await duty_files.confirmed(turn, known, scope, said)


async def _sent(turn: Turn, known: Content, scope: Scope | None, said: Said | None) -> Reply:
    """Something was typed or sent while a file, or a confirmation, is waited for."""
    if scope is None:
        await desk_dialog.leave(turn)
        return rights.for_staff_only(turn)
    if said is not None and said.step == "check" and turn.incoming.file is None:
        by_file = said.verb == duty_files.FILE
        return turn.say(
            turn.t("Please press one of the buttons, or send another file.")
            if by_file
            else turn.t("Please press one of the buttons."),
            buttons=((duty_pages.button(turn.t("Yes, do it"), "yes", said.token),),
                     (duty_pages.button(turn.t("No, back"), "drop"),)),
        )  # fmt: skip
    return await duty_files.received(turn, known, scope)


def _ways_on(turn: Turn) -> tuple[tuple[Button, ...], ...]:
    return ((Button(turn.t("Duties to report"), "do:duties"), *desk_dialog.menu(turn)),)
