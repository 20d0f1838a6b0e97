"""Who of an agency said that a report is not theirs, and whom they named instead.

They are not reminded of it any more, and whoever was named is, as if in charge (``Addressees.of_step``). It holds
until they take it back, are named themselves, or ask to be reminded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Delete, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.among import among
from bot.db.models.people import Contact
from bot.db.models.reporting import NotMine, Obligation
from bot.db.upsert import insert_for
from bot.services.reporting import history
from bot.services.reporting.history import What

# Per obligation: the contacts who said so, each with the colleague whom they named.
Declined = dict[int, dict[int, int | None]]


@dataclass(frozen=True, slots=True)
class Said:
    """One of those who said so, with the name of the colleague whom they named, if they did."""

    contact_id: int
    name: str
    passed_to: int | None
    passed_to_name: str


async def say(
    connection: AsyncConnection, obligation_id: int, contact_id: int, *, passed_to: int | None = None, now: datetime
) -> None:
    """Record that a report is not this person's. Whoever is named is reminded, whatever they had said before.

    That both answer for its agency is the caller's to check.
    """
    values = {"passed_to": passed_to, "said_at": now}
    await connection.execute(
        insert_for(connection, NotMine)
        .values(obligation_id=obligation_id, contact_id=contact_id, **values)
        .on_conflict_do_update(index_elements=["obligation_id", "contact_id"], set_=values)
    )
    if passed_to is not None:
        await connection.execute(_delete(obligation_id, passed_to))
    await history.record(connection, obligation_id, What.NOT_MINE, contact_id=contact_id, now=now, told=passed_to)


async def take_back(connection: AsyncConnection, obligation_id: int, contact_id: int, now: datetime) -> bool:
    """The person is reminded of the report again; False when they had not said that it is not theirs."""
    gone = await connection.execute(_delete(obligation_id, contact_id).returning(NotMine.contact_id))
    if gone.scalar_one_or_none() is None:
        return False
    await history.record(connection, obligation_id, What.MINE_AGAIN, contact_id=contact_id, now=now)
    return True


async def of(connection: AsyncConnection, obligation_ids: Sequence[int]) -> Declined:
    """Who said so of these obligations."""
    rows = await connection.execute(
        select(NotMine.obligation_id, NotMine.contact_id, NotMine.passed_to).where(
            among(connection, NotMine.obligation_id, obligation_ids)
        )
    )
    found: Declined = {}
    for obligation_id, contact_id, passed_to in rows:
        found.setdefault(obligation_id, {})[contact_id] = passed_to
    return found


async def said(connection: AsyncConnection, obligation_id: int) -> list[Said]:
    """Who said so of one obligation, by name; who may see it is the caller's to check."""
    named = aliased(Contact)
    rows = await connection.execute(
        select(NotMine.contact_id, Contact.name, NotMine.passed_to, named.name)
        .join(Contact, Contact.id == NotMine.contact_id)
        .outerjoin(named, named.id == NotMine.passed_to)
        .where(NotMine.obligation_id == obligation_id)
        .order_by(NotMine.said_at, NotMine.contact_id)
    )
    return [Said(contact_id, name, to, to_name or "") for contact_id, name, to, to_name in rows]


async def leaves(connection: AsyncConnection, agency_id: int, contact_id: int, *, successor: int | None = None) -> None:
    """Somebody answers for the agency no more: what was passed on to them is their successor's, or nobody's."""
    of_agency = NotMine.obligation_id.in_(select(Obligation.id).where(Obligation.agency_id == agency_id))
    await connection.execute(delete(NotMine).where(NotMine.contact_id == contact_id, of_agency))
    await connection.execute(
        update(NotMine).where(NotMine.passed_to == contact_id, of_agency).values(passed_to=successor)
    )


def _delete(obligation_id: int, contact_id: int) -> Delete:
    return delete(NotMine).where(NotMine.obligation_id == obligation_id, NotMine.contact_id == contact_id)
