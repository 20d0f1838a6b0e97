"""Whom a change of an offering concerns. What staff are shown beforehand and who is told then are the same."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.services.applications.application_notices import Concerned
from bot.services.applications.statuses import OVER, Status
from bot.services.people import contacts

# Who came is in the calendar of the event as much as who is expected.
_SEATED = (Status.CONFIRMED, Status.ATTENDED)
_GOING_ON = (
    select(Application.id, Application.code, Application.contact_id, Application.seats, Application.status)
    .where(Application.offering_id == bindparam("offering"), Application.status.not_in(OVER))
    .order_by(Application.id)
)


@dataclass(frozen=True, slots=True)
class Concern:
    """The applications to an offering that are not over; ``seated`` are those with a seat that is theirs.

    ``told`` of them have somebody who can be written to. The others were entered by staff, or their person has left.
    """

    applications: tuple[Concerned, ...]
    seated: frozenset[int]
    told: int

    @property
    def not_told(self) -> int:
        return len(self.applications) - self.told


async def of_offering(connection: AsyncConnection, offering_id: int) -> Concern:
    """Everybody whose application is not over, whatever became of it so far."""
    rows = (await connection.execute(_GOING_ON, {"offering": offering_id})).all()
    ids = [row.contact_id for row in rows if row.contact_id is not None]
    people = await contacts.reachable(connection, ids) if ids else {}
    return Concern(
        tuple(Concerned(row.id, row.code, row.contact_id, row.seats) for row in rows),
        frozenset(row.id for row in rows if row.status in _SEATED),
        sum(row.contact_id in people for row in rows),
    )
