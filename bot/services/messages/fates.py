"""What became of notices, by their keys, for whoever has to know whether one arrived."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.messages import Delivery

# Keys per question, far below what either database takes.
AT_ONCE = 500


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
    names = sorted(set(keys))
    found: dict[str, Became] = {}
    for start in range(0, len(names), AT_ONCE):
        these = Delivery.key.in_(names[start : start + AT_ONCE])
        await connection.execute(
            update(Delivery)
            .where(these, Delivery.status == "pending", Delivery.stale_after < now)
            .values(status="dropped", error="stale: its time had passed", settled_at=now)
        )
        rows = await connection.execute(select(Delivery.key, Delivery.status).where(these))
        found |= {key: _BECAME.get(status, Became.LOST) for key, status in rows if key is not None}
    return found


async def rename(connection: AsyncConnection, key: str, to: str) -> None:
    """Free the key of a notice that did not arrive, so that it can be made again."""
    await connection.execute(update(Delivery).where(Delivery.key == key).values(key=to))
