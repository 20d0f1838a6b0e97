"""Finds the answer to a question, or says that there is none. Pure: no database, no clock, no chat.

Three outcomes, and small talk: an answer; up to three that may be meant; nothing, with what lies near.
Rather no answer than a wrong one: the bars below were set on ``tests/data/development_questions.tsv``.
"""

from __future__ import annotations

import math
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from bot.messages import Language
from bot.services.guards import Guard, build_guard
from bot.services.matching import Matcher, Rows, Scores, build_matcher
from bot.services.spelling import Reading, Speller, build_speller, tokens_of
from bot.vietnamese import clean
from content.model import Content, Entry, EntryText
from content.vocabulary import Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

# How sure to be: a score between 0 and 1 from what the best entry has in common with the question. Fitted on the
# entries' own phrasings, each asked without itself, and on ``content/words/negatives.yaml``.
BIAS, LIKENESS, COVERED, AHEAD, NEGATIVE, KNOWN, JOINED = -3.88, 1.35, 2.2, 0.99, -1.85, 1.77, 1.83
# English texts share fewer syllables by chance than Vietnamese ones without marks, so less is enough.
SURE = {Language.VI: 0.53, Language.EN: 0.44}
MAYBE = {Language.VI: 0.38, Language.EN: 0.30}
NEARBY = {Language.VI: 0.33, Language.EN: 0.25}
# What is this far behind the best isn't worth offering.
FAR_BEHIND = 0.6

FIRST_SENTENCE = 0.8
TOPIC = 0.5
LONGEST_READ = 4000
LONGEST_CLAUSE = 240
MOST_CLAUSES = 10
CONTEXT = 0.15
CHOICES = 3
REMEMBERED = 2048

