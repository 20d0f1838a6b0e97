"""Files through Telegram: asked for and downloaded only when wanted, and never in the way of the message itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.db.engine import Database
from bot.i18n import Translators
from bot.services.answering.knowledge import Knowledge
from bot.services.messages.quiet_hours import QuietHours
from content.model import Content
from scheduler.jobs import Circumstances
from tests import sample_files as samples
from tests.asking_for_files import asks_for_a_file
from tests.conftest import MONDAY_MORNING, ZONE
from tests.telegram_office import Mode, Office, open_office
from tests.telegram_peer import DOWNLOAD, Fault, TelegramPeer
from tests.telegram_people import Person


@pytest.fixture
async def peer() -> AsyncIterator[TelegramPeer]:
    made = TelegramPeer()
    await made.start()
    yield made
    await made.close()
    made.check()


@pytest.fixture(params=["polling", "webhook"])
def mode(request: pytest.FixtureRequest) -> Mode:
    chosen: Mode = request.param
    return chosen


@pytest.fixture
async def office(
    mode: Mode,
    database: Database,
    peer: TelegramPeer,
    known: Content,
    knowledge: Knowledge,
    translators: Translators,
    tmp_path: Path,
) -> AsyncIterator[Office]:
    quiet = QuietHours(time(21), time(7, 30), ZONE)
    given = Circumstances(database, known, translators, quiet, MONDAY_MORNING)
    opening = open_office(given, knowledge, peer, mode=mode, files=tmp_path, replies_to=asks_for_a_file)
    async with opening as opened:
        yield opened
    for person in peer.people:
        person.nothing_unread()


@pytest.fixture
async def an(office: Office) -> Person:
    """Somebody who was asked for a file."""
    person = office.peer.person(1001, "Nguyễn Văn An")
    await person.writes("begin")
    await person.reads("your file?")
    return person


def stored(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in (folder / "sent").rglob("*") if path.is_file()]


async def test_a_document(an: Person, tmp_path: Path) -> None:
    await an.sends_file("báo cáo.pdf", samples.PDF)
    await an.reads("kept 1: báo cáo.pdf, 1 KB, application/pdf")
    assert stored(tmp_path) == [samples.PDF]


async def test_of_a_photo_the_largest_size(an: Person, tmp_path: Path) -> None:
    await an.sends_photo(samples.photo_with_place())
    await an.reads("kept 1: photo.jpg, 1 KB, image/jpeg")
    (content,) = stored(tmp_path)
    with Image.open(BytesIO(content)) as image:
        assert image.size == (40, 60)
        assert not image.getexif()
    assert len(an.peer.downloads) == 1


async def test_nothing_is_asked_for_where_no_file_is_wanted(office: Office) -> None:
    bob = office.peer.person(1002, "Bob", language="en")
    await bob.sends_file("a.pdf", samples.PDF)
    await bob.reads("No file is needed at this point.")
    assert office.peer.calls_of("getFile") == []
    assert office.peer.downloads == []


async def test_a_size_announced_as_too_large(an: Person) -> None:
    await an.sends_file("a.pdf", samples.PDF, announced=11 * 1024 * 1024)
    await an.reads("Tệp «a.pdf» nặng 11 MB, vượt quá giới hạn 10 MB.")
    assert an.peer.calls_of("getFile") == []


@pytest.mark.parametrize("megabytes", [11, 21])
async def test_larger_than_announced(an: Person, megabytes: int) -> None:
    await an.sends_file("a.pdf", samples.PDF.ljust(megabytes * 1024 * 1024), announced=100)
    await an.reads("Tệp «a.pdf» vượt quá giới hạn 10 MB.")
    assert an.peer.downloads == []


@pytest.mark.parametrize(
    "method, fault, status",
    [
        ("getFile", Fault.SERVER_ERROR, 502),
        ("getFile", Fault.REFUSE, 400),
        ("getFile", Fault.TOO_MANY, 429),
        ("getFile", Fault.CUT_BEFORE, 0),
        (DOWNLOAD, Fault.SERVER_ERROR, 502),
        (DOWNLOAD, Fault.CUT_BEFORE, 0),
        (DOWNLOAD, Fault.LATE, 0),
    ],
)
async def test_what_fails_on_the_way_is_said(
    an: Person, method: str, fault: Fault, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    # A broken connection may be one that was idle, so its request is made once more at once.
    times = 2 if fault is Fault.CUT_BEFORE else 1
    an.peer.fail(fault, method, status=status, description="Bad Request: wrong file_id", seconds=2, times=times)
    await an.sends_file("a.pdf", samples.PDF)
    await an.reads("Hệ thống chưa tải được tệp. Mời Anh/Chị gửi lại.")
    an.peer.stop_failing()
    await an.sends_file("a.pdf", samples.PDF)
    await an.reads("kept 1")
    assert an.peer.token not in caplog.text
