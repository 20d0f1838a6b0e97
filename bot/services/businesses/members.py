"""Who acts for a business: the list, leaving, and removing a colleague who has left it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application, Draft
from bot.db.models.businesses import BusinessMember
from bot.db.models.offerings import Offering
from bot.db.models.people import Contact
from bot.i18n import Translators
from bot.services.applications.statuses import OVER, Status
from bot.services.businesses import business_notices, businesses
from bot.services.businesses.businesses import Mine

_NOTHING_MORE = (*OVER, Status.ATTENDED, Status.NO_SHOW)


class Leaving(StrEnum):
    """What became of ending a membership. LAST: nobody would be left to answer for what is still going on."""

    DONE = "done"
    NOT_A_MEMBER = "not a member"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who acts for a business, by the name of their chat account."""

    contact_id: int
    name: str
    since: datetime


async def members(connection: AsyncConnection, business_id: int) -> list[Member]:
    """Everybody who acts for a business, who joined first in front."""
    rows = await connection.execute(
        select(BusinessMember.contact_id, Contact.name, BusinessMember.since)
        .join(Contact, Contact.id == BusinessMember.contact_id)
        .where(BusinessMember.business_id == business_id)
        .order_by(BusinessMember.since, BusinessMember.contact_id)
    )
    return [Member(*row) for row in rows]


def going_on(now: datetime) -> ColumnElement[bool]:
    """The condition that an application, joined with its offering, still needs somebody to answer for it."""
    ended = func.coalesce(Offering.ends_at, Offering.starts_at)
    return and_(
        Application.status.not_in([status.value for status in _NOTHING_MORE]), or_(ended.is_(None), ended > now)
    )


async def count_going_on(connection: AsyncConnection, business_id: int, now: datetime) -> int:
    """How many applications of a business still need somebody to answer for them."""
    counted = (
        select(func.count())
        .select_from(Application)
        .join(Offering, Offering.id == Application.offering_id)
        .where(Application.business_id == business_id, going_on(now))
    )
    return int((await connection.execute(counted)).scalar_one())


async def leave(
    connection: AsyncConnection, business: Mine, contact_id: int, *, translators: Translators, now: datetime
) -> Leaving:
    """Stop acting for a business; a colleague answers for what the person handed in, and is told so."""
    await businesses.lock(connection, business.id)
    if not await businesses.is_member(connection, business.id, contact_id):
        return Leaving.NOT_A_MEMBER
    alone = await businesses.count_members(connection, business.id) == 1
    if alone and await count_going_on(connection, business.id, now):
        return Leaving.LAST
    await _end(connection, business, contact_id, "left", actor_id=contact_id, translators=translators, now=now)
    return Leaving.DONE


async def remove(
    connection: AsyncConnection,
    business: Mine,
    actor_id: int,
    contact_id: int,
    *,
    translators: Translators,
    now: datetime,
) -> Leaving:
    """End the membership of a colleague, who is told. Somebody stays in any case: who removes."""
    await businesses.lock(connection, business.id)
    if actor_id == contact_id or not await businesses.is_member(connection, business.id, actor_id):
        return Leaving.NOT_A_MEMBER
    if not await businesses.is_member(connection, business.id, contact_id):
        return Leaving.NOT_A_MEMBER
    await _end(connection, business, contact_id, "removed", actor_id=actor_id, translators=translators, now=now)
    await business_notices.tell_removed(connection, business, contact_id, translators=translators, now=now)
    return Leaving.DONE


async def _end(
    connection: AsyncConnection,
    business: Mine,
    contact_id: int,
    what: str,
    *,
    actor_id: int,
    translators: Translators,
    now: datetime,
) -> None:
    before = {member.contact_id: member.name for member in await members(connection, business.id)}
    await connection.execute(
        delete(BusinessMember).where(BusinessMember.business_id == business.id, BusinessMember.contact_id == contact_id)
    )
    await businesses.record(connection, [business.id], what, actor_id=actor_id, subject_id=contact_id, now=now)
    # What they had half-filled for the business is theirs alone now, and no colleague's to finish.
    await connection.execute(
        update(Draft).where(Draft.business_id == business.id, Draft.contact_id == contact_id).values(business_id=None)
    )
    staying = await members(connection, business.id)
    if not staying:
        return
    successor = actor_id if actor_id != contact_id else staying[0].contact_id
    handed_over = await connection.execute(
        update(Application)
        .where(Application.business_id == business.id, Application.contact_id == contact_id)
        .values(contact_id=successor)
        .returning(Application.id)
    )
    await business_notices.tell_of_leaving(
        connection,
        business,
        contact_id,
        before[contact_id],
        [member.contact_id for member in staying if member.contact_id != actor_id],
        successor=successor,
        handed_over=len(handed_over.all()),
        translators=translators,
        now=now,
    )
