"""What people type into a form, made exact: which reader reads which kind of question, and what still fits. Pure.

A reader returns the value to keep (JSON values only) or raises ``Rejected``, which names what is wrong;
``bot/services/forms/field_texts.py`` says it in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from stdnum.vn import mst

from bot.services.forms import choices, codes, dates, numbers, texts, wards
from bot.services.forms.problems import Circumstances, Problem, Rejected
from bot.vietnamese import clean
from content.form_model import FieldKind, FormField
from content.model import AgencyDefinition

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_NO_AGENCIES: Mapping[str, AgencyDefinition] = {}


def read(
    field: FormField,
    typed: str,
    today: date,
    *,
    agencies: Mapping[str, AgencyDefinition] = _NO_AGENCIES,
    seats: int = 1,
) -> Any:
    """The value of an answer: text, number, ISO date, choice value or list of them, slug of a ward, True or False."""
    typed = clean(typed)
    if not typed:
        raise Rejected(Problem.EMPTY)
    if len(typed) > field.max_length:
        raise Rejected(Problem.TOO_LONG, count=len(typed))
    return _READERS[field.kind](field, typed, Circumstances(today, agencies, seats))


def fits(field: FormField, value: Any, *, agencies: Mapping[str, AgencyDefinition], seats: int) -> bool:
    """Whether an earlier answer still answers the question as it is now; a consent to another wording does not."""
    if value is None:
        return not field.required
    match field.kind:
        case "choice" | "choices":
            return _is_choice(field, value)
        case "number" | "money":
            return _is_number(field, value)
        case "seats":
            return isinstance(value, int) and 1 <= value <= seats
        case "ward":
            return isinstance(value, str) and wards.is_unit(agencies, value)
        case "file":
            return isinstance(value, dict) and "file" in value
        case "consent":
            return isinstance(value, dict) and value.get("version") == field.text_version
        case _:
            return isinstance(value, str) and _is_readable(field, value)


def check_failed(code: str) -> bool:
    """Whether a tax code was kept although its check digit is wrong; a personal number has none."""
    return not is_personal(code) and not mst.is_valid(code)


def is_personal(code: str) -> bool:
    """Whether a tax code is a person's ID number, which is never shown whole."""
    return len(code) == codes.PERSONAL


def _is_choice(field: FormField, value: Any) -> bool:
    known = {choice.value for choice in field.choices}
    if field.kind == "choice":
        return isinstance(value, str) and value in known
    return isinstance(value, list) and bool(value) and known.issuperset(value)


def _is_number(field: FormField, value: Any) -> bool:
    kinds = int if field.whole or field.kind == "money" else int | float
    if not isinstance(value, kinds):
        return False
    return (field.min is None or value >= field.min) and (field.max is None or value <= field.max)


def _is_readable(field: FormField, value: str) -> bool:
    """Whether a kept text would be taken if it were typed now; an unverified tax code was insisted on."""
    if field.kind == "date":
        return _ISO_DATE.fullmatch(value) is not None
    try:
        read(field, value, date.min)
    except Rejected as rejected:
        return rejected.problem is Problem.TAX_CHECK
    return True


def _file(_: FormField, __: str, ___: Circumstances) -> Any:
    raise Rejected(Problem.FILE_NEEDED)


_READERS: dict[FieldKind, Callable[[FormField, str, Circumstances], Any]] = {
    "text": texts.text,
    "long_text": texts.long_text,
    "choice": choices.choice,
    "choices": choices.choices,
    "number": numbers.number,
    "date": dates.day,
    "money": numbers.money,
    "phone": codes.phone,
    "email": codes.email,
    "tax_code": codes.tax_code,
    "ward": wards.ward,
    "file": _file,
    "consent": choices.consent,
    "seats": numbers.seats,
}
