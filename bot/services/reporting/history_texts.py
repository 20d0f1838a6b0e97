"""The history of an obligation in words, a line for each thing that happened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from bot.i18n import Translator
from bot.services.reporting.history import Event, What


def line(event: Event, reader: int, t: Translator) -> str:
    """When, who, what. ``reader`` is the contact who reads it."""
    return t("{when}: {what}", when=t.moment(event.at), what=_what(event, _who(event, reader, t), t))


def reminded(at: datetime, day: int, t: Translator) -> str:
    """A reminder that was sent, so many working days from the due date."""
    if day == 0:
        what = t("A reminder was sent, on the due date.")
    elif day < 0:
        what = t.plural(
            "A reminder was sent, {number} working day before the due date.",
            "A reminder was sent, {number} working days before the due date.",
            -day,
        )
    else:
        what = t.plural(
            "A reminder was sent, {number} working day after the due date.",
            "A reminder was sent, {number} working days after the due date.",
            day,
        )
    return t("{when}: {what}", when=t.moment(at), what=what)


def _who(event: Event, reader: int, t: Translator) -> str:
    if event.contact_id == reader:
        return t("you")
    return event.name or t("somebody whose data has been erased")


def _what(event: Event, name: str, t: Translator) -> str:
    given = event.details
    match event.what:
        case What.OPENED:
            return t("{name} opened it for the first time.", name=name)
        case What.ACKNOWLEDGED:
            return t("{name} acknowledged it.", name=name)
        case What.PLANNED:
            return t("{name} planned to hand it in on {date}.", name=name, date=_date(given, "on", t))
        case What.SNOOZED:
            return t("{name} asked to be reminded at {when}.", name=name, when=_moment(given, "until", t))
        case What.NOT_MINE:
            return t("{name} said that it is not theirs.", name=name)
        case What.MINE_AGAIN:
            return t("{name} said that it is theirs after all.", name=name)
        case What.EXTENSION_ASKED:
            return t(
                "{name} asked for more time until {date}: {reason}",
                name=name,
                date=_date(given, "until", t),
                reason=given.get("reason", ""),
            )
        case What.EXTENSION_GRANTED:
            return t("{name} granted more time until {date}.", name=name, date=_date(given, "until", t))
        case What.EXTENSION_REFUSED:
            return _with_reason(t("{name} refused more time.", name=name), given.get("why"))
        case What.NUDGED if event.contact_id is not None:
            return t("{name} had the agency reminded.", name=name)
        case What.HANDED_OVER:
            return t("{name} handed it over to a colleague.", name=name)
    return _of_the_report(event, name, t)


def _of_the_report(event: Event, name: str, t: Translator) -> str:
    given = event.details
    match event.what:
        case What.SUBMITTED:
            said = t("{name} handed it in, version {version}", name=name, version=given.get("version", 1))
            late = t("after the due date") if given.get("late") else t("on time")
            code = t("code {code}", code=given["code"]) if given.get("code") else ""
            return ", ".join(part for part in (said, late, code) if part) + "."
        case What.RETURNED:
            return _with_reason(t("{name} returned it to be corrected.", name=name), given.get("remarks"))
        case What.ACCEPTED:
            return t("{name} accepted it.", name=name)
        case What.DUE_MOVED:
            moved = t("The due date moved from {old} to {new}.", old=_date(given, "from", t), new=_date(given, "to", t))
            return _with_reason(moved, because(given.get("because"), t))
        case What.WITHDRAWN:
            return _with_reason(t("It is no longer owed."), because(given.get("because"), t))
        case What.RESTORED:
            return _with_reason(t("It is owed again."), because(given.get("because"), t))
    return t("The agency was reminded.")


def _with_reason(text: str, reason: Any) -> str:
    return f"{text} {reason}" if reason else text


def because(why: str | None, t: Translator) -> str:
    """Why the program changed a date (``planning.differences.Because``), as a sentence; empty where nobody knows."""
    match why:
        case "duty":
            return t("The duty to report was changed.")
        case "calendar":
            return t("The calendar of working days was changed.")
        case "content":
            return t("The duties or agencies the assistant knows were changed.")
    return ""


def _date(given: dict[str, Any], key: str, t: Translator) -> str:
    written = given.get(key)
    return t.date(date.fromisoformat(written)) if written else "?"


def _moment(given: dict[str, Any], key: str, t: Translator) -> str:
    written = given.get(key)
    return t.moment(datetime.fromisoformat(written)) if written else "?"
