"""The figures in the tables of a Word file: rows by the indicators' labels, columns by their headings. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.messages import Language
from bot.services.filled_forms.readings import LONGEST_SHOWN, Kind, Place, Trouble, Wrong
from bot.services.handing_in import figures as kinds
from bot.services.handing_in.figures import Problem
from bot.services.report_forms import figure_sheets
from bot.vietnamese import clean, fold
from content.duty_model import Duty, Indicator


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as texts, with what stands above it."""

    caption: str
    rows: Sequence[Sequence[str]]


def figures(grids: Sequence[Grid], duty: Duty) -> tuple[dict[str, Any], list[Wrong]]:
    """The figures that the tables say, and what is wrong in them; other tables are passed over."""
    found: dict[str, Any] = {}
    wrong: list[Wrong] = []
    single: dict[str, list[Indicator]] = {}
    for each in duty.figures.values():
        if each.kind != "table":
            single.setdefault(fold(each.label.vi), []).append(each)
    tables = [each for each in duty.figures.values() if each.kind == "table"]
    for grid in grids:
        heading = [fold(cell) for cell in grid.rows[0]] if grid.rows else []
        if fold(figure_sheets.LABEL) in heading and fold(figure_sheets.NOW) in heading:
            _singles(grid, heading, single, found, wrong)
            continue
        table = next((each for each in tables if set(_labels(each)) <= set(heading)), None)
        if table is not None:
            tables.remove(table)
            _table(grid, heading, table, found, wrong)
    return found, wrong


def _singles(
    grid: Grid,
    heading: Sequence[str],
    known: Mapping[str, list[Indicator]],
    found: dict[str, Any],
    wrong: list[Wrong],
) -> None:
    label, now = heading.index(fold(figure_sheets.LABEL)), heading.index(fold(figure_sheets.NOW))
    unit = heading.index(fold(figure_sheets.UNIT)) if fold(figure_sheets.UNIT) in heading else None
    for row in grid.rows[1:]:
        waiting = known.get(fold(row[label])) if label < len(row) else None
        if not waiting:
            continue
        indicator = waiting.pop(0)
        place = Place(Kind.TABLE, grid.caption, row=indicator.label.vi)
        if len(row) != len(heading):
            wrong.append(Wrong(place, Trouble.MERGED))
            continue
        typed = _typed(row[now])
        if not typed:
            continue
        if unit is not None and fold(row[unit]) != fold(figure_sheets.unit_or_choices(indicator)):
            wrong.append(Wrong(place, Trouble.UNIT, clean(row[unit])[:LONGEST_SHOWN], indicator.label.vi))
            continue
        value = kinds.read(indicator, typed, Language.VI)
        if isinstance(value, Problem):
            wrong.append(Wrong(place, value, typed[:LONGEST_SHOWN]))
        else:
            found[indicator.key] = value


def _table(grid: Grid, heading: Sequence[str], indicator: Indicator, found: dict[str, Any], wrong: list[Wrong]) -> None:
    columns = [heading.index(label) for label in _labels(indicator)]
    rows, sound = [], True
    for number, row in enumerate(grid.rows[1:], start=1):
        place = Place(Kind.TABLE, indicator.label.vi, row=str(number))
        if len(row) != len(heading):
            wrong.append(Wrong(place, Trouble.MERGED))
            sound = False
            continue
        values: dict[str, Any] = {}
        for column, at in zip(indicator.columns, columns, strict=True):
            typed = _typed(row[at])
            value = kinds.read_cell(column, typed, Language.VI) if typed else None
            if isinstance(value, Problem):
                wrong.append(Wrong(place, value, typed[:LONGEST_SHOWN], figure_sheets.column_label(column)))
                sound = False
            elif value is not None:
                values[column.key] = value
        if values:
            rows.append(values)
    if len(rows) > indicator.most_rows:
        wrong.append(Wrong(Place(Kind.TABLE, indicator.label.vi), Trouble.TOO_MANY_ROWS, str(indicator.most_rows)))
    elif rows and sound:
        found[indicator.key] = rows


def _labels(indicator: Indicator) -> list[str]:
    return [fold(figure_sheets.column_label(each)) for each in indicator.columns]


def _typed(cell: str) -> str:
    """What was entered; a dash, or dots to write on, are nothing."""
    said = clean(cell)
    return "" if said in kinds.EMPTY_CELL or not said.strip("….") else said
