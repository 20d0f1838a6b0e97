"""What a spreadsheet program refuses to take in a cell to be filled in, and what it says then. Vietnamese."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from bot.i18n import Translator
from bot.services.handing_in import figures
from content.duty_model import Column, Indicator

# What a program takes as the text of a note at a cell.
_LONGEST_NOTE = 250
_WRONG = {"error_title": "Chưa đúng", "ignore_blank": True}


def percentage_cell(value: float) -> float:
    """A percentage as a cell holds it: 70 as 0.7, exactly."""
    return float(Decimal(repr(value)) / 100)


def of_indicator(indicator: Indicator, choices: str, t: Translator) -> dict[str, Any]:
    """The rule of a figure's cell; ``choices`` is where the labels of a choice stand."""
    field = figures.as_field(indicator)
    rule = _WRONG | {"error_message": _expected(indicator, t)[:_LONGEST_NOTE]}
    if indicator.help:
        rule |= {"input_message": indicator.help.vi[:_LONGEST_NOTE]}
    match indicator.kind:
        case "choice":
            return rule | {"validate": "list", "source": choices}
        case "text":
            return rule | {"validate": "length", "criteria": "<=", "value": figures.LONGEST_TEXT}
    least = -(10**figures.MOST_DIGITS) if field.min is None else field.min
    most = 10**figures.MOST_DIGITS if field.max is None else field.max
    if indicator.kind == "percentage":
        least, most = percentage_cell(least), percentage_cell(most)
    kind = "integer" if field.whole or indicator.kind == "money" else "decimal"
    return rule | {"validate": kind, "criteria": "between", "minimum": least, "maximum": most}


def of_column(column: Column) -> dict[str, Any]:
    """The rule of a cell in a table."""
    if column.kind == "text":
        said = f"Tối đa {figures.LONGEST_CELL} ký tự."
        return _WRONG | {"validate": "length", "criteria": "<=", "value": figures.LONGEST_CELL, "error_message": said}
    kind = "integer" if column.kind == "money" else "decimal"
    return _WRONG | {
        "validate": kind, "criteria": ">=", "value": 0, "error_message": "Ô này cần một số không âm.",
    }  # fmt: skip


def _expected(indicator: Indicator, t: Translator) -> str:
    """What belongs into the cell, in one sentence."""
    field = figures.as_field(indicator)
    match indicator.kind:
        case "choice":
            return "Anh/Chị chọn một giá trị trong danh sách."
        case "text":
            return f"Tối đa {figures.LONGEST_TEXT} ký tự."
        case "percentage":
            return "Ô này cần một tỷ lệ, ví dụ 70%."
    what = "một số nguyên" if field.whole or indicator.kind == "money" else "một số"
    least = "" if field.min is None else f", từ {t.number(field.min)}"
    most = "" if field.max is None else f", đến {t.number(field.max)}"
    return f"Ô này cần {what}{least}{most}."
