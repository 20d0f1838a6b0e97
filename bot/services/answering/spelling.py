"""Makes out what a person typed: which language, and which words, whatever the keyboard did to them.

Everything here works on folded text (no marks), so tone placement, NFD and Ð never matter. Used when the
index is built and for every question; knows nothing of answers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from bot.messages import Language
from bot.services.answering import keyboard
from bot.services.answering.keyboard import Lexicon, is_syllable
from bot.services.answering.tone_marks import ToneMarks, learn_marks
from bot.vietnamese import fold
from content.vocabulary import Meaning, Words

# A word, with the joints that abbreviations have: r&d, kt-xh, p/x.
_TOKEN = re.compile(r"[^\W_]+(?:[-/&][^\W_]+)*|%")
_JOINTS = re.compile(r"[-/&]")
_MARKED = re.compile(r"[à-ỹÀ-ỸĂăĐđƠơƯư\u0300-\u036f]")
_LETTERS_AND_FIGURES = re.compile(r"[a-z]+|\d+")
# These letters are written i or y for the same sound at the end: kĩ, kỹ.
_SAME_SOUND = {"ki": "ky", "li": "ly", "mi": "my", "si": "sy", "ti": "ty", "hi": "hy"}
_NEAR = 3
# A language's own little words say more about it than names and terms, which people mix.
_OWN_WORD = 2


@dataclass(frozen=True, slots=True)
class Word:
    """One word as it was meant, without marks; ``typed`` is how it stood there, marks and all, if it did."""

    plain: str
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it was understood: its language and its words, with and without marks.

    ``restored`` holds when more than marks was guessed.
    """

    language: Language
    text: str
    heard: tuple[Word, ...]
    words: tuple[str, ...]
    restored: bool = False


