"""Which agency a question goes to, who works there, and what is said when nobody is there."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.db.models.people import Contact
from bot.db.models.tickets import Ticket
from bot.messages import Language, Role
from bot.services.people.officers import LEAD
from bot.services.tickets import ticket_routing
from content.model import Content
from tests.chat import PersonInTown, Town
from tests.reporting import BA_DINH, appoint, employ
from tests.ticketing import (
    ANSWER,
    CONSTRUCTION,
    QUESTION,
    SCT,
    SXD,
    TO_OFFICERS,
    answers,
    arrives,
    asked_before,
    asks,
    contact_of,
    restarted,
)

DRAINAGE = "Ai ban hành đơn giá dịch vụ thoát nước đô thị?"


async def agency_of(town: Town, number: int) -> str:
    async with town.database.reading() as connection:
        return await connection.scalar(select(Ticket.agency_slug).where(Ticket.id == number)) or ""


async def test_an_answers_button_leads_to_its_agency(town: Town, known: Content) -> None:
    entry = next(each for each in known.entries.values() if each.agency == CONSTRUCTION)
    bob = await arrives(town)
    thu = await employ(town, "Thu", agency=CONSTRUCTION)
    hoa = await employ(town, "Hoa")
    await bob.sends_press(f"faq:{entry.id}")
    bob.skips()
    await bob.presses("Ask an officer")
    bob.reads("Please type your question")
    await bob.says(QUESTION)
    bob.reads(f"Shall this question go to {SXD}?")
    await bob.presses("Send this question")
    bob.reads(f"has been passed on to {SXD}")
    await town.deliver()
    thu.reads(QUESTION, SXD, buttons=TO_OFFICERS)
    hoa.nothing_unread()
    await answers(town, thu)
    thu.skips()
    assert SXD in bob.reads(ANSWER).footnote


async def test_a_typed_question_goes_where_its_answer_would_come_from(town: Town) -> None:
    bob = await arrives(town)
    await bob.says(f"/officer {DRAINAGE}")
    bob.reads(f"Shall this question go to {SXD}?")
    await bob.presses("Change it")
    bob.reads("The question so far")
    await bob.says("giá vé xem phim hôm nay")
    bob.reads(f"Shall this question go to {SCT}?")


async def test_another_agency_is_chosen_by_button_or_number(town: Town, known: Content) -> None:
    bob = await arrives(town)
    await bob.says(f"/officer {QUESTION}")
    bob.reads(f"go to {SCT}?")
    await bob.presses("Another agency")
    names = [agency.name.en for agency in ticket_routing.departments(known)]
    assert len(names) == 6
    bob.reads("Which agency shall the question go to?", buttons=[*names, "Back", "Cancel"])
    await bob.says("something else")
    bob.reads("Which agency shall the question go to?")
    await bob.presses("Back")
    bob.reads(f"go to {SCT}?")
    await bob.presses("Another agency")
    bob.skips()
    await bob.says(str(1 + names.index(SXD)))
    bob.reads(f"go to {SXD}?", QUESTION)
    await bob.presses("Change it")
    bob.skips()
    await bob.says(QUESTION + " Xin cảm ơn.")
    bob.reads(f"go to {SXD}?")
    await bob.presses("Send this question")
    bob.skips()
    assert await agency_of(town, 1) == CONSTRUCTION


@pytest.mark.parametrize("forged", [BA_DINH, "ubnd-thanh-pho", "no-such", ""])
async def test_only_a_department_can_be_chosen(town: Town, forged: str) -> None:
    bob = await arrives(town)
    await bob.says(f"/officer {QUESTION}")
    bob.skips()
    await bob.sends_press(f"officer:agency:{forged}")
    bob.reads(f"go to {SCT}?")


def test_what_no_department_answers_is_the_lead_agencys(known: Content) -> None:
    for slug in (BA_DINH, "bo-cong-thuong", "no-such"):
        assert ticket_routing.responsible(known, slug) == LEAD
    assert ticket_routing.of_entry(known, "no-such") is None
    assert ticket_routing.name(known, "no-such", Language.VI) == "Sở Công Thương"


async def test_the_last_question_need_not_be_typed_again(town: Town) -> None:
    bob = await arrives(town)
    await bob.sends_press("officer:last")
    bob.reads("Please type your question to an officer")
    await bob.presses("Cancel")
    bob.skips()
    await asked_before(town, bob, f"\x00{DRAINAGE}\u200b")
    async with restarted(town):
        await bob.sends_press("officer:last")
        bob.reads(DRAINAGE, f"go to {SXD}?", buttons=["Send this question", "Change it", "Another agency", "Cancel"])
        await bob.says("1")
        bob.reads("Your question No. 1")
        await bob.sends_press("officer:last")
        bob.reads("It is waiting for an officer.")


async def test_a_last_question_that_is_too_long_is_asked_for_again(town: Town) -> None:
    bob = await arrives(town)
    await asked_before(town, bob, "x" * 9000)
    await bob.sends_press("officer:last")
    bob.reads("4,000 characters, but at most 1,000", buttons=["Cancel"])
    await bob.says(QUESTION)
    bob.reads("Shall this question go to", QUESTION)


async def test_only_the_agencys_own_officers_are_told_while_it_has_some(town: Town) -> None:
    bob = await arrives(town)
    thu = await employ(town, "Thu", agency=CONSTRUCTION)
    focal = await employ(town, "Focal")
    await appoint(town, "Focal", CONSTRUCTION)
    hoa = await employ(town, "Hoa")
    sct = await employ(town, "Sct", agency=LEAD)
    admin = await employ(town, "Admin", Role.ADMIN)
    clerk = await appoint(town, "Clerk", CONSTRUCTION)
    await asks(town, bob, DRAINAGE)
    bob.reads(SXD)
    for told in (thu, focal):
        told.reads(DRAINAGE)
    for other in (hoa, sct, admin, clerk):
        other.nothing_unread()


async def test_the_lead_agency_stands_in_for_an_agency_without_officers(town: Town) -> None:
    bob = await arrives(town)
    sct = await employ(town, "Sct", agency=LEAD)
    hoa = await employ(town, "Hoa")
    thu = await employ(town, "Thu", agency=CONSTRUCTION)
    other = await employ(town, "Other", agency="so-tai-chinh")
    await thu.blocks_the_bot()
    await asks(town, bob, DRAINAGE)
    bob.reads(f"has been passed on to {SXD}")
    for told in (sct, hoa):
        told.reads(DRAINAGE, SXD, buttons=TO_OFFICERS)
    other.nothing_unread()
    await sct.presses("Take")
    sct.reads("yours now")
    await town.deliver()
    bob.reads(f"{SCT} now takes care of your question")


async def test_nobody_is_connected_at_all(town: Town) -> None:
    bob = await arrives(town)
    other = await employ(town, "Other", agency="so-tai-chinh")
    await asks(town, bob, DRAINAGE)
    bob.reads(f"Your question to {SXD} has been noted.", "no officer is connected", "8:00 to 17:00")
    other.nothing_unread()
    await other.says("/officer")
    other.reads(f"No. 1, Bob · {SXD} · waiting for 0 minutes · nobody has it")
    await other.presses(f"1. {DRAINAGE[:39]}…")
    other.reads(DRAINAGE, "Nobody has taken it yet.", buttons=[*TO_OFFICERS, "All questions", "Menu"])
    await employ(town, "Sct", agency=LEAD)
    await other.presses("Take")
    other.reads("There is no such question.")


@pytest.mark.parametrize(
    "now,sentence",
    [
        ("2026-11-27T18:00+07:00", "The next working day is Monday 30 November 2026, from 8:00."),
        ("2026-11-23T17:30+07:00", "The next working day is Wednesday 25 November 2026, from 8:00."),
        ("2026-11-24T10:00+07:00", "The next working day is Wednesday 25 November 2026, from 8:00."),
        ("2026-11-23T07:40+07:00", "The next working day is Monday 23 November 2026, from 8:00."),
        ("2026-11-23T12:30+07:00", ""),
    ],
)
async def test_outside_office_hours_it_says_so(town: Town, now: str, sentence: str) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    town.clock.set(now)
    await asks(town, bob)
    shown = bob.reads("Your question No. 1", sentence)
    assert ("Nobody is on duty" in shown.plain) is bool(sentence)
    hoa.skips()


async def test_friday_evening_in_vietnamese(town: Town) -> None:
    an = await arrives(town, "An", language="vi")
    await employ(town, "Hoa")
    town.clock.set("2026-11-27T18:00+07:00")
    await an.says(f"/canbo {QUESTION}")
    an.reads(
        "Anh/Chị muốn gửi câu hỏi này tới Sở Công Thương?",
        buttons=["Gửi câu hỏi này", "Sửa lại", "Cơ quan khác", "Hủy"],
    )
    await an.presses("Gửi câu hỏi này")
    an.reads(
        "Câu hỏi số 1 của Anh/Chị",
        "đã được chuyển tới Sở Công Thương",
        "từ 8:00 đến 17:00 các ngày làm việc",
        "không có cán bộ trực. Ngày làm việc tiếp theo: thứ Hai 30/11/2026",
        buttons=["Kết thúc trao đổi", "Menu"],
    )
    await town.deliver()
    town.people["Hoa"].skips()


async def test_at_night_officers_sleep_and_the_order_stays(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    town.clock.set("2026-11-25T22:00+07:00")
    await asks(town, bob)
    bob.skips()
    await bob.says("And more.")
    await town.deliver()
    hoa.nothing_unread()
    town.clock.set("2026-11-26T07:30+07:00")
    await town.deliver()
    hoa.reads(QUESTION)
    hoa.reads("And more.")
    await answers(town, hoa)
    hoa.skips()
    bob.skips()
    town.clock.set("2026-11-26T22:00+07:00")
    await bob.says("Good evening.")
    await town.deliver()
    hoa.reads("Good evening.")
    await answers(town, hoa)
    hoa.skips()
    bob.reads(ANSWER)


async def _staff(town: Town, person: PersonInTown) -> tuple[str | None, str | None]:
    async with town.database.reading() as connection:
        row = (
            await connection.execute(
                select(Contact.role, Contact.agency_slug).where(Contact.id == await contact_of(town, person))
            )
        ).one()
        return row[0], row[1]


async def test_a_code_makes_a_member_of_staff_of_an_agency(town: Town) -> None:
    from tests.reporting import invite

    thu = town.person("Thu", language="en")
    await thu.says(f"/link {await invite(town.database, town, role=Role.OPERATOR, agency=CONSTRUCTION)}")
    thu.reads(f"You are now a member of staff who handles requests, for {SXD}.", "/officer")
    assert await _staff(town, thu) == ("operator", CONSTRUCTION)
    await thu.says(f"/link {await invite(town.database, town, role=Role.ADMIN)}")
    thu.reads("You are now an administrator.")
    assert await _staff(town, thu) == ("admin", CONSTRUCTION)
    await thu.says(f"/link {await invite(town.database, town, role=Role.VIEWER, agency='so-tai-chinh')}")
    thu.reads("You are now an administrator, for Department of Finance.")
    assert await _staff(town, thu) == ("admin", "so-tai-chinh")
