"""Everything that a consolidated report is made of: who owed a report for a period, what was accepted, what before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Agency
from bot.db.models.reporting import Obligation
from bot.services.agencies.agencies import AgencyName
from bot.services.duties.windows import Period
from bot.services.handing_in import versions
from bot.services.handing_in.versions import Version
from bot.services.reporting.statuses import Status
from content.duty_model import Duty
from content.model import Content

# What official papers call the kinds of agency, in the order in which they name them.
KINDS = {"department": "Sở, ngành", "ward": "Phường", "commune": "Xã"}


@dataclass(frozen=True, slots=True)
class Reporter:
    """One agency that owed a report. ``accepted`` is the version that counts, None while there is none.

    ``handed_in`` is when it first came, ``late`` whether that was after the due date.
    """

    agency: AgencyName
    kind: str
    status: Status
    handed_in: datetime | None
    late: bool
    accepted: Version | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """One duty in one period. ``before`` are the figures accepted for the period before, by agency id."""

    duty: Duty
    period: Period
    reporters: tuple[Reporter, ...]
    previous: Period | None
    before: Mapping[int, Mapping[str, Any]]
    progress: Mapping[str, Mapping[int, float]]

    @property
    def accepted(self) -> list[tuple[Reporter, Version]]:
        """Who is in the report, with the version that counts."""
        return [(each, each.accepted) for each in self.reporters if each.accepted is not None]

    @property
    def missing(self) -> list[Reporter]:
        """Who owes a report that can't be counted yet."""
        return [each for each in self.reporters if each.accepted is None]


@dataclass(frozen=True, slots=True)
class InShort:
    """A period of a duty as a list shows it."""

    period: Period
    owed: int
    accepted: int


async def periods(connection: AsyncConnection, duty: Duty, today: date) -> list[InShort]:
    """The duty's periods that are over or of which something was accepted, the newest first."""
    accepted = func.sum(case((Obligation.status == Status.ACCEPTED.value, 1), else_=0))
    rows = await connection.execute(
        select(Obligation.period_start, Obligation.period_end, func.count(), accepted)
        .where(Obligation.duty == duty.slug, Obligation.status != Status.WITHDRAWN.value)
        .group_by(Obligation.period_start, Obligation.period_end)
        .order_by(Obligation.period_end.desc())
    )
    found = [InShort(Period(start, end), owed, int(counted)) for start, end, owed, counted in rows]
    return [each for each in found if each.period.end <= today or each.accepted]


async def gather(
    connection: AsyncConnection, duty: Duty, period_end: date, *, known: Content, zone: ZoneInfo
) -> Gathered | None:
    """What there is for a period; None when nobody owes the duty then. Four statements, however many agencies."""
    rows = (
        await connection.execute(
            select(
                Agency.id,
                Agency.slug,
                Agency.name_vi,
                Agency.name_en,
                Agency.kind,
                Obligation.status,
                Obligation.first_submitted_at,
                Obligation.due_on,
                Obligation.period_start,
            )
            .join(Agency, Agency.id == Obligation.agency_id)
            .where(
                Obligation.duty == duty.slug,
                Obligation.period_end == period_end,
                Obligation.status != Status.WITHDRAWN.value,
            )
            .order_by(Agency.id)
        )
    ).all()
    if not rows:
        return None
    accepted = await versions.latest_accepted(connection, duty.slug, period_end)
    reporters = tuple(
        Reporter(
            agency=AgencyName(id_, slug, vi, en),
            kind=kind,
            status=Status(status),
            handed_in=first,
            late=first is not None and first.astimezone(zone).date() > due_on,
            # A report that was returned again after all does not count until it is accepted anew.
            accepted=accepted.get(id_) if status == Status.ACCEPTED.value else None,
        )
        for id_, slug, vi, en, kind, status, first, due_on, _ in rows
    )
    previous = await _previous(connection, duty, period_end)
    before = await versions.latest_accepted(connection, duty.slug, previous.end) if previous else {}
    return Gathered(
        duty=duty,
        period=Period(rows[0].period_start, period_end),
        reporters=reporters,
        previous=previous,
        before={agency_id: version.figures for agency_id, version in before.items()},
        progress=await _progress(connection, duty, period_end, known),
    )


def consolidating(duty: Duty, known: Content) -> Duty | None:
    """The duty whose report puts this one's together: owed by an agency that receives this one, as often."""
    return next(
        (
            each
            for each in known.duties.values()
            if each.slug != duty.slug
            and each.frequency == duty.frequency
            and each.cut_off == duty.cut_off
            and set(each.owed_by.agencies) & set(duty.received_by)
        ),
        None,
    )


async def _previous(connection: AsyncConnection, duty: Duty, period_end: date) -> Period | None:
    row = (
        await connection.execute(
            select(Obligation.period_start, Obligation.period_end)
            .where(
                Obligation.duty == duty.slug,
                Obligation.period_end < period_end,
                Obligation.status != Status.WITHDRAWN.value,
            )
            .order_by(Obligation.period_end.desc())
            .limit(1)
        )
    ).one_or_none()
    return Period(*row) if row else None


async def _progress(
    connection: AsyncConnection, duty: Duty, period_end: date, known: Content
) -> dict[str, dict[int, float]]:
    """By target indicator the accepted value of each year, of the duty itself and of the one that consolidates it."""
    found: dict[str, dict[int, float]] = {}
    for each in (duty, consolidating(duty, known)):
        targets = [key for key, indicator in each.figures.items() if indicator.target] if each else []
        if each is None or not targets:
            continue
        for year, figures in await versions.accepted_by_year(connection, each.slug, period_end):
            for key in targets:
                if isinstance(figures.get(key), int | float):
                    found.setdefault(key, {})[year] = figures[key]
    return found
