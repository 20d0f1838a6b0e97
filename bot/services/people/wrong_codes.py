"""Guessing codes is slowed down: a contact may try a few wrong ones, then has to wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import WrongCode
from bot.db.upsert import insert_for

GUESSES = 5
PAUSE = timedelta(hours=1)


async def pause(connection: AsyncConnection, contact_id: int, now: datetime) -> datetime | None:
    """Until when the contact must wait after too many wrong codes; None when they may try."""
    since: datetime | None = await connection.scalar(
        select(WrongCode.since).where(
            WrongCode.contact_id == contact_id, WrongCode.count >= GUESSES, WrongCode.since > now - PAUSE
        )
    )
    return since + PAUSE if since else None


async def count(connection: AsyncConnection, contact_id: int, now: datetime) -> None:
    """Note a wrong code."""
    over = WrongCode.since <= now - PAUSE
    await connection.execute(
        insert_for(connection, WrongCode)
        .values(contact_id=contact_id, since=now, count=1)
        .on_conflict_do_update(
            index_elements=["contact_id"],
            set_={
                "since": case((over, now), else_=WrongCode.since),
                "count": case((over, 1), else_=WrongCode.count + 1),
            },
        )
    )


async def forget(connection: AsyncConnection, contact_id: int) -> None:
    """Begin to count anew, after a right one."""
    await connection.execute(delete(WrongCode).where(WrongCode.contact_id == contact_id))
