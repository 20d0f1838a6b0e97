"""The command line as scripts use it: real processes, what they print and how they exit."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from content.files import FOLDER

ROOT = Path(__file__).parent.parent


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def command(folder: Path, *arguments: str, given: str = "", **settings: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of ``python -m bot …`` in an empty folder."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), **settings},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, errors = await process.communicate(given.encode())
    assert process.returncode is not None
    assert "Traceback" not in errors.decode()
    return process.returncode, out.decode(), errors.decode()


async def test_ask_answers_a_line_with_a_line_and_needs_no_database(tmp_path: Path) -> None:
    questions = [
        "Mục tiêu về thiết bị xử lý nước thải là bao nhiêu?",
        "muc tieu thiet bi xu ly khi thai",
        "What share of environmental monitoring equipment should Hanoi supply?",
        "giá vé xem phim hôm nay",
        "",
        '"quotes" \\ and {braces}',
    ]
    code, out, _ = await command(tmp_path, "ask", given="\n".join(questions) + "\n")
    assert code == 0
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["question"] for row in rows] == questions
    fields = {"question", "answer", "entry", "source", "score", "abstained", "language", "suggestions"}
    assert all(set(row) == fields for row in rows)
    assert "70-80%" in rows[0]["answer"]
    assert "II.2.b" in rows[0]["source"]
    assert "70-80%" in rows[1]["answer"]
    assert rows[2]["language"] == "en"
    assert "20%" in rows[2]["answer"]
    assert rows[3]["abstained"] is True
    assert rows[3]["entry"] is None
    assert files_in(tmp_path) == []


async def test_an_agency_is_invited_and_its_reminder_is_due_on_the_day(tmp_path: Path) -> None:
    code, out, _ = await command(
        tmp_path, "invite", "--agency", "so-cong-thuong", "--uses", "3", PUBLIC_URL="https://chat.example.vn"
    )
    assert code == 0
    invited = re.search(r"^Code: +(\S+)  \(works for 3 people\)$", out, re.MULTILINE)
    assert invited is not None
    assert f"https://chat.example.vn/?start={invited[1]}" in out
    code, out, _ = await command(tmp_path, "tick", "--at", "2026-11-23T09:00+07:00", "--json")
    assert code == 0
    jobs = [row["job"] for row in json.loads(out)]
    assert jobs == ["plan obligations", *["plan event notices"] * 3], "what the plan and the sample events have ahead"
    code, rehearsed, _ = await command(tmp_path, "tick", "--at", "2026-12-07T08:30+07:00", "--dry-run", "--json")
    assert code == 0
    code, out, _ = await command(tmp_path, "tick", "--at", "2026-12-07T08:30+07:00", "--json")
    assert json.loads(out) == json.loads(rehearsed), "a rehearsal says what will happen, and changes nothing"
    code, out, _ = await command(tmp_path, "tick", "--at", "2026-12-07T08:31+07:00")
    assert out == "Nothing was due.\n"
    code, out, _ = await command(tmp_path, "deliver", "--drain")
    assert code == 0


@pytest.mark.parametrize(
    "arguments,sentence",
    [
        (("invite",), "name either --role or --agency"),
        (("invite", "--role", "admin", "--agency", "so-cong-thuong", "--as", "head"), "--as goes with --agency alone"),
        (("invite", "--role", "operator", "--agency", "no-such"), "there is no agency 'no-such'"),
        (("invite", "--agency", "no-such"), "there is no agency 'no-such'"),
        (("invite", "--role", "viewer", "--uses", "2"), "--uses goes with --agency alone"),
        (("invite", "--role", "king"), "king"),
        (("tick", "--at", "yesterday"), "is no ISO time"),
        (("replay", "ABC"), "no message is set aside under ABC"),
        (("restore", "none.zip"), "none.zip"),
        (("nonsense",), "nonsense"),
    ],
)
async def test_a_mistake_gets_a_sentence_and_a_failing_exit(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    code, _, errors = await command(tmp_path, *arguments)
    assert code != 0
    assert sentence in errors


async def test_an_officer_of_an_agency_is_invited(tmp_path: Path) -> None:
    code, out, _ = await command(tmp_path, "invite", "--role", "operator", "--agency", "so-xay-dung")
    assert code == 0
    assert re.search(r"^Code: +(\S+)$", out, re.MULTILINE)


async def test_settings_that_cannot_be_used_are_named_together(tmp_path: Path) -> None:
    code, out, errors = await command(tmp_path, "check", PORT="x", TIMEZONE="Mars")
    assert code == 1
    assert "PORT" in out
    assert "TIMEZONE" in out
    code, out, errors = await command(tmp_path, "run", PORT="x", TIMEZONE="Mars")
    assert code == 1
    assert "PORT" in errors
    assert "TIMEZONE" in errors


async def test_check_is_content_with_what_is_shipped(tmp_path: Path) -> None:
    assert (await command(tmp_path, "check"))[0] == 0


async def test_what_editors_approved_becomes_content_files(tmp_path: Path) -> None:
    code, out, _ = await command(tmp_path, "faq", "list")
    assert (code, out) == (0, "Every question has an answer.\n")
    folder = tmp_path / "content"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__", "locales"))
    now = "2026-11-23 02:00:00.000000"
    with closing(sqlite3.connect(tmp_path / "var" / "nhipcau.db")) as database:
        database.execute(
            "INSERT INTO question (token, asked_at, language, text, outcome, score) "
            "VALUES ('t', ?, 'vi', ?, 'unknown', 0)",
            (now, "Nên dùng phân gì?"),
        )
        database.execute(
            "INSERT INTO faq_change (kind, entry_id, language, content, status, created_at, decided_at) "
            "VALUES ('phrasing', 'plan-signer', 'vi', ?, 'approved', ?, ?)",
            (json.dumps({"phrasing": "kế hoạch này mang chữ ký của vị nào"}), now, now),
        )
        database.commit()
    code, out, _ = await command(tmp_path, "faq", "list", "--json")
    assert [(row["question"], row["count"], row["language"]) for row in json.loads(out)] == [
        ("Nên dùng phân gì?", 1, "vi")
    ]
    assert (await command(tmp_path, "faq", "list"))[1] == "    1  vi  Nên dùng phân gì?\n"

    code, out, errors = await command(tmp_path, "faq", "export", "--to", "content")
    assert (code, errors) == (0, "")
    (line, _) = out.splitlines()
    written = re.fullmatch(r"content/(faq/\w+\.yaml):(\d+): phrasing of plan-signer", line)
    assert written is not None
    new = (folder / written[1]).read_text(encoding="utf-8").split("\n")[int(written[2]) - 1]
    assert new == '        - "kế hoạch này mang chữ ký của vị nào"'
    code, out, _ = await command(tmp_path, "faq", "export", "--to", "content")
    assert (code, out) == (0, "Everything approved is in the files.\n")


async def test_a_backup_comes_back(tmp_path: Path) -> None:
    assert (await command(tmp_path, "failed"))[1] == "No message is set aside.\n"  # which makes the database
    await command(tmp_path, "invite", "--role", "viewer")
    code, out, _ = await command(tmp_path, "backup", "copy.zip")
    assert code == 0
    assert "bytes" in out
    code, out, _ = await command(tmp_path, "restore", "copy.zip")
    assert code == 0
    assert (tmp_path / "var" / "nhipcau.db.before-restore").exists()


async def test_a_server_database_that_is_behind_is_refused(tmp_path: Path, postgres_server: str) -> None:
    for process in ("web", "worker", "scheduler"):
        code, _, errors = await command(tmp_path, process, DATABASE_URL=postgres_server, SECRET_KEY="k" * 32)
        assert code == 1
        assert "python -m bot migrate" in errors


def test_nothing_is_loaded_at_the_start_that_only_some_replies_need() -> None:
    """Spreadsheets alone would cost 25 MB and a fifth of a second."""
    heavy = ("PIL", "aiosmtplib", "docx", "holidays", "icalendar", "openpyxl", "xlsxwriter")
    loaded = f"import sys, bot.processes; print(*(name for name in {heavy} if name in sys.modules))"
    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == ""
