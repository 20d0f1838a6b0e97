"""Periods, due dates and reminder days, beside the worked examples of the reporting law."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.calendar.working_days import WorkingCalendar
from bot.services.duties import due_dates, windows
from bot.services.duties.due_dates import DuePeriod
from bot.services.duties.windows import Period
from content.duty_model import Duty

CALENDAR = WorkingCalendar({date(2026, 1, 2): False, date(2026, 1, 10): True})


def duty(**changes: Any) -> Duty:
    written: dict[str, Any] = {
        "slug": "yearly-report",
        "title": {"vi": "Báo cáo", "en": "Report"},
        "source": "V.1.b",
        "legal_basis": {"vi": "Kế hoạch", "en": "Plan"},
        "frequency": "yearly",
        "cut_off": "decree-09-2019",
        "due": {"working_days_after_cut_off": 2},
        "on_day_off": "next",
        "owed_by": {"kinds": ("ward",)},
        "reminders": (-15, -7, -3, -1, 0, 1, 3),
    }
    return Duty.model_validate(written | changes)


def test_a_year_by_the_decree_runs_from_15_to_14_december() -> None:
    assert windows.periods(duty(), 2026, 2027) == [
        Period(date(2025, 12, 15), date(2026, 12, 14)),
        Period(date(2026, 12, 15), date(2027, 12, 14)),
    ]


def test_half_years_by_the_decree_meet_in_june() -> None:
    assert windows.periods(duty(frequency="six-month"), 2026, 2026) == [
        Period(date(2025, 12, 15), date(2026, 6, 14)),
        Period(date(2026, 6, 15), date(2026, 12, 14)),
    ]


def test_calendar_years() -> None:
    assert windows.periods(duty(cut_off="calendar"), 2027, 2027) == [Period(date(2027, 1, 1), date(2027, 12, 31))]
    assert windows.periods(duty(cut_off="calendar", frequency="six-month"), 2027, 2027) == [
        Period(date(2027, 1, 1), date(2027, 6, 30)),
        Period(date(2027, 7, 1), date(2027, 12, 31)),
    ]


@pytest.mark.parametrize(
    "year, due",
    [
        (2026, date(2026, 12, 16)),
        (2027, date(2027, 12, 16)),
        (2028, date(2028, 12, 18)),
        (2029, date(2029, 12, 18)),
        (2030, date(2030, 12, 17)),
    ],
)
def test_two_working_days_after_14_december(year: int, due: date) -> None:
    (period,) = windows.periods(duty(), year, year)
    assert due_dates.due_on(duty(), period, CALENDAR) == due


MOVED_25THS = {
    2026: {1: (26, 1), 4: (28, 4), 7: (27, 7), 10: (26, 10)},
    2027: {4: (26, 4), 7: (26, 7), 9: (27, 9), 12: (27, 12)},
    2028: {1: (31, 1), 3: (27, 3), 6: (26, 6), 11: (27, 11)},
    2029: {2: (26, 2), 3: (26, 3), 8: (27, 8), 11: (27, 11)},
    2030: {5: (27, 5), 8: (26, 8), 11: (26, 11)},
}


@pytest.mark.parametrize("year", MOVED_25THS)
def test_the_25th_on_a_day_off_moves_to_the_next_working_day(year: int) -> None:
    for month in range(1, 13):
        day, to_month = MOVED_25THS[year].get(month, (25, month))
        assert due_dates.on_working_day(date(year, month, 25), "next", CALENDAR) == date(year, to_month, day)


@pytest.mark.parametrize(
    "policy, due", [("next", date(2026, 12, 21)), ("previous", date(2026, 12, 18)), ("none", date(2026, 12, 20))]
)
def test_the_20th_of_december_2026_is_a_sunday(policy: str, due: date) -> None:
    consolidated = duty(due={"day_of_month": 20}, on_day_off=policy)
    (period,) = windows.periods(consolidated, 2026, 2026)
    assert due_dates.due_on(consolidated, period, CALENDAR) == due


def test_a_day_that_a_month_lacks_is_its_last() -> None:
    early = duty(frequency="six-month", cut_off="calendar", due={"day_of_month": 31}, on_day_off="none")
    assert due_dates.due_on(early, Period(date(2027, 1, 1), date(2027, 6, 30)), CALENDAR) == date(2027, 6, 30)


def test_a_yearly_plan_is_due_early_in_the_year_it_is_for() -> None:
    plan = duty(cut_off="calendar", due={"date": "01-31"})
    assert due_dates.due_between(plan, date(2026, 11, 23), date(2027, 12, 23), CALENDAR) == [
        DuePeriod(Period(date(2027, 1, 1), date(2027, 12, 31)), date(2027, 2, 1))
    ]


def test_what_is_due_between_two_days_includes_both() -> None:
    assert [
        each.due_on for each in due_dates.due_between(duty(), date(2026, 12, 16), date(2027, 12, 16), CALENDAR)
    ] == [
        date(2026, 12, 16),
        date(2027, 12, 16),
    ]
    assert due_dates.due_between(duty(), date(2026, 12, 17), date(2027, 12, 15), CALENDAR) == []


def test_the_ladder_before_the_report_of_2026() -> None:
    assert due_dates.ladder((-15, -7, -3, -1, 0, 1, 3), date(2026, 12, 16), CALENDAR) == {
        -15: date(2026, 11, 25),
        -7: date(2026, 12, 7),
        -3: date(2026, 12, 11),
        -1: date(2026, 12, 15),
        0: date(2026, 12, 16),
        1: date(2026, 12, 17),
        3: date(2026, 12, 21),
    }


def test_a_due_date_on_a_day_off_is_announced_on_the_working_day_before() -> None:
    sunday = date(2026, 12, 20)
    assert due_dates.ladder((-1, 0, 1), sunday, CALENDAR) == {
        -1: date(2026, 12, 17),
        0: date(2026, 12, 18),
        1: date(2026, 12, 21),
    }


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.sets(st.integers(-30, 30), min_size=1))
def test_no_step_falls_on_a_day_off_and_steps_keep_their_order(due: date, steps: set[int]) -> None:
    days = due_dates.ladder(steps, due, CALENDAR)
    assert list(days) == sorted(steps)
    assert all(CALENDAR.is_working_day(day) for day in days.values())
    assert list(days.values()) == sorted(set(days.values()))
