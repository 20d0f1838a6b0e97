"""The whole program in one process with Telegram as its channel, put together as ``bot.processes`` does."""

from __future__ import annotations

import asyncio
import time as real_time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from bot import telegram_setup
from bot.channels.telegram_bot import TelegramBot
from bot.db.engine import Database
from bot.messages import Language, Role
from bot.metrics import new_metrics
from bot.server import listen, make_server
from bot.services.answering.knowledge import Knowledge
from bot.services.check_in.doors import Doors
from bot.services.files.intake import FileIntake
from bot.services.messages.sending import owner_name
from bot.services.passes.passes import Passes
from bot.services.people import invitations
from handlers import router
from handlers.turn import Conversation, RepliesTo
from scheduler.delivery import Delivery
from scheduler.jobs import TIMETABLE, Circumstances
from scheduler.pace import Pace
from scheduler.ticking import keep_ticking, tick
from tests.telegram_peer import TelegramPeer
from tests.telegram_people import Person

Mode = Literal["polling", "webhook"]

SECRET = "a-secret_of-the-webhook"
READ_SECONDS = 0.5
RATE = 500
# Announcements begin and end without anybody waiting long; everything else at its own pace.
HURRIED = tuple(replace(job, seconds=1) if "broadcast" in job.name else job for job in TIMETABLE)


@dataclass
class MovingClock:
    """Time passes as it really does, from a moment that a test may choose again."""

    begins: datetime
    since: float = field(default_factory=real_time.monotonic)

    def __call__(self) -> datetime:
        return self.begins + timedelta(seconds=real_time.monotonic() - self.since)

    def set(self, moment: str) -> None:
        """Go to an ISO moment with its zone."""
        self.begins, self.since = datetime.fromisoformat(moment).astimezone(UTC), real_time.monotonic()


@dataclass(frozen=True)
class Office:
    """The running program, and the people who write to it."""

    peer: TelegramPeer
    given: Circumstances
    clock: MovingClock

    @property
    def database(self) -> Database:
        return self.given.database

    async def has_linked(self, person: Person, *, role: Role | None = None, agency: str | None = None) -> None:
        """Somebody opens the deep link of a fresh invitation, and reads what they are now."""
        async with self.database.transaction() as connection:
            code = await invitations.create(connection, role=role, agency_slug=agency, now=self.clock())
        await person.starts(code)
        await person.reads("Đã liên kết tài khoản" if person.language == "vi" else "Account linked")

    async def tick_as_of(self, moment: str) -> list[tuple[str, str]]:
        """What ``python -m bot tick --at`` does, with the clock put there."""
        self.clock.set(moment)
        return await tick(TIMETABLE, replace(self.given, now=self.clock(), simulated=True))


@asynccontextmanager
async def open_office(
    given: Circumstances,
    knowledge: Knowledge,
    peer: TelegramPeer,
    *,
    mode: Mode,
    files: Path,
    replies_to: RepliesTo = router.replies_to,
    doors_at: str = "http://127.0.0.1:8080",
) -> AsyncIterator[Office]:
    """Start everything, and end it in the order in which the program does. ``doors_at``: where check-in is served."""
    clock = MovingClock(given.now)
    translators = given.translators
    channel = TelegramBot(
        token=peer.token,
        api_url=peer.url,
        mode=mode,
        webhook_secret=SECRET,
        files=files,
        menus={language: telegram_setup._menu(translators.for_language(language)) for language in Language},
        default_language=Language.VI,
        read_seconds=READ_SECONDS,
        first_pause=0.02,
    )
    paces = {channel.name: Pace(RATE)}
    delivery = Delivery(given.database, {channel.name: channel}, paces, owner_name(), clock, given.quiet)
    conversation = Conversation(
        database=given.database,
        knowledge=knowledge,
        translators=translators,
        replies_to=replies_to,
        hand_over=delivery.hand_over,
        clock=clock,
        quiet=given.quiet,
        owner=delivery.owner,
        default_language=Language.VI,
        files=FileIntake(files, {channel.name: channel.fetch}),
        passes=Passes(SECRET.encode(), files, ""),
        doors=Doors(SECRET.encode(), doors_at),
    )
    await delivery.start()
    server = make_server(channel.routes(conversation.receive), given.database, new_metrics())
    runner, port = await listen(server, "127.0.0.1", 0)
    await channel.start(conversation.receive, receive=True, public_url=f"http://127.0.0.1:{port}")
    sending = asyncio.create_task(delivery.run())
    ticking = asyncio.create_task(keep_ticking(HURRIED, given, clock))
    try:
        if mode == "webhook":
            await peer.updates.until_webhook()
        yield Office(peer, given, clock)
    finally:
        ticking.cancel()
        await channel.stop_receiving()
        await runner.cleanup()
        await delivery.stop()
        await asyncio.gather(sending, ticking, return_exceptions=True)
        await channel.stop()


@asynccontextmanager
async def checked_office(
    given: Circumstances, knowledge: Knowledge, *, mode: Mode, files: Path
) -> AsyncIterator[Office]:
    """An office with a peer of its own: in the end everybody has read everything, and all that was sent was right."""
    peer = TelegramPeer()
    await peer.start()
    async with open_office(given, knowledge, peer, mode=mode, files=files) as opened:
        yield opened
    await peer.close()
    for person in peer.people:
        person.nothing_unread()
    peer.check()
