"""The sign in a file that we send out to be filled in: which duty, agency and period it is for. Pure.

It keeps honest people from handing in the wrong file and is no secret: who sends a file is checked elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date

from content.duty_model import Duty, Indicator

NAME = "NhipCau"
_PREFIX = "nhipcau:1:"
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Mark:
    """``agency`` and ``duty`` are slugs, ``definition`` tells one state of the duty's questions from another."""

    duty: str
    agency: str
    period_end: date
    definition: str


def write(mark: Mark) -> str:
    """The mark as one line of ASCII."""
    return _PREFIX + json.dumps([mark.duty, mark.agency, mark.period_end.isoformat(), mark.definition])


def read(text: str) -> Mark | None:
    """The mark that a line says; None for any other text."""
    if not text.startswith(_PREFIX) or len(text) > _LONGEST:
        return None
    try:
        duty, agency, period_end, definition = json.loads(text.removeprefix(_PREFIX))
        return Mark(str(duty), str(agency), date.fromisoformat(str(period_end)), str(definition))
    except (ValueError, TypeError, RecursionError):
        return None


def definition(duty: Duty) -> str:
    """A short sign of the duty's outline and indicators: another state of them has another one."""
    return _short([[each.key, each.title.vi] for each in duty.sections], [sign(each) for each in duty.figures.values()])


def sign(indicator: Indicator) -> str:
    """A short sign of what makes a value mean what it means: kind, unit, choices and columns, but no wording."""
    unit = indicator.unit.vi if indicator.unit else ""
    columns = [[each.key, each.kind, each.unit.vi if each.unit else ""] for each in indicator.columns]
    return _short(indicator.key, indicator.kind, unit, [each.value for each in indicator.choices], columns)


def _short(*of: object) -> str:
    return hashlib.sha256(json.dumps(of).encode()).hexdigest()[:8]
