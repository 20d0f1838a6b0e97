"""Staff enter a day off or a worked day, or confirm a year; due dates and reminders follow after confirmation."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from bot.db.models.calendar import CalendarOverride
from bot.messages import Role
from bot.services.calendar import working_days
from bot.services.files import folder
from bot.services.reporting import history
from tests.chat import PersonInTown, Town
from tests.reporting import BA_DINH, REPORT, appoint, employ, obligation, plan, steps
from tests.test_duty_chat import due_dates, editor

DECIDE = ["Đồng ý, thực hiện", "Quay lại", "Hủy"]
DOCUMENT = "Công văn số 1/VPCP-KGVX ngày 01/12/2026"


async def test_a_year_shows_its_days(town: Town) -> None:
    binh = await editor(town)
    await binh.says("/lich")
    binh.reads(
        "Lịch làm việc năm 2026",
        "Lịch nghỉ của năm này đã được công bố.",
        "- thứ Sáu 02/01/2026: Nghỉ hoán đổi dịp Tết Dương lịch 2026 (Công văn số 12729/VPCP-KGVX ngày 25/12/2025)",
        "- thứ Ba 24/11/2026: Ngày Văn hóa Việt Nam (theo chủ trương tại Nghị quyết 80-NQ/TW, cần xác nhận)",
        "Ngày cuối tuần làm bù:\n- thứ Bảy 10/01/2026: Làm bù cho ngày 02/01/2026",
        buttons=["2025", "2027", "Thêm ngày nghỉ", "Thêm ngày làm bù", "Gửi tệp các ngày", "Tải tệp CSV",
                 "Lịch sử thay đổi", "Chế độ báo cáo", "Menu"],
    )  # fmt: skip
    await binh.presses("Lịch sử thay đổi")
    binh.reads("Lịch làm việc năm 2026: lịch sử thay đổi", "Chưa ai sửa lịch năm này", buttons=["Quay lại", "Menu"])
    await binh.presses("Quay lại")
    binh.reads("Lịch làm việc năm 2026")
    await binh.presses("2027")
    binh.reads("Dự kiến: lịch nghỉ năm 2027 chưa được công bố.", "thứ Bảy 06/02/2027: Tết Nguyên Đán")
    lan = await appoint(town, "Lan")
    await lan.says("/calendar 2026")
    lan.reads("Monday 31 August 2026: Day off (substituted from 22/08/2026)")
    await lan.says("/calendar 2027")
    lan.reads(
        "Working calendar 2027", "Provisional", "Wednesday 24 November 2027: Vietnam Cultural Day (by the resolution",
        buttons=["2026", "2028", "Menu"],
    )  # fmt: skip


async def test_a_day_off_moves_what_is_due_on_it(town: Town) -> None:
    await plan(town)
    lan = await appoint(town, "Lan", language="vi")
    await lan.sends_press(f"report:ack:{await obligation(town, BA_DINH)}")
    lan.skips()
    binh = await editor(town)
    await binh.sends_press("calendar:off:2026")
    binh.reads("Ngày nào? Anh/Chị nhập theo dạng 11/02/2027.", buttons=["Hủy"])
    for typed, problem in {
        "mai mốt": "Ngày chưa đúng.",
        "20/12/2026": "Chủ nhật 20/12/2026 vốn đã là ngày nghỉ.",
        "20/11/2026": "thứ Sáu 20/11/2026 đã qua",
        "16/12/2060": "còn quá xa",
    }.items():
        await binh.says(typed)
        binh.reads(problem, "Ngày nào?", buttons=["Hủy"])
    await binh.says("16/12/2026")
    binh.reads("thứ Tư 16/12/2026 là ngày gì?", buttons=["Quay lại", "Hủy"])
    await binh.says("1")
    binh.reads("Đề nghị nhập từ 3 đến 120 ký tự.")
    await binh.says("Nghỉ thử nghiệm")
    binh.reads("Theo văn bản nào?", buttons=["Quay lại", "Hủy"])
    await binh.presses("Quay lại")
    binh.reads("là ngày gì?")
    await binh.says("Nghỉ hoán đổi")
    binh.skips()
    await binh.says(DOCUMENT)
    binh.reads(
        f"thứ Tư 16/12/2026 là ngày nghỉ: Nghỉ hoán đổi\nVăn bản: {DOCUMENT}",
        "- 131 kỳ báo cáo đổi ngày",
        "Sở Nông nghiệp và Môi trường: hạn nộp 16/12/2026 đổi thành thứ Năm 17/12/2026",
        buttons=DECIDE,
    )
    assert (await due_dates(town.database, REPORT))["2026-12-16"] == 131
    await binh.says("1")
    binh.reads("Đã thực hiện.\n- 131 kỳ báo cáo đổi ngày", f"- thứ Tư 16/12/2026: Nghỉ hoán đổi ({DOCUMENT})")
    assert (await due_dates(town.database, REPORT))["2026-12-17"] == 131
    async with town.database.reading() as connection:
        events = await history.of(connection, await obligation(town, BA_DINH))
    assert [(each.name, each.details["because"]) for each in events[2:]] == [("Bình", "calendar")]
    await town.deliver()
    lan.reads(
        "Hạn nộp báo cáo thay đổi\n\nLịch làm việc đã được điều chỉnh.",
        "hạn nộp 16/12/2026 đổi thành thứ Năm 17/12/2026",
        buttons=["Báo cáo cơ quan"],
    )
    town.clock.advance(minutes=5)
    await binh.presses("Bỏ ngày 16/12/2026")
    binh.reads("bỏ nội dung đã nhập", "hạn nộp 17/12/2026 đổi thành thứ Tư 16/12/2026", buttons=[DECIDE[0], "Hủy"])
    await binh.presses(DECIDE[0])
    binh.reads("Đã thực hiện.")
    assert (await due_dates(town.database, REPORT))["2026-12-16"] == 131
    await town.deliver()
    lan.reads("hạn nộp 17/12/2026 đổi thành thứ Tư 16/12/2026")
    await binh.sends_press("calendar:remove:2026-12-16")
    binh.reads("Ngày này không còn trong danh sách đã nhập.")
    await binh.presses("Lịch sử thay đổi")
    entry = f"ngày nghỉ, Nghỉ hoán đổi ({DOCUMENT})"
    binh.reads(
        f"Bình\n- thứ Tư 16/12/2026 đã bỏ; trước đó: {entry}\n\n",
        f"Bình\n- thứ Tư 16/12/2026 nhập mới: {entry}",
    )
    town.clock.advance(minutes=5)
    await _enter(binh, "off", "16/12/2026")
    binh.skips()
    await binh.presses(DECIDE[0])
    binh.reads("Đã thực hiện.")
    await town.deliver()
    lan.reads("hạn nộp 16/12/2026 đổi thành thứ Năm 17/12/2026")


async def test_a_worked_saturday_moves_only_reminders(town: Town) -> None:
    await plan(town)
    before = await steps(town, await obligation(town))
    binh = await editor(town)
    await _enter(binh, "work", "12/12/2026")
    binh.reads("thứ Bảy 12/12/2026 là ngày làm việc: Ngày thử", "Các kỳ báo cáo:\n- dời", buttons=DECIDE)
    await binh.presses(DECIDE[0])
    binh.reads("Đã thực hiện.\n- dời", "Ngày cuối tuần làm bù:", "- thứ Bảy 12/12/2026: Ngày thử")
    assert (await due_dates(town.database, REPORT))["2026-12-16"] == 131
    assert await steps(town, await obligation(town)) == before


async def test_two_change_the_calendar_at_once(town: Town) -> None:
    await plan(town)
    binh, hoa = await editor(town), await editor(town, "Hoa")
    await _enter(binh, "off", "16/12/2026")
    binh.reads("thành thứ Năm 17/12/2026")
    await _enter(hoa, "off", "17/12/2026")
    hoa.skips()
    await hoa.presses(DECIDE[0])
    hoa.reads("Đã thực hiện.")
    await binh.presses(DECIDE[0])
    binh.reads("Trong lúc chờ đã có thay đổi khác", "thành thứ Sáu 18/12/2026", buttons=DECIDE)
    await binh.presses(DECIDE[0])
    binh.reads("Đã thực hiện.")
    assert (await due_dates(town.database, REPORT))["2026-12-18"] == 131
    await binh.sends_press("calendar:remove:2026-01-02")
    binh.reads("thứ Sáu 02/01/2026 đã qua; chỉ sửa được từ hôm nay trở đi.")
    await _enter(binh, "work", "28/11/2026")
    binh.skips()
    town.clock.advance(days=6)
    await binh.presses(DECIDE[0])
    binh.reads("thứ Bảy 28/11/2026 đã qua", "Ngày nghỉ:")
    await binh.sends_press("calendar:yes:abcd")
    binh.reads("Nút này thuộc một bước trước nên không có tác dụng.")


async def test_a_year_is_announced(town: Town) -> None:
    await plan(town)
    binh = await editor(town)
    await binh.says("/lich 2027")
    binh.skips()
    await binh.presses("Đã công bố lịch nghỉ 2027")
    binh.reads("Văn bản nào công bố lịch nghỉ năm 2027?", buttons=["Hủy"])
    await binh.says(DOCUMENT)
    binh.reads("Năm 2027, công bố theo", "Không có hạn nộp nào bị dời", buttons=DECIDE)
    await binh.presses("Đồng ý, thực hiện")
    binh.reads("Đã ghi nhận.", f"Đã công bố: {DOCUMENT} (Bình nhập).")
    async with town.database.reading() as connection:
        calendar = await working_days.load(connection)
    assert not calendar.is_provisional(date(2027, 2, 1))
    assert calendar.is_provisional(date(2028, 2, 1))
    await binh.presses("Bỏ xác nhận năm 2027")
    binh.reads("Năm này trở lại là dự kiến.", "Dự kiến")
    await binh.presses("Lịch sử thay đổi")
    binh.reads(
        f"- Lịch nghỉ năm 2027 trở lại là dự kiến; trước đó: công bố theo {DOCUMENT}",
        f"- Lịch nghỉ năm 2027 đã công bố theo: {DOCUMENT}",
    )


async def test_a_year_goes_out_and_comes_back_as_a_file(town: Town) -> None:
    await plan(town)
    binh = await editor(town)
    await binh.sends_press("calendar:get:2026")
    sent = binh.reads("Các ngày nghỉ và ngày cuối tuần làm bù của năm 2026", buttons=["Gửi tệp đã sửa", "Quay lại"])
    assert sent.attachment is not None
    assert sent.attachment.name == "lich-lam-viec-2026.csv"
    content = folder.path_of(town.files, sent.attachment.path).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    head, *lines = content.decode("utf-8-sig").splitlines()
    assert head == '"Ngày";"Loại";"Tên ngày";"Văn bản"'
    swap = "Công văn số 12729/VPCP-KGVX ngày 25/12/2025"
    assert lines[1] == f'"02/01/2026";"nghỉ";"Nghỉ hoán đổi dịp Tết Dương lịch 2026";"{swap}"'
    assert f'"10/01/2026";"làm việc";"Làm bù cho ngày 02/01/2026";"{swap}"' in lines
    await binh.presses("Gửi tệp đã sửa")
    binh.reads("Ngày, Loại, Tên ngày, Văn bản", "“nghỉ”, “làm việc”, “bỏ”", buttons=["Tải lịch 2026 (CSV)", "Hủy"])
    await binh.sends_file("lich.csv", content)
    binh.reads("Nội dung tệp giống nội dung hiện có, không có gì cần sửa.")
    bad = [
        "30/02/2026;nghỉ;Tên;Văn bản",
        "17/12/2026;nghi phep;Tên;Văn bản",
        "02/01/2026;làm việc;Làm;Văn bản",
        "20/12/2026;nghỉ;Chủ nhật;Văn bản",
        "18/12/2026;làm việc;Tên;Văn bản",
        "16/12/2026;nghỉ;Nghỉ hoán đổi;",
        "16/12/2026;nghỉ;Nghỉ hoán đổi;Văn bản",
        "24/11/2026;bỏ;;",
    ]
    await binh.sends_file("lich.csv", "\n".join([head, *bad]).encode())
    binh.reads(
        "Tệp có 8 lỗi nên chưa thay đổi gì:",
        "Dòng 2: “30/02/2026” không phải là ngày.",
        "Dòng 3: “nghi phep” không phải là loại ngày; cần ghi một trong các từ “nghỉ”, “làm việc”, “bỏ”.",
        "Dòng 4: thứ Sáu 02/01/2026 đã qua",
        "Dòng 5: Chủ nhật 20/12/2026 vốn đã là ngày nghỉ.",
        "Dòng 6: thứ Sáu 18/12/2026 vốn đã là ngày làm việc.",
        "Dòng 7: văn bản: Đề nghị nhập từ 3 đến 200 ký tự.",
        "Dòng 8: thứ Tư 16/12/2026 đã có ở dòng 7.",
        "Dòng 9: thứ Ba 24/11/2026 không phải là ngày do cán bộ nhập",
    )
    for name, other in {"lich.csv": b"a;b\n1;2\n", "lich.xlsx": b"PK\x03\x04 broken", "lich.pdf": b"%PDF-1.4"}.items():
        await binh.sends_file(name, other)
        binh.reads("Sửa lịch bằng tệp", buttons=["Tải lịch 2026 (CSV)", "Hủy"])
    culture = f"24/11/2026;nghỉ;Ngày Văn hóa Việt Nam;{DOCUMENT}"
    good = [*lines, f"16/12/2026;Nghỉ;Nghỉ hoán đổi;{DOCUMENT}", f"12/12/2026;làm bù;Làm bù;{DOCUMENT}"]
    good = [culture if line.startswith('"24/11') else line for line in good]
    await binh.sends_file("lich.csv", "\r\n".join([head, *good]).encode())
    binh.reads(
        f"- thứ Ba 24/11/2026 là ngày nghỉ: Ngày Văn hóa Việt Nam ({DOCUMENT})\n- thứ Bảy 12/12/2026",
        f"- thứ Tư 16/12/2026 là ngày nghỉ: Nghỉ hoán đổi ({DOCUMENT})",
        "- 131 kỳ báo cáo đổi ngày",
        "hạn nộp 16/12/2026 đổi thành thứ Năm 17/12/2026",
        "lich.csv",
        buttons=["Đồng ý, thực hiện", "Hủy"],
    )
    await binh.says("ừ")
    binh.reads("gửi tệp khác", buttons=["Đồng ý, thực hiện", "Hủy"])
    await binh.presses("Đồng ý, thực hiện")
    binh.reads("Đã thực hiện.\n- 131 kỳ báo cáo đổi ngày", f"- thứ Tư 16/12/2026: Nghỉ hoán đổi ({DOCUMENT})")
    assert (await due_dates(town.database, REPORT))["2026-12-17"] == 131
    town.clock.advance(minutes=5)
    await binh.sends_press("calendar:file:2026")
    binh.skips()
    english = f"Name;Document;Day;Kind\nExchange;{DOCUMENT};16/12/2026;day off\n;;12/12/2026;take out\n"
    await binh.sends_file("days.csv", english.encode())
    binh.skips()
    await binh.presses("Đồng ý, thực hiện")
    binh.reads("Đã thực hiện.\n- ")
    await binh.presses("Lịch sử thay đổi")
    binh.reads(
        f"Bình\n- thứ Bảy 12/12/2026 đã bỏ; trước đó: ngày làm việc, Làm bù ({DOCUMENT})\n"
        f"- thứ Tư 16/12/2026 sửa thành: ngày nghỉ, Exchange ({DOCUMENT}); trước đó: ngày nghỉ, Nghỉ hoán đổi (",
    )


async def test_others_only_look(town: Town) -> None:
    await plan(town)
    viewer = await employ(town, "Vân", Role.VIEWER, language="vi")
    ward = await employ(town, "Ngọc", Role.EDITOR, agency=BA_DINH, language="vi")
    for person in (viewer, ward):
        for press in ("calendar:off:2026", "calendar:announce:2027", "calendar:remove:2026-01-02", "calendar:file:2026",
                      "calendar:yes:1"):  # fmt: skip
            await person.sends_press(press)
            person.reads("Lịch làm việc năm", buttons=None)
    async with town.database.reading() as connection:
        assert len(list(await connection.scalars(select(CalendarOverride.day)))) == 2
    binh = await editor(town)
    await binh.sends_press("calendar:off:2026")
    binh.skips()
    await binh.says("/huy")
    binh.reads("Đã hủy. Không có gì thay đổi.")


async def _enter(person: PersonInTown, verb: str, day: str) -> None:
    """Everything up to the preview, which is left to read."""
    await person.sends_press(f"calendar:{verb}:2026")
    person.skips()
    for words in (day, "Ngày thử", DOCUMENT):
        person.skips()
        await person.says(words)
