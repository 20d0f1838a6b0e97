"""What every test may ask for. Database tests run twice: on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import gc
import secrets
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import pytest
import structlog
from sqlalchemy.engine import make_url

from bot import app
from bot.db.engine import Database
from bot.db.migrate import migrate
from bot.i18n import Translators, load_translators
from bot.messages import Language
from bot.services.answering.faq import Index, build_index
from bot.services.answering.knowledge import Knowledge
from bot.services.check_in.doors import Doors
from bot.services.files.intake import FileIntake
from bot.services.messages.quiet_hours import QuietHours
from bot.services.passes.passes import Passes
from content.loader import load, load_words
from content.model import Content
from content.vocabulary import Words
from handlers import router
from handlers.turn import Conversation
from scheduler.delivery import Delivery
from tests import postgres
from tests.chat import Clock, FakeChannel, PersonInTown, Town
from tests.guards import loopback_only

MONDAY_MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 09:00 in Hanoi
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

# Begun last, one of these would keep one worker busy while the other has nothing left to do.
LONG = ("test_kill", "test_simulated_year", "test_commands", "test_rush", "test_broadcasts")


@pytest.hookimpl(trylast=True)  # after they were shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.stem not in LONG)


@pytest.fixture(scope="session", autouse=True)
def plain_tracebacks() -> None:
    """In what fails on purpose: with the values of all locals one of them takes half a minute to write."""
    *others, _ = structlog.get_config()["processors"]
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*others, plain])


@pytest.fixture(scope="session", autouse=True)
def no_connection_to_other_machines() -> Iterator[None]:
    with loopback_only():
        yield


@pytest.fixture(scope="session")
def known() -> Content:
    """The real content."""
    return load()


@pytest.fixture(scope="session")
def known_words() -> Words:
    return load_words()


@pytest.fixture(scope="session")
def faq(known: Content, known_words: Words) -> Index:
    index = build_index(known, known_words)
    gc.freeze()  # or every full collection of garbage walks through all of it again
    return index


@pytest.fixture
def knowledge(known: Content, known_words: Words, faq: Index) -> Knowledge:
    """What one process knows: the real content, until something is approved."""
    return Knowledge(known, known_words, known, faq)


@pytest.fixture(scope="session")
def translators() -> Translators:
    return load_translators(ZONE)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory, known: Content) -> Path:
    """An SQLite file with the newest schema and the content's rows, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    asyncio.run(_prepare(f"sqlite:///{path}", known))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, known: Content) -> str:
    """A server whose database ``template_migrated`` has the newest schema and the content's rows."""
    asyncio.run(_create_database(postgres_server, "template_migrated"))
    asyncio.run(_prepare(_named(postgres_server, "template_migrated"), known))
    return postgres_server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of the test's own, on either engine."""
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres_template")
    name = f"t_{secrets.token_hex(8)}"
    asyncio.run(_create_database(server, name, template="template_migrated"))
    yield _named(server, name)
    asyncio.run(_execute(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, pool_size=8)
    yield opened
    await opened.close()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port on which nobody listens, and nobody else will: it is held while the test runs."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


@pytest.fixture
def clock() -> Clock:
    """Monday 23/11/2026, 09:00 in Hanoi."""
    return Clock(MONDAY_MORNING)


@pytest.fixture
def passes(tmp_path: Path) -> Passes:
    """The maker and reader of entry passes."""
    return Passes(b"a key that only the tests have", tmp_path / "files", "https://nhipcau.test")


@pytest.fixture
async def town(
    database: Database, clock: Clock, knowledge: Knowledge, translators: Translators, passes: Passes
) -> AsyncIterator[Town]:
    """The whole bot on a real database, with a fake messenger."""
    channel = FakeChannel()
    quiet = quiet_hours()
    delivery = Delivery(database, {channel.name: channel}, {}, "test/1/a", clock, quiet, settle_seconds=0)
    await delivery.start()
    conversation = Conversation(
        database=database,
        knowledge=knowledge,
        translators=translators,
        replies_to=router.replies_to,
        hand_over=delivery.hand_over,
        clock=clock,
        quiet=quiet,
        owner=delivery.owner,
        default_language=Language.VI,
        files=FileIntake(passes.files, {channel.name: channel.fetch}),
        passes=passes,
        doors=Doors(b"a key that only the tests have", "https://nhipcau.test"),
        page="",  # both messengers here are made up
    )
    made = Town(database, clock, channel, conversation, delivery, passes.files)
    yield made
    await delivery.stop()
    made.nothing_unread()


@pytest.fixture
def chat(town: Town) -> PersonInTown:
    """Somebody who speaks Vietnamese."""
    return town.person("Nguyễn Văn An")


def quiet_hours() -> QuietHours:
    """21:00 to 07:30 in Hanoi."""
    return QuietHours(time(21), time(7, 30), ZONE)


async def _prepare(url: str, known: Content) -> None:
    opened = Database(url)
    await migrate(opened)
    await app.sync_content(opened, known, now=MONDAY_MORNING)
    await opened.close()


def _named(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


async def _create_database(server: str, name: str, *, template: str = "template0") -> None:
    # Copying the files is several times faster than writing every page to the log, which is the default.
    await _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')


async def _execute(server: str, statement: str) -> None:
    connection = await asyncpg.connect(make_url(server).set(query={}).render_as_string(hide_password=False), ssl=False)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
