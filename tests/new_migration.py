"""Begins a migration with what the models ask for beyond the ones so far: ``python -m tests.new_migration "Message"``.

The message becomes the file's name. What is written is a proposal: read it, since Alembic sees neither a
renaming nor what should become of rows that are there already.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from alembic import command
from alembic.script import Script
from sqlalchemy.engine import Connection

from bot.db.engine import Database
from bot.db.migrate import config, upgrade


async def written(message: str) -> Path | None:
    """The new file under bot/db/migrations/versions; None when the models ask for nothing new."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.db")
        try:
            async with database.transaction() as connection:
                await connection.run_sync(upgrade)
                return await connection.run_sync(_compare, message)
        finally:
            await database.close()


def _compare(connection: Connection, message: str) -> Path | None:
    revision = command.revision(
        config(connection), message, autogenerate=True, process_revision_directives=_nothing_for_nothing
    )
    if not isinstance(revision, Script):
        return None
    path = Path(revision.path)
    # What is left for ruff to complain of, such as a long literal, is for whoever reads the proposal.
    for step in (("format", "--quiet"), ("check", "--fix", "--quiet", "--exit-zero"), ("format", "--quiet")):
        subprocess.run([sys.executable, "-m", "ruff", *step, path], check=True)
    return path


def _nothing_for_nothing(_context: Any, _revision: Any, directives: list[Any]) -> None:
    if directives[0].upgrade_ops.is_empty():
        directives.clear()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.new_migration")
    parser.add_argument("message", help="what it does, as a sentence such as “Add the language of an agency”")
    path = asyncio.run(written(parser.parse_args().message))
    print(path or "The migrations have everything that the models ask for: nothing to write.")


if __name__ == "__main__":
    main()
