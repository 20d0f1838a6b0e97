"""A file on its way into a turn and afterwards: fetched only when wanted, kept once, removed when nothing has it."""

from __future__ import annotations

import asyncio
import os
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import delete, func, insert, select

from bot.db.models.applications import Draft, StoredFile
from bot.db.models.messages import ReceivedMessage
from bot.db.models.offerings import Offering
from bot.messages import Role
from bot.services.files import cleaning, files, folder
from bot.services.messages import received
from bot.services.people import contacts
from tests import sample_files as samples
from tests.asking_for_files import DRAFT, asks_for_a_file
from tests.chat import PersonInTown, Town


@pytest.fixture
def waiting(town: Town) -> PersonInTown:
    """Somebody whose bot knows one conversation that takes files."""
    town.conversation = replace(town.conversation, replies_to=asks_for_a_file)
    return town.person("Nguyễn Văn An")


async def is_asked(an: PersonInTown) -> None:
    await an.says("begin")
    an.reads("your file?")


def on_disk(town: Town) -> list[str]:
    return sorted(str(path.relative_to(town.files)) for path in town.files.rglob("*") if path.is_file())


async def rows(town: Town) -> list[StoredFile]:
    async with town.database.reading() as connection:
        return list(await connection.execute(select(StoredFile.__table__).order_by(StoredFile.id)))  # type: ignore[arg-type]


async def test_a_file_is_kept_with_its_row(town: Town, waiting: PersonInTown) -> None:
    await is_asked(waiting)
    await waiting.sends_file("../Kế hoạch \u202e2027.pdf", samples.PDF)
    waiting.reads("kept 1: Kế hoạch 2027.pdf, 1 KB, application/pdf")
    (row,) = await rows(town)
    assert on_disk(town) == [row.path]
    stored = town.files / row.path
    assert stored.read_bytes() == samples.PDF
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert stat.S_IMODE(stored.parent.stat().st_mode) == 0o700
    assert (row.name, row.size, row.field, row.draft_id) == ("Kế hoạch 2027.pdf", len(samples.PDF), "plan", DRAFT)


async def test_what_is_wrong_is_said_and_another_file_may_follow(town: Town, waiting: PersonInTown) -> None:
    await is_asked(waiting)
    await waiting.sends_file("a.pdf", samples.docx())
    waiting.reads("Tệp «a.pdf» tự xưng là PDF nhưng thực ra là tệp Word (DOCX).")
    await waiting.sends_file("a.pdf", samples.PDF)
    waiting.reads("kept 1")


async def test_in_english(town: Town, waiting: PersonInTown) -> None:
    bob = town.person("Bob", language="en")
    await is_asked(bob)
    await bob.sends_file("a.csv", b"a,b")
    bob.reads("The file «a.csv» is plain text. Accepted are PDF, Word (DOCX)")
    await bob.sends_file("a.heic", samples.HEIC)
    bob.reads("Settings › Camera › Formats › Most Compatible")


async def test_who_is_in_the_middle_of_nothing_is_told_without_a_download(town: Town, waiting: PersonInTown) -> None:
    await is_asked(waiting)
    await waiting.says("/cancel")
    waiting.reads("left")
    await waiting.sends_file("a.pdf", samples.PDF)
    waiting.reads("Lúc này hệ thống chưa cần tệp.")
    assert town.channel.fetched == []
    assert on_disk(town) == []


async def test_a_repeated_message_is_not_fetched_again(town: Town, waiting: PersonInTown) -> None:
    await is_asked(waiting)
    await waiting.sends_file("a.pdf", samples.PDF)
    waiting.reads("kept 1")
    await waiting.repeats()
    assert len(town.channel.fetched) == 1
    assert len(on_disk(town)) == 1


async def test_a_file_too_large_by_its_own_word_is_not_fetched(town: Town, waiting: PersonInTown) -> None:
    await is_asked(waiting)
    await waiting.sends_file("a.pdf", samples.PDF.ljust(12 * 1024 * 1024))
    waiting.reads("Tệp «a.pdf» nặng 12 MB, vượt quá giới hạn 10 MB.")
    assert town.channel.fetched == []


