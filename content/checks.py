"""Compares content files with each other and with the facts: what one file alone can't show.

``broken_links`` is what stops the program; ``doubts`` is what an editor should mend before it goes live.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from bot.messages import Language
from content import duty_checks
from content.files import FOLDER, Facts, Files, Placed, read_facts, read_files
from content.form_files import PROFILE, faults
from content.form_model import FormFile
from content.model import Entry
from content.offering_model import OfferingDefinition
from content.rules import (
    LONGEST_FIRST_SENTENCE,
    Numbers,
    asked,
    numbers_of,
    same_words,
    section_fault,
    unfounded,
)
from content.vocabulary import read_words
from content.written import Written
from content.yaml_reader import Mistake

FEWEST_PHRASINGS = 6
# Answers that were written in the chat begin with what people asked, and grow.
ADDED = "faq/added.yaml"
MOST_RELATED = 8

# An id must fit into a button's action, and not be one that browsing the topics uses.
LONGEST_ID = 50
RESERVED_IDS = frozenset({"topics", "topic"})


def check(today: date, folder: Path = FOLDER) -> list[Mistake]:
    """Every mistake in the content, in the order of the files."""
    files, facts = read_files(folder), read_facts(folder)
    _, in_words = read_words(folder)
    found = [*files.mistakes, *facts.mistakes, *in_words, *broken_links(files), *doubts(files, facts, today)]
    return sorted(set(found))


def broken_links(files: Files) -> Iterator[Mistake]:
    """Ids used twice, and links to what isn't there."""
    agencies = {part.value.slug for part in files.agencies} | files.broken
    entries = {part.value.id for part in files.entries} | files.broken
    forms_by_name = files.forms_by_name
    profile, forms = forms_by_name.get(PROFILE), {*forms_by_name, *files.broken}
    yield from _twice((part, part.value.id) for part in files.entries)
    yield from _twice((part, part.value.slug) for part in files.agencies)
    yield from _twice((part, part.value.slug) for part in files.offerings)
    yield from _twice((part, part.value.slug) for part in files.duties)
    yield from _twice((part, part.value.name) for part in files.forms)
    for entry in files.entries:
        yield from _unknown(entry, "agency", [entry.value.agency], agencies)
        yield from _unknown(entry, "related", entry.value.related, entries)
    for offering in files.offerings:
        yield from _unknown(offering, "agency", [offering.value.agency], agencies)
        yield from _unknown(offering, "form", [offering.value.form], forms)
        if offering.value.form == PROFILE:
            yield offering.mistake("the common profile by itself is no form to sign up with", "form")
        if profile is not None:
            yield from _unfit(offering, profile)
    for form in files.forms:
        if files.broken & {PROFILE, form.value.consents}:
            continue  # what it takes from them can't be known
        yield from (form.mistake(fault.message, *fault.path) for fault in faults(form.value, forms_by_name))
    for duty in files.duties:
        yield from duty_checks.broken_links(duty, agencies)


def doubts(files: Files, facts: Facts, today: date) -> Iterator[Mistake]:
    """Answers that are out of date, unsourced, too long, too like one another, or have a doubtful number.

    Duties that rest on sections the plan doesn't have.
    """
    yield from _twice((fact, fact.value.id) for fact in (*facts.plan, *facts.documents, *facts.program))
    yield from _same_phrasings(files)
    numbers = numbers_of(facts)
    for duty in files.duties:
        yield from duty_checks.doubts(duty, numbers)
    for part in files.entries:
        entry = part.value
        if entry.valid_until < today:
            yield part.mistake(f"this answer held only until {entry.valid_until:%d/%m/%Y}", "valid_until")
        yield from _unknown(part, "facts", entry.facts, numbers.plan)
        yield from _source(part, numbers)
        if entry.id in entry.related:
            yield part.mistake("an entry can't be related to itself", "related")
        if len(entry.related) > MOST_RELATED:
            yield part.mistake(f"more than {MOST_RELATED} related entries", "related")
        if len(entry.id) > LONGEST_ID or entry.id in RESERVED_IDS:
            yield part.mistake(f"this id can't be used; at most {LONGEST_ID} letters", "id")
        allowed = numbers.allowed(entry.source, entry.facts)
        for language in Language:
            yield from _wording(part, language, allowed)


def _source(part: Placed[Entry], numbers: Numbers) -> Iterator[Mistake]:
    source = part.value.source
    if sum((bool(source.section), source.document is not None, source.bot)) != 1:
        yield part.mistake("a source is exactly one of: section, document, bot", "source")
    if source.section and (fault := section_fault(source.section, numbers)):
        yield part.mistake(fault, "source", "section")
    if source.section and not part.value.facts:
        yield part.mistake("an answer from the plan lists the facts it rests on under `facts`")


def _wording(part: Placed[Entry], language: Language, allowed: frozenset[int]) -> Iterator[Mistake]:
    text = part.value.text(language)
    here = language.value
    if len(text.phrasings) < FEWEST_PHRASINGS and not part.document.file.endswith(ADDED):
        told = f"{len(text.phrasings)} phrasings; at least {FEWEST_PHRASINGS} are needed"
        yield part.mistake(told, here, "phrasings")
    if len(text.short) > LONGEST_FIRST_SENTENCE:
        told = f"the first sentence has {len(text.short)} characters; {LONGEST_FIRST_SENTENCE} at most"
        yield part.mistake(told, here, "short")
    for name, words in (("short", text.short), ("more", text.more)):
        for number in unfounded(words, allowed):
            yield part.mistake(f"the number {number} stands in none of the facts of this entry", here, name)


def _same_phrasings(files: Files) -> Iterator[Mistake]:
    """A phrasing in two places would make the answer a matter of chance. Marks and capitals don't tell apart."""
    first: dict[tuple[Language, str], str] = {}
    for part in files.entries:
        for language in Language:
            for path, phrasing in asked(part.value.text(language)):
                key = (language, same_words(phrasing))
                if key in first:
                    told = f"the same phrasing stands in the entry {first[key]!r}: {phrasing}"
                    yield part.mistake(told, language.value, *path)
                first.setdefault(key, part.value.id)


def _twice(parts: Iterable[tuple[Placed[Written], str]]) -> Iterator[Mistake]:
    seen: set[str] = set()
    for part, name in parts:
        if name in seen:
            yield part.mistake(f"{name!r} stands here a second time")
        seen.add(name)


def _unfit(offering: Placed[OfferingDefinition], profile: FormFile) -> Iterator[Mistake]:
    """Whom an offering suits is said in the words of the profile's choices."""
    for name, question in (("fields", "environment_fields"), ("sectors", "sector")):
        named: tuple[str, ...] = getattr(offering.value.fits, name)
        asked = next((each for each in profile.fields if each.name == question), None)
        choices = {choice.value for choice in asked.choices} if asked else set()
        for number, value in enumerate(named):
            if value not in choices:
                yield offering.mistake(f"the profile's `{question}` has no choice {value!r}", "fits", name, number)


def _unknown(part: Placed[Written], field: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Mistake]:
    for number, name in enumerate(names):
        if name not in known:
            yield part.mistake(f"there is no {name!r}", field, number)
