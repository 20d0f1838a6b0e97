"""What the bot can answer right now: the content files with the approved changes laid over, and the index over both.

Every process has its own and brings it up to date every few seconds: one cheap query, and only when something
was approved a new index, built in a thread. Turns that have begun go on with what they began with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.db.engine import Database
from bot.services.answering.faq import Index, build_index
from bot.services.learning import faq_changes
from content.added import Change, with_changes
from content.model import Content
from content.vocabulary import Words

log = structlog.get_logger(__name__)

REFRESH_SECONDS = 10


@dataclass(repr=False)  # it would be a book
class Knowledge:
    """The holder: ``content`` and ``index`` belong together, ``version`` says which changes they have."""

    files: Content
    words: Words
    content: Content
    index: Index
    version: int = 0

    async def refresh(self, database: Database) -> bool:
        """Take in what was approved since; whether that was anything.

        When no index can be built with the changes, the bot goes on with what it had.
        """
        async with database.reading() as connection:
            version = await faq_changes.version(connection)
            if version == self.version:
                return False
            changes = await faq_changes.approved(connection)
        # Also a version that fails is not tried again, or the log would fill with it.
        self.version = version
        known = await asyncio.to_thread(_with_changes, self.files, self.words, changes, version)
        if known is None:
            return False
        self.content, self.index = known.content, known.index
        log.info("approved changes taken in", version=version)
        return True


def _of_files(files: Content, words: Words) -> Knowledge:
    """What the files alone say."""
    return Knowledge(files, words, files, build_index(files, words))


def _with_changes(files: Content, words: Words, changes: Sequence[Change], version: int) -> Knowledge | None:
    """The files with changes laid over; None when no index can be built with them."""
    try:
        content, misfits = with_changes(files, changes)
        index = build_index(content, words)
    except Exception:
        log.exception("approved changes can't be taken in", version=version)
        return None
    for each in misfits:
        log.warning("an approved change no longer fits", change=each.change.name, reason=each.reason)
    return Knowledge(files, words, content, index, version)


async def current(files: Content, words: Words, database: Database) -> Knowledge:
    """What the files say with what has been approved so far, as a process begins with it: one index, built once."""
    async with database.reading() as connection:
        version = await faq_changes.version(connection)
        changes = await faq_changes.approved(connection) if version else []
    known = _with_changes(files, words, changes, version) if changes else None
    return known or _of_files(files, words)


async def keep_fresh(knowledge: Knowledge, database: Database) -> None:
    """Refresh for ever; a database that is away for a while changes nothing."""
    while True:
        await asyncio.sleep(REFRESH_SECONDS)
        try:
            await knowledge.refresh(database)
        except Exception:
            log.exception("approved changes could not be looked up")
