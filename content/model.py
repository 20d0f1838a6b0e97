"""What editors write in ``content/``, as checked, frozen objects. Reading is ``content/loader.py``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.messages import Language


class Written(BaseModel):
    """Part of a content file: unknown keys are mistakes, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Both(Written):
    """A text in both languages."""

    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_language(self, language: Language) -> str:
        return self.vi if language is Language.VI else self.en


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
    kind: Literal["department", "ward", "commune", "city", "ministry"]
    name: Both
    abbreviations: tuple[str, ...] = ()
    place: str = ""
    owes: bool = True
    duties: tuple[AgencyDuty, ...] = ()


class OfferingDefinition(Written):
    """A programme or event as its file describes it. Times are aware."""

    slug: str = Field(pattern=r"^[a-z0-9-]+$")
    kind: Literal["programme", "event"]
    agency: str
    form: str
    title: Both
    summary: Both
    note: Both
    source: str = ""
    owner_named: bool = True
    sample: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: Both | None = None
    capacity: int | None = Field(default=None, gt=0)


class Choice(Written):
    value: str
    vi: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.vi if language is Language.VI else self.en


FieldKind = Literal["text", "long_text", "tax_code", "phone", "email", "choice", "number", "date", "consent"]


class FormField(Written):
    """One question of a form. ``label`` names it on the review page.

    ``letters`` asks for a text with letters in it, such as a name. A consent has a ``purpose``, and a
    ``text_version`` that changes with its wording.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    kind: FieldKind
    label: Both
    ask: Both
    help: Both | None = None
    example: Both | None = None
    required: bool = True
    min_length: int = Field(default=1, ge=1)
    max_length: int = Field(default=300, ge=1, le=4000)
    letters: bool = False
    choices: tuple[Choice, ...] = ()
    purpose: str = Field(default="", max_length=40)
    text_version: str = Field(default="", max_length=20)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind == "choice" and len(self.choices) < 2:
            raise ValueError("a question of the kind `choice` needs at least two `choices`")
        if self.kind == "consent" and not (self.purpose and self.text_version):
            raise ValueError("a question of the kind `consent` needs a `purpose` and a `text_version`")
        if self.kind in ("text", "long_text") and self.example is None:
            raise ValueError("a question that takes a text needs an `example`, shown when an answer can't be used")
        return self


class Form(Written):
    """A form: its questions in order. The answers so far are the only state of a person filling it in."""

    name: str
    fields: tuple[FormField, ...]

    @model_validator(mode="after")
    def _can_be_handed_in(self) -> Self:
        names = [field.name for field in self.fields]
        if len(set(names)) < len(names):
            raise ValueError("two questions have the same `name`")
        kinds = {field.name: field.kind for field in self.fields if field.required}
        if kinds.get("organisation") != "text" or kinds.get("tax_code") != "tax_code":
            raise ValueError("a form needs the required questions `organisation` (text) and `tax_code` (tax_code)")
        return self


class DueRule(Written):
    """When a report is due, by exactly one of these.

    Working days after the cut-off; a day of the cut-off's month; a day of the year (``MM-DD``) the
    period belongs to.
    """

    working_days_after_cut_off: int | None = None
    day_of_month: int | None = None
    date: str | None = None


class OwedBy(Written):
    kinds: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    exclude: tuple[str, ...] = Field(default=(), alias="except")


class Duty(Written):
    """A recurring obligation to report. ``default`` marks dates that the plan doesn't fix."""

    slug: str
    title: Both
    source: str
    legal_basis: Both
    frequency: Literal["yearly", "six-month"]
    cut_off: Literal["decree-09-2019", "calendar-year"]
    due: DueRule
    on_day_off: Literal["next", "previous", "none"]
    owed_by: OwedBy
    received_by: tuple[str, ...] = ()
    reminders: tuple[int, ...]
    default: bool = False
    enabled: bool = True
    outline: Mapping[str, tuple[str, ...]] | None = None


class Content(Written):
    """Everything the editors wrote, by its key."""

    topics: tuple[Topic, ...]
    entries: Mapping[str, Entry]
    agencies: Mapping[str, AgencyDefinition]
    everyone: tuple[AgencyDuty, ...]
    offerings: Mapping[str, OfferingDefinition]
    forms: Mapping[str, Form]
    duties: Mapping[str, Duty]
