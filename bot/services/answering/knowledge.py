"""What the bot knows right now: the content files with what staff changed in the chat laid over, and the index.

Every process has its own and brings it up to date every few seconds: two cheap queries, and only when an answer
was approved a new index, built in a thread. Turns that have begun go on with what they began with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from bot.db.engine import Database
from bot.services.answering.faq import Index, build_index
from bot.services.duties import definitions
from bot.services.learning import faq_changes
from content.added import Change, with_changes
from content.added_duties import with_duties
from content.model import Content
from content.vocabulary import Words

log = structlog.get_logger(__name__)

REFRESH_SECONDS = 10


@dataclass(repr=False)  # it would be a book
class Knowledge:
    """The holder: ``content`` and ``index`` belong together.

    ``version`` says which approved answers they have, ``duties_version`` which duties that staff sent.
    """

    files: Content
    words: Words
    content: Content
    index: Index
    version: int = 0
    duties_version: int = 0

    async def refresh(self, database: Database) -> bool:
        """Take in what was changed since; whether that was anything.

        When no index can be built with the changes, the bot goes on with what it had.
        """
        async with database.reading() as connection:
            versions = (await faq_changes.version(connection), await definitions.version(connection))
            if versions == (self.version, self.duties_version):
                return False
            changes = await faq_changes.approved(connection)
            duties = await definitions.newest(connection)
        only_duties = versions[0] == self.version
        # Also a version that fails is not tried again, or the log would fill with it.
        self.version, self.duties_version = versions
        if only_duties:
            self.content = self.content.model_copy(update={"duties": _with_duties(self.files, duties).duties})
            log.info("changed duties taken in", version=self.duties_version)
            return True
        known = await asyncio.to_thread(_with_changes, self.files, self.words, changes, duties, versions)
        if known is None:
            return False
        self.content, self.index = known.content, known.index
        log.info("approved changes taken in", version=self.version)
        return True


def _of_files(files: Content, words: Words) -> Knowledge:
    """What the files alone say."""
    return Knowledge(files, words, files, build_index(files, words))


def _with_changes(
    files: Content,
    words: Words,
    changes: Sequence[Change],
    duties: Sequence[Mapping[str, Any]],
    versions: tuple[int, int],
) -> Knowledge | None:
    """The files with changes laid over; None when no index can be built with them."""
    try:
        content, misfits = with_changes(_with_duties(files, duties), changes)
        index = build_index(content, words)
    except Exception:
        log.exception("approved changes can't be taken in", version=versions[0])
        return None
    for each in misfits:
        log.warning("an approved change no longer fits", change=each.change.name, reason=each.reason)
    return Knowledge(files, words, content, index, *versions)


def _with_duties(files: Content, duties: Sequence[Mapping[str, Any]]) -> Content:
    content, misfits = with_duties(files, duties)
    for misfit in misfits:
        log.warning("a duty that staff sent no longer fits", reason=misfit)
    return content


async def current(files: Content, words: Words, database: Database) -> Knowledge:
    """What the files say with what was changed so far, as a process begins with it: one index, built once."""
    async with database.reading() as connection:
        versions = (await faq_changes.version(connection), await definitions.version(connection))
        changes = await faq_changes.approved(connection) if versions[0] else []
        duties = await definitions.newest(connection) if versions[1] else []
    known = _with_changes(files, words, changes, duties, versions) if changes or duties else None
    return known or _of_files(files, words)


async def keep_fresh(knowledge: Knowledge, database: Database) -> None:
    """Refresh for ever; a database that is away for a while changes nothing."""
    while True:
        await asyncio.sleep(REFRESH_SECONDS)
        try:
            await knowledge.refresh(database)
        except Exception:
            log.exception("approved changes could not be looked up")
