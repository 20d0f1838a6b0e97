"""Languages: a translator is passed along, never looked up, since one process speaks both in one second.

Texts in code are English and go through a translator, ``t("Your code is {code}.", code=code)``; the
catalogs in ``content/locales`` hold the Vietnamese. Dates are written as Vietnamese offices write them.
"""

from __future__ import annotations

import datetime
import gettext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal

from bot.messages import Language

LOCALES = Path(__file__).parent.parent / "content" / "locales"
DOMAIN = "nhipcau"

_WEEKDAYS = {
    Language.VI: ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    Language.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Translator:
    """Everything that depends on the reader's language. Call it with an English text to translate that."""

    language: Language
    zone: ZoneInfo
    catalog: gettext.NullTranslations

    def __call__(self, message: str, **values: object) -> str:
        translated = self.catalog.gettext(message)
        return translated.format(**values) if values else translated

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        """The form that fits ``number``, which the text may name as ``{number}``."""
        return self.catalog.ngettext(one, many, number).format(number=self.number(number), **values)

    def number(self, value: float, *, decimals: int = 2) -> str:
        """``1.234,5`` in Vietnamese, ``1,234.5`` in English."""
        return format_decimal(round(value, decimals), locale=self.language.value)

    def date(self, day: datetime.date) -> str:
        """``thứ Ba 24/11/2026`` or ``Tuesday 24 November 2026``; a datetime counts in local time."""
        if isinstance(day, datetime.datetime):
            day = day.astimezone(self.zone).date()
        weekday = _WEEKDAYS[self.language][day.weekday()]
        if self.language is Language.VI:
            return f"{weekday} {day:%d/%m/%Y}"
        return f"{weekday} {day.day} {_MONTHS[day.month - 1]} {day.year}"

    def weekday(self, number: int) -> str:
        """``thứ Sáu`` or ``Friday`` for 5; 1 is Monday."""
        return _WEEKDAYS[self.language][number - 1]

    def short_date(self, day: datetime.date) -> str:
        """``24/11/2026`` or ``24 Nov 2026``."""
        if self.language is Language.VI:
            return f"{day:%d/%m/%Y}"
        return f"{day.day} {_MONTHS[day.month - 1][:3]} {day.year}"

    def moment(self, when: datetime.datetime) -> str:
        """Local time and date: ``08:30 thứ Ba 24/11/2026``."""
        local = when.astimezone(self.zone)
        return f"{local:%H:%M} {self.date(local.date())}"


@dataclass(frozen=True, slots=True)
class Translators:
    """One translator per language, made once at start."""

    vi: Translator
    en: Translator

    def for_language(self, language: Language) -> Translator:
        return self.vi if language is Language.VI else self.en


def load_translators(zone: ZoneInfo) -> Translators:
    """Translators over the compiled catalogs."""
    return Translators(
        Translator(Language.VI, zone, _catalog(Language.VI)),
        Translator(Language.EN, zone, _catalog(Language.EN)),
    )


@cache
def _catalog(language: Language) -> gettext.NullTranslations:
    """The compiled catalog; compiled in memory where the text file is newer (an editor's checkout)."""
    folder = LOCALES / language.value / "LC_MESSAGES"
    text, compiled = folder / f"{DOMAIN}.po", folder / f"{DOMAIN}.mo"
    if compiled.exists() and (not text.exists() or compiled.stat().st_mtime >= text.stat().st_mtime):
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with text.open("rb") as file:
        catalog = read_po(file, locale=language.value, domain=DOMAIN)
    buffer = BytesIO()
    write_mo(buffer, catalog)
    buffer.seek(0)
    return gettext.GNUTranslations(buffer)
