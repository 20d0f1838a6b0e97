"""The schema: from nothing to the newest, the same as the models, by one process at a time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot.db import models
from bot.db.engine import Database
from bot.db.migrate import is_current, migrate, newest_revision
from bot.db.types import Base


async def test_the_migrations_make_exactly_what_the_models_describe(database: Database) -> None:
    assert models.Contact.__tablename__ in Base.metadata.tables

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []
    assert await is_current(database)


async def test_an_empty_database_is_behind_and_two_may_upgrade_it_at_once(tmp_path: Path) -> None:
    first, second = (Database(f"sqlite:///{tmp_path}/new.db") for _ in range(2))
    assert not await is_current(first)
    await asyncio.gather(migrate(first), migrate(second))
    assert await is_current(first)
    await first.close()
    await second.close()


async def test_a_newer_schema_is_not_ours(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    assert not await is_current(database)


async def test_updates_are_never_lost_between_processes(database_url: str) -> None:
    """The default mode of the SQLite driver loses two thirds of these without any error."""
    databases = [Database(database_url) for _ in range(4)]

    async def count_up(database: Database) -> None:
        for _ in range(25):
            async with database.transaction() as connection:
                lock = "" if database.is_sqlite else " FOR UPDATE"
                seen = await connection.scalar(
                    text(f"SELECT last_seq FROM address WHERE external_id = 'counter'{lock}")  # noqa: S608
                )
                await connection.execute(
                    text("UPDATE address SET last_seq = :next WHERE external_id = 'counter'"), {"next": (seen or 0) + 1}
                )

    async with databases[0].transaction() as connection:
        await connection.execute(
            text("INSERT INTO contact (id, language, name, created_at) VALUES (1, 'vi', '', CURRENT_TIMESTAMP)")
        )
        await connection.execute(
            text(
                "INSERT INTO address (id, contact_id, channel, external_id, created_at) "
                "VALUES (1, 1, 'telegram', 'counter', CURRENT_TIMESTAMP)"
            )
        )
    await asyncio.gather(*(count_up(database) for database in databases))
    async with databases[0].reading() as connection:
        assert await connection.scalar(text("SELECT last_seq FROM address")) == 100
    for database in databases:
        await database.close()


async def test_a_rehearsal_leaves_nothing_behind(database: Database) -> None:
    async with database.rehearsal() as rehearsal:
        async with rehearsal.transaction() as connection:
            await connection.execute(text("DELETE FROM agency"))
        async with rehearsal.reading() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM agency")) == 0
    async with database.reading() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM agency")) == 134


@pytest.mark.parametrize(
    "given,driver",
    [
        ("postgres://u:p@h/d?sslmode=require", "postgresql+asyncpg"),
        ("postgresql://u:p@h/d", "postgresql+asyncpg"),
        ("sqlite:///x.db", "sqlite+in_loop"),
    ],
)
def test_urls_as_hosting_services_give_them(given: str, driver: str) -> None:
    from bot.db.engine import async_url

    assert async_url(given).drivername == driver


def test_there_is_one_newest_revision() -> None:
    assert newest_revision()
