"""Staff look at duties and change them: by a file, by a switch; what would move is shown, and only that is done."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select

from bot.db.engine import Database
from bot.db.models.reporting import Obligation
from bot.messages import Role
from bot.services.answering.knowledge import Knowledge
from bot.services.duties import definitions
from bot.services.messages.quiet_hours import QuietHours
from bot.services.planning import difference_notices
from content.duty_file import write_duty_file
from content.duty_model import Duty
from handlers.duties.duty_pages import reference
from tests.chat import PersonInTown, Town
from tests.reporting import REPORT, appoint, employ, obligation, plan, quiet_hours

HALF = "half-year-report"
DECIDE = ["Đồng ý, thực hiện", "Không, quay lại"]


async def editor(town: Town, name: str = "Bình", *, language: str = "vi") -> PersonInTown:
    return await employ(town, name, Role.EDITOR, agency="so-cong-thuong", language=language)


async def due_dates(database: Database, duty: str) -> dict[str, int]:
    """How many reports of a duty are due on each day, those left out that are no longer owed."""
    async with database.reading() as connection:
        rows = await connection.execute(
            select(Obligation.due_on, func.count())
            .where(Obligation.duty == duty, Obligation.status != "withdrawn")
            .group_by(Obligation.due_on)
            .order_by(Obligation.due_on)
        )
        return {f"{due_on}": count for due_on, count in rows}


def file_of(town: Town, was: str, becomes: str, slug: str = REPORT) -> bytes:
    """The duty's own file, changed in one place."""
    text = write_duty_file(town.conversation.known.duties[slug])
    assert text.count(f"\n  {was}") == 1
    return text.replace(f"\n  {was}", f"\n  {becomes}").encode()


async def test_the_list_and_a_page_say_everything(town: Town) -> None:
    binh = await editor(town)
    await binh.says("/chedo")
    binh.reads(
        "Hằng năm · 131 cơ quan\nHạn kế tiếp: thứ Tư 16/12/2026 (mặc định, chờ xác nhận)",
        "Hạn kế tiếp: thứ Hai 21/12/2026 (mặc định, chờ xác nhận)",
        "6 tháng một lần · 131 cơ quan\nĐang tắt",
        "Kế hoạch không quy định ngày.",
    )
    await binh.says("1")
    binh.reads(
        "Đang áp dụng\nMặc định, chờ xác nhận: Kế hoạch không quy định ngày, biểu mẫu và đề cương.",
        "Kỳ báo cáo: từ 15/12/2025 đến 14/12/2026",
        "Hạn nộp: 2 ngày làm việc sau ngày chốt số liệu; rơi vào ngày nghỉ thì chuyển sang ngày làm việc kế tiếp",
        "Cơ quan nộp: các sở, ngành, UBND các phường, UBND các xã (131 cơ quan); trừ Sở Công Thương",
        "Nơi nhận: Sở Công Thương\nCơ quan xem xét: Sở Công Thương",
        "- trước hạn 15 ngày làm việc: cán bộ phụ trách, lãnh đạo",
        "- quá hạn 5 ngày làm việc: cán bộ phụ trách, cán bộ dự phòng, lãnh đạo, cơ quan nhận",
        "1. Công tác chỉ đạo, triển khai (bắt buộc)",
        "- Truyền thông, phổ biến: Sự kiện truyền thông",
        buttons=["Tải tệp", "Lịch sử thay đổi", "Gửi tệp đã sửa", "Tắt", "Tất cả chế độ báo cáo"],
    )
    await binh.presses("Lịch sử thay đổi")
    binh.reads("Chưa ai sửa chế độ báo cáo này qua trợ lý")


async def test_in_english(town: Town) -> None:
    await plan(town)
    binh = await editor(town, language="en")
    await binh.says("/duties")
    binh.reads("Every year · 131 agencies", "Next due: Wednesday 16 December 2026 (default, awaiting confirmation)")
    await binh.says("4")
    binh.reads(
        "Switched off",
        "Would be due next: Wednesday 16 December 2026",
        "Owed by: departments, wards, communes (131 agencies); except Department of Industry and Trade",
        "3 working days before: holder, deputy",
    )
    await binh.presses("Switch on")
    binh.reads("Changed: switched on", "393 reports are added", "due Wednesday 16 December 2026")
    await binh.presses("No, back")
    binh.reads("Nothing was changed.")