async def test_a_file_that_is_larger_than_it_said_is_refused_while_fetching(town: Town, waiting: PersonInTown) -> None:
    await is_asked(waiting)
    await waiting.sends_file("a.pdf", samples.PDF.ljust(12 * 1024 * 1024), announced=100)
    waiting.reads("Tệp «a.pdf» vượt quá giới hạn 10 MB.")
    assert on_disk(town) == []


async def test_a_file_that_can_not_be_fetched_is_asked_for_again(town: Town, waiting: PersonInTown) -> None:
    await is_asked(waiting)
    town.channel.files_are_gone = True
    await waiting.sends_file("a.pdf", samples.PDF)
    waiting.reads("Hệ thống chưa tải được tệp. Mời Anh/Chị gửi lại.")
    town.channel.files_are_gone = False
    await waiting.sends_file("a.pdf", samples.PDF)
    waiting.reads("kept 1")


async def test_a_channel_that_never_answers_keeps_nobody_waiting(town: Town, waiting: PersonInTown) -> None:
    async def never(file: object, most: int) -> bytes:
        await asyncio.Event().wait()
        raise AssertionError

    await is_asked(waiting)
    intake = replace(town.conversation.files, fetch={"telegram": never}, seconds=0.01)
    town.conversation = replace(town.conversation, files=intake)
    await waiting.sends_file("a.pdf", samples.PDF)
    waiting.reads("Hệ thống chưa tải được tệp.")


async def test_a_full_disk_loses_no_message(town: Town, waiting: PersonInTown, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object) -> str:
        raise OSError(28, "No space left on device")

    await is_asked(waiting)
    monkeypatch.setattr(folder, "store", full)
    await waiting.sends_file("a.pdf", samples.PDF)
    waiting.reads("chưa lưu được tệp")


async def test_staff_may_send_lists(town: Town, waiting: PersonInTown) -> None:
    await is_asked(waiting)
    async with town.database.transaction() as connection:
        person = await contacts.find(connection, "telegram", waiting.external_id)
        assert person
        await contacts.set_role(connection, person.contact_id, Role.OPERATOR)
    await waiting.sends_file("danh sách.csv", "tên;số\n".encode("utf-16"))
    waiting.reads("kept 1: danh sách.csv, 1 KB, text/csv")
    (row,) = await rows(town)
    assert files.path_of(town.files, row.path).read_text("utf-8") == "tên;số\n"


async def test_an_answer_takes_the_place_of_the_one_before(town: Town, waiting: PersonInTown) -> None:
    await is_asked(waiting)
    await waiting.sends_file("a.pdf", samples.PDF)
    waiting.reads("kept")
    await waiting.sends_file("b.pdf", samples.PDF)
    waiting.reads("kept")
    assert [row.name for row in await rows(town)] == ["b.pdf"]


async def test_what_was_set_aside_is_processed_with_its_file_once_more(town: Town, waiting: PersonInTown) -> None:
    await is_asked(waiting)
    with structlog.testing.capture_logs():
        await waiting.sends_file("a.pdf", samples.PDF, text="fail")
    waiting.reads("chưa xử lý được tin nhắn")
    stored = on_disk(town)
    assert len(stored) == 1
    _age(town, days=30)
    assert await cleaning.sweep(town.database, town.files, town.clock()) == 0
    async with town.database.transaction() as connection:
        failure_id = await connection.scalar(
            select(ReceivedMessage.failure_id).where(ReceivedMessage.failure_id.is_not(None))
        )
        assert failure_id
        incoming = await received.take_back(connection, failure_id)
    assert incoming is not None
    assert incoming.file is not None
    assert incoming.file.path == stored[0]
    receipt = await town.conversation.receive(replace(incoming, text=""))
    await receipt.delivered()
    waiting.reads("kept 1: a.pdf")
    assert len(town.channel.fetched) == 1
    assert on_disk(town) == stored


