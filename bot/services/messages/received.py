"""Incoming messages: recognise repeats, set aside what failed, list and replay it."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.messages import ReceivedMessage
from bot.db.types import UtcTime
from bot.db.upsert import for_both, insert_for
from bot.logs import trace
from bot.messages import Incoming, IncomingFile, Kind

# Vendors repeat a message for about a day (Telegram) or two (Zalo).
REMEMBERED = timedelta(days=4)
READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

# Two statements in one may not share a parameter's name: the channel is the sender's too.
MARK_SEEN = for_both(
    ReceivedMessage,
    lambda insert: insert.values(
        channel=bindparam("seen_channel"),
        message_id=bindparam("message_id"),
        received_at=bindparam("at", type_=UtcTime),
    ).on_conflict_do_nothing(),
)


@dataclass(frozen=True, slots=True)
class Failed:
    """A message that could not be processed, as the command line lists it."""

    failure_id: str
    channel: str
    message_id: str
    received_at: datetime
    failure: str


async def first_time_seen(connection: AsyncConnection, incoming: Incoming, now: datetime) -> bool:
    """Whether this message was never acted on; marks it as seen in the caller's transaction."""
    stored = await connection.execute(
        MARK_SEEN[connection.dialect.name],
        {"seen_channel": incoming.channel, "message_id": incoming.message_id, "at": now},
    )
    return stored.rowcount == 1


async def was_seen(connection: AsyncConnection, incoming: Incoming) -> bool:
    """Whether this message was acted on or set aside already, as far as is committed."""
    return (
        await connection.scalar(
            select(ReceivedMessage.message_id).where(
                ReceivedMessage.channel == incoming.channel, ReceivedMessage.message_id == incoming.message_id
            )
        )
    ) is not None


async def set_aside(connection: AsyncConnection, incoming: Incoming, error: Exception, now: datetime) -> str | None:
    """Record a message whose processing failed; returns the id to tell the person, None for a repeat."""
    failure_id = "".join(secrets.choice(READABLE) for _ in range(8))
    values = {"failure_id": failure_id, "failure": trace(error), "incoming": asdict(incoming)}
    stored = await connection.execute(
        insert_for(connection, ReceivedMessage)
        .values(channel=incoming.channel, message_id=incoming.message_id, received_at=now, **values)
        .on_conflict_do_nothing()
        .returning(ReceivedMessage.message_id)
    )
    return failure_id if stored.scalar_one_or_none() is not None else None


async def failed(connection: AsyncConnection) -> list[Failed]:
    """Messages that are set aside, oldest first."""
    rows = await connection.execute(
        select(
            ReceivedMessage.failure_id,
            ReceivedMessage.channel,
            ReceivedMessage.message_id,
            ReceivedMessage.received_at,
            ReceivedMessage.failure,
        )
        .where(ReceivedMessage.failure_id.is_not(None))
        .order_by(ReceivedMessage.received_at)
    )
    return [Failed(row[0] or "", row[1], row[2], row[3], row[4] or "") for row in rows]


async def files_set_aside(connection: AsyncConnection) -> set[str]:
    """Where the files of messages lie that are set aside."""
    stored = await connection.scalars(select(ReceivedMessage.incoming).where(ReceivedMessage.failure_id.is_not(None)))
    return {each["file"].get("path", "") for each in stored if each and each.get("file")}


async def take_back(connection: AsyncConnection, failure_id: str) -> Incoming | None:
    """The message that failed under this id, forgotten so that it can be processed as if it were new."""
    row = (
        await connection.execute(
            delete(ReceivedMessage).where(ReceivedMessage.failure_id == failure_id).returning(ReceivedMessage.incoming)
        )
    ).one_or_none()
    return _incoming(row[0]) if row else None


async def forget_old(connection: AsyncConnection, now: datetime) -> int:
    """Drop the keys of messages that no vendor repeats any more; what failed stays."""
    result = await connection.execute(
        delete(ReceivedMessage).where(
            ReceivedMessage.received_at < now - REMEMBERED, ReceivedMessage.failure_id.is_(None)
        )
    )
    return result.rowcount


def _incoming(stored: dict[str, Any]) -> Incoming:
    file = stored.get("file")
    return Incoming(
        **{name: value for name, value in stored.items() if name not in ("file", "kind")},
        kind=Kind(stored["kind"]),
        file=IncomingFile(**file) if file else None,
    )
