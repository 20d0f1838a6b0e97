"""Applications as those who made them see them: nobody finds anybody else's here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.models.applications import Application
from bot.db.models.businesses import Business
from bot.db.models.offerings import Offering
from bot.messages import Language
from bot.services.applications.statuses import Status

# What a person need not type again: their own details, not what one application was about.
PROFILE = ("organisation", "tax_code", "contact_name", "phone", "email")


@dataclass(frozen=True, slots=True)
class Filed:
    """An application as its applicant sees it. ``position`` counts from 1 on the waiting list, else 0."""

    id: int
    code: str
    status: Status
    tax_code: str
    answers: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    offering_id: int
    form: str
    agency_slug: str
    details: Mapping[str, Any]
    starts_at: datetime | None
    ends_at: datetime | None
    sample: bool
    position: int

    def title(self, language: Language) -> str:
        return str(self.details["title"][language.value])

    def has_begun(self, now: datetime) -> bool:
        """Whether it is too late to change anything about a seat."""
        return self.starts_at is not None and self.starts_at <= now


async def of_contact(connection: AsyncConnection, contact_id: int, *, offset: int = 0, limit: int = 8) -> list[Filed]:
    """The person's own applications, the newest first."""
    rows = await connection.execute(_filed(contact_id).order_by(Application.id.desc()).offset(offset).limit(limit))
    return [_one(row) for row in rows]


async def find(connection: AsyncConnection, contact_id: int, application_id: int) -> Filed | None:
    """One of the person's own applications."""
    row = (await connection.execute(_filed(contact_id).where(Application.id == application_id))).one_or_none()
    return _one(row) if row else None


async def by_code(connection: AsyncConnection, contact_id: int, code: str) -> Filed | None:
    """One of the person's own applications by its code."""
    row = (await connection.execute(_filed(contact_id).where(Application.code == code))).one_or_none()
    return _one(row) if row else None


async def by_draft(connection: AsyncConnection, contact_id: int, draft_id: str) -> Filed | None:
    """The application that came of one of the person's forms."""
    row = (await connection.execute(_filed(contact_id).where(Application.draft_id == draft_id))).one_or_none()
    return _one(row) if row else None


async def for_offering(connection: AsyncConnection, contact_id: int, offering_id: int) -> Filed | None:
    """The person's newest application to an offering that is not withdrawn."""
    row = (
        await connection.execute(
            _filed(contact_id)
            .where(Application.offering_id == offering_id, Application.status != Status.WITHDRAWN)
            .order_by(Application.id.desc())
            .limit(1)
        )
    ).one_or_none()
    return _one(row) if row else None


async def details_of_last_time(connection: AsyncConnection, contact_id: int) -> dict[str, Any]:
    """What the person wrote about themselves and their business in their newest application."""
    answers = await connection.scalar(
        select(Application.answers).where(Application.contact_id == contact_id).order_by(Application.id.desc()).limit(1)
    )
    return {name: answers[name] for name in PROFILE if answers.get(name)} if answers else {}


def _filed(contact_id: int) -> Select[*tuple[Any, ...]]:
    earlier = aliased(Application)
    position = (
        select(func.count())
        .where(
            earlier.offering_id == Application.offering_id,
            earlier.status == Status.WAITLISTED,
            earlier.id <= Application.id,
            Application.status == Status.WAITLISTED,
        )
        .correlate(Application)
        .scalar_subquery()
    )
    return (
        select(
            Application.id,
            Application.code,
            Application.status,
            Business.tax_code,
            Application.answers,
            Application.created_at,
            Application.updated_at,
            Application.offering_id,
            Offering.form,
            Offering.agency_slug,
            Offering.details,
            Offering.starts_at,
            Offering.ends_at,
            Offering.sample,
            position,
        )
        .join(Offering, Offering.id == Application.offering_id)
        .join(Business, Business.id == Application.business_id)
        .where(Application.contact_id == contact_id)
    )


def _one(row: Row[*tuple[Any, ...]]) -> Filed:
    id_, code, status, *others = row
    return Filed(id_, code, Status(status), *others)
