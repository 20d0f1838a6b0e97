"""Whole sets of questions: how many are answered rightly, by style (``python -m tests.judge`` shows the figures).

``development_questions.tsv`` was used to fit and to choose; ``blind_questions.tsv`` was asked once, at the end.
"""

from __future__ import annotations

from collections import Counter

import pytest

from bot.services.answering.faq import Index
from tests.judge import OUT_OF_SCOPE, SMALL_TALK, Asked, Verdict, interval, judged, read_set

SETS = ("development", "blind")


@pytest.fixture
def index(faq: Index) -> Index:
    return faq


def counted(index: Index, questions: list[Asked]) -> Counter[Verdict]:
    return Counter(found for _, _, found in judged(index, questions))


def share(verdicts: Counter[Verdict], *kinds: Verdict) -> float:
    answerable = (Verdict.RIGHT, Verdict.OFFERED, Verdict.WRONG, Verdict.UNANSWERED)
    return sum(verdicts[kind] for kind in kinds) / sum(verdicts[kind] for kind in answerable)


@pytest.mark.parametrize("name", SETS)
def test_most_questions_are_answered_rightly(index: Index, name: str) -> None:
    answerable = [each for each in read_set(name) if each.style not in OUT_OF_SCOPE | {SMALL_TALK}]
    assert len(answerable) >= 150
    verdicts = counted(index, answerable)
    assert share(verdicts, Verdict.RIGHT) >= 0.75, verdicts
    assert share(verdicts, Verdict.RIGHT, Verdict.OFFERED) >= 0.90, verdicts


@pytest.mark.parametrize("name", SETS)
def test_what_has_no_answer_gets_none(index: Index, name: str) -> None:
    outside = [each for each in read_set(name) if each.style in OUT_OF_SCOPE]
    assert len(outside) >= 50
    verdicts = counted(index, outside)
    assert verdicts[Verdict.FALSE] / len(outside) <= 0.08, verdicts


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(
    "styles, least",
    [
        (("clean", "plain", "abbreviation", "telex"), 0.92),
        (("english",), 0.80),
        (("paraphrase",), 0.60),
        (("long",), 0.70),
    ],
)
def test_every_style_is_understood(index: Index, name: str, styles: tuple[str, ...], least: float) -> None:
    verdicts = counted(index, [each for each in read_set(name) if each.style in styles])
    assert share(verdicts, Verdict.RIGHT) >= least, verdicts


def test_small_talk_is_no_question(index: Index) -> None:
    for name in SETS:
        verdicts = counted(index, [each for each in read_set(name) if each.style == SMALL_TALK])
        assert set(verdicts) == {Verdict.ABSTAINED}


def test_an_interval_is_wilsons() -> None:
    # 81 of 263: the worked example of Newcombe 1998, 0.255 to 0.366.
    low, high = interval(81, 263)
    assert (round(low, 3), round(high, 3)) == (0.255, 0.366)
    assert interval(0, 0) == (0.0, 1.0)
