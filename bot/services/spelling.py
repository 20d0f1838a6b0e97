"""Makes out what a person typed: which language, and which words, whatever the keyboard did to them.

Everything here works on folded text (no marks), so tone placement, NFD and Ð never matter. Used when the
index is built and for every question; knows nothing of answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.messages import Language
from bot.vietnamese import fold
from content.vocabulary import Meaning, Words

# A word, with the joints that abbreviations have: r&d, kt-xh, p/x.
_TOKEN = re.compile(r"[^\W_]+(?:[-/&][^\W_]+)*|%")
_JOINTS = re.compile(r"[-/&]")
_MARKED = re.compile(r"[à-ỹÀ-ỸĂăĐđƠơƯư\u0300-\u036f]")
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
# These letters are written i or y for the same sound at the end: kĩ, kỹ.
_SAME_SOUND = {"ki": "ky", "li": "ly", "mi": "my", "si": "sy", "ti": "ty", "hi": "hy"}
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it was understood: its language and its plain words."""

    language: Language
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Speller:
    """What is known of both languages. ``vietnamese`` and ``english`` are words that occur in the content."""

    abbreviations: Mapping[str, tuple[str | Meaning, ...]]
    vietnamese: frozenset[str]
    english: frozenset[str]
    certain: frozenset[str]
    openings: re.Pattern[str]
    fillers: frozenset[str]

    def read(self, text: str, otherwise: Language) -> Reading:
        """Understand a question; ``otherwise`` is its language where the words don't tell."""
        tokens = tokens_of(text)
        language = self.language(tokens, otherwise)
        return Reading(language, self.words(tokens, language))

    def language(self, tokens: Iterable[str], otherwise: Language) -> Language:
        """Which language these words are in."""
        balance = 0
        for token in tokens:
            folded = _fold(token)
            if _MARKED.search(token):
                balance += 1
            elif folded in self.english:
                balance -= 0 if _is_syllable(folded) and folded in self.vietnamese else 1
            elif folded in self.abbreviations or _is_syllable(folded) or self._restored(folded):
                balance += 1
            elif folded.isalpha() and len(folded) > 1:
                balance -= 1
        if balance == 0:
            return otherwise
        return Language.VI if balance > 0 else Language.EN

    def words(self, tokens: Iterable[str], language: Language) -> tuple[str, ...]:
        """The words meant, without politeness; everything if politeness is all there is."""
        meant = self._vietnamese(list(tokens)) if language is Language.VI else _split(tokens)
        shorter = self.openings.sub(" ", f" {' '.join(meant)} ").split()
        kept = [word for word in shorter if word not in self.fillers] or meant
        return tuple(kept if language is Language.VI else map(_stem, kept))

    def _vietnamese(self, tokens: list[str]) -> list[str]:
        folded = [_fold(token) for token in tokens]
        meant: list[str] = []
        for place, (token, word) in enumerate(zip(tokens, folded, strict=True)):
            # A real syllable with its tone mark is no abbreviation: «đã» is not «da».
            meanings = self.abbreviations.get(word) if not _MARKED.search(token.replace("đ", "d")) else None
            if meanings:
                near = folded[max(0, place - _NEAR) : place + _NEAR + 1]
                meant += _meaning(meanings, set(near)).split()
            elif word in self.vietnamese or word in self.english or word in self.certain or not word.isascii():
                meant += _split([word])
            else:
                meant += _split([self._restored(word) or word])
        return [_SAME_SOUND.get(word, word) for word in meant]

    def _restored(self, word: str) -> str | None:
        """What a word was meant to be that was typed in Telex or VNI with the keyboard program off."""
        if word in self.certain or word in self.english or _is_syllable(word):
            return None
        if _VNI.fullmatch(word):
            plain = re.sub(r"[1-9]", "", word)
            return plain if plain in self.vietnamese else None
        if not word.isalpha():
            return None
        untoned = _TONE.sub(r"\1", word)
        for candidate in (untoned, word):
            plain = re.sub(r"([aou])w|w(?=[aou])", r"\1", candidate)
            plain = re.sub(r"aa|ee|oo|dd", lambda pair: pair[0][0], plain.replace("w", "u"))
            for shape in (plain, re.sub(r"^(.*[aeo].*)[aeod]$", r"\1", plain), re.sub(r"^(d.*)d(.*)$", r"\1\2", plain)):
                if shape in self.vietnamese:
                    return shape
        return None


def build_speller(words: Words, vietnamese: Iterable[str], english: Iterable[str]) -> Speller:
    """A speller that knows the words of these texts, besides those that the editors listed."""
    abbreviations = {
        fold(short): tuple(
            fold(meaning)
            if isinstance(meaning, str)
            else Meaning(say=fold(meaning.say), near=tuple(fold(word) for word in meaning.near))
            for meaning in meanings
        )
        for short, meanings in words.abbreviations.abbreviations.items()
    }
    openings = sorted((" ".join(_split([fold(phrase)])) for phrase in words.fillers.openings), key=len, reverse=True)
    known = {word for text in vietnamese for word in _TOKEN.findall(fold(text)) if _is_syllable(word)}
    listed = set(words.fillers.english)
    from_english = {word for text in english for word in _TOKEN.findall(fold(text)) if word.isalpha()}
    return Speller(
        abbreviations=abbreviations,
        vietnamese=frozenset(known),
        english=frozenset(listed | {word for word in from_english if word not in known}),
        certain=frozenset(fold(word) for word in words.abbreviations.words),
        openings=re.compile(rf"(?<= )(?:{'|'.join(map(re.escape, openings))})(?= )"),
        fillers=frozenset(fold(word) for word in words.fillers.words),
    )


def _stem(word: str) -> str:
    """An English word without its commonest endings."""
    for ending, instead, shortest in (("ies", "y", 5), ("ing", "", 6), ("ed", "", 5), ("s", "", 4)):
        if word.endswith(ending) and len(word) >= shortest and not word.endswith("ss"):
            return word[: -len(ending)] + instead
    return word


def _is_syllable(word: str) -> bool:
    return _SYLLABLE.fullmatch(word) is not None


def _meaning(meanings: tuple[str | Meaning, ...], near: set[str]) -> str:
    usual = ""
    for meaning in meanings:
        if isinstance(meaning, str):
            usual = meaning
        elif near.intersection(meaning.near):
            return meaning.say
    return usual


def _split(tokens: Iterable[str]) -> list[str]:
    return [part for token in tokens for part in _JOINTS.split(_fold(token)) if part]


@lru_cache(maxsize=20_000)
def _fold(word: str) -> str:
    return fold(word)


def tokens_of(text: str) -> list[str]:
    """The words of a text as they stand."""
    return _TOKEN.findall(text.lower())
