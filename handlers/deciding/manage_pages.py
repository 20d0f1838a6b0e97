"""What those who look after offerings read: the list with numbers, one offering, what was changed. Decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.i18n import Translator
from bot.messages import Button, Reply
from bot.services.applications.deciders import Scope
from bot.services.offerings import offering_figures, offering_texts
from bot.services.offerings.offering_figures import Change, Managed, Numbers
from bot.services.offerings.offerings import Kind, Offered
from bot.services.people.officers import is_officer
from handlers.menu import MENU
from handlers.signing_up.form_pages import agency, shortened
from handlers.turn import Turn

AT_ONCE = 6


def button(label: str, *action: str | int) -> Button:
    """A button of looking after offerings: ``manage:…``."""
    return Button(label, ":".join(["manage", *map(str, action)]))


async def listed(turn: Turn, scope: Scope, start: int = 0, note: str = "") -> Reply:
    """What this officer looks after, what is to come first."""
    t = turn.t
    found = await offering_figures.managed(turn.connection, scope, now=turn.now, offset=start, limit=AT_ONCE + 1)
    shown = found[:AT_ONCE]
    sections = [note] if note else []
    if not shown:
        sections.append(t("There is no offering to look after yet. Send a file to make the first one."))
    sections += [f"{place}. {_in_the_list(turn, each)}" for place, each in enumerate(shown, start=1)]
    rows: list[tuple[Button, ...]] = [
        (button(shortened(f"{place}. {each.title(t.language)}", 50), "show", each.id),)
        for place, each in enumerate(shown, start=1)
    ]
    turning = []
    if start:
        turning.append(button(t("Previous"), "list", max(0, start - AT_ONCE)))
    if len(found) > AT_ONCE:
        turning.append(button(t("More"), "list", start + AT_ONCE))
    rows += [tuple(turning)] if turning else []
    rows.append((button(t("Send a file with offerings"), "file", 0),))
    rows.append((Button(t("Applications to decide"), "do:review"), Button(t("Menu"), MENU)))
    return turn.say("\n\n".join(sections), title=t("Manage offerings"), buttons=tuple(rows), instead=True)


async def page(turn: Turn, offering: Offered, note: str = "", *, instead: bool = True) -> Reply:
    """One offering with its numbers and everything that can be done about it."""
    t = turn.t
    counted = (await offering_figures.numbers(turn.connection, [offering.id])).get(offering.id, Numbers())
    lines = [note, " "] if note else []
    lines += [
        *offering_texts.time_and_place(offering.details, offering.starts_at, offering.ends_at, t),
        t("Agency: {agency}", agency=agency(turn, offering.agency_slug)),
        t("Sign-up: {state}", state=_sign_up(turn, offering)),
        " ",
        *_numbers(offering.kind, offering.capacity, counted, t),
    ]
    return turn.say(
        "\n".join(line.strip() for line in lines),
        title=offering.title(t.language),
        buttons=(*_actions(turn, offering, counted), (button(t("All offerings"), "list", 0), Button(t("Menu"), MENU))),
        instead=instead,
    )


async def changes(turn: Turn, offering: Offered) -> Reply:
    """What staff did to an offering, the newest first."""
    t = turn.t
    found = await offering_figures.changes(turn.connection, offering.id)
    lines = [_change(each, t) for each in found]
    return turn.say(
        "\n\n".join(lines) or t("Nothing has been changed by staff so far."),
        title=t("Changes: {title}", title=offering.title(t.language)),
        buttons=((button(t("Back"), "show", offering.id),),),
        instead=True,
    )


def no_such(turn: Turn) -> Reply:
    """For the number of an offering that isn't there, or that others look after."""
    t = turn.t
    rows = [Button(t("Menu"), MENU)]
    if is_officer(turn.person):
        rows.insert(0, button(t("All offerings"), "list", 0))
    text = t("This offering does not exist, or another agency looks after it.")
    return turn.say(text, buttons=(tuple(rows),))


def _in_the_list(turn: Turn, each: Managed) -> str:
    t = turn.t
    lines = [each.title(t.language)]
    if each.starts_at is not None:
        lines.append(t.moment(each.starts_at))
    if each.cancelled_at is not None:
        lines.append(t("cancelled"))
    elif not each.active:
        lines.append(t("no longer offered"))
    counted = each.numbers
    if each.kind is Kind.EVENT:
        lines.append(_seats(each.capacity, counted, t))
        if counted.waiting:
            lines.append(t("waiting: {number}", number=t.number(counted.waiting)))
    else:
        lines.append(t("applications: {number}", number=t.number(counted.total)))
    if counted.to_decide:
        lines.append(t("to decide: {number}", number=t.number(counted.to_decide)))
    return "\n".join(lines)


