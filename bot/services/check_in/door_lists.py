"""What phones at the doors and those in charge look at: the list, the figures, the conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.models.applications import Application
from bot.db.models.businesses import Business
from bot.db.models.check_in import CheckIn, CheckInConflict
from bot.db.models.people import Contact
from bot.services.check_in.attendance import WITH_A_SEAT, guest_from, guests
from bot.services.check_in.scans import Guest, Method, Outcome

MOST_CONFLICTS = 200


@dataclass(frozen=True, slots=True)
class Counts:
    """Seats: ``expected`` of confirmed applications, ``arrived`` of those, ``walk_ins`` besides."""

    expected: int
    arrived: int
    walk_ins: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class WalkedIn:
    """Somebody who came without a registration; ``undone``: taken back."""

    scan_id: str
    name: str
    seats: int
    at: datetime
    gate: str
    by: str
    undone: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody who was let in without a network and should not have been, with the entry that counts, if any."""

    id: int
    reason: Outcome
    code: str
    business: str
    at: datetime
    gate: str
    by: str
    first_at: datetime | None
    first_gate: str
    first_by: str


async def list_for_device(connection: AsyncConnection, offering_id: int, since: datetime | None = None) -> list[Guest]:
    """Everybody who signed up, or those about whom something changed ``since``."""
    wanted = guests().where(Application.offering_id == offering_id).order_by(Application.id)
    if since is not None:
        wanted = wanted.where(Application.updated_at >= since)
    return [guest_from(row) for row in await connection.execute(wanted)]


async def walked_in(connection: AsyncConnection, offering_id: int, since: datetime | None = None) -> list[WalkedIn]:
    """Who came without a registration and has none since, the taken back ones included, or what changed ``since``."""
    wanted = (
        select(
            CheckIn.scan_id,
            CheckIn.name,
            CheckIn.seats,
            CheckIn.at,
            CheckIn.gate,
            func.coalesce(Contact.name, ""),
            CheckIn.undone_at.is_not(None),
        )
        .outerjoin(Contact, Contact.id == CheckIn.by_id)
        .where(CheckIn.offering_id == offering_id, CheckIn.application_id.is_(None))
        .order_by(CheckIn.id)
    )
    if since is not None:
        wanted = wanted.where(or_(CheckIn.received_at >= since, CheckIn.undone_at >= since))
    return [WalkedIn(*row) for row in await connection.execute(wanted)]


async def counts(connection: AsyncConnection, offering_id: int) -> Counts:
    """How many seats are taken by people who are there."""
    came_along = and_(CheckIn.offering_id == offering_id, CheckIn.undone_at.is_(None))
    by_itself = CheckIn.method == Method.WALK_IN.value
    total = func.coalesce(func.sum(CheckIn.seats), 0)
    seats = func.coalesce(func.sum(Application.seats), 0)
    row = (
        await connection.execute(
            select(
                select(seats)
                .where(Application.offering_id == offering_id, Application.status.in_(WITH_A_SEAT))
                .scalar_subquery(),
                # A walk-in with a tax code has an application, too, but nobody expected them.
                select(total).where(came_along, by_itself, CheckIn.application_id.is_not(None)).scalar_subquery(),
                select(total).where(came_along, ~by_itself).scalar_subquery(),
                select(total).where(came_along, by_itself).scalar_subquery(),
                select(func.count()).where(CheckInConflict.offering_id == offering_id).scalar_subquery(),
            )
        )
    ).one()
    confirmed, unexpected, arrived, walk_ins, conflicts_ = row
    return Counts(confirmed - unexpected, arrived, walk_ins, conflicts_)


async def conflicts(
    connection: AsyncConnection, offering_id: int, since: datetime | None = None, *, limit: int = MOST_CONFLICTS
) -> list[Conflict]:
    """The newest conflicts, the newest first."""
    first, first_by = aliased(CheckIn), aliased(Contact)
    wanted = (
        select(
            CheckInConflict.id,
            CheckInConflict.reason,
            CheckInConflict.code,
            func.coalesce(Business.name, ""),
            CheckInConflict.at,
            CheckInConflict.gate,
            func.coalesce(Contact.name, ""),
            first.at,
            func.coalesce(first.gate, ""),
            func.coalesce(first_by.name, ""),
        )
        .outerjoin(Application, Application.id == CheckInConflict.application_id)
        .outerjoin(Business, Business.id == Application.business_id)
        .outerjoin(Contact, Contact.id == CheckInConflict.by_id)
        .outerjoin(first, first.id == CheckInConflict.first_id)
        .outerjoin(first_by, first_by.id == first.by_id)
        .where(CheckInConflict.offering_id == offering_id)
        .order_by(CheckInConflict.id.desc())
        .limit(limit)
    )
    if since is not None:
        wanted = wanted.where(CheckInConflict.received_at >= since)
    rows = await connection.execute(wanted)
    return [Conflict(id_, Outcome(reason), *rest) for id_, reason, *rest in rows]
