"""Counting in office hours: evenings, noon, weekends, holidays, swapped days."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.services.calendar.working_days import WorkingCalendar
from bot.services.calendar.working_hours import WORKING_DAY, OfficeHours

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HOURS = OfficeHours(WorkingCalendar({date(2026, 1, 2): False, date(2026, 1, 10): True}), ZONE)
UNTOUCHED = OfficeHours(WorkingCalendar(), ZONE)


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    "start,amount,end",
    [
        ("2026-11-23T09:00", timedelta(hours=4), "2026-11-23T14:00"),  # over noon
        ("2026-11-23T08:00", timedelta(hours=4), "2026-11-23T12:00"),  # exactly until noon
        ("2026-11-23T12:30", timedelta(hours=4), "2026-11-23T17:00"),  # asked in the break
        ("2026-11-23T13:00", timedelta(hours=4), "2026-11-23T17:00"),
        ("2026-11-23T13:01", timedelta(hours=4), "2026-11-25T08:01"),  # 24/11, Vietnamese Culture Day, is off
        ("2026-11-23T09:00", WORKING_DAY, "2026-11-25T09:00"),
        ("2026-11-27T18:00", timedelta(hours=4), "2026-11-30T12:00"),  # Friday evening
        ("2026-11-27T16:00", timedelta(hours=4), "2026-11-30T11:00"),
        ("2026-11-28T10:00", WORKING_DAY, "2026-11-30T17:00"),  # Saturday
        ("2026-11-25T06:00", timedelta(hours=4), "2026-11-25T12:00"),  # before the office opens
        ("2026-11-25T23:59", timedelta(minutes=1), "2026-11-26T08:01"),
        ("2026-02-13T16:00", timedelta(hours=4), "2026-02-23T11:00"),  # before Tết, off until Sunday 22/02
        ("2026-01-09T16:00", timedelta(hours=4), "2026-01-10T11:00"),  # a Saturday that is worked in exchange
        ("2025-12-31T16:00", timedelta(hours=4), "2026-01-05T11:00"),  # Friday 02/01 is off in exchange
    ],
)
def test_working_time_goes_by_in_office_hours_only(start: str, amount: timedelta, end: str) -> None:
    assert HOURS.add_hours(at(start), amount) == at(end)


@pytest.mark.parametrize(
    "now,on_duty,opening",
    [
        ("2026-11-23T07:59", False, "2026-11-23T08:00"),
        ("2026-11-23T08:00", True, "2026-11-25T08:00"),
        ("2026-11-23T12:30", True, "2026-11-25T08:00"),
        ("2026-11-23T16:59", True, "2026-11-25T08:00"),
        ("2026-11-23T17:00", False, "2026-11-25T08:00"),
        ("2026-11-24T10:00", False, "2026-11-25T08:00"),
        ("2026-11-27T18:00", False, "2026-11-30T08:00"),
        ("2026-02-14T09:00", False, "2026-02-23T08:00"),
        ("2026-01-10T09:00", True, "2026-01-12T08:00"),
    ],
)
def test_who_is_on_duty_and_when_they_are_back(now: str, on_duty: bool, opening: str) -> None:
    assert HOURS.on_duty(at(now)) is on_duty
    assert HOURS.next_opening(at(now)) == at(opening)


def test_without_a_decree_a_saturday_is_off() -> None:
    """What is decreed counts, so the table above can fail."""
    plain = OfficeHours(WorkingCalendar({date(2026, 1, 10): False}), ZONE)
    assert plain.add_hours(at("2026-01-09T16:00"), timedelta(hours=4)) == at("2026-01-12T11:00")


@pytest.mark.parametrize(
    "start,count,end",
    [
        ("2026-11-23T09:30", 10, "2026-12-08T09:30"),
        ("2026-11-28T20:00", 1, "2026-11-30T20:00"),
    ],
)
def test_working_days_later_at_the_same_time(start: str, count: int, end: str) -> None:
    assert UNTOUCHED.add_days(at(start), count) == at(end)
