"""How like two questions are, and which belong together. Pure: no database, no clock.

Words (single and in pairs) and runs of three letters, without marks, numbers and politeness, compared as sparse
rows. What stands in many answers («doanh nghiệp», «kế hoạch») says little about what a question is after, so it
weighs little; what no answer knows weighs most.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bot.messages import Language
from bot.vietnamese import fold
from content.model import Content

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Set on the table in ``tests/test_likeness.py``.
ALIKE = 0.47
LETTERS, WORDS = 0.4, 0.6
# Words around any question, which say nothing of what it is about.
_EMPTY = frozenset({
    "a", "ad", "admin", "anh", "em", "oi", "minh", "toi", "tui", "bot", "cho", "xin", "hoi", "voi", "nhe",
    "nha", "da", "vang", "thua", "kinh", "gui", "cam", "on", "please", "pls", "hi", "hello", "dear", "sir",
    "madam", "thanks", "thank", "you", "i", "we", "my", "our", "me", "tell", "want", "would", "like", "know",
    "the", "an", "of", "to",
})  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each feature says, from how many texts of one language have it."""

    texts: int
    spread: Mapping[str, int]

    def of(self, feature: str) -> float:
        return math.log((1 + self.texts) / (1 + self.spread.get(feature, 0))) + 1


def weights(known: Content, language: Language) -> Weights:
    """The weights as the answers of one language have them."""
    texts = [phrase for entry in known.entries.values() for phrase in asked(known, entry.id, language)]
    return Weights(len(texts), Counter(feature for text in texts for feature in {*_words(text), *_letters(text)}))


def asked(known: Content, entry_id: str, language: Language) -> tuple[str, ...]:
    """All the ways in which an entry is asked for."""
    text = known.entries[entry_id].text(language)
    return (text.question, *text.phrasings)


def gathered(weigh: Weights, groups: Sequence[str], questions: Sequence[str]) -> list[int]:
    """For each question the place of the group it joins: one of ``groups``, or a new one, numbered on from them.

    A question joins the likest group, if that is like enough, else it begins a new one, which those after it may join.
    """
    likeness = _cosines(weigh, questions, [*groups, *questions])
    # The columns of the questions that began a group follow those of the groups that there were.
    columns = list(range(len(groups)))
    places: list[int] = []
    for number, row in enumerate(likeness):
        found = row[columns]
        best = int(found.argmax()) if columns else -1
        if best < 0 or found[best] < ALIKE:
            best = len(columns)
            columns.append(len(groups) + number)
        places.append(best)
    return places


def nearest(weigh: Weights, question: str, texts: Sequence[Sequence[str]], *, least: float, most: int) -> list[int]:
    """The places of those of ``texts`` (each in several wordings) that are likest to the question, best first."""
    flat = [(place, wording) for place, wordings in enumerate(texts) for wording in wordings]
    (row,) = _cosines(weigh, [question], [wording for _, wording in flat])
    best: dict[int, float] = {}
    for (place, _), likeness in zip(flat, row, strict=True):
        best[place] = max(best.get(place, 0.0), float(likeness))
    ranking = sorted((place for place, likeness in best.items() if likeness >= least), key=lambda place: -best[place])
    return ranking[:most]


def _cosines(weigh: Weights, questions: Sequence[str], texts: Sequence[str]) -> Any:
    """A row for each question, a column for each text."""
    places: dict[str, int] = {}
    left, right = _rows(weigh, questions, places), _rows(weigh, texts, places)
    width = len(places)
    left.resize(left.shape[0], width)
    right.resize(right.shape[0], width)
    return (left @ right.T).toarray()


def _rows(weigh: Weights, texts: Sequence[str], places: dict[str, int]) -> csr_matrix:
    import numpy as np
    from scipy.sparse import csr_matrix

    where: list[int] = []
    values: list[float] = []
    ends = [0]
    for text in texts:
        for features, share in ((_words(text), WORDS), (_letters(text), LETTERS)):
            weighed = {feature: (1 + math.log(n)) * weigh.of(feature) for feature, n in Counter(features).items()}
            length = math.sqrt(sum(value * value for value in weighed.values()))
            where += [places.setdefault(feature, len(places)) for feature in weighed]
            values += [math.sqrt(share) * value / length for value in weighed.values()]
        ends.append(len(where))
    return csr_matrix((np.array(values, np.float32), where, ends), shape=(len(texts), len(places)))


def _meant(text: str) -> list[str]:
    """The words that say what a question is about; all of them where politeness is all there is."""
    words = _WORD.findall(fold(text))
    return [word for word in words if word not in _EMPTY] or words


def _words(text: str) -> list[str]:
    words = _meant(text)
    # A text without letters is only like itself.
    return [f"={word}" for word in words] + [f"={a} {b}" for a, b in pairwise(words)] or [f"#{fold(text)}"]


def _letters(text: str) -> Iterable[str]:
    run = f" {' '.join(_meant(text))} "
    return [run[place : place + 3] for place in range(len(run) - 2)]
