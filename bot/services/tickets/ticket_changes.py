"""What happens to a ticket: it is asked, goes on, is answered, taken, closed.

Every change locks the ticket first and looks again, so of two people who press at once one succeeds
and the other is told. A person's turn has locked the person before that, an officer's turn never
locks the person: nobody waits in a circle. Who may do what is ``bot.services.people.officers``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.tickets import Ticket, TicketMessage
from bot.db.types import UtcTime
from bot.messages import Language
from bot.services.calendar.working_hours import WORKING_DAY, OfficeHours
from bot.services.people import contacts
from bot.services.tickets import tickets
from bot.services.tickets.tickets import Asked, Status

# So many messages in a row reach officers; who writes more waits for an answer.
MOST_UNANSWERED = 20

# How long a person waits before it is made known, each time to more people.
ESCALATIONS = (timedelta(hours=4), WORKING_DAY)
# A conversation in which nobody says anything for so many working days has ended.
SILENT_DAYS = 10


class Outcome(StrEnum):
    """What became of a change: done, or why not."""

    DONE = "done"
    ALREADY = "already"
    OTHERS = "others"
    CLOSED = "closed"
    FULL = "full"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a change, and how the ticket stands now; ``message_id`` is what was said by it."""

    outcome: Outcome
    asked: Asked | None = None
    message_id: int = 0


async def begin(
    connection: AsyncConnection,
    *,
    contact_id: int,
    agency_slug: str,
    language: Language,
    question: str,
    shared: bool,
    hours: OfficeHours,
    now: datetime,
) -> Asked:
    """Open a conversation. The caller's turn is the person's own, and has seen that they are in no other."""
    ticket_id: int = (
        await connection.execute(
            insert(Ticket)
            .values(
                contact_id=contact_id,
                agency_slug=agency_slug,
                language=language.value,
                question=question,
                status=Status.OPEN,
                shared=shared,
                created_at=now,
                waiting_since=now,
                due_at=_due(hours, now, waiting_since=now),
            )
            .returning(Ticket.id)
        )
    ).scalar_one()
    await contacts.set_ticket(connection, contact_id, ticket_id)
    return await _get(connection, ticket_id)


async def ask_on(connection: AsyncConnection, asked: Asked, text: str, *, hours: OfficeHours, now: datetime) -> Result:
    """Add what the person says in their conversation."""
    found = await _lock(connection, asked.id)
    if found is None or found.status is Status.CLOSED:
        return Result(Outcome.CLOSED, found)
    unanswered = select(func.count()).where(TicketMessage.ticket_id == found.id, ~TicketMessage.from_officer)
    if found.answered_at is not None:
        unanswered = unanswered.where(TicketMessage.at > found.answered_at)
    if (await connection.scalar(unanswered) or 0) >= MOST_UNANSWERED:
        return Result(Outcome.FULL, found)
    message_id = await _add(connection, found.id, found.contact_id, text, from_officer=False, now=now)
    since = found.waiting_since or now
    due = _due(hours, now, waiting_since=since, escalation=found.escalation, answered_at=found.answered_at)
    await _change(connection, found.id, waiting_since=since, due_at=due)
    return Result(Outcome.DONE, replace(found, waiting_since=since), message_id)


async def answer(
    connection: AsyncConnection, ticket_id: int, by: int, text: str, *, hours: OfficeHours, now: datetime
) -> Result:
    """Add what an officer says. It takes the ticket if nobody had it."""
    refused = await _refused(connection, ticket_id, by)
    if isinstance(refused, Result):
        return refused
    message_id = await _add(connection, ticket_id, by, text, from_officer=True, now=now)
    await _change(
        connection,
        ticket_id,
        status=Status.TAKEN,
        taken_by=by,
        taken_at=refused.taken_at or now,
        answered_at=now,
        waiting_since=None,
        escalation=0,
        due_at=_due(hours, now),
    )
    return Result(Outcome.DONE, await _get(connection, ticket_id), message_id)


