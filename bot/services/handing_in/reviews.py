"""Reviewing: the receiving agencies accept a version one after the other, or return it with remarks.

Every act locks the obligation first and names the version and the level it is about, so that a second press, or a
press of somebody who looks at an older version, changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, insert, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.handing_in import Review, Submission
from bot.db.models.reporting import Obligation
from bot.services.agencies import focal_points
from bot.services.handing_in import report_drafts, versions
from bot.services.handing_in.versions import Version
from bot.services.reminding import steps
from bot.services.reporting import history, obligations, receivers
from bot.services.reporting.history import What
from bot.services.reporting.obligations import Owed
from bot.services.reporting.receivers import Receivers
from bot.services.reporting.statuses import Status
from content.duty_model import Duty
from content.model import Content

LONGEST_REMARKS, SHORTEST_REMARKS = 2000, 10


class Outcome(StrEnum):
    """What came of a review. OVER: it was decided, replaced or withdrawn before; OWN: somebody else has to."""

    DONE = "done"
    OVER = "over"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class ToReview:
    """A version with its obligation, as one who receives it sees it. ``level`` counts the reviews before, from 0."""

    owed: Owed
    version: Version
    duty: Duty | None

    @property
    def level(self) -> int:
        return self.owed.level

    @property
    def current(self) -> bool:
        """Whether it waits for review as it is."""
        return self.owed.status is Status.SUBMITTED and self.owed.version == self.version.version

    @property
    def reviewer(self) -> str:
        """Slug of the agency whose turn it is; empty when it is nobody's any more."""
        return receivers.reviewer(self.duty, self.level) if self.duty else ""


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome with what it is about, as it now is. ``final``: no further agency has to review it."""

    outcome: Outcome
    about: ToReview
    final: bool = False


async def waiting(
    connection: AsyncConnection, who: Receivers, contact_id: int, known: Content, *, offset: int = 0, limit: int = 100
) -> list[Owed]:
    """Reports that wait for somebody's review, those that wait longest first."""
    condition = _waits_for(who, contact_id, known)
    if condition is None:
        return []
    ids = await connection.scalars(
        select(Obligation.id)
        .where(Obligation.status == literal_column("'submitted'"), condition)
        .order_by(Obligation.submitted_at, Obligation.id)
        .offset(offset)
        .limit(limit)
    )
    order = list(ids)
    found = await obligations.by_ids(connection, order)
    return [found[each] for each in order if each in found]


async def count(connection: AsyncConnection, who: Receivers, contact_id: int, known: Content) -> int:
    """How many reports wait for somebody's review."""
    condition = _waits_for(who, contact_id, known)
    if condition is None:
        return 0
    return (
        await connection.execute(
            select(func.count())
            .select_from(Obligation)
            .where(Obligation.status == literal_column("'submitted'"), condition)
        )
    ).scalar_one()


def _waits_for(who: Receivers, contact_id: int, known: Content) -> ColumnElement[bool] | None:
    """The duties and levels at which it is this person's turn; None when there are none."""
    parts = []
    for duty in known.duties.values():
        line = receivers.receiving(duty)
        levels = [level for level, slug in enumerate(line) if who.may_act_for(contact_id, slug)]
        turn: ColumnElement[bool] = Obligation.level.in_(levels)
        if levels and levels[-1] == len(line) - 1:
            turn = or_(turn, Obligation.level >= len(line))
        if levels:
            parts.append(and_(Obligation.duty == duty.slug, turn))
    return or_(*parts) if parts else None


async def find(
    connection: AsyncConnection, submission_id: int, contact_id: int, who: Receivers, known: Content
) -> ToReview | None:
    """A version for somebody of an agency that receives its duty; None for everybody else."""
    version = await versions.find(connection, submission_id)
    owed = (
        (await obligations.by_ids(connection, [version.obligation_id])).get(version.obligation_id) if version else None
    )
    if version is None or owed is None:
        return None
    duty = known.duties.get(owed.duty)
    looking_after = receivers.receiving(duty) if duty else ()
    if not any(who.may_act_for(contact_id, slug) for slug in looking_after):
        return None
    return ToReview(owed, version, duty)


