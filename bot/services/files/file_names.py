"""File names as they may be shown and stored: no path, nothing invisible, not too long, with the right ending."""

from __future__ import annotations

import re
import unicodedata

from bot.services.files.kinds import EXTENSIONS, Found

LONGEST_STEM = 80
NAMELESS = "file"
# What Windows doesn't allow in a name, and what would break out of a header or a list.
_AWKWARD = re.compile(r'[<>:"|?*;\n\r\t]')


def cleaned(name: str) -> str:
    """The last part of a name, in composed form, without what can't be seen or changes the reading direction."""
    last = re.split(r"[/\\]", name)[-1]
    # Cc, Cf, Cs, Co, Cn: control and format characters, halves of pairs, what has no meaning.
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in "\u2028\u2029")
    words = " ".join(_AWKWARD.sub(" ", unicodedata.normalize("NFC", visible)).split()).strip(". ")
    stem, dot, ending = words.rpartition(".")
    if not stem or len(ending) > 8:
        return words[:LONGEST_STEM].rstrip(". ") or NAMELESS
    return f"{stem[:LONGEST_STEM].rstrip()}{dot}{ending}"


def claimed(name: str) -> Found | None:
    """The kind that the ending of a name claims; None for an ending that isn't one of ours."""
    return EXTENSIONS.get(name.rpartition(".")[2].lower()) if "." in name else None


def with_ending(name: str, kind: Found) -> str:
    """The cleaned name, ending as its kind wants: a PNG image called ``a.jpg`` becomes ``a.png``."""
    if claimed(name) is kind:
        return name
    stem = name.rpartition(".")[0] if claimed(name) is not None else name
    return f"{stem or NAMELESS}.{kind.value}"
