"""A consistent copy of an embedded installation in one file, taken while it runs, and the way back."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

DATABASE, KEY, FILES = "nhipcau.db", "secret_key", "files"


class BackupError(Exception):
    """The copy can't be made or used; the text says why."""


def back_up(database: Path, home: Path, target: Path) -> int:
    """Copy database, key and stored files into ``target``; returns its size in bytes.

    The target appears only when it is complete. VACUUM INTO sees one moment of the database,
    however much is written meanwhile; copying the file would miss the write-ahead log.
    """
    if not database.exists():
        raise BackupError(f"there is no database at {database}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        copy = Path(folder) / DATABASE
        connection = sqlite3.connect(database, timeout=30)
        try:
            connection.execute("VACUUM INTO ?", (str(copy),))
        finally:
            connection.close()
        _check(copy)
        packed = Path(folder) / "backup.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(copy, DATABASE)
            if (home / KEY).exists():
                archive.write(home / KEY, KEY)
            for path in sorted((home / FILES).rglob("*")):
                if path.is_file():
                    with suppress(FileNotFoundError):  # an upload whose request has just ended
                        archive.write(path, str(path.relative_to(home)))
        packed.chmod(0o600)
        packed.replace(target)
    return target.stat().st_size


def restore(source: Path, database: Path, home: Path) -> None:
    """Put a backup in the place of the present data, which is kept beside it under ``….before-restore``.

    The caller makes sure that nothing is running. Nothing is touched before the backup proved whole.
    """
    if not source.exists():
        raise BackupError(f"there is no file {source}")
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        unpacked = Path(folder)
        try:
            with zipfile.ZipFile(source) as archive:
                names = archive.namelist()
                if DATABASE not in names:
                    raise BackupError(f"{source} is no backup of this program")
                for name in names:
                    inside = (unpacked / name).resolve()
                    if not inside.is_relative_to(unpacked.resolve()):
                        raise BackupError(f"{source} holds a path that leads outside: {name}")
                archive.extractall(unpacked)
                _close_to_others(unpacked)
        except zipfile.BadZipFile as error:
            raise BackupError(f"{source} is damaged or no backup: {error}") from None
        _check(unpacked / DATABASE)
        for leftover in (Path(f"{database}-wal"), Path(f"{database}-shm")):
            if leftover.exists():
                _checkpoint(database)
                leftover.unlink(missing_ok=True)
        _swap(unpacked / DATABASE, database)
        for name in (KEY, FILES):
            if (unpacked / name).exists():
                _swap(unpacked / name, home / name)


def _close_to_others(folder: Path) -> None:
    """Unpacking gives everybody the right to read; what is kept here is for the program only."""
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _swap(new: Path, place: Path) -> None:
    if place.exists():
        kept = place.with_name(f"{place.name}.before-restore")
        if kept.is_dir():
            shutil.rmtree(kept)
        place.replace(kept)
    new.replace(place)


def _checkpoint(database: Path) -> None:
    connection = sqlite3.connect(database)
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _check(database: Path) -> None:
    connection = sqlite3.connect(database)
    try:
        (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"the database in the backup is damaged: {error}") from None
    finally:
        connection.close()
    if answer != "ok":
        raise BackupError(f"the database in the backup is damaged: {answer}")
