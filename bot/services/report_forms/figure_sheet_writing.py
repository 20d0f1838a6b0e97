"""One sheet of the workbook for a report's indicators, written from top to bottom."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.i18n import Translator
from bot.services.handing_in import figure_texts, figures
from bot.services.papers import period_names
from bot.services.report_forms import cell_rules, figure_sheets
from bot.services.report_forms.blanks import Blank
from bot.services.report_forms.figure_sheets import HEADINGS
from content.duty_model import Column, Indicator, IndicatorGroup

# Characters: hidden, label, unit, last, now, hint.
_WIDTHS = (4, 46, 16, 20, 20, 48)
_FIRST_ROW = 4
_LABEL, _UNIT, _LAST, _NOW, _HINT = range(1, 6)
_A4 = 9
_LINE = 16.0
_LONGEST_REMARK = 2000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of xlsxwriter's being written. ``choices`` has where the labels of each choice stand, by key."""

    sheet: Any
    blank: Blank
    formats: Mapping[str, Any]
    t: Translator
    choices: Mapping[str, str]


def write(on: Sheet, group: IndicatorGroup) -> None:
    """A group: its figures, a row each, then its tables."""
    sheet, blank = on.sheet, on.blank
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width, None, {"hidden": column == 0})
    sheet.write_string(0, 1, group.title.vi, on.formats["title"])
    said = f"{blank.agency.name.vi}, kỳ số liệu {period_names.days(blank.period)}"
    sheet.write_string(1, 1, said, on.formats["note"])
    sheet.write_string(2, 1, "Chỉ nhập vào các ô màu vàng.", on.formats["note"])
    row = _FIRST_ROW
    single = [each for each in group.indicators if each.kind != "table"]
    if single:
        row = _headings(on, row, figure_sheets.headings_row(), HEADINGS)
        for each in single:
            _figure(on, row, each)
            row += 1
    for each in group.indicators:
        if each.kind == "table":
            row = _table(on, row + 1, each)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def height(*texts: tuple[str, int]) -> float:
    """Room for texts in columns of so many characters, in points: not every program finds it by itself."""
    return max(_LINE * max(1, math.ceil(len(text) / width)) for text, width in texts)


def _headings(on: Sheet, row: int, sign: str, labels: tuple[str, ...]) -> int:
    on.sheet.write_string(row, 0, sign)
    for column, label in enumerate(labels, start=1):
        on.sheet.write_string(row, column, label, on.formats["heading"])
    return row + 1


def _figure(on: Sheet, row: int, indicator: Indicator) -> None:
    sheet, formats = on.sheet, on.formats
    sheet.write_string(row, 0, figure_sheets.figure_row(indicator))
    label = indicator.label.vi if indicator.required else f"{indicator.label.vi} (không bắt buộc)"
    sheet.write_string(row, _LABEL, label, formats["label"])
    sheet.write_string(row, _UNIT, figure_sheets.unit(indicator), formats["label"])
    _value(on, row, _LAST, indicator, on.blank.last.get(indicator.key), "")
    _value(on, row, _NOW, indicator, on.blank.figures.get(indicator.key), "open ")
    hint = indicator.help.vi if indicator.help else ""
    sheet.write_string(row, _HINT, hint, formats["label"])
    sheet.set_row(row, height((label, _WIDTHS[_LABEL]), (hint, _WIDTHS[_HINT])))
    rule = cell_rules.of_indicator(indicator, on.choices.get(indicator.key, ""), on.t)
    sheet.data_validation(row, _NOW, row, _NOW, rule)


def _value(on: Sheet, row: int, column: int, indicator: Indicator, value: Any, kind: str) -> None:
    shape = on.formats[kind + _format(indicator.kind, whole=indicator.whole)]
    if value is None or not figures.fits(indicator, value):
        on.sheet.write_blank(row, column, None, shape)
    elif indicator.kind == "percentage":
        on.sheet.write_number(row, column, cell_rules.percentage_cell(value), shape)
    elif indicator.numeric:
        on.sheet.write_number(row, column, value, shape)
    else:
        on.sheet.write_string(row, column, figure_texts.value(indicator, value, on.t), shape)


def _table(on: Sheet, row: int, indicator: Indicator) -> int:
    on.sheet.write_string(row, 1, indicator.label.vi, on.formats["title"])
    row += 1
    last = on.blank.last.get(indicator.key)
    if last and figures.fits(indicator, last):
        before = " | ".join(figure_texts.table(indicator, last, on.t).splitlines())
        on.sheet.write_string(row, 1, f"Kỳ trước: {before}"[:_LONGEST_REMARK], on.formats["note"])
        row += 1
    labels = tuple(figure_sheets.column_label(each) for each in indicator.columns)
    row = _headings(on, row, figure_sheets.table_row(indicator), labels)
    given = on.blank.figures.get(indicator.key)
    rows = given if given is not None and figures.fits(indicator, given) else []
    for number in range(indicator.most_rows):
        values = rows[number] if number < len(rows) else {}
        for place, column in enumerate(indicator.columns, start=1):
            _cell(on, row, place, column, values.get(column.key))
        row += 1
    on.sheet.write_string(row, 0, figure_sheets.table_end(indicator))
    return row + 1


def _cell(on: Sheet, row: int, place: int, column: Column, value: Any) -> None:
    shape = on.formats["open " + _format(column.kind, whole=False)]
    if value is None:
        on.sheet.write_blank(row, place, None, shape)
    elif column.kind == "text":
        on.sheet.write_string(row, place, value, shape)
    else:
        on.sheet.write_number(row, place, value, shape)
    on.sheet.data_validation(row, place, row, place, cell_rules.of_column(column))


def _format(kind: str, *, whole: bool) -> str:
    if kind == "money" or (kind == "number" and whole):
        return "whole"
    return kind if kind in ("number", "percentage") else "text"
