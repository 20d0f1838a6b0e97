"""Who gets a seat that is free: strictly who came first, several seats at a time or none.

The head of the waiting list waits until there is room for all of its seats, and nobody overtakes it. Only an
application for more seats than there are in all is passed over while that is so. A free seat is offered, not given:
it stays reserved until the offer is accepted, declined or has expired (``offers``). Whoever calls holds the lock of
the offering.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.i18n import Translators
from bot.services.applications import application_notices, history, notice_texts
from bot.services.applications.application_notices import Concerned
from bot.services.applications.history import Cause
from bot.services.applications.statuses import Status
from bot.services.calendar.working_hours import OfficeHours
from bot.services.offerings.offerings import Kind, Offered

# Who accepts has this long to get there; only what becomes free later than that is offered until it begins.
BEFORE_IT_BEGINS = timedelta(hours=1)
# An offer that stands for less than this is made known at night, too.
URGENT = timedelta(hours=12)

_CAPACITY = bindparam("capacity", type_=Integer)
_QUEUE = (
    select(Application.id, Application.code, Application.contact_id, Application.seats)
    .where(
        Application.offering_id == bindparam("offering"),
        Application.status == Status.WAITLISTED,
        or_(_CAPACITY.is_(None), Application.seats <= _CAPACITY),
    )
    .order_by(Application.id)
    .limit(bindparam("most"))
)
_EVERYBODY = 100_000


@dataclass(frozen=True, slots=True)
class Rules:
    """What it takes to make offers: languages and office hours."""

    translators: Translators
    office: OfficeHours


async def offer_free(connection: AsyncConnection, offering: Offered, rules: Rules, now: datetime) -> int:
    """Offer what is free to those who wait, and tell them; returns how many seats are reserved by that.

    ``offering`` is what ``offerings.lock`` returned after the last change of one of its applications.
    """
    if offering.kind is not Kind.EVENT or not offering.waiting or not offering.takes_place(now) or offering.left == 0:
        return 0
    limit = _EVERYBODY if offering.left is None else offering.left
    rows = await connection.execute(_QUEUE, {"offering": offering.id, "capacity": offering.capacity, "most": limit})
    lucky = served([Concerned(*row) for row in rows], offering.left)
    if not lucky:
        return 0
    until = deadline(offering, rules.office, now)
    lines = await history.change(
        connection,
        [each.id for each in lucky],
        Status.OFFERED,
        Cause.SEAT_FREE,
        actor_id=None,
        now=now,
        offered_until=until,
    )
    await application_notices.tell(
        connection,
        lucky,
        lines,
        lambda t, each: notice_texts.seat_offered(t, each, offering, until),
        translators=rules.translators,
        now=now,
        stale_after=until,
        anytime=until - now < URGENT,
    )
    return sum(each.seats for each in lucky)


def served(queue: Iterable[Concerned], left: int | None) -> list[Concerned]:
    """The head of the queue for whom there is room, ``left`` seats in all; None is room for everybody."""
    found = []
    for each in queue:
        if left is not None:
            if each.seats > left:
                break
            left -= each.seats
        found.append(each)
    return found


def deadline(offering: Offered, office: OfficeHours, now: datetime) -> datetime:
    """Until when a seat that is offered now can be accepted; never after the event has begun."""
    until = office.add_hours(now, timedelta(hours=offering.offer_hours))
    if offering.starts_at is None:
        return until
    return min(until, latest(offering.starts_at, now))


def latest(starts_at: datetime, now: datetime) -> datetime:
    """Until when an offer may stand at most, for an event that begins then."""
    in_time = starts_at - BEFORE_IT_BEGINS
    return in_time if in_time - now >= BEFORE_IT_BEGINS else starts_at
