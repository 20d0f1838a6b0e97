"""A list of participants checked row by row, before anything is changed. Pure.

Every cell goes through the same reader as an answer in the chat. A tax code whose check digit does not fit is
taken, as in the chat, and marked as not verified. Spreadsheets drop the zero with which Hanoi's tax codes begin; it
is put back where the check digit then fits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.i18n import Translator
from bot.services.forms import field_problems, field_texts, fields
from bot.services.forms.problems import Rejected
from bot.services.participants import import_columns
from bot.services.participants.import_columns import SEATS, SEATS_LABEL, Columns
from bot.services.spreadsheets.sent_table import Line
from content.form_model import Form, FormField
from content.model import AgencyDefinition

NEEDED = ("organisation", "tax_code")


@dataclass(frozen=True, slots=True)
class Listed:
    """One row that can be used. ``row`` is its number in the file."""

    row: int
    tax_code: str
    seats: int
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in one place of the file, and what to do, in the reader's language."""

    row: int
    column: str
    value: str
    problem: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that can be used and everything that is wrong; nothing is imported unless ``wrong`` is empty."""

    listed: tuple[Listed, ...]
    wrong: tuple[Wrong, ...]
    ignored: tuple[str, ...]

    @property
    def unverified(self) -> int:
        """How many tax codes have a check digit that does not fit."""
        return sum(fields.check_failed(each.tax_code) for each in self.listed)


def check(
    lines: Sequence[Line],
    columns: Columns,
    form: Form,
    *,
    most_seats: int,
    today: date,
    t: Translator,
    agencies: Mapping[str, AgencyDefinition],
) -> Checked:
    """Look at every row below the heading. ``most_seats`` is what one business may take."""
    asked = [field for field in import_columns.questions(form) if field.name in columns.places]
    listed: list[Listed] = []
    wrong: list[Wrong] = []
    first: dict[str, int] = {}
    for line in lines[columns.heading + 1 :]:
        answers: dict[str, Any] = {}
        found = _read_answers(line, columns, asked, answers, today, t, agencies)
        seats, problem = _seats(line, columns, most_seats, t)
        found += [problem] if problem else []
        code = answers.get("tax_code")
        if code in first:
            told = t("The same tax code stands in row {row} already.", row=first[code])
            found.append(Wrong(line.number, _label(asked, "tax_code", t), field_texts.tax_code(code, t), told))
        elif code is not None:
            first[code] = line.number
        wrong += found
        if not found:
            listed.append(Listed(line.number, str(code), seats, answers))
    return Checked(tuple(listed), tuple(wrong), columns.ignored)


def _read_answers(
    line: Line,
    columns: Columns,
    asked: Sequence[FormField],
    answers: dict[str, Any],
    today: date,
    t: Translator,
    agencies: Mapping[str, AgencyDefinition],
) -> list[Wrong]:
    wrong = []
    for field in asked:
        typed = _cell(line, columns.places[field.name])
        if not typed:
            if field.name in NEEDED:
                told = t("This cell must not be empty.")
                wrong.append(Wrong(line.number, field.label.in_language(t.language), "", told))
            continue
        try:
            answers[field.name] = _value(field, typed, today, agencies)
        except Rejected as rejected:
            told = field_problems.explain(rejected, field, t)
            shown = field_texts.quoted(field, typed)
            wrong.append(Wrong(line.number, field.label.in_language(t.language), shown, told))
    return wrong


def _value(field: FormField, typed: str, today: date, agencies: Mapping[str, AgencyDefinition]) -> Any:
    if field.kind == "tax_code":
        typed = _with_zero(typed)
    try:
        return fields.read(field, typed, today, agencies=agencies)
    except Rejected as rejected:
        if rejected.doubtful:
            return rejected.doubtful
        raise


def _with_zero(typed: str) -> str:
    """The tax code with the leading zero that a spreadsheet has dropped."""
    for length in (10, 13):
        whole = typed.zfill(length)
        if typed.isascii() and typed.isdecimal() and len(typed) == length - 1 and not fields.check_failed(whole):
            return whole
    return typed.zfill(12) if typed.isascii() and typed.isdecimal() and len(typed) == 11 else typed


def _seats(line: Line, columns: Columns, most: int, t: Translator) -> tuple[int, Wrong | None]:
    typed = _cell(line, columns.places[SEATS]) if SEATS in columns.places else ""
    if not typed:
        return 1, None
    if typed.isascii() and typed.isdecimal() and len(typed) < 6 and 1 <= int(typed) <= most:
        return int(typed), None
    told = t("One enterprise can have from 1 to {most} seats here. Please put in such a number.", most=t.number(most))
    return 1, Wrong(line.number, SEATS_LABEL.in_language(t.language), typed[:60], told)


def _cell(line: Line, place: int) -> str:
    return line.cells[place] if place < len(line.cells) else ""


def _label(asked: Sequence[FormField], name: str, t: Translator) -> str:
    return next(field.label.in_language(t.language) for field in asked if field.name == name)
