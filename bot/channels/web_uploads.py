"""Files on their way from the page into a turn: on disk, so that many at once don't fill the memory."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from aiohttp import BodyPartReader

from bot.errors import FileNotFetched, FileTooLarge
from bot.messages import IncomingFile

CHUNK = 256 * 1024
REFERENCE = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Uploads:
    """The folder for them. Each is dropped when its request ends; what a killed process left, the clock removes."""

    folder: Path

    async def take(self, part: BodyPartReader, most: int) -> tuple[str, int]:
        """Read a file of at most ``most`` bytes to its end; returns (reference, size). FileTooLarge for more."""
        reference, size = secrets.token_hex(16), 0
        file = await asyncio.to_thread(self._create, reference)
        try:
            while chunk := await part.read_chunk(CHUNK):
                size += len(chunk)
                if size > most:
                    raise FileTooLarge
                await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread(file.close)
        except BaseException:
            file.close()
            (self.folder / reference).unlink(missing_ok=True)
            raise
        return reference, size

    async def read(self, reference: str, most: int) -> bytes:
        """The content of an upload. Raises FileNotFetched when it is not there any more."""
        if not REFERENCE.fullmatch(reference):
            raise FileNotFetched("no upload of this page")
        try:
            content = await asyncio.to_thread((self.folder / reference).read_bytes)
        except OSError as error:
            raise FileNotFetched(error.strerror or type(error).__name__) from None
        if len(content) > most:
            raise FileTooLarge
        return content

    async def drop(self, file: IncomingFile | None) -> None:
        """Remove an upload; nothing happens where there is none."""
        if file is not None:
            await asyncio.to_thread((self.folder / file.reference).unlink, missing_ok=True)

    def _create(self, reference: str) -> BinaryIO:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.folder / reference, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        return os.fdopen(descriptor, "wb")
