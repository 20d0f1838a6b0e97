"""Who has handed in, as members of staff read it; reminding exactly the agencies of a list; the list as a workbook."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from bot.db.models.people import Agency
from bot.db.models.reporting import ObligationEvent
from bot.messages import Role
from bot.services.compliance import selections
from tests.chat import PersonInTown, Town
from tests.compliance import BACH_MAI, BO_DE, COMMUNE, LATE, ON_TIME, WARD, change, owe, small_city
from tests.reporting import appoint, employ, plan, statements

LEAD = "so-cong-thuong"
FIGURES = (
    "Kỳ báo cáo: từ 15/12/2025 đến 14/12/2026",
    "Hạn nộp: thứ Sáu 20/11/2026 (quá hạn 3 ngày làm việc)",
    "1 cơ quan có hạn nộp khác",
    "██████░░░░ 60%",
    "Số cơ quan phải nộp: 5\nĐã nộp: 3 (60%)\n  – đúng hạn: 2 (40%)\n  – muộn: 1\n"
    "Trong số đã nộp: đã tiếp nhận 1; chờ tiếp nhận 1; trả lại để chỉnh sửa 1\n"
    "Chưa nộp: 2\n  – còn trong hạn: 1\n  – quá hạn: 1\nChưa mở xem lần nào: 1",
    "- Sở, ngành: 1/1 cơ quan đã nộp (100%), đúng hạn 1 (100%)",
    "- Phường: 2/3 cơ quan đã nộp (66,7%), đúng hạn 1 (33,3%)",
    "- Xã: 0/1 cơ quan đã nộp (0%), đúng hạn 0 (0%)",
    "Hạn nộp là mặc định, chờ xác nhận",
)


async def receiver(town: Town, *, language: str = "vi") -> PersonInTown:
    return await employ(town, "Thu", agency=LEAD, language=language)


async def nudged(town: Town, number: int) -> int:
    async with town.database.reading() as connection:
        counted = await connection.scalar(
            select(func.count()).where(ObligationEvent.what == "nudged", ObligationEvent.obligation_id == number)
        )
    return counted or 0


async def test_from_all_duties_to_one_agency(town: Town) -> None:
    thu = await receiver(town)
    await small_city(town)
    await owe(town, WARD, year=2025, status="accepted", first_submitted_at=ON_TIME.replace(year=2025))
    await owe(town, BO_DE, year=2025, duty="yearly-report-to-sct")
    await thu.says("/tinhhinh")
    thu.reads(
        "1. Báo cáo hằng năm",
        "██████░░░░ 3/5 cơ quan đã nộp (60%), đúng hạn 2 (40%)",
        "Quá hạn: 1 · Chờ tiếp nhận: 1 · Trả lại để chỉnh sửa: 1",
        "Số liệu lúc 09:00 thứ Năm 26/11/2026.",
        buttons=["1. Báo cáo hằng năm kết quả thực hiện Kế hoạch số…", "Cập nhật", "Menu"],
    )
    await thu.says("1")
    thu.reads(
        *FIGURES,
        buttons=[
            "Chưa nộp (2)", "Quá hạn (1)", "Chưa nộp, còn trong hạn (1)", "Chưa mở xem (1)", "Trả lại để chỉnh sửa (1)",
            "Chờ tiếp nhận (1)", "Nộp muộn (1)", "Nộp đúng hạn (2)", "Đã tiếp nhận (1)", "Tất cả cơ quan phải nộp (5)",
            "So với các kỳ khác", "Báo cáo tổng hợp", "Tất cả chế độ báo cáo", "Menu",
        ],
    )  # fmt: skip
    await thu.presses("Báo cáo tổng hợp")
    thu.reads("Báo cáo hằng năm", "14/12/2026")
    await thu.presses("Tất cả cơ quan phải nộp (5)")
    listed = thu.reads(
        "Tất cả cơ quan phải nộp (5)",
        "1 đến 5 trong số 5",
        "Sở Xây dựng\n    đã tiếp nhận · đúng hạn",
        "phường Ba Đình\n    chờ tiếp nhận · muộn 1 ngày làm việc",
        "phường Bạch Mai\n    đã trả lại, hạn nộp lại 25/11/2026 (quá hạn 1 ngày làm việc) · đúng hạn · bản 2 · "
        "chưa có đầu mối",
        "phường Bồ Đề\n    quá hạn 3 ngày làm việc · chưa mở xem · chưa có đầu mối",
        "xã Ba Vì\n    còn 6 ngày làm việc · đã xác nhận · dự kiến nộp ngày 01/12/2026 · chưa có đầu mối",
    )
    labels = [button.label for row in listed.buttons for button in row]
    assert labels[5:] == [
        "Sở, ngành (1)", "Phường (3)", "Xã (1)", "Tải danh sách này (Excel)", "Cả kỳ báo cáo", "Menu",
    ]  # fmt: skip
    await thu.presses("Phường (3)")
    thu.reads("Tất cả cơ quan phải nộp, Phường (3)", "1 đến 3 trong số 3")
    await thu.says("3")
    thu.reads(
        "Ủy ban nhân dân phường Bồ Đề",
        "Hạn nộp: thứ Sáu 20/11/2026 (quá hạn 3 ngày làm việc)",
        "Chưa ai của cơ quan mở xem kỳ báo cáo này.",
        "Chưa nhắc được: chưa có đầu mối. Đề nghị gọi điện cho cơ quan",
        "Các kỳ trước:\n- từ 15/12/2024 đến 14/12/2025: quá hạn",
        buttons=[
            "Nhắc cơ quan này", "Lịch sử", "Đầu mối của cơ quan", "Về danh sách", "Cả kỳ báo cáo", "Menu",
        ],
    )  # fmt: skip
    await thu.presses("Lịch sử")
    thu.reads("Chưa có hoạt động nào.")
    await thu.presses("Quay lại báo cáo")
    thu.reads("Ủy ban nhân dân phường Bồ Đề", "Chưa ai của cơ quan mở xem")
    await thu.presses("Về danh sách")
    thu.reads("Tất cả cơ quan phải nộp, Phường (3)")
    await thu.presses("So với các kỳ khác")
    thu.reads(
        "Qua các kỳ: Báo cáo hằng năm",
        "1. từ 15/12/2025 đến 14/12/2026\n██████░░░░ 3/5 cơ quan đã nộp (60%), đúng hạn 2 (40%)\n"
        "▲ 10 điểm phần trăm so với kỳ trước (1 cơ quan chưa đến hạn)",
        "2. từ 15/12/2024 đến 14/12/2025\n█████░░░░░ 1/2 cơ quan đã nộp (50%), đúng hạn 1 (50%)",
    )
    await thu.says("2")
    thu.reads("Kỳ báo cáo: từ 15/12/2024 đến 14/12/2025", "Số cơ quan phải nộp: 2")


async def test_in_english_for_a_viewer_who_only_looks(town: Town) -> None:
    vy = await employ(town, "Vy", Role.VIEWER)
    numbers = await small_city(town)
    await vy.says("progress")
    vy.reads("Progress of reports", "3 of 5 handed in (60%), on time 2 (40%)", "Overdue: 1 · Waiting for review: 1")
    await vy.presses("1. Yearly report on plan 50/KH-UBND to the Department of…")
    page = vy.reads("Handed in: 3 (60%)", "Of these accepted: 1; waiting for review: 1; returned: 1")
    assert "Consolidated report" not in [button.label for row in page.buttons for button in row]
    await vy.presses("Overdue (1)")
    vy.reads(
        "Overdue (1)",
        "overdue by 3 working days · never opened · no focal point",
        buttons=[
            "1. People's Committee of Bồ Đề Ward", "Wards (1)", "This list as Excel", "The whole period", "Menu",
        ],
    )  # fmt: skip
    await vy.says("1")
    vy.reads("Nobody of the agency has opened it yet.", buttons=["Back to the list", "The whole period", "Menu"])
    anchor = numbers[BO_DE]
    rightly = selections.fingerprint([anchor])
    for press in (f"track:nudge:{anchor}", f"track:nudged:{anchor}:{rightly}", f"track:nudge:{anchor}:overdue:all"):
        await vy.sends_press(press)
        vy.reads("Only officers who receive this report can remind agencies.")
    assert await nudged(town, anchor) == 0


async def test_others_see_nothing(town: Town) -> None:
    numbers = await small_city(town)
    lan = await appoint(town, "Lan")
    for attempt in ("list", "period", "agency", "xlsx", "nudge", "nudged"):
        await lan.sends_press(f"track:{attempt}:{numbers[WARD]}:all:all:0")
        lan.reads("Only members of staff can see how all agencies hand in.", "“Agency reports”")
    await lan.says("/progress")
    lan.reads("Only members of staff", buttons=["Agency reports", "Menu"])


async def test_exactly_the_agencies_of_the_list_are_reminded_once(town: Town) -> None:
    thu = await receiver(town)
    numbers = await small_city(town)
    lan = await appoint(town, "Lan", BO_DE, language="vi")
    await appoint(town, "Lan", COMMUNE)
    hoa = await appoint(town, "Hoa", BACH_MAI, language="vi")
    mai = await appoint(town, "Mai", WARD)
    third = await owe(town, "phuong-cau-giay")
    thu.skips()
    await thu.sends_press(f"track:list:{numbers[WARD]}:missing:all:0")
    thu.reads("Chưa nộp (3)")
    await thu.presses("Nhắc các cơ quan này")
    thu.reads(
        "Báo cáo hằng năm",
        "Danh sách: Chưa nộp (3)",
        "Sẽ nhắc 2 cơ quan: 1 người nhận được tin nhắn.",
        "1 cơ quan chưa có đầu mối liên lạc được, đề nghị gọi điện: Ủy ban nhân dân phường Cầu Giấy",
        "Anh/Chị có gửi lời nhắc không?",
        buttons=["Nhắc 2 cơ quan", "Quay lại"],
    )
    await town.deliver()
    lan.nothing_unread()
    await thu.presses("Nhắc 2 cơ quan")
    thu.reads("Đã nhắc 2 cơ quan (1 người).", "1 cơ quan chưa có đầu mối liên lạc được", "Chưa nộp (3)")
    await thu.presses("Nhắc 2 cơ quan")
    thu.reads("2 cơ quan hôm nay đã được nhắc, không nhắc lại.", "Chưa nộp (3)")
    await town.deliver()
    lan.reads("Sở Công Thương đề nghị cơ quan nộp báo cáo", "1. Báo cáo hằng năm", "2. Báo cáo hằng năm")
    assert [await nudged(town, each) for each in (numbers[BO_DE], numbers[COMMUNE], third, numbers[BACH_MAI])] == [
        1, 1, 0, 0,
    ]  # fmt: skip
    await thu.presses("Nhắc các cơ quan này")
    thu.reads("2 cơ quan hôm nay đã được nhắc", "1 cơ quan chưa có đầu mối liên lạc được", "Chưa nộp (3)")
    for person in (hoa, mai):
        person.nothing_unread()


async def test_a_list_that_changed_is_shown_again_before_anything_is_sent(town: Town) -> None:
    thu = await receiver(town)
    numbers = await small_city(town)
    lan = await appoint(town, "Lan", BO_DE)
    hoa = await appoint(town, "Hoa", BACH_MAI)
    kim = await appoint(town, "Kim", COMMUNE)
    thu.skips()
    await thu.sends_press(f"track:nudge:{numbers[WARD]}:missing:all")
    thu.reads("Sẽ nhắc 2 cơ quan: 2 người nhận được tin nhắn.")
    await change(town, numbers[COMMUNE], status="submitted", first_submitted_at=LATE, submitted_at=LATE)
    await thu.presses("Nhắc 2 cơ quan")
    thu.reads("Danh sách vừa thay đổi.", "Sẽ nhắc 1 cơ quan: 1 người", buttons=["Nhắc 1 cơ quan", "Quay lại"])
    await thu.presses("Nhắc 1 cơ quan")
    thu.reads("Đã nhắc 1 cơ quan (1 người).", "Chưa nộp (1)")
    await change(town, numbers[BO_DE], status="accepted", first_submitted_at=LATE, submitted_at=LATE)
    await thu.presses("Nhắc 1 cơ quan")
    thu.reads("Danh sách này không còn cơ quan nào cần nhắc.", "Hiện không có cơ quan nào trong danh sách này.")
    await town.deliver()
    lan.reads("asks for your report")
    # Nothing to do for those who have handed in, whatever a forged button says.
    for which in ("accepted", "late", "all", "review"):
        await thu.sends_press(f"track:nudge:{numbers[WARD]}:{which}:all")
        thu.reads("Danh sách này không còn cơ quan nào cần nhắc.")
    for person in (hoa, kim):
        person.nothing_unread()


async def test_two_officers_at_once_remind_once(town: Town) -> None:
    officers = [await employ(town, name, agency=LEAD) for name in ("Thu", "Vân")]
    numbers = await small_city(town)
    lan = await appoint(town, "Lan", BO_DE)
    press = f"track:nudged:{numbers[BO_DE]}:{selections.fingerprint([numbers[BO_DE]])}"
    for each in officers:
        each.skips()
    await asyncio.gather(*(each.sends_press(press) for each in officers))
    said = sorted(each.reads().text.partition("\n")[0] for each in officers)
    assert said == [
        "1 agency has already been reminded today and is not reminded again.", "Reminded: 1 agency, 1 person.",
    ]  # fmt: skip
    await town.deliver()
    lan.reads("asks for your report")
    assert await nudged(town, numbers[BO_DE]) == 1


async def test_one_agency_is_reminded_and_at_night_the_message_waits(town: Town) -> None:
    thu = await receiver(town, language="en")
    numbers = await small_city(town)
    hoa = await appoint(town, "Hoa", BACH_MAI)
    town.clock.set("2026-11-26T22:00+07:00")
    await thu.sends_press(f"track:agency:{numbers[BACH_MAI]}:returned:ward:0")
    thu.reads("1 focal point can be reminded.", "Handed in on time.", "To be corrected by Wednesday 25 November 2026")
    await thu.presses("Remind this agency")
    thu.reads(
        "1 agency would be reminded now, by messages to 1 person.",
        "they go out at 07:30 Friday 27 November 2026",
        buttons=["Remind 1 agency", "Back"],
    )
    await thu.presses("Remind 1 agency")
    thu.reads("Reminded: 1 agency, 1 person.", "People's Committee of Bạch Mai Ward")
    await town.deliver()
    hoa.nothing_unread()
    town.clock.set("2026-11-27T07:31+07:00")
    await town.deliver()
    hoa.reads("asks for your report")
    assert await nudged(town, numbers[BACH_MAI]) == 1


async def test_the_list_as_a_workbook_in_which_nothing_can_run(town: Town) -> None:
    thu = await receiver(town, language="en")
    numbers = await small_city(town)
    await change(town, numbers[WARD], document_number="=cmd|' /C calc'!A0")
    await thu.sends_press(f"track:list:{numbers[WARD]}:all:ward:0")
    thu.reads("Wards (3)")
    await thu.presses("This list as Excel")
    reply = thu.reads("The list with 3 agencies.", buttons=["Back to the list", "The whole period", "Menu"])
    assert reply.attachment is not None
    assert reply.attachment.name == "tinh-hinh-nop-yearly-report-to-sct-20261214-20261126-0900.xlsx"
    book = load_workbook(town.files / reply.attachment.path)
    assert book.sheetnames == ["Danh sách", "Số liệu của kỳ", "Ghi chú"]
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    heading, *rows = book["Danh sách"].iter_rows(values_only=True)
    lines = [dict(zip(heading, row, strict=True)) for row in rows]
    assert [(each["Cơ quan"], each["Trạng thái"], each["Số ngày làm việc quá hạn"]) for each in lines] == [
        ("Ủy ban nhân dân phường Ba Đình", "Chờ tiếp nhận", 1),
        ("Ủy ban nhân dân phường Bạch Mai", "Trả lại để chỉnh sửa", 0),
        ("Ủy ban nhân dân phường Bồ Đề", "Quá hạn", 3),
    ]
    assert lines[0]["Số văn bản"] == "=cmd|' /C calc'!A0"
    assert f"{lines[0]['Nộp lần đầu lúc']:%d/%m/%Y %H:%M}" == "24/11/2026 08:00"
    assert [each["Đúng hạn hay muộn"] for each in lines] == ["muộn", "đúng hạn", None]
    assert lines[2]["Đầu mối"] == "chưa có đầu mối"
    assert [row[:7] for row in book["Số liệu của kỳ"].iter_rows(min_row=2, values_only=True)] == [
        ("Sở, ngành", 1, 1, 100, 1, 100, 0),
        ("Phường", 3, 2, 66.7, 1, 33.3, 1),
        ("Xã", 1, 0, 0, 0, 0, 0),
        ("Tất cả các loại cơ quan", 5, 3, 60, 2, 40, 1),
    ]


async def test_before_any_report_is_owed(town: Town) -> None:
    thu = await receiver(town)
    await thu.says("/tinhhinh")
    thu.reads("Chưa có kỳ báo cáo nào.", "kiểm tra chế độ báo cáo đã được bật hay chưa", buttons=["Cập nhật", "Menu"])


@pytest.mark.parametrize(
    "press",
    ["track:period:99999", "track:list:0:all:all:0", "track:agency:x", "track:duty:99999:0", "track:xlsx:7:a:b"],
)
async def test_a_period_that_is_gone(town: Town, press: str) -> None:
    thu = await receiver(town)
    await thu.sends_press(press)
    thu.reads("Kỳ báo cáo này không còn", buttons=["Tình hình nộp báo cáo", "Menu"])


async def test_odd_buttons_lead_somewhere_sensible(town: Town) -> None:
    thu = await receiver(town)
    numbers = await small_city(town)
    anchor = numbers[BO_DE]
    for press, shown in (
        ("track", "Tình hình nộp báo cáo"),
        ("track:duties:9999", "Tình hình nộp báo cáo"),
        (f"track:duty:{anchor}:9999", "Qua các kỳ"),
        (f"track:list:{anchor}:nonsense:planet:0", "Tất cả cơ quan phải nộp (5)"),
        (f"track:list:{anchor}:all:all:9999", "1 đến 5 trong số 5"),
        (f"track:list:{anchor}:late:commune:0", "Hiện không có cơ quan nào trong danh sách này."),
        (f"track:somewhere:{anchor}", "Số cơ quan phải nộp: 5"),
        (f"track:period:{anchor}:more:and:more", "Số cơ quan phải nộp: 5"),
    ):
        await thu.sends_press(press)
        thu.reads(shown)
    late = await owe(town, BO_DE, year=2025, status="accepted", first_submitted_at=ON_TIME)
    await thu.sends_press(f"track:period:{late}")
    thu.reads("Hạn nộp: thứ Năm 20/11/2025\n", "Đã nộp: 1 (100%)", "  – muộn: 1")
    await change(town, anchor, status="withdrawn")
    await thu.sends_press(f"track:agency:{anchor}")
    thu.reads("Kỳ báo cáo này không còn")
    await thu.sends_press(f"track:period:{anchor}")
    thu.reads("Số cơ quan phải nộp: 4")


async def test_a_whole_city_a_page_at_a_time_with_as_many_statements_as_a_small_one(town: Town) -> None:
    thu = await receiver(town)
    numbers = await small_city(town)
    page = f"track:list:{numbers[WARD]}:all:all:0"
    with statements(town) as few:
        await thu.sends_press(page)
    thu.skips()
    async with town.database.reading() as connection:
        wards = list(await connection.scalars(select(Agency.slug).where(Agency.kind == "ward").order_by(Agency.id)))
    for slug in wards:
        if slug not in numbers:
            await owe(town, slug, status="accepted", first_submitted_at=ON_TIME, due_on=date(2026, 11, 20))
    with statements(town) as many:
        await thu.sends_press(page)
    thu.skips()
    assert len(few) == len(many)
    await thu.presses("Xem thêm")
    thu.reads("11 đến 20 trong số 53", buttons=None)
    await thu.presses("Trang trước")
    thu.reads("1 đến 10 trong số 53")


async def test_a_duty_laid_out_for_everybody(town: Town) -> None:
    thu = await receiver(town)
    await plan(town)
    await thu.says("/tinhhinh")
    page = thu.reads("0/131 cơ quan đã nộp (0%)", "Tình hình nộp báo cáo")
    assert len(page.plain) < 4096
    await thu.says("1")
    thu.reads("Số cơ quan phải nộp: 131", "Chưa mở xem lần nào: 131", "- Phường: 0/51", "- Xã: 0/75")
    await thu.presses("Chưa nộp (131)")
    thu.reads("1 đến 10 trong số 131", "Sở Khoa học và Công nghệ")
    await thu.presses("Nhắc các cơ quan này")
    asked = thu.reads("131 cơ quan chưa có đầu mối liên lạc được", "và 121 cơ quan khác")
    assert len(asked.plain) < 4096
