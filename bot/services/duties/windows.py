"""The windows of data that a duty reports about. Pure.

Decree 09/2019/NĐ-CP, article 12: a month runs from the 15th of the month before to the 14th, and so do quarters, halves
and the year, which begins on 15 December. Nine months are what provinces use beyond the decree. A duty may go by the
calendar instead, or have a window of its own.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from content.duty_model import Duty, OwnCutOff

DECREE_DAY = 14

_LAST_MONTHS = {
    "monthly": tuple(range(1, 13)),
    "quarterly": (3, 6, 9, 12),
    "six-month": (6, 12),
    "nine-month": (9,),
    "yearly": (12,),
}
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """What a report is about; ``end`` is the data cut-off and belongs to it."""

    start: date
    end: date


def periods(duty: Duty, first_year: int, last_year: int) -> list[Period]:
    """The duty's periods that end in these years, in order.

    Each begins the day after the one before ends, but for nine months, which always begin with the year, and for
    periods that the duty lists itself.
    """
    if duty.periods:
        listed = [Period(each.start, each.end) for each in duty.periods if first_year <= each.end.year <= last_year]
        return sorted(listed, key=lambda each: each.end)
    if duty.frequency == "nine-month":
        years = range(first_year, last_year + 1)
        return [Period(_cut_off(duty, year - 1, 12) + _ONE_DAY, _cut_off(duty, year, 9)) for year in years]
    ends = (_weekly if duty.frequency == "weekly" else _ends)(duty, first_year, last_year)
    return [Period(before + _ONE_DAY, end) for before, end in pairwise(ends) if end.year >= first_year]


def day_of_month(year: int, month: int, day: int) -> date:
    """That day, or the month's last if it is shorter."""
    return date(year, month, min(day, gregorian.monthrange(year, month)[1]))


def _ends(duty: Duty, first_year: int, last_year: int) -> Iterator[date]:
    """The cut-offs of these years, with those of the year before them."""
    for year in range(first_year - 1, last_year + 1):
        for month in _LAST_MONTHS[duty.frequency]:
            yield _cut_off(duty, year, month)


def _cut_off(duty: Duty, year: int, month: int) -> date:
    """The last day of data of a period that ends in this month."""
    if isinstance(duty.cut_off, OwnCutOff):
        return day_of_month(year, month, duty.cut_off.day or 31)
    return day_of_month(year, month, DECREE_DAY if duty.cut_off == "decree-09-2019" else 31)


def _weekly(duty: Duty, first_year: int, last_year: int) -> Iterator[date]:
    """The days of the week on which a window ends, from the last one of the year before."""
    if not isinstance(duty.cut_off, OwnCutOff) or duty.cut_off.weekday is None:
        raise ValueError(f"duty {duty.slug} does not say on which day its weeks end")
    end = date(first_year - 1, 12, 31)
    while end.isoweekday() != duty.cut_off.weekday:
        end -= _ONE_DAY
    while end.year <= last_year:
        yield end
        end += timedelta(days=7)
