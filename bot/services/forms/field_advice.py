"""How to give an answer that could not be used, with an example."""

from __future__ import annotations

from collections.abc import Callable

from bot.i18n import Translator
from bot.services.forms import field_texts
from bot.services.forms.problems import Problem, Rejected
from content.form_model import FieldKind, FormField

TAX_CODE, PHONE, EMAIL = "0100233488", "0912 345 678", "ten@congty.vn"
MEGABYTES = 10


def instead(rejected: Rejected, field: FormField, t: Translator) -> str:
    """What to do after this problem, or as a rule at this kind of question."""
    return _after_problem(rejected, field, t) or _BY_KIND[field.kind](field, t)


def _after_problem(rejected: Rejected, field: FormField, t: Translator) -> str:
    match rejected.problem:
        case Problem.CONSENT_NEEDED:
            return t("If you agree after all, press “I agree” or type “yes”; otherwise type “cancel”.")
        case Problem.TAX_CHECK:
            return t(
                "Please compare it with the registration certificate and type it again, for example {example}. "
                "If it is right as it stands, press the button below or type “keep”.",
                example=TAX_CODE,
            )
        case Problem.WARD_CONFIRM:
            return t("If you mean the one of today, press the button below or type “yes”; otherwise type another name.")
        case Problem.WARD_NEAR:
            return t("Please choose what you mean by button, or type the name again.")
        case Problem.WARD_DISTRICT if rejected.options:
            return t("In which ward or commune is it? Please type its name, or press the button if it is this one.")
        case Problem.TOO_LONG if field.kind in ("text", "long_text"):
            return t("Please shorten it, for example: {example}", example=_example(field, t))
        case _:
            return ""


def _text(field: FormField, t: Translator) -> str:
    return t("Please type it in words, for example: {example}", example=_example(field, t))


def _tax_code(_: FormField, t: Translator) -> str:
    return t(
        "Please type the 10 digits of an enterprise, the 13 of a dependent unit or the 12 of a household "
        "business, for example {example}.",
        example=TAX_CODE,
    )


def _phone(_: FormField, t: Translator) -> str:
    return t(
        "Please type one number: 10 digits for a mobile, 024 and 8 digits for a landline in Hanoi, "
        "for example {example}.",
        example=PHONE,
    )


def _email(_: FormField, t: Translator) -> str:
    return t("Please type one address, for example {example}.", example=EMAIL)


def _number(field: FormField, t: Translator) -> str:
    if field.unit is None and field.min is None and field.max is None:
        return t("Please type only the number, without words, for example {example}.", example=t.number(1200))
    example = field_texts.shown(field, _between(field), t, {})
    return t("Please type only the number, for example {example}.", example=example)


def _money(_: FormField, t: Translator) -> str:
    return t(
        "Please type the amount in đồng, for example {short} or {long}.",
        short=t("3 billion"),
        long=t.number(3_500_000_000),
    )


def _seats(_: FormField, t: Translator) -> str:
    return t("Please type only the number of seats, for example {example}.", example=1)


def _date(_: FormField, t: Translator) -> str:
    return t("Please type day, month and year, for example {example}.", example="07/12/2026")


def _choice(_: FormField, t: Translator) -> str:
    return t("Please choose by button, or type the number, for example 1.")


def _choices(_: FormField, t: Translator) -> str:
    return t("Please choose by buttons and press “Done”, or type the numbers, for example 1, 2.")


def _ward(_: FormField, t: Translator) -> str:
    return t("Please type the name of a ward or commune, for example {example}.", example=t("Yen Hoa ward"))


def _file(_: FormField, t: Translator) -> str:
    return t("Please send a PDF, DOCX, XLSX, JPG or PNG file of at most {limit} MB.", limit=MEGABYTES)


def _consent(_: FormField, t: Translator) -> str:
    return t("Please choose by button, or type “yes” or “no”.")


_BY_KIND: dict[FieldKind, Callable[[FormField, Translator], str]] = {
    "text": _text,
    "long_text": _text,
    "tax_code": _tax_code,
    "phone": _phone,
    "email": _email,
    "number": _number,
    "money": _money,
    "seats": _seats,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "ward": _ward,
    "file": _file,
    "consent": _consent,
}


def _example(field: FormField, t: Translator) -> str:
    return field.example.in_language(t.language) if field.example else ""


def _between(field: FormField) -> float:
    """A number that would be right."""
    example: float = 25
    if field.min is not None:
        example = max(example, field.min)
    return example if field.max is None else min(example, field.max)
