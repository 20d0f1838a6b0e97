"""Additions to the answers: an editor proposes one, a second editor approves or rejects it.

Changing a status is one conditional UPDATE, so of two people who press at once one succeeds and the other is
told. What is approved goes live through ``bot.services.answering.knowledge``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Row, func, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.models.learning import FaqChange
from bot.db.models.people import Contact
from bot.messages import Language
from bot.services.learning import question_groups
from bot.vietnamese import fold
from content.added import Change, NewEntry, NewPhrasing
from content.model import Entry

LONGEST_SLUG = 30


class Status(StrEnum):
    """Where a change is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change as it was proposed. ``approver_name`` is who decided, also when they rejected it.

    ``change`` is None when what is stored can't be read any more.
    """

    id: int
    change: Change | None
    group_id: int | None
    author_id: int | None
    author_name: str
    approver_name: str
    status: Status
    reason: str
    created_at: datetime
    decided_at: datetime | None


_author, _approver = aliased(Contact), aliased(Contact)
_PROPOSAL = (
    select(
        FaqChange.id,
        FaqChange.kind,
        FaqChange.entry_id,
        FaqChange.language,
        FaqChange.content,
        FaqChange.group_id,
        FaqChange.author_id,
        func.coalesce(_author.name, "").label("author_name"),
        func.coalesce(_approver.name, "").label("approver_name"),
        FaqChange.status,
        FaqChange.reason,
        FaqChange.created_at,
        FaqChange.decided_at,
    )
    .outerjoin(_author, _author.id == FaqChange.author_id)
    .outerjoin(_approver, _approver.id == FaqChange.approver_id)
)
# In the words of the index ix_faq_change_status, for a statement that is asked every few seconds.
_IS_APPROVED = FaqChange.status == literal_column("'approved'")


async def propose_phrasing(
    connection: AsyncConnection, group_id: int, author_id: int, change: NewPhrasing, now: datetime
) -> int | None:
    """Propose the question of a group as a phrasing; None when somebody was faster with this group."""
    content = {"phrasing": change.phrasing}
    return await _propose(connection, group_id, author_id, change.entry_id, change.language, content, now)


async def propose_entry(
    connection: AsyncConnection,
    group_id: int,
    author_id: int,
    language: Language,
    entry: Mapping[str, Any],
    now: datetime,
) -> int | None:
    """Propose a new answer (without its id, which it gets here); None when somebody was faster with this group."""
    change_id = await _propose(connection, group_id, author_id, "", language, {"entry": dict(entry)}, now)
    if change_id is not None:
        entry_id = f"added-{change_id}-{slug(entry['en']['question'])}".strip("-")
        content = {"entry": {**entry, "id": entry_id}}
        await connection.execute(
            update(FaqChange).where(FaqChange.id == change_id).values(entry_id=entry_id, content=content)
        )
    return change_id


async def approve(connection: AsyncConnection, change_id: int, by: int, now: datetime) -> bool:
    """Let a change go live. False when it doesn't wait any more, or is one's own."""
    return await _settle(connection, change_id, Status.APPROVED, now, FaqChange.author_id != by, approver_id=by)


async def reject(connection: AsyncConnection, change_id: int, by: int, reason: str, now: datetime) -> bool:
    """Refuse a change; its group is open again. False when it doesn't wait any more, or is one's own."""
    own = FaqChange.author_id != by
    return await _settle(connection, change_id, Status.REJECTED, now, own, approver_id=by, reason=reason)


async def withdraw(connection: AsyncConnection, change_id: int, by: int, now: datetime) -> bool:
    """Take one's own change back; its group is open again. False when it doesn't wait any more, or isn't one's own."""
    return await _settle(connection, change_id, Status.WITHDRAWN, now, FaqChange.author_id == by)


async def find(connection: AsyncConnection, change_id: int) -> Proposal | None:
    """One change by its number."""
    row = (await connection.execute(_PROPOSAL.where(FaqChange.id == change_id))).one_or_none()
    return _proposal(row) if row else None


async def of_group(connection: AsyncConnection, group_id: int, status: Status) -> Proposal | None:
    """The newest change with this status that came of a group."""
    statement = _PROPOSAL.where(FaqChange.group_id == group_id, FaqChange.status == status.value)
    row = (await connection.execute(statement.order_by(FaqChange.id.desc()).limit(1))).one_or_none()
    return _proposal(row) if row else None


async def waiting(connection: AsyncConnection, *, offset: int = 0, limit: int) -> tuple[list[Proposal], int]:
    """The changes that wait for approval, the oldest first, and how many there are in all."""
    proposed = FaqChange.status == Status.PROPOSED.value
    rows = await connection.execute(_PROPOSAL.where(proposed).order_by(FaqChange.id).offset(offset).limit(limit))
    total = await connection.scalar(select(func.count()).where(proposed))
    return [_proposal(row) for row in rows], total or 0


async def version(connection: AsyncConnection) -> int:
    """A number that is another one as soon as anything more is approved."""
    return await connection.scalar(select(func.count()).select_from(FaqChange).where(_IS_APPROVED)) or 0


async def approved(connection: AsyncConnection) -> list[Change]:
    """Every approved change in the order of approval; what can't be read any more is left out."""
    rows = await connection.execute(_PROPOSAL.where(_IS_APPROVED).order_by(FaqChange.decided_at, FaqChange.id))
    changes = (_change(row) for row in rows)
    return [change for change in changes if change is not None]


