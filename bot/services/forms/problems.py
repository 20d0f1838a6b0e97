"""What can be wrong with an answer, and what a reader is given. ``field_texts.py`` says it in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from content.model import AgencyDefinition


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
    NUMBER_FRACTION = "number: fraction"
    NUMBER_SMALL = "number: small"
    NUMBER_LARGE = "number: large"
    MONEY_WORDS = "money: words"
    MONEY_CURRENCY = "money: currency"
    MONEY_UNIT = "money: unit"
    SEATS_NONE = "seats: none"
    SEATS_MANY = "seats: many"
    DATE_FORM = "date: form"
    DATE_NO_YEAR = "date: no year"
    DATE_YEAR = "date: year"
    DATE_NO_SUCH_DAY = "date: no such day"
    CHOICE_UNKNOWN = "choice: unknown"
    CHOICE_NUMBER = "choice: number"
    CHOICE_NONE = "choice: none"
    WARD_UNKNOWN = "ward: unknown"
    WARD_NEAR = "ward: near"
    WARD_CONFIRM = "ward: confirm"
    WARD_DISTRICT = "ward: district"
    FILE_NEEDED = "file: needed"
    CONSENT_UNCLEAR = "consent: unclear"
    CONSENT_NEEDED = "consent: needed"


class Rejected(Exception):
    """An answer that can't be used. ``count`` is what was found of what there should be more or less of.

    ``doubtful`` is the value that the person may insist on, where that is possible; ``options`` are values that may
    have been meant. ``said`` is the part of the answer that it is about.
    """

    def __init__(
        self,
        problem: Problem,
        *,
        count: int = 0,
        doubtful: str = "",
        options: tuple[str, ...] = (),
        said: str = "",
    ) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.count = count
        self.doubtful = doubtful
        self.options = options
        self.said = said


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an answer may depend on besides the question.

    ``agencies`` have the wards and communes; ``seats`` is how many one business may take.
    """

    today: date
    agencies: Mapping[str, AgencyDefinition]
    seats: int
