"""Reads dates."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.services.forms.problems import Circumstances, Problem, Rejected
from bot.services.forms.texts import plain
from bot.vietnamese import fold
from content.form_model import FormField

_YEARS = range(1900, 2101)
_TODAY = {"hom nay": 0, "today": 0, "ngay mai": 1, "tomorrow": 1, "hom qua": -1, "yesterday": -1}


def day(_: FormField, typed: str, around: Circumstances) -> str:
    """An ISO date; day before month, as in Vietnam."""
    typed = plain(typed)
    if fold(typed) in _TODAY:
        return (around.today + timedelta(days=_TODAY[fold(typed)])).isoformat()
    if re.search(r"[^\d\s./\-]", re.sub(r"\b(ngay|thang|nam)\b", " ", fold(typed))):
        raise Rejected(Problem.DATE_FORM)
    parts = re.findall(r"\d+", typed)
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
