"""SQLite without threads: the standard library's driver, called where it is used.

A statement of ours on an embedded database takes some tens of microseconds, handing it to a thread and
back several times that, and a turn makes a dozen such calls, all of which wait for one another. The one
thing that can take long, waiting for another process that writes, is done by ``bot.db.engine`` with
the loop free.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Self

from sqlalchemy import URL, Pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import AsyncAdaptedQueuePool
from sqlalchemy.util import await_only

DRIVER = "sqlite+in_loop"


async def _at_once() -> None:
    """SQLAlchemy's asyncio layer takes a statement that awaits nothing for a driver that can't be async."""


class _Cursor(sqlite3.Cursor):
    """Reads all rows at once, so that no statement is still open when its transaction commits."""

    _rows: list[Any]

    def execute(self, sql: str, parameters: Any = (), /) -> Self:
        await_only(_at_once())
        super().execute(sql, parameters)
        self._rows = super().fetchall()[::-1] if self.description else []
        return self

    def executemany(self, sql: str, parameters: Any, /) -> Self:
        await_only(_at_once())
        super().executemany(sql, parameters)
        self._rows = []
        return self

    def fetchone(self) -> Any:
        return self._rows.pop() if self._rows else None

    def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows[::-1], []
        return rows

    def fetchmany(self, size: int | None = None) -> list[Any]:
        count = min(len(self._rows), size or self.arraysize)
        return [self._rows.pop() for _ in range(count)]

    async def _async_soft_close(self) -> None:
        """What SQLAlchemy calls once it has a result: there is nothing left to close."""


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


class SqliteInLoop(SQLiteDialect_pysqlite):
    """The ordinary SQLite dialect, declared fit for an async engine."""

    driver = "in_loop"
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:  # noqa: ARG003 - the dialect's interface
        return AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> Any:
        arguments, options = super().create_connect_args(url)
        return arguments, {**options, "factory": _Connection, "check_same_thread": False}


def register() -> None:
    """Let URLs name this driver."""
    registry.register("sqlite.in_loop", __name__, SqliteInLoop.__name__)
