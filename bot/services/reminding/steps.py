"""The steps of ladders and the reminders that people asked for, as rows: planned once, settled once.

Whoever changes them holds the lock of the obligation's row. A row leaves ``planned`` in the same transaction that
stores its message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.models.reporting import Obligation, PersonalReminder, ReminderStep
from bot.db.upsert import insert_or_ignore
from bot.services.calendar import working_days

MORNING = time(8, 0)
# Working days from the day until which a returned report is to be corrected.
CORRECTION_DAYS = (-3, -1, 0, 1, 3)

_planned = ReminderStep.status == literal_column("'planned'")
_personal_planned = PersonalReminder.status == literal_column("'planned'")


@dataclass(frozen=True, slots=True)
class Step:
    """A step whose time has come: ``day`` working days from the due date."""

    id: int
    day: int
    due_at: datetime
    obligation_id: int


@dataclass(frozen=True, slots=True)
class Personal:
    """A reminder that one person asked for, whose time has come."""

    id: int
    contact_id: int
    due_at: datetime
    obligation_id: int


async def anything_due(connection: AsyncConnection, now: datetime) -> bool:
    """Whether the time of any planned step has come."""
    found = await connection.scalar(select(ReminderStep.id).where(_planned, ReminderStep.due_at <= now).limit(1))
    return found is not None


async def due(connection: AsyncConnection, now: datetime) -> list[Step]:
    """Planned steps whose time has come, their obligations locked, in order of obligation and time."""
    rows = await connection.execute(
        select(ReminderStep.id, ReminderStep.step, ReminderStep.due_at, ReminderStep.obligation_id)
        .join(Obligation, Obligation.id == ReminderStep.obligation_id)
        .where(_planned, ReminderStep.due_at <= now)
        .order_by(ReminderStep.obligation_id, ReminderStep.due_at, ReminderStep.step)
        .with_for_update(of=Obligation)
        # For the order's sake SQLite would rather read every step there is.
        .with_hint(ReminderStep, "INDEXED BY ix_reminder_step_due_at", "sqlite")
    )
    return [Step(*row) for row in rows]


async def settle(
    connection: AsyncConnection, step_ids: Sequence[int], status: str, note: str | None, now: datetime
) -> None:
    """Say what became of planned steps: ``sent``, or ``dropped`` and why."""
    if step_ids:
        await connection.execute(
            update(ReminderStep)
            .where(among(connection, ReminderStep.id, step_ids), _planned)
            .values(status=status, note=note, settled_at=now)
        )


async def stop(connection: AsyncConnection, obligation_id: int, note: str, now: datetime) -> None:
    """Nobody is reminded of an obligation any more: all that is planned is dropped, the personal reminders too."""
    await connection.execute(
        update(ReminderStep)
        .where(ReminderStep.obligation_id == obligation_id, _planned)
        .values(status="dropped", note=note, settled_at=now)
    )
    await connection.execute(
        update(PersonalReminder)
        .where(PersonalReminder.obligation_id == obligation_id, _personal_planned)
        .values(status="dropped", settled_at=now)
    )


async def plan_correction(
    connection: AsyncConnection,
    obligation_id: int,
    correct_by: date,
    people: Iterable[int],
    now: datetime,
    *,
    zone: ZoneInfo,
) -> None:
    """Remind these contacts of a returned report: at 08:00, before, on and after the day it is to be corrected by.

    Days that are over are left out; on none of them anybody is reminded before ``now``.
    """
    calendar = await working_days.load(connection)
    reckoned = calendar.previous_working_day(correct_by)
    moments = [datetime.combine(calendar.add_working_days(reckoned, days), MORNING, zone) for days in CORRECTION_DAYS]
    rows = [
        {"obligation_id": obligation_id, "contact_id": contact_id, "due_at": moment, "status": "planned"}
        for contact_id in dict.fromkeys(people)
        for moment in moments
        if moment > now
    ]
    if rows:
        await connection.execute(insert_or_ignore(connection, PersonalReminder), rows)
