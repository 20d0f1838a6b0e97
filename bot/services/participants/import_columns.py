"""What stands in which column of a list: recognised by the heading, in either language. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.services.spreadsheets.sent_table import Line
from bot.vietnamese import fold
from content.form_model import Form, FormField
from content.written import Both

# The heading need not be the first line: titles often stand above it.
SEARCHED = 12
SEATS = "seats"
SEATS_LABEL = Both(vi="Số chỗ", en="Seats")

# Kinds of questions that a list can't answer: nobody agrees by way of another, and files go by the chat. Seats have
# a column of their own in every list.
NOT_IN_LISTS = ("consent", "file", "seats")

# Other words for the questions that nearly every list has.
_ALSO = {
    "organisation": (
        "doanh nghiep", "ten doanh nghiep", "ten don vi", "don vi", "cong ty", "ten cong ty", "co quan",
        "enterprise", "organisation", "organization", "company", "company name", "name of the enterprise",
    ),
    "tax_code": ("ma so thue", "mst", "ma so doanh nghiep", "tax code", "tax number", "enterprise code"),
    "contact_name": (
        "nguoi lien he", "ho ten", "ho va ten", "ho ten nguoi lien he", "nguoi tham du", "contact person",
        "contact", "full name",
    ),
    "phone": ("dien thoai", "so dien thoai", "dien thoai cong viec", "sdt", "phone", "phone number", "telephone"),
    "email": ("email", "e mail", "thu dien tu", "dia chi email", "e-mail"),
    SEATS: ("so cho", "so nguoi", "so luong", "so dai bieu", "seats", "number of seats", "people"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the heading stands, and which question (by name) stands in which place. ``ignored`` are headings."""

    heading: int
    places: Mapping[str, int]
    ignored: tuple[str, ...]


def questions(form: Form) -> list[FormField]:
    """The questions of a form that a list can answer."""
    return [field for field in form.fields if field.kind not in NOT_IN_LISTS]


def find(lines: Sequence[Line], form: Form) -> Columns | None:
    """The line among the first that has a heading for the enterprise and for the tax code."""
    names = _names(form)
    for index, line in enumerate(lines[:SEARCHED]):
        places: dict[str, int] = {}
        ignored: list[str] = []
        for place, cell in enumerate(line.cells):
            name = names.get(_folded(cell))
            if name is not None and name not in places:
                places[name] = place
            elif cell:
                ignored.append(cell)
        if "organisation" in places and "tax_code" in places:
            return Columns(index, places, tuple(ignored))
    return None


def _names(form: Form) -> dict[str, str]:
    asked = questions(form)
    known = {field.name for field in asked} | {SEATS}
    found = {word: name for name, words in _ALSO.items() if name in known for word in words}
    for field in asked:
        found |= {_folded(label): field.name for label in (field.label.vi, field.label.en, field.name)}
    return found


def _folded(heading: str) -> str:
    """Without marks, signs and what stands in brackets: ``Mã số thuế (*)`` is ``ma so thue``."""
    return fold(heading.partition("(")[0]).strip(" .:*")
