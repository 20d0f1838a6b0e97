"""What people type into a form, made exact: one reader per kind of question. Pure.

A reader returns the value to keep (JSON values only) or raises ``Rejected``, which names what is
wrong; ``bot/services/forms/field_texts.py`` says it in words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberType
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.vn import mst

from bot.vietnamese import clean, fold
from content.model import FieldKind, FormField

REGION, VIETNAM = "VN", 84
YES = frozenset({"co", "dong y", "toi dong y", "yes", "y", "agree", "i agree", "ok", "nhan", "dong y nhan"})
NO = frozenset({"khong", "khong dong y", "toi khong dong y", "no", "n", "disagree", "i do not agree", "tu choi"})

# Of landlines and mobiles, after the 0.
_BEGINNINGS = "235789"
_LONGEST_NUMBER = 15
_YEARS = range(1900, 2101)
_TODAY = {"hom nay": 0, "today": 0, "ngay mai": 1, "tomorrow": 1, "hom qua": -1, "yesterday": -1}
_TAX_CODE_LABEL = re.compile(r"^(mst|mã số thuế|ma so thue|tax code)\b[\s:.]*", re.IGNORECASE)
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(?:\.\d{3})+|-?[1-9]\d{0,2}(?:,\d{3})+|-?[1-9]\d{0,2}(?: \d{3})+")
_DECIMAL = re.compile(r"-?\d+(?:[.,]\d+)?")
_BOTH_MARKS = re.compile(r"-?[1-9]\d{0,2}(?:(?:\.\d{3})+,\d+|(?:,\d{3})+\.\d+)")


class Problem(StrEnum):
    """What can be wrong with an answer."""

    EMPTY = "empty"
    REQUIRED = "required"
    TOO_LONG = "too long"
    TOO_SHORT = "too short"
    NO_LETTERS = "no letters"
    ONLY_SIGNS = "only signs"
    TAX_CHARACTERS = "tax code: characters"
    TAX_LENGTH = "tax code: length"
    TAX_CHECK = "tax code: check digit"
    TAX_PERSONAL = "tax code: personal"
    TAX_BRANCH = "tax code: branch"
    TAX_ZEROS = "tax code: zeros"
    PHONE_CHARACTERS = "phone: characters"
    PHONE_SEVERAL = "phone: several"
    PHONE_LENGTH = "phone: length"
    PHONE_UNKNOWN = "phone: unknown"
    PHONE_HOTLINE = "phone: hotline"
    PHONE_COUNTRY = "phone: country"
    EMAIL_NO_AT = "e-mail: no at"
    EMAIL_SEVERAL = "e-mail: several"
    EMAIL_SPACE = "e-mail: space"
    EMAIL_MARKS = "e-mail: marks"
    EMAIL_BEFORE = "e-mail: before the at"
    EMAIL_AFTER = "e-mail: after the at"
    NUMBER_CHARACTERS = "number: characters"
    NUMBER_FORM = "number: form"
    NUMBER_LONG = "number: long"
    DATE_FORM = "date: form"
    DATE_NO_YEAR = "date: no year"
    DATE_YEAR = "date: year"
    DATE_NO_SUCH_DAY = "date: no such day"
    CHOICE_UNKNOWN = "choice: unknown"
    CHOICE_NUMBER = "choice: number"
    CONSENT_UNCLEAR = "consent: unclear"
    CONSENT_NEEDED = "consent: needed"


class Rejected(Exception):
    """An answer that can't be used. ``count`` is what was found of what there should be more or less of.

    ``doubtful`` is the value that the person may insist on, where that is possible.
    """

    def __init__(self, problem: Problem, *, count: int = 0, doubtful: str = "") -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.count = count
        self.doubtful = doubtful


def read(field: FormField, text: str, today: date) -> Any:
    """The value of an answer: text, number, ISO date, a choice's value, True or False for a consent."""
    text = clean(text)
    if not text:
        raise Rejected(Problem.EMPTY)
    if len(text) > field.max_length:
        raise Rejected(Problem.TOO_LONG, count=len(text))
    return _READERS[field.kind](field, text, today)


