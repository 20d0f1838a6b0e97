"""``python -m bot ask``: one question per line in, one JSON object per line out. Needs no database."""

from __future__ import annotations

from datetime import date, datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

import orjson

from bot.i18n import Translators, load_translators
from bot.messages import Language
from bot.services.answering import answers
from bot.services.answering.faq import Index, build_index
from bot.services.answering.findings import Answer, Suggestions, Unknown
from content.loader import load, load_words

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# Longer lines than any channel delivers are cut, so that one line can't fill the memory.
LONGEST_LINE = 1_000_000


def run_ask(stdin: BinaryIO, stdout: BinaryIO) -> None:
    """Answer until the input ends. Every answer is flushed, so that two programs can talk through pipes."""
    index, translators = build_index(load(), load_words()), load_translators(ZONE)
    while line := stdin.readline(LONGEST_LINE):
        question = line.decode("utf-8", errors="replace").strip("\r\n\ufeff")
        told = told_about(index, translators, question, datetime.now(ZONE).date())
        stdout.write(orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE))
        stdout.flush()


def told_about(index: Index, translators: Translators, question: str, today: date) -> dict[str, object]:
    """One line of output; ``abstained`` means that no entry answered.

    Of a message with several questions ``answer`` has all answers, the other fields speak of the first.
    """
    findings = index.find_all(question, today, Language.VI)
    finding = findings[0]
    t = translators.for_language(finding.language)
    outcome = finding.outcome
    entry = outcome.entry if isinstance(outcome, Answer) else None
    return {
        "question": question,
        "answer": "\n\n".join(answers.in_words(each, t).plain for each in findings),
        "entry": entry.id if entry else None,
        "source": answers.source_line(entry, t) if entry else None,
        "score": outcome.score if isinstance(outcome, Answer | Suggestions | Unknown) else 0.0,
        "abstained": entry is None,
        "language": finding.language.value,
        "suggestions": [each.text(finding.language).question for each in answers.choices(finding)],
    }
