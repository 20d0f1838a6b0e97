"""Forms and their questions as their files describe them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from bot.messages import Language
from content.written import Both, Unit, Written, wrong


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
    unit: Unit | None = None
    min: int | float | None = None
    max: int | float | None = None
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
    """A form as its file has it, with what it takes from others.

    ``consents`` names the form whose consents it asks for first, and ``profile`` the questions of the common profile
    that come after the consents.
    """

    name: str = Field(pattern=r"^[a-z0-9-]+$", max_length=80)
    consents: str = Field(default="", max_length=80)
    profile: tuple[str, ...] = ()
    fields: tuple[FormField, ...]


class Form(Written):
    """A form with all its questions in order. The answers so far are the only state of a person filling it in."""

    name: str
    fields: tuple[FormField, ...]

    def named(self, name: str) -> FormField | None:
        """The question of this name."""
        return next((field for field in self.fields if field.name == name), None)
