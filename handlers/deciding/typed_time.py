"""When an event is, as people type it: ``19/01/2027 08:30-11:30``. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.vietnamese import fold

_DATE = r"(?:ngay )?(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"
_TIME = r"(?:tu |luc )?(?P<h1>\d{1,2}) ?(?::|h|gio) ?(?P<m1>\d{2})?"
_END = r"(?: ?(?:-|den|to) ?(?P<h2>\d{1,2}) ?(?::|h|gio) ?(?P<m2>\d{2})?)?"
_SPANS = (re.compile(rf"{_DATE},? {_TIME}{_END}"), re.compile(rf"{_TIME}{_END},? {_DATE}"))


def parse_span(text: str, zone: ZoneInfo) -> tuple[datetime, datetime | None] | None:
    """(beginning, end if one was typed) on one local day; None for anything else, or an end before the beginning."""
    typed = fold(text)
    found = next((match for pattern in _SPANS if (match := pattern.fullmatch(typed))), None)
    if found is None:
        return None
    try:
        day = datetime(int(found["year"]), int(found["month"]), int(found["day"]), tzinfo=zone)
        start = day.replace(hour=int(found["h1"]), minute=int(found["m1"] or 0))
        end = day.replace(hour=int(found["h2"]), minute=int(found["m2"] or 0)) if found["h2"] else None
    except ValueError:
        return None
    return None if end is not None and end <= start else (start, end)
