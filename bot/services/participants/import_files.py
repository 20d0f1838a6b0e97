"""The files that go back to whoever imports a list: the template to fill in, and the report of what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n import Translator
from bot.services.participants import import_columns
from bot.services.participants.import_check import NEEDED, Wrong
from bot.services.participants.import_columns import SEATS_LABEL
from bot.services.spreadsheets import workbook
from bot.services.spreadsheets.tables import Table
from content.form_model import Form

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template(form: Form, t: Translator) -> bytes:
    """A workbook with the headings that are understood, and a sheet that says how to fill them in."""
    asked = import_columns.questions(form)
    language = t.language
    heading = tuple(
        f"{field.label.in_language(language)} (*)" if field.name in NEEDED else field.label.in_language(language)
        for field in asked
    )
    rules = [
        (t("One enterprise per row; the columns may stand in any order, and those without (*) may be left out."),),
        (t("Keep the headings as they are. Rows with nothing in them are passed over."),),
        (t("Tax code: 10 or 13 digits, 12 for a household business. A zero at the beginning belongs to it."),),
        (t("An enterprise that has signed up already is recognised by its tax code and stays as it is."),),
        (t("If a single cell is wrong, nothing is imported: you get a list of everything that has to be put right."),),
        *(
            (f"{field.label.in_language(language)}: {field.help.in_language(language)}",)
            for field in asked
            if field.help
        ),
    ]
    return workbook.xlsx(
        [
            Table(t("List"), (*heading, SEATS_LABEL.in_language(language)), ()),
            Table(t("How to fill it in"), (t("How to fill it in"),), tuple(rules)),
        ]
    )


def report(wrong: Sequence[Wrong], t: Translator) -> bytes:
    """Everything that has to be put right, row by row."""
    heading = (t("Row"), t("Column"), t("What stands there"), t("What to do"))
    rows = tuple((each.row, each.column, each.value or None, each.problem) for each in wrong)
    return workbook.xlsx([Table(t("To put right"), heading, rows)])
