"""The hours of the night in which only what a person is waiting for is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``start`` to ``end`` in local time, usually past midnight; the same time twice means never."""

    start: time
    end: time
    zone: ZoneInfo

    def covers(self, now: datetime) -> bool:
        """Whether this moment lies in the quiet hours; their end no longer does."""
        at = now.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def end_after(self, now: datetime) -> datetime:
        """The next moment at which quiet hours end."""
        local = now.astimezone(self.zone)
        day = local.date() if local.time() < self.end else local.date() + timedelta(days=1)
        return datetime.combine(day, self.end, self.zone)
