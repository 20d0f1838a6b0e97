"""What agencies say of the indicators of a report, made exact. Pure.

Values are JSON values: a number as int, or float where it has a fraction, money as whole VND, a text, a choice's
value, a table as a list of rows {column: value} without the cells that were left empty. ``figure_texts.py`` says
them, and what is wrong, in words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from bot.messages import Language
from bot.services.forms import choices, numbers, texts
from bot.services.forms.problems import Circumstances, Rejected
from bot.services.forms.problems import Problem as Wrong
from bot.vietnamese import clean, fold
from content.duty_model import Column, Duty, Indicator
from content.form_model import FormField
from content.written import Both, Unit

LONGEST_TEXT, LONGEST_CELL, MOST_DIGITS = 1000, 200, 15
NOTHING = frozenset({"khong", "khong co", "none", "nothing", "0"})
EMPTY_CELL = frozenset({"", "-", "–", "—", "."})
PERCENT = Unit(vi="%", en="%")

_PERCENT_WORDS = re.compile(r"\s*(?:%|phần trăm|phan tram|per ?cent)\s*$", re.IGNORECASE)
# Three digits after the decimal mark of the language look like thousands of the other one.
_UNCLEAR = {Language.VI: re.compile(r"-?[1-9]\d{0,2},\d{3}"), Language.EN: re.compile(r"-?[1-9]\d{0,2}\.\d{3}")}
_SEPARATOR = re.compile(r"\t|;|\|")
_NO_DEPENDENCE = Circumstances(date.min, {}, 1)


class InTable(StrEnum):
    """What can be wrong with a table besides its cells."""

    TOO_MANY_CELLS = "too many cells"
    TOO_MANY_ROWS = "too many rows"
    EMPTY_ROW = "empty row"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer can't be used. ``field`` is what was asked for; of a table ``row`` counts from 1, as typed.

    ``count`` and ``said`` are what ``Rejected`` has of these names.
    """

    what: Wrong | InTable
    field: FormField
    count: int = 0
    said: str = ""
    row: int = 0


