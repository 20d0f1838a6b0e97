"""Fits how sure an answer is: ``python -m tests.fit_sureness``, after the content changed much.

From what a question has in common with its best entry, logistic regression learns whether that entry answers it.
It learns from the development questions, and from the examples of questions without an answer in
``content/words/negatives.yaml``, each asked of an index that doesn't have it. Prints the weights for
``bot/services/answering/sureness.py``, and what they do at several bars to questions that were left out of the fitting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.messages import Language
from bot.services.answering.faq import Index, build_index
from bot.services.answering.sureness import signs
from content.loader import load, load_words
from content.model import Content, EntryText
from content.vocabulary import Words
from tests.judge import AS_OF, NONE, SMALL_TALK, Asked, fits, read_set

FOLDS = 6
# The examples without an answer outnumber the development questions.
NEGATIVE = 0.4
PHRASING = 0.1
DECAY = 1e-3
BARS = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6)

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Try:
    """One way to read a question: what speaks for its best entry, whether that is right, and whether any could be."""

    values: tuple[float, ...]
    right: bool
    inside: bool
    weight: float = 1.0


def main() -> None:
    content, words = load(), load_words()
    index = build_index(content, words)
    tries: dict[Language, list[Try]] = {language: [] for language in Language}
    for asked in read_set("development"):
        for language, values, right in tried(index, asked):
            tries[language].append(Try(values, right, not asked.expected & {NONE, SMALL_TALK}))
    for fold in range(FOLDS):
        lacking = build_index(content_without(content, fold), without_fold(words, fold))
        for entry in content.entries.values():
            for phrasing in [each for language in Language for each in entry.text(language).phrasings[fold::FOLDS]]:
                for language, values, right in tried(lacking, Asked("", frozenset({entry.id, *entry.facts}), phrasing)):
                    tries[language].append(Try(values, right, inside=False, weight=PHRASING))
        for question in [each for language in Language for each in negatives(words, language)[fold::FOLDS]]:
            for language, values, _ in tried(lacking, Asked("", frozenset({NONE}), question)):
                tries[language].append(Try(values, right=False, inside=False, weight=NEGATIVE))
    for language, found in tries.items():
        print("\n".join(fitted(language, found)))


def fitted(language: Language, tries: Sequence[Try]) -> Iterator[str]:
    """The weights of one language, and what they do to questions that were left out of the fitting."""
    values = np.array([each.values for each in tries])
    right, inside = np.array([each.right for each in tries]), np.array([each.inside for each in tries])
    weight = np.array([each.weight for each in tries])
    yield f"{language}: {tuple(round(float(each), 2) for each in fit(values, right, weight))}"
    left_out = np.zeros(len(tries))
    places = np.random.default_rng(0).permutation(len(tries))
    for fold in range(FOLDS):
        tested = places[fold::FOLDS]
        learned = np.setdiff1d(places, tested)
        weights = fit(values[learned], right[learned], weight[learned])
        left_out[tested] = 1 / (1 + np.exp(-with_one(values[tested]) @ weights))
    development = weight == 1.0
    for bar in BARS:
        given = left_out >= bar
        phrasing = weight == PHRASING
        example = weight == NEGATIVE
        yield (
            f"  {bar}: answered rightly {np.mean((given & right)[inside]):.3f}"
            f" wrongly {np.mean((given & ~right)[inside]):.3f}"
            f" out of scope {np.mean(given[~inside & development]):.3f}"
            f" negatives {np.mean(given[example]):.3f}"
            f" phrasings {np.mean((given & right)[phrasing]):.3f}/{np.mean((given & ~right)[phrasing]):.3f}"
        )


def tried(index: Index, asked: Asked) -> Iterator[tuple[Language, tuple[float, ...], bool]]:
    """What the best entry for each way to read a question has in common with it, and whether it is right."""
    guard = index.guard
    kept = (guard.chat, guard.forbids, guard.elsewhere, guard.doubts)
    if any(keep(asked.question) for keep in kept):
        return
    language, scores, totals, columns = index.ways(asked.question, AS_OF)
    for column in columns:
        found = signs(scores, totals, column)
        yield language, found.values, fits(index.entries[found.best], asked.expected)


def content_without(content: Content, fold: int) -> Content:
    """The content without every sixth phrasing of each entry."""

    def less(text: EntryText) -> EntryText:
        kept = tuple(each for place, each in enumerate(text.phrasings) if place % FOLDS != fold)
        return text.model_copy(update={"phrasings": kept})

    entries = {
        key: entry.model_copy(update={"vi": less(entry.vi), "en": less(entry.en)})
        for key, entry in content.entries.items()
    }
    return content.model_copy(update={"entries": entries})


def without_fold(words: Words, fold: int) -> Words:
    """The words without every sixth example."""
    less = {
        language.value: tuple(each for place, each in enumerate(negatives(words, language)) if place % FOLDS != fold)
        for language in Language
    }
    return words.model_copy(update={"negatives": words.negatives.model_copy(update=less)})


def negatives(words: Words, language: Language) -> tuple[str, ...]:
    return words.negatives.vi if language is Language.VI else words.negatives.en


def with_one(rows: Numbers) -> Numbers:
    return np.hstack([np.ones((len(rows), 1)), rows])


def fit(rows: Numbers, right: NDArray[np.bool_], weight: Numbers) -> Numbers:
    """Logistic regression by Newton's method; the first weight is the constant."""
    given = with_one(rows)
    weights = np.zeros(given.shape[1])
    for _ in range(60):
        guessed = 1 / (1 + np.exp(-given @ weights))
        slope = given.T @ (weight * (right - guessed)) - DECAY * weights
        bend = (given * (weight * guessed * (1 - guessed))[:, None]).T @ given + DECAY * np.eye(len(weights))
        weights += np.linalg.solve(bend, slope)
    return weights


if __name__ == "__main__":
    main()
