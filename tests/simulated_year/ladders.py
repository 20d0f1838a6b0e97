"""When reports are due, when to remind of them and whom: the rules of the duties as shipped, worked out by hand."""

from __future__ import annotations

from datetime import date, datetime, time

from tests.simulated_year.days import or_next, or_previous, worked_day
from tests.simulated_year.story import Report

LEAD = "so-cong-thuong"
CITY = "ubnd-thanh-pho"
USUAL = (-15, -7, -3, -1, 0, 1, 3, 5)
LADDER = {
    "yearly-report-to-sct": USUAL,
    "half-year-report": USUAL,
    "yearly-implementation-plan": USUAL,
    "consolidated-report": (-15, -10, -7, -3, -1, 0, 1, 3, 5),
}
AFTER_ACKNOWLEDGEMENT = (-1, 0, 1, 3, 5)
CORRECTION = (-3, -1, 0, 1, 3)


def due_dates(first: date, last: date, agencies: dict[str, str]) -> dict[Report, date]:
    """What is due from one day to another.

    Reports under the decree close on 14 December, half-years on 14 June too, and are due two worked days later; the
    consolidated one is due on 20 December; the plan for a year on 31 January of it. A day off gives way to the next
    worked day. Plans are owed by everybody, reports by everybody but the lead agency, which consolidates them.
    """
    found: dict[Report, date] = {}
    for year in range(first.year - 1, last.year + 2):
        half, whole = date(year, 6, 14), date(year, 12, 14)
        by_all = {("yearly-implementation-plan", date(year, 12, 31)): or_next(date(year, 1, 31))}
        by_lead = {("consolidated-report", whole): or_next(date(year, 12, 20))}
        by_others = {
            ("yearly-report-to-sct", whole): worked_day(whole, 2),
            ("half-year-report", half): worked_day(half, 2),
            ("half-year-report", whole): worked_day(whole, 2),
        }
        for agency in agencies:
            mine = by_all | (by_lead if agency == LEAD else by_others)
            found |= {Report((duty, agency, end)): due for (duty, end), due in mine.items() if first <= due <= last}
    return found


def ladder(duty: str, due: date) -> dict[int, date]:
    """The day of each step; for a due date on a day off they are counted from the worked day before."""
    return {step: worked_day(or_previous(due), step) for step in LADDER[duty]}


def named_by(step: int) -> tuple[str, ...]:
    """Whom a step is for."""
    if step == -15:
        return ("holder", "head")
    if step in (-10, -7):
        return ("holder",)
    if step <= 0:
        return ("holder", "deputy")
    return ("holder", "deputy", "head")


def is_quiet(now: datetime) -> bool:
    """From nine in the evening to half past seven."""
    return now.time() >= time(21) or now.time() < time(7, 30)
