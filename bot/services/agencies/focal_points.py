"""Who answers for an agency, in which role, and who does so while somebody is away.

Every change of who answers for an agency locks the agency's row first, so that two at once see each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.models.people import Agency, Contact, FocalPoint
from bot.db.upsert import insert_for
from bot.services.agencies import focal_history
from bot.services.agencies.agencies import AgencyName, FocalRole
from bot.services.agencies.focal_history import What


@dataclass(frozen=True, slots=True)
class Present:
    """One focal point on one day. ``role`` is the part they have that day: who stands in for a holder is a holder."""

    contact_id: int
    role: FocalRole
    away: bool


@dataclass(frozen=True, slots=True)
class Absence:
    """Away from one day to another, both included; ``stand_in`` is the contact who answers meanwhile, if named."""

    start: date
    end: date
    stand_in: int | None

    def covers(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class FocalPerson:
    """A person and their part in an agency. ``absence`` is the one entered last, perhaps over by now."""

    agency: AgencyName
    contact_id: int
    name: str
    role: FocalRole
    since: datetime
    absence: Absence | None

    def away(self, today: date) -> bool:
        return self.absence is not None and self.absence.covers(today)


_EVERYTHING = (
    select(
        Agency.id,
        Agency.slug,
        Agency.name_vi,
        Agency.name_en,
        FocalPoint.contact_id,
        Contact.name,
        FocalPoint.role,
        FocalPoint.since,
        FocalPoint.away_from,
        FocalPoint.away_until,
        FocalPoint.stand_in_id,
    )
    .join(Agency, Agency.id == FocalPoint.agency_id)
    .join(Contact, Contact.id == FocalPoint.contact_id)
)


async def present(connection: AsyncConnection, agency_ids: Sequence[int], today: date) -> dict[int, list[Present]]:
    """Everyone who answers for these agencies on a day, by agency; who is away is marked, not left out."""
    rows = await connection.execute(
        select(
            FocalPoint.agency_id,
            FocalPoint.contact_id,
            FocalPoint.role,
            FocalPoint.away_from,
            FocalPoint.away_until,
            FocalPoint.stand_in_id,
        )
        .where(among(connection, FocalPoint.agency_id, agency_ids))
        .order_by(FocalPoint.agency_id, FocalPoint.contact_id)
    )
    found: dict[int, list[Present]] = {}
    stand_ins: set[tuple[int, int]] = set()
    for agency_id, contact_id, role, start, end, stand_in in rows:
        away = start is not None and end is not None and start <= today <= end
        found.setdefault(agency_id, []).append(Present(contact_id, FocalRole(role), away))
        if away and role == FocalRole.HOLDER and stand_in is not None:
            stand_ins.add((agency_id, stand_in))
    return {
        agency_id: [
            Present(each.contact_id, FocalRole.HOLDER, each.away) if (agency_id, each.contact_id) in stand_ins else each
            for each in people
        ]
        for agency_id, people in found.items()
    }


async def find(connection: AsyncConnection, contact_id: int, agency_id: int) -> FocalPerson | None:
    """A person's part in an agency; None when they don't answer for it."""
    row = (
        await connection.execute(
            _EVERYTHING.where(FocalPoint.contact_id == contact_id, FocalPoint.agency_id == agency_id)
        )
    ).one_or_none()
    return _person(row) if row else None


async def of_agency(connection: AsyncConnection, agency_id: int) -> list[FocalPerson]:
    """Everyone who answers for an agency: holders, then deputies, then the head; the longest there first."""
    rows = await connection.execute(_EVERYTHING.where(FocalPoint.agency_id == agency_id))
    order = list(FocalRole)
    return sorted(map(_person, rows), key=lambda each: (order.index(each.role), each.since, each.contact_id))


async def lock(connection: AsyncConnection, agency_id: int) -> None:
    """Let nobody else change who answers for the agency until the transaction ends."""
    await connection.execute(select(Agency.id).where(Agency.id == agency_id).with_for_update(key_share=True))


async def appoint(
    connection: AsyncConnection,
    agency_id: int,
    contact_id: int,
    role: FocalRole,
    now: datetime,
    *,
    by: int | None = None,
) -> None:
    """Make a person focal point of an agency, or change in which role they are. ``by`` is who had them in."""
    before = await find(connection, contact_id, agency_id)
    await connection.execute(
        insert_for(connection, FocalPoint)
        .values(agency_id=agency_id, contact_id=contact_id, role=role.value, since=now)
        .on_conflict_do_update(index_elements=["agency_id", "contact_id"], set_={"role": role.value})
    )
    if before is None or before.role is not role:
        what = What.LINKED if before is None else What.ROLE_CHANGED
        await focal_history.record(connection, agency_id, what, contact_id=contact_id, by=by, now=now, role=role.value)


async def end(connection: AsyncConnection, agency_id: int, contact_id: int) -> bool:
    """Take a person's part in an agency away; False when they had none. What it means is the caller's to record."""
    gone = await connection.execute(
        delete(FocalPoint)
        .where(FocalPoint.agency_id == agency_id, FocalPoint.contact_id == contact_id)
        .returning(FocalPoint.contact_id)
    )
    if gone.scalar_one_or_none() is None:
        return False
    await connection.execute(
        update(FocalPoint)
        .where(FocalPoint.agency_id == agency_id, FocalPoint.stand_in_id == contact_id)
        .values(stand_in_id=None)
    )
    return True


async def be_away(
    connection: AsyncConnection, agency_id: int, contact_id: int, absence: Absence, now: datetime
) -> bool:
    """Record that somebody will be away; False when they don't answer for the agency. Replaces an earlier entry."""
    changed = await _set_absence(connection, agency_id, contact_id, absence)
    if changed:
        await focal_history.record(
            connection, agency_id, What.AWAY, contact_id=contact_id, by=contact_id, now=now,
            **{"from": absence.start.isoformat(), "until": absence.end.isoformat()},
        )  # fmt: skip
    return changed


async def be_back(connection: AsyncConnection, agency_id: int, contact_id: int, now: datetime) -> bool:
    """End an absence, or call off one that is to come; False when none was entered."""
    mine = await find(connection, contact_id, agency_id)
    if mine is None or mine.absence is None or not await _set_absence(connection, agency_id, contact_id, None):
        return False
    await focal_history.record(connection, agency_id, What.BACK, contact_id=contact_id, by=contact_id, now=now)
    return True


async def _set_absence(connection: AsyncConnection, agency_id: int, contact_id: int, absence: Absence | None) -> bool:
    changed = await connection.execute(
        update(FocalPoint)
        .where(FocalPoint.agency_id == agency_id, FocalPoint.contact_id == contact_id)
        .values(
            away_from=absence.start if absence else None,
            away_until=absence.end if absence else None,
            stand_in_id=absence.stand_in if absence else None,
        )
        .returning(FocalPoint.contact_id)
    )
    return changed.scalar_one_or_none() is not None


def _person(row: Row[*tuple[Any, ...]]) -> FocalPerson:
    agency_id, slug, vi, en, contact_id, name, role, since, start, until, stand_in = row
    absence = Absence(start, until, stand_in) if start is not None and until is not None else None
    return FocalPerson(AgencyName(agency_id, slug, vi, en), contact_id, name, FocalRole(role), since, absence)
