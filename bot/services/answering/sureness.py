"""How sure it is that the best entry answers a question: one number between 0 and 1.

Weights of a logistic regression, fitted by ``python -m tests.fit_sureness`` on phrasings and negative examples,
each asked of an index that doesn't have it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.messages import Language
from bot.services.answering.matching import Scores

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

# The constant first, then a weight for each of ``Signs.values``.
WEIGHTS: dict[Language, tuple[float, ...]] = {
    Language.VI: (-6.35, 2.94, 5.71, 11.18, -2.4, -2.8, -0.39, 0.22, 2.12),
    Language.EN: (-8.17, 1.41, 7.26, 5.05, -1.47, 1.03, -0.75, 0.09, 1.94),
}


@dataclass(frozen=True, slots=True)
class Signs:
    """The place of the best entry for one question, and what speaks for it."""

    best: int
    values: tuple[float, ...]


def signs(scores: Scores, totals: Numbers, way: int) -> Signs:
    """What speaks for the best entry of one question; ``totals`` are the scores that the entries are ranked by."""
    own = totals[way]
    best = int(own.argmax())
    ahead = float(own[best]) - float(max(own[:best].max(initial=0), own[best + 1 :].max(initial=0)))
    return Signs(
        best,
        (
            float(scores.likeness[way, best]),
            float(scores.coverage[way, best]),
            ahead,
            float(scores.negative[way]),
            float(scores.known[way]),
            float(scores.joined[way]),
            float(scores.odds[way]),
            math.log(1 + float(scores.size[way])),
        ),
    )


def sureness(found: Signs, language: Language) -> float:
    """How sure it is that this entry answers."""
    constant, *weights = WEIGHTS[language]
    weighed = constant + sum(weight * value for weight, value in zip(weights, found.values, strict=True))
    return 1 / (1 + math.exp(-weighed))
