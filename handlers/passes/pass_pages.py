"""The entry pass of a confirmed seat, and its entry for the person's own calendar."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.applications import application_texts, filed_applications
from bot.services.applications.filed_applications import Filed
from bot.services.applications.statuses import Status
from bot.services.offerings import event_texts, offering_texts
from bot.services.offerings.offerings import Kind
from handlers.commands import number
from handlers.menu import MENU
from handlers.signing_up import application_pages, form_pages
from handlers.turn import Turn

HAS_PASS = (Status.CONFIRMED, Status.ATTENDED)


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The buttons of passes. Only members of the application's business get anything."""
    match turn.press:
        case ("pass", verb, application) if verb in ("show", "calendar"):
            filed = await filed_applications.find(turn.connection, turn.person.contact_id, number(application))
            if filed is None:
                return [application_pages.not_yours(turn)]
            return [_show(turn, filed) if verb == "show" else _calendar(turn, filed)]
        case ("pass", *_):
            return [application_pages.not_yours(turn)]
    return None


def _show(turn: Turn, filed: Filed) -> Reply:
    t = turn.t
    if filed.kind is not Kind.EVENT or filed.status not in HAS_PASS:
        return _none(turn, filed)
    if filed.cancelled_at is not None:
        return turn.say(t("This event was cancelled, so there is no pass."), buttons=(_away(turn, filed),))
    lines = [
        filed.title(t.language),
        *offering_texts.time_and_place(filed.details, filed.starts_at, filed.ends_at, t),
        "",
        t("Code: {code}", code=filed.code),
        t("Seats: {seats}", seats=t.number(filed.seats)),
        t("For: {business}", business=filed.business_name),
        "",
        t("Please show this picture at the entrance, or say the code."),
    ]
    if filed.sample:
        lines += ["", filed.details["note"][t.language.value]]
    rows = [_away(turn, filed)]
    if filed.starts_at is not None and filed.starts_at > turn.now:
        rows.insert(0, (event_texts.to_calendar(filed.id, t), event_texts.cannot_come(filed.id, t)))
    return turn.say(
        "\n".join(lines),
        title=t("Entry pass"),
        buttons=tuple(rows),
        attachment=turn.passes.picture(filed.code),
    )


def _calendar(turn: Turn, filed: Filed) -> Reply:
    """The entry; for a seat that is gone the one that takes it out again."""
    from bot.services.passes import calendar_entries

    t = turn.t
    gone = filed.status in calendar_entries.ENDED
    if filed.kind is not Kind.EVENT or filed.starts_at is None or not (gone or filed.status in HAS_PASS):
        return _none(turn, filed)
    content = calendar_entries.entry(filed, form_pages.agency(turn, filed.agency_slug), t, now=turn.now)
    attachment = turn.passes.keep(filed.code, f"{filed.code}.ics", calendar_entries.MEDIA_TYPE, content)
    if gone or filed.cancelled_at is not None:
        text = t("Open this file to take the event out of your calendar.")
    else:
        text = t(
            "Open this file to put the event into your calendar. If the event is moved, we tell you here; the new "
            "file then changes the same entry."
        )
    return turn.say(
        f"{filed.title(t.language)}\n\n{text}",
        title=t("Calendar"),
        buttons=(_away(turn, filed),),
        attachment=attachment,
    )


def _none(turn: Turn, filed: Filed) -> Reply:
    """Why this application has no pass."""
    t = turn.t
    if filed.kind is not Kind.EVENT:
        text = t("This is a registration of need, not an event, so it has no entry pass.")
    elif filed.status is Status.OFFERED:
        text = t("A seat is offered to you. Please accept it first, then you get your pass.")
    elif filed.status is Status.WAITLISTED:
        text = t(
            "You are number {position} on the waiting list. You get a pass as soon as you have a seat.",
            position=filed.position,
        )
    else:
        text = t(
            "Only a confirmed seat has an entry pass. This registration is at: {status}.",
            status=application_texts.status(filed.status, t),
        )
    return turn.say(text, buttons=(_away(turn, filed),))


def _away(turn: Turn, filed: Filed) -> tuple[Button, ...]:
    t = turn.t
    return Button(t("See the registration"), f"app:show:{filed.id}"), Button(t("Menu"), MENU)
