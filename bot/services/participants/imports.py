"""Taking a checked list of participants in: who gets a seat, who waits, who is there already; then all at once.

``plan`` says what would become of it and changes nothing; ``take_in`` plans again under the offering's lock and
does it. A business that is there keeps what it has; the same list a second time changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.db.models.businesses import Business
from bot.db.upsert import insert_for, insert_or_ignore
from bot.services.applications import application_codes, history
from bot.services.applications.history import Cause
from bot.services.applications.statuses import OVER, Status
from bot.services.forms import fields
from bot.services.offerings import offering_changes, offerings
from bot.services.offerings.offerings import Kind, Offered
from bot.services.participants.import_check import Listed

BATCH = 200
_OF_PROFILE = ("organisation", "contact_name", "phone", "email", "sector", "ward", "headcount", "revenue")


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of each row. ``refused`` have neither a seat nor a place on a waiting list."""

    taken_in: tuple[tuple[Listed, Status], ...]
    refused: tuple[Listed, ...]
    there: tuple[Listed, ...]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """(with a seat or handed in, waiting, refused, there before): what was shown before confirming."""
        waiting = sum(status is Status.WAITLISTED for _, status in self.taken_in)
        return len(self.taken_in) - waiting, waiting, len(self.refused), len(self.there)


async def plan(connection: AsyncConnection, offering: Offered, listed: Sequence[Listed]) -> Plan:
    """What would become of the rows now, in their order: seats first, then the end of the waiting list."""
    signed_up = await _signed_up(connection, offering.id)
    free = offering.free
    taken_in: list[tuple[Listed, Status]] = []
    refused: list[Listed] = []
    there: list[Listed] = []
    for each in listed:
        if each.tax_code in signed_up:
            there.append(each)
        elif offering.kind is Kind.PROGRAMME:
            taken_in.append((each, Status.SUBMITTED))
        elif free is None or each.seats <= free:
            taken_in.append((each, Status.CONFIRMED))
            free = None if free is None else free - each.seats
        elif offering.waitlist:
            # Nobody further down may pass by: who waits is served in order.
            free = 0
            taken_in.append((each, Status.WAITLISTED))
        else:
            refused.append(each)
    return Plan(tuple(taken_in), tuple(refused), tuple(there))


async def take_in(
    connection: AsyncConnection,
    offering_id: int,
    listed: Sequence[Listed],
    *,
    expected: tuple[int, ...],
    actor_id: int,
    now: datetime,
) -> Plan | None:
    """Do what ``plan`` says. None, and nothing is changed, when that is no longer what was ``expected``."""
    offering = await offerings.lock(connection, offering_id)
    if offering is None:
        return None
    planned = await plan(connection, offering, listed)
    if planned.counts != expected:
        return None
    if planned.taken_in:
        businesses = await _businesses(connection, [each for each, _ in planned.taken_in], now)
        for start in range(0, len(planned.taken_in), BATCH):
            part = planned.taken_in[start : start + BATCH]
            await _applications(connection, offering_id, part, businesses, actor_id, now)
        confirmed, waiting, refused, there = planned.counts
        details = {"taken_in": confirmed, "waiting": waiting, "refused": refused, "there": there}
        await offering_changes.note(connection, offering_id, "imported", details, actor_id, now)
    return planned


async def _signed_up(connection: AsyncConnection, offering_id: int) -> set[str]:
    rows = await connection.execute(
        select(Business.tax_code)
        .join(Application, Application.business_id == Business.id)
        .where(Application.offering_id == offering_id, Application.status.not_in([status.value for status in OVER]))
    )
    return set(rows.scalars())


async def _businesses(connection: AsyncConnection, listed: Sequence[Listed], now: datetime) -> dict[str, int]:
    """Ids by tax code; those that are not there are made, with what the list says of them."""
    found: dict[str, int] = {}
    for start in range(0, len(listed), BATCH):
        part = listed[start : start + BATCH]
        rows = [
            {
                "tax_code": each.tax_code,
                "name": each.answers["organisation"],
                "verified": not fields.is_personal(each.tax_code) and not fields.check_failed(each.tax_code),
                "profile": {name: each.answers[name] for name in _OF_PROFILE if name in each.answers},
                "created_at": now,
            }
            for each in part
        ]
        await connection.execute(insert_or_ignore(connection, Business).values(rows))
        codes = [each.tax_code for each in part]
        there = await connection.execute(select(Business.tax_code, Business.id).where(Business.tax_code.in_(codes)))
        found |= {row.tax_code: row.id for row in there}
    return found


async def _applications(
    connection: AsyncConnection,
    offering_id: int,
    part: Sequence[tuple[Listed, Status]],
    businesses: dict[str, int],
    actor_id: int,
    now: datetime,
) -> None:
    """Applications in the order of the list, which is the order of the waiting list, and where they came from."""
    codes = await _free_codes(connection, len(part))
    rows: list[dict[str, Any]] = [
        {
            "code": code,
            "offering_id": offering_id,
            "business_id": businesses[each.tax_code],
            "contact_id": None,
            "status": status.value,
            "seats": each.seats,
            "answers": dict(each.answers),
            "created_at": now,
            "updated_at": now,
        }
        for code, (each, status) in zip(codes, part, strict=True)
    ]
    made = (
        await connection.execute(
            insert_for(connection, Application).values(rows).returning(Application.id, Application.status)
        )
    ).all()
    for status in sorted({row.status for row in made}):
        ids = [row.id for row in made if row.status == status]
        await history.record(connection, ids, Status(status), Cause.IMPORTED, actor_id=actor_id, now=now)


async def _free_codes(connection: AsyncConnection, count: int) -> list[str]:
    codes: set[str] = set()
    while len(codes) < count:
        codes |= {application_codes.new_code() for _ in range(count - len(codes))}
        codes -= set(
            (await connection.execute(select(Application.code).where(Application.code.in_(list(codes))))).scalars()
        )
    return list(codes)
