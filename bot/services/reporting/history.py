"""What happened to an obligation, for whoever asks later: who, when, what. Only added to, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Contact
from bot.db.models.reporting import ObligationEvent


class What(StrEnum):
    """What can happen. In brackets the particulars in ``Event.details``; dates are ISO texts."""

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    PLANNED = "planned"  # on
    SNOOZED = "snoozed"  # until
    NOT_MINE = "not mine"  # told: the colleague's contact id, where one was named
    MINE_AGAIN = "mine again"
    EXTENSION_ASKED = "extension asked"  # until, reason
    EXTENSION_GRANTED = "extension granted"  # until
    EXTENSION_REFUSED = "extension refused"  # why
    SUBMITTED = "submitted"  # version, code, late
    RETURNED = "returned"  # version, level, remarks
    ACCEPTED = "accepted"  # version, level
    NUDGED = "nudged"  # people
    DUE_MOVED = "due moved"  # from, to, because
    WITHDRAWN = "withdrawn"  # because
    RESTORED = "restored"  # because
    HANDED_OVER = "handed over"  # from, to


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``contact_id`` is None when the program did it, or its doer has been forgotten."""

    at: datetime
    contact_id: int | None
    name: str
    what: What
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class New:
    """Something to record."""

    obligation_id: int
    what: What
    details: dict[str, Any]


async def record(
    connection: AsyncConnection,
    obligation_id: int,
    what: What,
    *,
    contact_id: int | None = None,
    now: datetime,
    **details: Any,
) -> None:
    """Add one event."""
    await record_all(connection, [New(obligation_id, what, details)], contact_id=contact_id, now=now)


async def record_all(
    connection: AsyncConnection, events: Sequence[New], *, contact_id: int | None = None, now: datetime
) -> None:
    """Add many events of the same moment with one statement."""
    if events:
        await connection.execute(
            insert(ObligationEvent),
            [
                {
                    "obligation_id": event.obligation_id,
                    "at": now,
                    "contact_id": contact_id,
                    "what": event.what.value,
                    "details": event.details,
                }
                for event in events
            ],
        )


async def of(connection: AsyncConnection, obligation_id: int) -> list[Event]:
    """Everything that happened to an obligation, the oldest first. Who may see it is the caller's to check."""
    rows = await connection.execute(
        select(
            ObligationEvent.at, ObligationEvent.contact_id, Contact.name, ObligationEvent.what, ObligationEvent.details
        )
        .outerjoin(Contact, Contact.id == ObligationEvent.contact_id)
        .where(ObligationEvent.obligation_id == obligation_id)
        .order_by(ObligationEvent.id)
    )
    return [Event(at, contact_id, name or "", What(what), details) for at, contact_id, name, what, details in rows]
