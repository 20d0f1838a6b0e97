"""What staff change about an offering: its seats, time and place, whether one can sign up, whether it takes place.

Whether the officer may do it is for the caller to check. From the first change on, staff say what the offering is and
the content files no longer do. Each change is noted, and everybody concerned is told by a few statements, however
many they are. Asking for what already holds changes nothing and tells nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.db.models.offerings import Offering, OfferingEvent
from bot.i18n import Translators
from bot.services.applications import application_notices, concerns, history, notice_texts, seats
from bot.services.applications.history import Cause
from bot.services.applications.seats import Rules
from bot.services.applications.statuses import Status
from bot.services.calendar import working_days
from bot.services.calendar.working_hours import OfficeHours
from bot.services.offerings import event_steps, offerings
from bot.services.offerings.offerings import CHAT, Kind, Offered

LONGEST_REASON = 500


class Changed(StrEnum):
    """What became of a change. NOT_NOW: the event has begun or was cancelled, or it is no event."""

    DONE = "done"
    SAME = "same"
    NOT_NOW = "not now"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of it, and the offering as it is now.

    ``told`` applications have somebody who is told. ``offered`` seats are reserved for those who waited. ``beyond``
    is how many seats more are taken than there are now: they stay with who has them, and none is given out until it
    is 0.
    """

    outcome: Changed
    offering: Offered
    told: int = 0
    offered: int = 0

    @property
    def beyond(self) -> int:
        capacity = self.offering.capacity
        return 0 if capacity is None else max(0, self.offering.taken - capacity)


async def set_capacity(
    connection: AsyncConnection,
    offering_id: int,
    capacity: int | None,
    *,
    actor_id: int,
    translators: Translators,
    office: OfficeHours,
    now: datetime,
) -> Change | None:
    """Set how many seats there are (None: no limit). More are offered to who waits; fewer take nobody's seat.

    None when there is no such offering.
    """
    if capacity is not None and capacity < 1:
        raise ValueError("an event has at least one seat")
    before = await offerings.lock(connection, offering_id)
    if before is None:
        return None
    if before.kind is not Kind.EVENT or not before.takes_place(now):
        return Change(Changed.NOT_NOW, before)
    if before.capacity == capacity:
        return Change(Changed.SAME, before)
    await _store(connection, before, {"capacity": capacity})
    await note(connection, before.id, "capacity", {"before": before.capacity, "after": capacity}, actor_id, now)
    after = await _again(connection, before)
    offered = await seats.offer_free(connection, after, Rules(translators, office), now)
    return Change(Changed.DONE, await _again(connection, before), offered=offered)


async def move(
    connection: AsyncConnection,
    offering_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    place: Mapping[str, str] | None,
    actor_id: int,
    translators: Translators,
    now: datetime,
) -> Change | None:
    """Give an event another time or place, and tell everybody whose application is not over.

    ``place`` is in both languages, None where it is held online. Deadlines after the new beginning end with it. None
    when there is no such offering.
    """
    before = await offerings.lock(connection, offering_id)
    if before is None:
        return None
    if before.kind is not Kind.EVENT or not before.takes_place(now) or starts_at <= now:
        return Change(Changed.NOT_NOW, before)
    was = before.details.get("place")
    if (before.starts_at, before.ends_at, was) == (starts_at, ends_at, dict(place) if place else None):
        return Change(Changed.SAME, before)
    details = {**before.details, "place": dict(place) if place else None}
    await _store(
        connection,
        before,
        {
            "starts_at": starts_at,
            "ends_at": ends_at,
            "details": details,
            "sequence": before.sequence + 1,
            "closes_at": _not_after(before.closes_at, starts_at),
            "edit_until": _not_after(before.edit_until, starts_at),
        },
    )
    await _shorten_offers(connection, before.id, starts_at, now)
    await _plan_notices(connection, before.id, translators, now)
    event_id = await note(
        connection,
        before.id,
        "moved",
        {"before": _when_and_where(before.starts_at, before.ends_at, was),
         "after": _when_and_where(starts_at, ends_at, details["place"])},
        actor_id,
        now,
    )  # fmt: skip
    after = await _again(connection, before)
    concern = await concerns.of_offering(connection, before.id)
    await application_notices.tell_of_offering(
        connection,
        concern.applications,
        f"moved-{event_id}",
        lambda t, each: notice_texts.event_moved(t, each, before, after, seat=each.id in concern.seated),
        translators=translators,
        now=now,
        stale_after=starts_at,
    )
    return Change(Changed.DONE, after, told=concern.told)


