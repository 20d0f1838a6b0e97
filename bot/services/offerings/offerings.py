"""What a business can sign up for: rows made from the content, with the seats that are taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.db.models.offerings import Offering
from bot.db.upsert import insert_for
from bot.messages import Language
from bot.services.applications.statuses import TAKES_SEATS, Status
from content.model import Content
from content.offering_model import OfferingDefinition

# Who says what an offering is: the content files, or staff in the chat.
CONTENT, CHAT = "content", "chat"


class Kind(StrEnum):
    """The two kinds of offering."""

    PROGRAMME = "programme"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Offered:
    """An offering with its ``taken`` seats, reserved ones included, and how many applications are ``waiting``.

    An application for more seats than there are in all is not waiting: it could only hold up the others.
    """

    id: int
    kind: Kind
    slug: str
    agency_slug: str
    form: str
    details: Mapping[str, Any]
    starts_at: datetime | None
    ends_at: datetime | None
    capacity: int | None
    seats_per_business: int
    opens_at: datetime | None
    closes_at: datetime | None
    edit_until: datetime | None
    needs_approval: bool
    waitlist: bool
    offer_hours: int
    origin: str
    sample: bool
    active: bool
    cancelled_at: datetime | None
    cancel_reason: str
    sequence: int
    taken: int
    waiting: int

    def title(self, language: Language) -> str:
        return str(self.details["title"][language.value])

    def text(self, name: str, language: Language) -> str:
        """One of the texts of ``details``; empty when it has none of this name."""
        texts = self.details.get(name)
        return str(texts[language.value]) if texts else ""

    @property
    def left(self) -> int | None:
        """Seats that nobody has, whoever waits for them; None where seats are not counted."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def free(self) -> int | None:
        """Seats that a new sign-up would get: none while others wait; None where seats are not counted."""
        return 0 if self.waiting and self.left is not None else self.left

    @property
    def most_seats(self) -> int:
        """How many seats one business may ask for."""
        return self.seats_per_business if self.capacity is None else min(self.seats_per_business, self.capacity)

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at is not None and self.starts_at <= now

    def takes_place(self, now: datetime) -> bool:
        """Whether it is still to come, so that seats are worth giving out, even if sign-up has closed."""
        return self.active and self.cancelled_at is None and not self.has_begun(now)

    def is_open(self, now: datetime) -> bool:
        """Whether one can sign up now: within the window, and for an event until it begins."""
        return (
            self.takes_place(now)
            and (self.opens_at is None or self.opens_at <= now)
            and (self.closes_at is None or self.closes_at > now)
        )

    def opens_later(self, now: datetime) -> bool:
        """Whether sign-up has not begun yet."""
        return self.takes_place(now) and self.opens_at is not None and self.opens_at > now


async def sync(connection: AsyncConnection, known: Content) -> None:
    """Make the table say what the content says, but for offerings that staff have taken in hand.

    What has vanished there stays as a row that is not active.
    """
    stored = {row.slug: row for row in await connection.execute(select(*Offering.__table__.columns))}
    ours = {slug for slug, row in stored.items() if row.origin != CONTENT}
    wanted = {slug: values_of(definition) for slug, definition in known.offerings.items() if slug not in ours}
    changed = [
        values
        for slug, values in wanted.items()
        if slug not in stored or any(getattr(stored[slug], name) != value for name, value in values.items())
    ]
    if changed:
        statement = insert_for(connection, Offering).values(changed)
        columns = {name: statement.excluded[name] for name in changed[0] if name != "slug"}
        await connection.execute(statement.on_conflict_do_update(index_elements=["slug"], set_=columns))
    vanished = [slug for slug, row in stored.items() if slug not in wanted and slug not in ours and row.active]
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
            Offering.cancelled_at.is_(None),
            or_(Offering.starts_at.is_(None), Offering.starts_at > now),
        )
        .order_by(Offering.starts_at, Offering.id)
        .offset(offset)
        .limit(limit)
    )
    return [_one(row) for row in rows]


async def get(connection: AsyncConnection, offering_id: int) -> Offered | None:
    """One offering, active or not."""
    row = (await connection.execute(_BY_ID, {"offering": offering_id})).one_or_none()
    return _one(row) if row else None


async def lock(connection: AsyncConnection, offering_id: int) -> Offered | None:
    """The same, while nobody else can take or free one of its seats until the transaction ends.

    The row is locked before the seats are counted: the count must see what the holder before has done.
    """
    if connection.dialect.name != "sqlite":  # there a writing transaction is the only one anyway
        await connection.execute(_LOCK, {"offering": offering_id})
    return await get(connection, offering_id)


def _offered() -> Select[*tuple[Any, ...]]:
    fits = or_(Offering.capacity.is_(None), Application.seats <= Offering.capacity)
    return select(
        Offering.id,
        Offering.kind,
        Offering.slug,
        Offering.agency_slug,
        Offering.form,
        Offering.details,
        Offering.starts_at,
        Offering.ends_at,
        Offering.capacity,
        Offering.seats_per_business,
        Offering.opens_at,
        Offering.closes_at,
        Offering.edit_until,
        Offering.needs_approval,
        Offering.waitlist,
        Offering.offer_hours,
        Offering.origin,
        Offering.sample,
        Offering.active,
        Offering.cancelled_at,
        Offering.cancel_reason,
        Offering.sequence,
        _total(func.coalesce(func.sum(Application.seats), 0), Application.status.in_(TAKES_SEATS)).label("taken"),
        _total(func.count(), and_(Application.status == Status.WAITLISTED, fits)).label("waiting"),
    )


def _total(what: Any, which: ColumnElement[bool]) -> Any:
    return select(what).where(Application.offering_id == Offering.id, which).correlate(Offering).scalar_subquery()


def _one(row: Row[*tuple[Any, ...]]) -> Offered:
    id_, kind, *others = row
    return Offered(id_, Kind(kind), *others)


def values_of(definition: OfferingDefinition) -> dict[str, Any]:
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
            "link": definition.link,
            "source": definition.source,
            "owner_named": definition.owner_named,
            "fits": definition.fits.model_dump(mode="json"),
        },
        "starts_at": definition.starts_at,
        "ends_at": definition.ends_at,
        "capacity": definition.capacity,
        "seats_per_business": definition.seats_per_business,
        "opens_at": definition.opens_at,
        "closes_at": definition.closes_at,
        "edit_until": definition.edit_until,
        "needs_approval": definition.needs_approval,
        "waitlist": definition.waitlist,
        "offer_hours": definition.offer_hours,
        "sample": definition.sample,
        "active": True,
    }


# Rows that name the offering, such as the form that somebody begins to fill in, can still be added meanwhile.
_LOCK = select(Offering.id).where(Offering.id == bindparam("offering")).with_for_update(key_share=True)
_BY_ID = _offered().where(Offering.id == bindparam("offering"))