def slug(text: str) -> str:
    """Words for an id: ``May electric cars park?`` -> ``may-electric-cars-park``."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    return words if len(words) <= LONGEST_SLUG else words[: LONGEST_SLUG + 1].rpartition("-")[0] or words[:LONGEST_SLUG]


async def _propose(
    connection: AsyncConnection,
    group_id: int,
    author_id: int,
    entry_id: str,
    language: Language,
    content: Mapping[str, Any],
    now: datetime,
) -> int | None:
    groups = question_groups.Status
    if not await question_groups.change(connection, group_id, groups.OPEN, groups.PROPOSED):
        return None
    stored: int = (
        await connection.execute(
            insert(FaqChange)
            .values(
                kind="phrasing" if entry_id else "entry",
                entry_id=entry_id,
                language=language.value,
                content=dict(content),
                group_id=group_id,
                author_id=author_id,
                status=Status.PROPOSED.value,
                created_at=now,
            )
            .returning(FaqChange.id)
        )
    ).scalar_one()
    return stored


async def _settle(
    connection: AsyncConnection, change_id: int, status: Status, now: datetime, who: Any, **values: object
) -> bool:
    row = (
        await connection.execute(
            update(FaqChange)
            .where(FaqChange.id == change_id, FaqChange.status == Status.PROPOSED.value, who)
            .values(status=status.value, decided_at=now, **values)
            .returning(FaqChange.group_id)
        )
    ).one_or_none()
    if row is None:
        return False
    groups = question_groups.Status
    after = groups.ANSWERED if status is Status.APPROVED else groups.OPEN
    if row.group_id is not None:
        await question_groups.change(connection, row.group_id, groups.PROPOSED, after)
    return True


def _proposal(row: Row[*tuple[Any, ...]]) -> Proposal:
    return Proposal(
        row.id,
        _change(row),
        row.group_id,
        row.author_id,
        row.author_name,
        row.approver_name,
        Status(row.status),
        row.reason,
        row.created_at,
        row.decided_at,
    )


def _change(row: Row[*tuple[Any, ...]]) -> Change | None:
    try:
        if row.kind == "entry":
            return NewEntry(Entry.model_validate(row.content["entry"]))
        return NewPhrasing(row.entry_id, Language(row.language), str(row.content["phrasing"]))
    except (ValidationError, KeyError, TypeError, ValueError):
        return None
