"""Runs the year through the program: the scheduler's own jobs, the outbox, and a messenger that keeps everything.

The jobs of reports run at every tick, the others once a day. A doubled tick runs in two schedulers at once; a broken
one is cancelled in the middle of its transaction, after which the process begins anew with another engine.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from sqlalchemy import select

from bot.db.engine import Database
from bot.db.models.messages import Delivery as DeliveryRow
from bot.db.models.people import Address
from bot.db.models.reporting import ReminderStep
from bot.i18n import load_translators
from bot.messages import Outgoing
from content.model import Content
from scheduler.delivery import Delivery
from scheduler.jobs import TIMETABLE, Circumstances, Job
from tests.chat import Clock, FakeChannel
from tests.conftest import ZONE, quiet_hours
from tests.simulated_year import acting
from tests.simulated_year.script import Report, Script, Tick

HOURLY = ("plan obligations", "remind of reports")
DAILY_AT = 12
LADDER_KEY, ASKED_KEY = "reminder:", "remind:"


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of reminding: to whom, when it was stored, which obligations it has buttons of, all it says."""

    person: str
    at: datetime
    key: str
    arrived: int
    text: str


@dataclass
class Year:
    """What the program did."""

    steps: dict[tuple[int, int], tuple[str, datetime]] = field(default_factory=dict)
    messages: list[Sent] = field(default_factory=list)
    obligation: dict[Report, int] = field(default_factory=dict)
    others: Counter[str] = field(default_factory=Counter)
    ticks: int = 0


@dataclass
class _Process:
    """One life of the program, between two restarts."""

    url: str
    known: Content
    clock: Clock
    channel: FakeChannel
    database: Database = field(init=False)
    delivery: Delivery = field(init=False)

    async def begin(self) -> None:
        self.database = Database(self.url, pool_size=4)
        channels = {self.channel.name: self.channel}
        self.delivery = Delivery(self.database, channels, {}, "year/1/a", self.clock, quiet_hours(), settle_seconds=0)
        await self.delivery.start()

    async def end(self) -> None:
        await self.delivery.stop()
        await self.database.close()

    def circumstances(self) -> Circumstances:
        return Circumstances(self.database, self.known, load_translators(ZONE), quiet_hours(), self.clock())


async def run(url: str, known: Content, script: Script, seed: int) -> Year:
    """Run the script on a migrated database that has the content's agencies."""
    chance = Random(seed)
    clock = Clock(_utc(script.moments[0].at))
    process = _Process(url, known, clock, FakeChannel())
    other = _Process(url, known, clock, FakeChannel())
    await process.begin()
    await other.begin()
    year = Year()
    async with process.database.transaction() as connection:
        actors = await acting.employ(connection, known, script.officers, clock())
    try:
        for moment in script.moments:
            clock.now = _utc(moment.shown)
            if not isinstance(moment.what, Tick):
                async with process.database.transaction() as connection:
                    await acting.act(connection, actors, moment.what, clock())
                continue
            year.ticks += 1
            jobs = [job for job in TIMETABLE if job.name in HOURLY or moment.shown.hour == DAILY_AT]
            if moment.what.broken:
                await _break_off(jobs, process, chance)
            if moment.what.doubled:
                one, two = await asyncio.gather(_tick(jobs, process), _tick(jobs, other))
                queued = one or two
            else:
                queued = await _tick(jobs, process)
            if queued:
                await process.delivery.drain()
                await process.delivery.settled()
        await _read(year, process, actors)
    finally:
        await other.end()
        await process.end()
    return year


async def _tick(jobs: Sequence[Job], process: _Process) -> bool:
    """Run the jobs; whether anything was queued."""
    given = process.circumstances()
    return any([bool(await job.run(given)) for job in jobs])


async def _break_off(jobs: Sequence[Job], process: _Process, chance: Random) -> None:
    """Begin a tick, kill it after a few steps, and begin the process anew."""
    task = asyncio.create_task(_tick(jobs, process))
    for _ in range(chance.randrange(1, 40)):
        await asyncio.sleep(0)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await process.end()
    await process.begin()


async def _read(year: Year, process: _Process, actors: acting.Actors) -> None:
    """Everything that the database and the messenger know of the year."""
    async with process.database.reading() as connection:
        for obligation_id, step, status, note, at in await connection.execute(
            select(
                ReminderStep.obligation_id,
                ReminderStep.step,
                ReminderStep.status,
                ReminderStep.note,
                ReminderStep.settled_at,
            )
        ):
            if status != "planned" and at is not None:
                year.steps[obligation_id, step] = (note or status, _local(at))
        rows = (
            await connection.execute(
                select(DeliveryRow.id, DeliveryRow.key, DeliveryRow.created_at, Address.external_id)
                .join(Address, Address.id == DeliveryRow.address_id)
                .order_by(DeliveryRow.id)
            )
        ).all()
    arrived: dict[int, list[Outgoing]] = {}
    for outgoing in (each for sent in process.channel.sent.values() for each in sent):
        arrived.setdefault(outgoing.delivery_id, []).append(outgoing)
    for delivery_id, key, created_at, person in rows:
        if key is None or not key.startswith((LADDER_KEY, ASKED_KEY)):
            year.others[str(key).partition(":")[0]] += 1
            continue
        got = arrived.get(delivery_id, [])
        text = got[0].reply.plain if got else ""
        year.messages.append(Sent(person, _local(created_at), key, len(got), text))
    year.obligation = actors.obligation
    assert not process.channel.wrong, process.channel.wrong


def _utc(local: datetime) -> datetime:
    return local.replace(tzinfo=ZONE).astimezone(UTC)


def _local(at: datetime) -> datetime:
    return at.astimezone(ZONE).replace(tzinfo=None)
