"""Compares the texts in the code with both catalogs: ``python -m tests.check_catalogs`` lists every gap.

``--update`` rewrites the catalogs: new texts are added, those no longer used are dropped. English
translations are the texts themselves; Vietnamese ones are kept, and new ones written into the catalog by hand.

A text counts when it is a literal handed to a translator: ``t("…")`` or ``t.plural("…", "…", number)``.
Anything else handed to one is a mistake, since nobody would find it to translate it.
"""

from __future__ import annotations

import argparse
import ast
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot.i18n import DOMAIN, LOCALES
from bot.messages import Language

ROOT = Path(__file__).parent.parent
SEARCHED = ("bot", "content", "handlers", "scheduler")

# A text, or the two English forms of one that counts something.
Text = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """The texts of the code, with a place where each is used, and the calls that hold no literal."""

    texts: Mapping[Text, str]
    mistakes: tuple[str, ...]


def texts_in_code(root: Path = ROOT) -> Found:
    """Every text that the program hands to a translator."""
    texts: dict[Text, str] = {}
    mistakes: list[str] = []
    for file in sorted(path for folder in SEARCHED for path in (root / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_bytes(), filename=str(file))):
            count = _texts_expected(node)
            if not isinstance(node, ast.Call) or not count:
                continue
            place = f"{file.relative_to(root)}:{node.lineno}"
            literals = [_literals(argument) for argument in node.args[:count]]
            if len(literals) < count or not all(literals):
                mistakes.append(f"{place}: only a literal text can be found and translated")
            elif count == 1:
                texts.update((text, place) for text in literals[0] if text not in texts)
            else:
                texts.setdefault((literals[0][0], literals[1][0]), place)
    return Found(texts, tuple(mistakes))


def _texts_expected(node: ast.AST) -> int:
    """How many texts this piece of code hands to a translator: 1, 2 for a plural, else 0."""
    if not isinstance(node, ast.Call):
        return 0
    if _is_translator(node.func):
        return 1
    if isinstance(node.func, ast.Attribute) and node.func.attr == "plural" and _is_translator(node.func.value):
        return 2
    return 0


def _is_translator(node: ast.expr) -> bool:
    """Translators are called ``t`` wherever they are kept, or come straight from ``for_language(…)``."""
    match node:
        case ast.Name("t") | ast.Attribute(attr="t") | ast.Call(func=ast.Attribute(attr="for_language")):
            return True
        case _:
            return False


def _literals(node: ast.expr) -> list[str]:
    """The text of a literal, or both of ``"…" if … else "…"``."""
    match node:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.IfExp(body=first, orelse=second):
            one, other = _literals(first), _literals(second)
            return one + other if one and other else []
        case _:
            return []


def catalog_path(language: Language, locales: Path = LOCALES) -> Path:
    """Where the catalog of a language lies."""
    return locales / language.value / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalog(language: Language, locales: Path = LOCALES) -> Catalog:
    """A catalog as it is on disk; an empty one where there is none yet."""
    path = catalog_path(language, locales)
    if not path.exists():
        return Catalog(locale=language.value, domain=DOMAIN)
    with path.open("rb") as file:
        return read_po(file, locale=language.value, domain=DOMAIN, abort_invalid=True)


def messages_of(catalog: Catalog) -> dict[Text, Message]:
    """The messages of a catalog by their text, without its header."""
    return {_as_text(message): message for message in catalog if message.id}


def translations_of(message: Message) -> tuple[str, ...]:
    """Every translated form of a message."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def placeholders(text: str) -> set[str]:
    """The names in braces; ValueError where the braces don't match."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def problems_of(catalog: Catalog, texts: Mapping[Text, str], language: Language) -> Iterator[str]:
    """What is wrong with a catalog, one sentence each."""
    messages = messages_of(catalog)
    for text, place in texts.items():
        if text not in messages:
            yield f"{language}: missing {_shown(text)}, used in {place}"
    for text, message in messages.items():
        if text not in texts:
            yield f"{language}: no longer used {_shown(text)}"
        elif message.fuzzy:
            yield f"{language}: fuzzy {_shown(text)}"
        elif not all(translations_of(message)):
            yield f"{language}: not translated {_shown(text)}"
        else:
            yield from (f"{language}: {problem} {_shown(text)}" for problem in _mismatches(text, message))


def _mismatches(text: Text, message: Message) -> Iterator[str]:
    try:
        wanted = placeholders(text if isinstance(text, str) else text[1])
        for translation in translations_of(message):
            if placeholders(translation) != wanted:
                yield "other placeholders in the translation of"
    except ValueError:
        yield "braces that don't match in"


def updated(old: Catalog, texts: Mapping[Text, str], language: Language) -> Catalog:
    """The catalog of exactly these texts, with the translations known so far."""
    known = messages_of(old)
    new = Catalog(locale=language.value, domain=DOMAIN, fuzzy=False)
    for text in texts:
        if language is Language.EN:
            new.add(text, text)
        elif text in known:
            new.add(text, known[text].string)
        else:
            new.add(text, "" if isinstance(text, str) else ("",))
    return new


def written(catalog: Catalog) -> bytes:
    """A catalog as its file should be: sorted, and without dates or line numbers that change every time."""
    buffer = BytesIO()
    write_po(buffer, catalog, sort_output=True, omit_header=True, width=0)
    plural = f'"Plural-Forms: {catalog.plural_forms}\\n"\n'
    header = f'msgid ""\nmsgstr ""\n"Language: {catalog.locale}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    return (header + plural + "\n").encode() + buffer.getvalue()


def _as_text(message: Message) -> Text:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def _shown(text: Text) -> str:
    return json.dumps(text if isinstance(text, str) else text[0], ensure_ascii=False)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.check_catalogs")
    parser.add_argument("--update", action="store_true", help="rewrite both catalogs")
    arguments = parser.parse_args()
    found = texts_in_code()
    problems = list(found.mistakes)
    for language in Language:
        catalog = read_catalog(language)
        if arguments.update:
            catalog = updated(catalog, found.texts, language)
            catalog_path(language).parent.mkdir(parents=True, exist_ok=True)
            catalog_path(language).write_bytes(written(catalog))
        problems += problems_of(catalog, found.texts, language)
    print(*problems, sep="\n", file=sys.stderr, end="\n" if problems else "")
    print(f"{len(found.texts)} texts, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
