"""Files that the program makes for one member of staff: stored, and forgotten like all that belongs to nothing."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Attachment, IncomingFile, Person
from bot.services.files import files, folder
from bot.services.files.kinds import MEDIA_TYPES, Found


async def keep(
    connection: AsyncConnection,
    person: Person,
    place: Path,
    content: bytes,
    *,
    name: str,
    kind: Found,
    now: datetime,
) -> Attachment:
    """Store a file in the folder ``place`` for somebody to get with a reply. Raises OSError when the disk refuses."""
    path = await asyncio.to_thread(folder.store, place, content, kind.value)
    file = IncomingFile(f"{name}.{kind.value}", MEDIA_TYPES[kind], len(content), "", path)
    await files.keep(connection, person, file, now=now)
    return Attachment(file.name, file.media_type, path)
