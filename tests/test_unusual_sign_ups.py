"""Sign-ups off the usual way: an event that is full without a waiting list, a question that is no longer asked."""

from __future__ import annotations

from sqlalchemy import func, select, update

from bot.db.models.applications import Application
from bot.db.models.offerings import Offering
from tests.chat import Town
from tests.signing_up import REVIEW, TRAINING, fill_in, sign_up, to_the_form


async def fill_up(town: Town) -> int:
    """Make the first event one without a waiting list whose only seat is taken by An; returns its id."""
    async with town.database.transaction() as connection:
        await connection.execute(update(Offering).where(Offering.kind == "event").values(waitlist=False, capacity=1))
        event = await connection.scalar(
            select(Offering.id).where(Offering.details["title"]["vi"].as_string() == TRAINING)
        )
    await sign_up(town.person("An"))
    assert event is not None
    return int(event)


async def test_an_event_that_is_full_without_a_waiting_list(town: Town) -> None:
    late, lan = town.person("Minh"), town.person("Lan")
    await to_the_form(late)
    await fill_in(late, tax_code="0101243150")
    event = await fill_up(town)
    await lan.says("/sukien")
    lan.reads(TRAINING, "hết chỗ, không có danh sách chờ")
    await lan.says("1")
    lan.reads("Đã hết chỗ và sự kiện không có danh sách chờ.", buttons=["Quay lại", "Menu"])
    # An old button leads to the same page, and to no form.
    await lan.sends_press(f"offer:join:{event}")
    lan.reads("Đã hết chỗ và sự kiện không có danh sách chờ.", buttons=["Quay lại", "Menu"])
    # Who was filling in the form meanwhile loses nothing.
    await late.says("xác nhận")
    late.reads("chưa có gì được gửi đi", "Mời Anh/Chị kiểm tra lại thông tin", "0101243150", buttons=REVIEW)
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Application)) == 1
    an = town.person("An")
    await an.says("/hoso")
    an.reads()
    await an.says("1")
    an.reads()
    await an.presses("Rút hồ sơ")
    an.reads()
    await an.presses("Đồng ý rút")
    an.reads("Đã rút hồ sơ")
    await late.says("xác nhận")
    late.reads("Mã hồ sơ: NC-")


async def test_full_without_a_waiting_list_in_english(town: Town) -> None:
    kim = town.person("Kim", language="en")
    event = await fill_up(town)
    await kim.says("/events")
    kim.reads("full, no waiting list")
    await kim.says("1")
    kim.reads("All seats are taken, and there is no waiting list.", buttons=["Back", "Menu"])
    await kim.sends_press(f"offer:join:{event}")
    kim.reads("All seats are taken, and there is no waiting list.")


async def test_a_condition_that_becomes_false_on_the_review_page(town: Town) -> None:
    lan = town.person("Lan")
    for said in ("/dangky", "1", "1", "1", "đồng ý", "không", "0100233488", "Công ty Sông Hồng", "2", "120"):
        await lan.says(said)
        lan.skips()
    answers = {
        "Người liên hệ": "Nguyễn Thị Lan",
        "Điện thoại công việc": "0912345678",
        "Thư điện tử công việc": "lan@songhong.vn",
        "Đối tượng công nghệ, thiết bị": "1, 7",
        "Việc khác": "Quan trắc nước thải",
        "Nhu cầu": "Cần chuyên gia tư vấn xử lý nước thải.",
    }
    asked = ""
    while True:
        await lan.says(answers.get(asked, "Bỏ qua"))
        reply = lan.reads()
        if not reply.title.startswith("Câu "):
            break
        asked = reply.title.split(": ", 1)[1]
    assert "- Việc khác: Quan trắc nước thải" in reply.plain
    await lan.says("Sửa")
    lan.reads("Việc khác: Quan trắc nước thải")
    await lan.presses("Đối tượng công nghệ, thiết bị")
    lan.reads("Câu trả lời hiện có: Xử lý nước thải; Việc khác")
    await lan.says("1")
    review = lan.reads("Mời Anh/Chị kiểm tra lại thông tin", "- Đối tượng công nghệ, thiết bị: Xử lý nước thải")
    assert "Việc khác" not in review.plain
    await lan.says("Sửa")
    assert "Việc khác" not in lan.reads("Anh/Chị muốn sửa câu trả lời nào?").plain
    await lan.presses("Đối tượng công nghệ, thiết bị")
    lan.reads()
    # The condition holds again: what was answered before is asked anew.
    await lan.says("1, 7")
    lan.reads("Việc khác", "Anh/Chị vui lòng cho biết đó là việc gì.")
    await lan.says("Quan trắc khí thải")
    lan.reads("Mời Anh/Chị kiểm tra lại thông tin", "- Việc khác: Quan trắc khí thải")
    await lan.says("Sửa")
    lan.reads()
    await lan.presses("Đối tượng công nghệ, thiết bị")
    lan.reads()
    await lan.says("1")
    lan.reads("Mời Anh/Chị kiểm tra lại thông tin")
    await lan.says("Xác nhận")
    lan.reads("Mã hồ sơ: NC-")
    async with town.database.reading() as connection:
        kept = await connection.scalar(select(Application.answers))
    assert kept is not None
    assert (kept["subjects"], "other_subject" in kept) == (["wastewater"], False)
