"""What the forms for a report's indicators look like, in which their writers and readers have to agree. Pure.

In the workbook column A is hidden and says in words of ours what each row is, so that a row is recognised wherever it
stands. Everything people see is Vietnamese: the file goes into the office's records.
"""

from __future__ import annotations

import re

from bot.services.report_forms import file_marks
from content.duty_model import Column, Indicator, IndicatorGroup

MARK_SHEET = "nhipcau"
GUIDE = "Hướng dẫn"
# Headings of the columns of single figures; in the workbook they begin at column B.
NUMBER, LABEL, UNIT, LAST, NOW, HINT = "STT", "Chỉ tiêu", "Đơn vị tính", "Kỳ trước", "Kỳ này", "Ghi chú"
HEADINGS = (LABEL, UNIT, LAST, NOW, HINT)

_OURS = "nhipcau"
_LONGEST_NAME = 31
NOT_IN_A_SHEETS_NAME = re.compile(r"[\[\]:*?/\\']")


def headings_row() -> str:
    """The sign of the row with the headings of single figures."""
    return f"{_OURS}|figures"


def figure_row(indicator: Indicator) -> str:
    """The sign of the row of one figure."""
    return f"{_OURS}|figure|{indicator.key}|{file_marks.sign(indicator)}"


def table_row(indicator: Indicator) -> str:
    """The sign of the row with the headings of a table."""
    return f"{_OURS}|table|{indicator.key}|{file_marks.sign(indicator)}"


def table_end(indicator: Indicator) -> str:
    """The sign of the row below the last one of a table."""
    return f"{_OURS}|end|{indicator.key}"


def sign(value: object) -> tuple[str, ...]:
    """The words of a sign: ``("figure", key, state)``; none for whatever else stands in a cell."""
    if not isinstance(value, str) or not value.startswith(f"{_OURS}|"):
        return ()
    return tuple(value.split("|")[1:])


def sheet_name(group: IndicatorGroup, taken: set[str]) -> str:
    """A name for a group's sheet that no other has: at most 31 characters, without what a program refuses."""
    bare = " ".join(NOT_IN_A_SHEETS_NAME.sub(" ", group.title.vi).split()) or group.key
    short = bare if len(bare) <= _LONGEST_NAME else bare[: _LONGEST_NAME + 1].rpartition(" ")[0] or bare[:_LONGEST_NAME]
    name, number = short, 1
    while name.lower() in {each.lower() for each in (*taken, MARK_SHEET, GUIDE)}:
        number += 1
        name = f"{short[: _LONGEST_NAME - 4].strip()} {number}"
    return name


def unit(indicator: Indicator) -> str:
    """What a figure is counted in."""
    if indicator.kind == "percentage":
        return "%"
    return indicator.unit.vi if indicator.unit else "đồng" if indicator.kind == "money" else ""


def unit_or_choices(indicator: Indicator) -> str:
    """The same for the Word form, which has no lists to choose from: there it names the choices."""
    return " / ".join(each.vi for each in indicator.choices) or unit(indicator)


def column_label(column: Column) -> str:
    """A column's heading with its unit."""
    said = column.unit.vi if column.unit else "đồng" if column.kind == "money" else ""
    return f"{column.label.vi} ({said})" if said else column.label.vi
