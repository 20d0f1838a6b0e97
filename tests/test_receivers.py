"""What agencies that receive reports are told: who can't be reminded, who is missing in the evening; nudging."""

from __future__ import annotations

import asyncio
from datetime import date

from sqlalchemy import func, select, update

from bot.db.models.people import Address, Agency
from bot.db.models.reporting import Obligation, ObligationEvent
from bot.services.agencies import focal_points
from bot.services.reminding import evening, nudges, unreachable
from bot.services.reminding.nudges import Nudged
from tests.chat import PersonInTown, Town
from tests.conftest import ZONE
from tests.reporting import BA_DINH, appoint, employ, obligation, plan, quiet_hours

LEAD = "so-cong-thuong"


async def only_owed_by(town: Town, *slugs: str) -> None:
    """Nobody else owes anything, so that the lists are short."""
    await plan(town)
    async with town.database.transaction() as connection:
        agencies = select(Agency.id).where(Agency.slug.in_(slugs))
        await connection.execute(
            update(Obligation).where(Obligation.agency_id.not_in(agencies)).values(status="withdrawn")
        )


async def watch(town: Town, at: str = "") -> list[str]:
    if at:
        town.clock.set(at)
    lines = await unreachable.watch(
        town.database,
        town.conversation.known,
        town.conversation.translators,
        quiet=quiet_hours(town),
        now=town.clock(),
    )
    await town.deliver()
    return lines


async def tell(town: Town, at: str) -> list[str]:
    town.clock.set(at)
    lines = await evening.tell(
        town.database,
        town.conversation.known,
        town.conversation.translators,
        quiet=quiet_hours(town),
        now=town.clock(),
    )
    await town.deliver()
    return lines


async def nudge(town: Town, ids: list[int], by: PersonInTown) -> Nudged:
    async with town.database.transaction() as connection:
        statement = select(Address.contact_id).where(Address.external_id == by.external_id)
        officer = (await connection.execute(statement)).scalar_one()
        done = await nudges.nudge(
            connection,
            ids,
            by=officer,
            known=town.conversation.known,
            translators=town.conversation.translators,
            zone=ZONE,
            now=town.clock(),
        )
    await town.deliver()
    return done


async def test_an_agency_that_nobody_can_remind_is_told_of_once_until_it_changes(town: Town) -> None:
    thu = await employ(town, "Thu", agency=LEAD, language="vi")
    await only_owed_by(town, BA_DINH)
    assert await watch(town, "2026-11-23T09:00+07:00") == []  # 17 working days are left
    assert await watch(town, "2026-11-25T09:00+07:00") == ["1 unreachable (nobody): phuong-ba-dinh"]
    thu.reads(
        "1 cơ quan phải nộp báo cáo nhưng chưa thể nhắc được",
        "Chưa có đầu mối nào liên kết tài khoản:",
        "- Ủy ban nhân dân phường Ba Đình",
        "tạo mã cho đầu mối",
        buttons=["Ủy ban nhân dân phường Ba Đình", "Tất cả cơ quan"],
    )
    await thu.presses("Ủy ban nhân dân phường Ba Đình")
    thu.reads("phường Ba Đình")
    assert await watch(town, "2026-11-26T09:00+07:00") == []
    lan = await appoint(town, "Lan")
    thu.skips()
    assert await watch(town) == []
    await lan.blocks_the_bot()
    assert await watch(town) == ["1 unreachable (blocked): phuong-ba-dinh"]
    thu.reads("Không còn gửi tin được cho đầu mối nào:", "gọi điện cho cơ quan")
    assert await watch(town, "2026-11-28T09:00+07:00") == []  # a Saturday


async def test_an_agency_whose_people_are_all_away(town: Town) -> None:
    thu = await employ(town, "Thu", agency=LEAD)
    lan = await appoint(town, "Lan")
    await only_owed_by(town, BA_DINH)
    async with town.database.transaction() as connection:
        statement = select(Address.contact_id).where(Address.external_id == lan.external_id)
        contact_id = (await connection.execute(statement)).scalar_one()
        (agency_id,) = await connection.scalars(select(Agency.id).where(Agency.slug == BA_DINH))
        absence = focal_points.Absence(date(2026, 12, 1), date(2026, 12, 4), None)
        await focal_points.be_away(connection, agency_id, contact_id, absence, town.clock())
    assert await watch(town, "2026-11-30T09:00+07:00") == []
    assert await watch(town, "2026-12-01T09:00+07:00") == ["1 unreachable (away): phuong-ba-dinh"]
    thu.reads("All focal points are away:", "ask the agency for a deputy")
    assert await watch(town, "2026-12-07T09:00+07:00") == []
    async with town.database.reading() as connection:
        assert await connection.scalar(select(Agency.unreachable).where(Agency.slug == BA_DINH)) is None


