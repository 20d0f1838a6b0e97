"""A form's answers as people read them again. What is wrong with one is said by ``field_problems.py``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import phonenumbers

from bot.i18n import Translator
from bot.services.forms import codes, fields
from bot.vietnamese import clean
from content.form_model import FormField
from content.model import AgencyDefinition

QUOTED = 60


def quoted(field: FormField, typed: str) -> str:
    """The beginning of what somebody typed, on one line; a personal number in it is masked."""
    short = " ".join(clean(typed[: QUOTED * 4]).split())
    digits = "".join(character for character in short if character.isdecimal())
    if field.kind == "tax_code" and fields.is_personal(digits):
        return masked(digits)
    return short if len(short) <= QUOTED else short[:QUOTED].rstrip() + "…"


def masked(code: str) -> str:
    """A personal number of which only the ends can be read: ``001•••••••12``."""
    return code[:3] + "•" * (len(code) - 5) + code[-2:]


def tax_code(code: str, t: Translator) -> str:
    """A tax code as it is written: ``0314409058-002``; a personal one masked, an unverified one marked."""
    if fields.is_personal(code):
        return masked(code)
    written = f"{code[:10]}-{code[10:]}" if len(code) == 13 else code
    return t("{tax_code} (not verified)", tax_code=written) if fields.check_failed(code) else written


def phone(number: str) -> str:
    """``0912 345 678``, or the international form of a foreign number."""
    parsed = phonenumbers.parse(number, codes.REGION)
    vietnamese = parsed.country_code == codes.VIETNAM
    form = phonenumbers.PhoneNumberFormat.NATIONAL if vietnamese else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def money(amount: int, t: Translator) -> str:
    """``3.500.000.000 đồng``."""
    return t("{amount} VND", amount=t.number(amount))


def shown(field: FormField, value: Any, t: Translator, agencies: Mapping[str, AgencyDefinition]) -> str:
    """An answer as the person reads it again; ``agencies`` name a ward."""
    if value is None:
        return t("(not given)")
    match field.kind:
        case "tax_code":
            return tax_code(value, t)
        case "phone":
            return phone(value)
        case "choice" | "choices":
            labels = {choice.value: choice.in_language(t.language) for choice in field.choices}
            return "; ".join(labels.get(each, str(each)) for each in (value if isinstance(value, list) else [value]))
        case "number":
            written = t.number(value, decimals=6)
            return field.unit.of(value, written, t.language) if field.unit else written
        case "money":
            return money(value, t)
        case "seats":
            return t.plural("{number} seat", "{number} seats", value)
        case "date":
            return t.date(date.fromisoformat(value))
        case "ward":
            return ward(value, t, agencies)
        case "file":
            return str(value["name"])
        case "consent":
            return t("agreed") if value["agreed"] else t("not agreed")
        case _:
            return str(value)


def ward(slug: str, t: Translator, agencies: Mapping[str, AgencyDefinition]) -> str:
    """The name of a ward or commune as a place; what was stored, where there is none of it any more."""
    unit = agencies.get(slug)
    if unit is None:
        return slug
    name = unit.place
    return t("{name} ward", name=name) if unit.kind == "ward" else t("{name} commune", name=name)
