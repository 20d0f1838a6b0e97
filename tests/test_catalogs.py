"""Both catalogs are complete, and every translation fits the text it stands for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bot.messages import Language
from handlers.commands import NAMES
from tests import check_catalogs
from tests.check_catalogs import Text, messages_of, placeholders, problems_of, texts_in_code, translations_of


@pytest.mark.parametrize("language", Language)
def test_a_catalog_has_exactly_the_texts_of_the_code(language: Language) -> None:
    found = texts_in_code()
    assert found.mistakes == ()
    assert list(problems_of(check_catalogs.read_catalog(language), found.texts, language)) == []


@pytest.mark.parametrize("language", Language)
def test_translations_fit_the_texts_they_stand_for(language: Language) -> None:
    faults = [
        f"{fault}: {translation}"
        for text, message in messages_of(check_catalogs.read_catalog(language)).items()
        for translation in translations_of(message)
        for fault in _faults(text if isinstance(text, str) else text[1], translation)
    ]
    assert faults == []


def _faults(text: str, translation: str) -> Iterator[str]:
    try:
        names, translated_names = placeholders(text), placeholders(translation)
    except ValueError:
        yield "braces that don't match"
        return
    if not all(name.isidentifier() for name in names):
        yield "a placeholder without a name"
    if translated_names != names:
        yield "other placeholders than the text"
        return
    filled = translation.format(**dict.fromkeys(names, "7"))
    if re.search(r"[{}<>]", filled):
        yield "a stray bracket"
    if filled != filled.strip() or unicodedata.normalize("NFC", filled) != filled:
        yield "space around the text, or letters taken apart"
    if text.count("\n") != translation.count("\n"):
        yield "another number of lines than the text"
    if unknown := set(re.findall(r"(?<!\S)/([a-z]+)", filled)) - set(NAMES):
        yield f"names a command that does not exist, {unknown}"


@pytest.mark.parametrize(
    "translation", ["{number", "Có {numbr}", "Có <b>{number}</b>", " {number} ", "Có {number}\n", "{number}, gõ /menuu"]
)
def test_a_translation_that_does_not_fit_is_noticed(translation: str) -> None:
    assert list(_faults("There are {number}, type /menu", translation))


def test_the_vietnamese_catalog_has_one_form_and_the_english_two() -> None:
    assert check_catalogs.read_catalog(Language.VI).num_plurals == 1
    assert check_catalogs.read_catalog(Language.EN).num_plurals == 2


def _found_in(code: str, folder: Path) -> check_catalogs.Found:
    (folder / "handlers").mkdir()
    (folder / "handlers" / "menu.py").write_text(code)
    return texts_in_code(folder)


def test_texts_are_found_wherever_a_translator_is_kept(tmp_path: Path) -> None:
    found = _found_in(
        't("Hello")\nturn.t("Good day, {name}", name=name)\nself.t("A" "B")\n'
        'translators.for_language(language)("Goodbye")\nt("Yes" if agreed else "No")\n'
        'turn.t.plural("{number} person", "{number} people", 3)\nprint("not this")\nt.number(3)\n',
        tmp_path,
    )
    plural = ("{number} person", "{number} people")
    assert set(found.texts) == {"Hello", "Good day, {name}", "AB", "Goodbye", "Yes", "No", plural}
    assert found.texts["Hello"] == "handlers/menu.py:1"
    assert found.mistakes == ()


@pytest.mark.parametrize("call", ['t(f"Hello {name}")', "t(greeting)", "t()", 't.plural("one", many, 2)', 't("a" + b)'])
def test_a_text_that_nobody_would_find_is_a_mistake(call: str, tmp_path: Path) -> None:
    found = _found_in(call, tmp_path)
    assert found.texts == {}
    assert [mistake.partition(": ")[0] for mistake in found.mistakes] == ["handlers/menu.py:1"]


def test_every_gap_is_listed() -> None:
    catalog = Catalog(locale="vi")
    catalog.add("Kept", "Giữ lại")
    catalog.add("Not done", "")
    catalog.add("Unsure", "Chưa chắc", flags=["fuzzy"])
    catalog.add("Dropped", "Đã bỏ")
    catalog.add("Code {code}", "Mã {cod}")
    catalog.add("Day {day}", "Ngày {day")
    texts: dict[Text, str] = dict.fromkeys(
        ["Kept", "Not done", "Unsure", "New", "Code {code}", "Day {day}"], "handlers/menu.py:1"
    )
    assert sorted(problems_of(catalog, texts, Language.VI)) == [
        'vi: braces that don\'t match in "Day {day}"',
        'vi: fuzzy "Unsure"',
        'vi: missing "New", used in handlers/menu.py:1',
        'vi: no longer used "Dropped"',
        'vi: not translated "Not done"',
        'vi: other placeholders in the translation of "Code {code}"',
    ]


def test_an_update_keeps_what_is_known_and_reads_back_the_same(tmp_path: Path) -> None:
    people, days = ("{number} person", "{number} people"), ("{number} day", "{number} days")
    old = Catalog(locale="vi")
    old.add("Kept", "Giữ lại")
    old.add("Dropped", "Đã bỏ")
    old.add(people, ("{number} người",))
    texts: dict[Text, str] = dict.fromkeys(["New", "Kept", people, days], "")
    new = check_catalogs.updated(old, texts, Language.VI)
    path = check_catalogs.catalog_path(Language.VI, tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(check_catalogs.written(new))
    again = check_catalogs.read_catalog(Language.VI, tmp_path)
    assert {text: translations_of(message) for text, message in messages_of(again).items()} == {
        "Kept": ("Giữ lại",),
        "New": ("",),
        people: ("{number} người",),
        days: ("",),
    }
    assert check_catalogs.written(again) == check_catalogs.written(new)
    english = check_catalogs.updated(Catalog(locale="en"), texts, Language.EN)
    assert translations_of(messages_of(english)[people]) == people
