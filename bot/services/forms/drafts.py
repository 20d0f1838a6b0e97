"""Half-filled forms: one per person and offering, of their own or of a business they act for."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Draft, StoredFile
from bot.db.models.businesses import BusinessMember
from bot.db.models.offerings import FormDefinition, Offering
from bot.db.models.people import Contact
from bot.db.types import UtcTime
from bot.messages import Language

ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class Kept:
    """A half-filled form, with what its offering says now. ``form_content`` is that of a form which staff sent."""

    id: str
    contact_id: int
    contact_name: str
    business_id: int | None
    offering_id: int
    state: Mapping[str, Any]
    changed_at: datetime
    form: str
    details: Mapping[str, Any]
    agency_slug: str
    seats_per_business: int
    capacity: int | None
    form_content: Mapping[str, Any] | None

    def title(self, language: Language) -> str:
        return str(self.details["title"][language.value])

    @property
    def most_seats(self) -> int:
        """How many seats one business may ask for."""
        return self.seats_per_business if self.capacity is None else min(self.seats_per_business, self.capacity)


def _kept(*which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Draft.id,
            Draft.contact_id,
            Contact.name,
            Draft.business_id,
            Draft.offering_id,
            Draft.state,
            Draft.changed_at,
            Offering.form,
            Offering.details,
            Offering.agency_slug,
            Offering.seats_per_business,
            Offering.capacity,
            FormDefinition.content,
        )
        .join(Offering, Offering.id == Draft.offering_id)
        .join(Contact, Contact.id == Draft.contact_id)
        .outerjoin(FormDefinition, FormDefinition.name == Offering.form)
        .where(*which)
    )


_ACTS_FOR_IT = exists().where(
    BusinessMember.business_id == Draft.business_id, BusinessMember.contact_id == bindparam("person")
)
_MAY_SEE = or_(Draft.contact_id == bindparam("person"), _ACTS_FOR_IT)
_ONE = _kept(Draft.id == bindparam("draft"), _MAY_SEE)
_OF_PERSON = _kept(_MAY_SEE).order_by(Draft.changed_at.desc(), Draft.offering_id.desc(), Draft.id)
_OF_OFFERING = _kept(Draft.contact_id == bindparam("person"), Draft.offering_id == bindparam("offering"))
# Never back: by a clock that was put back and forth again, what was just answered would be old, and be dropped.
_LATER = case(
    (Draft.changed_at > bindparam("now", type_=UtcTime), Draft.changed_at), else_=bindparam("now", type_=UtcTime)
)
_FORGET_FILES = delete(StoredFile).where(StoredFile.draft_id == bindparam("draft"), StoredFile.application_id.is_(None))
_FORGET = delete(Draft).where(Draft.id == bindparam("draft"))
_SAVE = (
    update(Draft)
    .where(Draft.id == bindparam("draft"))
    .values(state=bindparam("new_state"), business_id=bindparam("business"), changed_at=_LATER)
)


async def find(connection: AsyncConnection, contact_id: int, draft_id: str) -> Kept | None:
    """A draft of the person, or of a business they act for."""
    row = (await connection.execute(_ONE, {"draft": draft_id, "person": contact_id})).one_or_none()
    return _one(row) if row else None


async def of_contact(connection: AsyncConnection, contact_id: int) -> list[Kept]:
    """All of them, the one changed last in front."""
    return [_one(row) for row in await connection.execute(_OF_PERSON, {"person": contact_id})]


async def for_offering(connection: AsyncConnection, contact_id: int, offering_id: int) -> Kept | None:
    """The person's own draft for an offering."""
    row = (await connection.execute(_OF_OFFERING, {"person": contact_id, "offering": offering_id})).one_or_none()
    return _one(row) if row else None


async def add(
    connection: AsyncConnection,
    contact_id: int,
    offering_id: int,
    *,
    draft_id: str,
    business_id: int | None,
    state: Mapping[str, Any],
    now: datetime,
) -> None:
    """Begin a draft, in place of the person's former one for this offering."""
    await remove(connection, Draft.contact_id == contact_id, Draft.offering_id == offering_id)
    await connection.execute(
        insert(Draft).values(
            id=draft_id,
            contact_id=contact_id,
            business_id=business_id,
            offering_id=offering_id,
            state=dict(state),
            created_at=now,
            changed_at=now,
        )
    )


def new_id() -> str:
    """An id nobody else has: it goes into buttons, and applications keep it."""
    return secrets.token_hex(ID_BYTES)


async def save(
    connection: AsyncConnection, draft_id: str, state: Mapping[str, Any], business_id: int | None, now: datetime
) -> None:
    """Keep what the draft is now."""
    await connection.execute(_SAVE, {"draft": draft_id, "new_state": dict(state), "business": business_id, "now": now})


async def take_over(
    connection: AsyncConnection, draft_id: str, contact_id: int, state: Mapping[str, Any], now: datetime
) -> None:
    """The draft of a colleague becomes the person's own, with its files: else they would go when the colleague does."""
    await connection.execute(
        update(Draft).where(Draft.id == draft_id).values(contact_id=contact_id, state=dict(state), changed_at=now)
    )
    await connection.execute(
        update(StoredFile)
        .where(StoredFile.draft_id == draft_id, StoredFile.application_id.is_(None))
        .values(contact_id=contact_id)
    )


async def forget(connection: AsyncConnection, draft_id: str) -> None:
    """There is no such draft any more, nor are there files in it that became no application's."""
    await connection.execute(_FORGET_FILES, {"draft": draft_id})
    await connection.execute(_FORGET, {"draft": draft_id})


async def remove(connection: AsyncConnection, *which: ColumnElement[bool]) -> None:
    """Delete drafts and the files in them that became no application's; the clock removes those from the disk."""
    await connection.execute(
        delete(StoredFile).where(
            StoredFile.draft_id.in_(select(Draft.id).where(*which)), StoredFile.application_id.is_(None)
        )
    )
    await connection.execute(delete(Draft).where(*which))


def _one(row: Row[*tuple[Any, ...]]) -> Kept:
    return Kept(*row)
