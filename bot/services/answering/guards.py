"""Recognises what is no question about the plan, however like one it looks: orders to the bot, other
provinces, bodies and documents, small talk, text without letters. The lists are ``content/words``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.vietnamese import fold
from content.vocabulary import Words

_KIND = (
    r"(?P<kind>ke hoach|quyet dinh|nghi dinh|thong tu|nghi quyet|luat|chi thi|cong van"
    r"|plan|decision|decree|circular|resolution|law)"
)
_NUMBERED = re.compile(
    _KIND + r" (?:so |no\.? ?|number )?(?!20[0-4]\d\b)(?P<number>\d{1,5})(?![\d%])(?! ?(?:ty|trieu|nam|ngay|phan tram))"
)
_SIGNED = re.compile(r"\b(?P<number>\d{1,5}) ?/ ?(?:\d{4} ?/ ?)?(?P<kind>kh|qd|nd|tt|nq|ct|qh\d*)(?![a-z])")
_SIGNS = {
    "kh": "plan", "qd": "decision", "nd": "decree", "tt": "circular", "nq": "resolution", "ct": "directive",
    "ke hoach": "plan", "quyet dinh": "decision", "nghi dinh": "decree", "thong tu": "circular",
    "nghi quyet": "resolution", "luat": "law", "chi thi": "directive", "cong van": "letter",
}  # fmt: skip
_SHORT_MESSAGE = 12


@dataclass(frozen=True, slots=True)
class Guard:
    """The lists, made ready. ``documents`` are those that the answers speak of."""

    here: re.Pattern[str]
    marked_places: re.Pattern[str]
    plain_places: re.Pattern[str]
    others: re.Pattern[str]
    the_plan: re.Pattern[str]
    other_matters: re.Pattern[str]
    instructions: re.Pattern[str]
    documents: frozenset[tuple[str, int]]
    small_talk: dict[str, re.Pattern[str]]
    abuse: re.Pattern[str]

    def forbids(self, text: str) -> bool:
        """Whether this is no question that could be answered: without letters, or an order to the bot."""
        folded = fold(text)
        return not any(letter.isalpha() for letter in folded) or self.instructions.search(folded) is not None

    def elsewhere(self, text: str) -> bool:
        """Whether this asks about another place, body, plan or document."""
        marked, folded = text.lower(), fold(text)
        if self.others.search(folded) or documents_in(folded) - self.documents:
            return True
        place = self.plain_places.search(folded) if marked.isascii() else self.marked_places.search(marked)
        return place is not None and self.here.search(folded) is None

    def doubts(self, text: str) -> bool:
        """Whether this is a matter of other laws or services, and doesn't speak of the plan."""
        folded = fold(text)
        return self.other_matters.search(folded) is not None and self.the_plan.search(folded) is None

    def chat(self, text: str) -> str | None:
        """The kind of small talk that this is, if it is nothing else."""
        words = re.findall(r"[^\W_]+", fold(text))
        if not words or len(words) > _SHORT_MESSAGE:
            return None
        said = f" {' '.join(words)} "
        for kind, pattern in self.small_talk.items():
            if pattern.fullmatch(said):
                return kind
        return "abuse" if self.abuse.search(said) else None


def build_guard(words: Words, answers: Iterable[str]) -> Guard:
    """A guard that lets through the documents that these texts speak of."""
    guards, small = words.guards, words.small_talk
    ordinary = {fold(name) for name in guards.also_words}
    always = [fold(name) for name in guards.provinces if fold(name) not in ordinary]
    after = _any_of(map(fold, guards.before_a_place))
    instructions = "|".join(fold_pattern(pattern) for pattern in guards.instructions)
    fillers = _any_of(map(fold, small.fillers))
    kinds = {
        kind: re.compile(rf"(?: (?:{fillers}))*(?: (?:{_any_of(map(fold, said))})(?: (?:{fillers}))*)+ ")
        for kind, said in small.kinds.items()
    }
    return Guard(
        here=re.compile(rf"\b(?:{_any_of(map(fold, guards.here))})\b"),
        marked_places=re.compile(rf"\b(?:{_any_of(name.lower() for name in guards.provinces)})\b"),
        plain_places=re.compile(rf"\b(?:{_any_of(always)}|(?:{after}) (?:{_any_of(ordinary)}))\b"),
        others=re.compile(rf"\b(?:{_any_of(map(fold, (*guards.bodies, *guards.other_plans)))})\b"),
        the_plan=re.compile(rf"\b(?:{_any_of(map(fold, guards.the_plan))})\b"),
        other_matters=re.compile("|".join(fold_pattern(pattern) for pattern in guards.other_matters)),
        instructions=re.compile(instructions),
        documents=frozenset(document for answer in answers for document in documents_in(fold(answer))),
        small_talk=kinds,
        abuse=re.compile(rf" (?:{_any_of(map(fold, small.abuse_words))}) "),
    )


def documents_in(folded: str) -> set[tuple[str, int]]:
    """The documents that a folded text names by number."""
    found = {*_NUMBERED.finditer(folded), *_SIGNED.finditer(folded)}
    return {(_SIGNS.get(match["kind"], match["kind"]), int(match["number"])) for match in found}


def fold_pattern(pattern: str) -> str:
    """A pattern without marks; its blanks and signs stay as they are."""
    return re.sub(r"[^\W\d_]+", lambda word: fold(word[0]), pattern)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))
