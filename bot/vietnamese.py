"""Vietnamese text as people type it, made comparable."""

from __future__ import annotations

import unicodedata

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
        decomposed = unicodedata.normalize("NFD", text)
        text = "".join(c for c in decomposed if unicodedata.category(c) != "Mn").replace("đ", "d")
    return " ".join(text.split())


def clean(text: str) -> str:
    """What a person typed, in composed form, without invisible and direction-changing characters."""
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE)).strip()
