"""Judges the answers to a set of questions: ``python -m tests.judge [development|blind] [--show]``.

The sets (``tests/data/*_questions.tsv``) were written before the phrasings they test, by somebody who saw only the
facts. ``expected`` names, with ``|`` between them, facts of ``content/facts.yaml`` or entries that answer the
question; ``none`` for what must not be answered, ``smalltalk`` for what is no question.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from bot.messages import Language
from bot.services.answering.answers import choices
from bot.services.answering.faq import Index, build_index
from bot.services.answering.findings import Answer, Finding, Suggestions, Unknown
from content.loader import load, load_words
from content.model import Entry

DATA = Path(__file__).parent / "data"
AS_OF = date(2026, 11, 25)
OUT_OF_SCOPE = frozenset({"outofscope", "nearmiss"})
NONE, SMALL_TALK = "none", "smalltalk"


class Verdict(StrEnum):
    """What became of a question. The first four are for questions that have an answer."""

    RIGHT = "right"
    OFFERED = "offered"  # the right entry is among the choices
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    ABSTAINED = "abstained"  # rightly
    FALSE = "false"  # an answer to what has none


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a set; ``expected`` are facts and entries that would answer it."""

    style: str
    expected: frozenset[str]
    question: str


def read_set(name: str) -> list[Asked]:
    """The questions of ``tests/data/NAME_questions.tsv``."""
    with (DATA / f"{name}_questions.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Asked(row["style"], frozenset(row["expected"].split("|")), row["question"]) for row in rows]


def verdict(asked: Asked, finding: Finding) -> Verdict:
    """Whether what was found is what was expected."""
    outcome = finding.outcome
    if isinstance(outcome, Answer):
        if fits(outcome.entry, asked.expected):
            return Verdict.RIGHT
        return Verdict.FALSE if asked.expected & {NONE, SMALL_TALK} else Verdict.WRONG
    if asked.expected & {NONE, SMALL_TALK}:
        return Verdict.ABSTAINED
    if any(fits(entry, asked.expected) for entry in choices(finding)):
        return Verdict.OFFERED
    return Verdict.UNANSWERED


def judged(index: Index, questions: Sequence[Asked]) -> Iterator[tuple[Asked, Finding, Verdict]]:
    """Every question with what was found and the verdict on it."""
    for asked in questions:
        finding = index.find(asked.question, AS_OF, Language.VI)
        yield asked, finding, verdict(asked, finding)


def interval(hits: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not total:
        return 0.0, 1.0
    z = 1.96
    share, square = hits / total, z * z / total
    middle, width = share + square / 2, z * math.sqrt(share * (1 - share) / total + square / (4 * total))
    return (middle - width) / (1 + square), (middle + width) / (1 + square)


def fits(entry: Entry, expected: frozenset[str]) -> bool:
    """Whether an entry answers a question of which these facts or entries are expected."""
    return entry.id in expected or not expected.isdisjoint(entry.facts)


def _share(hits: int, total: int) -> str:
    low, high = interval(hits, total)
    return f"{hits:3}/{total:<3} {hits / total if total else 0:6.1%} [{low:4.0%}, {high:4.0%}]"


def _in_scope(verdicts: Counter[Verdict]) -> int:
    return sum(verdicts[kind] for kind in (Verdict.RIGHT, Verdict.OFFERED, Verdict.WRONG, Verdict.UNANSWERED))


def report(results: Iterable[tuple[Asked, Finding, Verdict]]) -> Iterator[str]:
    """The figures by style, with intervals."""
    by_style: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for asked, _, found in results:
        by_style[asked.style][found] += 1
    whole = sum((each for style, each in by_style.items() if style != SMALL_TALK), Counter[Verdict]())
    yield f"{'style':14}{'answered rightly':28}{'right among answer, choices':30}{'answered wrongly'}"
    for style, counted in [*by_style.items(), ("all", whole)]:
        total = _in_scope(counted)
        if total and style not in OUT_OF_SCOPE:
            right, offered = counted[Verdict.RIGHT], counted[Verdict.RIGHT] + counted[Verdict.OFFERED]
            shares = f"{_share(right, total):28}{_share(offered, total):30}{_share(counted[Verdict.WRONG], total)}"
            yield f"{style:14}{shares}"
    outside = sum((by_style[style] for style in OUT_OF_SCOPE), Counter[Verdict]())
    yield f"answers given to what is out of scope or a near miss: {_share(outside[Verdict.FALSE], outside.total())}"
    talk = by_style[SMALL_TALK]
    yield f"small talk taken for a question: {_share(talk[Verdict.FALSE], talk.total())}"


def _failed(results: Iterable[tuple[Asked, Finding, Verdict]]) -> Iterator[str]:
    """The questions that didn't get what they should, with what they got."""
    for asked, finding, found in results:
        if found in (Verdict.RIGHT, Verdict.ABSTAINED):
            continue
        outcome = finding.outcome
        score = outcome.score if isinstance(outcome, Answer | Suggestions | Unknown) else 0.0
        told = outcome.entry.id if isinstance(outcome, Answer) else ""
        if isinstance(outcome, Suggestions | Unknown):
            told = "? " + ", ".join(entry.id for entry in choices(finding))
        expected = "|".join(sorted(asked.expected))
        yield f"{found:10} {asked.style:12} {score:.2f} {expected}: {asked.question}\n{'':24}{told}"


def main() -> None:
    names = [argument for argument in sys.argv[1:] if not argument.startswith("--")] or ["development"]
    index = build_index(load(), load_words())
    for name in names:
        results = list(judged(index, read_set(name)))
        if "--show" in sys.argv:
            print("\n".join(_failed(results)))
        print(f"== {name}: {len(results)} questions")
        print("\n".join(report(results)))


if __name__ == "__main__":
    main()
