"""What staff changed in the calendar: who, when, what. Only added to, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.calendar import CalendarEvent
from bot.db.models.people import Contact

SHOWN = 40


class What(StrEnum):
    """What can happen. In brackets the particulars in ``Event.details``."""

    ADDED = "added"  # worked, label, document
    CHANGED = "changed"  # worked, label, document; was: the same of before
    TAKEN_OUT = "taken out"  # worked, label, document: what stood there
    ANNOUNCED = "announced"  # document
    NOT_ANNOUNCED = "not announced"  # document: by which it had been


@dataclass(frozen=True, slots=True)
class New:
    """Something to record, about a day or, without one, about the year."""

    year: int
    day: date | None
    what: What
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; ``by`` is empty where somebody has been forgotten."""

    at: datetime
    by: str
    day: date | None
    what: What
    details: dict[str, Any]


async def record(connection: AsyncConnection, events: Sequence[New], *, by: int, now: datetime) -> None:
    """Add what one officer did at one moment."""
    if events:
        await connection.execute(
            insert(CalendarEvent),
            [
                {"year": each.year, "day": each.day, "what": each.what.value, "details": each.details,
                 "by": by, "at": now}
                for each in events
            ],
        )  # fmt: skip


async def of_year(connection: AsyncConnection, year: int, limit: int = SHOWN) -> list[Event]:
    """The newest changes of a year, the newest first."""
    rows = await connection.execute(
        select(CalendarEvent.at, Contact.name, CalendarEvent.day, CalendarEvent.what, CalendarEvent.details)
        .outerjoin(Contact, Contact.id == CalendarEvent.by)
        .where(CalendarEvent.year == year)
        .order_by(CalendarEvent.id.desc())
        .limit(limit)
    )
    return [Event(at, by or "", day, What(what), details) for at, by, day, what, details in rows]


async def version(connection: AsyncConnection) -> int:
    """A number that is another one as soon as anything more has changed."""
    return await connection.scalar(select(func.max(CalendarEvent.id))) or 0
