"""A file through the real form: from the question to the officer who opens it, and to nobody else."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from bot.db.models.applications import Application, Draft, StoredFile
from bot.i18n import Translators
from bot.messages import Reply
from bot.services.applications import decisions
from bot.services.files import files
from bot.services.forms import draft_clock
from tests import sample_files as samples
from tests.chat import PersonInTown, Town
from tests.conftest import quiet_hours
from tests.reporting import employ
from tests.test_application_process import decide

ENERGY = "4"
QUESTION = "Nếu có tài liệu giới thiệu nhu cầu, mời Anh/Chị gửi một tệp."


async def comes_to_the_file(lan: PersonInTown) -> None:
    """Register a need up to the question for a document."""
    for said in ("/dangky", "1", ENERGY, "1", "đồng ý", "không", "0100233488", "Công ty Sông Hồng", "2", "120"):
        await lan.says(said)
        lan.skips()
    reply: Reply | None = None
    answers = {
        "Người liên hệ": "Nguyễn Thị Lan",
        "Điện thoại công việc": "0912345678",
        "Thư điện tử công việc": "lan@songhong.vn",
        "Nhu cầu": "Cần tư vấn tiết kiệm năng lượng cho lò hơi.",
    }
    while reply is None or "Tài liệu kèm theo" not in reply.title:
        asked = reply.title.split(": ", 1)[1] if reply else ""
        await lan.says(answers.get(asked, "Bỏ qua"))
        reply = lan.reads("Câu ")


async def test_from_the_question_to_the_officer(town: Town) -> None:
    minh = await employ(town, "Cán bộ Minh", agency="so-cong-thuong", language="vi")
    lan, bob = town.person("Lan"), town.person("Bob")
    await comes_to_the_file(lan)
    await lan.sends_file("giới thiệu.pdf", samples.docx())
    lan.reads("Tệp «giới thiệu.pdf» tự xưng là PDF nhưng thực ra là tệp Word (DOCX).", QUESTION)
    await lan.sends_file("IMG_0042.HEIC", samples.HEIC)
    lan.reads("Tương thích nhất", QUESTION)
    await lan.sends_file("nguy hiểm.docx", samples.docx({"word/vbaProject.bin": b"x"}))
    lan.reads("có chứa macro", QUESTION)
    await lan.sends_file("lò hơi.jpg", samples.photo_with_place())
    lan.reads("Mời Anh/Chị kiểm tra lại thông tin", "lò hơi.jpg")
    await lan.says("Xác nhận")
    lan.reads("Mã hồ sơ: NC-")
    async with town.database.reading() as connection:
        application = (await connection.execute(select(Application.id))).scalar_one()
        (stored,) = await files.of_application(connection, application)
        assert await files.attachment(connection, application + 1, stored.id) is None
    assert (stored.name, stored.field, stored.media_type) == ("lò hơi.jpg", "attachment", "image/jpeg")
    with Image.open(BytesIO(files.path_of(town.files, stored.path).read_bytes())) as image:
        assert not image.getexif()

    press = f"desk:file:{application}:{stored.id}"
    await minh.sends_press(press)
    shown = minh.reads()
    assert shown.attachment is not None
    assert (shown.attachment.name, shown.attachment.path) == ("lò hơi.jpg", stored.path)
    for other in (lan, bob):
        await other.sends_press(press)
        assert other.reads().attachment is None


async def test_another_file_takes_the_place_of_the_first(town: Town) -> None:
    lan = town.person("Lan")
    await comes_to_the_file(lan)
    await lan.sends_file("a.pdf", samples.PDF)
    lan.reads("Mời Anh/Chị kiểm tra lại thông tin", "a.pdf")
    await lan.says("Sửa")
    lan.reads()
    await lan.presses("Tài liệu kèm theo")
    lan.reads(QUESTION)
    await lan.sends_file("b.pdf", samples.PDF)
    assert "a.pdf" not in lan.reads("Mời Anh/Chị kiểm tra lại thông tin", "b.pdf").plain
    await lan.says("Xác nhận")
    lan.reads("Mã hồ sơ: NC-")
    async with town.database.reading() as connection:
        assert list(await connection.scalars(select(StoredFile.name))) == ["b.pdf"]


async def stored(town: Town) -> list[tuple[str, int | None]]:
    """The name of every file that has a row, and the application it belongs to."""
    async with town.database.reading() as connection:
        rows = await connection.execute(select(StoredFile.name, StoredFile.application_id).order_by(StoredFile.id))
        return [(row.name, row.application_id) for row in rows]


async def chooses_to_change(lan: PersonInTown, application: int) -> None:
    """From the registration that was handed in to the question for its file."""
    await lan.sends_press(f"app:edit:{application}")
    lan.reads("Sửa câu trả lời")
    await lan.says("Tài liệu kèm theo")
    lan.reads(QUESTION)


async def test_changing_a_registration_replaces_its_file_and_nothing_else(town: Town, translators: Translators) -> None:
    lan = town.person("Lan")
    await comes_to_the_file(lan)
    await lan.sends_file("a.pdf", samples.PDF)
    lan.reads("a.pdf")
    await lan.says("Xác nhận")
    lan.reads("Mã hồ sơ: NC-")
    async with town.database.reading() as connection:
        application = (await connection.execute(select(Application.id))).scalar_one()
    await decide(town, translators, decisions.ask_for_more, application, "Anh/Chị có sơ đồ không?")
    lan.reads("Cần bổ sung thông tin")
    await lan.presses("Trả lời")
    lan.reads("Anh/Chị có sơ đồ không?")
    for name in ("so-do-1.pdf", "so-do-2.pdf"):
        await lan.sends_file(name, samples.PDF)
        lan.reads(name)
    await lan.presses("Gửi câu trả lời")
    lan.reads("Câu trả lời đã được gửi")
    await town.deliver()
    town.person("Cán bộ Hoa").skips()

    await chooses_to_change(lan, application)
    await lan.sends_file("b.pdf", samples.PDF)
    lan.reads("b.pdf")
    assert ("a.pdf", application) in await stored(town), "nothing is replaced before it is confirmed"
    await lan.says("Xác nhận")
    lan.reads("Đã lưu các thay đổi")
    answers = [("so-do-1.pdf", application), ("so-do-2.pdf", application)]
    assert await stored(town) == [*answers, ("b.pdf", application)]

    await chooses_to_change(lan, application)
    await lan.says("Bỏ qua")
    lan.reads("Mời Anh/Chị kiểm tra lại thông tin")
    await lan.says("Xác nhận")
    lan.reads("Đã lưu các thay đổi")
    assert await stored(town) == answers


async def test_changes_that_are_dropped_leave_the_file_that_counts(town: Town) -> None:
    lan = town.person("Lan")
    await comes_to_the_file(lan)
    await lan.sends_file("a.pdf", samples.PDF)
    lan.reads("a.pdf")
    await lan.says("Xác nhận")
    lan.reads("Mã hồ sơ: NC-")
    async with town.database.reading() as connection:
        application = (await connection.execute(select(Application.id))).scalar_one()
    await chooses_to_change(lan, application)
    await lan.sends_file("b.pdf", samples.PDF)
    lan.reads("b.pdf")
    await lan.says("Hủy")
    lan.reads("hồ sơ giữ nguyên")
    await lan.says("2")
    lan.reads()
    assert await stored(town) == [("a.pdf", application)]


@pytest.mark.parametrize("way", ["left", "deleted", "begun anew", "dropped by the clock"])
async def test_the_files_of_a_draft_go_with_it(town: Town, translators: Translators, way: str) -> None:
    lan = town.person("Lan")
    await comes_to_the_file(lan)
    await lan.sends_file("a.pdf", samples.PDF)
    lan.reads("a.pdf")
    assert await stored(town) == [("a.pdf", None)]
    async with town.database.reading() as connection:
        draft = (await connection.execute(select(Draft.id, Draft.offering_id))).one()
    match way:
        case "left":
            await lan.says("Hủy")
            lan.reads()
            await lan.says("2")
            lan.reads("Đã hủy")
        case "deleted":
            await lan.sends_press(f"form:drop:{draft.id}:yes")
            lan.reads("Đã xóa nội dung đã điền")
        case "begun anew":
            await lan.sends_press(f"offer:join:{draft.offering_id}:anew:anyway")
            lan.reads("Câu 1/")
        case _:
            town.clock.advance(days=15)
            await draft_clock.watch(town.database, translators, quiet=quiet_hours(), now=town.clock())
            await town.deliver()
            lan.reads("đã được xóa")
    assert await stored(town) == []


async def test_a_file_that_was_sent_and_then_skipped_is_not_handed_in(town: Town) -> None:
    lan = town.person("Lan")
    await comes_to_the_file(lan)
    await lan.says("Bỏ qua")
    lan.reads("Mời Anh/Chị kiểm tra lại thông tin")
    await lan.says("Sửa")
    lan.reads()
    await lan.presses("Tài liệu kèm theo")
    lan.reads(QUESTION)
    await lan.sends_file("a.pdf", samples.PDF)
    lan.reads("a.pdf")
    await lan.says("Sửa")
    lan.reads()
    await lan.presses("Tài liệu kèm theo")
    lan.reads("Câu trả lời hiện có: a.pdf")
    await lan.says("bỏ qua")
    assert "a.pdf" not in lan.reads("Mời Anh/Chị kiểm tra lại thông tin").plain
    await lan.says("Xác nhận")
    lan.reads("Mã hồ sơ: NC-")
    assert await stored(town) == []


async def test_a_file_in_english_refused_then_taken(town: Town) -> None:
    kim = town.person("Kim", language="en")
    for said in ("/register", "1", ENERGY, "1", "I agree", "No, thank you", "0100233488", "Song Hong", "2", "120"):
        await kim.says(said)
        kim.skips()
    answers = {
        "Contact": "Kim Lan",
        "Work phone": "0912345678",
        "Work e-mail": "lan@songhong.vn",
        "Need": "Advice on saving energy in our boilers.",
    }
    asked = ""
    while asked != "Document":
        await kim.says(next((text for label, text in answers.items() if asked.startswith(label)), "Skip"))
        reply = kim.reads("Question ")
        asked = reply.title.split(": ", 1)[1]
    assert "If you have a document about the need, please send one file." in reply.plain
    await kim.sends_file("boiler.exe", b"MZ" + bytes(64))
    kim.reads("boiler.exe", "please send one file")
    await kim.sends_file("boiler.pdf", samples.PDF)
    kim.reads("Please check your registration", "- Document: boiler.pdf")
    await kim.says("Edit")
    kim.reads()
    await kim.presses("Document")
    kim.reads("Your answer so far: boiler.pdf")
    await kim.says("skip")
    assert "boiler.pdf" not in kim.reads("Please check your registration").plain
    await kim.says("Confirm")
    kim.reads("Your code: NC-")
