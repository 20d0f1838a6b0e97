"""An export as tables of plain values, before it becomes a file: the labels, and an answer as a cell. Pure.

Everything is in Vietnamese, whoever asks: the file goes into the office's records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.i18n import Translator
from bot.messages import Language
from bot.services.applications import staff_texts
from bot.services.forms import field_texts
from bot.services.offerings import offering_texts
from bot.services.offerings.offerings import Offered
from bot.services.participants.participant_rows import Entry, Part, Participant
from bot.services.spreadsheets.tables import Cell, Table
from content.form_model import Form, FormField
from content.model import AgencyDefinition

# The business itself has columns of its own.
OF_BUSINESS = frozenset({"organisation", "tax_code"})


@dataclass(frozen=True, slots=True)
class Made:
    """Who made an export, of what and when."""

    offering: Offered
    part: Part
    by: str
    at: datetime


def applications(
    form: Form | None, found: Sequence[Participant], t: Translator, agencies: Mapping[str, AgencyDefinition]
) -> Table:
    """A row for each application, with a column for each question."""
    questions = (
        [field for field in form.fields if field.name not in OF_BUSINESS and field.kind != "seats"] if form else []
    )
    heading = (
        t("No."),
        t("Registration code"),
        t("Status"),
        t("Enterprise"),
        t("Tax code"),
        t("Seats"),
        *(field.label.vi for field in questions),
        t("Registered on"),
        t("Last changed on"),
    )
    rows = tuple(
        (
            number,
            each.code,
            staff_texts.status(each.status, t),
            each.business,
            field_texts.tax_code(each.tax_code, t),
            each.seats,
            *(answer(field, each.answers.get(field.name), t, agencies) for field in questions),
            _local(each.created_at, t),
            _local(each.updated_at, t),
        )
        for number, each in enumerate(found, start=1)
    )
    return Table(t("Registrations"), heading, rows)


def entries(found: Sequence[Entry], t: Translator) -> Table:
    """A row for each who came in."""
    heading = (t("No."), t("Came in at"), t("Registration code"), t("Name"), t("Seats"), t("Gate"), t("How"))
    rows = tuple(
        (number, _local(each.at, t), each.code or None, each.name, each.seats, each.gate, _method(each.method, t))
        for number, each in enumerate(found, start=1)
    )
    return Table(t("Check-in"), heading, rows)


def notes(made: Made, count: int, t: Translator) -> Table:
    """What the file is, for whoever finds it later."""
    offering = made.offering
    rows: list[tuple[Cell, ...]] = [
        (t("Subject"), offering.title(Language.VI)),
        *(
            (line, None)
            for line in offering_texts.time_and_place(offering.details, offering.starts_at, offering.ends_at, t)
        ),
        (t("Made at"), _local(made.at, t)),
        (t("Made by"), made.by),
        (t("Contents"), part(made.part, t)),
        (t("Number of registrations"), count),
        (
            t("Personal data"),
            t("Personal tax codes are masked. Use the file only for organising this; do not pass it on."),
        ),
    ]
    return Table(t("Notes"), (t("Item"), t("Content")), tuple(rows))


def part(chosen: Part, t: Translator) -> str:
    """Which of the applications, in words."""
    match chosen:
        case Part.ALL:
            return t("All registrations")
        case Part.SEATS:
            return t("With a seat or accepted")
        case Part.WAITING:
            return t("Waiting for a seat")
        case Part.REVIEW:
            return t("To be decided")
        case Part.OVER:
            return t("Withdrawn or not accepted")


def answer(field: FormField, value: object, t: Translator, agencies: Mapping[str, AgencyDefinition]) -> Cell:
    """One answer: a number stays a number and a date a date; everything else is text as people read it."""
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if field.kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    return field_texts.shown(field, value, t, agencies)


def _local(moment: datetime, t: Translator) -> datetime:
    return moment.astimezone(t.zone).replace(tzinfo=None, second=0, microsecond=0)


def _method(method: str, t: Translator) -> str:
    match method:
        case "camera":
            return t("scanned")
        case "code":
            return t("code typed")
        case "name":
            return t("found by name")
        case _:
            return t("came without registration")
