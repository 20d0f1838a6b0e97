"""What has happened to an application: who, when, what and why. Nothing about one changes without a line here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.models.applications import Application, ApplicationEvent
from bot.db.models.people import Contact
from bot.services.applications.statuses import Status


class Cause(StrEnum):
    """Why an application changed. Lines from before there were causes have none (EARLIER)."""

    EARLIER = ""
    SIGNED_UP = "signed_up"
    IMPORTED = "imported"
    WALKED_IN = "walked_in"
    CHANGED = "changed"
    REVIEW_BEGUN = "review_begun"
    ASKED = "asked"
    ANSWERED = "answered"
    APPROVED = "approved"
    REJECTED = "rejected"
    SEAT_FREE = "seat_free"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    NO_SEAT = "no_seat"
    WITHDRAWN = "withdrawn"
    EVENT_CANCELLED = "event_cancelled"
    CHECKED_IN = "checked_in"
    CHECK_IN_UNDONE = "check_in_undone"
    NOT_SEEN = "not_seen"


# What staff do; an applicant reads that it was an officer, not which one.
BY_STAFF = frozenset(
    {
        Cause.IMPORTED,
        Cause.WALKED_IN,
        Cause.REVIEW_BEGUN,
        Cause.ASKED,
        Cause.APPROVED,
        Cause.REJECTED,
        Cause.EVENT_CANCELLED,
        Cause.CHECKED_IN,
        Cause.CHECK_IN_UNDONE,
    }
)

_NOTE = insert(ApplicationEvent).returning(ApplicationEvent.application_id, ApplicationEvent.id)


@dataclass(frozen=True, slots=True)
class Step:
    """One change. ``actor_id`` is None where the clock did it, or the actor was forgotten."""

    at: datetime
    status: Status
    cause: Cause
    reason: str
    actor_id: int | None
    actor_name: str


async def change(
    connection: AsyncConnection,
    ids: Sequence[int],
    status: Status,
    cause: Cause,
    *,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
    offered_until: datetime | None = None,
) -> dict[int, int]:
    """Change the status of several applications, and note it; returns what ``record`` does.

    For whoever holds the lock of their offering and has seen that the step is possible.
    """
    await connection.execute(
        update(Application)
        .where(among(connection, Application.id, ids))
        .values(status=status.value, offered_until=offered_until, updated_at=now)
    )
    return await record(connection, ids, status, cause, actor_id=actor_id, now=now, reason=reason)


async def record(
    connection: AsyncConnection,
    ids: Sequence[int],
    status: Status,
    cause: Cause,
    *,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
) -> dict[int, int]:
    """Note the same change of several applications; returns the id of each one's new line by the application's id."""
    if not ids:
        return {}
    lines = await connection.execute(
        _NOTE,
        [
            {
                "application_id": each,
                "actor_id": actor_id,
                "status": status.value,
                "cause": cause.value,
                "reason": reason,
                "at": now,
            }
            for each in ids
        ],
    )
    return {line.application_id: line.id for line in lines}


async def of_application(connection: AsyncConnection, application_id: int) -> list[Step]:
    """Everything that happened to an application, the first first. Who may see it is for the caller to check."""
    rows = await connection.execute(
        select(
            ApplicationEvent.at,
            ApplicationEvent.status,
            ApplicationEvent.cause,
            ApplicationEvent.reason,
            ApplicationEvent.actor_id,
            Contact.name,
        )
        .outerjoin(Contact, Contact.id == ApplicationEvent.actor_id)
        .where(ApplicationEvent.application_id == application_id)
        .order_by(ApplicationEvent.id)
    )
    return [
        Step(row.at, Status(row.status), Cause(row.cause), row.reason, row.actor_id, row.name or "") for row in rows
    ]
