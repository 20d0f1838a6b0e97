"""A list that somebody sent (XLSX or CSV) as rows of text, within limits. Pure: bytes in, rows out.

A spreadsheet is read through as XML before it is opened (``files/office_xml.py``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.services.files import office_xml
from bot.vietnamese import clean

MOST_BYTES = 5_000_000
MOST_XML = 60_000_000
MOST_ROWS = 2_000
MOST_COLUMNS = 60
LONGEST_CELL = 5_000


class Unreadable(StrEnum):
    """Why a file is no list."""

    TOO_LARGE = "too large"
    TOO_MANY_ROWS = "too many rows"
    BROKEN = "broken"
    ENCODING = "encoding"
    EMPTY = "empty"


class UnreadableList(Exception):
    """A file that can't be used as a list."""

    def __init__(self, why: Unreadable) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class Line:
    """One row that has something in it; ``number`` is the one that the spreadsheet program shows."""

    number: int
    cells: tuple[str, ...]


def read(content: bytes) -> list[Line]:
    """The rows of the first sheet, or of a CSV file. Raises UnreadableList."""
    if len(content) > MOST_BYTES:
        raise UnreadableList(Unreadable.TOO_LARGE)
    lines = _of_workbook(content) if content[:4] == b"PK\x03\x04" else _of_text(content)
    if not lines:
        raise UnreadableList(Unreadable.EMPTY)
    return lines


def _of_workbook(content: bytes) -> list[Line]:
    from openpyxl import load_workbook

    try:
        office_xml.read_through(content, most_xml=MOST_XML)
    except office_xml.UnsafeFile as error:
        raise UnreadableList(Unreadable.TOO_LARGE if error.too_large else Unreadable.BROKEN) from error
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            # One row more than there may be, so that a longer list shows; the heading may stand a little down.
            rows = sheet.iter_rows(max_row=MOST_ROWS + 30, max_col=MOST_COLUMNS, values_only=True)
            return _lines(enumerate((map(_text, row) for row in rows), start=1))
        finally:
            book.close()
    except UnreadableList:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers do; nothing here can be mended
        raise UnreadableList(Unreadable.BROKEN) from error


def _of_text(content: bytes) -> list[Line]:
    text = _decoded(content)
    heading = text[:4_000].partition("\n")[0]
    separator = max(";\t,", key=heading.count)
    try:
        return _lines(enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator), start=1))
    except csv.Error as error:
        raise UnreadableList(Unreadable.BROKEN) from error


def _decoded(content: bytes) -> str:
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableList(Unreadable.ENCODING) from error
    if "\x00" in text:
        raise UnreadableList(Unreadable.BROKEN)
    return text


def _lines(rows: Iterable[tuple[int, Iterable[str]]]) -> list[Line]:
    found: list[Line] = []
    for number, row in rows:
        cells = tuple(_unmarked(clean(cell[:LONGEST_CELL])) for cell, _ in zip(row, range(MOST_COLUMNS), strict=False))
        if any(cells):
            found.append(Line(number, cells))
        # A heading and a few lines above it are not counted.
        if len(found) > MOST_ROWS + 10:
            raise UnreadableList(Unreadable.TOO_MANY_ROWS)
    return found


def _unmarked(cell: str) -> str:
    """Without the apostrophe that our own CSV puts ahead of what looks like a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value:%d/%m/%Y}"
        case date():
            return f"{value:%d/%m/%Y}"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
    return str(value)
