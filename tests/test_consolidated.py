"""The consolidated report: what it adds up to, what it says, and that nothing in it can run."""

from __future__ import annotations

import asyncio
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pydantic import SecretStr

from bot import app
from bot.commands.consolidate import run_consolidate
from bot.db.engine import Database
from bot.i18n import Translators
from bot.services.consolidating import exports, gathering, sums
from bot.services.consolidating.gathering import Gathered
from bot.services.files.kinds import Found
from bot.settings import Settings
from content.duty_model import Indicator, Section
from content.model import Content
from content.written import Both
from tests.chat import Town
from tests.conftest import ZONE
from tests.consolidating import Given, hand_in
from tests.reporting import employ

REPORT = "yearly-report-to-sct"
THIS, LAST = (date(2025, 12, 15), date(2026, 12, 14)), (date(2024, 12, 15), date(2025, 12, 14))
MADE = datetime(2026, 12, 18, 3, tzinfo=UTC)
HOSTILE = "=cmd|'/C calc'!A0"

NOW = (
    Given(
        "so-xay-dung",
        {"classes": 3, "participants": 100, "budget": 1_500_000_000, "own_plan": "issued"},
        {"task_4": "Đã mở 03 lớp tập huấn.", "problems": "Thiếu kinh phí.\x07\u202e", "proposals": "Không có"},
        number="12/BC-SXD",
    ),
    Given(
        "phuong-ba-dinh",
        {
            "classes": 2,
            "participants": 45,
            "budget": 500_000_000,
            "own_plan": "issued",
            "projects": [{"name": HOSTILE, "stage": "đang làm", "capital": 2_000_000_000}],
        },
        {"task_4": "Phường tổ chức 02 lớp.", "problems": "Không", "proposals": "Đề nghị tập huấn thêm."},
    ),
    Given("xa-soc-son", {"classes": 7}, status="submitted"),
    Given("phuong-cau-giay", status="open"),
)
BEFORE = (Given("phuong-ba-dinh", {"classes": 4, "participants": 50}),)


async def gathered(database: Database, known: Content) -> Gathered:
    async with database.transaction() as connection:
        await hand_in(connection, REPORT, LAST, date(2025, 12, 16), BEFORE, at=datetime(2025, 12, 15, 3, tzinfo=UTC))
        await hand_in(connection, REPORT, THIS, date(2026, 12, 16), NOW, at=datetime(2026, 12, 17, 3, tzinfo=UTC))
        await hand_in(
            connection,
            "consolidated-report",
            THIS,
            date(2026, 12, 21),
            [Given("so-cong-thuong", {"wastewater_equipment": 48.5})],
            at=datetime(2026, 12, 18, 3, tzinfo=UTC),
        )
    async with database.reading() as connection:
        found = await gathering.gather(connection, known.duties[REPORT], THIS[1], known=known, zone=ZONE)
    assert found is not None
    return found


async def test_only_accepted_reports_count_beside_the_period_before(database: Database, known: Content) -> None:
    found = await gathered(database, known)
    figures = known.duties[REPORT].figures
    classes = sums.total(figures["classes"], found)
    assert (classes.value, classes.of, classes.before, classes.of_before) == (5, 2, 4, 1)
    assert (classes.difference, classes.per_cent) == (1, 25.0)
    assert classes.by_kind == {"department": 3, "ward": 2}
    budget = sums.total(figures["budget"], found)
    assert (budget.value, budget.before, budget.per_cent) == (2_000_000_000, None, None)
    assert sums.chosen(figures["own_plan"], found) == {"issued": 2}
    assert [each.agency.slug for each in found.missing] == ["phuong-cau-giay", "xa-soc-son"]
    assert found.progress == {"wastewater_equipment": {2026: 48.5}}


@given(st.lists(st.integers(0, 10**12), max_size=130))
def test_sums_and_averages_are_those_of_plain_arithmetic(values: list[int]) -> None:
    label = {"vi": "Số lớp", "en": "Classes"}
    summed = Indicator(key="a", label=label, kind="number")
    average = Indicator(key="a", label=label, kind="number", sums="average")
    assert sums.together(summed, values) == (sum(values) if values else None)
    assert sums.together(average, values) == (round(sum(values) / len(values), 2) if values else None)


async def test_the_word_file(database: Database, known: Content, translators: Translators) -> None:
    found = await gathered(database, known)
    content = exports.content_of(found, Found.DOCX, known, translators.vi, MADE)
    document = Document(BytesIO(content))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for part in (
        "CHƯA ĐẦY ĐỦ: mới có 2/4 cơ quan",
        "- Ủy ban nhân dân thành phố Hà Nội;",
        "- Bộ Công Thương.",
        "4. Đào tạo, tập huấn, phát triển nguồn nhân lực (mục III.4)",
        "- Sở Xây dựng: Đã mở 03 lớp tập huấn.",
        "Thiếu kinh phí.",
        "Ủy ban nhân dân phường Ba Đình: Đề nghị tập huấn thêm.",
        "V. TIẾN ĐỘ THỰC HIỆN MỤC TIÊU ĐẾN NĂM 2030",
        "Sở Công Thương trân trọng báo cáo./.",
        "DANH SÁCH CƠ QUAN CHƯA CÓ BÁO CÁO ĐƯỢC TIẾP NHẬN",
    ):
        assert part in text
    assert "\x07" not in text
    # Nothing to report is not gathered, and what a ward wrote about a task stands in the annex only.
    assert "Không có" not in text
    assert text.index("Phụ lục 4") < text.index("Phường tổ chức 02 lớp.")
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {"5", "2 (1)", "4", "+1", "+25%", "2.000", "48,5", "70-80% (II.2.b1)"} <= cells
    assert {"chưa nộp", "đã nộp, chờ tiếp nhận"} <= cells
    with zipfile.ZipFile(BytesIO(content)) as package:
        charts = [name for name in package.namelist() if name.startswith("word/charts/chart")]
        workbooks = [name for name in package.namelist() if name.startswith("word/embeddings/")]
    # Of the classes and participants, of the budget, and of the one target with figures.
    assert len(charts) == len(workbooks) == 3


