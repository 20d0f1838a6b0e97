"""Bringing the schema up to date, and telling whether it is. Alembic is configured here, not in a file.

Alembic is imported only where a migration runs: a process that merely starts asks one query.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from bot.db.engine import Database

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
ONE_AT_A_TIME = 5_050_202_6  # any number, the same in every process


async def migrate(database: Database) -> None:
    """Upgrade to the newest schema. Two processes at once: the second waits and finds nothing to do."""
    async with database.transaction() as connection:
        await connection.run_sync(upgrade)


async def is_current(database: Database) -> bool:
    """Whether the database has exactly the schema that this program was written for."""
    try:
        async with database.reading() as connection:
            found = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        return False
    return bool(found == newest_revision())


async def is_empty(database: Database) -> bool:
    """Whether there is nothing in the database yet."""
    async with database.reading() as connection:
        return not await connection.run_sync(lambda sync: inspect(sync).get_table_names())


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Upgrade over an open connection, inside its transaction."""
    from alembic import command

    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        connection.execute(text("SET LOCAL statement_timeout = '10min'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_AT_A_TIME})
    command.upgrade(config(connection), revision)


def config(connection: Connection) -> Config:
    """Alembic's configuration for commands over a connection."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.set_main_option("path_separator", "os")
    settings.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    settings.attributes["connection"] = connection
    return settings


def newest_revision() -> str:
    """The revision that no other builds on, read from the files without importing Alembic."""
    revisions: set[str] = set()
    built_on: set[str] = set()
    for path in (FOLDER / "versions").glob("*.py"):
        written = path.read_text(encoding="utf-8")
        revisions.update(re.findall(r'^revision = "(\w+)"', written, re.MULTILINE))
        built_on.update(re.findall(r'^down_revision = "(\w+)"', written, re.MULTILINE))
    (newest,) = revisions - built_on
    return newest
