"""Reads answers in words."""

from __future__ import annotations

import re
import unicodedata

from bot.services.forms.problems import Circumstances, Problem, Rejected
from content.form_model import FormField


def text(field: FormField, typed: str, _: Circumstances) -> str:
    """One line."""
    return _checked(field, " ".join(typed.split()))


def long_text(field: FormField, typed: str, _: Circumstances) -> str:
    """Lines, of which at most one in a row is empty."""
    lines = (" ".join(line.split()) for line in typed.splitlines())
    return _checked(field, re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip())


def plain(typed: str) -> str:
    """One line of ordinary characters: wide digits and typographic dashes become the usual ones."""
    typed = unicodedata.normalize("NFKC", typed).translate(str.maketrans("‐‑‒–—−", "------"))
    return " ".join(typed.split())


def _checked(field: FormField, typed: str) -> str:
    if not any(character.isalnum() for character in typed):
        raise Rejected(Problem.ONLY_SIGNS)
    if (field.letters or field.kind == "long_text") and not any(character.isalpha() for character in typed):
        raise Rejected(Problem.NO_LETTERS)
    if len(typed) < field.min_length:
        raise Rejected(Problem.TOO_SHORT, count=len(typed))
    return typed