async def test_a_file_is_downloaded_changed_and_sent_back(town: Town) -> None:
    await plan(town)
    binh = await editor(town)
    await binh.says("/chedo")
    binh.skips()
    await binh.presses("1. Báo cáo hằng năm kết quả thực hiện Kế hoạch số…")
    binh.skips()
    await binh.presses("Tải tệp")
    sent = binh.reads("Phần đầu tệp giải thích từng mục.").attachment
    assert sent is not None
    assert sent.name == "yearly-report-to-sct.yaml"
    content = (town.files / sent.path).read_text(encoding="utf-8")
    assert content.startswith("# CHẾ ĐỘ BÁO CÁO")
    await binh.presses("Gửi tệp đã sửa")
    binh.reads("Anh/Chị gửi tệp (YAML)", buttons=["Hủy"])
    await binh.sends_file(sent.name, content.encode())
    binh.reads("Nội dung tệp giống nội dung hiện có")
    was, becomes = "due: {working_days_after_cut_off: 2}", "due: {day_of_month: 20}"
    await binh.sends_file(sent.name, file_of(town, was, becomes))
    binh.reads(
        "Thay đổi: hạn nộp\nHạn nộp: ngày 20 của tháng cuối kỳ",
        "- 262 kỳ báo cáo đổi ngày",
        "- Sở Nông nghiệp và Môi trường: hạn nộp 16/12/2026 đổi thành thứ Hai 21/12/2026",
        "Báo cáo đã nộp hoặc đã trả lại, hạn đã được gia hạn và lời nhắc đã gửi giữ nguyên.",
        buttons=DECIDE,
    )
    assert await due_dates(town.database, REPORT) == {"2026-12-16": 131, "2027-12-16": 131}
    await binh.presses(DECIDE[0])
    binh.reads("Đã thực hiện.\n- 262 kỳ báo cáo đổi ngày", "Hạn kế tiếp: thứ Hai 21/12/2026", "Sửa gần nhất: Bình")
    assert await due_dates(town.database, REPORT) == {"2026-12-21": 131, "2027-12-20": 131}
    await binh.presses("Lịch sử thay đổi")
    binh.reads("Bình\nhạn nộp\nyearly-report-to-sct.yaml\n\nTrước đó: theo tệp nội dung của hệ thống.")
    # Focal points read the new duty as soon as their process has taken it in.
    lan = await appoint(town, "Lan")
    assert await town.conversation.knowledge.refresh(town.database)
    assert town.conversation.known.duties[REPORT].due != town.conversation.knowledge.files.duties[REPORT].due
    await lan.says("/reports")
    lan.reads("21 Dec", "working days left")
    lan.skips()


async def test_focal_points_who_know_of_a_report_hear_of_its_new_date(town: Town) -> None:
    lan, minh = await appoint(town, "Lan", language="vi"), await appoint(town, "Minh", "phuong-bach-mai", language="vi")
    await plan(town)
    lan_s = await obligation(town)
    await lan.sends_press(f"report:ack:{lan_s}")
    lan.skips()
    binh = await editor(town)
    await binh.sends_press("duty:file")
    binh.skips()
    await binh.sends_file("a.yaml", file_of(town, "due: {working_days_after_cut_off: 2}", "due: {day_of_month: 20}"))
    binh.skips()
    await binh.presses(DECIDE[0])
    binh.skips()
    await town.deliver()
    lan.reads(
        "Hạn nộp báo cáo thay đổi\n\nChế độ báo cáo đã được điều chỉnh.\n\n"
        "- Báo cáo hằng năm kết quả thực hiện Kế hoạch số 50/KH-UBND gửi Sở Công Thương: "
        "hạn nộp 16/12/2026 đổi thành thứ Hai 21/12/2026",
        buttons=["Báo cáo cơ quan"],
    )
    minh.nothing_unread()
    await binh.sends_press(f"duty:off:{reference(REPORT)}")
    binh.skips()
    await binh.presses(DECIDE[0])
    binh.skips()
    await town.deliver()
    lan.reads("không còn phải nộp")


