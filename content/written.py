"""What all parts of content files have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field
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


class Unit(Both):
    """What is counted, such as ``people``. ``en_one`` is the English for exactly one, where it is another word."""

    en_one: str = ""

    def of(self, value: float, written: str, language: Language) -> str:
        """A number with its unit behind it, ``written`` as the language writes numbers."""
        one = language is Language.EN and abs(value) == 1
        name = (one and self.en_one) or self.in_language(language)
        return f"{written}%" if name == "%" else f"{written} {name}"
