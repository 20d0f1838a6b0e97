"""What becomes of those who still wait for a seat when the event begins: their applications end, and they are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.models.applications import Application
from bot.db.models.offerings import Offering
from bot.i18n import Translators
from bot.services.applications import application_notices, history, notice_texts
from bot.services.applications.application_notices import Concerned
from bot.services.applications.history import Cause
from bot.services.applications.statuses import Status
from bot.services.offerings import offerings
from bot.services.offerings.offerings import Kind, Offered

# News of an event that began longer ago than this is of no use to anybody.
RECENT = timedelta(days=3)
AT_ONCE = 50
_IN_VAIN = (Status.WAITLISTED, Status.OFFERED)

_BEGUN = (
    select(Offering.id)
    .where(
        Offering.kind == Kind.EVENT.value,
        Offering.starts_at > bindparam("since", type_=Offering.starts_at.type),
        Offering.starts_at <= bindparam("now", type_=Offering.starts_at.type),
        Offering.active.is_(True),
        exists().where(Application.offering_id == Offering.id, Application.status.in_(_IN_VAIN)),
    )
    .order_by(Offering.starts_at)
    .limit(AT_ONCE)
)
_WAITING = (
    select(Application.id, Application.code, Application.contact_id, Application.seats, Application.status)
    .where(Application.offering_id == bindparam("offering"), Application.status.in_(_IN_VAIN))
    .order_by(Application.id)
)


async def end_waiting(
    database: Database, translators: Translators, *, now: datetime, anytime: bool = False
) -> list[str]:
    """The scheduled job: one query by index when no event has just begun. Any number of processes tell each once."""
    async with database.reading() as connection:
        begun = list(await connection.scalars(_BEGUN, {"since": now - RECENT, "now": now}))
    lines: list[str] = []
    for offering_id in begun:
        async with database.transaction() as connection:
            offering = await offerings.lock(connection, offering_id)
            if offering is not None and offering.has_begun(now):
                lines += await end(connection, offering, translators, now, anytime=anytime)
    return lines


async def end(
    connection: AsyncConnection, offering: Offered, translators: Translators, now: datetime, *, anytime: bool = False
) -> list[str]:
    """End what waited in vain for an event that has begun. The caller holds its lock."""
    rows = (await connection.execute(_WAITING, {"offering": offering.id})).all()
    if not rows:
        return []
    told: Sequence[Concerned] = [Concerned(row.id, row.code, row.contact_id, row.seats) for row in rows]
    offered = {row.id for row in rows if row.status == Status.OFFERED}
    written = await history.change(
        connection, [each.id for each in told], Status.WITHDRAWN, Cause.NO_SEAT, actor_id=None, now=now
    )
    await application_notices.tell(
        connection,
        told,
        written,
        lambda t, each: notice_texts.no_seat(t, each, offering, offered=each.id in offered),
        translators=translators,
        now=now,
        anytime=anytime,
    )
    return [f"application {each.code} waited in vain for {offering.slug}" for each in told]
