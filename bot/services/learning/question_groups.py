"""Questions without a good answer, gathered by likeness: what editors are asked to write answers for.

A new question joins the likest group of its language, or begins one. Groups that were dismissed go on taking in
what is like them, so that nobody is bothered with it twice; answered ones don't, since what still comes there
was not understood.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.job_state import one_at_a_time
from bot.db.models.learning import UNGATHERED, FaqChange, Question, QuestionGroup
from bot.messages import Language
from bot.services.answering import likeness
from bot.vietnamese import fold
from content.model import Content

JOB = "gather questions"
AT_ONCE = 300
GROUPS_COMPARED = 2000
SAMPLES = 5
SAMPLES_READ = 40


class Status(StrEnum):
    """Where a group is."""

    OPEN = "open"
    PROPOSED = "proposed"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Group:
    """Questions alike; ``sample`` is the first of them."""

    id: int
    language: Language
    sample: str
    count: int
    last_at: datetime
    status: Status


@dataclass(frozen=True, slots=True)
class Said:
    """What is behind a group: different wordings, the newest first, and the answers that were voted down."""

    wordings: tuple[str, ...]
    voted_down: tuple[str, ...]


_GROUP = select(
    QuestionGroup.id,
    QuestionGroup.language,
    QuestionGroup.sample,
    QuestionGroup.count,
    QuestionGroup.last_at,
    QuestionGroup.status,
)


async def gather(connection: AsyncConnection, known: Content, now: datetime) -> int:
    """Put questions that are in no group yet into one, a limited number in one run; returns how many."""
    waiting = select(Question.id, Question.language, Question.text, Question.asked_at).where(UNGATHERED)
    statement = waiting.order_by(Question.id).limit(AT_ONCE)
    if not (await connection.execute(statement.limit(1))).all():
        return 0
    # Two processes must not begin two groups for the same question.
    await one_at_a_time(connection, JOB, now)
    rows = (await connection.execute(statement)).all()
    for language in Language:
        asked = [row for row in rows if row.language == language.value]
        if asked:
            await _gather(connection, known, language, asked)
    return len(rows)


async def top(
    connection: AsyncConnection, *, offset: int = 0, limit: int, status: Status = Status.OPEN
) -> tuple[list[Group], int]:
    """The groups asked for most often, and how many there are in all."""
    rows = await connection.execute(
        _GROUP.where(QuestionGroup.status == status.value, QuestionGroup.count > 0)
        .order_by(QuestionGroup.count.desc(), QuestionGroup.id)
        .offset(offset)
        .limit(limit)
    )
    total = await connection.scalar(
        select(func.count()).where(QuestionGroup.status == status.value, QuestionGroup.count > 0)
    )
    return [_group(row) for row in rows], total or 0


async def find(connection: AsyncConnection, group_id: int) -> Group | None:
    """One group by its number."""
    row = (await connection.execute(_GROUP.where(QuestionGroup.id == group_id))).one_or_none()
    return _group(row) if row else None


async def said(connection: AsyncConnection, group_id: int, *, samples: int = SAMPLES) -> Said:
    """Examples of what was asked, each wording once, and which answers people found wrong."""
    texts = await connection.execute(
        select(Question.text).where(Question.group_id == group_id).order_by(Question.id.desc()).limit(SAMPLES_READ)
    )
    wordings: dict[str, str] = {}
    for wording in texts.scalars():
        wordings.setdefault(fold(wording), wording)
    entries = await connection.execute(
        select(Question.entry_id)
        .where(Question.group_id == group_id, Question.entry_id.is_not(None), Question.rating == -1)
        .group_by(Question.entry_id)
        .order_by(func.count().desc(), Question.entry_id)
        .limit(samples)
    )
    return Said(tuple(wordings.values())[:samples], tuple(each for each in entries.scalars() if each))


async def change(connection: AsyncConnection, group_id: int, before: Status, after: Status) -> bool:
    """Move a group on. False when it isn't where the caller thought: somebody was faster."""
    changed = await connection.execute(
        update(QuestionGroup)
        .where(QuestionGroup.id == group_id, QuestionGroup.status == before.value)
        .values(status=after.value)
    )
    return changed.rowcount == 1


