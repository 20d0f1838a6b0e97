"""Reads what identifies a business and reaches a person: tax code, phone number, e-mail address."""

from __future__ import annotations

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberType
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.vn import mst

from bot.services.forms.problems import Circumstances, Problem, Rejected
from bot.services.forms.texts import plain
from content.form_model import FormField

REGION, VIETNAM = "VN", 84
PERSONAL = 12

# Of landlines and mobiles, after the 0.
_BEGINNINGS = "235789"
_TAX_CODE_LABEL = re.compile(r"^(mst|mã số thuế|ma so thue|tax code)\b[\s:.]*", re.IGNORECASE)


def tax_code(_: FormField, typed: str, __: Circumstances) -> str:
    """10 or 13 digits of an enterprise, or the 12 of a household business."""
    code = mst.compact(_TAX_CODE_LABEL.sub("", plain(typed)))
    if not (code.isascii() and code.isdecimal()):
        raise Rejected(Problem.TAX_CHARACTERS)
    if len(code) == PERSONAL:
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


def phone(_: FormField, typed: str, __: Circumstances) -> str:
    """E.164."""
    typed = plain(typed)
    if sum(len(re.sub(r"\D", "", part)) >= 8 for part in re.split(r"[,;/|\n]| - | hoặc | or ", typed)) > 1:
        raise Rejected(Problem.PHONE_SEVERAL)
    if not re.fullmatch(r"\+?[0-9 .()\-]+", typed):
        raise Rejected(Problem.PHONE_CHARACTERS)
    digits = len(re.sub(r"\D", "", typed))
    if not digits:
        raise Rejected(Problem.PHONE_CHARACTERS)
    try:
        number = phonenumbers.parse(typed, REGION)
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


def email(_: FormField, typed: str, __: Circumstances) -> str:
    """The address with its domain in small letters."""
    typed = plain(typed)
    if "@" not in typed:
        raise Rejected(Problem.EMAIL_NO_AT)
    if typed.count("@") > 1:
        raise Rejected(Problem.EMAIL_SEVERAL)
    if any(character.isspace() for character in typed):
        raise Rejected(Problem.EMAIL_SPACE)
    if not typed.isascii():
        raise Rejected(Problem.EMAIL_MARKS)
    try:
        return validate_email(typed, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        before = typed.partition("@")[0]
        raise Rejected(Problem.EMAIL_AFTER if _usable_mailbox(before) else Problem.EMAIL_BEFORE) from None


def _usable_mailbox(name: str) -> bool:
    try:
        validate_email(f"{name}@example.com", check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return True
