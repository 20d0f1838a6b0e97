"""Until when a report is due, who owes it, and when to remind of it. No database here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.services.calendar.working_days import WorkingCalendar
from bot.services.duties.windows import Period, day_of_month, periods
from content.duty_model import Duty
from content.model import AgencyDefinition, Content


@dataclass(frozen=True, slots=True)
class DuePeriod:
    """A period and the last day for handing in its report."""

    period: Period
    due_on: date


def due_on(duty: Duty, period: Period, calendar: WorkingCalendar) -> date:
    """The last day for handing in, after the duty's policy for days off."""
    return on_working_day(_formal(duty, period, calendar), duty.on_day_off, calendar)


def on_working_day(day: date, policy: str, calendar: WorkingCalendar) -> date:
    """Where a date goes when it is a day off: ``next`` or ``previous`` working day, or ``none``: it stays."""
    if policy == "next":
        return calendar.next_working_day(day)
    if policy == "previous":
        return calendar.previous_working_day(day)
    return day


def due_between(duty: Duty, first: date, last: date, calendar: WorkingCalendar) -> list[DuePeriod]:
    """The duty's periods whose report is due on one of these days, both included."""
    if duty.periods:
        possible = [Period(each.start, each.end) for each in sorted(duty.periods, key=lambda each: each.end)]
    else:
        # A paper that is due early in the year it is for has a cut-off long after it; a late one long before.
        possible = periods(duty, first.year - 2, last.year + 1)
    dated = (DuePeriod(period, due_on(duty, period, calendar)) for period in possible)
    return [each for each in dated if first <= each.due_on <= last]


def owing(duty: Duty, known: Content) -> list[AgencyDefinition]:
    """The agencies that owe a duty."""
    by = duty.owed_by
    return [
        agency
        for agency in known.agencies.values()
        if agency.owes
        and agency.slug not in by.exclude
        and (by.all or agency.kind in by.kinds or agency.slug in by.agencies)
    ]


def ladder(steps: Iterable[int], due: date, calendar: WorkingCalendar) -> dict[int, date]:
    """The day of each reminder, never a day off: working days before (-) or after (+) the due date.

    Where the due date itself is a day off, the day of reckoning is the working day before it.
    """
    reckoned = calendar.previous_working_day(due)
    return {step: calendar.add_working_days(reckoned, step) for step in sorted(set(steps))}


def _formal(duty: Duty, period: Period, calendar: WorkingCalendar) -> date:
    """The due date as the rule says it, which may be a day off."""
    for listed in duty.periods:
        if listed.due is not None and (listed.start, listed.end) == (period.start, period.end):
            return listed.due
    rule = duty.due
    if rule is None:
        raise ValueError(f"duty {duty.slug} says no due date")
    if rule.working_days_after_cut_off is not None:
        return calendar.add_working_days(period.end, rule.working_days_after_cut_off)
    if rule.day_of_month is not None:
        years, month = divmod(period.end.month - 1 + rule.months_later, 12)
        return day_of_month(period.end.year + years, month + 1, rule.day_of_month)
    if rule.date is None:
        raise ValueError(f"duty {duty.slug} says no due date")
    month, day = (int(part) for part in rule.date.split("-"))
    return day_of_month(period.end.year, month, day)
