"""The year itself: the real jobs, services, outbox and delivery on a database, with a made-up clock and messengers."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import event, func, select

from bot.app import sync_content
from bot.channels.base import Limits
from bot.db.engine import Database
from bot.db.models.messages import Delivery as Stored
from bot.db.models.people import Address, Agency, Contact
from bot.db.models.reporting import Obligation, ReminderStep
from bot.errors import RecipientGone
from bot.i18n import Translators, load_translators
from bot.messages import Outgoing
from bot.services.messages.quiet_hours import QuietHours
from bot.services.people import contacts
from content.model import Content
from scheduler.delivery import Delivery
from scheduler.jobs import TIMETABLE, Circumstances
from tests.simulated_year.acting import CHAT, Actors
from tests.simulated_year.reading import Reader
from tests.simulated_year.story import ZONE, Act, Ledger, Message, Outcome, Report, Story, Tick

REPORTING = ("plan obligations", "remind of reports", "watch focal points", "tell receivers of reports")
QUIET = QuietHours(time(21), time(7, 30), ZONE)
DAILY_AT = 3
PLACES = {CHAT: "chat", contacts.EMAIL: "mailbox"}


class _Died(Exception):
    """The process was killed at a statement."""


@dataclass
class Messenger:
    """Takes everything but what goes to somebody who blocks it; ``taken`` counts by delivery."""

    name: str
    blocking: set[str]
    limits: Limits = field(default_factory=lambda: Limits(text=4096, buttons=100, in_flight=8))
    taken: Counter[int] = field(default_factory=Counter)

    async def send(self, outgoing: Outgoing) -> str:
        if outgoing.external_id in self.blocking:
            raise RecipientGone("bot was blocked by the user")
        self.taken[outgoing.delivery_id] += 1
        return str(outgoing.delivery_id)


@dataclass
class Passed:
    """What came of the year in the program, with how often something went wrong on the way."""

    ledger: Ledger
    deaths: int
    doubled: int
    ticks: int
    sent_twice: int


@dataclass
class _Program:
    """The running program, which may be killed and started again at any time."""

    url: str
    known: Content
    translators: Translators
    now: datetime
    messengers: dict[str, Messenger]
    databases: list[Database] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    statements_left: int = 0
    starts: int = 0

    async def start(self) -> None:
        """Two processes with a scheduler each; the first one delivers too."""
        self.starts += 1
        self.databases = [Database(self.url, pool_size=4) for _ in range(2)]
        for database in self.databases:
            event.listen(database.engine.sync_engine, "before_cursor_execute", self._count)
        owner = f"simulated/{self.starts}/{self.starts}"
        delivery = Delivery(self.databases[0], self.messengers, {}, owner, lambda: self.now, QUIET, settle_seconds=0)
        await delivery.start()
        self.deliveries = [delivery]

    async def stop(self) -> None:
        for delivery in self.deliveries:
            await delivery.stop()
        for database in self.databases:
            await database.close()

    def _count(self, *_: object) -> None:
        if self.statements_left:
            self.statements_left -= 1
            if not self.statements_left:
                raise _Died

    async def tick(self, tick: Tick) -> tuple[list[str], bool]:
        """(what the jobs said, whether a process died over it)."""
        self.now = tick.now
        died = False
        self.statements_left = tick.dies
        try:
            schedulers = [self._jobs(each) for each in self.databases[: 2 if tick.doubled else 1]]
            found = await asyncio.gather(*schedulers, return_exceptions=True)
        finally:
            self.statements_left = 0
        problems = [each for each in found if isinstance(each, BaseException)]
        for problem in problems:
            if not isinstance(problem, _Died):
                raise problem
            died = True
        lines = [line for each in found if isinstance(each, list) for line in each]
        if died:
            await self.stop()
            await self.start()
            lines += await self._jobs(self.databases[0])
        return lines, died

    async def _jobs(self, database: Database) -> list[str]:
        given = Circumstances(database, self.known, self.translators, QUIET, self.now)
        daily = self.now.hour == DAILY_AT
        lines: list[str] = []
        for job in TIMETABLE:
            if daily or job.name in REPORTING:
                lines += await job.run(given)
        return lines

    async def deliver(self) -> None:
        await self.deliveries[0].drain(timedelta(0))
        await self.deliveries[0].settled()


def as_told(known: Content) -> Content:
    """The content as it is shipped, the half-year cycle switched on, without what has to be written into a report."""
    bare: dict[str, Any] = {"sections": (), "indicators": (), "attachments": (), "enabled": True}
    duties = {slug: duty.model_copy(update=bare) for slug, duty in known.duties.items()}
    return known.model_copy(update={"duties": duties})


async def run(url: str, known: Content, story: Story) -> Passed:
    """Live through a story on an empty, migrated database."""
    known = _only(as_told(known), story)
    actors, messengers = await _prepared(url, known, story)
    begin = story.happens[0]
    program = _Program(url, known, load_translators(ZONE), _moment(begin), messengers)
    reader = Reader(known)
    messages: list[Message] = []
    last_read, deaths, doubled, ticks = 0, 0, 0, 0
    await program.start()
    try:
        for each in story.happens:
            if isinstance(each, Act):
                program.now = each.at
                await actors.do(program.databases[0], each)
                continue
            lines, died = await program.tick(each)
            ticks, deaths, doubled = ticks + 1, deaths + died, doubled + each.doubled
            if lines or died:
                await program.deliver()
                new, last_read = await _read(program.databases[0], reader, last_read)
                messages += new
        steps = await _steps(program.databases[0])
    finally:
        await program.stop()
    twice = sum(count > 1 for messenger in messengers.values() for count in messenger.taken.values())
    return Passed(Ledger(steps, tuple(messages)), deaths, doubled, ticks, twice)


def _moment(each: Act | Tick) -> datetime:
    return each.now if isinstance(each, Tick) else each.at


def _only(known: Content, story: Story) -> Content:
    """The content with no other agencies that owe something than those of the story."""
    agencies = {slug: each for slug, each in known.agencies.items() if not each.owes or slug in story.agencies}
    return known.model_copy(update={"agencies": agencies})


async def _prepared(url: str, known: Content, story: Story) -> tuple[Actors, dict[str, Messenger]]:
    begin = _moment(story.happens[0])
    database = Database(url)
    await sync_content(database, known, now=begin)
    async with database.transaction() as connection:
        rows = await connection.execute(select(Agency.slug, Agency.id))
        actors = Actors(known, ZONE, {slug: number for slug, number in rows})  # noqa: C416 - rows are no pairs to mypy
        for officer in story.officers:
            await actors.employ(connection, officer, begin)
    await database.close()
    messengers = {name: Messenger(name, actors.blocking if name == CHAT else set()) for name in PLACES}
    return actors, messengers


async def _read(database: Database, reader: Reader, after: int) -> tuple[list[Message], int]:
    """The messages stored since, as their readers understand them."""
    async with database.reading() as connection:
        rows = (
            await connection.execute(
                select(
                    Stored.id,
                    Stored.created_at,
                    Contact.name,
                    Stored.channel,
                    Stored.key,
                    Stored.content,
                    Stored.status,
                )
                .join(Address, Address.id == Stored.address_id)
                .join(Contact, Contact.id == Address.contact_id)
                .where(Stored.id > after)
                .order_by(Stored.id)
            )
        ).all()
    found = [
        reader.message(at.astimezone(ZONE), who, PLACES[channel], key or "", content, arrived=status == "sent")
        for _, at, who, channel, key, content, status in rows
    ]
    return found, rows[-1][0] if rows else after


async def _steps(database: Database) -> dict[tuple[Report, int], Outcome]:
    async with database.reading() as connection:
        rows = await connection.execute(
            select(
                Obligation.duty, Agency.slug, Obligation.period_end, ReminderStep.step, ReminderStep.status,
                ReminderStep.note, func.coalesce(ReminderStep.settled_at, ReminderStep.due_at),
            )
            .join(Obligation, Obligation.id == ReminderStep.obligation_id)
            .join(Agency, Agency.id == Obligation.agency_id)
        )  # fmt: skip
        return {
            (Report((duty, slug, end)), step): Outcome(note or status, at.astimezone(ZONE))
            for duty, slug, end, step, status, note, at in rows
        }
