"""Recognises a short question that carries on the last one, and says what it asks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.vietnamese import fold
from content.vocabulary import Words

LONGEST = 10  # words


@dataclass(frozen=True, slots=True)
class SameMatter:
    """The last answer's matter is meant: which agency it belongs to, or where the answer comes from."""

    asks: str


@dataclass(frozen=True, slots=True)
class OtherSubject:
    """The last question is asked again, of another subject."""

    subject: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The lists, made ready."""

    carrying_on: re.Pattern[str]
    closing: re.Pattern[str]
    agency: frozenset[str]
    source: frozenset[str]

    def read(self, message: str) -> SameMatter | OtherSubject | None:
        """What a message asks, if it only makes sense after another; None when it stands by itself."""
        words = re.findall(r"[^\W_]+|%", fold(message))
        if not words or len(words) > LONGEST:
            return None
        said = " ".join(words)
        opening = self.carrying_on.match(said)
        rest = said[opening.end() :] if opening else said
        if rest in self.agency:
            return SameMatter("agency")
        if rest in self.source:
            return SameMatter("source")
        if opening is None:
            return None
        subject = self.closing.sub("", rest).strip()
        return OtherSubject(subject) if subject else None


def build_follow_up(words: Words) -> FollowUp:
    """What recognises follow-ups in both languages."""
    lists = words.follow_ups
    return FollowUp(
        carrying_on=re.compile(rf"(?:{_any_of(lists.openings)}) "),
        closing=re.compile(rf" (?:{_any_of(lists.closings)})$"),
        agency=frozenset(map(fold, lists.agency)),
        source=frozenset(map(fold, lists.source)),
    )


def _any_of(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(map(fold, phrases), key=len, reverse=True))
