"""What reports have of one person: counted for them, taken out when they are forgotten, moved when accounts are joined.

A report belongs to its agency and stays as long as the agency's records do; of who wrote it, handed it in or reviewed
it nothing is left but the time.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.handing_in import ReportDraft, Review, Submission
from bot.db.models.reporting import Extension, NotMine, Obligation, ObligationEvent, PersonalReminder

# Every column that says who did something to a report; obligations first, as everybody locks them.
_DOERS = (
    Obligation.submitted_by,
    Obligation.acknowledged_by,
    Submission.submitted_by,
    Review.reviewed_by,
    ReportDraft.changed_by,
    ObligationEvent.contact_id,
    Extension.asked_by,
    Extension.decided_by,
    NotMine.passed_to,
)


@dataclass(frozen=True, slots=True)
class Written:
    """How many reports somebody handed in and reviewed, and how often the history of one names them."""

    handed_in: int
    reviewed: int
    recorded: int


async def count(connection: AsyncConnection, contact_id: int) -> Written:
    """What is kept under the person's name."""
    counted = (
        select(func.count()).where(column == contact_id).scalar_subquery()
        for column in (Submission.submitted_by, Review.reviewed_by, ObligationEvent.contact_id)
    )
    return Written(*(await connection.execute(select(*counted))).one())


async def forget(connection: AsyncConnection, contact_id: int) -> None:
    """Take the person out of everything that was done to reports; the reports stay as they are."""
    for column in _DOERS:
        await connection.execute(update(column.class_).where(column == contact_id).values({column: None}))
    await _forget_own(connection, contact_id)
    await _rewrite_authors(connection, contact_id, None)


async def move(connection: AsyncConnection, fresh: int, contact_id: int) -> None:
    """What a foreign key does not say when one contact becomes part of another."""
    await _forget_own(connection, fresh)
    await _rewrite_authors(connection, fresh, contact_id)


async def _forget_own(connection: AsyncConnection, contact_id: int) -> None:
    """Of what one person is reminded, at their wish."""
    await connection.execute(delete(PersonalReminder).where(PersonalReminder.contact_id == contact_id))
    await connection.execute(delete(NotMine).where(NotMine.contact_id == contact_id))


async def _rewrite_authors(connection: AsyncConnection, before: int, after: int | None) -> None:
    """In drafts, put another contact in the place of one, or nobody."""
    rows = await connection.execute(select(ReportDraft.obligation_id, ReportDraft.authors).with_for_update())
    for obligation_id, authors in rows.all():
        if all(who != before for who, _ in authors.values()):
            continue
        kept = {key: [after if who == before else who, at] for key, (who, at) in authors.items()}
        left = {key: each for key, each in kept.items() if each[0] is not None}
        await connection.execute(
            update(ReportDraft).where(ReportDraft.obligation_id == obligation_id).values(authors=left)
        )
