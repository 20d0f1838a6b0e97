"""The folder of stored files, outside the web root: random names, readable by the program's own user only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

# What people sent, apart from what the program makes itself and keeps in the same folder.
SENT = "sent"
# Uploads of the web page on their way into a turn; each is gone when its request ends.
UPLOADS = "uploads"
UNFINISHED = ".part"
_DIRECTORY = 0o700
_FILE = 0o600


def store(folder: Path, content: bytes, ending: str) -> str:
    """Write a file under a new random name; returns its path inside ``folder``. It is there wholly or not at all.

    Blocks while the disk works: call it in a thread. Raises OSError.
    """
    name = secrets.token_hex(16)
    relative = f"{SENT}/{name[:2]}/{name}.{ending}"
    place = folder / relative
    place.parent.mkdir(parents=True, exist_ok=True, mode=_DIRECTORY)
    unfinished = place.with_name(place.name + UNFINISHED)
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(place)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    _sync(place.parent)
    return relative


def path_of(folder: Path, relative: str) -> Path:
    """Where a stored file lies. Raises ValueError for a path that leads outside of the folder."""
    path = (folder / relative).resolve()
    if not relative or not path.is_relative_to(folder.resolve()):
        raise ValueError("the path leads outside of the folder of stored files")
    return path


def _sync(directory: Path) -> None:
    """Make the new name in a directory survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
