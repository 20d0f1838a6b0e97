"""Which entries lie nearest to a question: what to offer to somebody whom the answer did not help, and to editors."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from datetime import date

from bot.messages import Language
from bot.services.answering import answers, likeness
from bot.services.answering.faq import Index
from bot.services.answering.findings import Answer, Finding
from content.model import Content, Entry

LEAST_LIKE = 0.12


def others(known: Content, finding: Finding, today: date, *, without: Collection[str], most: int) -> list[Entry]:
    """What may be meant instead, best first: the finding's own entries, and what is related to its answer."""
    outcome = finding.outcome
    if isinstance(outcome, Answer):
        related = (known.entries[each] for each in outcome.entry.related if each in known.entries)
        return _few((outcome.entry, *related), today, without, most)
    return _few(answers.choices(finding), today, without, most)


async def for_editors(
    known: Content, index: Index, text: str, language: Language, today: date, *, without: Collection[str], most: int
) -> list[Entry]:
    """The same, filled up with entries that are asked for in like words, however unlike."""
    first = others(known, index.find(text, today, language), today, without=without, most=most)
    like = await asyncio.to_thread(_like, known, text, language, most + len(without) + len(first))
    return _few((*first, *like), today, without, most)


def _like(known: Content, text: str, language: Language, most: int) -> list[Entry]:
    entries = list(known.entries.values())
    texts = [likeness.asked(known, entry.id, language) for entry in entries]
    places = likeness.nearest(likeness.weights(known, language), text, texts, least=LEAST_LIKE, most=most)
    return [entries[place] for place in places]


def _few(entries: Iterable[Entry], today: date, without: Collection[str], most: int) -> list[Entry]:
    found = {entry.id: entry for entry in entries if entry.id not in without and entry.valid_until >= today}
    return list(found.values())[:most]
