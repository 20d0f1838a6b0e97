"""The lines of a web chat. The web page has no memory of its own, so both sides of the talk are kept here.

Lines of one address are numbered from 1 without gaps: the counter stands in the address row, whose
lock makes the order in which lines become visible the order of their numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, Select, String, bindparam, cast, exists, func, insert, literal, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.messages import WebMessage
from bot.db.models.people import Address
from bot.db.types import UtcTime

_NEXT_NUMBER = (
    update(Address)
    .where(
        Address.id == bindparam("to_address"),
        ~exists(select(WebMessage.seq).where(WebMessage.delivery_id == bindparam("of_delivery"))),
    )
    .values(last_seq=Address.last_seq + 1)
    .returning(Address.last_seq)
)
_COLUMNS = {
    "address_id": bindparam("to_address"),
    "from_person": bindparam("persons"),
    "content": bindparam("line", type_=WebMessage.content.type),
    "delivery_id": bindparam("of_delivery", type_=WebMessage.delivery_id.type),
    "at": bindparam("now", type_=UtcTime),
}
_PUT = insert(WebMessage).values(**_COLUMNS, seq=bindparam("number"))
_number = _NEXT_NUMBER.cte("number")
_PUT_AT_ONCE = (
    insert(WebMessage)
    .from_select([*_COLUMNS, "seq"], select(*_COLUMNS.values(), _number.c.last_seq))
    .returning(WebMessage.seq)
)
_NUMBER_OF_DELIVERY = select(WebMessage.seq).where(WebMessage.delivery_id == bindparam("of_delivery"))
_LINES = (
    select(WebMessage.seq, WebMessage.from_person, WebMessage.content, WebMessage.at)
    .where(WebMessage.address_id == bindparam("of_address"), WebMessage.seq > bindparam("after"))
    .limit(bindparam("at_most"))
)
_FIRST, _LATEST = _LINES.order_by(WebMessage.seq), _LINES.order_by(WebMessage.seq.desc())

CHANNEL = "web_line"
_NOTIFY = text("SELECT pg_notify(:channel, :id)")


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
    values = {
        "to_address": address_id,
        "persons": from_person,
        "line": dict(content),
        "of_delivery": delivery_id,
        "now": now,
    }
    if connection.dialect.name == "postgresql":
        seq = await connection.scalar(_PUT_AT_ONCE, values)
    else:
        seq = await connection.scalar(_NEXT_NUMBER, values)
        if seq is not None:
            await connection.execute(_PUT, values | {"number": seq})
    if seq is None:
        seq = await connection.scalar(_NUMBER_OF_DELIVERY, {"of_delivery": delivery_id})
    if seq is None:
        raise LookupError("there is no such address")
    return int(seq)


async def announce(connection: AsyncConnection, address_id: int) -> None:
    """Tell the pages that other processes serve that there is a new line, once the transaction commits."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_NOTIFY, {"channel": CHANNEL, "id": str(address_id)})


def put_with_delivery(stored: CTE) -> Select[Any]:
    """For PostgreSQL: what stores a delivery (``stored``, which returns its id), its line, and tells the pages.

    Takes the parameters ``to_address``, ``packed`` and ``at``.
    """
    number = (
        update(Address)
        .where(Address.id == bindparam("to_address"))
        .values(last_seq=Address.last_seq + 1)
        .returning(Address.last_seq)
        .cte("number")
    )
    line = {
        WebMessage.address_id: bindparam("to_address"),
        WebMessage.seq: number.c.last_seq,
        WebMessage.from_person: literal(False),
        WebMessage.content: bindparam("packed", type_=WebMessage.content.type),
        WebMessage.delivery_id: stored.c.id,
        WebMessage.at: bindparam("at", type_=UtcTime),
    }
    numbered = select(*line.values()).select_from(stored.join(number, true()))
    put = insert(WebMessage).from_select(list(line), numbered).returning(WebMessage.address_id).cte("put")
    return select(func.pg_notify(CHANNEL, cast(put.c.address_id, String)))


async def lines_after(
    connection: AsyncConnection, address_id: int, after: int, *, limit: int = 500, latest: bool = False
) -> list[Line]:
    """Lines with a number above ``after``, in order: the first ``limit`` of them, or with ``latest`` the last."""
    values = {"of_address": address_id, "after": after, "at_most": limit}
    lines = [Line(*row) for row in await connection.execute(_LATEST if latest else _FIRST, values)]
    return lines[::-1] if latest else lines
