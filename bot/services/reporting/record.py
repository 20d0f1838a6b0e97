"""What an agency has handed in, period by period: on time, late, corrected, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import and_, exists, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.models.handing_in import Submission
from bot.db.models.reporting import Obligation
from bot.services.duties.windows import Period
from bot.services.reporting.statuses import Status


class Kept(StrEnum):
    """How a period went. What counts is when the report came first, not when its correction did."""

    ON_TIME = "on time"
    LATE = "late"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Entry:
    """One period that is over or was handed in. ``corrected``: it was returned at least once."""

    obligation_id: int
    duty: str
    period: Period
    due_on: date
    status: Status
    kept: Kept
    handed_in_at: datetime | None
    corrected: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """The entries in figures; ``corrected`` are among those on time or late."""

    periods: int
    on_time: int
    late: int
    missing: int
    corrected: int


async def of_agency(connection: AsyncConnection, agency_id: int, today: date) -> list[Entry]:
    """Every period whose report is due by now or came early, the newest first. Who may see it is the caller's."""
    first = aliased(Submission)
    returned = aliased(Submission)
    rows = await connection.execute(
        select(
            Obligation.id,
            Obligation.duty,
            Obligation.period_start,
            Obligation.period_end,
            Obligation.due_on,
            Obligation.status,
            Obligation.first_submitted_at,
            first.late,
            exists(
                select(returned.id).where(
                    returned.obligation_id == Obligation.id, returned.status == literal_column("'returned'")
                )
            ),
        )
        .outerjoin(first, and_(first.obligation_id == Obligation.id, first.version == literal_column("1")))
        .where(
            Obligation.agency_id == agency_id,
            Obligation.status != Status.WITHDRAWN.value,
            or_(Obligation.due_on < today, Obligation.first_submitted_at.is_not(None)),
        )
        .order_by(Obligation.due_on.desc(), Obligation.id.desc())
    )
    return [
        Entry(id_, duty, Period(start, end), due_on, Status(status), _kept(came, late), came, bool(corrected))
        for id_, duty, start, end, due_on, status, came, late, corrected in rows
    ]


def count(entries: Sequence[Entry]) -> Counts:
    """The same in figures."""
    how = Counter(each.kept for each in entries)
    corrected = sum(each.corrected for each in entries)
    return Counts(len(entries), how[Kept.ON_TIME], how[Kept.LATE], how[Kept.MISSING], corrected)


def _kept(came: datetime | None, late: bool | None) -> Kept:
    if came is None:
        return Kept.MISSING
    return Kept.LATE if late else Kept.ON_TIME
