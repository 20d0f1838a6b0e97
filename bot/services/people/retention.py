"""The notice before every form promises it: registrations are kept for 24 months, for an event counted from its end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.db.models.check_in import CheckIn, CheckInConflict
from bot.db.models.offerings import Offering
from bot.services.people import application_data

MONTHS = 24
BATCH = 200


def limit(now: datetime) -> datetime:
    """What is from this moment or older is kept no longer."""
    year, day = now.year - MONTHS // 12, now.day
    if (now.month, day) == (2, 29):
        day = 28
    return now.replace(year=year, day=day)


async def forget_old(connection: AsyncConnection, now: datetime, *, batch: int = BATCH) -> int:
    """Empty the oldest applications whose time is over; returns how many there were, 0 when none are left."""
    oldest = limit(now)
    ended = func.coalesce(Offering.ends_at, Offering.starts_at)
    due = await connection.execute(
        select(Application.id)
        .join(Offering, Offering.id == Application.offering_id)
        .where(Application.erased_at.is_(None), Application.created_at <= oldest, or_(ended.is_(None), ended <= oldest))
        .order_by(Application.created_at, Application.id)
        .limit(batch)
    )
    ids = list(due.scalars())
    await application_data.empty(connection, ids, now)
    return len(ids)


async def forget_walk_ins(connection: AsyncConnection, now: datetime) -> None:
    """Forget the names of those who came to an event without a registration, as long after it as all others.

    And what was scanned or typed at its doors in vain, which may be anything.
    """
    over = select(Offering.id).where(func.coalesce(Offering.ends_at, Offering.starts_at) <= limit(now))
    await connection.execute(update(CheckIn).where(CheckIn.offering_id.in_(over), CheckIn.name != "").values(name=""))
    await connection.execute(
        update(CheckInConflict).where(CheckInConflict.offering_id.in_(over), CheckInConflict.code != "").values(code="")
    )