async def test_mistakes_are_named_by_line_and_nothing_changes(town: Town) -> None:
    await plan(town)
    binh = await editor(town)
    await binh.sends_press("duty:file")
    binh.skips()
    await binh.sends_file("a.yaml", file_of(town, "frequency: yearly", "frequency: quaterly"))
    binh.reads("Tệp có 1 lỗi nên chưa thay đổi gì:\nDòng", "“frequency” phải là một trong: weekly, monthly, quarterly")
    await binh.sends_file("a.yaml", file_of(town, 'source: "V.1.b"', 'source: "V.12"'))
    binh.reads("Kế hoạch không có mục V.12")
    await binh.sends_file("a.yaml", file_of(town, "received_by: [so-cong-thuong]", "received_by: [so-y-te]"))
    binh.reads("so-y-te")
    await binh.sends_file("a.yaml", b"offerings: []\n")
    binh.reads("tệp phải có duties: và danh sách ở dưới")
    await binh.sends_file("a.txt", b"xin chao")
    binh.reads("tệp", buttons=["Hủy"])
    await binh.says("ngày 20")
    binh.reads("Bước này cần một tệp.", buttons=["Hủy"])
    await binh.says("/huy")
    binh.reads("Đã hủy. Không có gì thay đổi.")
    async with town.database.reading() as connection:
        assert await definitions.version(connection) == 0


async def test_a_new_duty_begins_to_be_owed(town: Town) -> None:
    await plan(town)
    binh = await editor(town)
    await binh.sends_press("duty:file")
    binh.skips()
    text = """\
duties:
  - slug: weekly-figures
    title: {vi: "Số liệu tuần", en: "Weekly figures"}
    source: "V.1.b"
    legal_basis: {vi: "Công văn đề nghị", en: "A letter that asks for it"}
    frequency: weekly
    cut_off: {weekday: 5}
    due: {working_days_after_cut_off: 1}
    on_day_off: next
    owed_by: {agencies: [phuong-ba-dinh]}
    received_by: [so-cong-thuong]
    reminders: [0]
    default: true
"""
    await binh.sends_file("tuan.yaml", text.encode())
    binh.reads("Số liệu tuần\nThay đổi: chế độ báo cáo mới", "Ba Đình: hạn nộp thứ Hai")
    await binh.says("1")
    binh.reads("Đã thực hiện.", "tuần kết thúc vào thứ Sáu", "Ba Đình (1 cơ quan)")
    assert len(await due_dates(town.database, "weekly-figures")) >= 55


async def test_a_switch_is_pressed_twice_or_late_or_by_somebody_else(town: Town) -> None:
    await plan(town)
    binh, hoa = await editor(town), await editor(town, "Hoa")
    for person in (binh, hoa):
        await person.sends_press(f"duty:on:{reference(HALF)}")
        person.reads("- thêm 393 kỳ báo cáo", buttons=DECIDE)
    await binh.presses(DECIDE[0])
    binh.reads("Đã thực hiện.\n- thêm 393 kỳ báo cáo", "Đang áp dụng")
    await binh.sends_press("duty:yes:12345678")
    binh.reads("Nút này thuộc một bước trước nên không có tác dụng.")
    # The second one's preview no longer holds, and says so instead of doing something else.
    await hoa.presses(DECIDE[0])
    hoa.reads("Trong lúc chờ đã có thay đổi khác", "Không kỳ báo cáo nào bị ảnh hưởng.", buttons=DECIDE)
    await hoa.presses(DECIDE[1])
    hoa.reads("Chế độ báo cáo")
    assert sum((await due_dates(town.database, HALF)).values()) == 393
    await hoa.sends_press(f"duty:off:{reference(HALF)}")
    hoa.reads("- 393 kỳ báo cáo không còn phải nộp", buttons=DECIDE)
    await hoa.presses(DECIDE[0])
    hoa.reads("Đã thực hiện.", "Đang tắt")
    assert await due_dates(town.database, HALF) == {}
    async with town.database.reading() as connection:
        versions = await definitions.history(connection, HALF)
    assert [(each.by, each.duty.enabled) for each in versions if each.duty] == [
        ("", False),
        ("Bình", True),
        ("Hoa", False),
    ]


