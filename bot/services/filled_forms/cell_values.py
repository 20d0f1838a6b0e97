"""A cell of a workbook as a value of an indicator. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bot.messages import Language
from bot.services.filled_forms.readings import Trouble
from bot.services.handing_in import figures
from bot.vietnamese import clean
from content.duty_model import Column, Indicator

_FORMULA, _ERROR = "f", "e"
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
# Binary fractions of what people typed: 0.07 x 100 is not 7.
_PERCENT_DECIMALS = 10


def is_empty(cell: Any) -> bool:
    """Whether nothing was entered; blanks are nothing."""
    return cell.value is None or (isinstance(cell.value, str) and not clean(cell.value))


def is_empty_in_table(cell: Any) -> bool:
    """The same, where a dash is nothing either."""
    return is_empty(cell) or (isinstance(cell.value, str) and clean(cell.value) in figures.EMPTY_CELL)


def trouble(cell: Any) -> Trouble | None:
    """What keeps a cell from having a value at all."""
    if cell.data_type == _FORMULA:
        return Trouble.FORMULA
    if cell.data_type == _ERROR:
        return Trouble.ERROR
    return Trouble.TRUTH if isinstance(cell.value, bool) else None


def of_indicator(indicator: Indicator, cell: Any) -> Any:
    """The value of a figure's cell that is neither empty nor in trouble, or the ``Problem`` with it."""
    number = _number(cell)
    if number is not None and indicator.numeric:
        if indicator.kind == "percentage" and _shows_per_cent(cell):
            number = _times_hundred(number)
        return figures.take(indicator, number)
    return figures.read(indicator, said(cell), Language.VI)


def of_column(column: Column, cell: Any) -> Any:
    """The same for a cell of a table."""
    number = _number(cell)
    if number is not None and column.kind != "text":
        return figures.number_in(figures.cell_field(column), number)
    return figures.read_cell(column, said(cell), Language.VI)


def said(cell: Any) -> str:
    """What stands in a cell, as people would type it."""
    value = cell.value
    match value:
        case int() | float() if not isinstance(value, bool) and _shows_per_cent(cell):
            return f"{_times_hundred(value):g}%".replace(".", ",")
        case None:
            return ""
        case datetime() if value.time() == time():
            return f"{value:%d/%m/%Y}"
        case datetime():
            return f"{value:%d/%m/%Y %H:%M}"
        case date():
            return f"{value:%d/%m/%Y}"
        case float() if value.is_integer() and abs(value) < 10**figures.MOST_DIGITS:
            return str(int(value))
        case float():
            return repr(value).replace(".", ",")
    return clean(str(value))


def _times_hundred(number: float) -> float:
    return round(float(Decimal(repr(number)) * 100), _PERCENT_DECIMALS)


def _number(cell: Any) -> int | float | None:
    value = cell.value
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _shows_per_cent(cell: Any) -> bool:
    """Whether the program shows the cell as a percentage, so that 0.7 is 70 %."""
    return "%" in _LITERAL.sub("", str(cell.number_format))
