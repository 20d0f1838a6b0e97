"""Notices of an event that are due: each step of each event once, one message per application.

A step leaves ``planned`` in the transaction that stores its messages, under the lock of its event, so it makes no
difference how often or where the clock ticks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.models.applications import Application
from bot.db.models.offerings import EventStep
from bot.i18n import Translators
from bot.messages import Person, Reply
from bot.services.applications.statuses import Status
from bot.services.messages import outbox
from bot.services.messages.outbox import Notice
from bot.services.offerings import attendance_closing, event_steps, event_texts
from bot.services.offerings.event_steps import DROPPED, PLANNED, SENT, Happening, Step
from bot.services.offerings.event_texts import Guest
from bot.services.people import contacts

SUPERSEDED = "superseded"
BEGUN = "the event had begun"
NOBODY = "nobody to tell"
STALE = "stale"

# Thanks are still of use for so long after they were due.
_THANKS_USEFUL = timedelta(days=7)
_EVENTS_AT_ONCE = 50

_DUE = (
    select(EventStep.offering_id)
    .where(EventStep.status == literal_column("'planned'"))
    .order_by(EventStep.due_at)
    .limit(_EVENTS_AT_ONCE)
)


async def send_due(
    database: Database, translators: Translators, *, now: datetime, simulated: bool = False
) -> list[str]:
    """The scheduled job: one indexed query when nothing is due. Returns a line per step that was settled.

    ``simulated`` is a tick at a made-up time: its messages go out whatever the real hour is.
    """
    async with database.reading() as connection:
        due = list(dict.fromkeys(await connection.scalars(_DUE.where(EventStep.due_at <= now))))
    lines: list[str] = []
    for offering_id in due:
        async with database.transaction() as connection:
            lines += await _settle(connection, offering_id, translators, now=now, simulated=simulated)
    return lines


async def _settle(
    connection: AsyncConnection, offering_id: int, translators: Translators, *, now: datetime, simulated: bool
) -> list[str]:
    """Send the latest step of an event that is due, and drop the earlier ones."""
    event = await event_steps.lock(connection, offering_id)
    steps = await _planned(connection, offering_id)
    due = [step for step, due_at in steps if due_at <= now]
    if event is None or not due:
        return []
    latest = due[-1]
    if latest is Step.THANKS and not event.why_off:
        await attendance_closing.close(connection, event, now=now)
    lines = [await _drop(connection, event, step, SUPERSEDED, now) for step in due[:-1]]
    why = _why_not(event, latest, dict(steps)[latest], now)
    if why:
        return [*lines, await _drop(connection, event, latest, why, now)]
    guests = await _guests(connection, event, Status.ATTENDED if latest is Step.THANKS else Status.CONFIRMED)
    if not guests:
        return [*lines, await _drop(connection, event, latest, NOBODY, now)]
    following = next((due_at for _, due_at in steps if due_at > now), None)
    await outbox.notify_all(
        connection,
        [_notice(event, latest, guest, person, translators) for guest, person in guests],
        now=now,
        stale_after=None if simulated else _useless_from(event, latest, following, now),
        anytime=simulated,
    )
    await _store(connection, event, latest, SENT, None, now)
    return [*lines, f"event notice {latest}: {event.slug}, to {len(guests)}"]


def _why_not(event: Happening, step: Step, due_at: datetime, now: datetime) -> str:
    """Why a step that is due is not sent any more; empty when it is."""
    if event.why_off:
        return event.why_off
    if step is Step.THANKS:
        return STALE if now > due_at + _THANKS_USEFUL else ""
    return BEGUN if event.starts_at <= now else ""


def _useless_from(event: Happening, step: Step, following: datetime | None, now: datetime) -> datetime:
    """When a notice is of no use any more: once the next one is due, at the latest when the event begins."""
    if step is Step.THANKS:
        return now + _THANKS_USEFUL
    return min(following or event.starts_at, event.starts_at)


def _notice(event: Happening, step: Step, guest: Guest, person: Person, translators: Translators) -> Notice:
    t = translators.for_language(person.language)
    write = event_texts.thanks if step is Step.THANKS else event_texts.reminder
    reply: Reply = write(event, guest, t)
    return Notice(person, f"event:{event.id}:{step}:{guest.application_id}", reply)


async def _planned(connection: AsyncConnection, offering_id: int) -> list[tuple[Step, datetime]]:
    rows = await connection.execute(
        select(EventStep.step, EventStep.due_at)
        .where(EventStep.offering_id == offering_id, EventStep.status == PLANNED)
        .order_by(EventStep.due_at)
    )
    return [(Step(row.step), row.due_at) for row in rows]


async def _guests(connection: AsyncConnection, event: Happening, status: Status) -> Sequence[tuple[Guest, Person]]:
    """Every application of the event with this status whose person can be written to."""
    rows = (
        await connection.execute(
            select(Application.id, Application.code, Application.seats, Application.contact_id)
            .where(
                Application.offering_id == event.id,
                Application.status == status.value,
                Application.contact_id.is_not(None),
            )
            .order_by(Application.id)
        )
    ).all()
    people = await contacts.reachable(connection, sorted({row.contact_id for row in rows}))
    return [(Guest(row.id, row.code, row.seats), people[row.contact_id]) for row in rows if row.contact_id in people]


async def _drop(connection: AsyncConnection, event: Happening, step: Step, note: str, now: datetime) -> str:
    await _store(connection, event, step, DROPPED, note, now)
    return f"event notice {step} dropped: {event.slug} ({note})"


async def _store(
    connection: AsyncConnection, event: Happening, step: Step, status: str, note: str | None, now: datetime
) -> None:
    await connection.execute(
        update(EventStep)
        .where(EventStep.offering_id == event.id, EventStep.step == step.value)
        .values(status=status, note=note, settled_at=now)
    )