async def cancel(
    connection: AsyncConnection,
    offering_id: int,
    reason: str,
    *,
    actor_id: int,
    translators: Translators,
    now: datetime,
) -> Change | None:
    """Say that an event does not take place: every application ends, and everybody is told with the reason.

    None when there is no such offering.
    """
    before = await offerings.lock(connection, offering_id)
    if before is None:
        return None
    if before.cancelled_at is not None:
        return Change(Changed.SAME, before)
    if before.kind is not Kind.EVENT or before.has_begun(now):
        return Change(Changed.NOT_NOW, before)
    await _store(connection, before, {"cancelled_at": now, "cancel_reason": reason, "sequence": before.sequence + 1})
    await note(connection, before.id, "cancelled", {"reason": reason}, actor_id, now)
    await _plan_notices(connection, before.id, translators, now)
    concern = await concerns.of_offering(connection, before.id)
    lines = await history.change(
        connection,
        [each.id for each in concern.applications],
        Status.WITHDRAWN,
        Cause.EVENT_CANCELLED,
        actor_id=actor_id,
        now=now,
        reason=reason,
    )
    await application_notices.tell(
        connection,
        concern.applications,
        lines,
        lambda t, each: notice_texts.event_cancelled(t, each, before, reason, seat=each.id in concern.seated),
        translators=translators,
        now=now,
        stale_after=before.ends_at or before.starts_at,
    )
    return Change(Changed.DONE, await _again(connection, before), told=concern.told)


async def close_sign_up(
    connection: AsyncConnection, offering_id: int, *, actor_id: int, now: datetime
) -> Change | None:
    """Take no more sign-ups; seats, waiting list and offers go on. None when there is no such offering."""
    before = await offerings.lock(connection, offering_id)
    if before is None:
        return None
    if not before.takes_place(now):
        return Change(Changed.NOT_NOW, before)
    if before.closes_at is not None and before.closes_at <= now:
        return Change(Changed.SAME, before)
    await _store(connection, before, {"closes_at": now})
    await note(connection, before.id, "closed", {"before": _iso(before.closes_at)}, actor_id, now)
    return Change(Changed.DONE, await _again(connection, before))


async def reopen(connection: AsyncConnection, offering_id: int, *, actor_id: int, now: datetime) -> Change | None:
    """Take sign-ups again, from now on and for an event until it begins. None when there is no such offering."""
    before = await offerings.lock(connection, offering_id)
    if before is None:
        return None
    if not before.takes_place(now):
        return Change(Changed.NOT_NOW, before)
    if before.is_open(now):
        return Change(Changed.SAME, before)
    opens_at = None if before.opens_later(now) else before.opens_at
    await _store(connection, before, {"opens_at": opens_at, "closes_at": None})
    details = {"opened": _iso(before.opens_at), "closed": _iso(before.closes_at)}
    await note(connection, before.id, "reopened", details, actor_id, now)
    return Change(Changed.DONE, await _again(connection, before))


async def note(
    connection: AsyncConnection,
    offering_id: int,
    what: str,
    details: Mapping[str, Any],
    actor_id: int | None,
    now: datetime,
) -> int:
    """Note one change of an offering; ``what`` is one of the words of ``OfferingEvent``. Returns the line's id."""
    noted = await connection.execute(
        insert(OfferingEvent)
        .values(offering_id=offering_id, actor_id=actor_id, what=what, details=dict(details), at=now)
        .returning(OfferingEvent.id)
    )
    return int(noted.scalar_one())


async def _store(connection: AsyncConnection, offering: Offered, values: Mapping[str, Any]) -> None:
    await connection.execute(update(Offering).where(Offering.id == offering.id).values({**values, "origin": CHAT}))


async def _plan_notices(connection: AsyncConnection, offering_id: int, translators: Translators, now: datetime) -> None:
    calendar = await working_days.load(connection)
    await event_steps.plan(connection, offering_id, calendar, translators.vi.zone, now)


async def _again(connection: AsyncConnection, offering: Offered) -> Offered:
    return await offerings.get(connection, offering.id) or offering


async def _shorten_offers(connection: AsyncConnection, offering_id: int, starts_at: datetime, now: datetime) -> None:
    """No offer stands longer than until the event begins, also when it begins earlier now."""
    latest = seats.latest(starts_at, now)
    await connection.execute(
        update(Application)
        .where(
            Application.offering_id == offering_id,
            Application.status == Status.OFFERED,
            Application.offered_until > latest,
        )
        .values(offered_until=latest)
    )


def _not_after(moment: datetime | None, starts_at: datetime) -> datetime | None:
    return None if moment is None else min(moment, starts_at)


def _when_and_where(
    starts_at: datetime | None, ends_at: datetime | None, place: Mapping[str, str] | None
) -> dict[str, Any]:
    return {"starts_at": _iso(starts_at), "ends_at": _iso(ends_at), "place": dict(place) if place else None}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
