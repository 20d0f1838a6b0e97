"""The processes of the Procfile, and the commands that run a part of one: what starts, in which order it ends."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog

from bot.app import (
    NotReady,
    Parts,
    conversation,
    current_knowledge,
    make_channels,
    make_check_in,
    opened,
    prepare,
    refuse_if_behind,
    sync_content,
    utc_now,
)
from bot.channels.base import Channel, OnIncoming, Receipt
from bot.db.migrate import migrate
from bot.messages import Incoming, Role
from bot.metrics import Metrics, new_metrics
from bot.server import listen, make_server
from bot.services.announcing import broadcast_runs
from bot.services.answering import knowledge
from bot.services.messages import channel_names, received
from bot.services.messages.sending import owner_name
from bot.services.people import invitations
from bot.settings import Settings
from scheduler.delivery import Delivery
from scheduler.jobs import TIMETABLE
from scheduler.leader import lead
from scheduler.pace import Pace
from scheduler.ticking import keep_ticking, tick

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 20
CLOSE_SECONDS = 3
NAME_SECONDS = 2


@asynccontextmanager
async def delivering(parts: Parts) -> AsyncIterator[tuple[Delivery, dict[str, Channel]]]:
    """The channels that are switched on, and the delivery that sends to them."""
    channels = make_channels(parts)
    paces = {"telegram": Pace(parts.settings.telegram_rate)} if "telegram" in channels else {}
    delivery = Delivery(parts.database, channels, paces, owner_name(), utc_now, parts.quiet)
    await delivery.start()
    try:
        yield delivery, channels
    finally:
        for channel in channels.values():
            await _within(CLOSE_SECONDS, channel.stop_receiving(), f"stop receiving from {channel.name}")
        await _within(DRAIN_SECONDS, delivery.stop(), "finish what is in flight")
        for channel in channels.values():
            await _within(CLOSE_SECONDS, channel.stop(), f"close {channel.name}")


async def serve_web(settings: Settings, *, everything: bool, announce: Callable[[Welcome], None]) -> None:
    """The ``web`` process; with ``everything`` also worker and scheduler, in one process.

    Runs until SIGTERM or SIGINT. ``announce`` is called once the chat answers.
    """
    stopping = _stop_signal()
    async with opened(settings) as parts:
        await prepare(parts)
        metrics = new_metrics()
        async with delivering(parts) as (delivery, channels):
            known = await current_knowledge(parts)
            on_incoming = _timed(conversation(parts, known, delivery, channels).receive, metrics)
            routes = [route for channel in channels.values() for route in channel.routes(on_incoming)]
            routes += make_check_in(parts).routes()
            server = make_server(routes, parts.database, metrics)
            try:
                runner, port = await listen(server, settings.host, settings.port)
            except OSError as error:
                where = f"{settings.host}:{settings.port}"
                raise NotReady(f"can't listen on {where}: {error.strerror}; set HOST and PORT to a free one") from None
            background: list[asyncio.Task[None]] = []
            try:
                for channel in channels.values():
                    await channel.start(on_incoming, receive=True, public_url=settings.public_url)
                background.append(_in_background(_remember_names(parts, channels)))
                background.append(_in_background(knowledge.keep_fresh(known, parts.database)))
                if everything:
                    background += [_in_background(delivery.run()), _in_background(_tick_for_ever(parts))]
                announce(await _welcome(parts, port))
                _forget_starting()
                await _until(stopping, background)
            finally:
                for channel in channels.values():
                    await _within(CLOSE_SECONDS, channel.stop_receiving(), f"stop receiving from {channel.name}")
                await _within(CLOSE_SECONDS, runner.cleanup(), "end the open requests")
                await _within(DRAIN_SECONDS, delivery.stop(), "finish what is in flight")
                await _end(background)


async def serve_worker(settings: Settings) -> None:
    """The ``worker`` process: sends what is due, until SIGTERM or SIGINT."""
    stopping = _stop_signal()
    async with opened(settings) as parts:
        await refuse_if_behind(parts)
        async with delivering(parts) as (delivery, channels):
            for channel in channels.values():
                await channel.start(_receives_nothing, receive=False, public_url=settings.public_url)
            background = [_in_background(delivery.run())]
            await _until(stopping, background)
            await _within(DRAIN_SECONDS, delivery.stop(), "finish what is in flight")
            await _end(background)


async def serve_scheduler(settings: Settings) -> None:
    """The ``scheduler`` process: ticks while it is the leader, until SIGTERM or SIGINT."""
    stopping = _stop_signal()
    async with opened(settings) as parts:
        await refuse_if_behind(parts)
        background = [_in_background(_tick_for_ever(parts))]
        await _until(stopping, background)
        await _end(background)


async def migrate_all(settings: Settings) -> None:
    """Bring schema and content rows up to date (the release step)."""
    async with opened(settings) as parts:
        await migrate(parts.database)
        await sync_content(parts.database, parts.known, now=utc_now())


async def tick_once(settings: Settings, at: datetime | None, *, dry_run: bool) -> list[tuple[str, str]]:
    """Run every scheduled job once as of ``at``: (job, what it queued). ``dry_run`` keeps nothing."""
    async with opened(settings) as parts:
        await prepare(parts)
        given = parts.circumstances(at or utc_now(), simulated=at is not None)
        if not dry_run:
            return await tick(TIMETABLE, given)
        rehearsal = parts.database.rehearsal()
        async with rehearsal as database:
            return await tick(TIMETABLE, replace(given, database=database, files=None))


async def deliver_all(settings: Settings, *, drain: bool) -> None:
    """Run the delivery loop: until nothing is due with ``drain``, else until a signal."""
    if not drain:
        await serve_worker(settings)
        return
    async with opened(settings) as parts:
        await prepare(parts)
        async with delivering(parts) as (delivery, channels):
            for channel in channels.values():
                await channel.start(_receives_nothing, receive=False, public_url=settings.public_url)
            await delivery.drain()
            await delivery.settled()
            await broadcast_runs.finish_done(parts.database, parts.translators, utc_now())
            await delivery.drain()
            await delivery.settled()


async def replay(settings: Settings, failure_id: str) -> bool:
    """Process a message that was set aside once more; False when there is none of this id."""
    async with opened(settings) as parts:
        await prepare(parts)
        async with parts.database.transaction() as connection:
            incoming = await received.take_back(connection, failure_id)
        if incoming is None:
            return False
        async with delivering(parts) as (delivery, channels):
            for channel in channels.values():
                await channel.start(_receives_nothing, receive=False, public_url=settings.public_url)
            known = await current_knowledge(parts)
            receipt = await conversation(parts, known, delivery, channels).receive(incoming)
            await receipt.delivered()
        return True


@dataclass(frozen=True, slots=True)
class Welcome:
    """What is told when the program is ready; ``first_admin_url`` is empty when there is an administrator."""

    chat_url: str
    first_admin_url: str
    channels: tuple[str, ...]


async def _welcome(parts: Parts, port: int) -> Welcome:
    settings = parts.settings
    url = settings.chat_url if settings.port else settings.chat_url.removesuffix(":0") + f":{port}"
    switched = {"web_chat": True, "telegram": settings.telegram_token.get_secret_value(), "email": settings.smtp}
    channels = tuple(name for name, on in switched.items() if on)
    async with parts.database.transaction() as connection:
        if await invitations.has_admin(connection):
            return Welcome(url, "", channels)
        code = await invitations.create(connection, role=Role.ADMIN, first_admin=True, now=utc_now())
    return Welcome(url, f"{url}/first-admin/{code}", channels)


def _forget_starting() -> None:
    """What start-up made and stays is never collected again; what it only used goes back to the system."""
    gc.collect()
    gc.freeze()
    with suppress(OSError, AttributeError):  # only glibc has this
        ctypes.CDLL("libc.so.6").malloc_trim(0)


async def _remember_names(parts: Parts, channels: Mapping[str, Channel]) -> None:
    """Store under which names the channels are found, once their vendors told: ``invite`` prints links with them."""
    unknown = dict(channels)
    unknown.pop("web_chat")
    while unknown:
        for name, channel in list(unknown.items()):
            if channel.public_name:
                async with parts.database.transaction() as connection:
                    await channel_names.set_public_name(connection, name, channel.public_name)
                del unknown[name]
        await asyncio.sleep(NAME_SECONDS)
    await asyncio.Event().wait()


async def _tick_for_ever(parts: Parts) -> None:
    await lead(parts.database, lambda: keep_ticking(TIMETABLE, parts.circumstances(utc_now()), utc_now))


async def _receives_nothing(incoming: Incoming) -> Receipt:
    raise NotReady(f"this process takes no messages, but got one from {incoming.channel}")


def _timed(receive: OnIncoming, metrics: Metrics) -> OnIncoming:
    async def timed(incoming: Incoming) -> Receipt:
        with metrics.turn_seconds.labels(incoming.channel).time():
            return await receive(incoming)

    return timed


def _stop_signal() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping


def _in_background(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    return asyncio.create_task(work)


async def _until(stopping: asyncio.Event, background: Sequence[asyncio.Task[None]]) -> None:
    """Wait for the signal, or for background work that ended, which it never should."""
    signalled = asyncio.create_task(stopping.wait())
    done, _ = await asyncio.wait([signalled, *background], return_when=asyncio.FIRST_COMPLETED)
    signalled.cancel()
    for task in done:
        if task is not signalled:
            await task


async def _end(background: Sequence[asyncio.Task[None]]) -> None:
    for task in background:
        task.cancel()
    if background:
        _, late = await asyncio.wait(background, timeout=CLOSE_SECONDS)
        for task in late:
            log.error("background work did not end", work=task.get_name())


async def _within(seconds: float, step: Awaitable[None], what: str) -> None:
    """One step of shutting down. A step that hangs must not keep the others, or the process, from ending."""
    try:
        async with asyncio.timeout(seconds):
            await step
    except TimeoutError:
        log.error("a step of shutting down did not end in time", step=what, seconds=seconds)  # noqa: TRY400
