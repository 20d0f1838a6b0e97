"""INSERT … ON CONFLICT, which PostgreSQL and SQLite both have and SQLAlchemy keeps in their dialects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.types import Base

Insert = postgresql.Insert | sqlite.Insert


def for_both(table: type[Base], finished: Callable[[Insert], Any]) -> Mapping[str, Any]:
    """The same INSERT for either database, by the name of its dialect.

    Made once, for what is done often: building a statement anew takes longer than running it.
    """
    return {"postgresql": finished(postgresql.insert(table)), "sqlite": finished(sqlite.insert(table))}


def insert_for(connection: AsyncConnection, table: type[Base]) -> Insert:
    """An INSERT whose ``on_conflict_do_…`` methods work on the connection's database."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def insert_or_ignore(connection: AsyncConnection, table: type[Base]) -> Insert:
    """An INSERT that leaves a row with the same key as it is; RETURNING then yields nothing."""
    return insert_for(connection, table).on_conflict_do_nothing()
