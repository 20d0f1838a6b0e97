"""The rules for one answer, shared by the checks of the files and by writing an answer in the chat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.messages import Language
from bot.vietnamese import fold
from content.files import Fact, Facts, Placed
from content.model import Content, EntryText, Source

LONGEST_FIRST_SENTENCE = 280
SECTION_FORM = re.compile(r"[IVX]+(\.\d+(\.([a-eghđ]|[a-z]\d))?)?")

# References to sections (II.2.b1, III.3.đ) are addresses, not figures.
_SECTION = re.compile(r"\b[IVX]+\.\d+(?:\.[a-zđ]\d?)?(?!\w)")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that stand in the facts, by what they are facts of.

    ``anywhere`` are those of headings, whose ids have no dot: what any answer may say of the plan as a whole.
    """

    plan: Mapping[str, frozenset[int]]
    anywhere: frozenset[int]
    documents: frozenset[int]
    program: frozenset[int]

    def allowed(self, source: Source, facts: Iterable[str]) -> frozenset[int]:
        """The numbers that an answer from this source, resting on these facts, may use."""
        allowed = self.anywhere.union(*(self.plan.get(fact, ()) for fact in facts))
        if source.bot:
            allowed |= self.program | self.documents
        if source.document is not None:
            allowed |= numbers_in(f"{source.document.vi} {source.document.en}") | self.documents
        return allowed

    def facts_of(self, section: str) -> tuple[str, ...]:
        """The facts of a section of the plan, as ids; none for a section that doesn't exist."""
        inside = re.compile(rf"{re.escape(section)}(?:\..+|(?<=[a-zđ])\d+)?")
        return tuple(fact for fact in self.plan if inside.fullmatch(fact))

    def rests_on(self, section: str, text: str) -> tuple[str, ...]:
        """The facts of a section whose numbers a text uses; all of them if it uses none."""
        facts = self.facts_of(section)
        said = figures_in(text) - self.anywhere
        return tuple(fact for fact in facts if self.plan[fact] & said) or facts


def numbers_of(facts: Facts) -> Numbers:
    """The numbers of all facts."""
    return Numbers(
        plan={fact.value.id: _numbers_of([fact]) for fact in facts.plan},
        anywhere=_numbers_of(fact for fact in facts.plan if "." not in fact.value.id),
        documents=_numbers_of(facts.documents),
        program=_numbers_of(facts.program),
    )


def section_fault(section: str, numbers: Numbers) -> str | None:
    """What is wrong with a section of the plan that a file names."""
    if not SECTION_FORM.fullmatch(section):
        return "a section of the plan is written like II.2.b"
    if numbers.plan and not numbers.facts_of(section):
        return f"the facts know no section {section} of the plan"
    return None


def numbers_in(text: str) -> frozenset[int]:
    """Every number in a text."""
    return frozenset(int(run) for run in _NUMBER.findall(text))


def figures_in(text: str) -> frozenset[int]:
    """Every number in an answer that is no reference to a section."""
    return numbers_in(_SECTION.sub(" ", text))


def unfounded(text: str, allowed: frozenset[int]) -> list[int]:
    """The numbers of an answer that stand in none of its facts."""
    return sorted(figures_in(text) - allowed)


def asked(text: EntryText) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every way in which an entry is asked for, with where it stands."""
    yield ("question",), text.question
    for number, phrasing in enumerate(text.phrasings):
        yield ("phrasings", number), phrasing


@lru_cache(maxsize=20_000)
def same_words(phrasing: str) -> str:
    """What two phrasings have in common that are the same: marks, capitals and signs don't tell apart."""
    return " ".join(re.findall(r"\w+", fold(phrasing)))


def asked_for_already(known: Content, language: Language, phrasing: str) -> str | None:
    """The id of the entry that has this phrasing already."""
    wanted = same_words(phrasing)
    for entry in known.entries.values():
        if any(same_words(each) == wanted for _, each in asked(entry.text(language))):
            return entry.id
    return None


def _numbers_of(facts: Iterable[Placed[Fact]]) -> frozenset[int]:
    return frozenset().union(*(numbers_in(f"{fact.value.vi} {fact.value.en}") for fact in facts))
