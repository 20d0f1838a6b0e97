"""Writes approved changes back into the content files, for somebody to review and commit.

Comments and layout stay: a phrasing becomes the last of its entry's phrasings, a new entry the end of
``faq/added.yaml``. What is there already is passed over, so that writing twice changes nothing. Nothing is
written that would not read back as what was meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from bot.messages import Language
from content.added import HEADING, Change, NewPhrasing, fitting, is_there, misfit
from content.checks import ADDED
from content.files import FOLDER, Placed, read_files
from content.loader import load
from content.model import Content, Entry, EntryText
from content.yaml_reader import Document, child, parse

_HEADER = f"""\
# CÂU HỎI BỔ SUNG - câu trả lời do biên tập viên viết trong cuộc trò chuyện và người thứ hai đã duyệt.
# ADDED QUESTIONS - answers that editors wrote in the chat and a second person approved.
#
# How to edit (no programming needed; the whole guide is content/README.md):
#   * `python -m bot faq export` adds to the end of this file; what is here already it leaves alone.
#   * Move an entry into the file of its topic whenever you like. Keep its id, by which it is recognised.
#   * Here an entry may have fewer than six phrasings. Add some: they decide whether it is found.
#   * Never give an answer without a `source`. Figures, names and dates must be exactly those of the source.
#   * After editing, run: python -m bot check

topic: {{place: {HEADING.place}, vi: "{HEADING.vi}", en: "{HEADING.en}"}}

entries:
"""
# These would end a line where YAML reads them as they are.
_BREAKS = {"\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P"}


class ExportError(Exception):
    """A file is written in a way that can't be added to by machine; the text says which and where."""


def export(changes: Sequence[Change], folder: Path = FOLDER) -> list[str]:
    """Write what the files don't have yet; a line for each change that was written or no longer fits."""
    told = []
    content = load(folder)
    for change in changes:
        reason = misfit(content, change)
        if reason:
            told.append(f"passed over, {change.name}: {reason}")
        elif not is_there(content, change):
            told.append(_write(change, content, folder))
            content = load(folder)
    return told


def _write(change: Change, content: Content, folder: Path) -> str:
    if isinstance(change, NewPhrasing):
        (part,) = [part for part in read_files(folder).entries if part.value.id == change.entry_id]
        name = part.document.file.removeprefix(f"{folder.name}/")
        line = _add_phrasing(folder / name, part, change)
    else:
        name = ADDED
        line = _add_entry(folder / name, fitting(content, change.entry))
    return f"{folder.name}/{name}:{line}: {change.name}"


def _add_phrasing(path: Path, part: Placed[Entry], change: NewPhrasing) -> int:
    where = (*part.path, change.language.value, "phrasings")
    phrasings = _node(part.document, where)
    text = _read(path)
    lines = text.splitlines(keepends=True)
    new = _quoted(change.phrasing)
    last = phrasings.value[-1] if phrasings.value else None
    if phrasings.flow_style or last is None:
        number, column = phrasings.start_mark.line, phrasings.start_mark.column + 1
        before = ""
        if last is not None:
            number, column, before = last.end_mark.line, last.end_mark.column, ", "
        lines[number] = lines[number][:column] + before + new + lines[number][column:]
    else:
        bullet = lines[last.start_mark.line][: last.start_mark.column]
        if not re.fullmatch(r" *- +", bullet):
            raise ExportError(f"{part.mistake('a phrasing can only be added where each has a line', *where[2:])}")
        number = last.end_mark.line + (1 if last.end_mark.column else 0)
        lines.insert(number, f"{bullet}{new}{_line_end(text)}")
    wanted = (*part.value.text(change.language).phrasings, change.phrasing)
    _replace(path, "".join(lines), part.document.file, where, list(wanted))
    return number + 1


def _add_entry(path: Path, entry: Entry) -> int:
    text = _read(path) if path.exists() else _HEADER
    end = _line_end(text)
    if not text.endswith("\n"):
        text += end
    begins = text.rstrip().endswith("entries:")
    block = _block(entry).replace("\n", end)
    before, _ = parse(text, path.name) if not begins else (None, [])
    count = len(before.value["entries"]) if before is not None else 0
    written = f"{text.rstrip()}{end}{'' if begins else end}{block}"
    _replace(path, written, path.name, ("entries", count), entry)
    return written[: -len(block)].count("\n") + 1


def _block(entry: Entry) -> str:
    source = entry.source
    if source.document is not None:
        cited = f"{{document: {{vi: {_quoted(source.document.vi)}, en: {_quoted(source.document.en)}}}}}"
    else:
        cited = f"{{section: {_quoted(source.section)}}}" if source.section else "{bot: true}"
    lines = [f"  - id: {entry.id}", f"    source: {cited}"]
    if entry.facts:
        lines.append(f"    facts: [{', '.join(map(_quoted, entry.facts))}]")
    lines += [f"    agency: {entry.agency}", f"    valid_until: {entry.valid_until.isoformat()}"]
    if entry.related:
        lines.append(f"    related: [{', '.join(entry.related)}]")
    for language in Language:
        lines += [f"    {language.value}:", *_text(entry.text(language))]
    return "\n".join(lines) + "\n"


def _text(text: EntryText) -> list[str]:
    lines = [f"      question: {_quoted(text.question)}"]
    if text.phrasings:
        lines += ["      phrasings:", *(f"        - {_quoted(phrasing)}" for phrasing in text.phrasings)]
    else:
        lines.append("      phrasings: []")
    lines.append(f"      short: {_quoted(text.short)}")
    if text.more and not any(character in text.more for character in _BREAKS):
        lines += ["      more: |-", *(f"        {line}".rstrip() for line in text.more.split("\n"))]
    elif text.more:
        lines.append(f"      more: {_quoted(text.more)}")
    return lines


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    for character, written in _BREAKS.items():
        quoted = quoted.replace(character, written)
    return quoted


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _replace(path: Path, text: str, name: str, where: tuple[str | int, ...], wanted: object) -> None:
    """Put the text in the file's place, once it reads back as what was meant."""
    document, mistakes = parse(text, name)
    found = document.value
    for step in where if not mistakes else ():
        found = found[step]
    if isinstance(wanted, Entry) and not mistakes:
        found = Entry.model_validate(found)
    if mistakes or found != wanted:
        raise ExportError(f"{name}: this file can't be added to by machine; please add by hand what is missing")
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
    new.replace(path)


def _node(document: Document, where: tuple[str | int, ...]) -> yaml.SequenceNode:
    node = document.root
    for step in where:
        found = child(node, step) if node is not None else None
        node = found[1] if found else None
    if not isinstance(node, yaml.SequenceNode):
        raise ExportError(str(document.mistake(where, "a list was expected here")))
    return node
