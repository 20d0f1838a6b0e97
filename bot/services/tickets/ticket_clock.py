"""What the clock does about tickets: makes a long wait for an answer known, and ends what fell silent.

The truth is ``ticket.due_at``: a ticket is locked, told of and moved on in one transaction, and ticks
queue on one row, so it makes no difference how often or where the clock ticks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.job_state import one_at_a_time
from bot.db.models.tickets import Ticket
from bot.i18n import Translators
from bot.services.messages import outbox
from bot.services.messages.outbox import Notice
from bot.services.messages.quiet_hours import QuietHours
from bot.services.people import contacts
from bot.services.people.officers import Staff
from bot.services.tickets import ticket_changes, ticket_notices, tickets
from bot.services.tickets.ticket_changes import ESCALATIONS
from bot.services.tickets.ticket_notices import Office
from bot.services.tickets.tickets import Asked
from content.model import Content

JOB = "tickets"
# What is more stays due for the next tick, a minute later.
AT_ONCE = 200


async def watch(
    database: Database,
    known: Content,
    translators: Translators,
    *,
    quiet: QuietHours,
    now: datetime,
    simulated: bool = False,
) -> list[str]:
    """The scheduled job: one indexed query when nothing is due. Each ticket moves on by one step.

    ``simulated`` is a tick at a made-up time: its messages go out whatever the real hour is.
    """
    if quiet.covers(now):
        return []
    async with database.reading() as connection:
        if await connection.scalar(select(Ticket.id).where(Ticket.due_at <= now).limit(1)) is None:
            return []
    async with database.transaction() as connection:
        await one_at_a_time(connection, JOB, now)
        due = await _due(connection, now)
        if not due:
            return []
        office = await ticket_notices.open_office(connection, known, translators, zone=quiet.zone, now=now)
        waiting = [each for each in due if each.waiting_since is not None and each.escalation < len(ESCALATIONS)]
        silent = [each for each in due if each not in waiting]
        return await _escalate(office, waiting, anytime=simulated) + await _end(office, silent, anytime=simulated)


async def _due(connection: AsyncConnection, now: datetime) -> list[Asked]:
    """Tickets whose time has come, locked."""
    ids = await connection.execute(
        select(Ticket.id).where(Ticket.due_at <= now).order_by(Ticket.due_at).limit(AT_ONCE).with_for_update()
    )
    return await tickets.by_ids(connection, list(ids.scalars()))


async def _escalate(office: Office, waiting: Sequence[Asked], *, anytime: bool) -> list[str]:
    told = {each.id: _to_be_told(office.staff, each) for each in waiting}
    everybody = sorted({contact_id for ids in told.values() for contact_id in ids})
    reachable = await contacts.reachable(office.connection, everybody) if everybody else {}
    notices: list[Notice] = []
    lines = []
    for each in waiting:
        people = [reachable[contact_id] for contact_id in told[each.id] if contact_id in reachable]
        notices += ticket_notices.waits(office, each, people)
        lines.append(
            f"ticket {each.id} ({each.agency_slug}) waits, step {each.escalation + 1}: "
            f"to {len(people)} {'person' if len(people) == 1 else 'people'}"
        )
    await outbox.notify_all(office.connection, notices, now=office.now, anytime=anytime)
    await ticket_changes.escalate(office.connection, waiting, hours=office.hours, now=office.now)
    return lines


def _to_be_told(staff: Staff, asked: Asked) -> list[int]:
    """First the agency once more and the lead agency, then the administrators; in any case whoever has it."""
    first = [*staff.of(asked.agency_slug), *staff.leading()]
    wanted = dict.fromkeys(first if asked.escalation == 0 else staff.admins())
    if asked.taken_by in staff.officers and asked.taken_by is not None:
        wanted[asked.taken_by] = None
    wanted.pop(asked.contact_id, None)
    return list(wanted)


async def _end(office: Office, silent: Sequence[Asked], *, anytime: bool) -> list[str]:
    if not silent:
        return []
    ids = [each.id for each in silent]
    await ticket_changes.end(office.connection, ids, by=None, now=office.now)
    ended = await tickets.by_ids(office.connection, ids)
    both = {contact_id for each in ended for contact_id in (each.contact_id, each.taken_by) if contact_id is not None}
    reachable = await contacts.reachable(office.connection, sorted(both))
    notices = [notice for each in ended for notice in ticket_notices.fell_silent(office, each, reachable)]
    await outbox.notify_all(office.connection, notices, now=office.now, anytime=anytime)
    return [f"ticket {each.id} ({each.agency_slug}) closed after a long silence" for each in ended]
