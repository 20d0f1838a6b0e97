"""Vietnamese text as people type it, made comparable."""

from __future__ import annotations

import unicodedata
from functools import cache

# Ð and ð (Latin eth) come from old fonts and scanned texts, Ɖ from some keyboards; all mean Đ.
_LOOKALIKES = str.maketrans({"Ð": "đ", "ð": "đ", "Ɖ": "đ", "Đ": "đ", "\u00a0": " ", "–": "-", "—": "-"})
# Half a surrogate pair and most control characters can be neither stored nor sent.
_UNUSABLE = {*range(32), 127, *range(0xD800, 0xE000)} - {ord("\t"), ord("\n"), ord("\r")}
_INVISIBLE = dict.fromkeys(
    {
        *map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
        *_UNUSABLE,
    }
)


def fold(text: str) -> str:
    """Lower case without any marks, single blanks, no invisible characters: ``Đăng  Ký`` -> ``dang ky``."""
    text = text.translate(_LOOKALIKES).translate(_INVISIBLE).lower()
    if not text.isascii():
        text = text.translate(_plain_letters())
    if not text.isascii():
        decomposed = unicodedata.normalize("NFD", text)
        text = "".join(c for c in decomposed if unicodedata.category(c) != "Mn").replace("đ", "d")
    return " ".join(text.split())


@cache
def _plain_letters() -> dict[int, str]:
    """Small letters with marks in composed form, as nearly all text has them, and what they are without."""
    letters = map(chr, (*range(0xDF, 0x180), *range(0x1A0, 0x1B1), *range(0x1E00, 0x1F00)))
    plain = {letter: unicodedata.normalize("NFD", letter)[0] for letter in letters}
    return str.maketrans({letter: base for letter, base in plain.items() if base.isascii()} | {"đ": "d"})


def clean(text: str) -> str:
    """What a person typed, in composed form, without invisible and direction-changing characters."""
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE)).strip()
