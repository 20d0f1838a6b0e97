"""What editors write in ``content/``, as checked, frozen objects. Reading is ``content/loader.py``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from pydantic import Field

from bot.messages import Language
from content.duty_model import Duty
from content.form_model import Form
from content.offering_model import OfferingDefinition
from content.written import Both, Written


class Source(Written):
    """Where an answer comes from: exactly one of a section of the plan, a document, the bot itself."""

    section: str = ""
    document: Both | None = None
    bot: bool = False


class EntryText(Written):
    """One FAQ answer in one language. ``short`` is one sentence; ``more`` adds to it."""

    question: str = Field(min_length=5)
    phrasings: tuple[str, ...]
    short: str = Field(min_length=5)
    more: str = ""


class Entry(Written):
    """One FAQ entry. ``facts`` are ids of the plan's facts; ``agency`` is whom to ask further."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    source: Source
    facts: tuple[str, ...] = ()
    agency: str
    valid_until: date
    related: tuple[str, ...] = ()
    vi: EntryText
    en: EntryText

    def text(self, language: Language) -> EntryText:
        return self.vi if language is Language.VI else self.en


class Topic(Written):
    """One file of ``content/faq``."""

    topic: Both
    entries: tuple[Entry, ...]


AgencyKind = Literal["department", "ward", "commune", "city", "ministry"]


class AgencyDuty(Written):
    """One duty that the plan gives to an agency, with its section."""

    source: str
    vi: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.vi if language is Language.VI else self.en


class AgencyDefinition(Written):
    """A body of the city. ``code`` is its document sign or its five-digit unit code."""

    slug: str = Field(pattern=r"^[a-z0-9-]+$")
    code: str
    kind: AgencyKind
    name: Both
    abbreviations: tuple[str, ...] = ()
    place: str = ""
    owes: bool = True
    duties: tuple[AgencyDuty, ...] = ()


class Content(Written):
    """Everything the editors wrote, by its key."""

    topics: tuple[Topic, ...]
    entries: Mapping[str, Entry]
    agencies: Mapping[str, AgencyDefinition]
    everyone: tuple[AgencyDuty, ...]
    offerings: Mapping[str, OfferingDefinition]
    forms: Mapping[str, Form]
    duties: Mapping[str, Duty]
