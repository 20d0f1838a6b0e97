"""Tickets: conversations between a person and officers, from the question until they are handed back.

Here is what they look like; what happens to them is ``bot.services.tickets.ticket_changes``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, literal_column, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.models.people import Contact
from bot.db.models.tickets import Ticket, TicketMessage
from bot.messages import Language, Role
from bot.services.people import contacts
from bot.services.people.officers import Officer, Staff

# UTF-16 units: question and answer together fit into one message of every channel.
LONGEST_QUESTION = 1000
LONGEST_MESSAGE = 2500
SHORTEST = 5
MOST_SHOWN = 500


class Status(StrEnum):
    """Where a ticket is."""

    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Asked:
    """One ticket with the names of who asked, has it and closed it. ``reads`` is the asker's language now.

    ``language`` is the one in which it was asked.
    """

    id: int
    contact_id: int
    asker: str
    reads: Language
    agency_slug: str
    language: Language
    question: str
    status: Status
    shared: bool
    created_at: datetime
    taken_by: int | None
    taker: str | None
    taken_at: datetime | None
    waiting_since: datetime | None
    answered_at: datetime | None
    escalation: int
    closed_by: int | None
    closer: str | None
    closed_at: datetime | None

    def is_with_other_than(self, contact_id: int) -> bool:
        """Whether somebody else has taken it."""
        return self.taken_by is not None and self.taken_by != contact_id


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation. ``author`` is a name, None where nobody of that name is known any more."""

    id: int
    from_officer: bool
    author_id: int | None
    author: str | None
    text: str
    at: datetime


_asker, _taker, _closer = aliased(Contact), aliased(Contact), aliased(Contact)
_ASKED = (
    select(
        Ticket.id,
        Ticket.contact_id,
        _asker.name,
        _asker.language,
        Ticket.agency_slug,
        Ticket.language,
        Ticket.question,
        Ticket.status,
        Ticket.shared,
        Ticket.created_at,
        Ticket.taken_by,
        _taker.name,
        Ticket.taken_at,
        Ticket.waiting_since,
        Ticket.answered_at,
        Ticket.escalation,
        Ticket.closed_by,
        _closer.name,
        Ticket.closed_at,
    )
    .join(_asker, _asker.id == Ticket.contact_id)
    .outerjoin(_taker, _taker.id == Ticket.taken_by)
    .outerjoin(_closer, _closer.id == Ticket.closed_by)
)
# Written out, so that SQLite too may use the indexes of what is not closed.
_not_closed = Ticket.status != literal_column("'closed'")


async def find(connection: AsyncConnection, ticket_id: int) -> Asked | None:
    """One ticket by its number."""
    row = (await connection.execute(_ASKED.where(Ticket.id == ticket_id))).one_or_none()
    return _one(row) if row else None


async def current(connection: AsyncConnection, contact_id: int, ticket_id: int | None) -> Asked | None:
    """The conversation that the person is in, given what is remembered of it; forgets one that has ended."""
    if ticket_id is None:
        return None
    found = await find(connection, ticket_id)
    if found is not None and found.contact_id == contact_id and found.status is not Status.CLOSED:
        return found
    await contacts.set_ticket(connection, contact_id, None)
    return None


async def by_ids(connection: AsyncConnection, ticket_ids: Sequence[int]) -> list[Asked]:
    """Several tickets, by number."""
    rows = await connection.execute(_ASKED.where(Ticket.id.in_(ticket_ids)).order_by(Ticket.id))
    return [_one(row) for row in rows]


async def listed(
    connection: AsyncConnection, officer: Officer, staff: Staff, *, offset: int, limit: int
) -> list[Asked]:
    """Tickets that are not closed and theirs to answer (``Staff.sees``), the oldest first."""
    theirs = or_(Ticket.agency_slug.in_(officer.agencies), Ticket.taken_by == officer.contact_id)
    if officer.role is Role.ADMIN:
        theirs = true()
    elif staff.sees_shared(officer):
        theirs = or_(theirs, Ticket.shared)
    rows = await connection.execute(
        _ASKED.where(_not_closed, theirs, Ticket.contact_id != officer.contact_id)
        .order_by(Ticket.created_at, Ticket.id)
        .offset(offset)
        .limit(limit)
    )
    return [_one(row) for row in rows]


async def messages(connection: AsyncConnection, ticket_id: int, *, limit: int = MOST_SHOWN) -> list[Said]:
    """What was said after the question, in order; of very many the newest."""
    rows = await connection.execute(
        select(
            TicketMessage.id,
            TicketMessage.from_officer,
            TicketMessage.author_id,
            Contact.name,
            TicketMessage.text,
            TicketMessage.at,
        )
        .outerjoin(Contact, Contact.id == TicketMessage.author_id)
        .where(TicketMessage.ticket_id == ticket_id)
        .order_by(TicketMessage.id.desc())
        .limit(limit)
    )
    return [Said(*row) for row in rows][::-1]


def _one(row: Row[*tuple[Any, ...]]) -> Asked:
    asked = Asked(*row)
    return replace(asked, reads=Language(asked.reads), language=Language(asked.language), status=Status(asked.status))
