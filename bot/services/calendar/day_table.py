"""The days of a year as a table for a spreadsheet program, and such a table as it comes back. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.messages import Language
from bot.services.calendar.day_list import Listed
from bot.services.spreadsheets import sent_table, workbook
from bot.services.spreadsheets.sent_table import Line
from bot.services.spreadsheets.tables import Table
from bot.vietnamese import fold
from content.written import Both

HEADING = (
    Both(vi="Ngày", en="Day"),
    Both(vi="Loại", en="Kind"),
    Both(vi="Tên ngày", en="Name"),
    Both(vi="Văn bản", en="Document"),
)
# The heading need not be the first line: a title may stand above it.
SEARCHED = 5


class Kind(StrEnum):
    """What a row says of its day."""

    OFF = "off"
    WORKED = "worked"
    TAKE_OUT = "take out"


KINDS = {
    Kind.OFF: Both(vi="nghỉ", en="day off"),
    Kind.WORKED: Both(vi="làm việc", en="working day"),
    Kind.TAKE_OUT: Both(vi="bỏ", en="take out"),
}
_ALSO = {
    "ngay nghi": Kind.OFF,
    "off": Kind.OFF,
    "ngay lam viec": Kind.WORKED,
    "lam bu": Kind.WORKED,
    "work": Kind.WORKED,
    "worked": Kind.WORKED,
    "xoa": Kind.TAKE_OUT,
    "remove": Kind.TAKE_OUT,
}
_WORDS = _ALSO | {fold(word): kind for kind, both in KINDS.items() for word in (both.vi, both.en)}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was written; ``number`` is the one that the spreadsheet program shows."""

    number: int
    day: str
    kind: str
    label: str
    document: str


def table(days: Sequence[Listed], year: int, language: Language) -> Table:
    """The days with what is said of each."""
    return Table(
        str(year),
        tuple(each.in_language(language) for each in HEADING),
        tuple(
            (each.day, KINDS[Kind.WORKED if each.worked else Kind.OFF].in_language(language), each.label, each.document)
            for each in days
        ),
    )


def rows(lines: Sequence[Line]) -> list[Row] | None:
    """The rows below the heading, whose columns may stand in any order; None where a column is missing."""
    for index, line in enumerate(lines[:SEARCHED]):
        written = [fold(cell).strip(" .:*") for cell in line.cells]
        places = [
            next((place for place, cell in enumerate(written) if cell in (fold(each.vi), fold(each.en))), None)
            for each in HEADING
        ]
        found = [place for place in places if place is not None]
        if len(found) == len(HEADING):
            return list(_below(lines[index + 1 :], found))
    return None


def as_they_return(days: Sequence[Listed], year: int, language: Language) -> list[Row]:
    """The rows of a file with these days that comes back unchanged: signs may be written otherwise in it."""
    return rows(sent_table.read(workbook.csv_file(table(days, year, language)))) or []


def kind(written: str) -> Kind | None:
    """What is meant, in either language."""
    return _WORDS.get(fold(written))


def _below(lines: Sequence[Line], places: Sequence[int]) -> Iterator[Row]:
    for line in lines:
        cells = [" ".join(line.cells[place].split()) if place < len(line.cells) else "" for place in places]
        if any(cells):
            yield Row(line.number, *cells)
