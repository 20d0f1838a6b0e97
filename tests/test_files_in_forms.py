"""A file through the real form: from the question to the officer who opens it, and to nobody else."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from sqlalchemy import select

from bot.db.models.applications import Application, StoredFile
from bot.messages import Reply
from bot.services.files import files
from tests import sample_files as samples
from tests.chat import PersonInTown, Town
from tests.reporting import employ

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