class Unlikely(StrEnum):
    """Why a figure is asked about once more."""

    SMALL = "small"
    LARGE = "large"
    NEGATIVE = "negative"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A figure that is possible but unlikely.

    ``limit`` is the end of the plausible range; ``last`` the last period's figure, from which it differs by
    ``per_cent`` (negative: it fell).
    """

    key: str
    what: Unlikely
    value: int | float
    limit: float = 0
    last: int | float = 0
    per_cent: float = 0


def read(indicator: Indicator, text: str, language: Language) -> Any:
    """The value of an answer, or the ``Problem`` with it. In a table each line is a row, its cells parted by ``;``."""
    if indicator.kind == "table":
        return read_rows(indicator, text, language)
    return _read(as_field(indicator), text, language)


def read_rows(indicator: Indicator, text: str, language: Language) -> Any:
    """The rows of a table, or the first ``Problem``. Cells are parted by ``;``, ``|`` or tabs, as a sheet copies them.

    «Không có» is a table without rows.
    """
    if fold(text).rstrip(".!") in NOTHING:
        return []
    rows = []
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), start=1):
        row = read_row(indicator, [cell.strip() for cell in _SEPARATOR.split(line)], language)
        if isinstance(row, Problem):
            return replace(row, row=number)
        rows.append(row)
    if len(rows) > indicator.most_rows:
        return Problem(InTable.TOO_MANY_ROWS, _row_field(indicator), count=indicator.most_rows)
    return rows or Problem(InTable.EMPTY_ROW, _row_field(indicator))


def read_row(indicator: Indicator, cells: Sequence[str], language: Language) -> Any:
    """One row, or the ``Problem`` with it. Empty cells, also written as a dash, are left out."""
    while len(cells) > len(indicator.columns) and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > len(indicator.columns):
        return Problem(InTable.TOO_MANY_CELLS, _row_field(indicator), count=len(cells))
    row: dict[str, Any] = {}
    for column, cell in zip(indicator.columns, cells, strict=False):
        if cell.strip() in EMPTY_CELL:
            continue
        value = read_cell(column, cell, language)
        if isinstance(value, Problem):
            return value
        row[column.key] = value
    return row or Problem(InTable.EMPTY_ROW, _row_field(indicator))


def read_cell(column: Column, text: str, language: Language) -> Any:
    """The value of one cell that is not empty, or the ``Problem`` with it."""
    return _read(cell_field(column), text, language)


def take(indicator: Indicator, number: float) -> Any:
    """What a number that is one already (in a workbook's cell) is as value of an indicator, or the ``Problem``."""
    return number_in(as_field(indicator), number)


def number_in(field: FormField, number: float) -> Any:
    """The same for whatever field."""
    if not math.isfinite(number):
        return Problem(Wrong.NUMBER_CHARACTERS, field)
    if abs(number) >= 10**MOST_DIGITS:
        return Problem(Wrong.NUMBER_LONG, field, count=MOST_DIGITS)
    value: int | float = int(number) if number == int(number) else number
    if (field.whole or field.kind == "money") and not isinstance(value, int):
        return Problem(Wrong.NUMBER_FRACTION, field)
    if field.min is not None and value < field.min:
        return Problem(Wrong.NUMBER_SMALL, field)
    if field.max is not None and value > field.max:
        return Problem(Wrong.NUMBER_LARGE, field)
    return value


def fits(indicator: Indicator, value: Any) -> bool:
    """Whether a value kept earlier still answers the indicator as it is defined now."""
    match indicator.kind:
        case "text":
            return isinstance(value, str) and bool(value)
        case "choice":
            return any(value == each.value for each in indicator.choices)
        case "table":
            if not isinstance(value, list) or len(value) > indicator.most_rows:
                return False
            kinds = {each.key: each.kind for each in indicator.columns}
            return all(
                isinstance(row, dict) and all(key in kinds and _is(kinds[key], cell) for key, cell in row.items())
                for row in value
            )
        case _:
            return _is(indicator.kind, value) and not isinstance(take(indicator, value), Problem)


def usable(duty: Duty, figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures that fit the duty as it is defined now, in its order."""
    return {key: figures[key] for key, each in duty.figures.items() if key in figures and fits(each, figures[key])}


def doubts(duty: Duty, figures: Mapping[str, Any], last: Mapping[str, Any]) -> list[Doubt]:
    """What is unlikely among the figures; ``last`` are those accepted for the period before, if any."""
    found = (doubt(each, figures.get(key), last.get(key)) for key, each in duty.figures.items())
    return [each for each in found if each]


def doubt(indicator: Indicator, value: Any, last: Any) -> Doubt | None:
    """What is unlikely about one figure; None for what has none, and for kinds that are no number."""
    if not indicator.numeric or not _is("number", value):
        return None
    likely = indicator.plausible
    if likely and likely.min is not None and value < likely.min:
        return Doubt(indicator.key, Unlikely.SMALL, value, limit=likely.min)
    if likely and likely.max is not None and value > likely.max:
        return Doubt(indicator.key, Unlikely.LARGE, value, limit=likely.max)
    if value < 0 and not (likely and likely.min is not None):
        return Doubt(indicator.key, Unlikely.NEGATIVE, value)
    if indicator.change is not None and _is("number", last) and last:
        change = per_cent_change(value, last)
        if abs(change) > indicator.change:
            return Doubt(indicator.key, Unlikely.CHANGED, value, last=last, per_cent=change)
    return None


def per_cent_change(value: float, last: float) -> float:
    """By how many per cent a figure has moved from the last one, which is not zero."""
    return (value - last) / abs(last) * 100


def as_field(indicator: Indicator) -> FormField:
    """The indicator as a question of a form, whose readers and words are the same. Not for tables."""
    percentage, money = indicator.kind == "percentage", indicator.kind == "money"
    low: float | None = 0 if percentage or money else None
    high: float | None = 100 if percentage else None
    return FormField(
        name=indicator.key,
        kind="number" if percentage else indicator.kind,
        label=indicator.label,
        ask=indicator.label,
        example=indicator.help or indicator.label,
        max_length=LONGEST_TEXT,
        whole=indicator.whole and indicator.kind == "number",
        unit=PERCENT if percentage else (indicator.unit if indicator.kind == "number" else None),
        min=_tidy(low if indicator.min is None else indicator.min),
        max=_tidy(high if indicator.max is None else indicator.max),
        choices=indicator.choices,
    )


def cell_field(column: Column) -> FormField:
    """A table's column as a question of a form. What is counted or paid in a row is never negative."""
    return FormField(
        name=column.key,
        kind=column.kind,
        label=column.label,
        ask=column.label,
        example=column.label,
        max_length=LONGEST_CELL,
        unit=column.unit if column.kind == "number" else None,
        min=None if column.kind == "text" else 0,
    )


def _row_field(indicator: Indicator) -> FormField:
    names = {
        language: "; ".join(each.label.in_language(language) for each in indicator.columns) for language in Language
    }
    example = Both(vi=names[Language.VI], en=names[Language.EN])
    return FormField(name=indicator.key, kind="text", label=indicator.label, ask=indicator.label, example=example)


def _read(field: FormField, text: str, language: Language) -> Any:
    typed = clean(text)
    if not typed:
        return Problem(Wrong.EMPTY, field)
    if len(typed) > field.max_length:
        return Problem(Wrong.TOO_LONG, field, count=len(typed))
    try:
        match field.kind:
            case "money":
                return numbers.money(field, typed, _NO_DEPENDENCE)
            case "choice":
                return choices.choice(field, typed, _NO_DEPENDENCE)
            case "text":
                return texts.text(field, typed, _NO_DEPENDENCE)
        if field.unit == PERCENT:
            typed = _PERCENT_WORDS.sub("", typed)
        if not field.whole and _UNCLEAR[language].fullmatch(_bare(field, texts.plain(typed))):
            return Problem(Wrong.NUMBER_FORM, field)
        return numbers.number(field, typed, _NO_DEPENDENCE)
    except Rejected as rejected:
        return Problem(rejected.problem, field, count=rejected.count, said=rejected.said)


def _bare(field: FormField, typed: str) -> str:
    """The digits and marks at the beginning: what stands before the unit."""
    found = re.match(r"-?[\d.,]+", typed)
    return found[0] if found and field.kind == "number" else ""


def _is(kind: str, value: Any) -> bool:
    if kind == "text":
        return isinstance(value, str)
    numeric = int if kind == "money" else int | float
    return isinstance(value, numeric) and not isinstance(value, bool)


def _tidy(limit: float | None) -> int | float | None:
    return int(limit) if limit is not None and limit == int(limit) else limit
