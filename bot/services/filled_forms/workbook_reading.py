"""The figures in a workbook that an agency filled in, with what is wrong in which cell. Pure: bytes in, figures out.

Rows are found by the signs in the hidden column and columns by their headings, so that moved rows do no harm. Takes
time: call it in a thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from bot.services.filled_forms import cell_values, office_parts
from bot.services.filled_forms.office_parts import Unusable, UnusableFile
from bot.services.filled_forms.readings import LONGEST_SHOWN, Kind, Place, Reading, Remark, Trouble, Wrong
from bot.services.handing_in.figures import Problem
from bot.services.report_forms import figure_sheets, file_marks
from bot.services.report_forms.file_marks import Mark
from content.duty_model import Duty, Indicator

# Further right or further down nothing of ours stands.
_MOST_COLUMNS = 60
_MOST_ROWS = 2_000


def read(book: Any, mark: Mark | None, duty: Duty) -> Reading:
    """What a workbook says about the duty's indicators. Raises UnusableFile for what is none of ours."""
    if mark is None:
        raise UnusableFile(Unusable.NOT_OURS)
    found = _Found(duty.figures)
    for sheet in book.worksheets:
        if sheet.title != figure_sheets.MARK_SHEET:
            _of_sheet(sheet, found)
    for key, indicator in duty.figures.items():
        if key not in found.seen:
            found.wrong.append(Wrong(Place(Kind.SHEET), Trouble.GONE, about=indicator.label.vi))
    older = mark.definition != file_marks.definition(duty)
    remarks = ((Remark.OLDER, ()),) if older else ()
    return Reading(mark, found.figures, {}, tuple(found.wrong), remarks)


@dataclass(slots=True)
class _Found:
    known: Mapping[str, Indicator]
    figures: dict[str, Any] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with a sign: its number, the sign's words, and the column that the sign stands in."""

    number: int
    words: tuple[str, ...]
    column: int


def open_file(content: bytes) -> tuple[Any, Mark | None]:
    """A workbook, and which report it says it is for. Raises UnusableFile."""
    from openpyxl import load_workbook

    office_parts.check(content)
    try:
        book = load_workbook(BytesIO(content), keep_links=False)
        return book, _mark(book)
    except Exception as error:  # openpyxl raises whatever its parsers do; nothing here can be mended
        raise UnusableFile(Unusable.BROKEN) from error


def _mark(book: Any) -> Mark | None:
    if figure_sheets.MARK_SHEET not in book.sheetnames:
        return None
    value = book[figure_sheets.MARK_SHEET].cell(1, 1).value
    return file_marks.read(value) if isinstance(value, str) else None


def _of_sheet(sheet: Any, found: _Found) -> None:
    signs = list(_signs(sheet))
    merged = _merged(sheet)
    values = 0
    for place, row in enumerate(signs):
        match row.words:
            case ("figures",):
                values = _column(sheet, row, figure_sheets.NOW)
            case ("figure", key, state) if _is_known(found, sheet, row, key, state):
                _figure(sheet, row, found, key, values, merged)
            case ("table", key, state) if _is_known(found, sheet, row, key, state):
                ends = (each.number for each in signs[place + 1 :])
                _table(sheet, row, next(ends, sheet.max_row + 1), found, key, merged)


def _signs(sheet: Any) -> Iterator[_Row]:
    for cells in sheet.iter_rows(max_row=min(sheet.max_row, _MOST_ROWS), max_col=min(sheet.max_column, _MOST_COLUMNS)):
        for cell in cells:
            words = figure_sheets.sign(cell.value)
            if words:
                yield _Row(cell.row, words, cell.column)
                break


def _merged(sheet: Any) -> dict[tuple[int, int], bool]:
    """The cells of merged areas within what we look at; True for the one that shows its value."""
    found: dict[tuple[int, int], bool] = {}
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row, min(area.max_row, _MOST_ROWS) + 1):
            for column in range(area.min_col, min(area.max_col, _MOST_COLUMNS) + 1):
                found[row, column] = (row, column) == (area.min_row, area.min_col)
    return found


def _is_known(found: _Found, sheet: Any, row: _Row, key: str, state: str) -> bool:
    """Whether the row is about an indicator that still means the same, and the first that is."""
    indicator = found.known.get(key)
    if indicator is None:
        return False
    place = Place(Kind.SHEET, sheet.title, row=str(row.number))
    if key in found.seen:
        found.wrong.append(Wrong(place, Trouble.TWICE, about=indicator.label.vi))
        found.figures.pop(key, None)
        return False
    found.seen.add(key)
    if file_marks.sign(indicator) != state:
        found.wrong.append(Wrong(place, Trouble.CHANGED, about=indicator.label.vi))
        return False
    return True


def _column(sheet: Any, row: _Row, label: str) -> int:
    """Where a column with this heading stands; 0 for nowhere."""
    for column in range(row.column + 1, min(sheet.max_column, _MOST_COLUMNS) + 1):
        if sheet.cell(row.number, column).value == label:
            return column
    return 0


def _figure(
    sheet: Any, row: _Row, found: _Found, key: str, column: int, merged: Mapping[tuple[int, int], bool]
) -> None:
    indicator = found.known[key]
    if not column:
        found.wrong.append(Wrong(Place(Kind.SHEET, sheet.title), Trouble.NO_COLUMN, about=figure_sheets.NOW))
        return
    cell = sheet.cell(row.number, column)
    if (row.number, column) in merged:
        found.wrong.append(_wrong(sheet, cell, Trouble.MERGED))
        return
    if cell_values.is_empty(cell):
        return
    value = cell_values.trouble(cell) or cell_values.of_indicator(indicator, cell)
    if isinstance(value, Problem | Trouble):
        found.wrong.append(_wrong(sheet, cell, value))
    else:
        found.figures[key] = value


def _table(
    sheet: Any, heading: _Row, end: int, found: _Found, key: str, merged: Mapping[tuple[int, int], bool]
) -> None:
    indicator = found.known[key]
    columns = {each.key: _column(sheet, heading, figure_sheets.column_label(each)) for each in indicator.columns}
    missing = [figure_sheets.column_label(each) for each in indicator.columns if not columns[each.key]]
    if missing:
        found.wrong.append(Wrong(Place(Kind.SHEET, sheet.title), Trouble.NO_COLUMN, about=", ".join(missing)))
        return
    rows, sound = [], True
    for number in range(heading.number + 1, min(end, _MOST_ROWS)):
        row: dict[str, Any] = {}
        for column in indicator.columns:
            cell = sheet.cell(number, columns[column.key])
            value: Any = None
            if (number, cell.column) in merged:
                value = Trouble.MERGED
            elif not cell_values.is_empty_in_table(cell):
                value = cell_values.trouble(cell) or cell_values.of_column(column, cell)
            if isinstance(value, Problem | Trouble):
                found.wrong.append(_wrong(sheet, cell, value))
                sound = False
            elif value is not None:
                row[column.key] = value
        if row:
            rows.append(row)
    if len(rows) > indicator.most_rows:
        place = Place(Kind.SHEET, sheet.title, row=str(heading.number))
        found.wrong.append(
            Wrong(place, Trouble.TOO_MANY_ROWS, value=str(indicator.most_rows), about=indicator.label.vi)
        )
    elif rows and sound:
        found.figures[key] = rows


def _wrong(sheet: Any, cell: Any, what: Problem | Trouble) -> Wrong:
    return Wrong(Place(Kind.SHEET, sheet.title, cell.coordinate), what, cell_values.said(cell)[:LONGEST_SHOWN])
