"""Compares a question with every phrasing of every entry at once, as sparse matrices. One matcher per language.

Likeness of a question to a row (a phrasing, a title, a first sentence) is a weighted sum of three cosines:
letters (2-4-grams, for slips and missing marks), words (single and in pairs) and ideas
(``content/words/concepts.yaml``). An entry is as like as its likest row; on top comes how much of what the
question says the entry's rows cover together.
numpy and scipy are imported when a matcher is built, since most commands never answer a question.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

# Found by answering each phrasing without itself (tests/data has the questions that judge the result).
LETTERS, WORDS, IDEAS = 0.35, 0.2, 0.45
COVERAGE = 1.0
# A word that an entry has once counts less than one it comes back to.
ONCE, AGAIN = 0.4, 0.3

Words = tuple[str, ...]
Ideas = Mapping[str, tuple[tuple[Words, str], ...]]


@dataclass(frozen=True, slots=True)
class Rows:
    """What stands for one entry: texts that a question may be like, with weights; and what else it knows."""

    texts: tuple[tuple[Words, float], ...]
    further: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """How like each entry is to each of the given questions.

    ``negative`` is the likest example of a question without an answer; ``known`` and ``joined`` say how much
    of a question's words, and of their pairs, occur in any entry.
    """

    total: Numbers
    likeness: Numbers
    coverage: Numbers
    negative: Numbers
    known: Numbers
    joined: Numbers


@dataclass(frozen=True, slots=True)
class Matcher:
    """The matrices of one language."""

    features: Mapping[str, int]
    weights: Sequence[float]
    rows: Any
    starts: NDArray[np.intp]
    entries: int
    ideas: Ideas
    idea_words: frozenset[str]
    parts: Mapping[str, int]
    part_weights: Sequence[float]
    covered: Any
    pairs: frozenset[str]
    rarest: float

    def scores(self, questions: Sequence[Words]) -> Scores:
        """Scores of all entries, a column for each question."""
        import numpy as np

        asked = np.zeros((len(self.features), len(questions)), np.float32)
        wanted = np.zeros((len(self.parts), len(questions)), np.float32)
        known = np.zeros(len(questions), np.float32)
        joined = np.zeros(len(questions), np.float32)
        for column, words in enumerate(questions):
            self._fill(asked[:, column], words)
            known[column] = self._fill_parts(wanted[:, column], words)
            joined[column] = self._joined(words)
        likeness = np.maximum.reduceat(self.rows @ asked, self.starts, axis=0)
        coverage = self.covered @ wanted
        own = likeness[: self.entries]
        negative = likeness[self.entries :].max(axis=0) if len(self.starts) > self.entries else known * 0
        return Scores((own + COVERAGE * coverage) / (1 + COVERAGE), own, coverage, negative, known, joined)

    def _fill(self, column: Numbers, words: Words) -> None:
        kinds = ((_letters(words), LETTERS), (_pairs(words), WORDS), (_ideas(self.ideas, words), IDEAS))
        for said, share in kinds:
            counts: dict[int, float] = {}
            total = 0.0
            for feature, count in Counter(said).items():
                place = self.features.get(feature)
                weight = (1 + math.log(count)) * (self.rarest if place is None else self.weights[place])
                total += weight * weight
                if place is not None:
                    counts[place] = weight
            if total:
                norm = share / math.sqrt(total)
                for place, weight in counts.items():
                    column[place] = weight * norm

    def _fill_parts(self, column: Numbers, words: Words) -> float:
        """Fills in how much each word and idea matters; the share of it that is known at all."""
        total = known = 0.0
        for part in {*words, *_ideas(self.ideas, words)}:
            place = self.parts.get(part)
            if place is None:
                # A word of a known idea is understood, even where no entry uses it.
                total += 0.0 if part in self.idea_words else self.rarest
            else:
                weight = self.part_weights[place]
                column[place] = weight
                total += weight
                known += weight
        if total:
            column /= total
        return known / total if total else 0.0

    def _joined(self, words: Words) -> float:
        pairs = _pairs(words)[len(words) :]
        return sum(pair in self.pairs for pair in pairs) / len(pairs) if pairs else 0.5


def build_matcher(
    entries: Sequence[Rows], negatives: Sequence[Words], concepts: Mapping[str, Iterable[Words]]
) -> Matcher:
    """The matrices for these entries; ``negatives`` are questions that no entry answers."""
    import numpy as np
    from scipy.sparse import csr_matrix

    ideas = _listed(concepts)
    idea_words = frozenset(word for phrases in ideas.values() for phrase, _ in phrases for word in phrase)
    texts = [text for entry in entries for text in entry.texts] + [(words, 1.0) for words in negatives]
    sizes = [len(entry.texts) for entry in entries] + [1] * len(negatives)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1])).astype(np.intp)
    features: dict[str, int] = {}
    places: list[int] = []
    counts: list[int] = []
    ends = [0]
    for words, _ in texts:
        for said in (_letters(words), _pairs(words), _ideas(ideas, words)):
            for feature, count in Counter(said).items():
                places.append(features.setdefault(feature, len(features)))
                counts.append(count)
            ends.append(len(places))
    where = np.array(places, np.intp)
    weights = _rarities(np.bincount(where, minlength=len(features)), len(texts))
    values = (1 + np.log(np.array(counts, np.float32))) * weights[where]
    # Each kind of feature of each row gets the length that is its share of the row's strength.
    kind = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
    lengths = np.sqrt(np.bincount(kind, values * values, len(ends) - 1))
    shares = np.outer([strength for _, strength in texts], (LETTERS, WORDS, IDEAS)).ravel()
    values *= (shares / np.maximum(lengths, 1e-9))[kind]
    rows = csr_matrix((values.astype(np.float32), where, ends[::3]), shape=(len(texts), len(features)))

    contents = [
        Counter(part for words, _ in entry.texts for part in (*words, *_ideas(ideas, words))) for entry in entries
    ]
    spread = Counter(part for content in contents for part in content)
    parts = {part: place for place, part in enumerate(spread)}
    covered = csr_matrix(
        (
            np.array([_stress(count) for content in contents for count in content.values()], np.float32),
            [parts[part] for content in contents for part in content],
            np.concatenate(([0], np.cumsum([len(content) for content in contents]))),
        ),
        shape=(len(entries), len(parts)),
    )
    said_anywhere = (words for entry in entries for words in (*(words for words, _ in entry.texts), *entry.further))
    return Matcher(
        features=features,
        weights=weights.tolist(),
        rows=rows,
        starts=starts,
        entries=len(entries),
        ideas=ideas,
        idea_words=idea_words,
        parts=parts,
        part_weights=_rarities(np.array(list(spread.values())), len(entries)).tolist(),
        covered=covered,
        pairs=frozenset(pair for words in said_anywhere for pair in _pairs(words)[len(words) :]),
        rarest=math.log((1 + len(entries)) / 2) + 1,
    )


def _stress(count: int) -> float:
    return min(1.0, ONCE + AGAIN * math.log(count))


def _rarities(counts: NDArray[Any], total: int) -> Numbers:
    import numpy as np

    return np.asarray(np.log((1 + total) / (1 + counts)) + 1, np.float32)


def _letters(words: Words) -> list[str]:
    text = f" {' '.join(words)} "
    return [text[place : place + size] for size in (2, 3, 4) for place in range(len(text) - size + 1)]


def _pairs(words: Words) -> list[str]:
    # The mark keeps words apart from runs of letters.
    return [f"={word}" for word in words] + [f"={a} {b}" for a, b in pairwise(words)]


def _listed(concepts: Mapping[str, Iterable[Words]]) -> Ideas:
    """The phrases of all ideas by their first word."""
    listed: dict[str, tuple[tuple[Words, str], ...]] = {}
    for name, phrases in concepts.items():
        for phrase in phrases:
            if phrase:
                listed[phrase[0]] = (*listed.get(phrase[0], ()), (phrase, f"@{name}"))
    return listed


def _ideas(ideas: Ideas, words: Words) -> list[str]:
    return [
        name
        for place, word in enumerate(words)
        for phrase, name in ideas.get(word, ())
        if words[place : place + len(phrase)] == phrase
    ]
