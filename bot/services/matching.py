"""Compares a question with every phrasing of every entry at once, as sparse matrices. One matcher per language.

Likeness of a question to a row (a phrasing, a title, a first sentence) is a weighted sum of three cosines:
letters (runs of 2-4 within a word, for slips and missing marks), words (single and in pairs) and ideas
(``content/words/concepts.yaml``). An entry is as like as its likest row; on top comes how much of what the
question says the entry's rows cover together.
numpy and scipy are imported when a matcher is built, since most commands never answer a question.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

# Found by answering each phrasing without itself; ``python -m tests.judge`` shows what they do.
LETTERS, WORDS, IDEAS = 0.27, 0.365, 0.365
COVERAGE = 3.0
# Above this likeness it counts once more: a question just as it is written down belongs to where it is written.
NEARLY = 0.8
# A word that an entry has once counts less than one it comes back to.
ONCE, AGAIN = 0.4, 0.3
# Runs of letters that more than this share of all rows have are left out.
COMMON = 0.1
# What one word can at most say for or against a question having an answer; what a word says that nobody used.
MOST_ODDS, UNHEARD = 3.0, -0.5

Words = tuple[str, ...]
Ideas = Mapping[str, tuple[tuple[Words, str], ...]]


@dataclass(frozen=True, slots=True)
class Rows:
    """What stands for one entry: texts that a question may be like, with weights."""

    texts: tuple[tuple[Words, float], ...]


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
        return [self.letters.get(run, -1) for run in _letters(word)] if known is None else known


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
            said, ideas = _words(words), _ideas(self.ideas, words)
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


def build_matcher(
    entries: Sequence[Rows], negatives: Sequence[Words], concepts: Mapping[str, Iterable[Words]]
) -> Matcher:
    """The matrices for these entries; ``negatives`` are questions that no entry answers."""
    import numpy as np
    from scipy.sparse import csr_matrix, hstack

    ideas = _listed(concepts)
    texts = [words for entry in entries for words, _ in entry.texts] + list(negatives)
    strengths = np.array([strength for entry in entries for _, strength in entry.texts] + [1.0] * len(negatives))
    sizes = [len(entry.texts) for entry in entries] + [1] * len(negatives)
    ends = np.concatenate(([0], np.cumsum(sizes)))

    places: dict[str, int] = {}
    spoken = _counted([[places.setdefault(word, len(places)) for word in words] for words in texts])
    letters: dict[str, int] = {}
    spelled = {word: tuple(letters.setdefault(run, len(letters)) for run in _letters(word)) for word in places}
    said = dict(places)
    worded = _counted([[said.setdefault(word, len(said)) for word in _words(words)] for words in texts])
    thoughts: dict[str, int] = {}
    meant = _counted([[thoughts.setdefault(idea, len(thoughts)) for idea in _ideas(ideas, words)] for words in texts])
    spelling = _counted(list(spelled.values()))
    blocks = [_without_common(spoken @ spelling), worded, meant]
    shares = (LETTERS, WORDS, IDEAS)
    rarities = [_rarities(block) for block in blocks]
    weighted = [
        _weighted(block, rarity, share * strengths)
        for block, rarity, share in zip(blocks, rarities, shares, strict=True)
    ]
    begins = (0, len(letters), len(letters) + len(said))

    # What the texts of one entry say together: words and ideas, not letters and not pairs.
    together = csr_matrix(
        (np.ones(ends[len(entries)]), np.arange(ends[len(entries)]), ends[: len(entries) + 1]),
        shape=(len(entries), len(texts)),
    )
    contents = hstack([together @ worded[:, : len(places)], together @ meant], format="csr")
    own_places = np.concatenate((np.arange(len(places)) + begins[1], np.arange(len(thoughts)) + begins[2]))
    stress = np.minimum(1.0, ONCE + AGAIN * np.log(contents.data)).astype(np.float32)
    covered = csr_matrix(
        (stress, own_places[contents.indices], contents.indptr), shape=(len(entries), begins[2] + len(thoughts))
    )
    part_weights = np.zeros(covered.shape[1], np.float32)
    part_weights[own_places] = _rarities(contents)
    return Matcher(
        features=Features(
            letters=letters,
            words={word: begins[1] + place for word, place in said.items()},
            ideas={idea: begins[2] + place for idea, place in thoughts.items()},
            spelled=spelled,
            rarity=array("f", np.concatenate(rarities)),
            odds=array("f", _odds(hstack(blocks, format="csr"), int(ends[len(entries)]), begins[1])),
            rarest=math.log((1 + len(entries)) / 2) + 1,
        ),
        rows=hstack(weighted, format="csr").T.tocsr().astype(np.float32),
        starts=ends[:-1].astype(np.intp),
        entries=len(entries),
        ideas=ideas,
        idea_words=frozenset(word for phrases in ideas.values() for phrase, _ in phrases for word in phrase),
        part_weights=array("f", part_weights),
        covered=covered.T.tocsr(),
    )


def _counted(rows: Sequence[Sequence[int]]) -> Any:
    """A matrix that counts how often each row has each column."""
    import numpy as np
    from scipy.sparse import csr_matrix

    where = np.array([place for row in rows for place in row], np.int32)
    ends = np.concatenate(([0], np.cumsum([len(row) for row in rows])))
    counted = csr_matrix((np.ones(len(where), np.float32), where, ends))
    counted.sum_duplicates()
    return counted


def _without_common(counted: Any) -> Any:
    """The same without columns that very many rows have: they say little, and cost most of the time."""
    import numpy as np

    spread = np.bincount(counted.indices, minlength=counted.shape[1])
    counted.data[spread[counted.indices] > COMMON * counted.shape[0]] = 0
    counted.eliminate_zeros()
    return counted


def _rarities(counted: Any) -> Numbers:
    """How rare each column is, by how many rows have it; 0 for one that none has."""
    import numpy as np

    spread = np.bincount(counted.indices, minlength=counted.shape[1])
    return np.asarray(np.where(spread > 0, np.log((1 + counted.shape[0]) / (1 + spread)) + 1, 0), np.float32)


def _weighted(counted: Any, rarity: Numbers, lengths: NDArray[Any]) -> Any:
    """Rows of rare features weigh more; each row gets the given length."""
    import numpy as np
    from scipy.sparse import csr_matrix

    values = (1 + np.log(counted.data)) * rarity[counted.indices]
    row = np.repeat(np.arange(counted.shape[0]), np.diff(counted.indptr))
    norms = np.sqrt(np.bincount(row, values * values, counted.shape[0]))
    values *= (lengths / np.maximum(norms, 1e-9))[row]
    return csr_matrix((values, counted.indices, counted.indptr), shape=counted.shape)


def _odds(counted: Any, inside: int, letters: int) -> Numbers:
    """How much likelier each word or idea is in the first rows than in the rest: the logarithm of the ratio."""
    import numpy as np

    ours, others = (
        np.bincount(part.indices, minlength=part.shape[1]).astype(np.float32)
        for part in (counted[:inside], counted[inside:])
    )
    ours[:letters] = others[:letters] = 0
    shift = math.log((ours.sum() + 1) / (others.sum() + 1))
    return np.asarray(np.clip(np.log((ours + 0.5) / (others + 0.5)) - shift, -MOST_ODDS, MOST_ODDS), np.float32)


def _letters(word: str) -> list[str]:
    framed = f" {word} "
    return [framed[place : place + size] for size in (2, 3, 4) for place in range(len(framed) - size + 1)]


def _words(words: Words) -> list[str]:
    """The words, then their pairs."""
    return [*words, *(f"{first} {second}" for first, second in pairwise(words))]


def _listed(concepts: Mapping[str, Iterable[Words]]) -> Ideas:
    """The phrases of all ideas by their first word, or by their first two."""
    listed: dict[str, list[tuple[Words, str]]] = {}
    for name, phrases in concepts.items():
        for phrase in dict.fromkeys(phrases):  # some are the same once their marks and endings are off
            if phrase:
                listed.setdefault(" ".join(phrase[:2]), []).append((phrase, name))
    return {first: tuple(phrases) for first, phrases in listed.items()}


def _ideas(ideas: Ideas, words: Words) -> list[str]:
    return [
        name
        for place, word in enumerate(words)
        for key in (word, *(f"{word} {after}" for after in words[place + 1 : place + 2]))
        for phrase, name in ideas.get(key, ())
        if words[place : place + len(phrase)] == phrase
    ]
