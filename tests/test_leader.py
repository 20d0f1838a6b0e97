"""Of several schedulers one ticks, and another takes over when it dies."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from bot.db.engine import Database
from scheduler import leader


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_one_leads_and_another_takes_over(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leader, "PROBE_SECONDS", 0.05)
    first, second = Database(database_url, pool_size=3), Database(database_url, pool_size=3)
    leading: list[str] = []
    changed = asyncio.Event()

    async def work(name: str) -> None:
        leading.append(name)
        changed.set()
        try:
            await asyncio.Event().wait()
        finally:
            leading.remove(name)
            changed.set()

    async def somebody_leads(expected: list[str]) -> None:
        async with asyncio.timeout(30):
            while leading != expected:
                changed.clear()
                await changed.wait()

    one = asyncio.create_task(leader.lead(first, lambda: work("first")))
    await somebody_leads(["first"])
    two = asyncio.create_task(leader.lead(second, lambda: work("second")))
    # The leader's connection is cut, as when its process is killed.
    await cut_others(second)
    one.cancel()
    await asyncio.gather(one, return_exceptions=True)
    await somebody_leads(["second"])
    two.cancel()
    await asyncio.gather(two, return_exceptions=True)
    assert leading == []
    await first.close()
    await second.close()


async def cut_others(database: Database) -> None:
    """End the server process that holds the lock."""
    async with database.engine.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
                "AND objid = :lock AND pid <> pg_backend_pid()"
            ),
            {"lock": leader.LOCK},
        )


async def test_with_sqlite_the_only_process_leads(tmp_path: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/x.db")
    done = asyncio.Event()

    async def work() -> None:
        done.set()

    await leader.lead(database, work)
    assert done.is_set()
    await database.close()
