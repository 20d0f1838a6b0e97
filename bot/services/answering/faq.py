"""Finds the answer to a question, or says that there is none. Pure: no database, no clock, no chat.

Three outcomes, and small talk: an answer; up to three that may be meant; nothing, with what lies near.
Rather no answer than a wrong one: the bars below were set on ``tests/data/development_questions.tsv``.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.messages import Language
from bot.services.answering.clauses import Clause, clauses_of, halves_of, subjects_of
from bot.services.answering.findings import Answer, Finding, Further, SmallTalk, Suggestions, Unknown
from bot.services.answering.follow_ups import FollowUp, SameMatter, build_follow_up
from bot.services.answering.guards import Guard, build_guard
from bot.services.answering.matching import Matcher, Scores
from bot.services.answering.matrices import Rows, build_matcher
from bot.services.answering.spelling import Reading, Speller, build_speller, tokens_of
from bot.services.answering.sureness import signs, sureness
from bot.vietnamese import clean, fold
from content.model import Content, Entry, EntryText
from content.vocabulary import Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float32]

# How sure to be for an answer, for offering what may be meant, for naming what lies near.
SURE = {Language.VI: 0.56, Language.EN: 0.53}
MAYBE = {Language.VI: 0.33, Language.EN: 0.33}
NEARBY = {Language.VI: 0.18, Language.EN: 0.18}
# What is this far behind the best isn't worth offering.
FAR_BEHIND = 0.6

FIRST_SENTENCE = 0.8
TOPIC = 0.5
LONGEST_READ = 4000
MOST_WORDS = 120
CHOICES = 3
MOST_ANSWERS = 3
# A question that is this like a phrasing is that phrasing, however many words it has.
AS_WRITTEN = 0.85
# How sure to be of each answer in a sentence that asks twice, and in one that only has an «and».
SURE_HALF, SURE_SUBJECT = 0.4, 0.7
SUBJECT_WORDS = {Language.VI: 2, Language.EN: 1}
# How much of the new subject an entry must speak of, to answer a question that carries on the last one.
CARRIED_ON = 0.75
REMEMBERED = 2048


@dataclass(frozen=True, slots=True)
class _Match:
    """The ranking of all entries for one way to read a question."""

    sureness: float
    likeness: float
    ranking: Sequence[int]
    totals: Numbers


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that answering needs, built once at start from the content."""

    entries: tuple[Entry, ...]
    last_days: Numbers
    matchers: dict[Language, Matcher]
    speller: Speller
    guard: Guard
    follow_ups: FollowUp
    names: re.Pattern[str]
    remembered: OrderedDict[tuple[str, date, Language], tuple[Finding, ...]] = field(default_factory=OrderedDict)

    def language_of(self, text: str, otherwise: Language) -> Language:
        """The language a text is written in; ``otherwise`` where its words don't tell."""
        return self.speller.language(tokens_of(clean(text)), otherwise)

    def find(self, message: str, today: date, otherwise: Language = Language.VI) -> Finding:
        """The first of what ``find_all`` finds."""
        return self.find_all(message, today, otherwise)[0]

    def find_all(self, message: str, today: date, otherwise: Language = Language.VI) -> tuple[Finding, ...]:
        """What came of a message of any length: one finding, or an answer to each of its questions.

        ``otherwise`` is the language where its words don't tell.
        """
        text = clean(message[:LONGEST_READ])
        key = (text, today, otherwise)
        found = self.remembered.get(key)
        if found is None:
            found = self._find(text, today, otherwise)
            self.remembered[key] = found
            if len(self.remembered) > REMEMBERED:
                self.remembered.popitem(last=False)
        return found

    def follow_up(self, message: str, about: Entry, today: date, language: Language) -> Finding | None:
        """What a short question means right after the answer ``about``; None when it stands by itself."""
        text = clean(message[:LONGEST_READ])
        asked = self.follow_ups.read(text)
        if asked is None or self.guard.forbids(text) or self.guard.elsewhere(text):
            return None
        language = self.speller.read(text, language).language
        if isinstance(asked, SameMatter):
            return Finding(language, Further(about, asked.asks))
        before = about.text(language).question
        reading = self.speller.read_in(language, tokens_of(f"{before} {asked.subject}"))
        subject = self.speller.words(tokens_of(asked.subject), language)
        match = self._carried_on(reading.words, subject, about, language, today)
        if match is None:
            return None
        return Finding(language, Answer(self.entries[match], 1.0))

    def _carried_on(
        self, whole: tuple[str, ...], subject: tuple[str, ...], about: Entry, language: Language, today: date
    ) -> int | None:
        """The entry likest to the last question with the new subject in it, if the subject is really in it."""
        import numpy as np

        scores = self.matchers[language].scores([whole, subject])
        both = np.where(self.last_days < today.toordinal(), 0.0, scores.total[0] + scores.total[1])
        both[self.entries.index(about)] = 0.0
        best = int(both.argmax())
        return best if scores.coverage[1, best] >= CARRIED_ON else None

    def _find(self, text: str, today: date, otherwise: Language) -> tuple[Finding, ...]:
        reading = self.speller.read(text, otherwise)
        kind = self.guard.chat(text)
        if kind is not None:
            return (Finding(reading.language, SmallTalk(kind)),)
        if self.guard.forbids(text) or not reading.words:
            return (Finding(reading.language, Unknown((), 0.0)),)
        clauses = [clause for clause in clauses_of(text) if not self.guard.elsewhere(clause.text)]
        if not clauses:
            return (Finding(reading.language, Unknown((), 0.0)),)
        if self.guard.doubts(text):
            (match,) = self._matches([Clause(text)], reading, today)
            return (self._finding(replace(match, sureness=NEARBY[reading.language]), reading.language),)
        asked = self._matches(clauses, reading, today)
        best = max(asked, key=lambda match: match.sureness)
        answers: Sequence[_Match] = (
            self._answers(asked[: len(clauses)], SURE[reading.language]) if len(clauses) > 1 else ()
        )
        if len(clauses) == 1 and best.likeness < AS_WRITTEN:
            answers = self._two_in_one(clauses[0], best, reading, today)
        if len(answers) > 1:
            return tuple(self._finding(match, reading.language, least=SURE_HALF) for match in answers)
        read_as = self.speller.with_marks(reading) if reading.restored and len(clauses) == 1 else ""
        return (self._finding(best, reading.language, read_as),)

    def _answers(self, asked: Sequence[_Match], bar: float) -> list[_Match]:
        """Those that are as sure as ``bar``, each entry once."""
        sure = {match.ranking[0]: match for match in reversed(asked) if match.sureness >= bar}
        return list(reversed(sure.values()))[:MOST_ANSWERS]

    def _two_in_one(self, clause: Clause, whole: _Match, reading: Reading, today: date) -> Sequence[_Match]:
        """The answers to both questions in one sentence, or to one question of two subjects."""
        language = reading.language
        halves = halves_of(clause.text)
        if halves is not None:
            found = self._answers(self._matches([Clause(half) for half in halves], reading, today), SURE_HALF)
            if len(found) > 1:
                return found
        subjects = subjects_of(clause.text, SUBJECT_WORDS[language], self.names)
        if subjects is None:
            return ()
        found = self._answers(self._matches([Clause(each) for each in subjects], reading, today), SURE_SUBJECT)
        # Cutting a sentence in two must not lead away from what the whole of it asks.
        best = next((match for match in found if match.ranking[0] == whole.ranking[0]), None)
        return [best, *(match for match in found if match is not best)] if best is not None else ()

    def ways(self, message: str, today: date) -> tuple[Language, Scores, Numbers, range]:
        """How the entries score for each way to read a message: what sureness is judged, and fitted, by."""
        text = clean(message[:LONGEST_READ])
        reading = self.speller.read(text, Language.VI)
        scores, totals, places = self._scored(clauses_of(text), reading, today)
        return reading.language, scores, totals, range(len(places))

    def _matches(self, clauses: Sequence[Clause], whole: Reading, today: date) -> list[_Match]:
        """The surest way to read each clause; where there is more, the whole message comes last."""
        scores, totals, places = self._scored(clauses, whole, today)
        found: dict[int, _Match] = {}
        for way, place in enumerate(places):
            sure = sureness(signs(scores, totals, way), whole.language)
            if place not in found or sure > found[place].sureness:
                ranking = _best(totals[way])
                found[place] = _Match(sure, float(scores.likeness[way, ranking[0]]), ranking, totals[way])
        return list(found.values())

    def _scored(self, clauses: Sequence[Clause], whole: Reading, today: date) -> tuple[Scores, Numbers, list[int]]:
        """Scores for each clause by itself and with what stands before it, and for a whole message that has more.

        The list says which clause each row of scores is for; the whole message counts as one more.
        """
        import numpy as np

        language = whole.language
        ways: list[tuple[int, tuple[str, ...]]] = []
        for place, clause in enumerate(clauses):
            own = whole.words if clause.text == whole.text else self.speller.words(tokens_of(clause.text), language)
            words = (own or whole.words)[:MOST_WORDS]
            ways.append((place, words))
            if clause.before:
                before = self.speller.words(tokens_of(clause.before), language)
                ways.append((place, (*before, *words)[-MOST_WORDS:]))
        if any(clause.before for clause in clauses):
            ways.append((len(clauses), whole.words[:MOST_WORDS]))
        scores = self.matchers[language].scores([words for _, words in ways])
        totals = np.where(self.last_days < today.toordinal(), np.float32(0.0), scores.total)
        return scores, totals, [place for place, _ in ways]

    def _finding(self, match: _Match, language: Language, read_as: str = "", least: float = 1.0) -> Finding:
        score = round(match.sureness, 3)
        best, *others = match.ranking
        if score >= min(SURE[language], least):
            return Finding(language, Answer(self.entries[best], score), read_as)
        near = tuple(
            self.entries[place] for place in (best, *others) if match.totals[place] >= FAR_BEHIND * match.totals[best]
        )
        if score >= MAYBE[language]:
            return Finding(language, Suggestions(near, score), read_as)
        nearby = near if score >= NEARBY[language] else ()
        # Where nothing is near, what was made of the words was a guess as well.
        return Finding(language, Unknown(nearby, score), read_as if nearby else "")