async def test_a_report_of_many_parts(database: Database, known: Content, translators: Translators) -> None:
    found = await gathered(database, known)
    more = [Section(key=f"more{n}", title=Both(vi=f"Phần {n}", en=f"Part {n}")) for n in range(12)]  # fmt: skip
    longer = found.duty.model_copy(update={"sections": (*found.duty.sections, *more)})
    content = exports.content_of(replace(found, duty=longer), Found.DOCX, known, translators.vi, MADE)
    headings = [paragraph.text for paragraph in Document(BytesIO(content)).paragraphs]
    assert "XX. PHẦN 11" in headings


async def test_the_workbook_has_the_source_of_every_row_and_no_formula(
    database: Database, known: Content, translators: Translators
) -> None:
    found = await gathered(database, known)
    book = load_workbook(BytesIO(exports.content_of(found, Found.XLSX, known, translators.vi, MADE)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert HOSTILE in {cell.value for cell in cells}
    training = next(sheet for sheet in book if "Đào tạo" in sheet.title)
    rows = list(training.iter_rows(values_only=True))
    assert rows[0][:7] == ("TT", "Cơ quan", "Loại", "Số văn bản", "Ngày văn bản", "Mã nộp", "Bản")
    assert rows[1][1:4] == ("Sở Xây dựng", "Sở, ngành", "12/BC-SXD")
    assert [row[7:] for row in rows[1:]] == [(3, 100), (2, 45), (5, 145)]


async def test_in_the_chat(town: Town) -> None:
    await gathered(town.database, town.conversation.known)
    town.clock.set("2026-12-18T09:00+07:00")
    an = await employ(town, "An", agency="so-cong-thuong", language="vi")
    await an.says("/tonghop")
    an.reads("Tổng hợp các báo cáo nào?", buttons=[
        "Báo cáo hằng năm kết quả thực hiện Kế hoạch số 50/KH-UBND…",
        "Kế hoạch hằng năm triển khai thực hiện Kế hoạch số…", "Menu",
    ])  # fmt: skip
    await an.sends_press(f"sum:duty:{REPORT}")
    an.reads("Kỳ nào?", buttons=[
        "từ 15/12/2025 đến 14/12/2026: đã tiếp nhận 2/4", "từ 15/12/2024 đến 14/12/2025: đã tiếp nhận 1/1",
        "Báo cáo khác", "Menu",
    ])  # fmt: skip
    await an.says("1")
    an.reads("2/4", "Còn thiếu:", "Ủy ban nhân dân phường Cầu Giấy", buttons=[
        "Báo cáo (Word)", "Số liệu (Excel)", "Kỳ khác", "Báo cáo khác", "Menu",
    ])  # fmt: skip
    await an.presses("Báo cáo (Word)")
    reply = an.reads("Dự thảo theo thể thức Nghị định 30/2020/NĐ-CP")
    assert reply.attachment is not None
    assert reply.attachment.name == f"tong-hop-{REPORT}-2026-12-14.docx"
    assert Document(str(town.files / reply.attachment.path)).tables
    await an.presses("Quay lại kỳ báo cáo")
    an.reads("Còn thiếu:")
    await an.presses("Số liệu (Excel)")
    an.reads("Mỗi nhóm số liệu một trang")


@pytest.mark.parametrize("press", ["sum:duty:nothing", "sum:period:x:y", f"sum:docx:{REPORT}:2026-99-99", "sum:docx:a"])
async def test_presses_of_others_and_forged_ones(town: Town, press: str) -> None:
    await gathered(town.database, town.conversation.known)
    stranger = town.person("Bình", language="en")
    officer = await employ(town, "An", agency="so-xay-dung")
    for somebody in (stranger, officer):
        await somebody.sends_press(press)
        somebody.reads("")
    await stranger.sends_press(f"sum:docx:{REPORT}:2026-12-14")
    stranger.reads("Only officers of the agency that receives reports")
    await officer.sends_press(f"sum:docx:{REPORT}:2026-12-14")
    officer.reads("Only officers of the agency that receives reports")


async def test_nothing_is_made_before_anything_was_accepted(town: Town) -> None:
    async with town.database.transaction() as connection:
        await hand_in(connection, REPORT, THIS, date(2026, 12, 16), NOW[2:], at=town.clock())
    an = await employ(town, "An", agency="so-cong-thuong")
    await an.sends_press(f"sum:period:{REPORT}:2026-12-14")
    an.reads("0 of 2", "before a report has been accepted", buttons=["Other periods", "Other reports", "Menu"])
    await an.sends_press(f"sum:docx:{REPORT}:2026-12-14")
    an.reads("before a report has been accepted")


async def test_on_the_command_line(database_url: str, known: Content, tmp_path: Path) -> None:
    database = Database(database_url)
    await gathered(database, known)
    await database.close()
    settings = Settings(_env_file=None, database_url=database_url, secret_key=SecretStr("x" * 40))
    lines = await run_consolidate(settings, duty=REPORT, period_end=THIS[1], folder=tmp_path)
    assert lines[0] == "2 of 4 reports are accepted and in it"
    for line in lines[1:]:
        assert await asyncio.to_thread(zipfile.is_zipfile, line)
    with pytest.raises(app.NotReady, match="nobody owes"):
        await run_consolidate(settings, duty=REPORT, period_end=date(2020, 1, 1), folder=tmp_path)