async def take(
    connection: AsyncConnection, ticket_id: int, by: int, now: datetime, *, instead_of: int | None = None
) -> Result:
    """Make a ticket an officer's own; ``instead_of`` is the officer whom they saw it with."""
    found = await _lock(connection, ticket_id)
    if found is None:
        return Result(Outcome.GONE)
    if found.status is Status.CLOSED:
        return Result(Outcome.CLOSED, found)
    if found.taken_by == by:
        return Result(Outcome.ALREADY, found)
    if found.taken_by is not None and found.taken_by != instead_of:
        return Result(Outcome.OTHERS, found)
    await _change(connection, ticket_id, status=Status.TAKEN, taken_by=by, taken_at=now)
    return Result(Outcome.DONE, await _get(connection, ticket_id))


async def close(connection: AsyncConnection, ticket_id: int, by: int, now: datetime) -> Result:
    """Hand a conversation back: its person, or an officer unless another one has it."""
    refused = await _refused(connection, ticket_id, by)
    if isinstance(refused, Result):
        return refused
    await end(connection, [ticket_id], by=by, now=now)
    if refused.contact_id == by:
        await contacts.set_ticket(connection, by, None)
    return Result(Outcome.DONE, await _get(connection, ticket_id))


async def end(connection: AsyncConnection, ticket_ids: Sequence[int], *, by: int | None, now: datetime) -> None:
    """Close tickets that the caller has locked."""
    await connection.execute(
        update(Ticket)
        .where(Ticket.id.in_(ticket_ids))
        .values(status=Status.CLOSED, closed_by=by, closed_at=now, waiting_since=None, due_at=None)
    )


async def share(connection: AsyncConnection, ticket_id: int) -> None:
    """Let the lead agency's officers answer it as well."""
    await _change(connection, ticket_id, shared=True)


async def escalate(connection: AsyncConnection, waiting: Sequence[Asked], *, hours: OfficeHours, now: datetime) -> None:
    """Record that the wait for an answer was made known once more, in tickets that the caller has locked."""
    if not waiting:
        return
    statement = (
        update(Ticket)
        .where(Ticket.id == bindparam("ticket"))
        .values(escalation=bindparam("step"), shared=True, due_at=bindparam("due", type_=UtcTime))
    )
    values = []
    for each in waiting:
        step = each.escalation + 1
        due = _due(hours, now, waiting_since=each.waiting_since, escalation=step, answered_at=each.answered_at)
        values.append({"ticket": each.id, "step": step, "due": due})
    await connection.execute(statement, values)


def _due(
    hours: OfficeHours,
    now: datetime,
    *,
    waiting_since: datetime | None = None,
    escalation: int = 0,
    answered_at: datetime | None = None,
) -> datetime | None:
    """When the clock has to act next, if nobody says anything more; never, on a question nobody ever answered."""
    if waiting_since is not None and escalation < len(ESCALATIONS):
        return hours.add_hours(waiting_since, ESCALATIONS[escalation])
    if waiting_since is not None and answered_at is None:
        return None
    return hours.add_days(now, SILENT_DAYS)


async def _refused(connection: AsyncConnection, ticket_id: int, by: int) -> Result | Asked:
    """Why somebody can't have the last word in a ticket; the ticket, locked, if they can."""
    found = await _lock(connection, ticket_id)
    if found is None:
        return Result(Outcome.GONE)
    if found.status is Status.CLOSED:
        return Result(Outcome.CLOSED, found)
    if found.contact_id != by and found.is_with_other_than(by):
        return Result(Outcome.OTHERS, found)
    return found


async def _lock(connection: AsyncConnection, ticket_id: int) -> Asked | None:
    # Two statements: names joined to a row that somebody else has just changed would be those from before.
    await connection.execute(select(Ticket.id).where(Ticket.id == ticket_id).with_for_update())
    return await tickets.find(connection, ticket_id)


async def _get(connection: AsyncConnection, ticket_id: int) -> Asked:
    found = await tickets.find(connection, ticket_id)
    if found is None:
        raise LookupError(f"ticket {ticket_id} vanished while it was locked")
    return found


async def _add(
    connection: AsyncConnection, ticket_id: int, author_id: int, text: str, *, from_officer: bool, now: datetime
) -> int:
    added = await connection.execute(
        insert(TicketMessage)
        .values(ticket_id=ticket_id, from_officer=from_officer, author_id=author_id, text=text, at=now)
        .returning(TicketMessage.id)
    )
    return added.scalar_one()


async def _change(connection: AsyncConnection, ticket_id: int, **values: object) -> None:
    await connection.execute(update(Ticket).where(Ticket.id == ticket_id).values(**values))
