"""The registrations of a person's businesses: the list, and the way to each page and to what can be done there."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.applications import application_codes, filed_applications
from handlers.businesses import business_pages
from handlers.commands import number
from handlers.menu import MENU
from handlers.signing_up import (
    answering,
    application_pages,
    application_steps,
    changing,
    drafting,
    half_filled,
    offer_answers,
    registered,
)
from handlers.signing_up.form_pages import shortened
from handlers.turn import Turn

AT_ONCE = 8


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The applications command, also with a code, the buttons of its pages, and a typed answer to an officer."""
    if turn.command == "applications":
        return [await _by_code(turn, turn.argument) if turn.argument else await _list(turn, 0)]
    answered = await answering.handle(turn)
    if answered is not None:
        return answered
    match turn.press:
        case ("app", "list", start):
            return [await _list(turn, number(start))]
        case ("app", "edit", application, *agreed):
            return await _edit(turn, number(application), anyway=agreed == ["anyway"])
        case ("app", verb, application):
            return await _one(turn, verb, number(application))
    return None


async def _one(turn: Turn, verb: str, application_id: int) -> Sequence[Reply] | None:
    filed = await filed_applications.find(turn.connection, turn.person.contact_id, application_id)
    if filed is None:
        return [application_pages.not_yours(turn)]
    match verb:
        case "show":
            return [await application_pages.page(turn, filed)]
        case "history":
            return [await application_pages.history_page(turn, filed)]
        case "withdraw":
            return [await application_steps.ask(turn, filed)]
        case "withdrawn":
            return [await application_steps.withdraw(turn, filed)]
        case "accept":
            return [await offer_answers.ask(turn, filed, yes=True)]
        case "decline":
            return [await offer_answers.ask(turn, filed, yes=False)]
        case "accepted":
            return await offer_answers.answer(turn, filed, yes=True)
        case "declined":
            return await offer_answers.answer(turn, filed, yes=False)
    return None


async def _edit(turn: Turn, application_id: int, *, anyway: bool) -> Sequence[Reply]:
    filed = await filed_applications.find(turn.connection, turn.person.contact_id, application_id)
    return [application_pages.not_yours(turn)] if filed is None else await changing.edit(turn, filed, anyway=anyway)


async def _list(turn: Turn, start: int) -> Reply:
    t = turn.t
    found = await filed_applications.of_contact(
        turn.connection, turn.person.contact_id, offset=start, limit=AT_ONCE + 1
    )
    shown = found[:AT_ONCE]
    unfinished = half_filled.reminder(await drafting.all_of(turn), turn)
    if not shown and unfinished is None:
        return _none_yet(turn)
    several = len({filed.business_id for filed in shown}) > 1
    sections = []
    for place, filed in enumerate(shown, start=1):
        lines = [f"{place}. {filed.title(t.language)}", t("Code: {code}", code=filed.code)]
        lines += [t("Enterprise: {name}", name=filed.business_name)] if several else []
        sections.append("\n".join([*lines, registered.status_line(turn, filed)]))
    rows: list[tuple[Button, ...]] = [
        (Button(shortened(f"{filed.code}: {filed.title(t.language)}"), f"app:show:{filed.id}"),) for filed in shown
    ]
    if unfinished is not None:
        line, button = unfinished
        sections.append(line)
        rows.append((button,))
    turning = []
    if start:
        turning.append(Button(t("Previous"), f"app:list:{max(0, start - AT_ONCE)}"))
    if len(found) > AT_ONCE:
        turning.append(Button(t("More"), f"app:list:{start + AT_ONCE}"))
    rows += [tuple(turning)] if turning else []
    rows.append((business_pages.button(t),))
    rows.append((Button(t("Register"), "do:register"), Button(t("Menu"), MENU)))
    return turn.say("\n\n".join(sections), title=t("My registrations"), buttons=tuple(rows), instead=True)


def _none_yet(turn: Turn) -> Reply:
    t = turn.t
    return turn.say(
        t("You have no registrations yet. Register a need for support, or a seat at an event."),
        title=t("My registrations"),
        buttons=(
            (Button(t("Support programmes"), "offer:list:programme:0"), Button(t("Events"), "offer:list:event:0")),
            (business_pages.button(t), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )


async def _by_code(turn: Turn, typed: str) -> Reply:
    t = turn.t
    code = application_codes.read(typed)
    filed = await filed_applications.by_code(turn.connection, turn.person.contact_id, code) if code else None
    if filed is not None:
        return await application_pages.page(turn, filed)
    text = (
        t("You have no registration with this code.")
        if code
        else t(
            "This is not a code. A code looks like this: {code}. Please compare it letter by letter.", code="NC-7K3M-Q4"
        )
    )
    return turn.say(text, buttons=((Button(t("My registrations"), "do:applications"), Button(t("Menu"), MENU)),))