async def recount(connection: AsyncConnection, group_ids: Sequence[int]) -> None:
    """Make groups say how many questions they have; the rows are locked first, so that no count is lost."""
    which = among(connection, QuestionGroup.id, group_ids)
    await connection.execute(select(QuestionGroup.id).where(which).order_by(QuestionGroup.id).with_for_update())
    await connection.execute(_recounted().where(which))


async def forget_old(connection: AsyncConnection, before: datetime, now: datetime) -> None:
    """Groups of which nothing is left go, and what an old one quotes becomes a question that is still kept."""
    await one_at_a_time(connection, JOB, now)
    empty = ~exists(select(Question.id).where(Question.group_id == QuestionGroup.id))
    proposed = exists(
        select(FaqChange.id).where(FaqChange.group_id == QuestionGroup.id, FaqChange.status == Status.PROPOSED.value)
    )
    await connection.execute(delete(QuestionGroup).where(QuestionGroup.first_at < before, empty, ~proposed))
    mine = select(Question.text).where(Question.group_id == QuestionGroup.id).order_by(Question.id).limit(1)
    first = select(func.min(Question.asked_at)).where(Question.group_id == QuestionGroup.id)
    await connection.execute(
        _recounted()
        .where(QuestionGroup.first_at < before)
        .values(
            sample=func.coalesce(mine.correlate(QuestionGroup).scalar_subquery(), ""),
            first_at=func.coalesce(first.correlate(QuestionGroup).scalar_subquery(), QuestionGroup.first_at),
        )
    )


async def _gather(
    connection: AsyncConnection, known: Content, language: Language, asked: Sequence[Row[int, str, str, datetime]]
) -> None:
    joinable = (Status.OPEN.value, Status.PROPOSED.value, Status.DISMISSED.value)
    groups = (
        await connection.execute(
            select(QuestionGroup.id, QuestionGroup.sample)
            .where(QuestionGroup.language == language.value, QuestionGroup.status.in_(joinable))
            .order_by(QuestionGroup.last_at.desc())
            .limit(GROUPS_COMPARED)
        )
    ).all()
    places = await asyncio.to_thread(
        _places, known, language, [group.sample for group in groups], [row.text for row in asked]
    )
    ids = [group.id for group in groups]
    for row, place in zip(asked, places, strict=True):
        if place == len(ids):
            ids.append(await _begin(connection, language, row.text, row.asked_at))
    # Whoever changed their mind meanwhile and found the answer good after all stays out.
    await connection.execute(
        update(Question).where(Question.id == bindparam("question"), UNGATHERED).values(group_id=bindparam("into")),
        [{"question": row.id, "into": ids[place]} for row, place in zip(asked, places, strict=True)],
    )
    await recount(connection, sorted({ids[place] for place in places}))


def _places(known: Content, language: Language, groups: Sequence[str], questions: Sequence[str]) -> list[int]:
    return likeness.gathered(likeness.weights(known, language), groups, questions)


async def _begin(connection: AsyncConnection, language: Language, sample: str, at: datetime) -> int:
    values = {"language": language.value, "sample": sample, "count": 0, "status": Status.OPEN.value}
    return (
        await connection.execute(
            insert(QuestionGroup).values(**values, first_at=at, last_at=at).returning(QuestionGroup.id)
        )
    ).scalar_one()


def _recounted() -> Any:
    mine = Question.group_id == QuestionGroup.id
    count = select(func.count()).where(mine).correlate(QuestionGroup).scalar_subquery()
    last = select(func.max(Question.asked_at)).where(mine).correlate(QuestionGroup).scalar_subquery()
    return update(QuestionGroup).values(count=count, last_at=func.coalesce(last, QuestionGroup.last_at))


def _group(row: Row[int, str, str, int, datetime, str]) -> Group:
    return Group(row[0], Language(row[1]), row[2], row[3], row[4], Status(row[5]))
