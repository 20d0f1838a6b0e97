"""A focal point's own page: absence, handover, leaving, having a colleague in, and reports that are somebody else's."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, insert, select

from bot.db.models.people import FocalPoint, FocalPointEvent
from bot.db.models.reporting import Extension, ObligationEvent, PersonalReminder
from bot.messages import Role
from bot.services.agencies import focal_points
from bot.services.agencies.focal_points import Absence
from tests.agencies import ba_dinh, code_in, contact, opens
from tests.chat import Town
from tests.reporting import BA_DINH, appoint, employ, invite, obligation, plan

WARD = "Ủy ban nhân dân phường Ba Đình"


async def test_an_absence_from_the_first_question_to_being_back_early(town: Town) -> None:
    lan = await appoint(town, "Lan", language="vi")
    an = await appoint(town, "An", focal_role="deputy", language="vi")
    await lan.says("/baocao")
    lan.reads(WARD)
    await lan.presses("Đầu mối của cơ quan")
    lan.reads(
        f"Đầu mối của {WARD}",
        "1. Lan (là Anh/Chị): cán bộ phụ trách, từ 23/11/2026",
        "2. An: cán bộ dự phòng, từ 23/11/2026",
        buttons=[
            "Báo vắng mặt", "Mời đồng nghiệp tham gia", "Bàn giao", "Thôi làm đầu mối", "Sửa họ tên",
            "Báo cáo cơ quan", "Menu",
        ],
    )  # fmt: skip
    await lan.presses("Báo vắng mặt")
    lan.reads(
        "từ ngày nào",
        buttons=["thứ Hai 23/11/2026", "thứ Ba 24/11/2026", "thứ Hai 30/11/2026", "Quay lại", "Hủy"],
    )
    await lan.says("hôm qua")
    lan.reads("Nội dung vừa nhập không phải là ngày")
    await lan.says("22/11/2026")
    lan.reads("Ngày bắt đầu phải từ hôm nay")
    await lan.says("1/12")
    lan.reads("Anh/Chị vắng mặt từ thứ Ba 01/12/2026", "Ngày vắng cuối cùng")
    await lan.says("30/11/2026")
    lan.reads("Ngày cuối không thể trước thứ Ba 01/12/2026")
    await lan.presses("thứ Sáu 04/12/2026")
    lan.reads("Ai làm thay", buttons=["An (cán bộ dự phòng)", "Không chỉ định ai", "Quay lại", "Hủy"])
    await lan.says("1")
    lan.reads("Vắng mặt từ thứ Ba 01/12/2026 đến thứ Sáu 04/12/2026", "Người làm thay: An", "đã đúng chưa")
    await lan.presses("Xác nhận")
    lan.reads(
        "Đã ghi nhận Anh/Chị vắng mặt. Đồng nghiệp của Anh/Chị đã được thông báo.",
        "Vắng mặt từ thứ Ba 01/12/2026 đến thứ Sáu 04/12/2026; “An” làm thay",
    )
    await lan.repeats()
    await lan.sends_press("focal:confirm")
    lan.reads("Không còn nội dung nào cần xác nhận")
    await town.deliver()
    an.reads("Lan", "vắng mặt từ thứ Ba 01/12/2026 đến thứ Sáu 04/12/2026", "thay làm đầu mối")
    town.clock.set("2026-12-02T09:00+07:00")
    await opens(lan, town)
    await lan.presses("Tôi đã trở lại")
    lan.reads("Chào mừng Anh/Chị trở lại")
    await lan.sends_press(f"focal:returned:{await ba_dinh(town)}")
    lan.reads("Hiện không có ghi nhận Anh/Chị vắng mặt")
    await town.deliver()
    an.reads("Lan", "tiếp tục làm đầu mối")


async def test_an_absence_that_is_called_off(town: Town) -> None:
    lan = await appoint(town, "Lan")
    agency = await ba_dinh(town)
    for press in (f"away:{agency}", "day:2026-12-01", "day:2026-12-01", "confirm"):
        await lan.sends_press(f"focal:{press}")
        lan.skips()
    await lan.presses("I will not be away after all")
    reply = lan.reads("It is noted that you will be there")
    assert "Away from" not in reply.text


async def test_the_only_focal_point_is_warned_before_being_away(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await opens(lan, town)
    await lan.presses("I will be away")
    lan.reads("From which day")
    await lan.says("2")
    lan.reads("You are away from Tuesday 24 November 2026")
    await lan.says("24/11/2026")
    lan.reads("nobody would see the reminders", buttons=["Confirm", "Back", "Cancel"])
    await lan.presses("Back")
    lan.reads("Which is the last day")
    await lan.presses("Back")
    lan.reads("From which day")
    await lan.presses("Back")
    lan.reads("Focal points of People's Committee of Ba Đình Ward")


async def open_things(town: Town, name: str) -> tuple[int, int]:
    """A reminder that somebody asked for and a request for more time: (obligation, its owner)."""
    await plan(town)
    owed, owner = await obligation(town), await contact(town, name)
    now = town.clock()
    async with town.database.transaction() as connection:
        await connection.execute(
            insert(PersonalReminder).values(obligation_id=owed, contact_id=owner, due_at=now, status="planned")
        )
        await connection.execute(
            insert(Extension).values(
                obligation_id=owed, until=now.date(), reason="-", status="asked", asked_by=owner, asked_at=now
            )
        )
    return owed, owner


async def test_handing_over_to_a_colleague(town: Town) -> None:
    lan = await appoint(town, "Lan", language="vi")
    an = await appoint(town, "An", focal_role="deputy", language="vi")
    owed, _ = await open_things(town, "Lan")
    absence = Absence(town.clock().date(), date(2026, 11, 25), None)
    async with town.database.transaction() as connection:
        await focal_points.be_away(connection, await ba_dinh(town), await contact(town, "An"), absence, town.clock())
    await opens(lan, town)
    await lan.presses("Bàn giao")
    away = "An (cán bộ dự phòng, đang vắng)"
    lan.reads("cán bộ phụ trách", buttons=[away, "Người chưa có tài khoản (lấy mã)", "Quay lại", "Menu"])
    await lan.presses(away)
    lan.reads("“An” vắng mặt từ thứ Hai 23/11/2026 đến thứ Tư 25/11/2026.", "Báo cáo phải nộp:", "Bàn giao ngay")
    await lan.presses("Đồng ý bàn giao")
    lan.reads("Anh/Chị đã bàn giao cho “An”")
    await lan.presses("Đồng ý bàn giao")
    lan.reads("không phải là đầu mối của cơ quan này, hoặc không còn là đầu mối")
    await town.deliver()
    an.reads("Lan", "đã bàn giao cho Anh/Chị", "Báo cáo phải nộp:", "1. ")
    successor = await contact(town, "An")
    async with town.database.reading() as connection:
        roles = (await connection.execute(select(FocalPoint.contact_id, FocalPoint.role))).all()
        assert [tuple(row) for row in roles] == [(successor, "holder")]
        assert await connection.scalar(select(PersonalReminder.contact_id)) == successor
        assert await connection.scalar(select(Extension.asked_by)) == successor
        told = select(func.count()).where(ObligationEvent.obligation_id == owed, ObligationEvent.what == "handed over")
        assert await connection.scalar(told) == 1


async def test_handing_over_by_a_code(town: Town) -> None:
    lan = await appoint(town, "Lan", language="vi")
    await open_things(town, "Lan")
    await opens(lan, town)
    await lan.presses("Bàn giao")
    lan.reads("cho ai")
    await lan.presses("Người chưa có tài khoản (lấy mã)")
    lan.reads("Trước lúc đó Anh/Chị vẫn phụ trách")
    await lan.presses("Tạo mã")
    first = code_in(lan.reads("Mã cho người kế nhiệm", f"Mã đầu mối của {WARD} (cán bộ phụ trách)"))
    await lan.presses("Tạo mã")
    second = code_in(lan.reads("Mã cho người kế nhiệm"))
    hoa = town.person("Hoa")
    await hoa.says(f"/lienket {first}")
    hoa.reads("Mã này đã hết hạn")
    await lan.says(f"/lienket {second}")
    lan.reads("Mã này do chính Anh/Chị tạo cho người kế nhiệm")
    await opens(lan, town)
    await hoa.says(f"/lienket {second}")
    hoa.reads("Anh/Chị đã được ghi nhận là đầu mối", "(cán bộ phụ trách)", "Báo cáo phải nộp:", "1. ")
    await town.deliver()
    lan.reads("Hoa", "đã nhận bàn giao đầu mối", "không còn nhận nhắc việc")
    await lan.says("/baocao")
    lan.reads("chưa liên kết với cơ quan nào")


async def test_a_code_for_a_successor_can_be_withdrawn(town: Town) -> None:
    lan = await appoint(town, "Lan")
    agency = await ba_dinh(town)
    await lan.sends_press(f"focal:coded:{agency}")
    code = code_in(lan.reads("Code for your successor"))
    reply = await opens(lan, town)
    assert "Your code for a successor can be used until 09:00 Monday 7 December 2026." in reply.text
    await lan.presses("Withdraw the code for my successor")
    lan.reads("The code no longer works")
    hoa = town.person("Hoa", language="en")
    await hoa.says(f"/link {code}")
    hoa.reads("This code has expired")


async def test_a_successor_of_somebody_who_was_removed_meanwhile_is_appointed(town: Town) -> None:
    lan = await appoint(town, "Lan")
    agency = await ba_dinh(town)
    await lan.sends_press(f"focal:coded:{agency}")
    code = code_in(lan.reads())
    await lan.sends_press(f"focal:left:{agency}")
    lan.reads("You are no longer focal point")
    hoa = town.person("Hoa", language="en")
    await hoa.says(f"/link {code}")
    hoa.reads("This code has expired")


async def test_leaving_warns_when_nobody_would_be_left_and_tells_the_staff(town: Town) -> None:
    lan = await appoint(town, "Lan", language="vi")
    minh = await employ(town, "Minh", agency="so-cong-thuong", language="vi")
    await opens(lan, town)
    await lan.presses("Thôi làm đầu mối")
    lan.reads("sẽ không còn đầu mối nào", buttons=["Bàn giao", "Đồng ý thôi làm đầu mối", "Quay lại", "Menu"])
    await lan.presses("Đồng ý thôi làm đầu mối")
    lan.reads("Anh/Chị không còn là đầu mối")
    await lan.presses("Đồng ý thôi làm đầu mối")
    lan.reads("không phải là đầu mối của cơ quan này")
    await town.deliver()
    minh.reads("Cơ quan không còn đầu mối", WARD, buttons=["Cấp mã", "Xem cơ quan", "Menu"])
    async with town.database.reading() as connection:
        what = (await connection.scalars(select(FocalPointEvent.what).order_by(FocalPointEvent.id.desc()))).first()
    assert what == "left"


async def test_leaving_while_a_colleague_stays_tells_nobody(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await appoint(town, "An", focal_role="deputy")
    await employ(town, "Minh", agency="so-cong-thuong")
    agency = await ba_dinh(town)
    await lan.sends_press(f"focal:leave:{agency}")
    lan.reads("You are the only officer in charge")
    await lan.presses("Yes, I leave")
    lan.reads("You are no longer focal point")
    await town.deliver()


async def test_a_colleague_is_had_in(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await opens(lan, town)
    await lan.presses("Invite a colleague")
    lan.reads("In which role?", buttons=["Officer in charge", "Deputy", "Head of the agency", "Back", "Menu"])
    await lan.says("2")
    code = code_in(lan.reads("Code for a colleague", "(deputy)", "/link ", "https://nhipcau.test/?start="))
    an = town.person("An", language="en")
    await an.says(f"/link {code}")
    an.reads("(deputy)")


async def test_strangers_change_nothing(town: Town) -> None:
    lan = await appoint(town, "Lan")
    mai = await appoint(town, "Mai", "phuong-bach-mai")
    agency, lans = await ba_dinh(town), await contact(town, "Lan")
    await plan(town)
    owed = await obligation(town)
    for press in (
        f"page:{agency}", f"away:{agency}", f"returned:{agency}", f"handover:{agency}", f"given:{agency}:{lans}",
        f"coded:{agency}", f"calloff:{agency}", f"left:{agency}", f"invited:{agency}:holder", f"emailask:{agency}",
        f"emailoff:{agency}",
    ):  # fmt: skip
        await mai.sends_press(f"focal:{press}")
        mai.reads("You do not answer for this agency")
    for press in (f"notmine:{owed}", f"route:{owed}:{lans}", f"routecode:{owed}"):
        await mai.sends_press(f"focal:{press}")
        mai.reads("belongs to an agency that you do not answer for")
    mais = await contact(town, "Mai")
    await lan.sends_press(f"focal:given:{agency}:{mais}")
    lan.reads("not a focal point of the agency any more")
    await lan.sends_press(f"focal:given:{agency}:{lans}")
    lan.reads("not a focal point of the agency any more")
    await lan.sends_press("focal:nonsense")
    lan.reads("There is nothing to confirm any more")


async def test_a_report_that_is_a_colleagues(town: Town) -> None:
    lan = await appoint(town, "Lan", language="vi")
    an = await appoint(town, "An", focal_role="deputy", language="vi")
    await plan(town)
    owed = await obligation(town)
    await lan.sends_press(f"focal:notmine:{owed}")
    lan.reads(
        "Ai phụ trách báo cáo này?",
        buttons=[
            "An (cán bộ dự phòng)",
            "Người chưa có tài khoản (lấy mã)",
            "Tôi không rõ ai phụ trách",
            "Tôi không còn phụ trách",
            "Quay lại",
            "Menu",
        ],
    )
    await lan.presses("An (cán bộ dự phòng)")
    lan.reads(
        "Đã chuyển cho “An”; người này đã được thông báo. Hệ thống không nhắc Anh/Chị về báo cáo này nữa.",
        "Anh/Chị đã chuyển báo cáo này cho An nên không được nhắc nữa.",
        buttons=[
            "Đã nhận",
            "Nộp báo cáo",
            "Xin gia hạn",
            "Biểu mẫu Word, Excel",
            "Lịch sử",
            "Báo cáo này là của tôi",
            "Tất cả báo cáo",
            "Menu",
        ],
    )
    await lan.presses("An (cán bộ dự phòng)")
    lan.reads("Báo cáo đã được chuyển cho “An”")
    await town.deliver()
    an.reads("Lan", "cho biết báo cáo này do Anh/Chị phụ trách", buttons=["Mở báo cáo", "Không phải tôi", "Menu"])
    async with town.database.reading() as connection:
        passed = select(func.count()).where(ObligationEvent.what == "not mine", ObligationEvent.obligation_id == owed)
        assert await connection.scalar(passed) == 1
        noted = select(func.count()).where(FocalPointEvent.what == "not mine")
        assert await connection.scalar(noted) == 1


async def test_a_report_of_somebody_who_is_not_here_yet(town: Town) -> None:
    lan = await appoint(town, "Lan", focal_role="head")
    await plan(town)
    await lan.sends_press(f"focal:notmine:{await obligation(town)}")
    lan.reads("Who looks after this report?")
    await lan.presses("Somebody who is not here yet")
    code = code_in(
        lan.reads("(officer in charge)", "You stay focal point", "At the moment nobody of your agency is reminded")
    )
    hoa = town.person("Hoa", language="en")
    await hoa.says(f"/link {code}")
    hoa.reads("(officer in charge)")


async def test_somebody_who_left_says_so_under_a_reminder(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await appoint(town, "An", focal_role="deputy")
    await plan(town)
    owed = await obligation(town)
    await lan.sends_press(f"focal:notmine:{owed}")
    lan.reads("Who looks after this report?")
    await lan.presses("I do not answer for the agency any more")
    lan.reads("Better hand over to a colleague", buttons=["Hand over", "Yes, I leave", "Back", "Menu"])
    await lan.presses("Yes, I leave")
    lan.reads("You are no longer focal point")
    async with town.database.reading() as connection:
        both = (
            await connection.scalars(select(ObligationEvent.what).where(ObligationEvent.obligation_id == owed))
        ).all()
    assert list(both) == ["not mine"]


async def test_somebody_without_a_name_says_theirs(town: Town) -> None:
    nameless = town.person("", language="vi")
    await nameless.says(f"/lienket {await invite(town.database, town, agency=BA_DINH)}")
    nameless.reads("Đã liên kết tài khoản", buttons=["Cho biết họ tên", "Báo cáo cơ quan", "Menu"])
    await nameless.presses("Cho biết họ tên")
    nameless.reads("Họ và tên của Anh/Chị là gì?", buttons=["Hủy"])
    for wrong in ("7", "0912345678", "x" * 61, "<b>Lan</b>"):
        await nameless.says(wrong)
        nameless.reads("chỉ gồm chữ cái", "Họ và tên")
    await nameless.says("  Nguyễn Thị   Lan ")
    nameless.reads("Xin cảm ơn", "1. Nguyễn Thị Lan (là Anh/Chị): cán bộ phụ trách")
    await nameless.presses("Sửa họ tên")
    nameless.reads("Họ và tên")
    await nameless.says("/huy")
    nameless.reads("Đã hủy")


async def test_a_member_of_staff_without_a_name_says_theirs(town: Town) -> None:
    nameless = town.person("", language="vi")
    await nameless.sends_press("focal:name:0")
    nameless.reads("không phải là đầu mối")
    await nameless.says(f"/lienket {await invite(town.database, town, role=Role.OPERATOR)}")
    nameless.reads("Đã liên kết tài khoản", buttons=["Cho biết họ tên", "Menu"])
    await nameless.presses("Cho biết họ tên")
    nameless.reads("Họ và tên của Anh/Chị là gì? Đồng nghiệp")
    await nameless.says("Lê Minh")
    nameless.reads("Họ tên của Anh/Chị đã được ghi nhận", buttons=["Menu"])
    await nameless.sends_press("privacy:mine")
    nameless.reads("Lê Minh")
    await nameless.presses("Sửa họ tên")
    nameless.reads("Họ và tên của Anh/Chị là gì?")
