"""What is wrong with an answer, in words; how to give it is ``field_advice.py``."""

from __future__ import annotations

from collections.abc import Callable

from bot.i18n import Translator
from bot.services.forms import field_advice, field_texts
from bot.services.forms.problems import Problem, Rejected
from content.form_model import FieldKind, FormField


def explain(rejected: Rejected, field: FormField, t: Translator) -> str:
    """What was wrong with an answer, and how to give it, with an example."""
    return f"{_wrong(rejected, field, t)} {field_advice.instead(rejected, field, t)}"


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


def _wrong_number(rejected: Rejected, field: FormField, t: Translator) -> str:
    match rejected.problem:
        case Problem.NUMBER_FRACTION:
            return t("Only a whole number is possible here.")
        case Problem.NUMBER_SMALL:
            return t("The number is too small: it must be at least {limit}.", limit=_limit(field, field.min, t))
        case Problem.NUMBER_LARGE:
            return t("The number is too large: it can be at most {limit}.", limit=_limit(field, field.max, t))
        case Problem.NUMBER_FORM:
            return t("It is not clear where the thousands and the decimals of this number are.")
        case Problem.NUMBER_LONG:
            return t("The number is too long: at most {count} digits are possible.", count=rejected.count)
        case _:
            return t("This is not a number in digits.")


def _limit(field: FormField, limit: float | None, t: Translator) -> str:
    return field_texts.shown(field, limit or 0, t, {})


def _wrong_money(rejected: Rejected, field: FormField, t: Translator) -> str:
    match rejected.problem:
        case Problem.MONEY_CURRENCY:
            return t("This looks like another currency, and the amount is needed in Vietnamese đồng.")
        case Problem.MONEY_UNIT:
            return t("Is it {amount} thousand, million or billion đồng? The unit is missing.", amount=rejected.said)
        case Problem.MONEY_WORDS | Problem.NUMBER_CHARACTERS:
            return t("This is not an amount of money that can be read.")
        case _:
            return _wrong_number(rejected, field, t)


def _wrong_seats(rejected: Rejected, field: FormField, t: Translator) -> str:
    match rejected.problem:
        case Problem.SEATS_NONE:
            return t("At least one seat is needed.")
        case Problem.SEATS_MANY:
            return t.plural(
                "One enterprise can take at most {number} seat at this event.",
                "One enterprise can take at most {number} seats at this event.",
                rejected.count,
            )
        case _:
            return _wrong_number(rejected, field, t)


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
    match rejected.problem:
        case Problem.CHOICE_NUMBER:
            return t("The choices are numbered from 1 to {count}.", count=rejected.count)
        case Problem.CHOICE_NONE:
            return t("Nothing has been chosen yet.")
        case _ if rejected.said:
            return t("“{words}” is none of the choices.", words=rejected.said)
        case _:
            return t("This is none of the choices.")


def _wrong_ward(rejected: Rejected, _: FormField, t: Translator) -> str:
    match rejected.problem:
        case Problem.WARD_DISTRICT:
            return t("Districts ended on 1 July 2025, so there is no {district} any more.", district=rejected.said)
        case Problem.WARD_CONFIRM:
            return t(
                "This is the name of a ward or commune of today, and it was also that of the former {district}.",
                district=rejected.said,
            )
        case Problem.WARD_NEAR:
            return t("There is no ward or commune of exactly this name.")
        case _:
            return t("Hanoi has no ward or commune of this name. It may be a name from before 1 July 2025.")


def _wrong_file(_: Rejected, __: FormField, t: Translator) -> str:
    return t("A file is asked for here, and a text was received.")


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
    "choices": _wrong_choice,
    "money": _wrong_money,
    "seats": _wrong_seats,
    "ward": _wrong_ward,
    "file": _wrong_file,
    "consent": _wrong_consent,
}
