"""Reads ``content/words``: what the bot needs to understand a question besides the answers themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError, field_validator

from content import yaml_reader
from content.files import FOLDER, mistake_of
from content.written import Written
from content.yaml_reader import Mistake


class Meaning(Written):
    """What an abbreviation stands for where one of ``near`` is near."""

    say: str
    near: tuple[str, ...]


class Abbreviations(Written):
    """Abbreviations with their meanings, the usual one first, and words that are none."""

    abbreviations: Mapping[str, tuple[str | Meaning, ...]]
    words: tuple[str, ...]

    @field_validator("abbreviations")
    @classmethod
    def _usual_one_first(
        cls, value: Mapping[str, tuple[str | Meaning, ...]]
    ) -> Mapping[str, tuple[str | Meaning, ...]]:
        for short, meanings in value.items():
            if not meanings or not isinstance(meanings[0], str):
                raise ValueError(f"{short}: the first meaning is a plain text")
            if not all(isinstance(meaning, Meaning) for meaning in meanings[1:]):
                raise ValueError(f"{short}: every further meaning is {{say: …, near: […]}}")
        return value


class Fillers(Written):
    """Polite phrases and words around a question, and everyday words by which a language is told."""

    openings: tuple[str, ...]
    words: tuple[str, ...]
    vietnamese: tuple[str, ...]
    english: tuple[str, ...]


class Glossary(Written):
    """English words that people mix into Vietnamese sentences, and what they mean."""

    glossary: Mapping[str, str]


class FollowUps(Written):
    """What makes a short question carry on the last one."""

    openings: tuple[str, ...]
    closings: tuple[str, ...]
    agency: tuple[str, ...]
    source: tuple[str, ...]


class SmallTalkWords(Written):
    """What people say that is no question, by kind."""

    fillers: tuple[str, ...]
    kinds: Mapping[str, tuple[str, ...]]
    abuse_words: tuple[str, ...]


class Guards(Written):
    """What a question mentions when it isn't about the plan."""

    here: tuple[str, ...]
    before_a_place: tuple[str, ...]
    provinces: tuple[str, ...]
    also_words: tuple[str, ...]
    bodies: tuple[str, ...]
    other_plans: tuple[str, ...]
    the_plan: tuple[str, ...]
    other_matters: tuple[str, ...]
    instructions: tuple[str, ...]

    @field_validator("instructions", "other_matters")
    @classmethod
    def _patterns(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in value:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"not a pattern: {pattern} ({error})") from error
        return value


class Negatives(Written):
    """Examples of questions that are out of scope."""

    vi: tuple[str, ...]
    en: tuple[str, ...]


class Concepts(Written):
    """Different words for the same idea."""

    concepts: Mapping[str, tuple[str, ...]]


class Words(Written):
    """All of ``content/words``."""

    abbreviations: Abbreviations
    fillers: Fillers
    follow_ups: FollowUps
    glossary: Glossary
    small_talk: SmallTalkWords
    guards: Guards
    negatives: Negatives
    concepts: Concepts


Part = TypeVar("Part", bound=Written)


def read_words(folder: Path = FOLDER) -> tuple[Words | None, list[Mistake]]:
    """The words, or every mistake in them."""
    mistakes: list[Mistake] = []
    parts = {
        name: _read(kind, folder, f"words/{name}.yaml", mistakes)
        for name, kind in (
            ("abbreviations", Abbreviations),
            ("fillers", Fillers),
            ("follow_ups", FollowUps),
            ("glossary", Glossary),
            ("small_talk", SmallTalkWords),
            ("guards", Guards),
            ("negatives", Negatives),
            ("concepts", Concepts),
        )
    }
    if mistakes:
        return None, mistakes
    return Words.model_validate(parts), []


def _read(kind: type[Part], folder: Path, file: str, mistakes: list[Mistake]) -> Part | None:
    name = f"{folder.name}/{file}"
    try:
        document, found = yaml_reader.read(folder / file, name)
    except OSError as error:
        mistakes.append(Mistake(name, 1, 1, f"cannot be read: {error.strerror}"))
        return None
    mistakes += found
    if document.root is None:
        return None
    value: Any = document.value
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        mistakes += [mistake_of(document, (), problem) for problem in error.errors(include_url=False)]
        return None