_ENDS = re.compile(r"(?<=[.?!…;])\s+|[\r\n]+")
_PAUSES = re.compile(r"[,:]\s+")
_ASKS = re.compile(
    r"\?|\b(?:bao nhieu|the nao|nhu the nao|ra sao|lam sao|la gi|gi|nao|ai|dau|khi nao|bao gio|may|khong|ko|k|chua"
    r"|xin hoi|muon hoi|cho hoi|hoi"
    r"|what|which|who|whom|how|when|where|why|does|do|is there|are there|can|could|will|should|tell me)\b"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The entry that answers the question."""

    entry: Entry
    score: float


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the question may mean, best first."""

    entries: tuple[Entry, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no answer; ``nearby`` is what the bot can answer that lies nearest, where that helps."""

    nearby: tuple[Entry, ...]
    score: float


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """No question: a greeting, thanks, a goodbye, agreement or abuse."""

    kind: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of a question, and the language it was asked in."""

    language: Language
    outcome: Answer | Suggestions | Unknown | SmallTalk


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that answering needs, built once at start from the content."""

    entries: tuple[Entry, ...]
    last_days: Numbers
    matchers: dict[Language, Matcher]
    speller: Speller
    guard: Guard
    remembered: OrderedDict[tuple[str, date, Language], Finding] = field(default_factory=OrderedDict)

    def find(self, question: str, today: date, otherwise: Language = Language.VI) -> Finding:
        """The outcome for a question of any length; ``otherwise`` is the language where its words don't tell."""
        text = clean(question[:LONGEST_READ])
        key = (text, today, otherwise)
        finding = self.remembered.get(key)
        if finding is None:
            finding = self._find(text, today, otherwise)
            self.remembered[key] = finding
            if len(self.remembered) > REMEMBERED:
                self.remembered.popitem(last=False)
        return finding

    def _find(self, text: str, today: date, otherwise: Language) -> Finding:
        reading = self.speller.read(text, otherwise)
        kind = self.guard.chat(text)
        if kind is not None:
            return Finding(reading.language, SmallTalk(kind))
        if self.guard.forbids(text) or not reading.words:
            return Finding(reading.language, Unknown((), 0.0))
        return Finding(reading.language, self._outcome(text, reading, today))

    def _outcome(self, text: str, reading: Reading, today: date) -> Answer | Suggestions | Unknown:
        import numpy as np

        clauses = self._clauses(text, reading)
        scores = self.matchers[reading.language].scores(clauses)
        total = np.where(self.last_days[:, None] < today.toordinal(), 0.0, scores.total)
        if len(clauses) > 1:
            # The last column is the whole message, which tells what its short questions are about.
            total = total[:, :-1] + CONTEXT * np.maximum(total[:, -1:] - total[:, :-1], 0)
        ranking = np.argsort(-total, axis=0, kind="stable")[:CHOICES]
        sureness = [_sureness(scores, total, ranking, column) for column in range(total.shape[1])]
        column = int(np.argmax(sureness))
        score = round(sureness[column], 3)
        best = self.entries[ranking[0, column]]
        if score >= SURE[reading.language]:
            return Answer(best, score)
        least = FAR_BEHIND * total[ranking[0, column], column]
        near = tuple(self.entries[place] for place in ranking[:, column] if total[place, column] >= least)
        if score >= MAYBE[reading.language]:
            return Suggestions(near, score)
        return Unknown(near if score >= NEARBY[reading.language] else (), score)

    def _clauses(self, text: str, reading: Reading) -> list[tuple[str, ...]]:
        """The questions in a message, each as its words, and the whole message last if it has several parts."""
        parts = [part for part in _ENDS.split(text) if part.strip()]
        if len(parts) <= 1 and len(text) <= LONGEST_CLAUSE:
            return [reading.words]
        pieces = [piece for part in parts for piece in ([part] if len(part) <= LONGEST_CLAUSE else _PAUSES.split(part))]
        read = [(piece, self.speller.read(piece, reading.language)) for piece in pieces]
        asked = [words for piece, words in read if "?" in piece]
        asked = asked or [words for _, words in read if _ASKS.search(words.text)] or [words for _, words in read]
        clauses = [words.words[:LONGEST_CLAUSE] for words in asked[-MOST_CLAUSES:] if words.words]
        return [*clauses, reading.words[:LONGEST_CLAUSE]]


def build_index(content: Content, words: Words) -> Index:
    """The index over all entries of the content."""
    import numpy as np

    entries = tuple(content.entries.values())
    topics = {entry.id: file.topic for file in content.topics for entry in file.entries}
    texts = {language: [_all_of(entry.text(language)) for entry in entries] for language in Language}
    ideas = [phrase for phrases in words.concepts.concepts.values() for phrase in phrases]
    marked = [phrase for phrase in ideas if not phrase.isascii()]
    speller = build_speller(
        words, [*texts[Language.VI], *words.negatives.vi, *marked], [*texts[Language.EN], *words.negatives.en]
    )

    def rows(entry: Entry, language: Language) -> Rows:
        text = entry.text(language)

        def said(phrase: str) -> tuple[str, ...]:
            return speller.words(tokens_of(phrase), language)

        asked = [(said(phrase), 1.0) for phrase in (text.question, *text.phrasings)]
        topic = topics[entry.id].in_language(language)
        return Rows((*asked, (said(text.short), FIRST_SENTENCE), (said(topic), TOPIC)), (said(text.more),))

    def matcher(language: Language, negatives: Sequence[str]) -> Matcher:
        return build_matcher(
            [rows(entry, language) for entry in entries],
            [speller.words(tokens_of(negative), language) for negative in negatives],
            {
                name: [speller.words(tokens_of(phrase), language) for phrase in phrases]
                for name, phrases in words.concepts.concepts.items()
            },
        )

    return Index(
        entries=entries,
        last_days=np.array([entry.valid_until.toordinal() for entry in entries], np.float64).astype(np.float32),
        matchers={
            Language.VI: matcher(Language.VI, words.negatives.vi),
            Language.EN: matcher(Language.EN, words.negatives.en),
        },
        speller=speller,
        guard=build_guard(words, [text for texts_of_one in texts.values() for text in texts_of_one]),
    )


def _all_of(text: EntryText) -> str:
    return "\n".join((text.question, *text.phrasings, text.short, text.more))


def _sureness(scores: Scores, total: Numbers, ranking: NDArray[np.intp], column: int) -> float:
    """How sure it is that the best entry for one question answers it."""
    first, second = ranking[0, column], ranking[min(1, len(ranking) - 1), column]
    weighed = (
        BIAS
        + LIKENESS * scores.likeness[first, column]
        + COVERED * scores.coverage[first, column]
        + AHEAD * (total[first, column] - total[second, column])
        + NEGATIVE * scores.negative[column]
        + KNOWN * scores.known[column]
        + JOINED * scores.joined[column]
    )
    return 1 / (1 + math.exp(-float(weighed)))
