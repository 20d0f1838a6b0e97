"""Indicators in words: their values, what is wrong with an answer, what is asked once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.i18n import Translator
from bot.services.forms import field_problems, field_texts
from bot.services.forms.problems import Problem as Wrong
from bot.services.forms.problems import Rejected
from bot.services.handing_in import figures
from bot.services.handing_in.figures import Doubt, InTable, Problem, Unlikely
from content.duty_model import Column, Indicator
from content.form_model import FormField

DECIMALS = 6


def value(indicator: Indicator, of: Any, t: Translator) -> str:
    """A figure as people read it; rows of a table stand on lines of their own; what no longer fits stays as it is."""
    if of is None:
        return t("(not given)")
    if indicator.kind == "table":
        return table(indicator, of, t) if figures.fits(indicator, of) else str(of)
    if not figures.fits(indicator, of) and not isinstance(of, int | float):
        return str(of)
    if indicator.kind == "text":
        return str(of)
    return field_texts.shown(figures.as_field(indicator), of, t, {})


def table(indicator: Indicator, rows: list[Mapping[str, Any]], t: Translator) -> str:
    """The rows, numbered, a line each."""
    if not rows:
        return t("none")
    return "\n".join(f"({place}) {row(indicator, each, t)}" for place, each in enumerate(rows, start=1))


def row(indicator: Indicator, of: Mapping[str, Any], t: Translator, *, cells: int | None = None) -> str:
    """One row on one line, or its first ``cells``."""
    return "; ".join(cell(column, of.get(column.key), t) for column in indicator.columns[:cells])


def cell(column: Column, of: Any, t: Translator) -> str:
    """One cell; a dash where it was left empty."""
    return "-" if of is None else field_texts.shown(figures.cell_field(column), of, t, {})


def problem(found: Problem, t: Translator) -> str:
    """What was wrong with an answer, and what to do."""
    if isinstance(found.what, InTable):
        return _in_row(found, _wrong_row(found, found.what, t), t)
    if found.field.kind == "text":
        return _in_row(found, _wrong_text(found, t), t)
    rejected = Rejected(found.what, count=found.count, said=found.said)
    return _in_row(found, field_problems.explain(rejected, found.field, t), t)


def _in_row(found: Problem, said: str, t: Translator) -> str:
    """With the line and the column, if it is about one of several."""
    if not found.row:
        return said
    if isinstance(found.what, InTable):
        return t("Line {row}: {problem}", row=found.row, problem=said)
    column = found.field.label.in_language(t.language)
    return t("Line {row}, {column}: {problem}", row=found.row, column=column, problem=said)


def _wrong_row(found: Problem, what: InTable, t: Translator) -> str:
    order = _example(found.field, t)
    match what:
        case InTable.TOO_MANY_ROWS:
            return t.plural(
                "At most {number} row is possible here. Please put the smaller ones together.",
                "At most {number} rows are possible here. Please put the smaller ones together.",
                found.count,
            )
        case InTable.TOO_MANY_CELLS:
            return t.plural(
                "This line has {number} part, more than the row has. Please write: {order}",
                "This line has {number} parts, more than the row has. Please write: {order}",
                found.count,
                order=order,
            )
        case InTable.EMPTY_ROW:
            return t("This row is empty. Please write: {order}", order=order)


def _example(field: FormField, t: Translator) -> str:
    return field.example.in_language(t.language) if field.example else ""


def _wrong_text(found: Problem, t: Translator) -> str:
    if found.what is Wrong.TOO_LONG:
        return t(
            "The answer is too long: it has {length} characters, and at most {limit} are possible. Please shorten it.",
            length=t.number(found.count),
            limit=t.number(found.field.max_length),
        )
    return t("No readable text was received. Please type it in words.")


def doubt(found: Doubt, indicator: Indicator, t: Translator) -> str:
    """The question whether an unlikely figure is right."""
    said = value(indicator, found.value, t)
    match found.what:
        case Unlikely.SMALL:
            return t(
                "{value} is unusually small; it is mostly at least {limit}. Is it right?",
                value=said,
                limit=value(indicator, found.limit, t),
            )
        case Unlikely.LARGE:
            return t(
                "{value} is unusually large; it is mostly at most {limit}. Is it right?",
                value=said,
                limit=value(indicator, found.limit, t),
            )
        case Unlikely.NEGATIVE:
            return t("{value} is below zero. Is it right?", value=said)
        case Unlikely.CHANGED:
            return t("{change} (then {last}, now {value}). Is it right?", change=change(found.per_cent, t),
                     last=value(indicator, found.last, t), value=said)  # fmt: skip


def change(per_cent: float, t: Translator) -> str:
    """How far a figure rose or fell from the last period's."""
    size = t.number(abs(per_cent), decimals=0 if abs(per_cent) >= 10 else 1)
    if per_cent < 0:
        return t("Down {size}% on the last period", size=size)
    return t("Up {size}% on the last period", size=size)
