"""Makes the matrices by which questions are compared with entries (``bot.services.answering.matching``)."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.services.answering.matching import Matcher
from bot.services.answering.text_features import Features, Words, by_first_words, ideas_of, letters_of, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

# Found by answering each phrasing without itself; ``python -m tests.judge`` shows what they do.
LETTERS, WORDS, IDEAS = 0.27, 0.365, 0.365
# A word that an entry has once counts less than one it comes back to.
ONCE, AGAIN = 0.4, 0.3
# Runs of letters that more than this share of all rows have are left out.
COMMON = 0.1
# What one word can at most say for or against a question having an answer.
MOST_ODDS = 3.0


@dataclass(frozen=True, slots=True)
class Rows:
    """What stands for one entry: texts that a question may be like, with weights."""

    texts: tuple[tuple[Words, float], ...]


def build_matcher(
    entries: Sequence[Rows], negatives: Sequence[Words], concepts: Mapping[str, Iterable[Words]]
) -> Matcher:
    """The matrices for these entries; ``negatives`` are questions that no entry answers."""
    import numpy as np
    from scipy.sparse import csr_matrix, hstack

    ideas = by_first_words(concepts)
    texts = [words for entry in entries for words, _ in entry.texts] + list(negatives)
    strengths = np.array([strength for entry in entries for _, strength in entry.texts] + [1.0] * len(negatives))
    sizes = [len(entry.texts) for entry in entries] + [1] * len(negatives)
    ends = np.concatenate(([0], np.cumsum(sizes)))

    places: dict[str, int] = {}
    spoken = _counted([[places.setdefault(word, len(places)) for word in words] for words in texts])
    letters: dict[str, int] = {}
    spelled = {word: tuple(letters.setdefault(run, len(letters)) for run in letters_of(word)) for word in places}
    said = dict(places)
    spoken_of = [words_of(words) for words in texts]
    worded = _counted([[said.setdefault(each, len(said)) for each in row] for row in spoken_of])
    thoughts: dict[str, int] = {}
    thought_of = [ideas_of(ideas, words, row) for words, row in zip(texts, spoken_of, strict=True)]
    meant = _counted([[thoughts.setdefault(idea, len(thoughts)) for idea in row] for row in thought_of])
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
