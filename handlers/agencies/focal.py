"""Focal points and agencies in the chat: every ``focal:…`` button, and who is in the middle of something here."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from handlers.agencies import (
    absence,
    agencies_staff,
    agency_codes,
    agency_export,
    agency_pages,
    focal_pages,
    handing_over,
    my_email,
    my_name,
    not_mine,
)
from handlers.commands import number
from handlers.menu import MENU
from handlers.turn import Turn

_GO_ON = {
    absence.DIALOG: absence.go_on,
    my_email.DIALOG: my_email.go_on,
    my_name.DIALOG: my_name.go_on,
    agencies_staff.DIALOG: agencies_staff.go_on,
    agency_codes.DIALOG: agency_codes.go_on,
    agency_export.DIALOG: agency_export.go_on,
}


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The agencies command, the buttons, and the answers of somebody who was asked something."""
    if turn.command == "agencies":
        return [await agencies_staff.begin(turn, turn.argument)]
    dialog = turn.person.dialog
    if dialog is not None and dialog.kind in _GO_ON:
        replies = await _GO_ON[dialog.kind](turn)
        if replies is not None:
            return replies
    if turn.press[:1] != ("focal",):
        return None
    for answer in (_own, _going, _email, _not_mine, _staff):
        reply = await answer(turn)
        if reply is not None:
            return [reply]
    return [_nothing_to_confirm(turn)]


async def _own(turn: Turn) -> Reply | None:
    """What focal points do themselves."""
    match turn.press[1:]:
        case ("mine",):
            return await focal_pages.choose(turn)
        case ("page", agency):
            return await focal_pages.page(turn, number(agency))
        case ("away", agency, *anyway):
            return await absence.begin(turn, number(agency), anyway=anyway == ["anyway"])
        case ("name", agency, *anyway):
            return await my_name.begin(turn, number(agency), anyway=anyway == ["anyway"])
        case ("returned", agency):
            return await absence.come_back(turn, number(agency))
        case ("invite", agency):
            return await handing_over.have_in(turn, number(agency))
        case ("invited", agency, role):
            return await handing_over.have_in(turn, number(agency), role)
    return None


async def _going(turn: Turn) -> Reply | None:
    """Handing over and leaving."""
    match turn.press[1:]:
        case ("handover", agency):
            return await handing_over.choose(turn, number(agency))
        case ("giveto" | "given" as verb, agency, contact):
            return await handing_over.to_colleague(turn, number(agency), number(contact), confirmed=verb == "given")
        case ("givecode" | "coded" as verb, agency):
            return await handing_over.by_code(turn, number(agency), confirmed=verb == "coded")
        case ("calloff", agency):
            return await handing_over.call_off(turn, number(agency))
        case ("leave" | "left" as verb, agency, *obligation):
            came_from = number("".join(obligation[:1]))
            return await handing_over.leave(turn, number(agency), obligation_id=came_from, confirmed=verb == "left")
    return None


async def _email(turn: Turn) -> Reply | None:
    """The own address for reminders."""
    match turn.press[1:]:
        case ("email", agency):
            return await my_email.page(turn, number(agency))
        case ("emailask", agency, *anyway):
            return await my_email.begin(turn, number(agency), anyway=anyway == ["anyway"])
        case ("emailoff", agency):
            return await my_email.remove(turn, number(agency))
    return None


async def _not_mine(turn: Turn) -> Reply | None:
    """A report that is somebody else's."""
    match turn.press[1:]:
        case ("notmine", obligation):
            return await not_mine.ask(turn, number(obligation))
        case ("route", obligation, contact):
            return await not_mine.to_colleague(turn, number(obligation), number(contact))
        case ("routecode", obligation):
            return await not_mine.by_code(turn, number(obligation))
        case ("declined", obligation):
            return await not_mine.decline(turn, number(obligation))
        case ("mineagain", obligation):
            return await not_mine.take_back(turn, number(obligation))
    return None


async def _staff(turn: Turn) -> Reply | None:
    """What those who look after all agencies do; each of these asks whether the person may."""
    match turn.press[1:]:
        case ("overview",):
            return await agencies_staff.begin(turn)
        case ("list", state, start):
            return await agencies_staff.listed(turn, state, number(start))
        case ("find", *anyway):
            return await agencies_staff.ask_name(turn, anyway=anyway == ["anyway"])
        case ("agency", agency):
            return await agency_pages.page(turn, number(agency))
        case ("code", agency, *anyway):
            return await agency_codes.begin(turn, number(agency), anyway=anyway == ["anyway"])
        case ("codesoff" | "codesgone" as verb, agency):
            return await agency_pages.withdraw_codes(turn, number(agency), confirmed=verb == "codesgone")
        case ("remove" | "removed" as verb, agency, contact):
            return await agency_pages.remove(turn, number(agency), number(contact), confirmed=verb == "removed")
        case ("export", *anyway):
            return await agency_export.begin(turn, anyway=anyway == ["anyway"])
    return None


def _nothing_to_confirm(turn: Turn) -> Reply:
    t = turn.t
    of_staff = turn.press[1:2] in {(each,) for each in ("role", "uses", "days", "issue", "exported")}
    back = Button(t("All agencies"), "focal:overview") if of_staff else Button(t("Agency reports"), "do:reports")
    return turn.say(
        t("There is nothing to confirm any more. Please choose again."), buttons=((back, Button(t("Menu"), MENU)),)
    )
