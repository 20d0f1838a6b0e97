"""Questions handed to an officer, until one of them has answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.models import Agency, Contact, FocalPoint, Ticket
from bot.messages import Language

# UTF-16 units: question and answer together fit into one message of every channel.
LONGEST_QUESTION = 1000
LONGEST_ANSWER = 2500
SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Question:
    """One ticket with the names of who asked and who answered."""

    id: int
    contact_id: int
    asked_by: str
    question: str
    created_at: datetime
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None


_answering = aliased(Contact)
_QUESTION = (
    select(
        Ticket.id,
        Ticket.contact_id,
        Contact.name,
        Ticket.question,
        Ticket.created_at,
        Ticket.answer,
        _answering.name,
        Ticket.answered_at,
    )
    .join(Contact, Contact.id == Ticket.contact_id)
    .outerjoin(_answering, _answering.id == Ticket.answered_by)
)


async def ask(connection: AsyncConnection, contact_id: int, question: str, now: datetime) -> Question:
    """Store a question for an officer."""
    ticket_id = (
        await connection.execute(
            insert(Ticket)
            .values(contact_id=contact_id, question=question, status="open", created_at=now)
            .returning(Ticket.id)
        )
    ).scalar_one()
    return _question((await connection.execute(_QUESTION.where(Ticket.id == ticket_id))).one())


async def find(connection: AsyncConnection, ticket_id: int) -> Question | None:
    """One question by its number."""
    row = (await connection.execute(_QUESTION.where(Ticket.id == ticket_id))).one_or_none()
    return _question(row) if row else None


async def unanswered(connection: AsyncConnection, *, limit: int) -> list[Question]:
    """Questions that nobody has answered, the oldest first."""
    rows = await connection.execute(_QUESTION.where(Ticket.status == "open").order_by(Ticket.created_at).limit(limit))
    return [_question(row) for row in rows]


async def answer(connection: AsyncConnection, ticket_id: int, by: int, text: str, now: datetime) -> bool:
    """Record the answer. False when somebody else was faster."""
    changed = await connection.execute(
        update(Ticket)
        .where(Ticket.id == ticket_id, Ticket.status == "open")
        .values(status="answered", answer=text, answered_by=by, answered_at=now)
    )
    return changed.rowcount == 1


async def agency_of(connection: AsyncConnection, contact_id: int, language: Language) -> str | None:
    """The agency that an officer belongs to, as far as the bot knows."""
    name = Agency.name_vi if language is Language.VI else Agency.name_en
    return await connection.scalar(
        select(name)
        .join(FocalPoint, FocalPoint.agency_id == Agency.id)
        .where(FocalPoint.contact_id == contact_id)
        .order_by(FocalPoint.since, Agency.id)
        .limit(1)
    )


def _question(row: Row[int, int, str, str, datetime, str | None, str, datetime | None]) -> Question:
    return Question(*row)
