"""What a duty means in dates: its periods, when each is due, who owes it, when to remind. No database here.

Data windows are those of Decree 09/2019/NĐ-CP, article 12: a year runs from 15 December to 14 December,
its halves meet on 14 and 15 June.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from bot.services.calendar.working_days import WorkingCalendar
from content.model import AgencyDefinition, Content, Duty

_CUT_OFFS = {
    ("yearly", "decree-09-2019"): ((12, 14),),
    ("six-month", "decree-09-2019"): ((6, 14), (12, 14)),
    ("yearly", "calendar-year"): ((12, 31),),
    ("six-month", "calendar-year"): ((6, 30), (12, 31)),
}


@dataclass(frozen=True, slots=True)
class Period:
    """What a report is about; ``end`` is the data cut-off and belongs to it."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class DuePeriod:
    """A period and the last day for handing in its report."""

    period: Period
    due_on: date


def periods(duty: Duty, first_year: int, last_year: int) -> list[Period]:
    """The duty's periods that end in these years, in order: each begins the day after the one before ends."""
    cut_offs = _CUT_OFFS[duty.frequency, duty.cut_off]
    ends = [date(year, month, day) for year in range(first_year - 1, last_year + 1) for month, day in cut_offs]
    return [Period(before + timedelta(days=1), end) for before, end in pairwise(ends) if end.year >= first_year]


def due_on(duty: Duty, period: Period, calendar: WorkingCalendar) -> date:
    """The last day for handing in, after the duty's policy for days off."""
    rule = duty.due
    if rule.working_days_after_cut_off is not None:
        return calendar.add_working_days(period.end, rule.working_days_after_cut_off)
    if rule.day_of_month is not None:
        formal = _day_of_month(period.end.year, period.end.month, rule.day_of_month)
    elif rule.date is not None:
        month, day = (int(part) for part in rule.date.split("-"))
        formal = _day_of_month(period.end.year, month, day)
    else:
        raise ValueError(f"duty {duty.slug} says no due date")
    return on_working_day(formal, duty.on_day_off, calendar)


def on_working_day(day: date, policy: str, calendar: WorkingCalendar) -> date:
    """Where a date goes when it is a day off: ``next`` or ``previous`` working day, or ``none``: it stays."""
    if policy == "next":
        return calendar.next_working_day(day)
    if policy == "previous":
        return calendar.previous_working_day(day)
    return day


def due_between(duty: Duty, first: date, last: date, calendar: WorkingCalendar) -> list[DuePeriod]:
    """The duty's periods whose report is due on one of these days, both included."""
    # A paper that is due early in the year it is for has a cut-off long after it.
    dated = (
        DuePeriod(period, due_on(duty, period, calendar)) for period in periods(duty, first.year - 1, last.year + 1)
    )
    return [each for each in dated if first <= each.due_on <= last]


def owing(duty: Duty, known: Content) -> list[AgencyDefinition]:
    """The agencies that owe a duty."""
    by = duty.owed_by
    return [
        agency
        for agency in known.agencies.values()
        if agency.owes and agency.slug not in by.exclude and (agency.kind in by.kinds or agency.slug in by.agencies)
    ]


def ladder(steps: Iterable[int], due: date, calendar: WorkingCalendar) -> dict[int, date]:
    """The day of each reminder, never a day off: working days before (-) or after (+) the due date.

    Where the due date itself is a day off, the day of reckoning is the working day before it.
    """
    reckoned = calendar.previous_working_day(due)
    return {step: calendar.add_working_days(reckoned, step) for step in sorted(set(steps))}


def _day_of_month(year: int, month: int, day: int) -> date:
    """That day, or the month's last if it is shorter."""
    return date(year, month, min(day, gregorian.monthrange(year, month)[1]))
