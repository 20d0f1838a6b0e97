"""The applications that wait for a decision, for the officers who decide: whoever asks has been checked by scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.db.models.businesses import Business
from bot.db.models.offerings import Offering
from bot.messages import Language
from bot.services.applications.deciders import Scope
from bot.services.applications.statuses import IN_REVIEW, Status
from bot.services.offerings.offerings import Kind

# The applicant's turn, not the officer's.
_OURS = (Status.SUBMITTED, Status.UNDER_REVIEW)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One application in the queue."""

    id: int
    code: str
    status: Status
    business: str
    details: Mapping[str, Any]
    created_at: datetime

    def title(self, language: Language) -> str:
        return str(self.details["title"][language.value])


@dataclass(frozen=True, slots=True)
class Queued:
    """How many applications to one offering wait for a decision; ``ours`` without those the applicant has to add to."""

    offering_id: int
    details: Mapping[str, Any]
    total: int
    ours: int

    def title(self, language: Language) -> str:
        return str(self.details["title"][language.value])


async def waiting(
    connection: AsyncConnection, scope: Scope, *, offering_id: int | None = None, offset: int = 0, limit: int = 8
) -> list[Waiting]:
    """What there is to decide, the oldest first; what the applicant has to add to comes last."""
    rows = await connection.execute(
        select(
            Application.id,
            Application.code,
            Application.status,
            Business.name,
            Offering.details,
            Application.created_at,
        )
        .join(Offering, Offering.id == Application.offering_id)
        .join(Business, Business.id == Application.business_id)
        .where(*_to_decide(scope, offering_id))
        .order_by(Application.status == Status.MORE_INFORMATION.value, Application.id)
        .offset(offset)
        .limit(limit)
    )
    return [Waiting(id_, code, Status(status), *others) for id_, code, status, *others in rows]


async def by_offering(connection: AsyncConnection, scope: Scope) -> list[Queued]:
    """How many there are of each offering that has any."""
    ours = func.count().filter(Application.status.in_([status.value for status in _OURS]))
    rows = (
        await connection.execute(
            select(Application.offering_id, func.count(), ours)
            .join(Offering, Offering.id == Application.offering_id)
            .where(*_to_decide(scope, None))
            .group_by(Application.offering_id)
            .order_by(ours.desc(), Application.offering_id)
        )
    ).all()
    ids = [offering_id for offering_id, *_ in rows]
    titles = await connection.execute(select(Offering.id, Offering.details).where(Offering.id.in_(ids)))
    details = {row.id: row.details for row in titles}
    return [Queued(offering_id, details[offering_id], total, own) for offering_id, total, own in rows]


def _to_decide(scope: Scope, offering_id: int | None) -> list[ColumnElement[bool]]:
    # Of an event without approval nothing is decided: such a status is left over from before it was so.
    conditions = [
        Application.status.in_([status.value for status in IN_REVIEW]),
        or_(Offering.kind == Kind.PROGRAMME.value, Offering.needs_approval.is_(True)),
        Offering.cancelled_at.is_(None),
        scope.condition(Offering.agency_slug),
    ]
    return conditions if offering_id is None else [*conditions, Application.offering_id == offering_id]


async def profile(connection: AsyncConnection, business_id: int) -> dict[str, Any]:
    """What a business says of itself in general."""
    return dict(await connection.scalar(select(Business.profile).where(Business.id == business_id)) or {})


async def by_code(connection: AsyncConnection, code: str) -> int | None:
    """The application with a code; whether the officer may see it is for the caller to check."""
    found: int | None = await connection.scalar(select(Application.id).where(Application.code == code))
    return found
