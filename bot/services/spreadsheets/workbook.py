"""Tables as files for a spreadsheet program, in which nothing that somebody typed can run. Pure.

XLSX: every text is written as a text, never as a formula, link or number. CSV: a text that a program would take
for a formula gets an apostrophe ahead of it, as Excel itself marks texts. A program set to another separator makes
cells of its own out of parts of a text: so each part gets its apostrophe as well, and a line break becomes a sign.

CSV has a byte order mark, without which Excel reads Vietnamese letters wrongly, and semicolons: with Vietnamese
regional settings the comma is the decimal sign, so that Excel splits at semicolons.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bot.services.spreadsheets.tables import Cell, Table

# What Excel keeps of a text in a cell.
LONGEST_TEXT = 32_767
# What begins a formula, also in wide letters, and what a program skips before it looks for one.
_BEGINNING = re.compile(r"""(^|[;,|\t"])([\s'"\ufeff\u200b]*)(?=[=+\-@＝＋－＠])""")
LINE_BREAK = " / "
_WIDEST, _NARROWEST = 48, 8


def xlsx(tables: Sequence[Table]) -> bytes:
    """A workbook with a sheet for each table."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        heading = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8F1EC", "border": 1}
        )
        text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        number = book.add_format({"valign": "top", "num_format": "#,##0.######"})
        whole = book.add_format({"valign": "top", "num_format": "#,##0"})
        day = book.add_format({"valign": "top", "num_format": "dd/mm/yyyy"})
        moment = book.add_format({"valign": "top", "num_format": "dd/mm/yyyy hh:mm"})
        formats = {str: text, float: number, int: whole, date: day, datetime: moment}
        for table in tables:
            sheet = book.add_worksheet(table.name[:31])
            for column, label in enumerate(table.heading):
                sheet.write_string(0, column, label, heading)
                sheet.set_column(column, column, _width(table, column))
            for row, cells in enumerate(table.rows, start=1):
                for column, cell in enumerate(cells):
                    _write(sheet, row, column, cell, formats)
            sheet.freeze_panes(1, 0)
            if table.rows:
                sheet.autofilter(0, 0, len(table.rows), len(table.heading) - 1)
    return buffer.getvalue()


def csv_file(table: Table) -> bytes:
    """One table for Excel."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([harmless(label) for label in table.heading])
    writer.writerows([_plain(cell) for cell in cells] for cells in table.rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8", errors="replace")


def harmless(text: str) -> str:
    """The text on one line, with an apostrophe wherever a spreadsheet would take it or a part of it for a formula."""
    return _BEGINNING.sub(r"\1'\2", LINE_BREAK.join(text.replace("\t", " ").splitlines()))


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell:%d/%m/%Y %H:%M}"
        case date():
            return f"{cell:%d/%m/%Y}"
        case int() | float():
            return str(cell).replace(".", ",")
    return harmless(cell)


def _write(sheet: Any, row: int, column: int, cell: Cell, formats: dict[type, Any]) -> None:
    match cell:
        case None:
            return
        case str():
            sheet.write_string(row, column, cell[:LONGEST_TEXT], formats[str])
        case datetime():
            sheet.write_datetime(row, column, cell, formats[datetime])
        case date():
            sheet.write_datetime(row, column, cell, formats[date])
        case int() | float():
            sheet.write_number(row, column, cell, formats[type(cell)])


def _width(table: Table, column: int) -> int:
    longest = max((len(_plain(row[column])) for row in table.rows[:200]), default=0)
    return max(_NARROWEST, min(_WIDEST, longest + 2), min(_WIDEST // 2, len(table.heading[column]) + 2))
