"""The workbook in which an agency fills in the indicators of a report: a sheet per group, one cell per figure.

Only cells to be filled in can be changed. They hold what was entered by now and are checked by the program itself as
far as it can; nothing in the file is a formula.
"""

from __future__ import annotations

import io
from typing import Any

from bot.i18n import Translator
from bot.services.papers import period_names
from bot.services.report_forms import figure_sheet_writing, figure_sheets, file_marks, report_paper
from bot.services.report_forms.blanks import Blank
from bot.services.report_forms.figure_sheet_writing import Sheet

_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "guide": {"text_wrap": True, "valign": "top"},
    "note": {"italic": True, "font_color": "#555555"},
    "heading": {"bold": True, "text_wrap": True, "valign": "vcenter", "align": "center", "bg_color": "#E8F1EC",
                "border": 1},
    "label": {"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"},
    "number": {"valign": "top", "border": 1, "num_format": "#,##0.######"},
    "whole": {"valign": "top", "border": 1, "num_format": "#,##0"},
    "percentage": {"valign": "top", "border": 1, "num_format": "0.##%"},
    "text": {"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"},
}  # fmt: skip
_GUIDE_WIDTH = 100
_OPEN: dict[str, Any] = {"locked": False, "bg_color": "#FFF8DC"}
_PROTECTED = {"format_columns": True, "format_rows": True, "select_locked_cells": True}


def make(blank: Blank, vietnamese: Translator) -> bytes:
    """The file."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        formats: dict[str, Any] = {}
        for name, properties in _FORMATS.items():
            formats[name] = book.add_format(properties)
            formats[f"open {name}"] = book.add_format(properties | _OPEN)
        for sheet_format in formats.values():
            sheet_format.set_font_name("Times New Roman")
        _guide(book.add_worksheet(figure_sheets.GUIDE), blank, formats, vietnamese)
        choices = _choices(blank)
        places = {key: place for key, (place, _) in choices.items()}
        taken: set[str] = set()
        for group in blank.duty.indicators:
            name = figure_sheets.sheet_name(group, taken)
            taken.add(name)
            sheet = book.add_worksheet(name)
            figure_sheet_writing.write(Sheet(sheet, blank, formats, vietnamese, places), group)
            sheet.protect("", _PROTECTED)
        mark = book.add_worksheet(figure_sheets.MARK_SHEET)
        mark.write_string(0, 0, file_marks.write(blank.mark))
        for column, (_, labels) in enumerate(choices.values(), start=1):
            for row, label in enumerate(labels):
                mark.write_string(row, column, label)
        mark.protect()
        mark.very_hidden()
        book.get_worksheet_by_name(figure_sheets.GUIDE).activate()
    return buffer.getvalue()


def _choices(blank: Blank) -> dict[str, tuple[str, list[str]]]:
    """Where the labels of each choice stand (as a formula of a list to choose from), and the labels, by key."""
    from xlsxwriter.utility import xl_col_to_name

    found: dict[str, tuple[str, list[str]]] = {}
    for key, indicator in blank.duty.figures.items():
        if indicator.kind == "choice":
            column = xl_col_to_name(len(found) + 1)
            labels = [each.vi for each in indicator.choices]
            found[key] = (f"={figure_sheets.MARK_SHEET}!${column}$1:${column}${len(labels)}", labels)
    return found


def _guide(sheet: Any, blank: Blank, formats: dict[str, Any], t: Translator) -> None:
    sheet.set_column(0, 0, _GUIDE_WIDTH)
    sheet.fit_to_pages(1, 0)
    lines = [
        f"Bảng số liệu: {report_paper.subject(blank)}",
        f"Cơ quan: {blank.agency.name.vi}",
        f"Kỳ số liệu: {period_names.days(blank.period)}",
        f"Hạn nộp: {t.date(blank.due_on)}",
        "",
        "1. Mỗi trang tính là một nhóm số liệu. Anh/Chị chỉ nhập vào các ô màu vàng; các ô khác được khóa.",
        "2. Nhập số, không nhập công thức, không gộp ô. Tiền ghi bằng đồng, không làm tròn. Tỷ lệ ghi từ 0% đến 100%.",
        "3. Không phát sinh thì ghi 0; ô để trống nghĩa là chưa báo cáo.",
        "4. Bảng danh sách: mỗi dòng một mục; dòng để trống được bỏ qua.",
        "5. Nhập xong, lưu tệp (định dạng XLSX) rồi gửi lại cho trợ lý trong mục nộp báo cáo. Trợ lý chỉ ra từng ô cần "
        "sửa và cho xem trước; chưa có gì thay đổi cho đến khi Anh/Chị xác nhận.",
        "6. Tệp này chỉ dùng cho đúng cơ quan và kỳ báo cáo nêu trên.",
    ]  # fmt: skip
    if blank.duty.default:
        lines.append("Các chỉ tiêu là mặc định, chờ xác nhận: Kế hoạch không quy định biểu mẫu số liệu.")
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, formats["title" if row == 0 else "guide"])
        sheet.set_row(row, figure_sheet_writing.height((line, _GUIDE_WIDTH)))
    sheet.protect("", _PROTECTED)
