"""What can come of a question: an answer, up to three that may be meant, nothing, or small talk."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages import Language
from content.model import Entry


@dataclass(frozen=True, slots=True)
class Answer:
    """The entry that answers the question."""

    entry: Entry
    score: float


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the question may mean, best first."""

    entries: tuple[Entry, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no answer; ``nearby`` is what the bot can answer that lies nearest, where that helps."""

    nearby: tuple[Entry, ...]
    score: float


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """No question: a greeting, thanks, a goodbye, agreement or abuse."""

    kind: str


@dataclass(frozen=True, slots=True)
class Further:
    """More on the last answer: the ``agency`` its matter belongs to, or its ``source``."""

    entry: Entry
    asks: str


Outcome = Answer | Suggestions | Unknown | SmallTalk | Further


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a question, the language it was asked in, and how it was read where more than marks was guessed."""

    language: Language
    outcome: Outcome
    read_as: str = ""