def check_failed(code: str) -> bool:
    """Whether a tax code was kept although its check digit is wrong; a personal number has none."""
    return not is_personal(code) and not mst.is_valid(code)


def is_personal(code: str) -> bool:
    """Whether a tax code is a person's ID number, which is never shown whole."""
    return len(code) == 12


def _text(field: FormField, text: str, _: date) -> str:
    return _checked(field, " ".join(text.split()))


def _long_text(field: FormField, text: str, _: date) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return _checked(field, re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip())


def _checked(field: FormField, text: str) -> str:
    if not any(character.isalnum() for character in text):
        raise Rejected(Problem.ONLY_SIGNS)
    if (field.letters or field.kind == "long_text") and not any(character.isalpha() for character in text):
        raise Rejected(Problem.NO_LETTERS)
    if len(text) < field.min_length:
        raise Rejected(Problem.TOO_SHORT, count=len(text))
    return text


def _tax_code(_: FormField, text: str, __: date) -> str:
    code = mst.compact(_TAX_CODE_LABEL.sub("", _plain(text)))
    if not (code.isascii() and code.isdecimal()):
        raise Rejected(Problem.TAX_CHARACTERS)
    if is_personal(code):
        if not code.startswith("0"):
            raise Rejected(Problem.TAX_PERSONAL)
        return code
    if len(code) not in (10, 13):
        raise Rejected(Problem.TAX_LENGTH, count=len(code))
    try:
        return str(mst.validate(code))
    except InvalidChecksum:
        raise Rejected(Problem.TAX_CHECK, doubtful=code) from None
    except ValidationError:
        branch = len(code) == 13 and code.endswith("000")
        raise Rejected(Problem.TAX_BRANCH if branch else Problem.TAX_ZEROS) from None


