"""Working days, counted by hand from a list that was written by hand.

The list is that of the rules (public holidays and official swaps of 2026 to 2028, as they fall on weekdays); nothing of
the program and no holiday library is used here.
"""

from __future__ import annotations

from datetime import date, timedelta

DAYS_OFF = {
    # 2026: New Year and the swap for 2 January; Tết; Hùng Kings (in lieu); 30 April, 1 May; National Day with its swap;
    # Vietnam Culture Day.
    *("2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20"),
    *("2026-04-27", "2026-04-30", "2026-05-01", "2026-08-31", "2026-09-01", "2026-09-02", "2026-11-24"),
    # 2027, not announced yet.
    *("2027-01-01", "2027-02-04", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-02-10"),
    *("2027-04-16", "2027-04-30", "2027-05-03", "2027-09-02", "2027-09-03", "2027-11-24"),
    # 2028, not announced yet.
    *("2028-01-03", "2028-01-24", "2028-01-25", "2028-01-26", "2028-01-27", "2028-01-28", "2028-01-29"),
    *("2028-04-04", "2028-05-01", "2028-05-02", "2028-09-01", "2028-09-04", "2028-11-24"),
}  # fmt: skip
# Saturdays worked in exchange for a day off.
WORKED_SATURDAYS = {"2026-01-10", "2026-08-22"}

SATURDAY = 5


def is_worked(day: date) -> bool:
    """Whether offices are open."""
    if day.isoformat() in WORKED_SATURDAYS:
        return True
    return day.weekday() < SATURDAY and day.isoformat() not in DAYS_OFF


def worked_day(day: date, count: int) -> date:
    """The worked day so many worked days after (before, if negative) another; the day itself is not counted."""
    direction = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += direction
        if is_worked(day):
            left -= 1
    return day


def or_next(day: date) -> date:
    """The day, or the next that is worked."""
    return day if is_worked(day) else worked_day(day, 1)


def or_previous(day: date) -> date:
    """The day, or the last before it that is worked."""
    return day if is_worked(day) else worked_day(day, -1)


def worked_since(day: date, today: date) -> int:
    """How many worked days have come after a day, today included; 0 for a day that is still to come."""
    count = 0
    while day < today:
        day += timedelta(days=1)
        count += is_worked(day)
    return count
