"""What was found in a file that an agency filled in and sent back: what can be taken over, and what is wrong where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.services.handing_in.figures import Problem
from bot.services.report_forms.file_marks import Mark

# Characters of what stands in a wrong cell that are shown.
LONGEST_SHOWN = 60


class Trouble(StrEnum):
    """What can be wrong with a cell or a row besides its value."""

    FORMULA = "formula"
    ERROR = "error"
    MERGED = "merged"
    TRUTH = "truth"
    CHANGED = "changed"
    GONE = "gone"
    TWICE = "twice"
    NO_COLUMN = "no column"
    TOO_MANY_ROWS = "too many rows"
    TOO_LONG = "too long"
    UNIT = "unit"


class Kind(StrEnum):
    """In what something stands."""

    SHEET = "sheet"
    TABLE = "table"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: on a sheet in a cell (``C5``) or a row, in a Word file in a table's row or a section.

    ``where`` is its name, empty for nowhere: it is missing.
    """

    kind: Kind
    where: str = ""
    cell: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is not taken over. ``value`` is what stands there, ``about`` names an indicator or a column."""

    place: Place
    what: Problem | Trouble
    value: str = ""
    about: str = ""


class Remark(StrEnum):
    """What people should know about a file although it can be used. ``about`` lists what it concerns."""

    OLDER = "older"
    UNMARKED = "unmarked"
    NO_SECTION = "no section"
    OTHER_HEADING = "other heading"
    PICTURES = "pictures"
    TABLES = "tables"
    TRACKED = "tracked"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says. ``figures`` and ``parts`` are as a draft has them; what was left empty is not among them."""

    mark: Mark | None
    figures: Mapping[str, Any]
    parts: Mapping[str, str]
    wrong: tuple[Wrong, ...]
    remarks: tuple[tuple[Remark, tuple[str, ...]], ...] = ()
