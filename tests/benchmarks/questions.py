"""Answering questions against plain full-text search: ``python -m tests.benchmarks questions``.

Each way runs in a process of its own on one processor: ours, SQLite's FTS5 and BM25 (bm25s), over the same folded
phrasings and asked the same questions, those of the development set that have an answer. Nothing is asserted.
"""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.messages import Language
from bot.vietnamese import fold
from content.loader import load, load_words
from content.model import Content, Entry, EntryText, Topic
from tests.judge import AS_OF, NONE, SMALL_TALK, fits, read_set

# (entries, phrasings per language of each); None means all that the content has.
SIZES: tuple[tuple[int, int] | None, ...] = ((150, 12), None, (5000, 12))
WAYS = ("ours", "fts5", "bm25s")
PAGE = os.sysconf("SC_PAGE_SIZE")

Find = Callable[[str], str | None]


def compare() -> None:
    """The table; each line from a process of its own."""
    for size in SIZES:
        name = "all of the content" if size is None else f"{size[0]:,} entries with {size[1]} phrasings"
        print(f"\nQuestions, {name}; one processor")
        print(f"  {'':8}{'build s':>9}{'memory MB':>11}{'p50 ms':>9}{'p99 ms':>9}{'right first':>13}")
        for way in WAYS:
            told = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.questions", way, json.dumps(size)],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            found = json.loads(told.stdout)
            right = f"{found['right']:.3f}" if size is None else ""
            cost = f"{found['build']:9.2f}{found['memory']:11.1f}{found['p50']:9.2f}{found['p99']:9.2f}"
            print(f"  {way:8}{cost}{right:>13}")


def measure(way: str, size: tuple[int, int] | None) -> dict[str, float]:
    """Build, then ask every question once."""
    os.sched_setaffinity(0, {0})
    content = load() if size is None else resized(load(), *size)
    words = load_words()
    build: dict[str, Callable[[], Find]] = {
        "ours": lambda: _ours(content, words),
        "fts5": lambda: _fts5(content),
        "bm25s": lambda: _bm25s(content),
    }
    __import__({"ours": "scipy.sparse", "fts5": "sqlite3", "bm25s": "bm25s"}[way])
    before, began = resident(), time.perf_counter()
    find = build[way]()
    built, memory = time.perf_counter() - began, resident() - before
    took: list[float] = []
    right: list[bool] = []
    asked = [each for each in read_set("development") if not each.expected & {NONE, SMALL_TALK}]
    for each in asked:
        began = time.perf_counter()
        found = find(each.question)
        took.append((time.perf_counter() - began) * 1000)
        right.append(found in content.entries and fits(content.entries[str(found)], each.expected))
    took.sort()
    return {
        "build": built,
        "memory": memory,
        "p50": took[len(took) // 2],
        "p99": took[int(len(took) * 0.99)],
        "right": sum(right) / len(right),
    }


def resident() -> float:
    """Resident memory of this process, MB."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / 1e6


def resized(content: Content, entries: int, phrasings: int) -> Content:
    """As many entries and phrasings; where the content has fewer, its own with other words between them."""
    chance = random.Random(1)
    own = list(content.entries.values())
    vocabulary = {
        language: sorted({w for e in own for w in e.text(language).question.split()}) for language in Language
    }

    def other(text: EntryText, language: Language, fresh: bool) -> EntryText:
        said = list(text.phrasings)[:phrasings]
        said += [chance.choice(said) + " nhỉ" * (k + 1) for k in range(phrasings - len(said))]
        if fresh:
            said = [" ".join((*chance.sample(vocabulary[language], 3), phrase)) for phrase in said]
        return text.model_copy(update={"phrasings": tuple(said)})

    made: dict[str, Entry] = {}
    for number in range(entries):
        entry = own[number % len(own)]
        fresh = number >= len(own)
        name = f"{entry.id}-{number}" if fresh else entry.id
        made[name] = entry.model_copy(
            update={
                "id": name,
                "vi": other(entry.vi, Language.VI, fresh),
                "en": other(entry.en, Language.EN, fresh),
            }
        )
    topic = Topic(topic=content.topics[0].topic, entries=tuple(made.values()))
    return content.model_copy(update={"entries": made, "topics": (topic,)})


def _ours(content: Content, words: object) -> Find:
    from bot.services.answering.answers import choices
    from bot.services.answering.faq import build_index
    from bot.services.answering.findings import Answer

    index = build_index(content, words)  # type: ignore[arg-type]

    def find(question: str) -> str | None:
        finding = index.find(question, AS_OF)
        if isinstance(finding.outcome, Answer):
            return finding.outcome.entry.id
        return next((entry.id for entry in choices(finding)), None)

    return find


def _texts(content: Content) -> tuple[list[str], list[str]]:
    ids, texts = [], []
    for entry in content.entries.values():
        for text in (entry.vi, entry.en):
            for phrase in (text.question, *text.phrasings, text.short):
                ids.append(entry.id)
                texts.append(fold(phrase))
    return ids, texts


def _fts5(content: Content) -> Find:
    ids, texts = _texts(content)
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE phrasing USING fts5(id UNINDEXED, text)")
    database.executemany("INSERT INTO phrasing VALUES (?, ?)", zip(ids, texts, strict=True))

    def find(question: str) -> str | None:
        said = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", fold(question)))
        row = database.execute(
            "SELECT id FROM phrasing WHERE phrasing MATCH ? ORDER BY rank LIMIT 1", (said,)
        ).fetchone()
        return row[0] if row else None

    return find


def _bm25s(content: Content) -> Find:
    import bm25s

    ids, texts = _texts(content)
    searched = bm25s.BM25()
    searched.index([re.findall(r"\w+", text) for text in texts], show_progress=False)

    def find(question: str) -> str | None:
        words = [re.findall(r"\w+", fold(question))]
        places, _ = searched.retrieve(words, k=1, show_progress=False)
        return ids[int(places[0, 0])]

    return find


def command(arguments: Sequence[str]) -> None:
    way, size = arguments
    parsed = json.loads(size)
    print(json.dumps(measure(way, tuple(parsed) if parsed else None)))


if __name__ == "__main__":
    command(sys.argv[1:])
