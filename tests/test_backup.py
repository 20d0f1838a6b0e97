"""Backup while somebody writes, and restore: nothing committed before the backup is missing."""

from __future__ import annotations

import sqlite3
import stat
import zipfile
from pathlib import Path

import pytest

from bot.backup import BackupError, back_up, restore


def rows(database: Path) -> int:
    connection = sqlite3.connect(database)
    try:
        return int(connection.execute("SELECT count(*) FROM line").fetchone()[0])
    finally:
        connection.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "secret_key").write_text("k" * 40)
    (folder / "files" / "a").mkdir(parents=True)
    (folder / "files" / "a" / "b.pdf").write_bytes(b"%PDF")
    connection = sqlite3.connect(folder / "nhipcau.db")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE line (x)")
    connection.executemany("INSERT INTO line VALUES (?)", [(n,) for n in range(1000)])
    connection.commit()
    connection.close()
    return folder


def test_the_log_beside_the_database_is_in_the_copy(home: Path, tmp_path: Path) -> None:
    writer = sqlite3.connect(home / "nhipcau.db")
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    writer.execute("INSERT INTO line VALUES (1000)")
    writer.commit()
    back_up(home / "nhipcau.db", home, tmp_path / "copy.zip")
    writer.execute("INSERT INTO line VALUES (1001)")
    writer.commit()
    writer.close()

    restore(tmp_path / "copy.zip", home / "nhipcau.db", home)
    assert rows(home / "nhipcau.db") == 1001
    assert rows(home / "nhipcau.db.before-restore") == 1002
    assert (home / "files" / "a" / "b.pdf").read_bytes() == b"%PDF"


def test_a_restore_on_an_empty_machine(home: Path, tmp_path: Path) -> None:
    back_up(home / "nhipcau.db", home, tmp_path / "copy.zip")
    empty = tmp_path / "elsewhere"
    restore(tmp_path / "copy.zip", empty / "nhipcau.db", empty)
    assert rows(empty / "nhipcau.db") == 1000
    assert (empty / "secret_key").read_text() == "k" * 40
    for private in (empty / "secret_key", empty / "nhipcau.db", empty / "files" / "a" / "b.pdf"):
        assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert stat.S_IMODE((empty / "files" / "a").stat().st_mode) == 0o700


def test_an_upload_that_ends_meanwhile(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = home / "files" / "uploads" / "x"
    upload.parent.mkdir()
    upload.write_bytes(b"half")
    write = zipfile.ZipFile.write

    def ends_first(archive: zipfile.ZipFile, path: Path, name: str) -> None:
        upload.unlink(missing_ok=True)
        write(archive, path, name)

    monkeypatch.setattr(zipfile.ZipFile, "write", ends_first)
    back_up(home / "nhipcau.db", home, tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        assert "files/a/b.pdf" in archive.namelist()
        assert "files/uploads/x" not in archive.namelist()


def test_a_damaged_backup_changes_nothing(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.zip"
    back_up(home / "nhipcau.db", home, copy)
    copy.write_bytes(copy.read_bytes()[:500])
    with pytest.raises(BackupError):
        restore(copy, home / "nhipcau.db", home)
    assert rows(home / "nhipcau.db") == 1000


def test_a_path_that_leads_outside_is_refused(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.zip"
    back_up(home / "nhipcau.db", home, copy)
    with zipfile.ZipFile(copy, "a") as archive:
        archive.writestr("../../evil", "x")
    with pytest.raises(BackupError, match="outside"):
        restore(copy, home / "nhipcau.db", home)


def test_no_database_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no database"):
        back_up(tmp_path / "none.db", tmp_path, tmp_path / "copy.zip")
