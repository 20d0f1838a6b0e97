"""A sign-up through Telegram, from the list of events to the officer's decision, by polling and by webhook."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import time
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from icalendar import Calendar
from PIL import Image
from sqlalchemy import update

from bot.db.engine import Database
from bot.db.models.offerings import Offering
from bot.i18n import Translators
from bot.messages import Role
from bot.services.answering.knowledge import Knowledge
from bot.services.messages.quiet_hours import QuietHours
from content.model import Content
from scheduler.jobs import Circumstances
from tests import sample_files as samples
from tests.conftest import MONDAY_MORNING, ZONE
from tests.signing_up import CONSULTATION, SMALL, code_in, tax_codes
from tests.telegram_office import Mode, Office, checked_office
from tests.telegram_people import Person, Shown

SCIENCE = "so-khoa-hoc-va-cong-nghe"
TICKED = ["✓ Xử lý nước thải", "Xử lý khí thải"]


@pytest.fixture(params=["polling", "webhook"])
async def office(
    request: pytest.FixtureRequest,
    database: Database,
    known: Content,
    knowledge: Knowledge,
    translators: Translators,
    tmp_path: Path,
) -> AsyncIterator[Office]:
    mode: Mode = request.param
    given = Circumstances(database, known, translators, QuietHours(time(21), time(7, 30), ZONE), MONDAY_MORNING)
    async with checked_office(given, knowledge, mode=mode, files=tmp_path) as opened:
        yield opened


async def arrives(office: Office, number: int, name: str) -> Person:
    person = office.peer.person(1000 + number, name)
    await person.starts()
    await person.reads("Kính chào")
    return person


async def officer(office: Office, name: str = "Cán bộ Minh") -> Person:
    person = office.peer.person(900, name)
    await office.has_linked(person, role=Role.OPERATOR, agency=SCIENCE)
    return person


async def fills_in(person: Person, shown: Shown, **others: str) -> Shown:
    """Answer questions until one comes that has no answer here, or the review page; returns that."""
    answers = {
        "Đồng ý xử lý dữ liệu cá nhân": "đồng ý",
        "Nhận tin về Kế hoạch": "không",
        "Tên doanh nghiệp": f"Công ty {person.name}",
        "Người liên hệ": f"Nguyễn Thị {person.name}",
        "Điện thoại công việc": "0912345678",
        "Thư điện tử công việc": "lienhe@congty.vn",
        **others,
    }
    while shown.text.startswith("Câu ") and shown.text.split("\n")[0].split(": ", 1)[1] in answers:
        said = answers[shown.text.split("\n")[0].split(": ", 1)[1]]
        await (person.presses(said) if said in shown.buttons else person.writes(said))
        shown = await person.reads()
        assert "Anh/Chị đã nhập" not in shown.text, shown.text
    return shown


async def signs_up(person: Person, tax_code: str) -> Shown:
    """Up to what is said after the confirmation of a sign-up to the small event."""
    await person.writes("/sukien")
    await person.reads("Sự kiện", CONSULTATION)
    await person.writes("2")
    await person.reads(CONSULTATION)
    await person.writes("1")
    review = await fills_in(person, await person.reads("Câu 1/"), **{"Mã số thuế": tax_code})
    assert "Mời Anh/Chị kiểm tra lại thông tin" in review.text
    await person.presses("Xác nhận")
    return await person.reads("Mã hồ sơ: NC-")


async def one_seat(office: Office) -> None:
    async with office.database.transaction() as connection:
        await connection.execute(update(Offering).where(Offering.slug == SMALL).values(capacity=1))


async def test_a_freed_seat_is_offered_and_accepted(office: Office) -> None:
    await one_seat(office)
    lan, hoa = await arrives(office, 1, "Lan"), await arrives(office, 2, "Hoa")
    first, second = tax_codes(2)
    confirmed = await signs_up(lan, first)
    code = code_in(confirmed.text)
    assert confirmed.is_photo
    assert confirmed.document is not None
    assert confirmed.document[0] == f"{code}.png"
    assert code in scanned(confirmed)
    await lan.presses("Thêm vào lịch")
    file = await lan.reads("Anh/Chị mở tệp này để thêm sự kiện vào lịch", buttons=["Xem hồ sơ", "Menu"])
    assert not file.is_photo
    assert file.document is not None
    assert file.document[0] == f"{code}.ics"
    (event,) = Calendar.from_ical(file.document[1]).walk("VEVENT")
    assert event["UID"] == f"{code}@nhipcau"

    waiting = await signs_up(hoa, second)
    assert "vị trí số 1" in waiting.text
    assert waiting.document is None
    await lan.presses("Xem hồ sơ")
    page = await lan.reads(code)
    assert page.changes == 0, "a message with a file keeps it"
    await lan.presses("Rút hồ sơ")
    asked = await lan.reads("Chỗ của Anh/Chị")
    assert (asked.message_id, asked.changes) == (page.message_id, 1)
    await lan.presses("Đồng ý rút")
    await lan.reads("Đã rút hồ sơ")
    await hoa.reads("Mời Anh/Chị nhận chỗ")
    await hoa.presses("Nhận chỗ")
    await hoa.reads("Anh/Chị có nhận chỗ", buttons=["Có, tôi tham dự", "Quay lại", "Menu"])
    await hoa.presses("Có, tôi tham dự")
    has_seat = await hoa.reads("Mã hồ sơ: NC-")
    assert has_seat.is_photo
    assert code_in(has_seat.text) in scanned(has_seat)
    await hoa.presses("Có, tôi tham dự")
    await hoa.reads("Anh/Chị đã nhận chỗ này trước đó.")


def scanned(shown: Shown) -> str:
    """What a phone reads in a picture."""
    assert shown.document is not None
    return str(zxingcpp.read_barcodes(Image.open(BytesIO(shown.document[1])).convert("L"))[0].text)


async def test_ticks_a_photo_and_a_refusal_with_its_reason(office: Office) -> None:
    minh, lan = await officer(office), await arrives(office, 1, "Lan")
    await lan.writes("/dangky")
    await lan.reads("Anh/Chị muốn đăng ký nội dung nào?")
    await lan.writes("1")
    await lan.reads("Anh/Chị chọn một hướng hỗ trợ")
    await lan.writes("1")
    await lan.reads()
    await lan.writes("1")
    about_the_business = {
        "Mã số thuế": tax_codes(1)[0],
        "Lĩnh vực hoạt động chính": "2",
        "Số lao động": "120",
        "Doanh thu năm gần nhất": "Bỏ qua",
        "Lĩnh vực công nghiệp môi trường": "Bỏ qua",
        "Phường, xã": "Bỏ qua",
    }
    subjects = await fills_in(lan, await lan.reads("Câu 1/"), **about_the_business)
    assert "Đối tượng công nghệ" in subjects.text
    await lan.presses("Xử lý nước thải")
    ticked = await lan.reads("Đối tượng công nghệ")
    assert (ticked.message_id, ticked.changes, ticked.buttons[:2]) == (subjects.message_id, 1, TICKED)
    await lan.presses("Xong")
    await lan.reads("Nhu cầu")
    await lan.writes("Cần đổi mới hệ thống xử lý nước thải.")
    await lan.reads("Tài liệu kèm theo", buttons=["Quay lại", "Bỏ qua", "Hủy"])
    await lan.sends_file("giới thiệu.pdf", samples.docx())
    await lan.reads("tự xưng là PDF nhưng thực ra là tệp Word (DOCX)")
    await lan.sends_photo(samples.photo_with_place())
    await lan.reads("Mời Anh/Chị kiểm tra lại thông tin", "Xử lý nước thải", "photo.jpg")
    await lan.presses("Xác nhận")
    await lan.reads("Mã hồ sơ: NC-")

    await minh.writes("/duyet")
    await minh.reads("Có 1 hồ sơ chờ xử lý.", "Công ty Lan")
    await minh.writes("1")
    await minh.reads("Công ty Lan", "Xử lý nước thải")
    await minh.presses("📎 photo.jpg")
    file = await minh.reads("Tệp của hồ sơ NC-")
    assert file.document is not None
    assert not file.is_photo, "what an officer opens loses nothing"
    await minh.presses("Từ chối")
    await minh.reads("Vì sao hồ sơ không được chấp nhận?")
    await minh.writes("Nội dung này đã có chương trình riêng.")
    await minh.reads("người đăng ký sẽ đọc lý do này:")
    await minh.presses("Đồng ý từ chối")
    await minh.reads("người đăng ký đã được báo lý do")
    await lan.reads("Hồ sơ chưa được tiếp nhận", "Lý do: Nội dung này đã có chương trình riêng.")


async def test_a_colleague_joins_from_another_account(office: Office) -> None:
    lan, minh = await arrives(office, 1, "Lan"), await arrives(office, 2, "Minh")
    tax_code = tax_codes(1)[0]
    await signs_up(lan, tax_code)
    await minh.writes("/sukien")
    await minh.reads(CONSULTATION)
    await minh.writes("2")
    await minh.reads(CONSULTATION)
    await minh.presses("Đăng ký")
    stopped = await fills_in(minh, await minh.reads("Câu 1/"), **{"Mã số thuế": tax_code})
    assert "đã có người phụ trách" in stopped.text
    await minh.presses("Gửi yêu cầu tham gia")
    code = (await minh.reads("Mã của Anh/Chị: ")).text.split("Mã của Anh/Chị: ")[1][:6]
    await lan.reads("“Minh”", f"Mã của người này: {code}", buttons=["Xác nhận", "Từ chối", "Menu"])
    await lan.presses("Xác nhận")
    await lan.reads(f"“Minh” có đọc cho Anh/Chị mã {code}")
    await lan.presses("Có, mã đúng")
    await lan.reads("“Minh” hiện đã tham gia Công ty Lan")
    await minh.reads("Anh/Chị hiện đã tham gia Công ty Lan")
    await minh.writes("/hoso")
    await minh.reads(CONSULTATION)


async def test_staff_find_their_commands_and_the_way_to_the_door(office: Office) -> None:
    minh = await officer(office)
    await office.peer.until_called("setMyCommands", 4)
    menu = office.peer.menu(chat_id=minh.id)
    assert {"duyet", "quanly"} <= set(menu)
    assert not {"duyet", "quanly"} & set(office.peer.menu("vi"))
    await minh.writes("/quanly")
    await minh.reads(CONSULTATION)
    await minh.writes("1")
    await minh.reads("Ví dụ: ")
    await minh.presses("Đón khách")
    page = await minh.reads("Mở trang đón khách: http://127.0.0.1:8080/check-in/")
    assert "Mở trang đón khách" not in page.buttons
