"""The lines of a web chat. The web page has no memory of its own, so both sides of the talk are kept here.

Lines of one address are numbered from 1 without gaps: the counter stands in the address row, whose
lock makes the order in which lines become visible the order of their numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.messages import WebMessage
from bot.db.models.people import Address


@dataclass(frozen=True, slots=True)
class Line:
    """One line as stored; ``content`` is a packed reply, or ``{"text": …}`` of the person's."""

    seq: int
    from_person: bool
    content: Mapping[str, Any]
    at: datetime


async def add_line(
    connection: AsyncConnection,
    address_id: int,
    content: Mapping[str, Any],
    *,
    from_person: bool,
    now: datetime,
    delivery_id: int | None = None,
) -> int:
    """Append a line and return its number. A delivery that already has a line is left alone."""
    if delivery_id is not None:
        known = await connection.scalar(select(WebMessage.seq).where(WebMessage.delivery_id == delivery_id))
        if known is not None:
            return known
    seq = (
        await connection.execute(
            update(Address)
            .where(Address.id == address_id)
            .values(last_seq=Address.last_seq + 1)
            .returning(Address.last_seq)
        )
    ).scalar_one()
    await connection.execute(
        insert(WebMessage).values(
            address_id=address_id,
            seq=seq,
            from_person=from_person,
            content=dict(content),
            delivery_id=delivery_id,
            at=now,
        )
    )
    return seq


async def lines_after(
    connection: AsyncConnection, address_id: int, after: int, *, limit: int = 500, latest: bool = False
) -> list[Line]:
    """Lines with a number above ``after``, in order: the first ``limit`` of them, or with ``latest`` the last."""
    rows = await connection.execute(
        select(WebMessage.seq, WebMessage.from_person, WebMessage.content, WebMessage.at)
        .where(WebMessage.address_id == address_id, WebMessage.seq > after)
        .order_by(WebMessage.seq.desc() if latest else WebMessage.seq)
        .limit(limit)
    )
    lines = [Line(*row) for row in rows]
    return lines[::-1] if latest else lines
