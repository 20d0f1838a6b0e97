"""The program's web side over real HTTP, with nothing but the clock replaced."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from bot.channels.web_chat import WebChat
from bot.channels.web_signals import Signals
from bot.channels.web_uploads import Uploads
from bot.channels.web_visitors import Visitors
from bot.db.engine import Database
from bot.i18n import Translators
from bot.messages import Language
from bot.metrics import new_metrics
from bot.server import make_server
from bot.services.answering.knowledge import Knowledge
from bot.services.check_in.doors import Doors
from bot.services.files.intake import FileIntake
from bot.services.passes.passes import Passes
from handlers import router
from handlers.turn import Conversation, RepliesTo
from scheduler.delivery import Delivery
from tests.chat import Clock
from tests.conftest import quiet_hours

Client = TestClient[Request, Application]


@asynccontextmanager
async def web_side(
    database: Database,
    clock: Clock,
    knowledge: Knowledge,
    translators: Translators,
    folder: Path,
    *,
    replies_to: RepliesTo = router.replies_to,
) -> AsyncIterator[tuple[Delivery, Client]]:
    """Delivery and an HTTP client; ``folder`` is that of stored files."""
    chat = WebChat(
        database=database,
        signals=Signals(database),
        visitors=Visitors(b"k" * 32, secure=False),
        translators=translators,
        default_language=Language.VI,
        clock=clock,
        files=folder,
        uploads=Uploads(folder / "uploads"),
    )
    delivery = Delivery(database, {"web_chat": chat}, {}, "test/1/a", clock, quiet_hours(), settle_seconds=0)
    conversation = Conversation(
        database=database,
        knowledge=knowledge,
        translators=translators,
        replies_to=replies_to,
        hand_over=delivery.hand_over,
        clock=clock,
        quiet=quiet_hours(),
        owner=delivery.owner,
        default_language=Language.VI,
        files=FileIntake(folder, {chat.name: chat.fetch}),
        passes=Passes(b"p" * 32, folder, ""),
        doors=Doors(b"p" * 32, ""),
    )
    await delivery.start()
    await chat.start(conversation.receive, receive=True, public_url="")
    server = make_server(chat.routes(conversation.receive), database, new_metrics())
    async with TestClient(TestServer(server)) as client:
        yield delivery, client
        await chat.stop_receiving()
    await delivery.stop()
