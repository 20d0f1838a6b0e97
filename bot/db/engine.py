"""The database: one engine, two kinds of transaction, and the rules that keep SQLite honest.

SQLite is opened in WAL mode and every writing transaction is BEGIN IMMEDIATE: with the driver's
default, two processes that read and then write lose updates without any error. Within one process
writers also queue before they begin, because SQLite's own busy handling is unfair and sleeps.

On PostgreSQL they queue too, for a part of the pool. When hundreds want the same row, those who only read
(a page that fetches the answer it has just been given) would else wait for a connection behind all of them.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import orjson
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from bot.db import sqlite_in_loop

BUSY_SECONDS = 10.0
BLOCKING_MS = 50  # how long SQLite itself may wait, with the loop standing still
FIRST_PAUSE, LONGEST_PAUSE = 0.001, 0.05
STATEMENT_TIMEOUT_MS = 15_000
WRITERS = 4  # at once in one process, on PostgreSQL
QUEUE_SECONDS = 20  # how long to wait on PostgreSQL for a turn to write, and then for a connection


class Database:
    """Where transactions come from. Made once per process; close with ``await close()``."""

    def __init__(self, url: str, *, pool_size: int = 16) -> None:
        self.url = parsed = async_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        options: dict[str, Any] = {} if self.is_sqlite else _postgres_options(parsed)
        self.engine = create_async_engine(
            parsed.set(query={}) if not self.is_sqlite else parsed,
            pool_size=pool_size,
            max_overflow=0 if not self.is_sqlite else 4,
            pool_timeout=QUEUE_SECONDS,
            json_serializer=_to_json,
            json_deserializer=orjson.loads,
            query_cache_size=1000,
            hide_parameters=True,  # errors end up in logs, parameters are people's data
            **options,
        )
        self._writers = asyncio.Semaphore(1 if self.is_sqlite else WRITERS)
        self._writing = self.engine.execution_options(writes=True)
        self._bare = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _configure_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A writing transaction: commits at the end of the block, rolls back on an exception."""
        async with self._turn_to_write(), self._writing.connect() as connection:
            await self._begin(connection)
            try:
                yield connection
            except BaseException:
                await connection.rollback()
                raise
            await connection.commit()

    @asynccontextmanager
    async def _turn_to_write(self) -> AsyncIterator[None]:
        async with asyncio.timeout(None if self.is_sqlite else QUEUE_SECONDS):
            await self._writers.acquire()
        try:
            yield
        finally:
            self._writers.release()

    async def _begin(self, connection: AsyncConnection) -> None:
        """Begin; on SQLite as soon as no other process writes, with the loop free meanwhile."""
        if not self.is_sqlite:
            _ = await connection.begin()
            return
        pause, until = FIRST_PAUSE, monotonic() + BUSY_SECONDS
        while True:
            try:
                _ = await connection.begin()
            except OperationalError as error:
                if "locked" not in str(error.orig) or monotonic() > until:
                    raise
                await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - only spreads the attempts
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                return

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads; on SQLite it waits for no writer."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncConnection]:
        """For one statement that reads: without a transaction, whose beginning and end would cost as much again."""
        async with self._bare.connect() as connection:
            yield connection

    @asynccontextmanager
    async def rehearsal(self) -> AsyncIterator[Rehearsal]:
        """A stand-in for this database in which everything that is written vanishes at the end of the block."""
        async with self._turn_to_write(), self._writing.connect() as connection:
            await self._begin(connection)
            try:
                yield Rehearsal(self, connection)
            finally:
                await connection.rollback()

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()


class Rehearsal(Database):
    """Transactions inside one transaction that is never committed."""

    def __init__(self, real: Database, connection: AsyncConnection) -> None:
        self.url = real.url
        self.is_sqlite = real.is_sqlite
        self.engine = real.engine
        self._connection = connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        async with self._connection.begin_nested():
            yield self._connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        yield self._connection

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[AsyncConnection]:
        yield self._connection


def async_url(url: str) -> URL:
    """The URL with its async driver written out; understands ``postgres://`` as hosting services give it."""
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    parsed = make_url(url)
    sqlite_in_loop.register()
    driver = {"sqlite": sqlite_in_loop.DRIVER, "postgresql": "postgresql+asyncpg"}.get(parsed.get_backend_name())
    if driver is None:
        raise ValueError(f"{parsed.get_backend_name()!r} is not supported, only sqlite and postgresql are")
    return parsed.set(drivername=driver)


def _postgres_options(url: URL) -> dict[str, Any]:
    # asyncpg calls libpq's sslmode "ssl" and refuses unknown words of the query string.
    query = dict(url.query)
    ssl = query.get("sslmode") or query.get("ssl") or "prefer"
    settings = {
        "application_name": "nhipcau",
        "timezone": "UTC",
        "statement_timeout": str(STATEMENT_TIMEOUT_MS),
        "idle_in_transaction_session_timeout": "30000",
        "jit": "off",
    }
    return {"connect_args": {"ssl": ssl, "server_settings": settings, "timeout": 10}}


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"busy_timeout = {BLOCKING_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()
