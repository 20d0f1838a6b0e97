"""Lays changes that editors approved in the chat over the content of the files. Pure.

A change that has come into the files meanwhile is passed over, and so is one that no longer fits: whatever is
in the database, the content stays one that the program can run on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages import Language
from content.files import Heading
from content.model import Content, Entry, Topic
from content.rules import asked, asked_for_already, same_words

HEADING = Heading(place=14, vi="Câu hỏi bổ sung", en="Added questions")


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An answer that is not in the files."""

    entry: Entry

    @property
    def name(self) -> str:
        return f"entry {self.entry.id}"


@dataclass(frozen=True, slots=True)
class NewPhrasing:
    """One more way to ask for an entry."""

    entry_id: str
    language: Language
    phrasing: str

    @property
    def name(self) -> str:
        return f"phrasing of {self.entry_id}"


Change = NewEntry | NewPhrasing


@dataclass(frozen=True, slots=True)
class Misfit:
    """A change that can't be laid over the content, and why."""

    change: Change
    reason: str


def with_changes(content: Content, changes: Sequence[Change]) -> tuple[Content, tuple[Misfit, ...]]:
    """The content with the changes, in their order, and those that no longer fit."""
    misfits = []
    for change in changes:
        reason = misfit(content, change)
        if reason:
            misfits.append(Misfit(change, reason))
        elif not is_there(content, change):
            content = _with(content, change)
    return content, tuple(misfits)


def is_there(content: Content, change: Change) -> bool:
    """Whether the content has it already."""
    if isinstance(change, NewEntry):
        return change.entry.id in content.entries
    entry = content.entries.get(change.entry_id)
    wanted = same_words(change.phrasing)
    return entry is not None and any(same_words(each) == wanted for _, each in asked(entry.text(change.language)))


def misfit(content: Content, change: Change) -> str:
    """Why a change doesn't fit (any more); empty when it does."""
    if is_there(content, change):
        return ""
    if isinstance(change, NewEntry):
        if change.entry.agency not in content.agencies:
            return f"there is no agency {change.entry.agency!r}"
        questions = {language: change.entry.text(language).question for language in Language}
    else:
        if change.entry_id not in content.entries:
            return f"there is no entry {change.entry_id!r}"
        questions = {change.language: change.phrasing}
    others = (asked_for_already(content, language, question) for language, question in questions.items())
    other = next(filter(None, others), None)
    return f"the entry {other!r} is asked for in the same words" if other else ""


def _with(content: Content, change: Change) -> Content:
    entries = dict(content.entries)
    if isinstance(change, NewPhrasing):
        old = entries[change.entry_id]
        text = old.text(change.language)
        longer = text.model_copy(update={"phrasings": (*text.phrasings, change.phrasing)})
        new = old.model_copy(update={change.language.value: longer})
        entries[new.id] = new
        topics = tuple(_replaced(topic, new) for topic in content.topics)
        return content.model_copy(update={"entries": entries, "topics": topics})
    new = fitting(content, change.entry)
    entries[new.id] = new
    return content.model_copy(update={"entries": entries, "topics": _longer(content.topics, new)})


def fitting(content: Content, entry: Entry) -> Entry:
    """The entry without phrasings that another has got meanwhile: an answer must not be a matter of chance."""
    texts = {}
    for language in Language:
        text = entry.text(language)
        kept = tuple(each for each in text.phrasings if asked_for_already(content, language, each) is None)
        texts[language.value] = text.model_copy(update={"phrasings": kept})
    related = tuple(other for other in entry.related if other in content.entries)
    return entry.model_copy(update={**texts, "related": related})


def _replaced(topic: Topic, new: Entry) -> Topic:
    if all(entry.id != new.id for entry in topic.entries):
        return topic
    entries = tuple(new if entry.id == new.id else entry for entry in topic.entries)
    return topic.model_copy(update={"entries": entries})


def _longer(topics: tuple[Topic, ...], new: Entry) -> tuple[Topic, ...]:
    for number, topic in enumerate(topics):
        if topic.topic.vi == HEADING.vi:
            longer = topic.model_copy(update={"entries": (*topic.entries, new)})
            return (*topics[:number], longer, *topics[number + 1 :])
    return tuple(sorted((Topic(topic=HEADING, entries=(new,)), *topics), key=_place))


def _place(topic: Topic) -> int:
    return topic.topic.place if isinstance(topic.topic, Heading) else 1000
