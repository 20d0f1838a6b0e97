"""Obligations of agencies: list them, look at them, hand them in.

Every statement that a person causes carries the check that they are focal point of the agency.
Whoever changes an obligation locks its row first, then its steps, then its extensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.among import among
from bot.db.models.handing_in import ReportDraft
from bot.db.models.people import Agency, Contact, FocalPoint
from bot.db.models.reporting import Extension, Obligation
from bot.services.agencies.agencies import AgencyName
from bot.services.duties.windows import Period
from bot.services.reporting import history
from bot.services.reporting.history import What
from bot.services.reporting.statuses import HANDED_IN, OWED, Status

# How long a report that was handed in stays in its agency's list.
SHOWN_FOR = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did something, and when. The contact is None when they have since been forgotten."""

    contact_id: int | None
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation as people see it.

    ``asked_until`` is the date of an undecided request for more time; ``extended``: one was granted. ``opened_at`` is
    when somebody of the agency first looked at it, ``planned_on`` the day for which they announced the report.
    ``submitted`` and the document are those of the newest ``version`` (0: none yet), ``first_submitted_at`` tells
    whether the agency was in time. What was returned is to be corrected until ``correct_by``. ``begun``: somebody
    of the agency is writing it.
    """

    id: int
    duty: str
    agency: AgencyName
    period: Period
    due_on: date
    status: Status
    acknowledged: Deed | None
    submitted: Deed | None
    document_number: str
    document_date: date | None
    asked_until: date | None
    extended: bool
    opened_at: datetime | None
    planned_on: date | None
    version: int
    level: int
    first_submitted_at: datetime | None
    correct_by: date | None
    begun: bool

    @property
    def handed_in(self) -> bool:
        """Whether the agency has done its part, as things stand."""
        return self.status in HANDED_IN


@dataclass(frozen=True, slots=True)
class Done:
    """The obligation after somebody acted on it; ``changed`` is False when it had been done before."""

    owed: Owed
    changed: bool


_acknowledger = aliased(Contact)
_submitter = aliased(Contact)
_granted = aliased(Extension)
_OWED: Select[*tuple[Any, ...]] = (
    select(
        Obligation.id,
        Obligation.duty,
        Obligation.period_start,
        Obligation.period_end,
        Obligation.due_on,
        Obligation.status,
        Obligation.acknowledged_at,
        Obligation.acknowledged_by,
        Obligation.submitted_at,
        Obligation.submitted_by,
        Obligation.document_number,
        Obligation.document_date,
        Obligation.opened_at,
        Obligation.planned_on,
        Obligation.version,
        Obligation.level,
        Obligation.first_submitted_at,
        Obligation.correct_by,
        Agency.id.label("agency_id"),
        Agency.slug.label("agency_slug"),
        Agency.name_vi.label("agency_vi"),
        Agency.name_en.label("agency_en"),
        _acknowledger.name.label("acknowledger"),
        _submitter.name.label("submitter"),
        Extension.until.label("asked_until"),
        exists(
            select(_granted.id).where(
                _granted.obligation_id == Obligation.id, _granted.status == literal_column("'granted'")
            )
        ).label("extended"),
        exists(select(ReportDraft.obligation_id).where(ReportDraft.obligation_id == Obligation.id)).label("begun"),
    )
    .join(Agency, Agency.id == Obligation.agency_id)
    .outerjoin(_acknowledger, _acknowledger.id == Obligation.acknowledged_by)
    .outerjoin(_submitter, _submitter.id == Obligation.submitted_by)
    .outerjoin(
        Extension,
        and_(Extension.obligation_id == Obligation.id, Extension.status == literal_column("'asked'")),
    )
)


def answered_for_by(contact_id: int) -> ColumnElement[bool]:
    """The condition that an obligation is one of an agency that the person answers for."""
    return Obligation.agency_id.in_(select(FocalPoint.agency_id).where(FocalPoint.contact_id == contact_id))


async def of_person(connection: AsyncConnection, contact_id: int, now: datetime) -> list[Owed]:
    """What the person's agencies owe and lately handed in, by due date."""
    owed = Obligation.status.in_([each.value for each in OWED])
    handed_in = Obligation.status.in_([each.value for each in HANDED_IN])
    rows = await connection.execute(
        _OWED.where(
            answered_for_by(contact_id), or_(owed, and_(handed_in, Obligation.submitted_at > now - SHOWN_FOR))
        ).order_by(Obligation.due_on, Obligation.agency_id, Obligation.id)
    )
    return [_owed(row) for row in rows]


async def find(connection: AsyncConnection, obligation_id: int, *, contact_id: int) -> Owed | None:
    """One obligation, if it is of an agency that the person answers for."""
    row = (
        await connection.execute(_OWED.where(Obligation.id == obligation_id, answered_for_by(contact_id)))
    ).one_or_none()
    return _owed(row) if row else None


async def by_ids(connection: AsyncConnection, obligation_ids: Sequence[int]) -> dict[int, Owed]:
    """Obligations of whatever agency, for the program itself and for staff."""
    rows = await connection.execute(_OWED.where(among(connection, Obligation.id, obligation_ids)))
    return {row.id: _owed(row) for row in rows}


async def lock(connection: AsyncConnection, obligation_id: int, *, contact_id: int | None = None) -> Status | None:
    """The status of an obligation, locked until the transaction ends; None when the person has no such one."""
    mine = [] if contact_id is None else [answered_for_by(contact_id)]
    status = await connection.scalar(
        select(Obligation.status).where(Obligation.id == obligation_id, *mine).with_for_update()
    )
    return Status(status) if status else None


async def opened(connection: AsyncConnection, owed: Owed, *, contact_id: int, now: datetime) -> None:
    """Record that somebody of the agency looks at a report, the first time somebody does.

    The caller has found it for this person (``find``).
    """
    if owed.opened_at is not None:
        return
    first = await connection.scalar(
        update(Obligation)
        .where(Obligation.id == owed.id, Obligation.opened_at.is_(None))
        .values(opened_at=now)
        .returning(Obligation.id)
    )
    if first is not None:
        await history.record(connection, owed.id, What.OPENED, contact_id=contact_id, now=now)


async def done(connection: AsyncConnection, obligation_id: int, contact_id: int, *, changed: bool) -> Done | None:
    """The obligation after a person acted on it; None when it is of an agency that they don't answer for."""
    owed = await find(connection, obligation_id, contact_id=contact_id)
    return Done(owed, changed) if owed else None


def _owed(row: Row[Any]) -> Owed:
    return Owed(
        id=row.id,
        duty=row.duty,
        agency=AgencyName(row.agency_id, row.agency_slug, row.agency_vi, row.agency_en),
        period=Period(row.period_start, row.period_end),
        due_on=row.due_on,
        status=Status(row.status),
        acknowledged=_deed(row.acknowledged_by, row.acknowledger, row.acknowledged_at),
        submitted=_deed(row.submitted_by, row.submitter, row.submitted_at),
        document_number=row.document_number or "",
        document_date=row.document_date,
        asked_until=row.asked_until,
        extended=bool(row.extended),
        begun=bool(row.begun),
        opened_at=row.opened_at,
        planned_on=row.planned_on,
        version=row.version,
        level=row.level,
        first_submitted_at=row.first_submitted_at,
        correct_by=row.correct_by,
    )


def _deed(contact_id: int | None, name: str | None, at: datetime | None) -> Deed | None:
    return Deed(contact_id, name or "", at) if at else None
