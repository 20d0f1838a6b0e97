"""What holds for windows and due dates of whatever duty somebody may write."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.services.duties import due_dates, windows
from bot.services.duties.windows import Period
from content.duty_model import Duty
from tests.test_duties import CALENDAR, duty

A_YEAR = {"weekly": 52, "monthly": 12, "quarterly": 4, "six-month": 2, "nine-month": 1, "yearly": 1}
BY_MONTHS = tuple(frequency for frequency in A_YEAR if frequency != "weekly")
ONE_DAY = timedelta(days=1)

CUT_OFFS = st.one_of(
    st.sampled_from(["decree-09-2019", "calendar"]), st.builds(lambda day: {"day": day}, st.integers(1, 31))
)
WORKING_DAYS = st.builds(lambda count: {"working_days_after_cut_off": count}, st.integers(1, 40))
DAYS_OF_MONTH = st.builds(
    lambda day, later: {"day_of_month": day, "months_later": later}, st.integers(1, 31), st.integers(0, 12)
)
DATES = st.builds(lambda day: {"date": f"{day:%m-%d}"}, st.dates(date(2024, 1, 1), date(2024, 12, 31)))


@st.composite
def duties(draw: st.DrawFn, policies: tuple[str, ...] = ("next", "previous", "none")) -> Duty:
    """Any duty that recurs by itself."""
    frequency = draw(st.sampled_from(list(A_YEAR)))
    if frequency == "weekly":
        cut_off: Any = {"weekday": draw(st.integers(1, 7))}
        due = draw(WORKING_DAYS)
    else:
        cut_off = draw(CUT_OFFS)
        once_a_year = (DATES,) if A_YEAR[frequency] == 1 else ()
        due = draw(st.one_of(WORKING_DAYS, DAYS_OF_MONTH, *once_a_year))
    return duty(frequency=frequency, cut_off=cut_off, due=due, on_day_off=draw(st.sampled_from(policies)))


YEARS = st.integers(2024, 2034)


@given(duties(), YEARS, st.integers(0, 3))
def test_consecutive_windows_meet_without_gap_or_overlap(any_duty: Duty, first: int, more: int) -> None:
    found = windows.periods(any_duty, first, first + more)
    a_year = A_YEAR[any_duty.frequency]
    assert a_year * (more + 1) <= len(found) <= (a_year + (a_year == 52)) * (more + 1)
    assert all(first <= each.end.year <= first + more and each.start <= each.end for each in found)
    for before, after in pairwise(found):
        if any_duty.frequency == "nine-month":
            assert before.end < after.start
        else:
            assert after.start == before.end + ONE_DAY


@given(duties(), YEARS)
def test_years_asked_for_one_by_one_are_the_same_as_together(any_duty: Duty, year: int) -> None:
    together = windows.periods(any_duty, year, year + 1)
    assert together == windows.periods(any_duty, year, year) + windows.periods(any_duty, year + 1, year + 1)


@given(duties(("next", "previous")), YEARS)
def test_nothing_is_due_on_a_day_off(any_duty: Duty, year: int) -> None:
    for period in windows.periods(any_duty, year, year):
        assert CALENDAR.is_working_day(due_dates.due_on(any_duty, period, CALENDAR))


@given(duties(), YEARS)
def test_a_later_period_is_never_due_earlier(any_duty: Duty, year: int) -> None:
    dates = [due_dates.due_on(any_duty, period, CALENDAR) for period in windows.periods(any_duty, year, year + 1)]
    assert dates == sorted(dates)
    # Two weeks may end within one Tết and are due on the same day after it.
    assert any_duty.frequency == "weekly" or len(set(dates)) == len(dates)


@given(duties(), YEARS)
def test_so_many_working_days_after_the_cut_off_leave_at_least_one(any_duty: Duty, year: int) -> None:
    if any_duty.due is None or any_duty.due.working_days_after_cut_off is None:
        return
    for period in windows.periods(any_duty, year, year):
        due = due_dates.due_on(any_duty, period, CALENDAR)
        assert CALENDAR.working_days_between(period.end, due) == any_duty.due.working_days_after_cut_off


@settings(max_examples=60, deadline=None)
@given(duties(), st.dates(date(2026, 1, 1), date(2030, 12, 31)), st.integers(0, 400))
def test_nothing_that_is_due_between_two_days_is_overlooked(any_duty: Duty, first: date, days: int) -> None:
    last = first + timedelta(days=days)
    every = windows.periods(any_duty, first.year - 5, last.year + 5)
    wanted = [each for each in every if first <= due_dates.due_on(any_duty, each, CALENDAR) <= last]
    assert [each.period for each in due_dates.due_between(any_duty, first, last, CALENDAR)] == wanted


@pytest.mark.parametrize(
    "frequency, cut_off, expected",
    [
        ("monthly", "decree-09-2019", [("2026-12-15", "2027-01-14"), ("2027-01-15", "2027-02-14")]),
        ("monthly", {"day": 31}, [("2027-01-01", "2027-01-31"), ("2027-02-01", "2027-02-28")]),
        ("monthly", {"day": 30}, [("2026-12-31", "2027-01-30"), ("2027-01-31", "2027-02-28")]),
        ("quarterly", "decree-09-2019", [("2026-12-15", "2027-03-14"), ("2027-03-15", "2027-06-14")]),
        ("quarterly", "calendar", [("2027-01-01", "2027-03-31"), ("2027-04-01", "2027-06-30")]),
        ("nine-month", "decree-09-2019", [("2026-12-15", "2027-09-14")]),
        ("nine-month", "calendar", [("2027-01-01", "2027-09-30")]),
        ("yearly", {"day": 30}, [("2026-12-31", "2027-12-30")]),
        ("weekly", {"weekday": 5}, [("2026-12-26", "2027-01-01"), ("2027-01-02", "2027-01-08")]),
        ("weekly", {"weekday": 7}, [("2026-12-28", "2027-01-03"), ("2027-01-04", "2027-01-10")]),
    ],
)
def test_the_first_windows_of_2027(frequency: str, cut_off: Any, expected: list[tuple[str, str]]) -> None:
    by_week = {"due": {"working_days_after_cut_off": 1}} if frequency == "weekly" else {}
    found = windows.periods(duty(frequency=frequency, cut_off=cut_off, **by_week), 2027, 2027)
    assert [(f"{each.start}", f"{each.end}") for each in found[:2]] == expected


def test_a_month_s_report_may_be_due_the_month_after() -> None:
    monthly = duty(frequency="monthly", cut_off="calendar", due={"day_of_month": 31, "months_later": 2})
    december = Period(date(2026, 12, 1), date(2026, 12, 31))
    # The last day of February 2027 is a Sunday.
    assert due_dates.due_on(monthly, december, CALENDAR) == date(2027, 3, 1)


def test_listed_periods_say_their_own_day_or_go_by_the_rule() -> None:
    listed = duty(
        frequency="dates",
        periods=[
            {"start": "2027-07-01", "end": "2027-07-31", "due": "2030-02-02"},
            {"start": "2027-01-01", "end": "2027-03-31"},
        ],
        due={"working_days_after_cut_off": 3},
    )
    found = due_dates.due_between(listed, date(2027, 1, 1), date(2030, 12, 31), CALENDAR)
    assert [(each.period.end, each.due_on) for each in found] == [
        (date(2027, 3, 31), date(2027, 4, 5)),
        # A Saturday, moved behind the Tết of 2030 that the library foresees.
        (date(2027, 7, 31), date(2030, 2, 7)),
    ]
    once = duty(frequency="once", periods=[{"start": "2027-01-01", "end": "2027-03-31"}], on_day_off="previous",
                due={"date": "05-01"})  # fmt: skip
    (only,) = due_dates.due_between(once, date(2027, 1, 1), date(2027, 12, 31), CALENDAR)
    assert only.due_on == date(2027, 4, 29)


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"frequency": "six-month", "due": {"date": "01-31"}}, "once a year"),
        ({"frequency": "weekly", "cut_off": {"weekday": 5}, "due": {"day_of_month": 3}}, "working_days_after_cut_off"),
        ({"frequency": "weekly"}, "`weekday`"),
        ({"cut_off": {"weekday": 5}}, "`weekday`"),
        ({"frequency": "once"}, "lists its `periods`"),
        ({"frequency": "once", "periods": [{"start": "2027-01-01", "end": "2027-02-01"}] * 2}, "one period"),
        ({"frequency": "dates", "periods": [{"start": "2027-01-01", "end": "2027-02-01"}] * 2}, "end on the same day"),
        ({"frequency": "dates", "periods": [{"start": "2027-03-01", "end": "2027-02-01"}]}, "before it starts"),
        ({"due": None}, "`due` is missing"),
        ({"due": {"day_of_month": 1, "date": "01-31"}}, "exactly one of"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        duty(**changes)
