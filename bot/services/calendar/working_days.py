"""Working days of public offices: what was decreed, else the holiday library, else the weekend.

The library knows the law's holidays and the swaps up to its release; a swap it missed is a row of
``calendar_override`` with the document that ordered it. Years that the government has not announced
yet are the library's guess, and ``WorkingCalendar.is_provisional`` says so until an officer confirms the year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.calendar import CalendarOverride, CalendarYear
from bot.db.upsert import insert_or_ignore

# Days off and swaps are announced year by year; 2027 had not been when this was written.
LAST_ANNOUNCED_YEAR = 2026

_SWAP_2026 = "Công văn số 12729/VPCP-KGVX ngày 25/12/2025"
_KNOWN_SWAPS = (
    {
        "day": date(2026, 1, 2),
        "kind": "off",
        "label_vi": "Nghỉ hoán đổi dịp Tết Dương lịch 2026",
        "label_en": "Day off in exchange, New Year 2026",
        "source_document": _SWAP_2026,
    },
    {
        "day": date(2026, 1, 10),
        "kind": "work",
        "label_vi": "Làm bù cho ngày 02/01/2026",
        "label_en": "Worked in exchange for 2 January 2026",
        "source_document": _SWAP_2026,
    },
)

_ONE_DAY = timedelta(days=1)
_DECREED = select(CalendarOverride.day, CalendarOverride.kind)
_ANNOUNCED = select(CalendarYear.year)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked. ``overrides`` says so (True) or not (False) for days that were decreed.

    ``announced`` are years whose days off an officer has confirmed, besides those known when this was written.
    """

    overrides: Mapping[date, bool] = field(default_factory=dict)
    announced: frozenset[int] = frozenset()

    def is_working_day(self, day: date) -> bool:
        decreed = self.overrides.get(day)
        if decreed is not None:
            return decreed
        off, worked = _library(day.year)
        return day in worked if day.weekday() >= 5 else day not in off

    def next_working_day(self, day: date) -> date:
        """The day itself if it is worked, else the first worked day after it."""
        while not self.is_working_day(day):
            day += _ONE_DAY
        return day

    def previous_working_day(self, day: date) -> date:
        """The day itself if it is worked, else the last worked day before it."""
        while not self.is_working_day(day):
            day -= _ONE_DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th worked day after ``day``, before it when negative; ``day`` itself is never counted."""
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many worked days come after ``start`` up to and including ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + timedelta(days=ahead) for ahead in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)

    def is_provisional(self, day: date) -> bool:
        """Whether the holidays of that year are not announced yet, so that the date may still move."""
        return day.year > LAST_ANNOUNCED_YEAR and day.year not in self.announced


async def load(connection: AsyncConnection) -> WorkingCalendar:
    """The calendar with everything that was decreed."""
    rows = await connection.execute(_DECREED)
    overrides = {day: kind == "work" for day, kind in rows}
    return WorkingCalendar(overrides, frozenset(await connection.scalars(_ANNOUNCED)))


async def seed(connection: AsyncConnection, now: datetime) -> None:
    """Add the official swaps that the library doesn't know; rows that exist stay as staff left them."""
    rows = [swap | {"created_at": now} for swap in _KNOWN_SWAPS]
    await connection.execute(insert_or_ignore(connection, CalendarOverride).values(rows))


@cache
def _library(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """(days off, weekend days worked) of a year. Loading the library takes a while, so it waits until needed."""
    from holidays import country_holidays

    calendar = country_holidays("VN", years=year)
    return frozenset(calendar), frozenset(calendar.weekend_workdays)
