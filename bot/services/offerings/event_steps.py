"""When those with a seat at an event are told of it, laid out ahead as rows of ``event_step``.

Three working days and one working day before (for a Monday that is the Wednesday and the Friday), at half past
eight; two hours before on any day; the morning after, to thank. A step that was sent stays as it is whatever
happens to the event: whoever moves it tells everybody themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.engine import Database
from bot.db.models.offerings import EventStep, Offering
from bot.db.upsert import insert_for
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar

MORNING = time(8, 30)
PLANNED, SENT, DROPPED = "planned", "sent", "dropped"

CANCELLED = "the event was cancelled"
SWITCHED_OFF = "no longer offered"
TOO_LATE = "planned too late"

# An event that ended longer ago than this has nothing left to plan.
_PAST = timedelta(days=7)


class Step(StrEnum):
    """What those with a seat are told, in the order in which it happens."""

    THREE_DAYS = "3d"
    ONE_DAY = "1d"
    TWO_HOURS = "2h"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class Happening:
    """What the notices of an event depend on."""

    id: int
    slug: str
    agency_slug: str
    details: Mapping[str, Any]
    starts_at: datetime
    ends_at: datetime | None
    sample: bool
    active: bool
    cancelled_at: datetime | None
    attendance_closed_at: datetime | None

    @property
    def why_off(self) -> str:
        """Why nobody is to be told of it; empty when it takes place."""
        if self.cancelled_at is not None:
            return CANCELLED
        return "" if self.active else SWITCHED_OFF


@dataclass(frozen=True, slots=True)
class Planned:
    """A step as it is stored."""

    due_at: datetime
    status: str
    note: str | None


def times(
    starts_at: datetime, ends_at: datetime | None, calendar: WorkingCalendar, zone: ZoneInfo
) -> dict[Step, datetime]:
    """When each step of an event is due."""
    day = starts_at.astimezone(zone).date()
    last_day = (ends_at or starts_at).astimezone(zone).date()
    return {
        Step.THREE_DAYS: datetime.combine(calendar.add_working_days(day, -3), MORNING, zone),
        Step.ONE_DAY: datetime.combine(calendar.add_working_days(day, -1), MORNING, zone),
        Step.TWO_HOURS: starts_at - timedelta(hours=2),
        Step.THANKS: datetime.combine(last_day + timedelta(days=1), MORNING, zone),
    }


async def plan(
    connection: AsyncConnection, offering_id: int, calendar: WorkingCalendar, zone: ZoneInfo, now: datetime
) -> None:
    """Plan the steps of an event anew after it was made, moved or cancelled. Nothing for a programme."""
    event = await lock(connection, offering_id)
    if event is None:
        return
    before = await _steps(connection, [offering_id])
    changed = _changes(event, before.get(offering_id, {}), calendar, zone, now)
    if not changed:
        return
    statement = insert_for(connection, EventStep)
    news = {name: statement.excluded[name] for name in ("due_at", "status", "note", "settled_at")}
    statement = statement.on_conflict_do_update(index_elements=["offering_id", "step"], set_=news)
    await connection.execute(statement, changed)


async def plan_all(database: Database, *, zone: ZoneInfo, now: datetime) -> list[str]:
    """The scheduled job: plan what is new or has changed, whoever changed it: content, staff or the calendar."""
    async with database.reading() as connection:
        calendar = await working_days.load(connection)
        events = [_one(row) for row in await connection.execute(_COMING, {"since": now - _PAST})]
        before = await _steps(connection, [event.id for event in events])
    changed = [event for event in events if _changes(event, before.get(event.id, {}), calendar, zone, now)]
    for event in changed:
        async with database.transaction() as connection:
            await plan(connection, event.id, calendar, zone, now)
    return [f"notices planned: {event.slug}" for event in changed]


async def lock(connection: AsyncConnection, offering_id: int) -> Happening | None:
    """An event, kept as it is until the transaction ends; None for a programme."""
    row = (await connection.execute(_LOCKED, {"offering": offering_id})).one_or_none()
    return _one(row) if row else None


def _changes(
    event: Happening,
    before: Mapping[str, Planned],
    calendar: WorkingCalendar,
    zone: ZoneInfo,
    now: datetime,
) -> list[dict[str, Any]]:
    """The rows to write. A step that is due but was not sent yet is left to whoever sends: it may still be of use."""
    found = []
    for step, due_at in times(event.starts_at, event.ends_at, calendar, zone).items():
        old = before.get(step)
        if event.why_off:
            if old is not None and old.status == PLANNED:
                found.append(_row(event, step, old.due_at, DROPPED, event.why_off, now))
            continue
        if old is not None and (old.status == SENT or (old.due_at == due_at and old.note != SWITCHED_OFF)):
            continue
        if due_at > now:
            found.append(_row(event, step, due_at, PLANNED, None, None))
        else:
            found.append(_row(event, step, due_at, DROPPED, TOO_LATE, now))
    return found


def _row(
    event: Happening, step: Step, due_at: datetime, status: str, note: str | None, settled_at: datetime | None
) -> dict[str, Any]:
    return {
        "offering_id": event.id,
        "step": step.value,
        "due_at": due_at,
        "status": status,
        "note": note,
        "settled_at": settled_at,
    }


async def _steps(connection: AsyncConnection, offering_ids: Sequence[int]) -> dict[int, dict[str, Planned]]:
    rows = await connection.execute(
        select(EventStep.offering_id, EventStep.step, EventStep.due_at, EventStep.status, EventStep.note).where(
            among(connection, EventStep.offering_id, offering_ids)
        )
    )
    found: dict[int, dict[str, Planned]] = {}
    for offering_id, step, due_at, status, note in rows:
        found.setdefault(offering_id, {})[step] = Planned(due_at, status, note)
    return found


def _events() -> Select[*tuple[Any, ...]]:
    return select(
        Offering.id,
        Offering.slug,
        Offering.agency_slug,
        Offering.details,
        Offering.starts_at,
        Offering.ends_at,
        Offering.sample,
        Offering.active,
        Offering.cancelled_at,
        Offering.attendance_closed_at,
    ).where(Offering.kind == "event")


_LOCKED = _events().where(Offering.id == bindparam("offering"), Offering.starts_at.is_not(None)).with_for_update()
_COMING = _events().where(Offering.starts_at > bindparam("since", type_=Offering.starts_at.type))


def _one(row: Row[*tuple[Any, ...]]) -> Happening:
    return Happening(*row)
