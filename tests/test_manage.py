"""Officers look after offerings in the chat: numbers, seats, time and place, cancelling, participants."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from bot.db.models.applications import Application, ApplicationEvent, StoredFile
from bot.db.models.businesses import Business
from bot.db.models.offerings import Offering, OfferingEvent
from bot.messages import Role
from handlers.deciding.typed_time import parse_span
from tests.chat import PersonInTown, Town
from tests.deciding import PROGRAMME, applies, offering_id
from tests.reporting import employ
from tests.signing_up import tax_codes
from tests.test_participant_files import book_of

SCIENCE = "so-khoa-hoc-va-cong-nghe"
TITLE = "Ví dụ: Buổi tư vấn nhóm nhỏ về chuyển giao công nghệ"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
HEADING = ("Tên doanh nghiệp", "Mã số thuế", "Điện thoại", "Số chỗ")


async def officer(town: Town, name: str = "Cán bộ Minh", agency: str | None = SCIENCE) -> PersonInTown:
    return await employ(town, name, agency=agency, language="vi")


async def opens(person: PersonInTown, event: int) -> None:
    await person.sends_press(f"manage:show:{event}")
    person.reads(TITLE)


async def statuses(town: Town, event: int) -> list[str]:
    async with town.database.reading() as connection:
        rows = await connection.execute(
            select(Application.status).where(Application.offering_id == event).order_by(Application.id)
        )
        return list(rows.scalars())


async def noted(town: Town, event: int) -> list[str]:
    async with town.database.reading() as connection:
        rows = await connection.execute(
            select(OfferingEvent.what).where(OfferingEvent.offering_id == event).order_by(OfferingEvent.id)
        )
        return list(rows.scalars())


def all_read(town: Town) -> None:
    for person in town.people.values():
        person.skips()


def attached(town: Town, person: PersonInTown) -> bytes:
    """The file that came with the newest message."""
    attachment = town.channel.sent[person.external_id][-1].reply.attachment
    assert attachment is not None
    return (town.files / attachment.path).read_bytes()


async def test_the_list_with_numbers_and_one_offering(town: Town) -> None:
    minh = await officer(town)
    event = await offering_id(town)
    for number, name in enumerate(("An", "Bình", "Chi")):
        await applies(town, name, event, number=number)
    await minh.says("/quanly")
    listed = minh.reads("Quản lý nội dung đăng ký", f"1. {TITLE}", "Đã dùng 2/2 chỗ", "đang chờ: 1")
    assert "Hội nghị kết nối" not in listed.plain
    await minh.says("1")
    minh.reads(
        TITLE,
        "Đăng ký: đang mở",
        "Tổng số hồ sơ: 3",
        "Đã xác nhận: 2",
        "Trong danh sách chờ: 1",
        "Chờ xử lý: 0",
        buttons=[
            "Danh sách đăng ký", "Đón khách", "Số chỗ", "Thời gian, địa điểm", "Đóng đăng ký", "Hủy sự kiện",
            "Xuất danh sách", "Nhập danh sách", "Lịch sử thay đổi", "Tất cả nội dung", "Menu",
        ],
    )  # fmt: skip


async def test_more_seats_go_to_who_waits_and_fewer_take_nobody_s(town: Town) -> None:
    minh = await officer(town)
    event = await offering_id(town)
    for number, name in enumerate(("An", "Bình", "Chi")):
        await applies(town, name, event, number=number)
    await opens(minh, event)
    await minh.presses("Số chỗ")
    minh.reads("Số chỗ hiện nay: 2, đã dùng 2.")
    await minh.says("nhiều")
    minh.reads("Mời Anh/Chị gõ một số nguyên từ 1 đến 100.000")
    await minh.says("2")
    minh.reads("Số chỗ hiện đã là số này.")
    await minh.says("3")
    minh.reads(
        "Số chỗ hiện nay: 2; từ nay: 3.",
        "Đang có 1 hồ sơ chờ: chỗ trống được mời ngay theo thứ tự đăng ký.",
        buttons=["Đồng ý thay đổi", "Gõ lại", "Không, quay lại"],
    )
    assert await statuses(town, event) == ["confirmed", "confirmed", "waitlisted"]
    await minh.presses("Đồng ý thay đổi")
    minh.reads("Đã thay đổi số chỗ. Đã mời 1 chỗ cho những người đang chờ.", "Đã dùng 3/3 chỗ")
    await minh.presses("Đồng ý thay đổi")
    minh.reads("Nút này thuộc một bước trước nên không có tác dụng.")
    assert await statuses(town, event) == ["confirmed", "confirmed", "offered"]
    await minh.presses("Số chỗ")
    minh.skips()
    await minh.says("1")
    minh.reads("Đã dùng 3 chỗ, nhiều hơn 2 chỗ. Không ai mất chỗ")
    await minh.presses("Đồng ý thay đổi")
    minh.reads("Đã thay đổi số chỗ.", "Đã dùng 3/1 chỗ")
    await minh.presses("Lịch sử thay đổi")
    minh.reads("số chỗ từ 3 thành 1 (Cán bộ Minh)", "số chỗ từ 2 thành 3 (Cán bộ Minh)")
    await town.deliver()
    town.person("Chi").reads("dành")
    all_read(town)


async def test_moving_says_who_is_told(town: Town) -> None:
    minh = await officer(town)
    event = await offering_id(town)
    lan, _ = await applies(town, "Lan", event)
    await opens(minh, event)
    await minh.presses("Thời gian, địa điểm")
    minh.reads("14:00-16:00 thứ Năm 25/02/2027", "19/01/2027 08:30-11:30",
               buttons=["Giữ thời gian", "Hủy"])  # fmt: skip
    await minh.says("mai")
    minh.reads("không phải ngày kèm giờ bắt đầu")
    await minh.says("01/01/2026 08:30")
    minh.reads("đã qua")
    await minh.says("26/02/2027 8h30-11h30")
    minh.reads("08:30-11:30 thứ Sáu 26/02/2027", buttons=["Giữ địa điểm", "Hủy"])
    await minh.says("Hội trường A, 12 Lê Lai | Hall A, 12 Le Lai")
    minh.reads(
        "Hiện nay:",
        "Từ nay:",
        "08:30-11:30 thứ Sáu 26/02/2027",
        "Hội trường A, 12 Lê Lai",
        "1 người đăng ký được thông báo ngay",
        buttons=["Đồng ý đổi", "Gõ lại", "Không, quay lại"],
    )
    await town.deliver()
    assert not lan.unread
    await minh.says("1")
    minh.reads("Đã đổi thời gian, địa điểm; đang thông báo cho 1 người đăng ký.", "Hội trường A")
    await town.deliver()
    lan.reads("08:30-11:30 thứ Sáu 26/02/2027", "Hội trường A")
    async with town.database.reading() as connection:
        row = (await connection.execute(select(Offering.origin, Offering.details).where(Offering.id == event))).one()
    assert (row.origin, row.details["place"]["en"]) == ("chat", "Hall A, 12 Le Lai")
    assert await noted(town, event) == ["moved"]


async def test_an_event_is_cancelled_once_with_a_reason(town: Town) -> None:
    minh, hoa = await officer(town), await officer(town, "Cán bộ Hoa")
    event = await offering_id(town)
    lan, _ = await applies(town, "Lan", event)
    await opens(minh, event)
    await minh.presses("Hủy sự kiện")
    minh.reads("Vì sao sự kiện không diễn ra?")
    await minh.says("x")
    minh.reads("Mời Anh/Chị gõ lý do, từ 5 đến 500 ký tự.")
    await minh.says("Giảng viên không đến được.")
    minh.reads("Giảng viên không đến được.", "1 người đăng ký được thông báo ngay. Việc này không hoàn tác được.")
    await opens(hoa, event)
    await hoa.presses("Hủy sự kiện")
    hoa.skips()
    await hoa.says("Phòng họp bị ngập.")
    hoa.skips()
    await minh.presses("Đồng ý hủy sự kiện")
    minh.reads("Đã hủy sự kiện; đang thông báo cho 1 người đăng ký.", "đã hủy: Giảng viên không đến được.",
               buttons=["Danh sách đăng ký", "Xuất danh sách", "Nhập danh sách", "Lịch sử thay đổi", "Tất cả nội dung",
                        "Menu"])  # fmt: skip
    await hoa.presses("Đồng ý hủy sự kiện")
    hoa.reads("Trước đó đã như vậy; không có gì thay đổi và không gửi thông báo cho ai.")
    await town.deliver()
    lan.reads("Giảng viên không đến được.")
    assert await noted(town, event) == ["cancelled"]
    for verb in ("capacity", "move", "cancel", "import"):
        await minh.sends_press(f"manage:{verb}:{event}")
        minh.skips()
        assert "đã hủy" in town.channel.sent[minh.external_id][-1].reply.plain


async def test_sign_up_is_closed_and_opened_again(town: Town) -> None:
    minh = await officer(town)
    event = await offering_id(town)
    await opens(minh, event)
    await minh.presses("Đóng đăng ký")
    minh.reads("Đã đóng đăng ký.", "Đăng ký: đã đóng")
    await minh.sends_press(f"manage:close:{event}")
    minh.reads("Trước đó đã như vậy")
    await minh.presses("Mở lại đăng ký")
    minh.reads("Đã mở lại đăng ký.", "Đăng ký: đang mở")
    assert await noted(town, event) == ["closed", "reopened"]


async def test_nobody_touches_what_others_look_after(town: Town) -> None:
    finance = await officer(town, "Cán bộ Tài chính", "so-tai-chinh")
    await officer(town)
    event = await offering_id(town)
    lan, _ = await applies(town, "Lan", event)
    verbs = ("show", "capacity", "move", "cancel", "close", "reopen", "people", "search", "export", "made", "import",
             "template", "history", "yes", "keep")  # fmt: skip
    for verb in verbs:
        await finance.sends_press(f"manage:{verb}:{event}:all:xlsx")
        finance.reads("Nội dung này không có, hoặc do cơ quan khác quản lý.")
        await lan.sends_press(f"manage:{verb}:{event}:all:xlsx")
        lan.reads("Chỉ cán bộ phụ trách mới thực hiện được việc này.")
    for verb in ("file", "sample"):
        await lan.sends_press(f"manage:{verb}:0")
        lan.reads("Chỉ cán bộ phụ trách")
    viewer = await employ(town, "Người xem", Role.VIEWER, language="vi")
    await viewer.says("/quanly")
    viewer.reads("Chỉ cán bộ phụ trách")
    assert await noted(town, event) == []


async def test_participants_are_paged_filtered_and_found(town: Town) -> None:
    minh = await officer(town)
    event = await offering_id(town)
    async with town.database.transaction() as connection:
        await connection.execute(update(Offering).where(Offering.id == event).values(capacity=9))
    codes = [(await applies(town, f"Số {number:02}", event, number=number))[1].code for number in range(10)]
    await opens(minh, event)
    await minh.presses("Danh sách đăng ký")
    first = minh.reads("Tất cả hồ sơ: 10", "1. Công ty Số 00", "8. Công ty Số 07", codes[0], "1 chỗ")
    assert "Số 08" not in first.plain
    await minh.presses("Xem thêm")
    minh.reads("9. Công ty Số 08", "10. Công ty Số 09", "trong danh sách chờ")
    await minh.presses("Đang chờ chỗ")
    minh.reads("Đang chờ chỗ: 1", "1. Công ty Số 09")
    for typed in (codes[3].lower(), tax_codes(4)[3], "số 03"):
        await minh.presses("Tìm kiếm")
        minh.reads("Mời Anh/Chị gõ mã hồ sơ")
        await minh.says(typed)
        minh.reads(": 1", "1. Công ty Số 03")
        await minh.presses("Toàn bộ danh sách")
        minh.skips()
    await minh.presses("Tìm kiếm")
    minh.skips()
    await minh.says("không có ai")
    minh.reads("Không tìm thấy")
    await minh.says("Số 0")
    minh.reads(": 10", "gõ thêm để thu hẹp")
    await minh.presses("2. Công ty Số 01")
    minh.reads("Công ty Số 01", codes[1])
    all_read(town)


async def test_the_list_as_a_file_and_who_took_it(town: Town) -> None:
    minh = await officer(town)
    event = await offering_id(town)
    await applies(town, "Lan", event, organisation='=HYPERLINK("http://x.vn";"x")')
    await applies(town, "Hộ", event, number=1)
    async with town.database.transaction() as connection:
        code = tax_codes(2)[1]
        await connection.execute(update(Business).where(Business.tax_code == code).values(tax_code="001234567812"))
    await opens(minh, event)
    await minh.presses("Xuất danh sách")
    minh.reads("Tệp có dữ liệu cá nhân", buttons=["Excel (XLSX)", "CSV", "Quay lại nội dung này"])
    await minh.presses("Excel (XLSX)")
    minh.reads("Danh sách gồm 2 hồ sơ.")
    book = load_workbook(io.BytesIO(attached(town, minh)))
    assert book.sheetnames == ["Hồ sơ đăng ký", "Ghi chú"]
    assert book["Hồ sơ đăng ký"]["D2"].value == '=HYPERLINK("http://x.vn";"x")'
    assert book["Hồ sơ đăng ký"]["D2"].data_type == "s"
    notes = [[cell.value for cell in row] for row in book["Ghi chú"].iter_rows()]
    assert ["Người xuất", "Cán bộ Minh"] in notes
    assert ["Phạm vi", "Tất cả hồ sơ"] in notes
    await minh.presses("Xuất danh sách")
    minh.skips()
    await minh.presses("CSV")
    minh.reads("Danh sách gồm 2 hồ sơ.")
    content = attached(town, minh)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1][3] == '\'=HYPERLINK("http://x.vn";"x")'
    assert rows[2][4] == "001•••••••12"
    assert b"001234567812" not in content
    assert await noted(town, event) == ["exported", "exported"]
    await minh.sends_press(f"manage:history:{event}")
    minh.reads("xuất 2 hồ sơ (Cán bộ Minh)")
    async with town.database.reading() as connection:
        # Nobody's for good: the clock forgets them.
        kept = (await connection.execute(select(StoredFile.application_id, StoredFile.draft_id))).all()
    assert list(kept) == [(None, None), (None, None)]


async def imports(minh: PersonInTown, event: int, content: bytes, name: str = "ds.xlsx") -> None:
    await minh.sends_press(f"manage:import:{event}")
    minh.reads("Mời Anh/Chị gửi danh sách dạng Excel (XLSX) hoặc CSV, tối đa 2.000 dòng",
               buttons=["Mẫu danh sách", "Hủy"])  # fmt: skip
    await minh.sends_file(name, content)


async def test_a_list_is_imported_once_and_seats_are_respected(town: Town) -> None:
    minh = await officer(town)
    event = await offering_id(town)
    await applies(town, "Lan", event)
    codes = tax_codes(4)
    content = book_of(HEADING, *((f"Công ty {number}", codes[number], "", "") for number in range(4)))
    await imports(minh, event, content)
    minh.reads(
        "Số dòng trong danh sách: 4",
        "- được xác nhận chỗ ngay: 1",
        "- hết chỗ, xếp cuối danh sách chờ: 2",
        "- đã đăng ký từ trước, giữ nguyên: 1",
        "Không ai nhận được tin nhắn khi nhập.",
        buttons=["Đồng ý nhập", "Không, quay lại"],
    )
    assert await statuses(town, event) == ["confirmed"]
    await minh.presses("Đồng ý nhập")
    minh.reads("Đã nhập danh sách: 1 được ghi nhận, 2 vào danh sách chờ, 1 đã có từ trước.", "Đã dùng 2/2 chỗ")
    assert await statuses(town, event) == ["confirmed", "confirmed", "waitlisted", "waitlisted"]
    async with town.database.reading() as connection:
        causes = (await connection.execute(select(ApplicationEvent.cause))).scalars().all()
        waiting = (
            await connection.execute(
                select(Business.name)
                .join(Application, Application.business_id == Business.id)
                .where(Application.status == "waitlisted")
                .order_by(Application.id)
            )
        ).scalars()
        assert sorted(causes) == ["imported", "imported", "imported", "signed_up"]
        assert list(waiting) == ["Công ty 2", "Công ty 3"]
    await imports(minh, event, content)
    minh.reads("- đã đăng ký từ trước, giữ nguyên: 4", "Vì vậy không có gì để nhập.", buttons=["Quay lại nội dung này"])
    assert len(await statuses(town, event)) == 4
    await minh.sends_press(f"manage:history:{event}")
    minh.reads("nhập danh sách: 1 được ghi nhận, 2 vào danh sách chờ (Cán bộ Minh)")
    await minh.sends_press(f"manage:people:{event}:all:0")
    minh.reads("2. Công ty 1")
    await minh.presses("2. Công ty 1")
    minh.reads("nhập từ danh sách: đã xác nhận chỗ (Cán bộ Minh)")
    await town.deliver()


async def test_who_came_by_a_list_has_to_be_told_otherwise(town: Town) -> None:
    minh = await officer(town)
    event = await offering_id(town)
    lan, _ = await applies(town, "Lan", event)
    await imports(minh, event, book_of(HEADING[:2], ("Công ty A", tax_codes(2)[1])))
    minh.skips()
    await minh.presses("Đồng ý nhập")
    minh.skips()
    await minh.sends_press(f"manage:cancel:{event}")
    minh.skips()
    await minh.says("Phòng họp bị ngập.")
    minh.reads("1 người đăng ký được thông báo ngay.", "1 hồ sơ do cán bộ nhập, không có tài khoản chat")
    await minh.presses("Đồng ý hủy sự kiện")
    minh.reads("đang thông báo cho 1 người đăng ký.")
    await town.deliver()
    lan.reads("Phòng họp bị ngập.")
    assert await statuses(town, event) == ["withdrawn", "withdrawn"]


async def test_every_mistake_is_named_before_anything_changes(town: Town) -> None:
    minh = await officer(town)
    event = await offering_id(town)
    wrong = [(f"Công ty {number}", "12345", "", "") for number in range(12)]
    await imports(minh, event, book_of(HEADING, ("Công ty A", tax_codes(1)[0], "", ""), *wrong))
    first = minh.reads("Chưa nhập dòng nào: có 12 ô cần sửa.", "Dòng 3, cột Mã số thuế:", "Dòng 12,",
                       "Tệp kèm theo ghi đủ tất cả các lỗi.")  # fmt: skip
    assert "Dòng 13" not in first.plain
    assert load_workbook(io.BytesIO(attached(town, minh))).worksheets[0].max_row == 13
    assert await statuses(town, event) == []
    # The list is still waited for.
    await minh.sends_file("ds.csv", "Đơn vị;MST\nCông ty A;0100233488\n".encode())
    minh.reads("- được xác nhận chỗ ngay: 1")
    await minh.presses("Không, quay lại")
    minh.reads("Không có gì thay đổi.")
    assert await statuses(town, event) == []


async def test_what_changes_between_preview_and_confirmation_is_shown_anew(town: Town) -> None:
    minh = await officer(town)
    event = await offering_id(town)
    content = book_of(HEADING, ("Công ty X", tax_codes(9)[8], "", ""), ("Công ty Y", tax_codes(8)[7], "", ""))
    await imports(minh, event, content)
    minh.reads("- được xác nhận chỗ ngay: 2")
    await applies(town, "Lan", event)
    await minh.presses("Đồng ý nhập")
    minh.reads("chưa nhập gì", "- được xác nhận chỗ ngay: 1", "- hết chỗ, xếp cuối danh sách chờ: 1")
    assert await statuses(town, event) == ["confirmed"]
    await minh.presses("Đồng ý nhập")
    minh.reads("Đã nhập danh sách: 1 được ghi nhận")
    assert await statuses(town, event) == ["confirmed", "confirmed", "waitlisted"]


@pytest.mark.parametrize(
    "name, content, told",
    [
        ("ds.pdf", b"%PDF-1.4 x %%EOF", "không phải tệp Excel hoặc CSV"),
        ("ds.csv", b"a;b\n1;2\n", "Không có dòng tiêu đề nào gồm"),
        ("ds.csv", "Tên doanh nghiệp;Mã số thuế\n".encode(), "Không có dòng nào dưới tiêu đề."),
        ("ds.xlsx", b"PK\x03\x04 broken", "ds.xlsx"),
        ("ds.exe", b"MZ\x00\x01", "ds.exe"),
    ],
)
async def test_what_is_no_list_is_said(town: Town, name: str, content: bytes, told: str) -> None:
    minh = await officer(town)
    event = await offering_id(town)
    await imports(minh, event, content, name)
    minh.reads(told, "Mời Anh/Chị gửi danh sách", buttons=["Mẫu danh sách", "Hủy"])
    await minh.says("đây")
    minh.reads("Bước này cần một tệp.")
    assert await statuses(town, event) == []


async def test_the_template_comes_back_as_a_list(town: Town) -> None:
    minh = await officer(town)
    event = await offering_id(town)
    await minh.sends_press(f"manage:import:{event}")
    minh.skips()
    await minh.presses("Mẫu danh sách")
    minh.reads("Mời Anh/Chị điền tệp này rồi gửi lại vào đây.")
    await minh.sends_file("mau.xlsx", attached(town, minh))
    minh.reads("Không có dòng nào dưới tiêu đề.")


async def test_a_programme_takes_a_list_as_received(town: Town) -> None:
    minh = await officer(town)
    programme = await offering_id(town, PROGRAMME)
    await imports(minh, programme, book_of(HEADING[:2], ("Công ty A", tax_codes(1)[0])))
    minh.reads("- ghi nhận là đã tiếp nhận, chờ xử lý: 1")
    await minh.says("1")
    minh.reads("Đã nhập danh sách: 1 được ghi nhận", "Chờ xử lý: 1")
    assert await statuses(town, programme) == ["submitted"]


@pytest.mark.parametrize(
    "typed, start, end",
    [
        ("19/01/2027 08:30-11:30", (2027, 1, 19, 8, 30), (11, 30)),
        ("19/1/2027 8h30 - 11h", (2027, 1, 19, 8, 30), (11, 0)),
        ("8h30-11h30 ngày 19/01/2027", (2027, 1, 19, 8, 30), (11, 30)),
        ("ngày 19.01.2027 từ 8 giờ đến 11 giờ", (2027, 1, 19, 8, 0), (11, 0)),
        ("19-01-2027, 14:00", (2027, 1, 19, 14, 0), None),
    ],
)
def test_a_span_as_people_type_it(typed: str, start: tuple[int, ...], end: tuple[int, int] | None) -> None:
    year, month, day, hour, minute = start
    begins = datetime(year, month, day, hour, minute, tzinfo=HANOI)
    assert parse_span(typed, HANOI) == (begins, begins.replace(hour=end[0], minute=end[1]) if end else None)


@pytest.mark.parametrize(
    "typed", ["", "mai", "19/01/2027", "31/02/2027 08:30", "19/01/2027 25:00", "19/01/2027 11:30-08:30", "x" * 9000]
)
def test_what_is_no_span(typed: str) -> None:
    assert parse_span(typed, HANOI) is None


async def test_managing_in_english(town: Town) -> None:
    bob = await employ(town, "Bob", agency=SCIENCE)
    event = await offering_id(town)
    await applies(town, "Lan", event)
    await bob.says("/manage")
    bob.reads("Manage offerings", "Example: Small-group consultation on technology transfer", "Seats taken: 1 of 2")
    await bob.says("1")
    bob.reads("Sign-up: open", "Confirmed: 1")
    await bob.presses("Number of seats")
    bob.reads("There are 2 seats, 1 are taken.")
    await bob.says("no limit")
    bob.reads("Seats so far: 2; from now on: no limit.", buttons=["Yes, change it", "Type it again", "No, back"])
    await bob.presses("Yes, change it")
    bob.reads("The number of seats has been changed.", "Seats taken: 1, without a limit")
    await bob.presses("Cancel the event")
    bob.reads("Why does the event not take place?")
    await bob.says("The speaker can't come.")
    bob.reads("1 applicant are told at once.")
    await bob.presses("Yes, cancel the event")
    bob.reads("The event has been cancelled")
    await town.deliver()
    all_read(town)
