"""What is shown first of reports: the order of what is owed, the agency's record, its history."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import insert, select, update

from bot.db.models.handing_in import Submission
from bot.db.models.people import Agency
from bot.db.models.reporting import Obligation
from bot.services.reporting import record
from bot.services.reporting.record import Counts
from tests.chat import Town
from tests.reporting import BA_DINH, REPORT, appoint, employ, obligation, plan


async def keep(town: Town, at: str, *, late: bool, returned: bool = False) -> None:
    """As if Ba Đình had handed in its yearly report at that moment."""
    number, moment = await obligation(town), datetime.fromisoformat(at)
    async with town.database.transaction() as connection:
        await connection.execute(
            update(Obligation)
            .where(Obligation.id == number)
            .values(
                status="returned" if returned else "accepted",
                first_submitted_at=moment,
                submitted_at=moment,
                version=1,
                document_number="05/BC-UBND",
                document_date=moment.date(),
                correct_by=date(2027, 1, 29) if returned else None,
            )
        )
        await connection.execute(
            insert(Submission).values(
                obligation_id=number,
                version=1,
                code="BC-TEST-1",
                status="returned" if returned else "accepted",
                late=late,
                figures={},
                parts={},
                files={},
                sure=[],
                document_number="05/BC-UBND",
                document_date=moment.date(),
                submitted_at=moment,
            )
        )


async def test_what_was_returned_comes_first(town: Town) -> None:
    lan = await appoint(town, "Lan", language="vi")
    await plan(town)
    await keep(town, "2026-12-18T10:00+07:00", late=True, returned=True)
    town.clock.set("2027-01-20T09:00+07:00")
    await lan.says("/baocao")
    lan.reads(
        "1. Báo cáo hằng năm",
        "Cần chỉnh sửa và nộp lại chậm nhất thứ Sáu 29/01/2027 (còn 7 ngày làm việc)",
        "2. Kế hoạch hằng năm",
        "Hạn nộp: thứ Hai 01/02/2027 (còn 8 ngày làm việc)",
    )
    await lan.says("1")
    lan.reads("Báo cáo đã được trả lại, cần chỉnh sửa và nộp lại.")


async def test_the_record_of_an_agency(town: Town) -> None:
    head = await appoint(town, "Hoa", focal_role="head", language="vi")
    hung = await appoint(town, "Hùng", "phuong-bach-mai")
    await plan(town)
    await head.sends_press(f"report:record:{await agency(town)}")
    head.reads("Chưa có kỳ báo cáo nào đến hạn.")
    await keep(town, "2026-12-18T10:00+07:00", late=True)
    town.clock.set("2027-02-02T09:00+07:00")
    await head.says("/baocao")
    head.reads("Số kỳ báo cáo: 2", "Đúng hạn: 0; muộn: 1; chưa nộp: 1", "Trả lại để chỉnh sửa: 0")
    await head.presses("Kết quả nộp báo cáo của cơ quan")
    head.reads(
        "Kết quả nộp báo cáo: Ủy ban nhân dân phường Ba Đình",
        "- Kế hoạch hằng năm triển khai thực hiện Kế hoạch số 50/KH-UBND",
        "Kết quả: chưa nộp",
        "- Báo cáo hằng năm",
        "Hạn nộp: thứ Tư 16/12/2026",
        "Đã nộp: 10:00 thứ Sáu 18/12/2026 (muộn)",
        "Báo cáo đã được tiếp nhận.",
    )
    await hung.sends_press(f"report:record:{await agency(town)}")
    hung.reads("do not answer for")


async def test_what_is_not_owed_any_more_is_in_no_record(town: Town) -> None:
    await plan(town)
    await keep(town, "2026-12-10T10:00+07:00", late=False, returned=True)
    async with town.database.transaction() as connection:
        await connection.execute(update(Obligation).where(Obligation.duty != REPORT).values(status="withdrawn"))
        entries = await record.of_agency(connection, await agency(town), date(2027, 3, 1))
    assert record.count(entries) == Counts(periods=1, on_time=1, late=0, missing=0, corrected=1)


async def test_an_officer_for_whom_nothing_waits(town: Town) -> None:
    thu = await employ(town, "Thu", agency="so-cong-thuong", language="vi")
    await thu.says("/baocao")
    thu.reads("Không có báo cáo nào chờ Anh/Chị", buttons=["Tình hình nộp báo cáo", "Báo cáo tổng hợp", "Menu"])


async def test_the_history_of_others_is_not_shown(town: Town) -> None:
    hung = await appoint(town, "Hùng", "phuong-bach-mai")
    await plan(town)
    await hung.sends_press(f"report:history:{await obligation(town)}")
    hung.reads("do not answer for")


async def agency(town: Town) -> int:
    async with town.database.reading() as connection:
        return (await connection.execute(select(Agency.id).where(Agency.slug == BA_DINH))).scalar_one()
