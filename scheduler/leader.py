"""Of several scheduler processes one ticks: the one that holds an advisory lock of PostgreSQL.

Being the leader only saves work. What keeps things from happening twice is unique in the database,
so a leader that is frozen or cut off does no harm when it comes back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.db.engine import Database

log = structlog.get_logger(__name__)

LOCK = 5_050_202_7
PROBE_SECONDS = 3.0


async def lead(database: Database, work: Callable[[], Awaitable[None]]) -> None:
    """Run ``work`` for as long as this process is the leader, again and again; never returns.

    With SQLite there is one process, which always leads.
    """
    if database.is_sqlite:
        await work()
        return
    while True:
        try:
            await _lead_once(database, work)
        except (SQLAlchemyError, OSError):
            log.warning("the scheduler lost its database connection, standing back")
        await asyncio.sleep(PROBE_SECONDS)


async def _lead_once(database: Database, work: Callable[[], Awaitable[None]]) -> None:
    async with database.engine.connect() as opened:
        connection = await opened.execution_options(isolation_level="AUTOCOMMIT")
        if not await connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
            return
        log.info("this process leads the scheduler")
        working = asyncio.ensure_future(work())
        try:
            while not working.done():
                await asyncio.wait([working], timeout=PROBE_SECONDS)
                await connection.execute(text("SELECT 1"))
            await working
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            # Closing it gives the lock back, also where the connection no longer answers.
            await connection.invalidate()
