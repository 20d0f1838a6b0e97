"""Tables of plain values, before they become files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

# Local times in a cell have no zone: a spreadsheet knows none.
Cell = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its name, its heading and its rows."""

    name: str
    heading: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
