"""An event as a calendar entry (RFC 5545): one entry per application, which follows what becomes of the event.

The identity stays the same for good and the number of the version only grows, so that a calendar that has the entry
takes a newer one for a change of it.
"""

from __future__ import annotations

from datetime import date, datetime

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from bot.i18n import Translator
from bot.services.applications.filed_applications import Filed
from bot.services.applications.statuses import Status
from bot.services.papers.plain_text import one_line

# What the zone was before any event of ours is of no use to anybody.
_ZONE_SINCE = date(2020, 1, 1)

MEDIA_TYPE = "text/calendar"
ENDED = (Status.WITHDRAWN, Status.REJECTED)

# An organiser has to be named, and agencies have no address of ours that a calendar should write to.
_NO_ADDRESS = "invalid:nomail"


def entry(filed: Filed, agency: str, t: Translator, *, now: datetime) -> bytes:
    """The entry in the reader's language; one that takes the event out of the calendar where the seat is gone.

    ``filed`` is of an event with a time. ``agency`` is who holds it.
    """
    gone = filed.status in ENDED or filed.cancelled_at is not None
    calendar = Calendar()
    calendar.add("PRODID", "-//Nhip Cau//NONSGML//VI")
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "CANCEL" if gone else "PUBLISH")
    calendar.add_component(Timezone.from_tzinfo(t.zone, first_date=_ZONE_SINCE))
    calendar.add_component(_event(filed, agency, t, gone=gone, now=now))
    content: bytes = calendar.to_ical()
    return content


def _event(filed: Filed, agency: str, t: Translator, *, gone: bool, now: datetime) -> Event:
    event = Event()
    event.add("UID", f"{filed.code}@nhipcau")
    # A withdrawal is a change of this one entry, which the event's own number does not count.
    event.add("SEQUENCE", filed.sequence + (1 if gone else 0))
    event.add("DTSTAMP", now)
    if filed.starts_at is not None:
        event.add("DTSTART", filed.starts_at.astimezone(t.zone))
    if filed.ends_at is not None:
        event.add("DTEND", filed.ends_at.astimezone(t.zone))
    event.add("SUMMARY", one_line(filed.title(t.language)))
    event.add("STATUS", "CANCELLED" if gone else "CONFIRMED")
    place, link = filed.details.get("place"), filed.details.get("link")
    if place:
        event.add("LOCATION", one_line(place[t.language.value]))
    elif link:
        event.add("LOCATION", one_line(link))
    if link:
        event.add("URL", one_line(link))
    event.add("DESCRIPTION", "\n".join(one_line(line) for line in _description(filed, agency, t)))
    organizer = vCalAddress(_NO_ADDRESS)
    organizer.params["CN"] = vText(one_line(agency).replace('"', "'"))
    event["ORGANIZER"] = organizer
    return event


def _description(filed: Filed, agency: str, t: Translator) -> list[str]:
    lines = [
        t("Your code at the entrance: {code}", code=filed.code),
        t("Held by: {agency}", agency=agency),
    ]
    return [*lines, filed.details["note"][t.language.value]] if filed.sample else lines
