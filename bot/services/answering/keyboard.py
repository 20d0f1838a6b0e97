"""What a word was meant to be that fingers or the keyboard program made something else of.

Telex and VNI left over, chat spellings, words run together, slips. All on folded words (no marks), all pure; the
word itself and its neighbours decide: nothing is made of a word that the content doesn't know.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

# A syllable of Vietnamese without marks; onset and rime as the language combines them.
_SYLLABLE = re.compile(
    r"(?:b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|ph|qu|r|s|t|th|tr|v|x)?"
    r"(?:a(?:c|ch|i|m|n|ng|nh|o|p|t|u|y)?|e(?:c|ch|m|n|ng|nh|o|p|t|u)?|i(?:a|ch|ec|em|en|eng|ep|et|eu|m|n|nh|p|t|u)?"
    r"|o(?:a|ac|ach|ai|an|ang|anh|ao|at|ay|c|e|en|eo|et|i|m|n|ng|p|t)?"
    r"|u(?:a|an|ang|at|ay|c|e|ech|enh|i|m|n|ng|o|oc|oi|om|on|ong|op|ot|ou|p|t|u|y|ya|ych|yen|yet|ynh|yt|yu)?"
    r"|y(?:en|em|et|eu)?)"
)
_TONE = re.compile(r"(?<=[aeiouyw])([a-z]*?)[sfrxjz](?=[a-z]{0,2}$)")
_VNI = re.compile(r"(?=.*[a-z])[a-z]+[1-9][a-z1-9]*")
_LIKE_TELEX = re.compile(r"aa|ee|oo|dd|w|[sfrxj]$|\d")
_RUN = re.compile(r"(.)\1+")
_LETTERS = "abcdeghiklmnopqrstuvxy"
# How chat language respells a beginning or an ending: what is typed, and what may be meant.
_BEGINNINGS = {
    "dz": ("d",), "z": ("v", "d", "gi"), "f": ("ph",), "p": ("ph",), "j": ("gi",), "gj": ("gi",), "k": ("c",),
    "w": ("qu",), "h": ("kh",), "b": ("v",),
}  # fmt: skip
_ENDINGS = {
    "iu": ("ieu",), "un": ("uon",), "um": ("uom",), "ut": ("uot",), "ip": ("iep",), "it": ("iet",), "im": ("iem",),
    "in": ("ien",), "en": ("ien",), "ui": ("oi",), "g": ("ng",), "k": ("c", "ch"), "ck": ("ch",), "h": ("nh",),
    "n": ("ng",), "ng": ("n",), "t": ("c",), "c": ("t",), "i": ("y",), "y": ("i",), "wa": ("qua",), "o": ("oi",),
}  # fmt: skip
# Beginnings that sound alike to many speakers.
_ALIKE = {
    "x": ("s",), "s": ("x",), "ch": ("tr",), "tr": ("ch",), "l": ("n",), "n": ("l",), "gi": ("d",), "v": ("d",),
    "d": ("gi", "r"), "r": ("d", "gi"), "ngh": ("ng",), "ng": ("ngh",), "q": ("k",), "c": ("k",),
}  # fmt: skip
_MOST_JOINED = 5
_SHORTEST_JOINED = 5
_SHORTEST_SLIP = 3
_MUCH_COMMONER = 5
# What speaks for a candidate: standing beside its neighbours in the content, and how its spelling came about.
_BESIDE, _TYPED, _RESPELT, _SLIPPED = 3.0, 3.0, 2.5, 0.5
# How much must speak for changing nonsense, and for changing what could be a word.
_ENOUGH_FOR_NONSENSE, _ENOUGH_FOR_A_SYLLABLE = 1.5, 3.5


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Folded Vietnamese words of the content with how often they occur, and which stand side by side."""

    counts: Counter[str]
    pairs: frozenset[tuple[str, str]]

    def beside(self, before: str, word: str, after: str) -> int:
        """How many of its neighbours this word is known to stand beside."""
        return ((before, word) in self.pairs) + ((word, after) in self.pairs)


def is_syllable(word: str) -> bool:
    """Whether Vietnamese could have this syllable."""
    return _SYLLABLE.fullmatch(word) is not None


