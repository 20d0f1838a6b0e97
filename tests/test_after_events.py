"""After an event: who did not come, thanks with two questions, what staff read of them, the paper that confirms."""

from __future__ import annotations

import asyncio
from datetime import datetime
from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import insert, select

from bot.db.engine import Database
from bot.db.models.applications import ApplicationEvent
from bot.db.models.check_in import CheckIn
from bot.i18n import Translators
from bot.messages import Reply
from bot.services.applications import filed_applications
from bot.services.applications.statuses import Status
from bot.services.offerings import event_notices, feedback
from bot.services.passes import certificates
from bot.services.passes.certificates import Attended
from tests.chat import PersonInTown, Town
from tests.events import fill, offering_id, put, set_status, status_of, steps, tick
from tests.reporting import employ
from tests.signing_up import code_in, sign_up, tax_codes

MARKS = ["1 - không bổ ích", "2", "3", "4", "5 - rất bổ ích"]
MORNING_AFTER = "2027-01-20T08:30+07:00"


async def attend(town: Town, person: PersonInTown, *, tax_code: str = "0100233488") -> tuple[str, int]:
    """Sign up and be checked in, a quarter of an hour before the training begins; (code, id)."""
    code = await sign_up(person, tax_code=tax_code)
    application = await set_status(town.database, code, Status.ATTENDED)
    event = await offering_id(town.database)
    async with town.database.transaction() as connection:
        at = datetime.fromisoformat("2027-01-19T08:15+07:00")
        await connection.execute(
            insert(CheckIn).values(
                scan_id=code,
                offering_id=event,
                application_id=application,
                method="camera",
                at=at,
                received_at=at,
            )
        )
    return code, application


def paper(town: Town, reply: Reply) -> str:
    """All words of the document that came with a reply."""
    assert reply.attachment is not None
    content = (town.conversation.passes.files / reply.attachment.path).read_bytes()
    return words(content)


def words(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])


async def test_thanks_two_questions_and_the_paper(town: Town, chat: PersonInTown) -> None:
    code, _ = await attend(town, chat)
    await tick(town)

    lines = await tick(town, MORNING_AFTER)
    assert lines[-1] == "event notice thanks: example-training-session, to 1"
    chat.reads("Cảm ơn Anh/Chị đã tham dự", "Mời Anh/Chị trả lời hai câu hỏi ngắn",
               buttons=[*MARKS, "Giấy xác nhận tham dự"])  # fmt: skip
    await chat.says("4")
    chat.reads("mức 4/5 đã được ghi nhận", "Câu thứ hai", buttons=["Bỏ qua"])
    await chat.says("Nội dung tốt, phòng hơi nhỏ")
    chat.reads("Ý kiến đã được ghi nhận", buttons=["Giấy xác nhận tham dự", "Menu"])

    await chat.presses("Giấy xác nhận tham dự")
    reply = chat.reads("Gửi Anh/Chị giấy xác nhận tham dự")
    assert reply.attachment is not None
    assert reply.attachment.name == f"giay-xac-nhan-tham-du-{code}.docx"
    text = paper(town, reply)
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "SỞ CÔNG THƯƠNG",
        "Hà Nội, ngày 20 tháng 01 năm 2027",
        "GIẤY XÁC NHẬN THAM DỰ",
        "VÍ DỤ - sự kiện không có thật",
        "Công ty Sông Hồng",
        "0100233488",
        "Nguyễn Thị Lan",
        "08:30-11:30 thứ Ba 19/01/2027",
        "Điểm danh lúc:\n08:15 thứ Ba 19/01/2027",
        code,
        "không có chữ ký và con dấu",
    ):
        assert part in text, part


async def test_an_answer_is_given_once(town: Town, chat: PersonInTown) -> None:
    await attend(town, chat)
    await tick(town)
    await tick(town, MORNING_AFTER)
    chat.reads("Cảm ơn Anh/Chị đã tham dự")
    await chat.presses("5 - rất bổ ích")
    chat.reads("mức 5/5 đã được ghi nhận")
    await chat.presses("Bỏ qua")
    chat.reads("Cảm ơn Anh/Chị đã trả lời.")

    await chat.presses("1 - không bổ ích")
    chat.reads("Doanh nghiệp đã đánh giá sự kiện này: 5/5")

    async with town.database.reading() as connection:
        found = await feedback.summary(connection, await offering_id(town.database))
    assert (found.answers, found.mean, list(found.comments)) == (1, 5.0, [])


