"""What editors write in ``content/``, as checked, frozen objects. Reading is ``content/loader.py``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from bot.messages import Language


class Written(BaseModel):
    """Part of a content file: unknown keys are mistakes, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def wrong(message: str, *place: str | int) -> PydanticCustomError:
    """A rule that several keys break together; ``place`` is the key at which an editor should look."""
    return PydanticCustomError("rule", "{message}", {"message": message, "place": place})


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


Need = Literal["technology", "equipment", "premises", "energy", "training", "market", "investment", "advice", "waste"]
Stage = Literal["idea", "young", "running", "growing"]


class Fits(Written):
    """Whom an offering suits: what they need, their fields of the environmental industry, how far they are.

    ``fields`` are values of the profile's question `environment_fields`, ``sectors`` of its question `sector`.
    """

    needs: tuple[Need, ...] = ()
    fields: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()


class OfferingDefinition(Written):
    """A programme or event as its file describes it. Times are aware.

    One business may take ``seats_per_business`` of the ``capacity`` seats. Sign-up is possible from ``opens_at``
    until ``closes_at``, answers can be changed until ``edit_until``. With ``needs_approval`` an officer decides on
    each application; without ``waitlist`` an event that is full takes no more. The offer of a freed seat stands for
    ``offer_hours`` working hours. ``link`` is where an event is held online.
    """

    slug: str = Field(pattern=r"^[a-z0-9-]+$", max_length=80)
    kind: Literal["programme", "event"]
    agency: str
    form: str
    title: Both
    summary: Both
    note: Both
    source: str = ""
    owner_named: bool = True
    sample: bool = False
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    place: Both | None = None
    link: str = Field(default="", pattern=r"^(https://[^\s/]+\S*)?$", max_length=500)
    capacity: int | None = Field(default=None, gt=0, le=100_000)
    seats_per_business: int = Field(default=1, gt=0, le=50)
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None
    edit_until: AwareDatetime | None = None
    needs_approval: bool = False
    waitlist: bool = True
    offer_hours: int = Field(default=8, gt=0, le=80)
    fits: Fits = Fits()

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.kind == "event":
            if self.starts_at is None:
                raise wrong("an event needs the time at which it begins: `starts_at`")
            if self.place is None and not self.link:
                raise wrong("an event needs a `place`, or the `link` where it is held online")
        else:
            for name in ("starts_at", "ends_at", "place", "link", "capacity"):
                if getattr(self, name):
                    raise wrong(f"only an event has `{name}`", name)
        if self.capacity is not None and self.seats_per_business > self.capacity:
            raise wrong("one business can't take more seats than there are: `capacity`", "seats_per_business")
        if self.sample and not (self.title.vi.startswith("Ví dụ:") and self.title.en.startswith("Example:")):
            raise wrong("the titles of a sample begin with «Ví dụ:» and “Example:”", "title")
        self._times_are_in_order()
        return self

    def _times_are_in_order(self) -> None:
        pairs = (("opens_at", "closes_at"), ("opens_at", "starts_at"), ("starts_at", "ends_at"))
        for earlier, later in pairs:
            first, second = getattr(self, earlier), getattr(self, later)
            if first is not None and second is not None and first >= second:
                raise wrong(f"`{later}` must be after `{earlier}`", later if later != "starts_at" else earlier)
        for name in ("closes_at", "edit_until"):
            last = getattr(self, name)
            if last is not None and self.starts_at is not None and last > self.starts_at:
                raise wrong(f"`{name}` can't be after the event has begun: `starts_at`", name)


class Choice(Written):
    value: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=40)
    vi: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.vi if language is Language.VI else self.en


FieldKind = Literal[
    "text",
    "long_text",
    "choice",
    "choices",
    "number",
    "date",
    "money",
    "phone",
    "email",
    "tax_code",
    "ward",
    "file",
    "consent",
    "seats",
]


def _several(value: Any) -> Any:
    """A condition with one value is written without brackets."""
    return (value,) if isinstance(value, str) else value


Values = Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]


class FormField(Written):
    """One question of a form. ``label`` names it on the review page.

    ``help`` stands with the question, ``more_help`` is shown to whoever asks for it. ``letters`` asks for a text with
    letters in it, such as a name. ``whole`` allows no fractions, ``unit`` follows the number where it is shown; of
    money, ``min`` and ``max`` are VND. A consent has a ``purpose``, and a ``text_version`` that changes with its
    wording. The question is asked only if each earlier one named in ``only_if`` was answered by one of these choices.
    ``profile`` marks what the loader put in from the common profile.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)
    kind: FieldKind
    label: Both
    ask: Both
    help: Both | None = None
    more_help: Both | None = None
    example: Both | None = None
    required: bool = True
    min_length: int = Field(default=1, ge=1)
    max_length: int = Field(default=300, ge=1, le=4000)
    letters: bool = False
    whole: bool = False
    unit: Both | None = None
    min: int | None = None
    max: int | None = None
    choices: tuple[Choice, ...] = ()
    purpose: str = Field(default="", max_length=40)
    text_version: str = Field(default="", max_length=20)
    only_if: Mapping[str, Values] = Field(default_factory=dict)
    profile: bool = False

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind in ("choice", "choices"):
            if len(self.choices) < 2:
                raise wrong(f"a question of the kind `{self.kind}` needs at least two `choices`")
            if len({each.value for each in self.choices}) < len(self.choices):
                raise wrong("two choices have the same `value`", "choices")
        elif self.choices:
            raise wrong("only questions of the kinds `choice` and `choices` have `choices`", "choices")
        if self.kind == "consent" and not (self.purpose and self.text_version):
            raise wrong("a question of the kind `consent` needs a `purpose` and a `text_version`")
        if self.kind in ("text", "long_text") and self.example is None:
            raise wrong("a question that takes a text needs an `example`, shown when an answer can't be used")
        if self.kind not in ("number", "money") and not (self.min is self.max is None):
            raise wrong("only a number and money have `min` and `max`", "min" if self.min is not None else "max")
        if self.kind != "number" and (self.unit is not None or self.whole):
            raise wrong("only a number has a `unit` or is `whole`", "unit" if self.unit is not None else "whole")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise wrong("`max` must not be less than `min`", "max")
        return self


class FormFile(Written):
    """A form as its file has it: ``profile`` names the questions of the common profile that it asks first."""

    name: str = Field(pattern=r"^[a-z0-9-]+$", max_length=80)
    profile: tuple[str, ...] = ()
    fields: tuple[FormField, ...]


class Form(Written):
    """A form with all its questions in order. The answers so far are the only state of a person filling it in."""

    name: str
    fields: tuple[FormField, ...]

    def named(self, name: str) -> FormField | None:
        """The question of this name."""
        return next((field for field in self.fields if field.name == name), None)


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