def untyped(word: str, known: Mapping[str, int]) -> str | None:
    """The word that was typed in Telex or VNI with the keyboard program off: ``nuwowcs``, ``nu7o71c``."""
    if _VNI.fullmatch(word):
        plain = re.sub(r"[1-9]", "", word)
        return plain if plain in known else None
    if not word.isalpha():
        return None
    untoned = _TONE.sub(r"\1", word)
    for candidate in (untoned, word):
        plain = re.sub(r"([aou])w|w(?=[aou])", r"\1", candidate)
        plain = re.sub(r"aa|ee|oo|dd", lambda pair: pair[0][0], plain.replace("w", "u"))
        for shape in (plain, re.sub(r"^(.*[aeo].*)[aeod]$", r"\1", plain), re.sub(r"^(d.*)d(.*)$", r"\1\2", plain)):
            if shape in known:
                return shape
    return None


def meant(word: str, before: str, after: str, lexicon: Lexicon) -> tuple[str, ...] | None:
    """What an unknown word was most likely meant to be, between these neighbours; None when that is no better."""
    if not is_syllable(word):
        plain, joined = untyped(word, lexicon.counts), apart(word, lexicon)
        if plain and (joined is None or _LIKE_TELEX.search(word)):
            return (plain,)
        if joined:
            return joined
    if not word.isascii() or not word.isalpha():
        return None
    best, chosen = _ENOUGH_FOR_A_SYLLABLE if is_syllable(word) else _ENOUGH_FOR_NONSENSE, ""
    for candidate, kind in _candidates(word, lexicon.counts):
        score = kind + _BESIDE * lexicon.beside(before, candidate, after) + math.log10(lexicon.counts[candidate])
        if score > best:
            best, chosen = score, candidate
    return (chosen,) if chosen else None


def sounds_like(word: str, before: str, after: str, lexicon: Lexicon) -> str | None:
    """The word that sounds like this known one and, unlike it, is known to stand here: ``bo xung`` -> ``bo sung``."""
    if lexicon.beside(before, word, after):
        return None
    for candidate in _begun(word, _ALIKE):
        beside = lexicon.beside(before, candidate, after)
        if beside == 2 or (beside and lexicon.counts[candidate] > _MUCH_COMMONER * lexicon.counts[word]):
            return candidate
    return None


def apart(word: str, lexicon: Lexicon) -> tuple[str, ...] | None:
    """Words that were typed without a space between them: ``dangky`` -> ``dang ky``."""
    if len(word) < _SHORTEST_JOINED:
        return None
    ways: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 7), end):
            part = word[start:end]
            if start not in ways or part not in lexicon.counts or (len(part) == 1 and part not in "oyu"):
                continue
            cost, parts = ways[start]
            beside = 1.0 if not parts or (parts[-1], part) in lexicon.pairs else 3.0
            candidate = (cost + beside, (*parts, part))
            if len(parts) < _MOST_JOINED and (end not in ways or candidate < ways[end]):
                ways[end] = candidate
    _, parts = ways.get(len(word), (0.0, ()))
    return parts if len(parts) > 1 and all(pair in lexicon.pairs for pair in pairwise(parts)) else None


def _candidates(word: str, known: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    """Known words that this may be, with what speaks for the way it came about."""
    short = _RUN.sub(r"\1", word)
    if short != word and short in known:
        yield short, _TYPED
    shapes = {short, *_begun(short, _BEGINNINGS), *_begun(short, _ALIKE)}
    shapes |= {ended for shape in shapes for ended in _ended(shape, _ENDINGS)}
    for shape in shapes:
        if shape != word and shape in known:
            yield shape, _RESPELT
    if len(word) >= _SHORTEST_SLIP:
        for slip in _one_slip(short):
            if slip != word and slip in known:
                yield slip, _SLIPPED


def _begun(word: str, beginnings: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for typed, others in beginnings.items():
        if word.startswith(typed):
            yield from (other + word[len(typed) :] for other in others)


def _ended(word: str, endings: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for typed, others in endings.items():
        if word.endswith(typed):
            yield from (word[: -len(typed)] + other for other in others)


def _one_slip(word: str) -> set[str]:
    """Every word one letter away: one too many, one missing, another, or two swapped."""
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    slips = {head + tail[1:] for head, tail in halves if tail}
    slips |= {head + tail[1] + tail[0] + tail[2:] for head, tail in halves if len(tail) > 1}
    slips |= {head + letter + tail for head, tail in halves for letter in _LETTERS}
    slips |= {head + letter + tail[1:] for head, tail in halves if tail for letter in _LETTERS}
    return slips