async def test_a_process_that_died_before_its_commit_leaves_nothing_for_long(
    town: Town, waiting: PersonInTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    await is_asked(waiting)
    with monkeypatch.context() as patched:
        patched.setattr(type(town.conversation), "_act_with_one_retry", _dies)
        patched.setattr(type(town.conversation), "_set_aside", _dies)
        with pytest.raises(KilledError):
            await waiting.sends_file("a.pdf", samples.PDF)
    assert len(on_disk(town)) == 1
    assert await rows(town) == []
    assert await cleaning.sweep(town.database, town.files, town.clock()) == 0, "its turn may still be running"
    await waiting.repeats()  # the vendor does, since nothing was acknowledged
    waiting.reads("kept 1")
    _age(town, hours=25)
    assert await cleaning.sweep(town.database, town.files, town.clock()) == 1
    (row,) = await rows(town)
    assert on_disk(town) == [row.path]


async def test_a_file_of_a_draft_stays_until_the_draft_goes(town: Town, waiting: PersonInTown) -> None:
    await is_asked(waiting)
    await waiting.sends_file("a.pdf", samples.PDF)
    waiting.reads("kept")
    await _has_a_draft(town, waiting)
    town.clock.advance(days=10)
    _age(town, days=10)
    assert await _clean(town) == (0, 0)
    async with town.database.transaction() as connection:
        await connection.execute(delete(Draft))
    assert await _clean(town) == (1, 1)
    assert await _clean(town) == (0, 0)
    assert on_disk(town) == []


async def test_a_loose_file_is_forgotten_after_two_days(town: Town, waiting: PersonInTown) -> None:
    await is_asked(waiting)
    await waiting.sends_file("a.pdf", samples.PDF)
    waiting.reads("kept")
    town.clock.advance(days=2)
    _age(town, days=2)
    assert await _clean(town) == (0, 0)
    town.clock.advance(minutes=1)
    assert await _clean(town) == (1, 1)


async def test_what_the_program_made_itself_is_left_alone(town: Town) -> None:
    made = town.files / "passes" / "a.png"
    made.parent.mkdir(parents=True)
    made.write_bytes(b"x")
    half = town.files / folder.SENT / "ab" / "x.pdf.part"
    upload = town.files / folder.UPLOADS / "y"
    for path in (half, upload):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x")
    _age(town, days=3)
    assert await cleaning.sweep(town.database, town.files, town.clock()) == 2
    assert on_disk(town) == ["passes/a.png"]


@pytest.mark.parametrize("path", ["", "../secret_key", "/etc/passwd", "sent/../../secret_key"])
def test_a_path_never_leads_outside(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="outside"):
        files.path_of(tmp_path / "files", path)


class KilledError(BaseException):
    """What a process that is killed does: nothing more."""


async def _dies(*args: object) -> None:
    raise KilledError


async def _clean(town: Town) -> tuple[int, int]:
    rows_gone = await cleaning.forget_loose(town.database, town.clock())
    return rows_gone, await cleaning.sweep(town.database, town.files, town.clock())


def _age(town: Town, **ago: float) -> None:
    """Make what lies on the disk as old as the clock of the test says."""
    moment = (town.clock() - timedelta(**ago)).timestamp()
    for path in town.files.rglob("*"):
        os.utime(path, (moment, moment))


async def _has_a_draft(town: Town, an: PersonInTown) -> None:
    async with town.database.transaction() as connection:
        person = await contacts.find(connection, "telegram", an.external_id)
        assert person
        offering = await connection.scalar(select(func.min(Offering.id)))
        await connection.execute(
            insert(Draft).values(
                id=DRAFT,
                contact_id=person.contact_id,
                offering_id=offering,
                state={},
                created_at=town.clock(),
                changed_at=town.clock(),
            )
        )
