"""Compares a question with every phrasing of every entry at once, as sparse matrices. One matcher per language.

Likeness of a question to a row (a phrasing, a title, a first sentence) is a weighted sum of three cosines:
letters (runs of 2-4 within a word, for slips and missing marks), words (single and in pairs) and ideas
(``content/words/concepts.yaml``). An entry is as like as its likest row; on top comes how much of what the
question says the entry's rows cover together. The matrices are made in ``bot.services.answering.matrices``.
numpy and scipy are imported when a matcher is built, since most commands never answer a question.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.services.answering.text_features import Features, Ideas, Words, ideas_of, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

COVERAGE = 3.0
# Above this likeness it counts once more: a question just as it is written down belongs to where it is written.
NEARLY = 0.8
# What a word that nobody used says against a question having an answer.
UNHEARD = -0.5


@dataclass(frozen=True, slots=True)
class Scores:
    """How like each entry is to each of the given questions: a row for each question, a column for each entry.

    ``negative`` is the likest example of a question without an answer; ``known`` and ``joined`` say how much
    of a question's words, and of their pairs, occur in any entry; ``odds`` how much likelier its words are in
    questions with an answer than in those without; ``size`` how many words it has.
    """

    total: Numbers
    likeness: Numbers
    coverage: Numbers
    negative: Numbers
    known: Numbers
    joined: Numbers
    odds: Numbers
    size: Numbers


@dataclass(frozen=True, slots=True)
class Matcher:
    """The matrices of one language. ``rows`` and ``covered`` have a row for each feature."""

    features: Features
    rows: Any
    starts: NDArray[np.intp]
    entries: int
    ideas: Ideas
    idea_words: frozenset[str]
    part_weights: array[float]
    covered: Any

    def scores(self, questions: Sequence[Words]) -> Scores:
        """Scores of all entries for each question."""
        import numpy as np

        asked, wanted = _Vectors(), _Vectors()
        seen = np.zeros((4, len(questions)), np.float32)
        for place, words in enumerate(questions):
            said = words_of(words)
            ideas = ideas_of(self.ideas, words, said)
            asked.add(self._asked(words, said, ideas))
            covered, share_known = self._wanted(words, ideas)
            wanted.add(covered)
            seen[:, place] = share_known, self._joined(said[len(words) :]), self._odds(said, ideas), len(words)
        likest = np.maximum.reduceat(asked.times(self.rows), self.starts, axis=1)
        coverage = wanted.times(self.covered)
        own = likest[:, : self.entries]
        negative = likest[:, self.entries :].max(axis=1, initial=0)
        as_written = np.maximum(own - NEARLY, 0)
        total = (own + COVERAGE * coverage) / (1 + COVERAGE) + as_written
        return Scores(total, own, coverage, negative, *seen)

    def _asked(self, words: Words, said: Sequence[str], ideas: Sequence[str]) -> dict[int, float]:
        """The question as a vector, each kind of feature of length 1."""
        features = self.features
        letters = [place for word in words for place in features.spelling(word)]
        kinds = (
            Counter(letters),
            Counter(features.words.get(each, -1) for each in said),
            Counter(features.ideas.get(idea, -1) for idea in ideas),
        )
        return {place: value for counts in kinds for place, value in self._normed(counts)}

    def _normed(self, counts: Counter[int]) -> Iterator[tuple[int, float]]:
        rarity, rarest = self.features.rarity, self.features.rarest
        strange = counts.pop(-1, 0)
        values = {place: (1 + math.log(count)) * rarity[place] for place, count in counts.items()}
        length = math.sqrt(sum(value * value for value in values.values()) + strange * rarest * rarest)
        if length:
            yield from ((place, value / length) for place, value in values.items())

    def _wanted(self, words: Words, ideas: Sequence[str]) -> tuple[dict[int, float], float]:
        """How much each word and idea matters, in sum 1; and the share of it that is known at all."""
        features = self.features
        total = known = 0.0
        wanted: dict[int, float] = {}
        for word in set(words):
            place = features.words.get(word, -1)
            weight = self.part_weights[place] if place >= 0 else 0.0
            if weight:
                wanted[place] = weight
                known += weight
            # A word of a known idea is understood, even where no entry uses it.
            total += weight or (0.0 if word in self.idea_words else features.rarest)
        for idea in set(ideas):
            place = features.ideas.get(idea, -1)
            weight = self.part_weights[place] if place >= 0 else 0.0
            if weight:
                wanted[place] = weight
                known += weight
                total += weight
        if total:
            wanted = {place: weight / total for place, weight in wanted.items()}
        return wanted, known / total if total else 0.0

    def _joined(self, pairs: Sequence[str]) -> float:
        return sum(pair in self.features.words for pair in pairs) / len(pairs) if pairs else 0.5

    def _odds(self, said: Sequence[str], ideas: Sequence[str]) -> float:
        features = self.features
        signs = {features.words.get(each, each) for each in said} | {features.ideas.get(idea, idea) for idea in ideas}
        heard = [features.odds[sign] for sign in signs if isinstance(sign, int)]
        return (sum(heard) + UNHEARD * (len(signs) - len(heard))) / math.sqrt(len(signs) + 1)


class _Vectors:
    """Sparse vectors, one after the other."""

    def __init__(self) -> None:
        self._places: list[int] = []
        self._values: list[float] = []
        self._ends = [0]

    def add(self, vector: Mapping[int, float]) -> None:
        self._places += vector.keys()
        self._values += vector.values()
        self._ends.append(len(self._places))

    def times(self, matrix: Any) -> Numbers:
        """All vectors times a sparse matrix, as a dense one: only what the vectors name is touched."""
        import numpy as np
        from scipy.sparse import csr_matrix

        shape = (len(self._ends) - 1, matrix.shape[0])
        values = np.array(self._values, np.float32)
        product = csr_matrix((values, np.array(self._places, np.int32), self._ends), shape=shape) @ matrix
        dense: Numbers = product.toarray()
        return dense