def _best(totals: Numbers) -> list[int]:
    """The places of the likeliest entries, best first."""
    import numpy as np

    likeliest = np.argpartition(-totals, CHOICES)[:CHOICES] if len(totals) > CHOICES else np.arange(len(totals))
    return [int(place) for place in likeliest[np.argsort(-totals[likeliest], kind="stable")]]


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

    def said(phrase: str, language: Language) -> tuple[str, ...]:
        return speller.words(tokens_of(phrase), language)

    def rows(entry: Entry, language: Language) -> Rows:
        text = entry.text(language)
        asked = [(said(phrase, language), 1.0) for phrase in (text.question, *text.phrasings)]
        topic = topics[entry.id].in_language(language)
        return Rows((*asked, (said(text.short, language), FIRST_SENTENCE), (said(topic, language), TOPIC)))

    def ideas_of(language: Language) -> dict[str, list[tuple[str, ...]]]:
        """The phrases of each idea that this language's questions may use."""
        return {
            name: [speller.plainly(phrase, language) for phrase in phrases if speller.speaks(phrase, language)]
            for name, phrases in words.concepts.concepts.items()
        }

    def matcher(language: Language, negatives: Sequence[str]) -> Matcher:
        return build_matcher(
            [rows(entry, language) for entry in entries],
            [said(negative, language) for negative in negatives],
            ideas_of(language),
        )

    return Index(
        entries=entries,
        last_days=np.array([entry.valid_until.toordinal() for entry in entries], np.float64).astype(np.float32),
        matchers={
            Language.VI: matcher(Language.VI, words.negatives.vi),
            Language.EN: matcher(Language.EN, words.negatives.en),
        },
        speller=speller,
        follow_ups=build_follow_up(words),
        names=_double_names(content),
        guard=build_guard(words, [text for texts_of_one in texts.values() for text in texts_of_one]),
    )


def _double_names(content: Content) -> re.Pattern[str]:
    """The names of agencies that have an «and» in them."""
    names = {name.lower() for agency in content.agencies.values() for name in (agency.name.vi, agency.name.en)}
    double = {form for name in names if " và " in name or " and " in name for form in (name, fold(name))}
    return re.compile("|".join(re.escape(name.partition(" ")[2]) for name in sorted(double)))


def _all_of(text: EntryText) -> str:
    return "\n".join((text.question, *text.phrasings, text.short, text.more))