@dataclass(frozen=True, slots=True)
class Speller:
    """What is known of both languages: ``lexicon`` and ``english`` are what occurs in the content."""

    abbreviations: Mapping[str, tuple[str | Meaning, ...]]
    lexicon: Lexicon
    english: frozenset[str]
    certain: frozenset[str]
    everyday: Mapping[Language, frozenset[str]]
    glossary: Mapping[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]
    openings: re.Pattern[str]
    polite: frozenset[str]
    fillers: frozenset[str]
    marks: ToneMarks

    def read(self, text: str, otherwise: Language) -> Reading:
        """Understand a question; ``otherwise`` is its language where the words don't tell."""
        tokens = tokens_of(text)
        return self.read_in(self.language(tokens, otherwise), tokens, text)

    def read_in(self, language: Language, tokens: Sequence[str], text: str = "") -> Reading:
        """Understand the words of a text in this language, leaving out politeness unless it is all there is."""
        if language is Language.EN:
            meant, restored = [Word(word, word) for word in _split(tokens)], False
        else:
            meant, restored = self._vietnamese(tokens)
        kept = self._without_politeness(meant)
        if language is Language.EN:
            kept = [Word(_stem(word.plain)) for word in kept]
        return Reading(language, text, tuple(kept), tuple(word.plain for word in kept), restored)

    def words(self, tokens: Sequence[str], language: Language) -> tuple[str, ...]:
        """The words of a reading alone."""
        return self.read_in(language, tokens).words

    def plainly(self, phrase: str, language: Language) -> tuple[str, ...]:
        """The words of a phrase that is written as it should be: nothing has to be made out."""
        words = _split(tokens_of(phrase))
        kept = [word for word in words if word not in self.fillers] or words
        return tuple(map(_stem, kept) if language is Language.EN else (_SAME_SOUND.get(word, word) for word in kept))

    def speaks(self, phrase: str, language: Language) -> bool:
        """Whether a phrase could stand in a text of this language."""
        if language is Language.EN:
            return phrase.isascii()
        return not phrase.isascii() or all(_fold(word) in self.lexicon.counts for word in tokens_of(phrase))

    def with_marks(self, reading: Reading) -> str:
        """A Vietnamese reading as one writes it."""
        return self.marks.put_back([(word.plain, word.typed) for word in reading.heard])

    def language(self, tokens: Iterable[str], otherwise: Language) -> Language:
        """Which language these words are in.

        Words that nobody knows speak against Vietnamese, but by themselves (``abc``, a name) they are no English yet.
        """
        words = [(token, _fold(token)) for token in tokens]
        balance = sum(self._speaks(token, folded) for token, folded in words)
        if balance > 0:
            return Language.VI
        if balance < 0 and any(folded in self.english or folded in self.everyday[Language.EN] for _, folded in words):
            return Language.EN
        return otherwise

    def _speaks(self, token: str, folded: str) -> int:
        """How much one word speaks for Vietnamese, or against it."""
        is_marked = _MARKED.search(token) is not None
        is_known = folded in self.lexicon.counts and is_syllable(folded)
        if folded in self.everyday[Language.VI] and (is_marked or folded not in self.english):
            return _OWN_WORD
        if is_marked:
            return 1
        if folded in self.everyday[Language.EN] and not is_known:
            return -_OWN_WORD
        if folded in self.english:
            return 0 if is_known else -1
        if folded in self.abbreviations or is_syllable(folded) or self._untyped(folded):
            return 1
        return -1 if folded.isalpha() and len(folded) > 1 else 0

    def _untyped(self, word: str) -> str | None:
        return None if word in self.certain else keyboard.untyped(word, self.lexicon.counts)

    def _without_politeness(self, meant: list[Word]) -> list[Word]:
        if self.polite.isdisjoint([word.plain for word in meant]):
            return meant
        text = f" {' '.join(word.plain for word in meant)} "
        polite: set[int] = set()
        for opening in self.openings.finditer(text):
            first = text.count(" ", 0, opening.start()) - 1
            polite.update(range(first, first + opening[0].count(" ") + 1))
        kept = [word for place, word in enumerate(meant) if place not in polite and not self._fills(meant, place)]
        return kept or meant

    def _fills(self, meant: list[Word], place: int) -> bool:
        """Whether a word only fills: «với ạ», but neither «Hà» in «ha noi» nor «kinh» in «kinh phi»."""
        word = meant[place]
        if not word.typed.isascii():
            return word.typed in self.fillers
        after = meant[place + 1].plain if place + 1 < len(meant) else ""
        return word.plain in self.fillers and (word.plain, after) not in self.lexicon.pairs

    def _vietnamese(self, tokens: Sequence[str]) -> tuple[list[Word], bool]:
        """The words meant, and whether any of them had to be guessed."""
        folded = [_fold(token) for token in tokens]
        if self._is_plain(folded):
            return [Word(_SAME_SOUND.get(word, word), token) for word, token in zip(folded, tokens, strict=True)], False
        loose = [part for token in tokens for part in self._loose(token)]
        typed = self._translated(loose)
        meant: list[Word] = []
        guessed = typed != loose
        for place, word in enumerate(typed):
            # A real word with its marks is no abbreviation: «đã» is not «da».
            is_word = not word.typed.isascii() and word.typed in self.marks.words and is_syllable(word.plain)
            meanings = None if is_word else self.abbreviations.get(word.plain)
            if meanings:
                near = typed[max(0, place - _NEAR) : place + _NEAR + 1]
                said = _meaning(meanings, {each.typed for each in near}).split()
            else:
                after = typed[place + 1].plain if place + 1 < len(typed) else ""
                said = self._mended(word, meant[-1].plain if meant else "", after)
            if said == [word.plain]:
                meant.append(word)
                continue
            guessed = guessed or not self.everyday[Language.VI].issuperset(said)
            meant += [Word(plain, self.marks.keyed(word.typed, plain)) for plain in said]
        return [Word(_SAME_SOUND.get(word.plain, word.plain), word.typed) for word in meant], guessed

    def _is_plain(self, folded: Sequence[str]) -> bool:
        """Whether nothing has to be made out: the content has all these words, side by side as they stand here."""
        counts, pairs = self.lexicon.counts, self.lexicon.pairs
        return (
            all(word in counts and word not in self.abbreviations for word in folded)
            and self.glossary.keys().isdisjoint(folded)
            and all(pair in pairs for pair in pairwise(folded))
        )

    def _mended(self, word: Word, before: str, after: str) -> list[str]:
        """A word that is no abbreviation, as it was meant between these neighbours."""
        if word.plain in self.lexicon.counts:
            return [keyboard.sounds_like(word.plain, before, after, self.lexicon) or word.plain]
        if word.plain in self.certain or word.plain in self.english or not word.plain.isascii():
            return [word.plain]
        return list(keyboard.meant(word.plain, before, after, self.lexicon) or (word.plain,))

    def _loose(self, token: str) -> list[Word]:
        """The parts of a token: joints undone, figures apart from the abbreviation they stand beside (``kh50``)."""
        whole = _fold(token)
        if whole in self.abbreviations:
            return [Word(whole, token)]
        loose: list[Word] = []
        for part in _JOINTS.split(token):
            plain = _fold(part)
            pieces = _LETTERS_AND_FIGURES.findall(plain)
            if len(pieces) > 1 and not {pieces[0], pieces[-1]}.isdisjoint(self.abbreviations):
                loose += [Word(plain, part)] if self._untyped(plain) else [Word(piece, piece) for piece in pieces]
            elif plain:
                loose.append(Word(plain, part))
        return loose

    def _translated(self, typed: list[Word]) -> list[Word]:
        """English words in a Vietnamese sentence, put into Vietnamese."""
        if not any(word.typed in self.glossary for word in typed):
            return typed
        said: list[Word] = []
        place = 0
        while place < len(typed):
            for phrase, meaning in self.glossary.get(typed[place].typed, ()):
                if phrase == tuple(word.typed for word in typed[place : place + len(phrase)]):
                    said += [Word(_fold(word), word) for word in meaning]
                    place += len(phrase)
                    break
            else:
                said.append(typed[place])
                place += 1
        return said


