"""When and where an event is: the lines that pages and notices have in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.i18n import Translator


def time(starts_at: datetime, ends_at: datetime | None, t: Translator) -> str:
    """``08:30-11:30 thứ Ba 19/01/2027``; an end on another day is written out."""
    if ends_at is None:
        return t.moment(starts_at)
    start, end = starts_at.astimezone(t.zone), ends_at.astimezone(t.zone)
    if start.date() != end.date():
        return t("{start} to {end}", start=t.moment(start), end=t.moment(end))
    return f"{start:%H:%M}-{end:%H:%M} {t.date(start.date())}"


def time_and_place(
    details: Mapping[str, Any], starts_at: datetime | None, ends_at: datetime | None, t: Translator
) -> list[str]:
    """A line for each that is known."""
    lines = []
    if starts_at is not None:
        lines.append(t("Time: {time}", time=time(starts_at, ends_at, t)))
    if details.get("place"):
        lines.append(t("Place: {place}", place=details["place"][t.language.value]))
    if details.get("link"):
        lines.append(t("Online at: {link}", link=details["link"]))
    return lines
