"""Transactions of one process that want to write wait for each other in order, and nobody who reads waits for them."""

from __future__ import annotations

import asyncio

from sqlalchemy import literal, select

from bot.db.engine import Database

WRITERS = 40


async def test_who_reads_does_not_wait_behind_many_who_want_to_write(database: Database) -> None:
    go_on = asyncio.Event()
    written = []

    async def write(number: int) -> None:
        async with database.transaction() as connection:
            await connection.execute(select(literal(number)))
            await go_on.wait()
            written.append(number)

    async with asyncio.TaskGroup() as writers:
        for number in range(WRITERS):
            writers.create_task(write(number))
        await asyncio.sleep(0.1)  # until as many have begun as may
        async with asyncio.timeout(20), database.glance() as connection:
            assert await connection.scalar(select(literal("read"))) == "read"
        assert not written
        go_on.set()
    assert sorted(written) == list(range(WRITERS))
