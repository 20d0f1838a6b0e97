"""The end of an event: whoever had a seat and was not seen is noted as not having come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.db.models.check_in import CheckIn
from bot.db.models.offerings import Offering
from bot.services.applications import history
from bot.services.applications.history import Cause
from bot.services.applications.statuses import Status
from bot.services.offerings.event_steps import Happening


async def close(connection: AsyncConnection, event: Happening, *, now: datetime) -> int:
    """Close the attendance of an event that the caller has locked; returns how many had not come. Repeats do nothing.

    Nothing is concluded where nobody at all was checked in: then nobody stood at the door with a list, and an
    empty list says nothing about who came.
    """
    if event.attendance_closed_at is not None:
        return 0
    absent: list[int] = []
    if await connection.scalar(select(_somebody_was_seen(event.id))):
        absent = list(
            await connection.scalars(
                select(Application.id)
                .where(Application.offering_id == event.id, Application.status == Status.CONFIRMED)
                .order_by(Application.id)
            )
        )
        if absent:
            await history.change(connection, absent, Status.NO_SHOW, Cause.NOT_SEEN, actor_id=None, now=now)
    await connection.execute(update(Offering).where(Offering.id == event.id).values(attendance_closed_at=now))
    return len(absent)


def _somebody_was_seen(offering_id: int) -> ColumnElement[bool]:
    walked_in = exists().where(CheckIn.offering_id == offering_id, CheckIn.undone_at.is_(None))
    attended = exists().where(Application.offering_id == offering_id, Application.status == Status.ATTENDED)
    return or_(walked_in, attended)
