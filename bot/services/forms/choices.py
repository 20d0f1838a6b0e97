"""Reads a choice, several choices, and whether somebody agrees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.services.forms.problems import Circumstances, Problem, Rejected
from bot.vietnamese import fold
from content.form_model import Choice, FormField

YES = frozenset({"co", "dong y", "toi dong y", "yes", "y", "agree", "i agree", "ok", "nhan", "dong y nhan"})
NO = frozenset({"khong", "khong dong y", "toi khong dong y", "no", "n", "disagree", "i do not agree", "tu choi"})


def choice(field: FormField, typed: str, _: Circumstances) -> str:
    """The value of the one choice that was named or numbered."""
    if typed.isascii() and typed.isdecimal():
        return _numbered(field, typed).value
    found = _named(field, fold(typed))
    if found is None:
        raise Rejected(Problem.CHOICE_UNKNOWN, count=len(field.choices))
    return found.value


def choices(field: FormField, typed: str, _: Circumstances) -> list[str]:
    """The values of all choices that were named or numbered, in the order of the question."""
    found = {each.value for part in re.split(r"[;\n]", typed) for each in _several(field, part.strip())}
    if not found:
        raise Rejected(Problem.CHOICE_NONE)
    return [each.value for each in field.choices if each.value in found]


def consent(field: FormField, typed: str, _: Circumstances) -> bool:
    """Whether the person agrees."""
    said = fold(typed).rstrip(".!")
    if said in YES or said == "1":
        return True
    if said not in NO and said != "2":
        raise Rejected(Problem.CONSENT_UNCLEAR)
    if field.required:
        raise Rejected(Problem.CONSENT_NEEDED)
    return False


def _several(field: FormField, typed: str) -> Iterator[Choice]:
    """The choices in one part; a comma stands between two of them, or within the name of one."""
    if re.fullmatch(r"[\d\s,.&+]*(?:(?:và|va|and)[\d\s,.&+]*)*", typed):
        yield from (_numbered(field, number) for number in re.findall(r"\d+", typed))
        return
    parts = [fold(part) for part in typed.split(",")]
    place = 0
    while place < len(parts):
        for end in range(len(parts), place, -1):
            words = ", ".join(parts[place:end])
            found = _named(field, words) or (_numbered(field, words) if words.isdecimal() else None)
            if found is not None:
                yield found
                place = end
                break
        else:
            if parts[place]:
                raise Rejected(Problem.CHOICE_UNKNOWN, count=len(field.choices), said=parts[place])
            place += 1


def _numbered(field: FormField, typed: str) -> Choice:
    place = int(typed[:6])
    if not 1 <= place <= len(field.choices):
        raise Rejected(Problem.CHOICE_NUMBER, count=len(field.choices))
    return field.choices[place - 1]


def _named(field: FormField, typed: str) -> Choice | None:
    return next((each for each in field.choices if typed in (fold(each.vi), fold(each.en), each.value)), None)