async def test_nothing_counts_as_told_while_there_is_nobody_to_tell(town: Town) -> None:
    await only_owed_by(town, BA_DINH)
    assert await watch(town, "2026-12-07T09:00+07:00") == []
    thu = await employ(town, "Thu", agency=LEAD)
    assert len(await watch(town)) == 1
    thu.reads("1 agency that owes a report can't be reminded")


async def test_the_evening_digest_in_the_last_three_working_days(town: Town) -> None:
    thu = await employ(town, "Thu", agency=LEAD, language="vi")
    lan = await appoint(town, "Lan")
    await only_owed_by(town, BA_DINH, "phuong-bach-mai")
    number = await obligation(town, "phuong-bach-mai")
    async with town.database.transaction() as connection:
        await connection.execute(update(Obligation).where(Obligation.id == number).values(opened_at=town.clock()))
    for early in ("2026-12-10T16:30+07:00", "2026-12-11T16:29+07:00", "2026-12-12T16:30+07:00"):
        assert await tell(town, early) == []
    for at, left in (("11", "còn 3 ngày làm việc"), ("14", "còn 2 ngày làm việc"), ("15", "còn 1 ngày làm việc")):
        lines = await asyncio.gather(*(tell(town, f"2026-12-{at}T16:30+07:00") for _ in range(3)))
        assert sum(map(len, lines)) == 1
        thu.reads(
            "Báo cáo sắp đến hạn: các cơ quan chưa nộp",
            f"Hạn nộp: thứ Tư 16/12/2026 ({left})",
            "Chưa nộp: 2/2 cơ quan",
            "Chưa mở xem lần nào: 1",
            "- Ủy ban nhân dân phường Ba Đình",
            "- Ủy ban nhân dân phường Bạch Mai",
            "Số liệu tính đến 16:30 thứ ",
        )
    assert await tell(town, "2026-12-16T16:30+07:00") == []
    lan.nothing_unread()


async def test_nothing_is_said_in_the_evening_when_all_have_handed_in(town: Town) -> None:
    thu = await employ(town, "Thu", agency=LEAD)
    await only_owed_by(town, BA_DINH)
    async with town.database.transaction() as connection:
        await connection.execute(
            update(Obligation).where(Obligation.id == await obligation(town)).values(status="accepted")
        )
    assert await tell(town, "2026-12-15T18:00+07:00") == []
    thu.nothing_unread()


async def test_nudging_reminds_each_agency_once_a_day(town: Town) -> None:
    thu = await employ(town, "Thu", agency=LEAD)
    lan = await appoint(town, "Lan", language="vi")
    await appoint(town, "Lan", "phuong-bach-mai")
    await plan(town)
    ids = [await obligation(town, slug) for slug in (BA_DINH, "phuong-bach-mai", "phuong-bo-de")]
    town.clock.set("2026-12-10T10:00+07:00")
    done = await nudge(town, ids, thu)
    assert [len(each) for each in (done.reminded, done.already, done.unreachable, done.settled)] == [2, 0, 1, 0]
    assert done.people == 1
    lan.reads("Sở Công Thương đề nghị cơ quan nộp báo cáo", "1. Báo cáo hằng năm", "2. Báo cáo hằng năm")
    again = await nudge(town, ids, thu)
    assert [len(each) for each in (again.reminded, again.already)] == [0, 2]
    town.clock.set("2026-12-11T10:00+07:00")
    async with town.database.transaction() as connection:
        await connection.execute(update(Obligation).where(Obligation.id == ids[1]).values(status="submitted"))
    next_day = await nudge(town, ids, thu)
    assert [len(each) for each in (next_day.reminded, next_day.settled)] == [1, 1]
    lan.reads("Sở Công Thương đề nghị cơ quan nộp báo cáo", "phường Ba Đình", "Hạn nộp: thứ Tư 16/12/2026")
    async with town.database.reading() as connection:
        nudged = select(func.count()).where(ObligationEvent.what == "nudged", ObligationEvent.obligation_id == ids[0])
        assert await connection.scalar(nudged) == 2
