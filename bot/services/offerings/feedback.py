"""What those who attended thought of an event: a mark from 1 to 5 and perhaps words, once per application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application, EventFeedback
from bot.db.upsert import insert_or_ignore

MARKS = range(1, 6)
LONGEST_COMMENT = 1000


@dataclass(frozen=True, slots=True)
class Comment:
    """Words of somebody who attended; staff read them without the name."""

    mark: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Summary:
    """How an event was received. ``marks`` has how often each mark was given, ``comments`` a page of the newest."""

    marks: Mapping[int, int]
    comments: Sequence[Comment]
    comments_in_all: int

    @property
    def answers(self) -> int:
        return sum(self.marks.values())

    @property
    def mean(self) -> float | None:
        """The average mark; None where nobody has answered."""
        return sum(mark * count for mark, count in self.marks.items()) / self.answers if self.answers else None


async def rate(connection: AsyncConnection, application_id: int, contact_id: int, mark: int, *, now: datetime) -> bool:
    """Keep a mark; False where the application has one already, which then stays. The caller knows who may."""
    kept = await connection.execute(
        insert_or_ignore(connection, EventFeedback)
        .values(application_id=application_id, contact_id=contact_id, rating=mark, comment="", at=now)
        .returning(EventFeedback.application_id)
    )
    return kept.scalar_one_or_none() is not None


async def mark_of(connection: AsyncConnection, application_id: int) -> int | None:
    """The mark that was given for an application."""
    found: int | None = await connection.scalar(
        select(EventFeedback.rating).where(EventFeedback.application_id == application_id)
    )
    return found


async def comment(connection: AsyncConnection, application_id: int, contact_id: int, text: str) -> bool:
    """Add words to one's own mark; False where there is no such mark or it has words already."""
    added = await connection.execute(
        update(EventFeedback)
        .where(
            EventFeedback.application_id == application_id,
            EventFeedback.contact_id == contact_id,
            EventFeedback.comment == "",
        )
        .values(comment=text)
        .returning(EventFeedback.application_id)
    )
    return added.scalar_one_or_none() is not None


async def summary(connection: AsyncConnection, offering_id: int, *, offset: int = 0, limit: int = 5) -> Summary:
    """How an event was received, with ``limit`` comments from the ``offset``-th newest on. For staff."""
    of_event = EventFeedback.application_id == Application.id, Application.offering_id == offering_id
    counts = await connection.execute(
        select(EventFeedback.rating, func.count()).where(*of_event).group_by(EventFeedback.rating)
    )
    with_words = (*of_event, EventFeedback.comment != "")
    in_all = await connection.scalar(select(func.count()).where(*with_words))
    rows = await connection.execute(
        select(EventFeedback.rating, EventFeedback.comment, EventFeedback.at)
        .where(*with_words)
        .order_by(EventFeedback.at.desc(), EventFeedback.application_id.desc())
        .offset(offset)
        .limit(limit)
    )
    marks = dict.fromkeys(MARKS, 0) | {row[0]: row[1] for row in counts}
    return Summary(marks, [Comment(*row) for row in rows], in_all or 0)
