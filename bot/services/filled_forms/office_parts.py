"""Whether a Word or Excel file that came back can be opened without harm. Pure.

It is a zip file of XML. Its parts are read through once, in small pieces, before a library builds anything of them:
how much they unpack to, how many elements, rows and cells they have, and whether one defines entities, which no
office program writes.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from xml.parsers import expat

from bot.services.report_forms.file_marks import Mark

MOST_PARTS = 500
MOST_XML = 20_000_000
MOST_ELEMENTS = 400_000
MOST_ROWS = 5_000
MOST_CELLS = 60_000
_PIECE = 65_536
_XML = (".xml", ".rels", ".vml")


class Unusable(StrEnum):
    """Why a file can't be used at all."""

    BROKEN = "broken"
    TOO_LARGE = "too large"
    TOO_MANY_ROWS = "too many rows"
    NOT_OURS = "not ours"
    OTHER_AGENCY = "other agency"
    OTHER_DUTY = "other duty"
    OTHER_PERIOD = "other period"
    NOTHING = "nothing"


class UnusableFile(Exception):
    """A file from which nothing can be taken over; ``mark`` is what it is for instead, if it says so."""

    def __init__(self, why: Unusable, mark: Mark | None = None) -> None:
        super().__init__(why.value)
        self.why, self.mark = why, mark


@dataclass(slots=True)
class _Count:
    xml: int = 0
    elements: int = 0
    rows: int = 0
    cells: int = 0
    too_much: Unusable | None = field(default=None)

    def begin(self, name: str, _: object) -> None:
        self.elements += 1
        local = name.rpartition(":")[2]
        self.rows += local == "row"
        self.cells += local == "c"
        if self.rows > MOST_ROWS or self.cells > MOST_CELLS:
            self.too_much = Unusable.TOO_MANY_ROWS
        elif self.elements > MOST_ELEMENTS:
            self.too_much = Unusable.TOO_LARGE


def check(content: bytes) -> None:
    """Raise UnusableFile for what can't be opened without harm, or at all."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise UnusableFile(Unusable.TOO_LARGE)
            count = _Count()
            for part in parts:
                if part.filename.lower().endswith(_XML):
                    _read_through(archive, part, count)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, expat.ExpatError) as error:
        raise UnusableFile(Unusable.BROKEN) from error


def _read_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo, count: _Count) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = count.begin
    parser.StartDoctypeDeclHandler = _refuse
    for piece in _pieces(archive, part):
        count.xml += len(piece)
        if count.xml > MOST_XML:
            raise UnusableFile(Unusable.TOO_LARGE)
        parser.Parse(piece, False)
        if count.too_much:
            raise UnusableFile(count.too_much)
    parser.Parse(b"", True)


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as file:
        while piece := file.read(_PIECE):
            yield piece


def _refuse(*_: object) -> None:
    raise UnusableFile(Unusable.BROKEN)
