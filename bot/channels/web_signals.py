"""Tells open web pages that something new is there for them, whichever process put it there.

A signal is a hint: whoever waits looks into the database afterwards, and also when nothing was heard
for a while. PostgreSQL carries it by LISTEN/NOTIFY; on SQLite the file's version number is watched.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.db import web_messages
from bot.db.engine import Database

log = structlog.get_logger(__name__)

WATCH_SECONDS = 0.4
RECONNECT_SECONDS = 2.0


@dataclass
class Signals:
    """The waiting pages of this process, by address id."""

    database: Database
    _waiting: dict[int, set[asyncio.Event]] = field(default_factory=lambda: defaultdict(set))
    _watching: asyncio.Task[None] | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self) -> None:
        """Begin to hear what other processes put there."""
        watch = self._watch_file if self.database.is_sqlite else self._listen
        self._watching = asyncio.create_task(self._keep(watch), name="hear of new web lines")

    async def stop(self) -> None:
        # Not cancelled: a statement that is cut off leaves its connection behind.
        self._stopping.set()
        self._wake_all()
        if self._watching is not None:
            await self._watching

    def wake(self, address_id: int) -> None:
        """Tell the pages of this process."""
        for event in self._waiting.get(address_id, ()):
            event.set()

    async def wait(self, address_id: int, seconds: float) -> None:
        """Until something is new for an address, or the time is up."""
        event = asyncio.Event()
        self._waiting[address_id].add(event)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await event.wait()
        finally:
            self._waiting[address_id].discard(event)
            if not self._waiting[address_id]:
                del self._waiting[address_id]

    def _wake_all(self) -> None:
        for events in self._waiting.values():
            for event in events:
                event.set()

    async def _keep(self, watch: Any) -> None:
        while not self._stopping.is_set():
            try:
                await watch()
            except (SQLAlchemyError, OSError):
                log.warning("signals for web pages were lost, connecting again")
                await self._pause(RECONNECT_SECONDS)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _watch_file(self) -> None:
        async with self.database.engine.connect() as connection:
            version = None
            while not self._stopping.is_set():
                # Changes with every commit of another connection; reading it takes no lock.
                now = (await connection.exec_driver_sql("PRAGMA data_version")).scalar_one()
                await connection.rollback()
                if version not in (None, now):
                    self._wake_all()
                version = now
                await self._pause(WATCH_SECONDS)

    async def _listen(self) -> None:
        async with self.database.engine.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            if raw is None:
                raise OSError("no connection to listen on")

            def heard(_connection: object, _process: int, _channel: str, address_id: str) -> None:
                self.wake(int(address_id))

            await raw.add_listener(web_messages.CHANNEL, heard)
            self._wake_all()  # something may have come while nobody listened
            try:
                while not raw.is_closed() and not self._stopping.is_set():
                    await self._pause(RECONNECT_SECONDS)
            finally:
                if not raw.is_closed():
                    await raw.remove_listener(web_messages.CHANNEL, heard)
