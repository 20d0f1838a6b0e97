"""The annexes of a consolidated report: who reported, who is missing, the tables' rows, what wards and communes say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docx.document import Document as Paper

from bot.i18n import Translator
from bot.services.consolidating import figure_tables, narratives, sums
from bot.services.consolidating.gathering import Gathered, Reporter
from bot.services.papers import decree_30, typesetting
from bot.services.report_forms import figure_sheets
from bot.services.reporting.statuses import Status
from content.duty_model import Column, Indicator

Annex = Callable[[Paper, Gathered, Translator], None]
_NOT_YET = {
    Status.OPEN: "chưa nộp",
    Status.ACKNOWLEDGED: "đã nhận, chưa nộp",
    Status.SUBMITTED: "đã nộp, chờ tiếp nhận",
    Status.RETURNED: "trả lại để chỉnh sửa",
}


def wanted(gathered: Gathered) -> list[Annex]:
    """The annexes in their order: the text names them by their numbers, so only the last may be missing."""
    found: list[Annex] = [_reported, _missing]
    tables = [each for each in gathered.duty.figures.values() if each.kind == "table"]
    if tables:
        found.append(_rows)
    if any(narratives.in_annex(gathered, each) for each in gathered.duty.sections):
        found.append(_written)
    return found


def _reported(document: Paper, gathered: Gathered, t: Translator) -> None:
    _title(document, "Danh sách cơ quan có báo cáo được tiếp nhận")
    rows = [
        (
            str(place),
            reporter.agency.vi,
            f"{version.document_number} ngày {version.document_date:%d/%m/%Y}",
            _day(reporter, t),
            "muộn" if reporter.late else "đúng hạn",
            str(version.version),
        )
        for place, (reporter, version) in enumerate(gathered.accepted, start=1)
    ]
    if not rows:
        decree_30.body(document, "Chưa có cơ quan nào có báo cáo được tiếp nhận.")
        return
    heading = ("TT", "Cơ quan", "Số, ngày văn bản", "Ngày nộp", "Thời hạn", "Bản")
    decree_30.table(document, "", heading, rows, (10, 58, 42, 24, 18, 13))


def _missing(document: Paper, gathered: Gathered, t: Translator) -> None:
    _title(document, "Danh sách cơ quan chưa có báo cáo được tiếp nhận")
    rows = [
        (str(place), each.agency.vi, _NOT_YET.get(each.status, "-"), _day(each, t))
        for place, each in enumerate(gathered.missing, start=1)
    ]
    if not rows:
        decree_30.body(document, "Tất cả cơ quan phải báo cáo đã có báo cáo được tiếp nhận.")
        return
    decree_30.table(document, "", ("TT", "Cơ quan", "Tình trạng", "Ngày nộp"), rows, (11, 85, 45, 24))


def _rows(document: Paper, gathered: Gathered, t: Translator) -> None:
    _title(document, "Chi tiết các bảng số liệu")
    tables = [each for each in gathered.duty.figures.values() if each.kind == "table"]
    filled = [(indicator, found) for indicator in tables if (found := sums.rows(indicator, gathered))]
    for indicator, found in filled:
        _table(document, indicator, found, t)
    if not filled:
        decree_30.body(document, "Chưa có cơ quan nào nhập số liệu vào các bảng này.")


def _table(document: Paper, indicator: Indicator, found: list[sums.Row], t: Translator) -> None:
    rows = [
        (
            str(place),
            row.reporter.agency.vi,
            *(_cell(column, row.cells.get(column.key), t) for column in indicator.columns),
        )
        for place, row in enumerate(found, start=1)
    ]
    width = (typesetting.TEXT_WIDTH - 56) / len(indicator.columns)
    heading = ("TT", "Cơ quan", *(figure_sheets.column_label(column) for column in indicator.columns))
    numbers = frozenset(place for place, column in enumerate(indicator.columns, start=2) if column.kind != "text")
    widths = (11, 45, *(width for _ in indicator.columns))
    decree_30.table(document, indicator.label.vi, heading, rows, widths, numbers=numbers)


def _written(document: Paper, gathered: Gathered, _: Translator) -> None:
    _title(document, "Nội dung báo cáo của phường, xã")
    for section in gathered.duty.sections:
        found = narratives.in_annex(gathered, section)
        if found:
            decree_30.heading(document, section.title.vi, 2)
            for reporter, text in found:
                decree_30.body(document, f"- {reporter.agency.vi}: {narratives.shortened(text)}")


def _title(document: Paper, text: str) -> None:
    typesetting.line(document.add_paragraph(), text.upper(), bold=True, after=6)


def _day(reporter: Reporter, t: Translator) -> str:
    return "-" if reporter.handed_in is None else f"{reporter.handed_in.astimezone(t.zone):%d/%m/%Y}"


def _cell(column: Column, value: Any, t: Translator) -> str:
    if value is None:
        return ""
    return str(value) if column.kind == "text" else figure_tables.number(value, t)
