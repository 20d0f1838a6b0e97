"""Where every report of a period stands, read with one statement whatever the number of agencies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal_column, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Agency
from bot.db.models.reporting import Extension, Obligation
from bot.services.agencies.agencies import AgencyName
from bot.services.duties.windows import Period
from bot.services.reporting.statuses import HANDED_IN, Status

# How far from a day the periods lie that are looked at for it: far enough for the nearest one of a yearly duty.
AROUND = timedelta(days=400)

_IS_OWED = Obligation.status != literal_column("'withdrawn'")


class Stage(StrEnum):
    """Where a report stands on a day: in exactly one of these, in the order in which somebody has to act."""

    OVERDUE = "overdue"
    NOT_YET = "open"
    RETURNED = "returned"
    TO_REVIEW = "review"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Window:
    """A period of a duty that somebody owes a report for.

    ``anchor`` is the number of one of its obligations, which stands for it in buttons. ``due_on`` is the first due
    date: an extension moves an agency's own to a later one.
    """

    anchor: int
    duty: str
    period: Period
    due_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """One agency's report as it stands. ``kind`` is the agency's, ``first_at`` when the agency first handed it in."""

    obligation_id: int
    duty: str
    period: Period
    agency: AgencyName
    kind: str
    due_on: date
    status: Status
    opened_at: datetime | None
    acknowledged_at: datetime | None
    planned_on: date | None
    first_at: datetime | None
    submitted_at: datetime | None
    version: int
    correct_by: date | None
    document_number: str
    document_date: date | None
    asked_until: date | None

    def stage(self, today: date) -> Stage:
        match self.status:
            case Status.ACCEPTED:
                return Stage.ACCEPTED
            case Status.SUBMITTED:
                return Stage.TO_REVIEW
            case Status.RETURNED:
                return Stage.RETURNED
            case _:
                return Stage.OVERDUE if self.due_on < today else Stage.NOT_YET

    @property
    def handed_in(self) -> bool:
        """Whether the agency has handed it in at least once: what was returned has been."""
        return self.status in (*HANDED_IN, Status.RETURNED)

    @property
    def never_opened(self) -> bool:
        """Whether nobody of the agency has so much as looked at it."""
        return not self.handed_in and self.opened_at is None and self.acknowledged_at is None

    @property
    def last_day(self) -> date:
        """Until when the agency has to act: for what was returned the day to correct it by."""
        return self.correct_by if self.status is Status.RETURNED and self.correct_by else self.due_on

    def first_on(self, zone: ZoneInfo) -> date | None:
        """The local day on which it was first handed in."""
        return self.first_at.astimezone(zone).date() if self.first_at else None

    def late(self, zone: ZoneInfo) -> bool:
        """Whether it was handed in, and the first time after the due date; how often it was corrected is no matter."""
        first = self.first_on(zone)
        return self.handed_in and first is not None and first > self.due_on


_STANDING: Select[*tuple[Any, ...]] = (
    select(
        Obligation.id,
        Obligation.duty,
        Obligation.period_start,
        Obligation.period_end,
        Obligation.due_on,
        Obligation.status,
        Obligation.opened_at,
        Obligation.acknowledged_at,
        Obligation.planned_on,
        func.coalesce(Obligation.first_submitted_at, Obligation.submitted_at).label("first_at"),
        Obligation.submitted_at,
        Obligation.version,
        Obligation.correct_by,
        Obligation.document_number,
        Obligation.document_date,
        Agency.id.label("agency_id"),
        Agency.slug,
        Agency.name_vi,
        Agency.name_en,
        Agency.kind,
        Extension.until,
    )
    .join(Agency, Agency.id == Obligation.agency_id)
    .outerjoin(Extension, and_(Extension.obligation_id == Obligation.id, Extension.status == literal_column("'asked'")))
    .where(_IS_OWED)
)


async def of_period(connection: AsyncConnection, anchor: int) -> list[Standing]:
    """All reports of the period that an obligation belongs to, in the order of the agencies; none for no such one."""
    same = select(Obligation.duty, Obligation.period_end).where(Obligation.id == anchor)
    return await _read(connection, tuple_(Obligation.duty, Obligation.period_end).in_(same))


async def of_windows(connection: AsyncConnection, windows: Collection[Window]) -> dict[int, list[Standing]]:
    """The reports of several periods, by the anchor of each."""
    found: dict[tuple[str, date], list[Standing]] = {(each.duty, each.period.end): [] for each in windows}
    for each in await _read(connection, tuple_(Obligation.duty, Obligation.period_end).in_(list(found))):
        found[each.duty, each.period.end].append(each)
    return {each.anchor: found[each.duty, each.period.end] for each in windows}


async def of_agency(connection: AsyncConnection, duty: str, agency_id: int, *, before: date) -> list[Standing]:
    """An agency's reports of a duty for periods that ended before a day, the newest first."""
    found = await _read(
        connection, Obligation.duty == duty, Obligation.agency_id == agency_id, Obligation.period_end < before
    )
    return found[::-1]


async def windows_around(connection: AsyncConnection, duties: Collection[str], today: date) -> list[Window]:
    """The periods of these duties that end within 400 days of a day."""
    return await _windows(
        connection,
        Obligation.duty.in_(sorted(duties)),
        Obligation.period_end.between(today - AROUND, today + AROUND),
    )


async def windows_like(connection: AsyncConnection, anchor: int) -> list[Window]:
    """All periods of the duty that an obligation belongs to, the oldest first."""
    same = select(Obligation.duty).where(Obligation.id == anchor).scalar_subquery()
    return await _windows(connection, Obligation.duty == same)


def current(windows: Sequence[Window], today: date) -> Window:
    """The period that matters on a day: the one whose due date is nearest, before or after. Pure."""
    return min(windows, key=lambda each: (abs((each.due_on - today).days), each.due_on))


async def _read(connection: AsyncConnection, *conditions: ColumnElement[bool]) -> list[Standing]:
    rows = await connection.execute(_STANDING.where(*conditions).order_by(Agency.id, Obligation.period_end))
    return [_standing(row) for row in rows]


async def _windows(connection: AsyncConnection, *conditions: ColumnElement[bool]) -> list[Window]:
    rows = await connection.execute(
        select(
            func.min(Obligation.id),
            Obligation.duty,
            func.min(Obligation.period_start),
            Obligation.period_end,
            func.min(Obligation.due_on),
        )
        .where(_IS_OWED, *conditions)
        .group_by(Obligation.duty, Obligation.period_end)
        .order_by(Obligation.period_end)
    )
    return [Window(anchor, duty, Period(start, end), due_on) for anchor, duty, start, end, due_on in rows]


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        obligation_id=row.id,
        duty=row.duty,
        period=Period(row.period_start, row.period_end),
        agency=AgencyName(row.agency_id, row.slug, row.name_vi, row.name_en),
        kind=row.kind,
        due_on=row.due_on,
        status=Status(row.status),
        opened_at=row.opened_at,
        acknowledged_at=row.acknowledged_at,
        planned_on=row.planned_on,
        first_at=row.first_at,
        submitted_at=row.submitted_at,
        version=row.version,
        correct_by=row.correct_by,
        document_number=row.document_number or "",
        document_date=row.document_date,
        asked_until=row.until,
    )
