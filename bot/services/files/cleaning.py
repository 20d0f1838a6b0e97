"""What the clock removes: files that belong to nothing, and what lies on the disk without a row that knows it.

The row goes first, in a transaction; the disk is swept afterwards by what the rows say. So a process that dies in
between, or one that died between storing a file and committing its turn, leaves nothing that the next run doesn't
find. Erasing a person or deleting an application needs to remove rows only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, exists, select

from bot.db.engine import Database
from bot.db.models.applications import Draft, StoredFile
from bot.services.files.folder import SENT, UPLOADS
from bot.services.messages import received

LOOSE_FOR = timedelta(days=2)
# Until its turn is committed a new file has no row, and a list that staff are still deciding about gets none.
IN_HAND_FOR = timedelta(days=1)
BATCH = 500


async def forget_loose(database: Database, now: datetime) -> int:
    """Delete the rows of files older than two days that no application, report or draft has; returns how many."""
    in_draft = exists(select(Draft.id).where(Draft.id == StoredFile.draft_id))
    async with database.transaction() as connection:
        result = await connection.execute(
            delete(StoredFile).where(
                StoredFile.application_id.is_(None),
                StoredFile.obligation_id.is_(None),
                StoredFile.created_at < now - LOOSE_FOR,
                ~in_draft,
            )
        )
    return result.rowcount


async def sweep(database: Database, folder: Path, now: datetime) -> int:
    """Remove what lies in the folder without a row; returns how many files that were.

    What belongs to a message that is set aside stays, so that it can be processed once more.
    """
    old = await asyncio.to_thread(_older_than, folder, (now - IN_HAND_FOR).timestamp())
    removed = 0
    for start in range(0, len(old), BATCH):
        paths = old[start : start + BATCH]
        async with database.reading() as connection:
            known = set(await connection.scalars(select(StoredFile.path).where(StoredFile.path.in_(paths))))
            known |= await received.files_set_aside(connection)
        unknown = [path for path in paths if path not in known]
        await asyncio.to_thread(_remove, folder, unknown)
        removed += len(unknown)
    return removed


def _older_than(folder: Path, moment: float) -> list[str]:
    found = []
    for part in (SENT, UPLOADS):
        for path in (folder / part).rglob("*"):
            try:
                if path.is_file() and path.stat().st_mtime < moment:
                    found.append(str(path.relative_to(folder)))
            except FileNotFoundError:  # another process was faster
                continue
    return found


def _remove(folder: Path, paths: Sequence[str]) -> None:
    for path in paths:
        (folder / path).unlink(missing_ok=True)