async def accept(
    connection: AsyncConnection,
    submission_id: int,
    contact_id: int,
    *,
    level: int,
    who: Receivers,
    known: Content,
    now: datetime,
) -> Result | None:
    """Accept a version at one level; after the last of them it is accepted for good.

    None when the person does not receive the duty.
    """
    about, outcome = await _to_decide(connection, submission_id, contact_id, level=level, who=who, known=known)
    if about is None:
        return None
    if outcome is not Outcome.DONE:
        return Result(outcome, about)
    final = about.duty is None or level + 1 >= len(about.duty.reviewers)
    await _record(connection, about, contact_id, "accepted", "", now)
    await history.record(
        connection, about.owed.id, What.ACCEPTED, contact_id=contact_id, now=now,
        version=about.version.version, level=level,
    )  # fmt: skip
    values: dict[str, Any] = {"level": level + 1}
    if final:
        values["status"] = Status.ACCEPTED.value
        await connection.execute(
            update(Submission).where(Submission.id == submission_id).values(status=Status.ACCEPTED.value)
        )
        await report_drafts.remove(connection, about.owed.id)
    await connection.execute(update(Obligation).where(Obligation.id == about.owed.id).values(**values))
    return await _result(connection, about, known, final=final)


async def return_(
    connection: AsyncConnection,
    submission_id: int,
    contact_id: int,
    *,
    level: int,
    remarks: str,
    correct_by: date,
    who: Receivers,
    known: Content,
    zone: ZoneInfo,
    now: datetime,
) -> Result | None:
    """Return a version to its agency, to be corrected until a day, of which its people are reminded.

    None when the person does not receive the duty.
    """
    about, outcome = await _to_decide(connection, submission_id, contact_id, level=level, who=who, known=known)
    if about is None:
        return None
    if outcome is not Outcome.DONE:
        return Result(outcome, about)
    await _record(connection, about, contact_id, "returned", remarks, now)
    await history.record(
        connection, about.owed.id, What.RETURNED, contact_id=contact_id, now=now,
        version=about.version.version, level=level, remarks=remarks,
    )  # fmt: skip
    await connection.execute(
        update(Submission).where(Submission.id == submission_id).values(status=Status.RETURNED.value)
    )
    await connection.execute(
        update(Obligation)
        .where(Obligation.id == about.owed.id)
        .values(status=Status.RETURNED.value, correct_by=correct_by, level=0)
    )
    today = now.astimezone(zone).date()
    people = (await focal_points.present(connection, [about.owed.agency.id], today)).get(about.owed.agency.id, [])
    writing = [each.contact_id for each in people if not each.away]
    await steps.plan_correction(connection, about.owed.id, correct_by, writing, now, zone=zone)
    return await _result(connection, about, known, final=True)


async def _to_decide(
    connection: AsyncConnection, submission_id: int, contact_id: int, *, level: int, who: Receivers, known: Content
) -> tuple[ToReview | None, Outcome]:
    """A version, its obligation locked, and whether this person may decide about it now."""
    before = await find(connection, submission_id, contact_id, who, known)
    if before is None:
        return None, Outcome.OVER
    await obligations.lock(connection, before.owed.id)
    about = await find(connection, submission_id, contact_id, who, known)
    if about is None:
        return None, Outcome.OVER
    if not about.current or about.level != level or not about.reviewer:
        return about, Outcome.OVER
    if not who.may_act_for(contact_id, about.reviewer):
        return about, Outcome.OVER
    return about, Outcome.OWN if is_own(about, contact_id, who) else Outcome.DONE


def is_own(about: ToReview, contact_id: int, who: Receivers) -> bool:
    """Whether the person handed it in themselves, and somebody else could review it."""
    if about.version.submitted.contact_id != contact_id:
        return False
    return any(who.may_act_for(each, about.reviewer) for each in who.staff.officers if each != contact_id)


async def _record(
    connection: AsyncConnection, about: ToReview, contact_id: int, verdict: str, remarks: str, now: datetime
) -> None:
    await connection.execute(
        insert(Review).values(
            submission_id=about.version.id,
            level=about.level,
            agency_slug=about.reviewer,
            verdict=verdict,
            remarks=remarks,
            reviewed_by=contact_id,
            reviewed_at=now,
        )
    )


async def _result(connection: AsyncConnection, about: ToReview, known: Content, *, final: bool) -> Result:
    """What has been decided, as it now is."""
    owed = (await obligations.by_ids(connection, [about.owed.id]))[about.owed.id]
    version = await versions.find(connection, about.version.id)
    return Result(Outcome.DONE, ToReview(owed, version or about.version, known.duties.get(owed.duty)), final)
