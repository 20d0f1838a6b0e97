"""What people type about a report, made exact: a document number, a day. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.vietnamese import clean, fold

LONGEST_NUMBER = 40
SHORTEST_REASON, LONGEST_REASON = 10, 500

# 05/BC-SCT, 12/BC-UBND, 123/2026/BC-UBND, 7a/KH-UBND, 45/UBND-KT, 8/BC-SNN&MT
_DOCUMENT_NUMBER = re.compile(r"\d{1,6}[A-ZĐ]?(/\d{4})?/[A-ZĐ][A-ZĐ0-9&]*([-.][A-ZĐ0-9&]+)*")
_LABEL = re.compile(r"^(số|so|no|number)\b[\s.:]*", re.IGNORECASE)
# Within as many years every date comes, 29 February included.
LEAP_YEARS = 9
_FIRST_YEAR, _LAST_YEAR = 2000, 2099


def document_number(text: str) -> str | None:
    """The number as offices write it, in capitals and without blanks; None when it is not like one."""
    number = re.sub(r"\s+", "", _LABEL.sub("", clean(text))).upper()
    number = number.replace("–", "-").replace("—", "-").replace("Ð", "Đ")
    if len(number) > LONGEST_NUMBER or not _DOCUMENT_NUMBER.fullmatch(number):
        return None
    return number


def day(text: str, today: date) -> date | None:
    """A day written as ``07/12/2026``, ``7-12-26``, ``2026-12-07``, ``ngày 7 tháng 12 năm 2026``, or in a word."""
    said = fold(text)
    if said in ("hom nay", "today"):
        return today
    if said in ("mai", "ngay mai", "tomorrow"):
        return today + timedelta(days=1)
    parts = re.findall(r"[0-9]+", text) if len(text) <= LONGEST_NUMBER else []
    if len(parts) == 1 and len(parts[0]) == len("07122026"):
        parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
    if len(parts) != 3:
        return None
    if len(parts[0]) == len("2026"):
        parts.reverse()
    if len(parts[2]) not in (2, 4):
        return None
    year = int(parts[2]) + (_FIRST_YEAR if len(parts[2]) == 2 else 0)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return date(year, int(parts[1]), int(parts[0]))
    except ValueError:
        return None


def coming_day(text: str, first: date) -> date | None:
    """The same of a day from ``first`` on: where the year was left out, the next one of these that there is."""
    short = re.fullmatch(r"(?:ngay )?([0-9]{1,2})(?: ?[./-] ?| thang )([0-9]{1,2})", fold(text))
    if short is None:
        return day(text, first)
    for year in range(first.year, first.year + LEAP_YEARS):
        found = day(f"{short[1]}/{short[2]}/{year}", first)
        if found is not None and found >= first:
            return found
    return None


def too_old(written: date, period_start: date) -> bool:
    """Whether a document can't be about this period: written more than half a year before it began."""
    return written < period_start - timedelta(days=183)


def reason(text: str) -> str | None:
    """Why more time is needed, as one tidy text; None when it says too little or far too much."""
    tidy = " ".join(clean(text).split())
    return tidy if SHORTEST_REASON <= len(tidy) <= LONGEST_REASON else None
