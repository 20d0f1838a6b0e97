"""Which days public offices work, beside the official announcements of 2026 and the library's list."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.db.engine import Database
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar

OFFICIAL = WorkingCalendar({date(2026, 1, 2): False, date(2026, 1, 10): True})
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    "day, worked",
    [
        (date(2026, 1, 1), False),  # New Year
        (date(2026, 1, 2), False),  # swapped for 10 January, which the library doesn't know
        (date(2026, 1, 3), False),  # Saturday
        (date(2026, 1, 10), True),  # Saturday, worked in exchange
        (date(2026, 2, 13), True),
        (date(2026, 2, 16), False),  # Tết
        (date(2026, 2, 20), False),
        (date(2026, 2, 23), True),
        (date(2026, 4, 27), False),  # Hùng Kings, observed
        (date(2026, 8, 22), True),  # Saturday, worked for 31 August
        (date(2026, 8, 31), False),
        (date(2026, 11, 24), False),  # Culture Day
        (date(2026, 12, 14), True),
        (date(2027, 5, 3), False),  # 1 May is a Saturday
    ],
)
def test_days_as_announced(day: date, worked: bool) -> None:
    assert OFFICIAL.is_working_day(day) is worked


def test_what_was_decreed_is_stronger_than_library_and_weekend() -> None:
    calendar = WorkingCalendar({date(2026, 11, 24): True, date(2026, 11, 28): True, date(2026, 11, 25): False})
    assert calendar.is_working_day(date(2026, 11, 24))
    assert calendar.is_working_day(date(2026, 11, 28))
    assert not calendar.is_working_day(date(2026, 11, 25))


@pytest.mark.parametrize("year, count", [(2026, 249), (2027, 249), (2028, 248), (2029, 249), (2030, 249)])
def test_working_days_of_a_year(year: int, count: int) -> None:
    assert OFFICIAL.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == count


@pytest.mark.parametrize(
    "start, end",
    [
        (date(2026, 12, 14), date(2026, 12, 16)),
        (date(2027, 12, 14), date(2027, 12, 16)),
        (date(2028, 12, 14), date(2028, 12, 18)),
        (date(2029, 12, 14), date(2029, 12, 18)),
        (date(2030, 12, 14), date(2030, 12, 17)),
    ],
)
def test_two_working_days_after_the_cut_off(start: date, end: date) -> None:
    assert OFFICIAL.add_working_days(start, 2) == end


def test_counting_goes_around_tet() -> None:
    assert OFFICIAL.add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 23)
    assert OFFICIAL.add_working_days(date(2026, 2, 23), -1) == date(2026, 2, 13)
    assert OFFICIAL.next_working_day(date(2026, 2, 14)) == date(2026, 2, 23)
    assert OFFICIAL.previous_working_day(date(2026, 2, 22)) == date(2026, 2, 13)
    assert OFFICIAL.working_days_between(date(2026, 2, 13), date(2026, 2, 23)) == 1
    assert OFFICIAL.working_days_between(date(2026, 2, 23), date(2026, 2, 13)) == -1


@given(DAYS, st.integers(-40, 40).filter(bool))
def test_adding_and_counting_agree(day: date, count: int) -> None:
    there = OFFICIAL.add_working_days(day, count)
    assert OFFICIAL.is_working_day(there)
    if OFFICIAL.is_working_day(day):
        assert OFFICIAL.working_days_between(day, there) == count
        assert OFFICIAL.add_working_days(there, -count) == day


@given(DAYS)
def test_the_next_working_day_is_worked_and_nothing_lies_between(day: date) -> None:
    following = OFFICIAL.next_working_day(day)
    assert OFFICIAL.is_working_day(following)
    assert OFFICIAL.working_days_between(day, following) == (0 if following == day else 1)


def test_only_announced_years_are_certain() -> None:
    assert not OFFICIAL.is_provisional(date(2026, 12, 31))
    assert OFFICIAL.is_provisional(date(2027, 1, 29))
    assert not WorkingCalendar(announced=frozenset({2027})).is_provisional(date(2027, 1, 29))


async def test_the_known_swaps_are_in_the_database(database: Database) -> None:
    async with database.reading() as connection:
        calendar = await working_days.load(connection)
    assert not calendar.is_working_day(date(2026, 1, 2))
    assert calendar.is_working_day(date(2026, 1, 10))