def build_speller(words: Words, vietnamese: Iterable[str], english: Iterable[str]) -> Speller:
    """A speller that knows the words of these texts, besides those that the editors listed."""
    texts = [tokens_of(line) for text in vietnamese for line in text.splitlines()]
    counts: Counter[str] = Counter()
    pairs: set[tuple[str, str]] = set()
    for text in texts:
        plain = [part for part in _split(text) if is_syllable(part)]
        counts.update(plain)
        pairs.update(pairwise(plain))
    everyday = {
        Language.VI: frozenset(fold(word) for word in words.fillers.vietnamese),
        Language.EN: frozenset(words.fillers.english),
    }
    from_english = {word for text in english for word in _TOKEN.findall(fold(text)) if word.isalpha()}
    openings = sorted((" ".join(_split([fold(phrase)])) for phrase in words.fillers.openings), key=len, reverse=True)
    return Speller(
        abbreviations=_folded_abbreviations(words),
        lexicon=Lexicon(counts, frozenset(pairs)),
        english=everyday[Language.EN] | {word for word in from_english if word not in counts},
        certain=frozenset(fold(word) for word in words.abbreviations.words),
        everyday=everyday,
        glossary=_by_first_word(words.glossary.glossary),
        openings=re.compile(rf"(?<= )(?:{'|'.join(map(re.escape, openings))})(?= )"),
        polite=frozenset([*(opening.split()[0] for opening in openings), *map(fold, words.fillers.words)]),
        fillers=frozenset(form for word in words.fillers.words for form in (word, fold(word))),
        marks=learn_marks(texts),
    )


def tokens_of(text: str) -> list[str]:
    """The words of a text as they stand, in small letters."""
    return _TOKEN.findall(text.lower().replace("ð", "đ"))


def _by_first_word(glossary: Mapping[str, str]) -> dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]]:
    """English phrases and what they mean, the longest first, by the word they begin with."""
    listed: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for english, meaning in sorted(glossary.items(), key=lambda item: -len(item[0])):
        phrase = tuple(_split(english.split()))
        listed.setdefault(phrase[0], []).append((phrase, tuple(meaning.lower().split())))
    return {first: tuple(phrases) for first, phrases in listed.items()}


def _folded_abbreviations(words: Words) -> dict[str, tuple[str | Meaning, ...]]:
    return {
        fold(short): tuple(
            fold(meaning)
            if isinstance(meaning, str)
            else Meaning(say=fold(meaning.say), near=(*meaning.near, *map(fold, meaning.near)))
            for meaning in meanings
        )
        for short, meanings in words.abbreviations.abbreviations.items()
    }


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """An English word without its commonest endings."""
    for ending, instead, shortest in (("ies", "y", 5), ("ing", "", 6), ("ed", "", 5), ("s", "", 4)):
        if word.endswith(ending) and len(word) >= shortest and not word.endswith("ss"):
            return word[: -len(ending)] + instead
    return word


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
