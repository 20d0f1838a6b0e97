"""The first thing a turn does: is this message new, and who sent it? On PostgreSQL that is one statement."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, literal, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Incoming, Person
from bot.services.messages import received
from bot.services.people import contacts

_seen = received.MARK_SEEN["postgresql"].returning(literal(1).label("one")).cte("seen")
_who = contacts.BY_ADDRESS_LOCKED.cte("who")
_once = select(literal(1).label("one")).subquery("once")
# The sender's row is locked inside the CTE, since the outer side of a join can't be.
_ARRIVAL = select(select(func.count()).select_from(_seen).scalar_subquery(), *_who.c).select_from(
    _once.outerjoin(_who, true())
)


async def arrive(connection: AsyncConnection, incoming: Incoming, now: datetime) -> tuple[bool, Person | None]:
    """(whether the message was never acted on, its sender if known).

    Marks the message as seen and locks the sender until the transaction ends.
    """
    sender = {"channel": incoming.channel, "external_id": incoming.sender}
    if connection.dialect.name != "postgresql":
        if not await received.first_time_seen(connection, incoming, now):
            return False, None
        return True, await contacts.lock(connection, incoming.channel, incoming.sender)
    seen = {"seen_channel": incoming.channel, "message_id": incoming.message_id, "at": now}
    first_time, *person = (await connection.execute(_ARRIVAL, sender | seen)).one()
    return bool(first_time), contacts.person_from(person) if person[0] is not None else None
