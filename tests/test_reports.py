"""What a focal point does about reports in the chat, as transcripts."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from sqlalchemy import select

from bot.db.models.reporting import Extension, Obligation
from bot.messages import Role
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.reporting import extensions
from handlers.reporting import report_answers
from tests.chat import PersonInTown, Town
from tests.handing_in import hand_in
from tests.reporting import appoint, employ, obligation, plan, steps, tick

ACTIONS = ["Acknowledge", "Hand in the report", "Ask for more time"]
MORE = ["Word and Excel forms", "Report history", "Not mine"]
AWAY = ["All reports", "Menu"]


async def reminded(town: Town, name: str = "Lan", *, language: str = "en") -> PersonInTown:
    """The holder of Ba Đình, who has just read the reminder of 7 December."""
    person = await appoint(town, name, language=language)
    await tick(town, "2026-12-07T08:30+07:00")
    person.skips()
    return person


async def due_on(town: Town) -> date | None:
    async with town.database.reading() as connection:
        found: date | None = await connection.scalar(
            select(Obligation.due_on).where(Obligation.id == await obligation(town))
        )
        return found


async def test_the_list_of_a_department(town: Town) -> None:
    await plan(town)
    lan = await appoint(town, "Lan", "so-cong-thuong")
    await lan.says("/reports")
    lan.reads(
        "Department of Industry and Trade",
        "1. Consolidated yearly report on plan 50/KH-UBND",
        "Due: Monday 21 December 2026 (19 working days left) *",
        "2. Yearly plan for implementing plan 50/KH-UBND",
        "Due: Monday 1 February 2027",
        "V.1.a: Raise awareness",
        "V.7: ",
        "V.9.a: ",
        "the plan itself fixes no day",
    )
    await lan.presses("Tasks in full")
    lan.reads("V.1.b: Lead the implementation", "V.9.b", "section V", buttons=AWAY)


async def test_the_list_and_a_page_in_vietnamese(town: Town) -> None:
    an = await reminded(town, "An", language="vi")
    await an.says("/baocao")
    an.reads("phường Ba Đình", "Hạn nộp: thứ Tư 16/12/2026 (còn 7 ngày làm việc)", "V.7", "Nhiệm vụ theo mục V")
    await an.says("1")
    an.reads(
        "Báo cáo hằng năm",
        "Nơi nhận: Sở Công Thương",
        "Căn cứ: Kế hoạch số 50/KH-UBND",
        buttons=[
            "Đã nhận",
            "Nộp báo cáo",
            "Xin gia hạn",
            "Biểu mẫu Word, Excel",
            "Lịch sử",
            "Không phải tôi",
            "Tất cả báo cáo",
            "Menu",
        ],
    )
    await an.presses("Đã nhận")
    an.reads("Cảm ơn Anh/Chị", "Anh/Chị xác nhận lúc 08:30 thứ Hai 07/12/2026")


async def test_somebody_without_an_agency_learns_how_to_link(town: Town) -> None:
    lan = town.person("Lan", language="en")
    await lan.says("/reports")
    lan.reads("not linked with an agency", "/link", buttons=["I have a code", "Menu"])
    await lan.presses("I have a code")
    lan.reads("Link your account")
    await lan.says("/cancel")
    lan.reads("Cancelled")


async def test_acknowledging_once_is_enough(town: Town) -> None:
    lan = await reminded(town)
    await lan.presses("Acknowledge")
    lan.reads(
        "your agency knows of this report",
        "Acknowledged by you at 08:30 Monday 7 December 2026.",
        "For which day do you plan to hand it in?",
        buttons=[
            "Monday 7 December 2026",
            "Tuesday 8 December 2026",
            "Thursday 10 December 2026",
            "Monday 14 December 2026",
            "Wednesday 16 December 2026",
            "I don't know yet",
        ],
    )
    await lan.presses("I don't know yet")
    lan.reads("Acknowledged by you", buttons=["Hand in the report", "Ask for more time", "Plan a day", *MORE, *AWAY])
    town.clock.advance(minutes=5)
    await lan.sends_press(f"report:ack:{await obligation(town)}")
    lan.reads("had been acknowledged before", "by you at 08:30")
    minh = await appoint(town, "Minh", focal_role="deputy")
    await minh.sends_press(f"report:ack:{await obligation(town)}")
    minh.reads("had been acknowledged before", "Acknowledged by Lan at 08:30")


async def test_other_agencies_are_none_of_ones_business(town: Town) -> None:
    await reminded(town)
    hung = await appoint(town, "Hùng", "phuong-bach-mai")
    number = await obligation(town)
    for verb in ("open", "ack", "submit", "extend", "confirm"):
        await hung.sends_press(f"report:{verb}:{number}")
        refusal = hung.reads("you do not answer for", buttons=["Agency reports", "Menu"])
        assert "Ba Đình" not in refusal.plain
    async with town.database.reading() as connection:
        status = await connection.scalar(select(Obligation.status).where(Obligation.id == number))
    assert status == "open"


@pytest.mark.parametrize(
    "action", ["report:ack:0", "report:ack:x", "report:ack:99999999999999999999999", "report:tasks:-1"]
)
async def test_forged_buttons_get_a_sentence(town: Town, action: str) -> None:
    lan = await reminded(town)
    await lan.sends_press(action)
    lan.reads("no longer exists")


async def test_an_unknown_button_is_no_longer_valid(town: Town) -> None:
    lan = await reminded(town)
    for action in ("report", "report:", "report:explode:1", "report:ack", "extension:grant", "extension:eat:1"):
        await lan.sends_press(action)
        lan.reads("no longer valid")


async def test_another_conversation_is_not_lost_without_asking(town: Town) -> None:
    lan = await reminded(town)
    await lan.says("/link")
    lan.reads("Link your account")
    await lan.sends_press(f"report:submit:{await obligation(town)}")
    lan.reads("have not finished", buttons=["Go on here"])
    await lan.presses("Go on here")
    lan.reads("Question 1/27")


async def test_an_extension_granted(town: Town) -> None:
    officer = await employ(town, "Officer Thu")
    lan = await reminded(town)
    await lan.presses("Ask for more time")
    lan.reads(
        "Due: Wednesday 16 December 2026",
        "Until when",
        buttons=[
            "Monday 21 December 2026",
            "Wednesday 23 December 2026",
            "Wednesday 30 December 2026",
            "Back",
            "Cancel",
        ],
    )
    await lan.presses("Wednesday 23 December 2026")
    lan.reads("Why do you need more time until Wednesday 23 December 2026?", buttons=["Back", "Cancel"])
    await lan.says("late")
    lan.reads("10 to 500 characters")
    await lan.says("The figures of two enterprises have not arrived yet.")
    lan.reads(
        "Present due date: Wednesday 16 December 2026",
        "Requested new due date: Wednesday 23 December 2026",
        "two enterprises",
        buttons=["Confirm", "Back", "Cancel"],
    )
    await lan.presses("Confirm")
    lan.reads("Your request has been sent", buttons=AWAY)
    await town.deliver()
    officer.reads(
        "People's Committee of Ba Đình Ward asks for more time.",
        "Requested new due date: Wednesday 23 December 2026",
        "two enterprises",
        "Requested by Lan",
        buttons=["Grant", "Refuse", "Menu"],
    )
    await officer.presses("Grant")
    officer.reads("Granted by you at 08:30", "The new due date is Wednesday 23 December 2026.")
    await town.deliver()
    lan.reads("More time granted", "The new due date is Wednesday 23 December 2026.", buttons=ACTIONS)
    assert await due_on(town) == date(2026, 12, 23)
    await officer.presses("Refuse")
    officer.reads("Granted by you at 08:30")
    assert await tick(town, "2026-12-16T08:30+07:00") == []
    assert len(await tick(town, "2026-12-18T08:30+07:00")) == 1
    lan.reads("3 working days left", "Due: Wednesday 23 December 2026")
    assert (await steps(town, await obligation(town)))[-7] == "sent"


async def test_an_extension_refused(town: Town) -> None:
    officer, other = await employ(town, "Thu"), await employ(town, "Hải", Role.ADMIN)
    viewer = await employ(town, "Vy", Role.VIEWER)
    lan = await reminded(town)
    await ask_for_more_time(lan)
    await town.deliver()
    officer.reads("asks for more time")
    other.reads("asks for more time")
    viewer.nothing_unread()
    await officer.presses("Refuse")
    officer.reads("Why is it refused?")
    await officer.presses("Refuse without a reason")
    officer.reads("Refused by you", "The due date stays Wednesday 16 December 2026.")
    await town.deliver()
    lan.reads("More time refused", "stays Wednesday 16 December 2026")
    await other.presses("Grant")
    other.reads("Refused by Thu at 08:30")
    assert await due_on(town) == date(2026, 12, 16)
    await ask_for_more_time(lan)
    await town.deliver()
    officer.reads("asks for more time")
    other.reads("asks for more time")


async def test_a_refusal_says_why(town: Town) -> None:
    thu = await employ(town, "Thu", agency="so-cong-thuong", language="vi")
    stranger = await employ(town, "Hà", agency="so-tai-chinh")
    lan = await reminded(town, language="vi")
    await lan.sends_press(f"report:extend:{await obligation(town)}")
    lan.reads("gia hạn đến ngày nào")
    await lan.says("21/12/2026")
    lan.reads("Lý do cần gia hạn")
    await lan.says("Chờ số liệu của hai doanh nghiệp.")
    lan.reads("Gửi")
    await lan.presses("Xác nhận")
    lan.reads("đã được gửi")
    await town.deliver()
    thu.reads("Chờ số liệu của hai doanh nghiệp.")
    number = await extension(town)
    await stranger.sends_press(f"extension:grant:{number}")
    stranger.reads("can't decide this request")
    await thu.says("/baocao")
    thu.reads("Đề nghị gia hạn (1)", "phường Ba Đình: xin lùi từ 16/12/2026 đến 21/12/2026")
    await thu.says("1")
    thu.reads("Chờ số liệu")
    await thu.presses("Không đồng ý")
    thu.reads("Lý do không đồng ý gia hạn?", buttons=["Không đồng ý, không nêu lý do", "Quay lại", "Hủy"])
    await thu.says("Muộn quá")
    thu.reads("10 đến 500 ký tự")
    await thu.says("Thành phố cần số liệu trước ngày 20/12 để tổng hợp.")
    thu.reads("xác nhận không đồng ý", "Thành phố cần số liệu trước ngày 20/12")
    await thu.says("1")
    thu.reads("Hạn nộp vẫn là thứ Tư 16/12/2026", "Lý do: Thành phố cần số liệu trước ngày 20/12 để tổng hợp.")
    await town.deliver()
    lan.reads("Lý do: Thành phố cần số liệu trước ngày 20/12 để tổng hợp.")
    await thu.sends_press(f"extension:refused:{number}")
    thu.reads("Hạn nộp vẫn là")
    await lan.sends_press(f"report:history:{await obligation(town)}")
    lan.reads("Thu không đồng ý gia hạn. Thành phố cần số liệu", "xin gia hạn đến thứ Hai 21/12/2026")
    town.nothing_unread()


async def ask_for_more_time(lan: PersonInTown) -> None:
    await lan.sends_press(f"report:extend:{await obligation(lan.town)}")
    lan.reads("Until when")
    await lan.says("21/12/2026")
    lan.reads("Why")
    await lan.says("We are waiting for figures.")
    lan.reads("Send this request?")
    await lan.presses("Confirm")
    lan.reads("Request for more time")


async def test_dates_that_can_not_be_asked_for(town: Town) -> None:
    lan = await reminded(town)
    await lan.presses("Ask for more time")
    lan.reads("Until when")
    for wrong, why in (
        ("soon", "is not a date"),
        ("today", "must be later"),
        ("07/12/2026", "must be later"),
        ("16/12/2026", "must be later than today and than the present due date, Wednesday 16 December 2026"),
        ("20/12/2026", "is a day off. The next working day is Monday 21 December 2026"),
        ("30/06/2027", "At most 30 working days"),
    ):
        await lan.says(wrong)
        lan.reads(why, "Until when")


async def test_only_one_request_waits(town: Town) -> None:
    lan = await reminded(town)
    minh = await appoint(town, "Minh", focal_role="deputy")
    await ask_for_more_time(lan)
    await minh.sends_press(f"report:extend:{await obligation(town)}")
    minh.reads(
        "already waiting for a decision",
        "until 21 Dec 2026",
        buttons=["Acknowledge", "Hand in the report", *MORE, *AWAY],
    )


async def test_a_request_without_anyone_to_decide_is_kept(town: Town) -> None:
    lan = await reminded(town)
    await lan.sends_press(f"report:extend:{await obligation(town)}")
    lan.reads("Until when")
    await lan.says("21/12/2026")
    lan.reads("Why")
    await lan.says("We are waiting for figures.")
    lan.reads("Send this request?")
    await lan.presses("Confirm")
    lan.reads("nobody who could decide it can be reached")
    officer = await employ(town, "Thu")
    await officer.says("/reports")
    officer.reads("Requests for more time", buttons=["People's Committee of Ba Đình Ward: 21 Dec 2026", "Menu"])
    await officer.says("1")
    officer.reads("We are waiting for figures.", buttons=["Grant", "Refuse", "Menu"])
    await officer.presses("Grant")
    officer.reads("Granted by you")
    await town.deliver()
    lan.reads("More time granted")


async def test_handing_in_settles_a_request(town: Town) -> None:
    officer = await employ(town, "Thu")
    lan = await reminded(town)
    await ask_for_more_time(lan)
    await town.deliver()
    officer.reads("asks for more time")
    await hand_in(town, lan, await obligation(town))
    lan.reads("Receipt")
    await town.deliver()
    officer.reads("A report has come in")
    await officer.presses("Grant")
    officer.reads("handed in meanwhile")
    assert await due_on(town) == date(2026, 12, 16)


async def test_nobody_grants_their_own_request_while_others_could(town: Town) -> None:
    await employ(town, "Lan", agency="so-cong-thuong")
    lan = await reminded(town)
    await ask_for_more_time(lan)
    await town.deliver()
    lan.reads("asks for more time")
    thu = await employ(town, "Thu", agency="so-cong-thuong")
    await lan.presses("Grant")
    lan.reads("another officer has to decide")
    await thu.sends_press(f"extension:refused:{await extension(town)}")
    thu.reads("Refused by you")
    await town.deliver()
    lan.reads("More time refused")


async def extension(town: Town) -> int:
    async with town.database.reading() as connection:
        return (await connection.execute(select(Extension.id))).scalar_one()


async def test_only_operators_decide(town: Town) -> None:
    lan = await reminded(town)
    await ask_for_more_time(lan)
    number = await extension(town)
    for person in (lan, await employ(town, "Vy", Role.VIEWER), town.person("Stranger", language="en")):
        for verb in ("grant", "refuse", "refused", "show"):
            await person.sends_press(f"extension:{verb}:{number}")
            refusal = person.reads("can't decide this request")
            assert "Ba Đình" not in refusal.plain
    assert await due_on(town) == date(2026, 12, 16)


async def test_two_decisions_at_once(town: Town) -> None:
    thu, hai = await employ(town, "Thu"), await employ(town, "Hải")
    lan = await reminded(town)
    await ask_for_more_time(lan)
    await town.deliver()
    thu.skips()
    hai.skips()
    await asyncio.gather(thu.presses("Grant"), hai.sends_press(f"extension:refused:{await extension(town)}"))
    decisions = {thu.reads().text.split("\n")[1].split(" ")[0], hai.reads().text.split("\n")[1].split(" ")[0]}
    assert decisions in ({"Granted"}, {"Refused"})
    await town.deliver()
    lan.reads("More time")


@pytest.mark.parametrize(
    "typed, number",
    [
        ("05/BC-SCT", "05/BC-SCT"),
        ("12/bc-ubnd", "12/BC-UBND"),
        (" Số 8 / BC-SNN&MT ", "8/BC-SNN&MT"),
        ("123/2026/BC-UBND", "123/2026/BC-UBND"),
        ("45/UBND-KT", "45/UBND-KT"),
        ("7a/KH-UBND", "7A/KH-UBND"),
        ("3/BC–ĐTN", "3/BC-ĐTN"),
        ("05/BC-\u200bSCT", "05/BC-SCT"),
        ("05", None),
        ("BC/05", None),
        ("05/BC-", None),
        ("<b>05/BC</b>", None),
        ("05/BC-" + "A" * 60, None),
        ("", None),
    ],
)
def test_document_numbers(typed: str, number: str | None) -> None:
    assert report_answers.document_number(typed) == number


@pytest.mark.parametrize(
    "typed, day",
    [
        ("07/12/2026", date(2026, 12, 7)),
        ("7-12-26", date(2026, 12, 7)),
        ("7.12.2026", date(2026, 12, 7)),
        ("2026-12-07", date(2026, 12, 7)),
        ("07122026", date(2026, 12, 7)),
        ("ngày 7 tháng 12 năm 2026", date(2026, 12, 7)),
        ("hôm nay", date(2026, 11, 23)),
        ("Today", date(2026, 11, 23)),
        ("7/12", None),
        ("7/12/1026", None),
        ("7/12/202", None),
        ("29/02/2027", None),
        ("٧/١٢/٢٠٢٦", None),
        ("1/1/1/1", None),
        ("9" * 400, None),
    ],
)
def test_days_as_people_write_them(typed: str, day: date | None) -> None:
    assert report_answers.day(typed, date(2026, 11, 23)) == day


@pytest.mark.parametrize(
    "typed, day",
    [
        ("23/11", date(2026, 11, 23)),
        ("22.11", date(2027, 11, 22)),
        (" 5 - 1 ", date(2027, 1, 5)),
        ("29/2", date(2028, 2, 29)),
        ("31/11", None),
        ("0/1", None),
        ("Ngày 5 tháng 1", date(2027, 1, 5)),
        ("7/12/2026", date(2026, 12, 7)),
    ],
)
def test_a_coming_day_may_lack_its_year(typed: str, day: date | None) -> None:
    assert report_answers.coming_day(typed, date(2026, 11, 23)) == day


def test_more_time_counts_from_today_once_the_report_is_overdue() -> None:
    calendar = WorkingCalendar()
    due, today = date(2026, 12, 16), date(2026, 12, 28)
    assert extensions.problem(date(2026, 12, 28), due, today, calendar) is extensions.Problem.NOT_LATER
    assert extensions.problem(date(2026, 12, 29), due, today, calendar) is None
    assert extensions.usual(due, today, calendar)[0] == date(2026, 12, 31)
