"""What changed about who answers for an agency: who, when, what. Only added to, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.models.people import Contact, FocalPointEvent

SHOWN = 10


class What(StrEnum):
    """What can happen. In brackets the particulars in ``Event.details``; dates are ISO texts."""

    LINKED = "linked"  # role
    ROLE_CHANGED = "role changed"  # role
    CODE_ISSUED = "code issued"  # role, uses
    CODES_ENDED = "codes ended"  # number
    AWAY = "away"  # from, until
    BACK = "back"
    HANDED_OVER = "handed over"  # to: contact id
    LEFT = "left"
    REMOVED = "removed"
    NOT_MINE = "not mine"  # obligation; to: contact id, where it was passed to a colleague


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. Names are empty when nobody is meant, or somebody without a name.

    ``by`` is None when nobody did it in the chat, but a command.
    """

    at: datetime
    what: What
    name: str
    by: str | None
    details: dict[str, Any]


async def record(
    connection: AsyncConnection,
    agency_id: int,
    what: What,
    *,
    contact_id: int | None,
    by: int | None,
    now: datetime,
    **details: Any,
) -> None:
    """Add one event: ``contact_id`` is whom it is about, ``by`` who did it."""
    await record_all(connection, [agency_id], what, contact_id=contact_id, by=by, now=now, **details)


async def record_all(
    connection: AsyncConnection,
    agency_ids: Sequence[int],
    what: What,
    *,
    contact_id: int | None,
    by: int | None,
    now: datetime,
    **details: Any,
) -> None:
    """Add the same event to many agencies with one statement."""
    if agency_ids:
        event = {"contact_id": contact_id, "what": what.value, "details": details, "by": by, "at": now}
        await connection.execute(insert(FocalPointEvent), [event | {"agency_id": each} for each in agency_ids])


async def of(connection: AsyncConnection, agency_id: int, limit: int = SHOWN) -> list[Event]:
    """The newest events of an agency, the newest first. Who may see them is the caller's to check."""
    doer = aliased(Contact)
    rows = await connection.execute(
        select(FocalPointEvent.at, FocalPointEvent.what, Contact.name, doer.name, FocalPointEvent.details)
        .outerjoin(Contact, Contact.id == FocalPointEvent.contact_id)
        .outerjoin(doer, doer.id == FocalPointEvent.by)
        .where(FocalPointEvent.agency_id == agency_id)
        .order_by(FocalPointEvent.id.desc())
        .limit(limit)
    )
    return [Event(at, What(what), name or "", by, details) for at, what, name, by, details in rows]
