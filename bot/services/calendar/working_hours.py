"""The hours in which officers answer, and counting in them. Pure: the calendar and the zone are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.services.calendar.working_days import WorkingCalendar

OPENS, CLOSES = time(8), time(17)
# What is counted: not the break at noon.
SHIFTS = ((OPENS, time(12)), (time(13), CLOSES))
WORKING_DAY = timedelta(hours=8)

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When public offices are open, by their calendar."""

    calendar: WorkingCalendar
    zone: ZoneInfo

    def on_duty(self, now: datetime) -> bool:
        """Whether officers answer at this moment; the break at noon is no reason to send anybody away."""
        local = now.astimezone(self.zone)
        return self.calendar.is_working_day(local.date()) and OPENS <= local.time() < CLOSES

    def next_opening(self, now: datetime) -> datetime:
        """When the offices open next after this moment."""
        local = now.astimezone(self.zone)
        day = local.date() if local.time() < OPENS else local.date() + _ONE_DAY
        return datetime.combine(self.calendar.next_working_day(day), OPENS, self.zone)

    def add_hours(self, start: datetime, amount: timedelta) -> datetime:
        """The moment by which so much working time has passed since ``start``."""
        local = start.astimezone(self.zone)
        day, left = local.date(), amount
        while True:
            for opens, closes in self._shifts(day):
                begins = max(opens, local)
                if left <= closes - begins:
                    return begins + left
                left -= max(closes - begins, timedelta(0))
            day += _ONE_DAY

    def add_days(self, start: datetime, count: int) -> datetime:
        """The same time of day, so many working days later."""
        local = start.astimezone(self.zone)
        return datetime.combine(self.calendar.add_working_days(local.date(), count), local.time(), self.zone)

    def _shifts(self, day: date) -> list[tuple[datetime, datetime]]:
        if not self.calendar.is_working_day(day):
            return []
        return [(datetime.combine(day, opens, self.zone), datetime.combine(day, closes, self.zone))
                for opens, closes in SHIFTS]  # fmt: skip
