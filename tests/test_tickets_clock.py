"""What the clock does: makes a long wait known, once per step, and ends conversations that fell silent."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from sqlalchemy import event, select, text

from bot.db.engine import Database
from bot.db.models.tickets import Ticket
from bot.messages import Role
from bot.services.people.officers import LEAD
from scheduler import jobs
from tests.chat import PersonInTown, Town
from tests.reporting import employ
from tests.ticketing import (
    ANSWER,
    CONSTRUCTION,
    OF_TAKER,
    SXD,
    TO_OFFICERS,
    answers,
    arrives,
    asks,
    restarted,
    watch,
)

DRAINAGE = "Ai ban hành đơn giá dịch vụ thoát nước đô thị?"
WAITING = "This person has been waiting for an answer since"


async def due_at(town: Town, number: int = 1) -> datetime | None:
    async with town.database.reading() as connection:
        return await connection.scalar(select(Ticket.due_at).where(Ticket.id == number))


async def people(town: Town) -> tuple[PersonInTown, PersonInTown, PersonInTown, PersonInTown]:
    """Somebody, an officer of the department of construction, one of the lead agency, an administrator of a third."""
    bob = await arrives(town)
    thu = await employ(town, "Thu", agency=CONSTRUCTION)
    sct = await employ(town, "Sct", agency=LEAD)
    admin = await employ(town, "Admin", Role.ADMIN, agency="so-tai-chinh")
    return bob, thu, sct, admin


async def test_a_wait_is_made_known_to_more_and_more_people_once_each(town: Town) -> None:
    bob, thu, sct, admin = await people(town)
    await asks(town, bob, DRAINAGE)
    bob.skips()
    thu.skips()
    assert await watch(town, "2026-11-23T13:59+07:00") == []
    await sct.sends_press("officer:show:1")
    sct.reads("There is no such question.")
    assert await watch(town, "2026-11-23T14:00+07:00") == ["ticket 1 (so-xay-dung) waits, step 1: to 2 people"]
    for told in (thu, sct):
        told.reads("Question No. 1 of Bob", f"{WAITING} 09:00", "Nobody has taken it yet.", DRAINAGE, SXD)
    admin.nothing_unread()
    for minute in range(1, 4):
        assert await watch(town, f"2026-11-23T14:0{minute}+07:00") == []
    # 24/11 is a day off.
    assert await watch(town, "2026-11-24T15:00+07:00") == []
    assert await watch(town, "2026-11-25T09:00+07:00") == ["ticket 1 (so-xay-dung) waits, step 2: to 1 person"]
    admin.reads(WAITING, buttons=TO_OFFICERS)
    assert await due_at(town) is None
    assert await watch(town, "2026-12-25T09:00+07:00") == []
    await sct.presses("Take")
    sct.reads("yours now", DRAINAGE)
    await town.deliver()
    bob.reads("now takes care of your question")


async def test_the_clock_jumps_and_ticks_everywhere(town: Town) -> None:
    """Past both steps at once, in two processes, over a restart: each is told once."""
    bob, thu, sct, admin = await people(town)
    await asks(town, bob, DRAINAGE)
    bob.skips()
    thu.skips()
    town.clock.set("2026-11-26T10:00+07:00")
    lines = await asyncio.gather(*(watch(town) for _ in range(3)))
    assert sorted(line for each in lines for line in each) == [
        "ticket 1 (so-xay-dung) waits, step 1: to 2 people",
        "ticket 1 (so-xay-dung) waits, step 2: to 1 person",
    ]
    async with restarted(town) as again:
        assert await watch(again) == []
        for told in (thu, sct, admin):
            told.reads(WAITING)


async def test_an_answer_ends_the_wait_and_a_new_message_begins_another(town: Town) -> None:
    bob, thu, sct, _ = await people(town)
    await asks(town, bob, DRAINAGE)
    bob.skips()
    thu.skips()
    await watch(town, "2026-11-23T14:00+07:00")
    sct.skips()
    await answers(town, thu)
    thu.skips()
    bob.reads(ANSWER)
    assert await watch(town, "2026-11-25T15:00+07:00") == []
    await bob.says("Cho tôi hỏi thêm.")
    await town.deliver()
    thu.reads("Cho tôi hỏi thêm.", buttons=OF_TAKER)
    town.clock.advance(hours=1)
    await bob.says("Còn một ý nữa.")
    await town.deliver()
    thu.reads("Còn một ý nữa.")
    # From the first of them at 15:00: two hours that day and two on the next.
    assert await watch(town, "2026-11-26T09:59+07:00") == []
    assert await watch(town, "2026-11-26T10:00+07:00") == ["ticket 1 (so-xay-dung) waits, step 1: to 2 people"]
    thu.reads(WAITING, "You took it at", buttons=OF_TAKER)
    sct.reads(WAITING, "Thu took it at", buttons=["Take over"])


async def test_a_ticket_that_was_taken_but_not_answered_escalates_too(town: Town) -> None:
    bob, thu, sct, admin = await people(town)
    await asks(town, bob, DRAINAGE)
    bob.skips()
    thu.skips()
    await thu.presses("Take")
    thu.skips()
    await town.deliver()
    bob.skips()
    assert len(await watch(town, "2026-11-23T14:00+07:00")) == 1
    thu.reads(WAITING)
    sct.reads(WAITING)
    assert len(await watch(town, "2026-11-25T09:00+07:00")) == 1
    admin.reads(WAITING)
    thu.reads(WAITING)


async def test_nobody_is_woken_at_night(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await asks(town, bob)
    bob.skips()
    hoa.skips()
    assert await watch(town, "2026-11-25T22:00+07:00") == []
    assert len(await watch(town, "2026-11-26T07:30+07:00")) == 1
    hoa.reads(WAITING)


async def test_a_made_up_time_tells_at_once(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await asks(town, bob)
    bob.skips()
    hoa.skips()
    conversation = town.conversation
    given = jobs.Circumstances(
        database=town.database,
        known=conversation.known,
        translators=conversation.translators,
        quiet=conversation.quiet,
        now=datetime(2026, 11, 25, 3, tzinfo=UTC),
        simulated=True,
    )
    (job,) = [each for each in jobs.TIMETABLE if each.name == "watch tickets"]
    town.clock.set("2026-11-24T22:00+07:00")
    assert len(await job.run(given)) == 1
    await town.deliver()
    hoa.reads(WAITING)


async def test_ten_silent_working_days_after_an_answer_end_it(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa", language="vi")
    await asks(town, bob)
    bob.skips()
    hoa.skips()
    await hoa.presses("Trả lời")
    hoa.skips()
    await hoa.says(ANSWER)
    hoa.skips()
    await hoa.presses("Gửi câu trả lời")
    hoa.skips()
    await town.deliver()
    bob.reads(ANSWER)
    assert await watch(town, "2026-12-08T08:59+07:00") == []
    assert await watch(town, "2026-12-08T09:00+07:00") == ["ticket 1 (so-cong-thuong) closed after a long silence"]
    bob.reads("nothing was written for 10 working days", "answers you again", buttons=["Ask an officer", "Menu"])
    hoa.reads("Câu hỏi số 1 của Bob", "Đã tự đóng lúc 09:00")
    assert await watch(town, "2026-12-20T09:00+07:00") == []
    await bob.says("muc tieu thiet bi quan trac moi truong la bao nhieu?")
    bob.reads("20%")
    await hoa.sends_press("officer:answer:1")
    hoa.reads("Cuộc trao đổi này đã kết thúc.")


async def test_a_last_word_of_the_person_keeps_it_open_for_ten_days_more(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await asks(town, bob)
    bob.skips()
    await answers(town, hoa)
    hoa.skips()
    bob.skips()
    town.clock.set("2026-11-25T09:00+07:00")
    await bob.says("Cảm ơn.")
    await town.deliver()
    hoa.reads("Cảm ơn.")
    assert len(await watch(town, "2026-11-25T14:00+07:00")) == 1
    assert len(await watch(town, "2026-11-26T09:00+07:00")) == 1
    hoa.skips()
    assert await watch(town, "2026-12-09T09:00+07:00") == []
    assert len(await watch(town, "2026-12-10T09:00+07:00")) == 1
    bob.reads("nothing was written for 10 working days")
    hoa.reads("Closed at 09:00")


async def test_a_question_that_nobody_ever_answered_stays(town: Town) -> None:
    bob = await arrives(town)
    await asks(town, bob)
    bob.reads("no officer is connected")
    assert await watch(town, "2026-11-23T14:00+07:00") == ["ticket 1 (so-cong-thuong) waits, step 1: to 0 people"]
    assert len(await watch(town, "2026-11-26T14:00+07:00")) == 1
    assert await watch(town, "2027-03-01T09:00+07:00") == []
    hoa = await employ(town, "Hoa")
    await hoa.says("/officer")
    hoa.reads("No. 1, Bob", "waiting for 98 days")


async def test_what_is_due_is_found_by_its_index(database: Database) -> None:
    if not database.is_sqlite:
        return
    async with database.reading() as connection:
        rows = await connection.execute(text("EXPLAIN QUERY PLAN SELECT id FROM ticket WHERE due_at <= '2026' LIMIT 1"))
        assert "ix_ticket_due" in " ".join(str(row[3]) for row in rows)


async def test_nothing_due_asks_once(town: Town) -> None:
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    engine = town.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", count)
    assert await watch(town) == []
    event.remove(engine, "before_cursor_execute", count)
    assert len([each for each in statements if "ticket" in each and "FROM delivery" not in each]) == 1
