"""Applications as applicants and staff see them.

An application belongs to its business: any member finds it here, and nobody else does. Only ``for_staff`` asks for
no membership; whoever calls it has to know that an officer is reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.models.applications import Application
from bot.db.models.businesses import Business, BusinessMember
from bot.db.models.offerings import Offering
from bot.messages import Language
from bot.services.applications.statuses import OVER, Status
from bot.services.offerings.offerings import Kind


@dataclass(frozen=True, slots=True)
class Filed:
    """An application with what it is for. ``position`` counts from 1 on the waiting list, else 0.

    ``contact_id`` is who made it and is told of it; None where staff entered it, or the person was forgotten.
    """

    id: int
    code: str
    status: Status
    kind: Kind
    seats: int
    offered_until: datetime | None
    business_id: int
    business_name: str
    tax_code: str
    contact_id: int | None
    draft_id: str
    answers: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    offering_id: int
    form: str
    agency_slug: str
    details: Mapping[str, Any]
    starts_at: datetime | None
    ends_at: datetime | None
    edit_until: datetime | None
    seats_per_business: int
    cancelled_at: datetime | None
    sequence: int
    sample: bool
    position: int

    def title(self, language: Language) -> str:
        return str(self.details["title"][language.value])

    def has_begun(self, now: datetime) -> bool:
        """Whether it is too late to change anything about a seat."""
        return self.starts_at is not None and self.starts_at <= now

    def can_be_withdrawn(self, now: datetime) -> bool:
        return self.status not in (*OVER, Status.ATTENDED, Status.NO_SHOW) and not self.has_begun(now)

    def can_be_edited(self, now: datetime) -> bool:
        """Whether the answers may still be changed: until the deadline, else until the event begins.

        What has been decided on a programme stays as it was decided on.
        """
        decided = self.kind is Kind.PROGRAMME and self.status is Status.APPROVED
        return self.can_be_withdrawn(now) and not decided and (self.edit_until is None or self.edit_until > now)


async def of_contact(connection: AsyncConnection, contact_id: int, *, offset: int = 0, limit: int = 8) -> list[Filed]:
    """The applications of the person's businesses, the newest first."""
    rows = await connection.execute(_OF_CONTACT, {"contact": contact_id, "first": offset, "most": limit})
    return [_one(row) for row in rows]


async def find(connection: AsyncConnection, contact_id: int, application_id: int) -> Filed | None:
    """An application of one of the person's businesses."""
    row = (await connection.execute(_FIND, {"contact": contact_id, "application": application_id})).one_or_none()
    return _one(row) if row else None


async def for_staff(connection: AsyncConnection, application_id: int) -> Filed | None:
    """Any application, for an officer."""
    row = (await connection.execute(_FOR_STAFF, {"application": application_id})).one_or_none()
    return _one(row) if row else None


async def by_code(connection: AsyncConnection, contact_id: int, code: str) -> Filed | None:
    """An application of one of the person's businesses by its code."""
    row = (await connection.execute(_BY_CODE, {"contact": contact_id, "code": code})).one_or_none()
    return _one(row) if row else None


async def by_draft(connection: AsyncConnection, contact_id: int, draft_id: str) -> Filed | None:
    """The application that came of a form, if it is of one of the person's businesses."""
    row = (await connection.execute(_BY_DRAFT, {"contact": contact_id, "draft": draft_id})).one_or_none()
    return _one(row) if row else None


async def for_offering(connection: AsyncConnection, contact_id: int, offering_id: int) -> Filed | None:
    """The newest application of the person's businesses to an offering that is neither withdrawn nor rejected."""
    row = (await connection.execute(_FOR_OFFERING, {"contact": contact_id, "offering": offering_id})).one_or_none()
    return _one(row) if row else None


def _filed() -> Select[*tuple[Any, ...]]:
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
            Offering.kind,
            Application.seats,
            Application.offered_until,
            Application.business_id,
            Business.name,
            Business.tax_code,
            Application.contact_id,
            Application.draft_id,
            Application.answers,
            Application.created_at,
            Application.updated_at,
            Application.offering_id,
            Offering.form,
            Offering.agency_slug,
            Offering.details,
            Offering.starts_at,
            Offering.ends_at,
            Offering.edit_until,
            Offering.seats_per_business,
            Offering.cancelled_at,
            Offering.sequence,
            Offering.sample,
            position,
        )
        .join(Offering, Offering.id == Application.offering_id)
        .join(Business, Business.id == Application.business_id)
    )


_MINE = Application.business_id.in_(
    select(BusinessMember.business_id).where(BusinessMember.contact_id == bindparam("contact"))
)
_OF_CONTACT = _filed().where(_MINE).order_by(Application.id.desc()).offset(bindparam("first")).limit(bindparam("most"))
_FIND = _filed().where(_MINE, Application.id == bindparam("application"))
_FOR_STAFF = _filed().where(Application.id == bindparam("application"))
_BY_CODE = _filed().where(_MINE, Application.code == bindparam("code"))
_BY_DRAFT = _filed().where(_MINE, Application.draft_id == bindparam("draft"))
_FOR_OFFERING = (
    _filed()
    .where(_MINE, Application.offering_id == bindparam("offering"), Application.status.not_in(OVER))
    .order_by(Application.id.desc())
    .limit(1)
)


def _one(row: Row[*tuple[Any, ...]]) -> Filed:
    id_, code, status, kind, *others = row
    return Filed(id_, code, Status(status), Kind(kind), *others)
