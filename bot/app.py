"""The composition root: settings become a database, content, channels and a conversation.

``bot.processes`` runs them.
"""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.backup import FILES, back_up
from bot.channels.base import Channel
from bot.channels.web_chat import WebChat
from bot.channels.web_signals import Signals
from bot.channels.web_uploads import Uploads
from bot.channels.web_visitors import Visitors
from bot.check_in.pages import CheckIn
from bot.db.engine import Database
from bot.db.migrate import is_current, is_empty, migrate, newest_revision
from bot.i18n import Translators, load_translators
from bot.services.agencies import agencies
from bot.services.answering import knowledge
from bot.services.answering.knowledge import Knowledge
from bot.services.calendar import working_days
from bot.services.check_in.doors import Doors
from bot.services.files.folder import UPLOADS
from bot.services.files.intake import FileIntake
from bot.services.messages.quiet_hours import QuietHours
from bot.services.offerings import offerings
from bot.services.passes.passes import Passes
from bot.settings import Settings, embedded_secret
from content.loader import load, load_words
from content.model import Content
from handlers import router
from handlers.turn import Conversation
from scheduler.delivery import Delivery
from scheduler.jobs import Circumstances

CLOSE_SECONDS = 3


class NotReady(Exception):
    """The program can't start; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What every process has."""

    settings: Settings
    database: Database
    known: Content
    translators: Translators
    quiet: QuietHours

    @property
    def passes(self) -> Passes:
        """The maker and reader of entry passes; every process has the same key."""
        return Passes(_secret(self.settings).encode(), self.settings.home / FILES, self.settings.public_url)

    @property
    def doors(self) -> Doors:
        """The maker and reader of links to the doors of events."""
        return Doors(_secret(self.settings).encode(), self.settings.chat_url)

    def circumstances(self, now: datetime, *, simulated: bool = False) -> Circumstances:
        days = self.settings.question_retention_days
        files = self.settings.home / FILES
        return Circumstances(self.database, self.known, self.translators, self.quiet, now, simulated, days, files)


def utc_now() -> datetime:
    """The one real clock."""
    return datetime.now(UTC)


async def current_knowledge(parts: Parts) -> Knowledge:
    """What the content files say and editors approved, with the index that questions are matched against."""
    return await knowledge.current(parts.known, load_words(), parts.database)


async def sync_content(database: Database, known: Content, *, now: datetime) -> None:
    """Bring the tables that content files describe up to date with them."""
    async with database.transaction() as connection:
        await agencies.sync(connection, known)
        await offerings.sync(connection, known)
        await working_days.seed(connection, now)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Parts]:
    """Database, content and languages, closed again at the end."""
    if settings.is_embedded:
        settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    try:
        start, end = settings.quiet_from_to
        yield Parts(
            settings,
            database,
            load(embedded=settings.is_embedded),
            load_translators(settings.zone),
            QuietHours(start, end, settings.zone),
        )
    finally:
        with suppress(TimeoutError):  # a server that is gone must not keep the process from ending
            async with asyncio.timeout(CLOSE_SECONDS):
                await database.close()


async def prepare(parts: Parts) -> None:
    """Make an embedded database ready; refuse one on a server that is behind."""
    if parts.settings.is_embedded:
        if not await is_current(parts.database):
            if not await is_empty(parts.database):
                _keep_copy(parts.settings)
            await migrate(parts.database)
        await sync_content(parts.database, parts.known, now=utc_now())
    else:
        await refuse_if_behind(parts)


async def refuse_if_behind(parts: Parts) -> None:
    """NotReady unless the schema is the one this program was written for."""
    if not await is_current(parts.database):
        raise NotReady("the database schema is not current: run `python -m bot migrate` first")


def _keep_copy(settings: Settings) -> None:
    """A copy of an older embedded database, made before it is changed."""
    database = Path(settings.database_url.partition(":///")[2])
    back_up(database, settings.home, settings.home / f"before-migration-{newest_revision()}.zip")


def make_channels(parts: Parts) -> dict[str, Channel]:
    """The channels by name; one without its token is off."""
    settings = parts.settings
    channels: dict[str, Channel] = {
        "web_chat": WebChat(
            database=parts.database,
            signals=Signals(parts.database),
            visitors=Visitors(_secret(settings).encode(), secure=settings.public_url.startswith("https://")),
            translators=parts.translators,
            default_language=settings.language,
            clock=utc_now,
            files=settings.home / FILES,
            uploads=Uploads(settings.home / FILES / UPLOADS),
        )
    }
    if settings.telegram_token.get_secret_value():
        from bot.telegram_setup import telegram_channel

        channels["telegram"] = telegram_channel(settings, parts.translators)
    if settings.smtp is not None:
        from bot.channels.email import Email

        server = settings.smtp
        channels["email"] = Email(
            host=server.host,
            port=server.port,
            user=server.user,
            password=server.password,
            tls=server.tls,
            starttls=server.starttls,
            sender=settings.smtp_sender,
            chat_url=settings.chat_url,
            translators=parts.translators,
            clock=utc_now,
        )
    return channels


def make_check_in(parts: Parts) -> CheckIn:
    """The page for phones at the doors of events."""
    settings = parts.settings
    return CheckIn(
        database=parts.database,
        doors=parts.doors,
        passes=parts.passes,
        translators=parts.translators,
        default_language=settings.language,
        clock=utc_now,
        secure=settings.public_url.startswith("https://"),
    )


def _secret(settings: Settings) -> str:
    return settings.secret_key.get_secret_value() or embedded_secret(settings.home)


def conversation(parts: Parts, known: Knowledge, delivery: Delivery, channels: Mapping[str, Channel]) -> Conversation:
    """The turn, over everything that it needs."""
    return Conversation(
        database=parts.database,
        knowledge=known,
        translators=parts.translators,
        replies_to=router.replies_to,
        hand_over=delivery.hand_over,
        clock=utc_now,
        quiet=parts.quiet,
        owner=delivery.owner,
        default_language=parts.settings.language,
        files=FileIntake(parts.settings.home / FILES, {name: channel.fetch for name, channel in channels.items()}),
        passes=parts.passes,
        doors=parts.doors,
        question_days=parts.settings.question_retention_days,
        email="email" in channels,
    )


@contextmanager
def only_instance(home: Path) -> Iterator[None]:
    """Keep a second program off the same embedded database; NotReady when there is one already."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotReady(f"the program is already running on {home}/; stop it first") from None
        yield
