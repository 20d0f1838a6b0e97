"""The question log: what was asked and what came of it, never who asked.

A question has a random token, which stands in the buttons under its answer and nowhere else: only who got the
answer can rate it. The time is kept to the hour, so that no line can be matched with a message by its moment.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.learning import Question
from bot.db.types import UtcTime
from bot.messages import Language
from bot.services.answering.findings import Answer, Finding, Further, SmallTalk, Suggestions
from bot.services.learning import question_groups
from bot.services.learning.masking import masked

LONGEST_TEXT = 500
KEPT_DAYS = 365
BATCH = 1000


class Outcome(StrEnum):
    """What the bot said."""

    ANSWERED = "answered"
    SUGGESTED = "suggested"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Logged:
    """One question of the log."""

    id: int
    language: Language
    text: str
    outcome: Outcome
    entry_id: str | None
    rating: int | None
    group_id: int | None

    @property
    def has_no_good_answer(self) -> bool:
        """Whether editors should see it."""
        return self.outcome is Outcome.UNKNOWN or self.rating == -1


LOG = (
    insert(Question)
    .values(
        token=bindparam("new_token"),
        asked_at=bindparam("at", type_=UtcTime),
        language=bindparam("spoken"),
        text=bindparam("said"),
        outcome=bindparam("came_of_it"),
        entry_id=bindparam("entry"),
        score=bindparam("sureness"),
    )
    .inline()
)
_LOGGED = select(
    Question.id,
    Question.language,
    Question.text,
    Question.outcome,
    Question.entry_id,
    Question.rating,
    Question.group_id,
)


def line(text: str, finding: Finding, now: datetime) -> dict[str, Any] | None:
    """What ``LOG`` is run with, under a new token.

    None for small talk and for «which agency?» after an answer: they are no questions of their own.
    """
    outcome = finding.outcome
    if isinstance(outcome, SmallTalk | Further):
        return None
    entry_id = None
    if isinstance(outcome, Answer):
        word, entry_id = Outcome.ANSWERED, outcome.entry.id
    else:
        word = Outcome.SUGGESTED if isinstance(outcome, Suggestions) else Outcome.UNKNOWN
    return {
        "new_token": secrets.token_urlsafe(9),
        "at": now.replace(minute=0, second=0, microsecond=0),
        "spoken": finding.language.value,
        "said": masked(text)[:LONGEST_TEXT],
        "came_of_it": word.value,
        "entry": entry_id,
        "sureness": outcome.score,
    }


async def find(connection: AsyncConnection, token: str, *, lock: bool = False) -> Logged | None:
    """The question of a token; None for one that doesn't exist, or not any more."""
    statement = _LOGGED.where(Question.token == token)
    row = (await connection.execute(statement.with_for_update() if lock else statement)).one_or_none()
    if row is None:
        return None
    return Logged(row[0], Language(row[1]), row[2], Outcome(row[3]), *row[4:])


async def rate(connection: AsyncConnection, token: str, rating: int) -> Logged | None:
    """Record what the asker thinks of the answer; what they said last counts. None for no such question."""
    logged = await find(connection, token, lock=True)
    if logged is None:
        return None
    # An answer that is fine after all is nothing for editors to look at.
    leaves = rating > 0 and logged.outcome is not Outcome.UNKNOWN and logged.group_id is not None
    group_id = None if leaves else logged.group_id
    await connection.execute(update(Question).where(Question.id == logged.id).values(rating=rating, group_id=group_id))
    if leaves and logged.group_id is not None:
        await question_groups.recount(connection, [logged.group_id])
    return Logged(
        logged.id, logged.language, logged.text, logged.outcome, logged.entry_id, rating=rating, group_id=group_id
    )


async def forget_old(connection: AsyncConnection, now: datetime, *, kept_days: int = KEPT_DAYS) -> int:
    """Drop a batch of what is older than it may be kept, with the wishes about it; returns how many there were."""
    before = now - timedelta(days=kept_days)
    old = select(Question.id).where(Question.asked_at < before).order_by(Question.asked_at).limit(BATCH)
    dropped = await connection.execute(delete(Question).where(Question.id.in_(old.scalar_subquery())))
    if dropped.rowcount < BATCH:
        await question_groups.forget_old(connection, before, now)
    return dropped.rowcount
