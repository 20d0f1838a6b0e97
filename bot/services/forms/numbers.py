"""Reads numbers, amounts of money and numbers of seats, as people in Vietnam write them."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.services.forms.problems import Circumstances, Problem, Rejected
from bot.services.forms.texts import plain
from bot.vietnamese import fold
from content.form_model import FormField

_LONGEST_NUMBER = 15
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(?:\.\d{3})+|-?[1-9]\d{0,2}(?:,\d{3})+|-?[1-9]\d{0,2}(?: \d{3})+")
_DECIMAL = re.compile(r"-?\d+(?:[.,]\d+)?")
_BOTH_MARKS = re.compile(r"-?[1-9]\d{0,2}(?:(?:\.\d{3})+,\d+|(?:,\d{3})+\.\d+)")

# What comes after a number, without marks, and how much it is; each may follow only a larger one.
_UNITS = {
    "nghin ty": 10**12, "ngan ty": 10**12,
    "ty": 10**9, "ti": 10**9, "billion": 10**9, "bn": 10**9, "b": 10**9,
    "tram trieu": 10**8,
    "trieu": 10**6, "tr": 10**6, "million": 10**6, "mil": 10**6, "m": 10**6,
    "nghin": 10**3, "ngan": 10**3, "k": 10**3, "thousand": 10**3,
}  # fmt: skip
_PART = re.compile(rf"(\d[\d.,]*)\s*({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![a-z])\s*")
_CURRENCY = re.compile(r"\s*(?:viet nam dong|vnd|dong|d)\s*$")
_FOREIGN = re.compile(r"[$€£¥]|\b(?:usd|eur|dollars?|euros?|do la|my kim|yen|jpy|cny|nhan dan te)\b")
# Below this an amount without a unit is more likely to lack one.
_SURELY_VND = 1000


def number(field: FormField, typed: str, _: Circumstances) -> int | float:
    """A number, with its unit or without."""
    typed = plain(typed)
    for unit in (field.unit.vi, field.unit.en, field.unit.en_one) if field.unit else ():
        if unit and fold(typed).endswith(fold(unit)):
            typed = typed[: len(typed) - len(unit)].rstrip()
            break
    value = _value(typed)
    if field.whole and value != int(value):
        raise Rejected(Problem.NUMBER_FRACTION)
    _within(field, value)
    return int(value) if value == int(value) else float(value)


def money(field: FormField, typed: str, _: Circumstances) -> int:
    """An amount in whole VND: ``3 tỷ 500 triệu``, ``1.5 tr``, ``3.000.000.000đ``, ``3 billion``."""
    words = fold(plain(typed))
    if _FOREIGN.search(words):
        raise Rejected(Problem.MONEY_CURRENCY)
    bare = _CURRENCY.sub("", words)
    amount = _value(bare) if re.fullmatch(r"[-+]?[\d., ]+", bare) else _with_units(bare)
    if amount != int(amount):
        raise Rejected(Problem.NUMBER_FRACTION)
    if 0 < amount < _SURELY_VND and bare == words:
        raise Rejected(Problem.MONEY_UNIT, said=plain(typed))
    if amount >= 10**_LONGEST_NUMBER:
        raise Rejected(Problem.NUMBER_LONG, count=_LONGEST_NUMBER)
    _within(field, amount)
    return int(amount)


def seats(_: FormField, typed: str, around: Circumstances) -> int:
    """How many seats of those that one business may take."""
    value = _value(plain(typed))
    if value != int(value):
        raise Rejected(Problem.NUMBER_FRACTION)
    if value < 1:
        raise Rejected(Problem.SEATS_NONE, count=around.seats)
    if value > around.seats:
        raise Rejected(Problem.SEATS_MANY, count=around.seats)
    return int(value)


def _value(typed: str) -> Decimal:
    if not re.fullmatch(r"[-+]?[0-9][0-9., ]*", typed):
        raise Rejected(Problem.NUMBER_CHARACTERS)
    if sum(character.isdecimal() for character in typed) > _LONGEST_NUMBER:
        raise Rejected(Problem.NUMBER_LONG, count=_LONGEST_NUMBER)
    typed = typed.removeprefix("+")
    if _THOUSANDS.fullmatch(typed):
        return Decimal(re.sub(r"[., ]", "", typed))
    if _BOTH_MARKS.fullmatch(typed):
        decimal = max(typed.rfind("."), typed.rfind(","))
        return Decimal(re.sub(r"[.,]", "", typed[:decimal]) + "." + typed[decimal + 1 :])
    if not _DECIMAL.fullmatch(typed):
        raise Rejected(Problem.NUMBER_FORM)
    return Decimal(typed.replace(",", "."))


def _with_units(words: str) -> Decimal:
    """``3 ty 500 trieu``, ``3 ty ruoi``, and the spoken ``3 ty 5``, which leaves out the hundreds of millions."""
    total, unit, place = Decimal(0), 0, 0
    while place < len(words) and (part := _PART.match(words, place)):
        smaller = _UNITS[part[2]]
        if unit and smaller >= unit:
            raise Rejected(Problem.MONEY_WORDS)
        total += _value(part[1]) * smaller
        unit, place = smaller, part.end()
    rest = words[place:].strip()
    if not unit:
        raise Rejected(Problem.MONEY_WORDS)
    if rest in ("ruoi", "and a half"):
        return total + unit // 2
    if re.fullmatch(r"[1-9]", rest):
        return total + int(rest) * unit // 10
    if rest:
        raise Rejected(Problem.MONEY_WORDS)
    return total


def _within(field: FormField, value: Decimal) -> None:
    if field.min is not None and value < field.min:
        raise Rejected(Problem.NUMBER_SMALL)
    if field.max is not None and value > field.max:
        raise Rejected(Problem.NUMBER_LARGE)