def _phone(_: FormField, text: str, __: date) -> str:
    text = _plain(text)
    if sum(len(re.sub(r"\D", "", part)) >= 8 for part in re.split(r"[,;/|\n]| - | hoặc | or ", text)) > 1:
        raise Rejected(Problem.PHONE_SEVERAL)
    if not re.fullmatch(r"\+?[0-9 .()\-]+", text):
        raise Rejected(Problem.PHONE_CHARACTERS)
    digits = len(re.sub(r"\D", "", text))
    if not digits:
        raise Rejected(Problem.PHONE_CHARACTERS)
    try:
        number = phonenumbers.parse(text, REGION)
    except NumberParseException as error:
        wrong_country = error.error_type == NumberParseException.INVALID_COUNTRY_CODE
        problem = Problem.PHONE_COUNTRY if wrong_country else Problem.PHONE_LENGTH
        raise Rejected(problem, count=digits) from None
    if not phonenumbers.is_valid_number(number):
        known_beginning = number.country_code != VIETNAM or str(number.national_number)[0] in _BEGINNINGS
        raise Rejected(Problem.PHONE_LENGTH if known_beginning else Problem.PHONE_UNKNOWN, count=digits)
    if phonenumbers.number_type(number) in (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.TOLL_FREE):
        raise Rejected(Problem.PHONE_HOTLINE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(_: FormField, text: str, __: date) -> str:
    text = _plain(text)
    if "@" not in text:
        raise Rejected(Problem.EMAIL_NO_AT)
    if text.count("@") > 1:
        raise Rejected(Problem.EMAIL_SEVERAL)
    if any(character.isspace() for character in text):
        raise Rejected(Problem.EMAIL_SPACE)
    if not text.isascii():
        raise Rejected(Problem.EMAIL_MARKS)
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        before = text.partition("@")[0]
        raise Rejected(Problem.EMAIL_AFTER if _usable_mailbox(before) else Problem.EMAIL_BEFORE) from None


def _usable_mailbox(name: str) -> bool:
    try:
        validate_email(f"{name}@example.com", check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True


def _number(_: FormField, text: str, __: date) -> int | float:
    text = _plain(text)
    if not re.fullmatch(r"[-+]?[0-9][0-9., ]*", text):
        raise Rejected(Problem.NUMBER_CHARACTERS)
    if sum(character.isdecimal() for character in text) > _LONGEST_NUMBER:
        raise Rejected(Problem.NUMBER_LONG, count=_LONGEST_NUMBER)
    text = text.removeprefix("+")
    if _THOUSANDS.fullmatch(text):
        return int(re.sub(r"[., ]", "", text))
    if _BOTH_MARKS.fullmatch(text):
        decimal = max(text.rfind("."), text.rfind(","))
        return float(re.sub(r"[.,]", "", text[:decimal]) + "." + text[decimal + 1 :])
    if not _DECIMAL.fullmatch(text):
        raise Rejected(Problem.NUMBER_FORM)
    value = float(text.replace(",", "."))
    return int(value) if value.is_integer() else value


def _date(_: FormField, text: str, today: date) -> str:
    text = _plain(text)
    if fold(text) in _TODAY:
        return (today + timedelta(days=_TODAY[fold(text)])).isoformat()
    if re.search(r"[^\d\s./\-]", re.sub(r"\b(ngay|thang|nam)\b", " ", fold(text))):
        raise Rejected(Problem.DATE_FORM)
    parts = re.findall(r"\d+", text)
    if len(parts) == 1 and len(parts[0]) == 8:
        parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
    if len(parts) == 2 and all(len(part) <= 2 for part in parts):
        raise Rejected(Problem.DATE_NO_YEAR)
    if len(parts) != 3:
        raise Rejected(Problem.DATE_FORM)
    if len(parts[0]) == 4:
        parts.reverse()
    if len(parts[0]) > 2 or len(parts[1]) > 2 or len(parts[2]) not in (2, 4):
        raise Rejected(Problem.DATE_FORM)
    year = int(parts[2]) + (2000 if len(parts[2]) == 2 else 0)
    if year not in _YEARS:
        raise Rejected(Problem.DATE_YEAR, count=year)
    try:
        return date(year, int(parts[1]), int(parts[0])).isoformat()
    except ValueError:
        raise Rejected(Problem.DATE_NO_SUCH_DAY) from None


def _choice(field: FormField, text: str, _: date) -> str:
    if text.isascii() and text.isdecimal():
        place = int(text[:6])
        if not 1 <= place <= len(field.choices):
            raise Rejected(Problem.CHOICE_NUMBER, count=len(field.choices))
        return field.choices[place - 1].value
    typed = fold(text)
    for choice in field.choices:
        if typed in (fold(choice.vi), fold(choice.en), choice.value):
            return choice.value
    raise Rejected(Problem.CHOICE_UNKNOWN, count=len(field.choices))


def _consent(field: FormField, text: str, _: date) -> bool:
    typed = fold(text).rstrip(".!")
    if typed in YES or typed == "1":
        return True
    if typed not in NO and typed != "2":
        raise Rejected(Problem.CONSENT_UNCLEAR)
    if field.required:
        raise Rejected(Problem.CONSENT_NEEDED)
    return False


def _plain(text: str) -> str:
    """One line of ordinary characters: wide digits and typographic dashes become the usual ones."""
    text = unicodedata.normalize("NFKC", text).translate(str.maketrans("‐‑‒–—−", "------"))
    return " ".join(text.split())


_READERS: dict[FieldKind, Callable[[FormField, str, date], Any]] = {
    "text": _text,
    "long_text": _long_text,
    "tax_code": _tax_code,
    "phone": _phone,
    "email": _email,
    "choice": _choice,
    "number": _number,
    "date": _date,
    "consent": _consent,
}