async def test_who_may_only_look_and_who_may_not(town: Town) -> None:
    await plan(town)
    viewer = await employ(town, "Vân", Role.VIEWER, language="vi")
    await viewer.says("/chedo")
    viewer.reads("Chế độ báo cáo", "16/12/2026")
    await viewer.sends_press(f"duty:on:{reference(HALF)}")
    viewer.reads("Đang tắt", buttons=["Tải tệp", "Lịch sử thay đổi", "Tất cả chế độ báo cáo"])
    await viewer.sends_press("duty:file")
    viewer.reads("Chỉ biên tập viên của cơ quan phụ trách mới sửa được")
    ward = await employ(town, "Ngọc", Role.EDITOR, agency="phuong-ba-dinh", language="vi")
    await editor(town)
    await ward.sends_press("duty:file")
    ward.skips()
    await ward.sends_file("a.yaml", file_of(town, "enabled: true", "enabled: false"))
    ward.reads("«yearly-report-to-sct» do cơ quan khác phụ trách")
    lan = await appoint(town, "Lan", language="vi")
    await lan.says("/chedo")
    lan.reads("Chế độ báo cáo do cán bộ được phân công quản lý.")
    await lan.sends_press(f"duty:on:{reference(HALF)}")
    lan.reads("Chế độ báo cáo do cán bộ được phân công quản lý.")
    await lan.says("duties")
    assert "Chế độ báo cáo do cán bộ" not in lan.reads().plain
    await viewer.sends_press("duty:page:0000000000")
    viewer.reads("Chế độ báo cáo này không còn nữa.")


async def test_what_the_content_files_changed_is_told_once_and_confirmed(town: Town) -> None:
    await plan(town)
    admin = await employ(town, "Đức", Role.ADMIN, language="vi")
    knowledge = town.conversation.knowledge
    assert await watch(town) == []
    later = Duty.model_validate(
        {**knowledge.files.duties[REPORT].model_dump(by_alias=True), "due": {"day_of_month": 20}}
    )
    duties = {**knowledge.files.duties, REPORT: later}
    changed = knowledge.content.model_copy(update={"duties": duties})
    town.conversation = replace(
        town.conversation, knowledge=Knowledge(changed, knowledge.words, changed, knowledge.index)
    )
    assert await watch(town) == ["obligations differ from what is asked: 1 told"]
    assert await watch(town) == []
    town.clock.advance(days=1)
    assert await watch(town) == []
    await town.deliver()
    admin.reads("Chưa có gì thay đổi.", "- 262 kỳ báo cáo đổi ngày", buttons=["Xem những gì sẽ thay đổi"])
    assert await due_dates(town.database, REPORT) == {"2026-12-16": 131, "2027-12-16": 131}
    await admin.presses("Xem những gì sẽ thay đổi")
    admin.reads("hạn nộp 16/12/2026 đổi thành thứ Hai 21/12/2026", buttons=DECIDE)
    await admin.presses(DECIDE[0])
    admin.reads("Đã thực hiện.")
    assert await due_dates(town.database, REPORT) == {"2026-12-21": 131, "2027-12-20": 131}
    await admin.sends_press("duty:pending")
    admin.reads("Không có gì cần thay đổi.")


async def watch(town: Town) -> list[str]:
    quiet: QuietHours = quiet_hours(town)
    conversation = town.conversation
    return await difference_notices.watch(
        town.database, conversation.knowledge.files, conversation.translators, quiet=quiet, now=town.clock()
    )
