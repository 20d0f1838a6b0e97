"""Puts the marks back into Vietnamese words, to say how a message was understood."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.vietnamese import fold

# A pair of words that was seen counts for more than any single word.
_PAIR = 3.0


@dataclass(frozen=True, slots=True)
class ToneMarks:
    """How words without marks are written with them, and how often marked words stand side by side."""

    words: frozenset[str]
    forms: Mapping[str, tuple[tuple[str, float], ...]]
    pairs: Mapping[tuple[str, str], float]

    def put_back(self, words: Sequence[tuple[str, str]]) -> str:
        """The likeliest way to write these words, each given without marks and as it was typed.

        A word that was typed with its marks stays as it is, and so does one that is unknown.
        """
        paths: dict[str, tuple[float, tuple[str, ...]]] = {"": (0.0, ())}
        for word, typed in words:
            reached: dict[str, tuple[float, tuple[str, ...]]] = {}
            given = ((typed, 0.0),)
            for form, weight in self.forms.get(word, ((word, 0.0),)) if typed.isascii() else given:
                score, path = max(
                    (score + self.pairs.get((last, form), 0.0), path) for last, (score, path) in paths.items()
                )
                reached[form] = (score + weight, (*path, form))
            paths = reached
        return " ".join(max(paths.values())[1])


def learn_marks(texts: Iterable[Sequence[str]]) -> ToneMarks:
    """Learn from texts given as their lower-case words."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    pairs: Counter[tuple[str, str]] = Counter()
    folded: dict[str, str] = {}
    for words in texts:
        for word in words:
            plain = folded.get(word)
            if plain is None:
                plain = folded[word] = fold(word)
            counts[plain][word] += 1
        pairs.update(pairwise(words))
    return ToneMarks(
        words=frozenset(folded),
        forms={
            plain: tuple((form, math.log10(count)) for form, count in forms.most_common())
            for plain, forms in counts.items()
        },
        pairs={pair: _PAIR + math.log10(count) for pair, count in pairs.items()},
    )
