"""What became of notices, by their keys, for whoever has to know whether one arrived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.models.messages import Delivery


class Became(StrEnum):
    """``LOST``: its address took nothing, then or ever. ``TOO_LATE``: its time passed before it could be sent."""

    WAITS = "waits"
    ARRIVED = "arrived"
    LOST = "lost"
    TOO_LATE = "too late"


_BECAME = {
    "pending": Became.WAITS,
    "sending": Became.WAITS,
    "sent": Became.ARRIVED,
    "dropped": Became.TOO_LATE,
}


async def became(connection: AsyncConnection, keys: Iterable[str], now: datetime) -> dict[str, Became]:
    """What became of each notice that still exists; one that waits past its time is dropped here.

    Delivery does the same, but not while its channel is closed or switched off.
    """
    these = among(connection, Delivery.key, sorted(set(keys)))
    await connection.execute(
        update(Delivery)
        .where(these, Delivery.status == "pending", Delivery.stale_after < now)
        .values(status="dropped", error="stale: its time had passed", settled_at=now)
    )
    rows = await connection.execute(select(Delivery.key, Delivery.status).where(these))
    return {key: _BECAME.get(status, Became.LOST) for key, status in rows if key is not None}


async def rename(connection: AsyncConnection, others: Mapping[str, str]) -> None:
    """Free the keys of notices that did not arrive, so that they can be made again; ``others`` are their new keys."""
    if others:
        await connection.execute(
            update(Delivery).where(Delivery.key == bindparam("old")).values(key=bindparam("new")),
            [{"old": old, "new": new} for old, new in others.items()],
        )
