"""A report handed in through Telegram, with a file and a part in words, by polling and by webhook; and its receiver."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.db.engine import Database
from bot.db.models.handing_in import Submission
from bot.db.models.people import Agency
from bot.db.models.reporting import Obligation
from bot.db.upsert import insert_or_ignore
from bot.i18n import Translators
from bot.messages import Role
from bot.services.answering.knowledge import Knowledge
from bot.services.messages.quiet_hours import QuietHours
from content.model import Content
from scheduler.jobs import Circumstances
from tests import sample_files as samples
from tests.conftest import MONDAY_MORNING, ZONE
from tests.telegram_office import Mode, Office, checked_office
from tests.telegram_people import Person

PLAN = "yearly-implementation-plan"


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


async def owe(office: Office) -> int:
    """The plan for 2027 of one ward; the clock may have laid it out already."""
    async with office.database.transaction() as connection:
        agency = select(Agency.id).where(Agency.slug == "phuong-ba-dinh").scalar_subquery()
        await connection.execute(
            insert_or_ignore(connection, Obligation).values(
                duty=PLAN,
                agency_id=agency,
                period_start=date(2027, 1, 1),
                period_end=date(2027, 12, 31),
                due_on=date(2027, 2, 1),
                status="open",
            )
        )
        found = await connection.scalar(
            select(Obligation.id).where(Obligation.duty == PLAN, Obligation.agency_id == agency).limit(1)
        )
    assert found is not None
    return found


async def arrives(office: Office, number: int, name: str, *, role: Role | None, agency: str) -> Person:
    person = office.peer.person(number, name)
    await office.has_linked(person, role=role, agency=agency)
    return person


async def test_a_plan_with_its_file(office: Office) -> None:
    number = await owe(office)
    thu = await arrives(office, 900, "Thu", role=Role.OPERATOR, agency="so-cong-thuong")
    lan = await arrives(office, 1001, "Lan", role=None, agency="phuong-ba-dinh")
    await lan.sends_press(f"report:open:{number}")
    await lan.reads("Hạn nộp: thứ Hai 01/02/2027")
    await lan.presses("Nộp báo cáo")
    await lan.reads("Câu 1/6", "Báo cáo có 6 câu.")
    await lan.writes("1 tỷ 200 triệu")
    await lan.reads("Đã lưu: 1.200.000.000 đồng", "Câu 2/6")
    await lan.writes("Tập huấn cho <doanh nghiệp> & hộ kinh doanh.")
    await lan.reads("Tập huấn cho <doanh nghiệp> & hộ kinh doanh.")
    await lan.presses("Xong phần này")
    await lan.reads("Câu 3/6: Kế hoạch đã ban hành")
    await lan.sends_file("ke-hoach.pdf", samples.PDF)
    await lan.reads("Đã lưu: «ke-hoach.pdf»", "Câu 4/6")
    await lan.presses("Bỏ qua")
    await lan.reads("Câu 5/6")
    await lan.writes("12/KH-UBND")
    await lan.reads("Câu 6/6")
    await lan.writes("hôm nay")
    await lan.reads("đã đủ nội dung bắt buộc", "3) Kế hoạch đã ban hành (bản ký số hoặc bản quét): «ke-hoach.pdf»")
    await lan.presses("Nộp báo cáo này")
    await lan.reads("Nộp báo cáo này?")
    await lan.presses("Xác nhận")
    await lan.reads("Biên nhận", "Nộp đúng hạn.")
    await thu.reads("Có báo cáo mới nộp", "12/KH-UBND")
    await thu.presses("Xem báo cáo")
    await thu.reads("1.200.000.000 đồng", "Tập huấn cho <doanh nghiệp> & hộ kinh doanh.")
    await thu.presses("Kế hoạch đã ban hành (bản ký số hoặc bản quét): ke-hoach.pdf")
    served = await thu.reads("ke-hoach.pdf")
    assert served.document == ("ke-hoach.pdf", samples.PDF)
    await thu.presses("Tiếp nhận")
    await thu.reads("Tiếp nhận báo cáo này?")
    await thu.presses("Xác nhận")
    await thu.reads("Đã tiếp nhận.")
    await lan.reads("Báo cáo đã được tiếp nhận")
    async with office.database.reading() as connection:
        rows = (await connection.execute(select(Submission.status).where(Submission.obligation_id == number))).all()
    assert [row.status for row in rows] == ["accepted"]
