"""Who wants to be told when a question has an answer. The wish is the agreement; without it the log names nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.learning import Question, QuestionWish
from bot.db.upsert import insert_or_ignore
from bot.messages import Person


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody who waits for the answer to a question of a group."""

    contact_id: int
    question: str


async def add(connection: AsyncConnection, question_id: int, person: Person, now: datetime) -> bool:
    """Remember that the person wants to be told. False when that was known."""
    stored = await connection.execute(
        insert_or_ignore(connection, QuestionWish)
        .values(question_id=question_id, contact_id=person.contact_id, channel=person.channel, at=now)
        .returning(QuestionWish.question_id)
    )
    return stored.scalar_one_or_none() is not None


async def withdraw(connection: AsyncConnection, contact_id: int, question_id: int | None = None) -> int:
    """Forget the person's wish about one question, or all of them; returns how many there were."""
    which = [QuestionWish.contact_id == contact_id]
    if question_id is not None:
        which.append(QuestionWish.question_id == question_id)
    return (await connection.execute(delete(QuestionWish).where(*which))).rowcount


async def count(connection: AsyncConnection, contact_id: int) -> int:
    """How many answers the person still waits for."""
    mine = (QuestionWish.contact_id == contact_id, QuestionWish.told_at.is_(None))
    return await connection.scalar(select(func.count()).where(*mine)) or 0


async def waiting(connection: AsyncConnection, group_id: int) -> list[Wish]:
    """Who waits for an answer to this group: each person once, with the question they asked first."""
    rows = await connection.execute(
        select(QuestionWish.contact_id, Question.text)
        .join(Question, Question.id == QuestionWish.question_id)
        .where(Question.group_id == group_id, QuestionWish.told_at.is_(None))
        .order_by(Question.id)
    )
    found: dict[int, str] = {}
    for contact_id, text in rows:
        found.setdefault(contact_id, text)
    return [Wish(contact_id, text) for contact_id, text in found.items()]


async def fulfilled(connection: AsyncConnection, group_id: int, now: datetime) -> None:
    """Everybody who waited for an answer to this group has been told."""
    questions = select(Question.id).where(Question.group_id == group_id)
    await connection.execute(
        update(QuestionWish)
        .where(QuestionWish.question_id.in_(questions), QuestionWish.told_at.is_(None))
        .values(told_at=now)
    )
