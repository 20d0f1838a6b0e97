"""A form's answers in words: what is wrong with one and what to do about it, and a value as it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import phonenumbers

from bot.i18n import Translator
from bot.services.forms import fields
from bot.services.forms.fields import Problem, Rejected
from bot.vietnamese import clean
from content.model import FieldKind, FormField

QUOTED = 60
TAX_CODE, PHONE, EMAIL = "0100233488", "0912 345 678", "ten@congty.vn"


def explain(rejected: Rejected, field: FormField, t: Translator) -> str:
    """What was wrong with an answer, and how to give it, with an example."""
    return f"{_wrong(rejected, field, t)} {_instead(rejected, field, t)}"


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
    parsed = phonenumbers.parse(number, fields.REGION)
    vietnamese = parsed.country_code == fields.VIETNAM
    form = phonenumbers.PhoneNumberFormat.NATIONAL if vietnamese else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)


def shown(field: FormField, value: Any, t: Translator) -> str:
    """An answer as the person reads it again."""
    if value is None:
        return t("(not given)")
    match field.kind:
        case "tax_code":
            return tax_code(value, t)
        case "phone":
            return phone(value)
        case "choice":
            labels = {choice.value: choice.in_language(t.language) for choice in field.choices}
            return labels.get(value, str(value))
        case "number":
            return t.number(value, decimals=6)
        case "date":
            return t.date(date.fromisoformat(value))
        case "consent":
            return _consent(value, t)
        case _:
            return str(value)


def _consent(value: Mapping[str, Any], t: Translator) -> str:
    return t("agreed") if value["agreed"] else t("not agreed")


def _wrong(rejected: Rejected, field: FormField, t: Translator) -> str:
    match rejected.problem:
        case Problem.EMPTY:
            return t("No readable text was received.")
        case Problem.REQUIRED:
            return t("This answer is needed, so the question can't be skipped.")
        case Problem.TOO_LONG:
            return t(
                "The answer is too long: it has {length} characters, and at most {limit} are possible.",
                length=t.number(rejected.count),
                limit=t.number(field.max_length),
            )
    return _WRONG[field.kind](rejected, field, t)


def _wrong_text(rejected: Rejected, field: FormField, t: Translator) -> str:
    match rejected.problem:
        case Problem.TOO_SHORT:
            return t(
                "The answer is too short: at least {limit} characters are needed.", limit=t.number(field.min_length)
            )
        case Problem.NO_LETTERS:
            return t("The answer has no letters in it.")
        case _:
            return t("The answer consists of signs only.")


def _wrong_tax_code(rejected: Rejected, _: FormField, t: Translator) -> str:
    match rejected.problem:
        case Problem.TAX_LENGTH:
            return t.plural("This has {number} digit.", "This has {number} digits.", rejected.count)
        case Problem.TAX_CHECK:
            return t("The check digit (the tenth) does not fit the others, so there is probably a typing mistake.")
        case Problem.TAX_PERSONAL:
            return t("A tax code of 12 digits is a personal identification number, which begins with 0.")
        case Problem.TAX_BRANCH:
            return t("The last three digits number a dependent unit, from 001 to 999; 000 does not exist.")
        case Problem.TAX_ZEROS:
            return t("No tax code has only zeros in its middle.")
        case _:
            return t("A tax code consists of digits only, and other characters were found.")


def _wrong_phone(rejected: Rejected, _: FormField, t: Translator) -> str:
    match rejected.problem:
        case Problem.PHONE_SEVERAL:
            return t("This is more than one phone number.")
        case Problem.PHONE_LENGTH:
            return t.plural(
                "This has {number} digit, which does not fit a phone number with this beginning.",
                "This has {number} digits, which does not fit a phone number with this beginning.",
                rejected.count,
            )
        case Problem.PHONE_UNKNOWN:
            return t("No phone number begins like this.")
        case Problem.PHONE_HOTLINE:
            return t("This is the number of a switchboard or hotline, which reaches nobody in particular.")
        case Problem.PHONE_COUNTRY:
            return t("The country code after the + does not exist.")
        case _:
            return t("A phone number consists of digits only, and other characters were found.")


def _wrong_email(rejected: Rejected, _: FormField, t: Translator) -> str:
    match rejected.problem:
        case Problem.EMAIL_NO_AT:
            return t("An e-mail address has an @ in it, and none was found.")
        case Problem.EMAIL_SEVERAL:
            return t("There is more than one @, so this is not one e-mail address.")
        case Problem.EMAIL_SPACE:
            return t("An e-mail address has no blanks in it.")
        case Problem.EMAIL_MARKS:
            return t("An e-mail address has no Vietnamese marks or other special letters in it.")
        case Problem.EMAIL_BEFORE:
            return t("The part before the @ is not right.")
        case _:
            return t("The part after the @ is not right.")


def _wrong_number(rejected: Rejected, _: FormField, t: Translator) -> str:
    match rejected.problem:
        case Problem.NUMBER_FORM:
            return t("It is not clear where the thousands and the decimals of this number are.")
        case Problem.NUMBER_LONG:
            return t("The number is too long: at most {count} digits are possible.", count=rejected.count)
        case _:
            return t("This is not a number in digits.")


def _wrong_date(rejected: Rejected, _: FormField, t: Translator) -> str:
    match rejected.problem:
        case Problem.DATE_NO_YEAR:
            return t("The year is missing.")
        case Problem.DATE_YEAR:
            return t("The year {year} can't be right.", year=rejected.count)
        case Problem.DATE_NO_SUCH_DAY:
            return t("There is no such day in the calendar.")
        case _:
            return t("This is not a date.")


def _wrong_choice(rejected: Rejected, _: FormField, t: Translator) -> str:
    if rejected.problem is Problem.CHOICE_NUMBER:
        return t("The choices are numbered from 1 to {count}.", count=rejected.count)
    return t("This is none of the choices.")


def _wrong_consent(rejected: Rejected, _: FormField, t: Translator) -> str:
    if rejected.problem is Problem.CONSENT_NEEDED:
        return t("Without your consent the registration can't be processed, so the form can't go on.")
    return t("It is not clear whether you agree.")


_WRONG: dict[FieldKind, Callable[[Rejected, FormField, Translator], str]] = {
    "text": _wrong_text,
    "long_text": _wrong_text,
    "tax_code": _wrong_tax_code,
    "phone": _wrong_phone,
    "email": _wrong_email,
    "number": _wrong_number,
    "date": _wrong_date,
    "choice": _wrong_choice,
    "consent": _wrong_consent,
}


def _instead(rejected: Rejected, field: FormField, t: Translator) -> str:
    match rejected.problem:
        case Problem.CONSENT_NEEDED:
            return t("If you agree after all, press “I agree” or type “yes”; otherwise type “cancel”.")
        case Problem.TAX_CHECK:
            return t(
                "Please compare it with the registration certificate and type it again, for example {example}. "
                "If it is right as it stands, press the button below or type “keep”.",
                example=TAX_CODE,
            )
        case Problem.TOO_LONG if field.kind in ("text", "long_text"):
            return t("Please shorten it, for example: {example}", example=_example(field, t))
    match field.kind:
        case "tax_code":
            return t(
                "Please type the 10 digits of an enterprise, the 13 of a dependent unit or the 12 of a household "
                "business, for example {example}.",
                example=TAX_CODE,
            )
        case "phone":
            return t(
                "Please type one number: 10 digits for a mobile, 024 and 8 digits for a landline in Hanoi, "
                "for example {example}.",
                example=PHONE,
            )
        case "email":
            return t("Please type one address, for example {example}.", example=EMAIL)
        case "number":
            return t("Please type only the number, without words, for example {example}.", example=t.number(1200))
        case "date":
            return t("Please type day, month and year, for example {example}.", example="07/12/2026")
        case "choice":
            return t("Please choose by button, or type the number, for example 1.")
        case "consent":
            return t("Please choose by button, or type “yes” or “no”.")
        case _:
            return t("Please type it in words, for example: {example}", example=_example(field, t))


def _example(field: FormField, t: Translator) -> str:
    return field.example.in_language(t.language) if field.example else ""