async def test_a_comment_that_is_too_long_or_no_text_is_asked_again(town: Town, chat: PersonInTown) -> None:
    await attend(town, chat)
    await tick(town)
    await tick(town, MORNING_AFTER)
    chat.skips()
    await chat.says("3")
    chat.reads("Câu thứ hai")

    await chat.says("a" * 1001)
    chat.reads("Ý kiến dài 1.001 ký tự, tối đa 1.000 ký tự", buttons=["Bỏ qua"])
    await chat.shares_phone("0912345678")
    chat.reads("Mời Anh/Chị nhập ý kiến bằng chữ", buttons=["Bỏ qua"])
    await chat.says("Ngắn thôi")
    chat.reads("Ý kiến đã được ghi nhận")


async def test_who_turns_to_something_else_makes_no_comment(town: Town, chat: PersonInTown) -> None:
    await attend(town, chat)
    await tick(town)
    await tick(town, MORNING_AFTER)
    chat.skips()
    await chat.says("2")
    chat.reads("Câu thứ hai")

    await chat.says("/hoso")
    chat.reads("Hồ sơ")
    await chat.says("Kế hoạch 50 có mục tiêu gì?")
    chat.skips()

    async with town.database.reading() as connection:
        found = await feedback.summary(connection, await offering_id(town.database))
    assert (found.answers, found.comments_in_all) == (1, 0)


async def test_in_english(town: Town) -> None:
    person = town.person("Mary Brown", language="en")
    for text in ("/events", "1", "1", "I agree", "no", "0100233488", "Red River Ltd", "Mary", "0912345678", "m@rr.vn"):
        await person.says(text)
        person.skips()
    await person.says("Confirm")
    code = code_in(person.reads("You are registered").plain)
    await set_status(town.database, code, Status.ATTENDED)
    await tick(town)
    await tick(town, MORNING_AFTER)

    person.reads(
        "Thank you for coming",
        "how useful was the event to you, from 1 to 5?",
        buttons=["1 - not useful", "2", "3", "4", "5 - very useful", "Confirmation of attendance"],
    )
    await person.says("5")
    person.reads("Thank you, 5 of 5 has been noted.", "Second question")
    await person.presses("Skip")
    person.reads("Thank you for your answer.")
    await person.presses("Confirmation of attendance")
    text = paper(town, person.reads("Here is the confirmation of attendance."))
    for part in ("SOCIALIST REPUBLIC OF VIET NAM", "CONFIRMATION OF ATTENDANCE", "EXAMPLE", "Red River Ltd"):
        assert part in text
    assert "Ha Noi, 20 January 2027" in text


async def test_who_did_not_come_is_noted_if_anybody_was_seen(town: Town, chat: PersonInTown) -> None:
    codes = tax_codes(2)
    await attend(town, chat, tax_code=codes[0])
    absent = town.person("Vắng")
    code = await sign_up(absent, tax_code=codes[1])
    await tick(town)

    await tick(town, MORNING_AFTER)

    chat.reads("Cảm ơn Anh/Chị đã tham dự")
    assert await status_of(town.database, code) is Status.NO_SHOW
    async with town.database.reading() as connection:
        last = (
            await connection.execute(
                select(ApplicationEvent.cause, ApplicationEvent.actor_id).where(ApplicationEvent.status == "no_show")
            )
        ).all()
    assert [tuple(row) for row in last] == [("not_seen", None)]


async def test_nothing_is_concluded_where_nobody_stood_at_the_door(town: Town, chat: PersonInTown) -> None:
    code = await sign_up(chat)
    await tick(town)

    lines = await tick(town, MORNING_AFTER)

    assert lines[-1] == "event notice thanks dropped: example-training-session (nobody to tell)"
    assert await status_of(town.database, code) is Status.CONFIRMED


async def test_after_a_long_silence_the_list_is_closed_but_nobody_is_thanked(town: Town, chat: PersonInTown) -> None:
    await attend(town, chat, tax_code=tax_codes(2)[0])
    code = await sign_up(town.person("Vắng"), tax_code=tax_codes(2)[1])
    await tick(town)

    lines = await tick(town, "2027-02-03T09:00+07:00")

    assert lines[-1] == "event notice thanks dropped: example-training-session (stale)"
    assert await status_of(town.database, code) is Status.NO_SHOW