def _numbers(kind: Kind, capacity: int | None, counted: Numbers, t: Translator) -> list[str]:
    lines = [t("Applications in all: {number}", number=t.number(counted.total))]
    if kind is Kind.EVENT:
        lines += [
            t("Confirmed: {number}", number=t.number(counted.confirmed)),
            _seats(capacity, counted, t),
            t("On the waiting list: {number}", number=t.number(counted.waiting)),
            t("Seat offered, no answer yet: {number}", number=t.number(counted.offered)),
        ]
    else:
        lines.append(t("Accepted: {number}", number=t.number(counted.accepted)))
    lines.append(t("To decide: {number}", number=t.number(counted.to_decide)))
    return lines


def _seats(capacity: int | None, counted: Numbers, t: Translator) -> str:
    if capacity is None:
        return t("Seats taken: {taken}, without a limit", taken=t.number(counted.seats))
    return t("Seats taken: {taken} of {capacity}", taken=t.number(counted.seats), capacity=t.number(capacity))


def _sign_up(turn: Turn, offering: Offered) -> str:
    t = turn.t
    if offering.cancelled_at is not None:
        return t("cancelled: {reason}", reason=offering.cancel_reason)
    if not offering.active:
        return t("no longer offered")
    if offering.has_begun(turn.now):
        return t("over, the event has begun")
    if offering.opens_later(turn.now) and offering.opens_at is not None:
        return t("opens at {time}", time=t.moment(offering.opens_at))
    if not offering.is_open(turn.now):
        return t("closed")
    return t("open until {time}", time=t.moment(offering.closes_at)) if offering.closes_at else t("open")


def _actions(turn: Turn, offering: Offered, counted: Numbers) -> tuple[tuple[Button, ...], ...]:
    t, this = turn.t, offering.id
    rows: list[tuple[Button, ...]] = []
    if counted.to_decide:
        rows.append((Button(t("Applications to decide"), f"desk:list:0:{this}"),))
    rows.append((button(t("Participants"), "people", this, "all", 0),))
    if offering.kind is Kind.EVENT and offering.cancelled_at is None:
        rows.append((Button(t("At the door"), f"door:{this}"),))
    if offering.takes_place(turn.now):
        if offering.kind is Kind.EVENT:
            rows.append((button(t("Number of seats"), "capacity", this), button(t("Time and place"), "move", this)))
        toggle = (
            button(t("Close sign-up"), "close", this)
            if offering.is_open(turn.now)
            else button(t("Open sign-up again"), "reopen", this)
        )
        cancelling = (button(t("Cancel the event"), "cancel", this),) if offering.kind is Kind.EVENT else ()
        rows.append((toggle, *cancelling))
    rows.append((button(t("Export"), "export", this), button(t("Import a list"), "import", this)))
    if offering.kind is Kind.EVENT and offering.has_begun(turn.now):
        rows.append((button(t("Feedback"), "feedback", this),))
    rows.append((button(t("What was changed"), "history", this),))
    return tuple(rows)


def _change(change: Change, t: Translator) -> str:
    line = f"{t.moment(change.at)}: {_what(change.what, change.details, t)}"
    return f"{line} ({change.by})" if change.by else line


def _what(what: str, details: Mapping[str, Any], t: Translator) -> str:
    match what:
        case "made":
            return t("made or changed by a file")
        case "moved":
            return t(
                "moved from {before} to {after}", before=_time(details, "before", t), after=_time(details, "after", t)
            )
        case "capacity":
            return t(
                "seats from {before} to {after}", before=_limit(details, "before", t), after=_limit(details, "after", t)
            )
        case "cancelled":
            return t("cancelled: {reason}", reason=details.get("reason", ""))
        case "closed":
            return t("sign-up closed")
        case "reopened":
            return t("sign-up opened again")
        case "imported":
            return t(
                "list imported: {taken_in} taken in, {waiting} on the waiting list",
                taken_in=details.get("taken_in", 0),
                waiting=details.get("waiting", 0),
            )
        case "exported":
            return t("{number} applications exported", number=details.get("applications", 0))
    return what


def _time(details: Mapping[str, Any], when: str, t: Translator) -> str:
    starts_at = (details.get(when) or {}).get("starts_at")
    return t.moment(datetime.fromisoformat(starts_at)) if starts_at else t("no time")


def _limit(details: Mapping[str, Any], when: str, t: Translator) -> str:
    value = details.get(when)
    return t("no limit") if value is None else t.number(value)
