"""Offerings for those who look after them: how many signed up, in numbers, and what was changed by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application, Draft
from bot.db.models.offerings import Offering, OfferingEvent
from bot.db.models.people import Contact
from bot.messages import Language
from bot.services.applications.deciders import Scope
from bot.services.applications.statuses import IN_REVIEW, TAKES_SEATS, Status
from bot.services.offerings.offerings import Kind


@dataclass(frozen=True, slots=True)
class Numbers:
    """Applications by how far they are; ``seats`` are those taken, offered ones included."""

    confirmed: int = 0
    seats: int = 0
    waiting: int = 0
    offered: int = 0
    to_decide: int = 0
    accepted: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Managed:
    """An offering in the list of those who look after it."""

    id: int
    kind: Kind
    details: Mapping[str, Any]
    starts_at: datetime | None
    capacity: int | None
    active: bool
    cancelled_at: datetime | None
    numbers: Numbers

    def title(self, language: Language) -> str:
        return str(self.details["title"][language.value])


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an offering; ``by`` is empty where the person was forgotten."""

    what: str
    details: Mapping[str, Any]
    by: str
    at: datetime


async def managed(
    connection: AsyncConnection, scope: Scope, *, now: datetime, offset: int = 0, limit: int = 8
) -> list[Managed]:
    """What is to come first, by date; then programmes; then what is over or off, the newest first."""
    gone = case(
        (Offering.cancelled_at.is_not(None), 2),
        (Offering.active.is_(False), 2),
        (Offering.starts_at < now, 2),
        (Offering.starts_at.is_(None), 1),
        else_=0,
    )
    rows = (
        await connection.execute(
            select(
                Offering.id,
                Offering.kind,
                Offering.details,
                Offering.starts_at,
                Offering.capacity,
                Offering.active,
                Offering.cancelled_at,
            )
            .where(scope.condition(Offering.agency_slug))
            .order_by(gone, case((gone == 2, None), else_=Offering.starts_at), Offering.starts_at.desc(), Offering.id)
            .offset(offset)
            .limit(limit)
        )
    ).all()
    counted = await numbers(connection, [row.id for row in rows])
    return [
        Managed(
            row.id,
            Kind(row.kind),
            row.details,
            row.starts_at,
            row.capacity,
            row.active,
            row.cancelled_at,
            counted.get(row.id, Numbers()),
        )
        for row in rows
    ]


async def numbers(connection: AsyncConnection, offering_ids: list[int]) -> dict[int, Numbers]:
    """The numbers of several offerings; one that nobody signed up for is missing."""

    def of(*statuses: Status) -> Any:
        return func.count().filter(Application.status.in_([status.value for status in statuses]))

    taking = Application.status.in_([status.value for status in TAKES_SEATS])
    rows = await connection.execute(
        select(
            Application.offering_id,
            of(Status.CONFIRMED, Status.ATTENDED, Status.NO_SHOW),
            func.coalesce(func.sum(Application.seats).filter(taking), 0),
            of(Status.WAITLISTED),
            of(Status.OFFERED),
            of(*IN_REVIEW),
            of(Status.APPROVED),
            func.count(),
        )
        .where(Application.offering_id.in_(offering_ids))
        .group_by(Application.offering_id)
    )
    return {offering_id: Numbers(*counts) for offering_id, *counts in rows}


async def changes(connection: AsyncConnection, offering_id: int, *, limit: int = 20) -> list[Change]:
    """What staff did to an offering, the newest first."""
    rows = await connection.execute(
        select(OfferingEvent.what, OfferingEvent.details, func.coalesce(Contact.name, ""), OfferingEvent.at)
        .outerjoin(Contact, Contact.id == OfferingEvent.actor_id)
        .where(OfferingEvent.offering_id == offering_id)
        .order_by(OfferingEvent.id.desc())
        .limit(limit)
    )
    return [Change(*row) for row in rows]


async def half_filled(connection: AsyncConnection, form: str) -> int:
    """How many people are in the middle of a form."""
    return (
        await connection.scalar(
            select(func.count())
            .select_from(Draft)
            .join(Offering, Offering.id == Draft.offering_id)
            .where(Offering.form == form)
        )
    ) or 0