async def test_clocks_in_many_processes_close_and_thank_once(
    town: Town, database: Database, translators: Translators
) -> None:
    await fill(database, 20, now=town.clock(), status=Status.ATTENDED)
    await tick(town)
    town.clock.set(MORNING_AFTER)

    await asyncio.gather(*(event_notices.send_due(database, translators, now=town.clock()) for _ in range(5)))

    assert (await steps(database))["thanks"][1] == "sent"
    await town.deliver()
    thanked = [sent for messages in town.channel.sent.values() for sent in messages]
    assert len(thanked) == 20


async def test_who_was_not_checked_in_gets_no_paper_and_is_not_asked(town: Town, chat: PersonInTown) -> None:
    application = await set_status(town.database, await sign_up(chat), Status.NO_SHOW)

    for press in (f"thanks:certificate:{application}", f"thanks:rate:{application}:5"):
        await chat.sends_press(press)
        assert chat.reads("Mục này dành cho người đã điểm danh tại sự kiện").attachment is None


@pytest.mark.parametrize("press", ["thanks:rate:{id}:0", "thanks:rate:{id}:6", "thanks:rate:{id}:x", "thanks:x:{id}"])
async def test_a_forged_mark_counts_for_nothing(town: Town, chat: PersonInTown, press: str) -> None:
    _, application = await attend(town, chat)

    await chat.sends_press(press.format(id=application))

    chat.reads("")
    async with town.database.reading() as connection:
        assert (await feedback.summary(connection, await offering_id(town.database))).answers == 0


async def test_officers_read_how_it_was_received(town: Town, chat: PersonInTown) -> None:
    await attend(town, chat)
    await tick(town)
    await tick(town, MORNING_AFTER)
    chat.skips()
    await chat.says("4")
    chat.skips()
    await chat.says("Phòng hơi nhỏ")
    chat.skips()
    officer = await employ(town, "Cán bộ", agency="so-cong-thuong", language="vi")

    await officer.sends_press(f"manage:feedback:{await offering_id(town.database)}")
    officer.reads(
        "Ý kiến đánh giá: Ví dụ: Tập huấn",
        "1 lượt trả lời",
        "Trung bình: 4/5",
        "Mức 5/5: 0",
        "Mức 4/5: 1",
        "4/5 (20/01/2027): Phòng hơi nhỏ",
        buttons=["Quay lại"],
    )
    await chat.sends_press(f"manage:feedback:{await offering_id(town.database)}")
    assert "Phòng hơi nhỏ" not in chat.reads().plain


async def test_hostile_names_break_no_paper(town: Town, chat: PersonInTown, translators: Translators) -> None:
    _, application = await attend(town, chat)
    await put(town.database, sample=False)
    async with town.database.reading() as connection:
        filed = await filed_applications.for_staff(connection, application)
    assert filed is not None
    evil = "Cty\x00 A\r\n\x0b<w:p/>&\ud800\ufffe\u2028]]>"
    content = certificates.certificate(
        filed, Attended(evil, evil, "0100233488", evil, None), translators.vi, now=town.clock()
    )

    text = words(content)
    assert "Cty  A <w:p/>& ]]>" in text
    assert "VÍ DỤ - " not in text
    assert "Điểm danh lúc" not in text


async def test_a_persons_own_number_is_masked_on_paper(
    town: Town, chat: PersonInTown, translators: Translators
) -> None:
    _, application = await attend(town, chat)
    async with town.database.reading() as connection:
        filed = await filed_applications.for_staff(connection, application)
    assert filed is not None
    content = certificates.certificate(
        filed, Attended("Sở", "Hộ A", "001090012345", "A", None), translators.vi, now=town.clock()
    )

    assert "001090012345" not in words(content)


async def test_whoever_is_forgotten_leaves_no_paper_behind(town: Town, chat: PersonInTown) -> None:
    await attend(town, chat)
    await chat.presses("Xem hồ sơ")
    chat.reads("Mã hồ sơ")
    await chat.presses("Giấy xác nhận tham dự")
    reply = chat.reads("Gửi Anh/Chị giấy xác nhận tham dự")
    assert reply.attachment is not None
    made = town.conversation.passes.files / reply.attachment.path
    assert made.exists()

    town.clock.set("2027-03-01T09:00+07:00")
    await chat.sends_press("privacy:erased")
    chat.reads("Đã xóa")

    assert not made.exists()
