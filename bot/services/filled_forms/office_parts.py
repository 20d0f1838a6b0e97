"""Whether a Word or Excel file that came back can be opened without harm. Pure.

Besides what any such file must be, those of reports have no more elements, rows and cells than we can read at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.services.files import office_xml
from bot.services.report_forms.file_marks import Mark

MOST_XML = 20_000_000
MOST_ELEMENTS = 400_000
MOST_ROWS = 5_000
MOST_CELLS = 60_000


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
    elements: int = 0
    rows: int = 0
    cells: int = 0

    def begin(self, name: str, _: object) -> None:
        self.elements += 1
        local = name.rpartition(":")[2]
        self.rows += local == "row"
        self.cells += local == "c"
        if self.rows > MOST_ROWS or self.cells > MOST_CELLS:
            raise UnusableFile(Unusable.TOO_MANY_ROWS)
        if self.elements > MOST_ELEMENTS:
            raise UnusableFile(Unusable.TOO_LARGE)


def check(content: bytes) -> None:
    """Raise UnusableFile for what can't be opened without harm, or at all."""
    try:
        office_xml.read_through(content, most_xml=MOST_XML, begin=_Count().begin)
    except office_xml.UnsafeFile as error:
        raise UnusableFile(Unusable.TOO_LARGE if error.too_large else Unusable.BROKEN) from error
