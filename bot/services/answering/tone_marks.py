"""Puts the marks back into Vietnamese words, to say how a message was understood."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.vietnamese import fold

_TELEX_KEYS = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j", "\u0306": "w",
               "\u031b": "w", "\u0302": ""}  # fmt: skip
_VNI_KEYS = {"\u0300": "2", "\u0301": "1", "\u0309": "3", "\u0303": "4", "\u0323": "5", "\u0306": "8",
             "\u031b": "7", "\u0302": "6"}  # fmt: skip
# How often a pair of words was seen counts for more than how often a single word was.
_PAIR = 2.0


@dataclass(frozen=True, slots=True)
class ToneMarks:
    """How words without marks are written with them, and how often marked words stand side by side."""

    words: frozenset[str]
    forms: Mapping[str, tuple[tuple[str, float], ...]]
    pairs: Mapping[tuple[str, str], float]

    def keyed(self, keys: str, plain: str) -> str:
        """The way to write a word that these keys of Telex or VNI type; empty when they type none that is known."""
        pressed = sorted(keys)
        return next((form for form, _ in self.forms.get(plain, ()) if pressed in keys_of(form)), "")

    def put_back(self, words: Sequence[tuple[str, str]]) -> str:
        """The likeliest way to write these words, each given without marks and as it was typed.

        A word that was typed with its marks stays as it is, and so does one that is unknown.
        """
        paths: dict[str, tuple[float, tuple[str, ...]]] = {"": (0.0, ())}
        for word, typed in words:
            reached: dict[str, tuple[float, tuple[str, ...]]] = {}
            given = ((typed, 0.0),)
            for form, weight in self.forms.get(word, ((word, 0.0),)) if typed.isascii() else given:
                score, path = max(
                    (score + self.pairs.get((last, form), 0.0), path) for last, (score, path) in paths.items()
                )
                reached[form] = (score + weight, (*path, form))
            paths = reached
        return " ".join(max(paths.values())[1])


def keys_of(form: str) -> tuple[list[str], list[str]]:
    """The keys that type a marked word in Telex and in VNI, sorted, since marks may be typed at any place."""
    letters = unicodedata.normalize("NFD", form.replace("đ", "dd"))
    telex = "".join(_TELEX_KEYS.get(letter, letter) for letter in letters)
    vni = "".join(_VNI_KEYS.get(letter, letter) for letter in letters).replace("dd", "d9")
    # A hat is typed in Telex by its letter once more.
    hats = "".join(before for before, hat in pairwise(letters) if hat == "\u0302")
    return sorted(telex + hats), sorted(vni)


def learn_marks(texts: Iterable[Sequence[str]]) -> ToneMarks:
    """Learn from texts given as their lower-case words."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    pairs: Counter[tuple[str, str]] = Counter()
    folded: dict[str, str] = {}
    for words in texts:
        for word in words:
            plain = folded.get(word)
            if plain is None:
                plain = folded[word] = fold(word)
            counts[plain][word] += 1
        pairs.update(pairwise(words))
    return ToneMarks(
        words=frozenset(folded),
        forms={
            plain: tuple((form, math.log10(count)) for form, count in forms.most_common())
            for plain, forms in counts.items()
        },
        pairs={pair: _PAIR * math.log10(1 + count) for pair, count in pairs.items()},
    )
