"""A file on its way into a turn: fetched from its channel, checked, stored, all before the turn's transaction.

What goes wrong on the way becomes the file's ``problem``, so that the message itself is acted on in any case.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog
from sqlalchemy.exc import DBAPIError

from bot.db.engine import Database
from bot.errors import FileNotFetched, FileTooLarge
from bot.messages import LARGEST_FILE, Incoming, IncomingFile, Kind, Person
from bot.services.files import folder
from bot.services.files.checking import Rejected, check
from bot.services.files.file_names import cleaned
from bot.services.files.kinds import MEDIA_TYPES, FileProblem
from bot.services.messages import received
from bot.services.people import contacts

log = structlog.get_logger(__name__)

FETCH_SECONDS = 20
# Each holds a file in memory; images take far more than that while they are made anew.
FILES_AT_ONCE = 8
CHECKS_AT_ONCE = 2

Fetch = Callable[[IncomingFile, int], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class FileIntake:
    """Takes files into ``folder``; ``fetch`` gets the content of a file, by the name of its channel."""

    folder: Path
    fetch: Mapping[str, Fetch]
    seconds: float = FETCH_SECONDS
    _files: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(FILES_AT_ONCE))
    _checks: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CHECKS_AT_ONCE))

    async def take_in(self, database: Database, incoming: Incoming) -> Incoming:
        """The message with its file stored, or with what is wrong with it.

        Unchanged when it has no file, was acted on before, or when its sender is in the middle of nothing: then
        the file is not even fetched.
        """
        file = incoming.file
        if incoming.kind is not Kind.FILE or file is None:
            return incoming
        if file.path and folder.path_of(self.folder, file.path).is_file():  # set aside earlier, and now replayed
            return incoming
        sender = await _who_waits(database, incoming)
        if sender is None:
            return replace(incoming, file=replace(file, name=cleaned(file.name)))
        async with self._files:
            taken = await self._taken(incoming.channel, file, imports=sender.role is not None)
        return replace(incoming, file=taken)

    async def _taken(self, channel: str, file: IncomingFile, *, imports: bool) -> IncomingFile:
        named = replace(file, name=cleaned(file.name), path="", problem="", found="")
        if file.size > LARGEST_FILE:
            return replace(named, problem=FileProblem.TOO_LARGE.value)
        try:
            async with asyncio.timeout(self.seconds):
                content = await self.fetch[channel](file, LARGEST_FILE)
        except FileTooLarge:
            return replace(named, problem=FileProblem.TOO_LARGE.value)
        except (FileNotFetched, TimeoutError) as error:
            log.warning("file not fetched", channel=channel, error=type(error).__name__, reason=str(error))
            return replace(named, problem=FileProblem.NOT_FETCHED.value)
        async with self._checks:
            checked = await asyncio.to_thread(check, content, file.name, imports=imports)
        if isinstance(checked, Rejected):
            return replace(named, problem=checked.problem.value, found=checked.found.value)
        try:
            path = await asyncio.to_thread(folder.store, self.folder, checked.content, checked.kind.value)
        except OSError as error:
            log.error("file not stored", error=type(error).__name__, reason=error.strerror)  # noqa: TRY400
            return replace(named, problem=FileProblem.NOT_KEPT.value)
        kind = checked.kind
        return IncomingFile(
            checked.name, MEDIA_TYPES[kind], len(checked.content), file.reference, path, found=kind.value
        )


async def _who_waits(database: Database, incoming: Incoming) -> Person | None:
    """The sender, if they are in the middle of something and this message was never acted on."""
    try:
        return await _look(database, incoming)
    except DBAPIError as error:
        # A pooled connection died while idle (the database restarted): nothing was done yet.
        if not error.connection_invalidated:
            raise
        return await _look(database, incoming)


async def _look(database: Database, incoming: Incoming) -> Person | None:
    async with database.reading() as connection:
        if await received.was_seen(connection, incoming):
            return None
        person = await contacts.find(connection, incoming.channel, incoming.sender)
    return person if person is not None and person.dialog is not None else None
