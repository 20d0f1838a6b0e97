"""What a business can sign up for: rows made from the content, with the seats that are taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.db.models.offerings import Offering
from bot.db.upsert import insert_for
from bot.messages import Language
from content.model import Content, OfferingDefinition


class Kind(StrEnum):
    """The two kinds of offering."""

    PROGRAMME = "programme"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Offered:
    """An offering with its ``taken`` seats and how many businesses are ``waiting`` for one."""

    id: int
    kind: Kind
    agency_slug: str
    form: str
    details: Mapping[str, Any]
    starts_at: datetime | None
    ends_at: datetime | None
    capacity: int | None
    sample: bool
    active: bool
    taken: int
    waiting: int

    def title(self, language: Language) -> str:
        return str(self.details["title"][language.value])

    def text(self, name: str, language: Language) -> str:
        """One of the texts of ``details``; empty when it has none of this name."""
        texts = self.details.get(name)
        return str(texts[language.value]) if texts else ""

    @property
    def free(self) -> int | None:
        """Seats that a new sign-up would get: none while others wait; None where seats are not counted."""
        if self.capacity is None:
            return None
        return 0 if self.waiting else max(0, self.capacity - self.taken)

    def is_open(self, now: datetime) -> bool:
        """Whether one can sign up now; for an event until it begins."""
        return self.active and (self.starts_at is None or self.starts_at > now)


async def sync(connection: AsyncConnection, known: Content) -> None:
    """Make the table say what the content says. What has vanished there stays as a row that is not active."""
    stored = {row.slug: row for row in await connection.execute(select(*Offering.__table__.columns))}
    wanted = {slug: _values(definition) for slug, definition in known.offerings.items()}
    changed = [
        values
        for slug, values in wanted.items()
        if slug not in stored or any(getattr(stored[slug], name) != value for name, value in values.items())
    ]
    if changed:
        statement = insert_for(connection, Offering).values(changed)
        columns = {name: statement.excluded[name] for name in changed[0] if name != "slug"}
        await connection.execute(statement.on_conflict_do_update(index_elements=["slug"], set_=columns))
    vanished = [slug for slug, row in stored.items() if slug not in wanted and row.active]
    if vanished:
        await connection.execute(update(Offering).where(Offering.slug.in_(vanished)).values(active=False))


async def listed(
    connection: AsyncConnection, kind: Kind, *, now: datetime, offset: int = 0, limit: int = 8
) -> list[Offered]:
    """What one can sign up for: events by date, those that have begun left out; programmes in their order."""
    rows = await connection.execute(
        _offered()
        .where(
            Offering.kind == kind.value,
            Offering.active.is_(True),
            or_(Offering.starts_at.is_(None), Offering.starts_at > now),
        )
        .order_by(Offering.starts_at, Offering.id)
        .offset(offset)
        .limit(limit)
    )
    return [_one(row) for row in rows]


async def get(connection: AsyncConnection, offering_id: int) -> Offered | None:
    """One offering, active or not."""
    row = (await connection.execute(_offered().where(Offering.id == offering_id))).one_or_none()
    return _one(row) if row else None


async def lock(connection: AsyncConnection, offering_id: int) -> Offered | None:
    """The same, while nobody else can take or free one of its seats until the transaction ends.

    The row is locked before the seats are counted: the count must see what the holder before has done.
    """
    await connection.execute(select(Offering.id).where(Offering.id == offering_id).with_for_update())
    return await get(connection, offering_id)


def _offered() -> Select[*tuple[Any, ...]]:
    return select(
        Offering.id,
        Offering.kind,
        Offering.agency_slug,
        Offering.form,
        Offering.details,
        Offering.starts_at,
        Offering.ends_at,
        Offering.capacity,
        Offering.sample,
        Offering.active,
        _count("confirmed"),
        _count("waitlisted"),
    )


def _count(status: str) -> Any:
    return (
        select(func.count())
        .where(Application.offering_id == Offering.id, Application.status == status)
        .correlate(Offering)
        .scalar_subquery()
        .label(status)
    )


def _one(row: Row[*tuple[Any, ...]]) -> Offered:
    id_, kind, *others = row
    return Offered(id_, Kind(kind), *others)


def _values(definition: OfferingDefinition) -> dict[str, Any]:
    return {
        "slug": definition.slug,
        "kind": definition.kind,
        "agency_slug": definition.agency,
        "form": definition.form,
        "details": {
            "title": definition.title.model_dump(),
            "summary": definition.summary.model_dump(),
            "note": definition.note.model_dump(),
            "place": definition.place.model_dump() if definition.place else None,
            "source": definition.source,
            "owner_named": definition.owner_named,
            "fits": definition.fits.model_dump(mode="json"),
        },
        "starts_at": definition.starts_at,
        "ends_at": definition.ends_at,
        "capacity": definition.capacity,
        "sample": definition.sample,
        "active": True,
    }
