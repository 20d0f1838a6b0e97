"""What texts have in common, by which they are compared: letters within words, words with their pairs, ideas."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Words = tuple[str, ...]
Ideas = Mapping[str, tuple[tuple[Words, str], ...]]


@dataclass(frozen=True, slots=True)
class Features:
    """What texts have in common, each with its place, how rare it is and what it says for an answer.

    ``spelled`` are the letters of every word of the content.
    """

    letters: Mapping[str, int]
    words: Mapping[str, int]
    ideas: Mapping[str, int]
    spelled: Mapping[str, tuple[int, ...]]
    rarity: array[float]
    odds: array[float]
    rarest: float

    def spelling(self, word: str) -> Sequence[int]:
        """The places of a word's letters; -1 for runs that the content doesn't have."""
        known = self.spelled.get(word)
        return [self.letters.get(run, -1) for run in letters_of(word)] if known is None else known


def letters_of(word: str) -> list[str]:
    """The runs of 2-4 letters of a word, its beginning and end counting as letters."""
    framed = f" {word} "
    return [framed[place : place + size] for size in (2, 3, 4) for place in range(len(framed) - size + 1)]


def words_of(words: Words) -> list[str]:
    """The words, then their pairs."""
    return [*words, *(f"{first} {second}" for first, second in pairwise(words))]


def by_first_words(concepts: Mapping[str, Iterable[Words]]) -> Ideas:
    """The phrases of all ideas by their first word, or by their first two."""
    listed: dict[str, list[tuple[Words, str]]] = {}
    for name, phrases in concepts.items():
        for phrase in dict.fromkeys(phrases):  # some are the same once their marks and endings are off
            if phrase:
                listed.setdefault(" ".join(phrase[:2]), []).append((phrase, name))
    return {first: tuple(phrases) for first, phrases in listed.items()}


def ideas_of(ideas: Ideas, words: Words, said: Sequence[str]) -> list[str]:
    """The names of the ideas that the words speak of, each as often as they do; ``said`` are words and pairs."""
    return [
        name
        for place, key in enumerate(said)
        for phrase, name in ideas.get(key, ())
        if words[place % len(words) : place % len(words) + len(phrase)] == phrase
    ]
