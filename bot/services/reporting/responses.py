"""What an agency answers to a reminder short of the report: it knows, it will hand in on a day, remind me later."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.reporting import Obligation
from bot.services.reminding import steps
from bot.services.reporting import history, not_mine, obligations
from bot.services.reporting.history import What
from bot.services.reporting.obligations import Done
from bot.services.reporting.statuses import OWED, Status
from content.model import Content


async def acknowledge(
    connection: AsyncConnection, obligation_id: int, *, contact_id: int, known: Content, now: datetime
) -> Done | None:
    """Record that the agency knows of the report; from then on a shorter ladder reminds it.

    None when the person does not answer for its agency.
    """
    owed = await obligations.find(connection, obligation_id, contact_id=contact_id)
    if owed is None:
        return None
    await obligations.opened(connection, owed, contact_id=contact_id, now=now)
    first = await connection.scalar(
        update(Obligation)
        .where(
            Obligation.id == obligation_id,
            Obligation.status == Status.OPEN.value,
            obligations.answered_for_by(contact_id),
        )
        .values(status=Status.ACKNOWLEDGED.value, acknowledged_at=now, acknowledged_by=contact_id)
        .returning(Obligation.id)
    )
    if first is not None:
        duty = known.duties.get(owed.duty)
        await steps.shorten(connection, obligation_id, duty.after_acknowledgement if duty else (), now)
        await history.record(connection, obligation_id, What.ACKNOWLEDGED, contact_id=contact_id, now=now)
    return await obligations.done(connection, obligation_id, contact_id, changed=first is not None)


async def plan_for(
    connection: AsyncConnection, obligation_id: int, day: date, *, contact_id: int, zone: ZoneInfo, now: datetime
) -> Done | None:
    """Record for which day the agency announces the report: then it is reminded, and not by the ladder before.

    Nothing changes for a report that has not been acknowledged or was handed in. None when it is not the person's.
    """
    if await obligations.lock(connection, obligation_id, contact_id=contact_id) is not Status.ACKNOWLEDGED:
        return await obligations.done(connection, obligation_id, contact_id, changed=False)
    before = await connection.scalar(select(Obligation.planned_on).where(Obligation.id == obligation_id))
    await not_mine.take_back(connection, obligation_id, contact_id, now)
    if before != day:
        await connection.execute(update(Obligation).where(Obligation.id == obligation_id).values(planned_on=day))
        await steps.plan_for(connection, obligation_id, contact_id, day, instead_of=before, zone=zone, now=now)
        await history.record(
            connection, obligation_id, What.PLANNED, contact_id=contact_id, now=now, on=day.isoformat()
        )
    return await obligations.done(connection, obligation_id, contact_id, changed=before != day)


async def snooze(
    connection: AsyncConnection, obligation_id: int, until: datetime, *, contact_id: int, now: datetime
) -> Done | None:
    """Remind the person of it once more at that moment, if it is still owed; None when it is not theirs."""
    status = await obligations.lock(connection, obligation_id, contact_id=contact_id)
    if status in OWED:
        await not_mine.take_back(connection, obligation_id, contact_id, now)
        new = await steps.remind_at(connection, obligation_id, [contact_id], [until])
        if new:
            await history.record(
                connection, obligation_id, What.SNOOZED, contact_id=contact_id, now=now, until=until.isoformat()
            )
    return await obligations.done(connection, obligation_id, contact_id, changed=status in OWED)
