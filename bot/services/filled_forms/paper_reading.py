"""A report that an agency wrote into our Word form: its sections by their headings, its figures by the tables' labels.

Pure: bytes in, a reading out. Takes time: call it in a thread. The file's elements are gone through as they are and not
through python-docx's own objects: those leave out text under "Track Changes" and are slow with large tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from bot.services.filled_forms import office_parts, paper_tables
from bot.services.filled_forms.office_parts import Unusable, UnusableFile
from bot.services.filled_forms.paper_tables import Grid
from bot.services.filled_forms.readings import Kind, Place, Reading, Remark, Trouble, Wrong
from bot.services.handing_in.questions import LONGEST_PART
from bot.services.papers import document_properties
from bot.services.report_forms import file_marks, report_paper
from bot.services.report_forms.blanks import outline
from bot.services.report_forms.file_marks import Mark
from bot.vietnamese import clean, fold
from content.duty_model import Duty

_MOST_ROWS = 300

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TABLE, _ROW, _CELL = f"{_WORD}p", f"{_WORD}tbl", f"{_WORD}tr", f"{_WORD}tc"
_TEXT, _TAB, _BREAKS = f"{_WORD}t", f"{_WORD}tab", (f"{_WORD}br", f"{_WORD}cr")
_TRACKED = (f"{_WORD}ins", f"{_WORD}del")
_PICTURES = (f"{_WORD}drawing", f"{_WORD}pict", f"{_WORD}object")
_STYLE, _VALUE = f"{_WORD}pStyle", f"{_WORD}val"
_HEADINGS = {"heading 1": 1, "heading 2": 2, "heading 3": 3}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NUMBER = re.compile(r"^\s*(?:[IVXLC]{1,6}|\d{1,2}|[a-zđ])\s*[.)/-]\s*")
_ONLY_DOTS = re.compile(r"[\s.…_-]*")
# Where the outline ends: the foot of the paper, and the annex.
_ENDS = frozenset({"noi nhan", "phu luc"})


def read(document: Any, mark: Mark | None, duty: Duty) -> Reading:
    """What the paper says for the duty. Raises UnusableFile for what is no such paper."""
    body = document.element.body
    titles = {each.key: each.title.vi for each in duty.sections}
    found = _sections(document, duty)
    written = {key: "\n".join(lines) for key, lines in found.lines.items() if lines}
    parts = {key: text for key, text in written.items() if len(text) <= LONGEST_PART}
    wrong = [Wrong(Place(Kind.SECTION, titles[key]), Trouble.TOO_LONG) for key in written if key not in parts]
    remarks = _remarks(found, titles)
    figures, more = paper_tables.figures(list(_grids(body)), duty)
    if not parts and not figures and not wrong and not more:
        raise UnusableFile(Unusable.NOTHING)
    if mark is None:
        remarks.insert(0, (Remark.UNMARKED, ()))
    elif mark.definition != file_marks.definition(duty):
        remarks.insert(0, (Remark.OLDER, ()))
    if any(True for _ in body.iter(*_TRACKED)):
        remarks.append((Remark.TRACKED, ()))
    return Reading(mark, figures, parts, (*wrong, *more), tuple(remarks))


def open_file(content: bytes) -> tuple[Any, Mark | None]:
    """A paper, and which report it says it is for. Raises UnusableFile."""
    from docx import Document

    office_parts.check(content)
    try:
        document = Document(BytesIO(content))
        return document, file_marks.read(document_properties.get(document, file_marks.NAME))
    except Exception as error:  # python-docx raises whatever its parsers do; nothing here can be mended
        raise UnusableFile(Unusable.BROKEN) from error


@dataclass(slots=True)
class _Sections:
    """What stands below which heading; ``level`` is that of the section that is being read."""

    lines: dict[str, list[str]] = field(default_factory=dict)
    now: str = ""
    level: int = 0
    tables: dict[str, None] = field(default_factory=dict)
    pictures: dict[str, None] = field(default_factory=dict)
    others: dict[str, None] = field(default_factory=dict)


def _sections(document: Any, duty: Duty) -> _Sections:
    known = {_bare(each.text): each for each in outline(duty)}
    levels = {each.style_id: _HEADINGS.get(fold(each.name or ""), 0) for each in document.styles}
    found = _Sections()
    for block in _blocks(document.element.body):
        if block.tag == _TABLE:
            rows = _rows(block)
            if any(fold(cell).startswith("noi nhan") for row in rows[:1] for cell in row):
                break
            if found.now and rows:
                found.lines[found.now] += [" | ".join(clean(cell) for cell in row) for row in rows]
                found.tables[found.now] = None
            continue
        text = _text(block)
        bare = _bare(text)
        if bare in _ENDS:
            break
        heading = known.get(bare)
        level = next((levels.get(each.get(_VALUE), 0) for each in block.iter(_STYLE)), 0)
        if heading is not None and (heading.section is None or heading.section.key not in found.lines):
            found.now, found.level = heading.section.key if heading.section else "", heading.level
            if found.now:
                found.lines[found.now] = []
        elif found.now and bare and 0 < level <= found.level:
            found.others[clean(text)] = None
            found.now = ""
        elif found.now:
            if any(True for _ in block.iter(*_PICTURES)):
                found.pictures[found.now] = None
            found.lines[found.now] += _written(text)
    return found


def _remarks(found: _Sections, titles: Mapping[str, str]) -> list[tuple[Remark, tuple[str, ...]]]:
    said = (
        (Remark.NO_SECTION, tuple(title for key, title in titles.items() if key not in found.lines)),
        (Remark.OTHER_HEADING, tuple(found.others)),
        (Remark.TABLES, tuple(titles[key] for key in found.tables)),
        (Remark.PICTURES, tuple(titles[key] for key in found.pictures)),
    )
    return [(what, about) for what, about in said if about]


def _written(text: str) -> list[str]:
    """What somebody wrote: without our hints, and lines of dots to write on."""
    return [
        clean(line)
        for line in text.splitlines()
        if not line.strip().startswith(report_paper.HINT.strip()) and not _ONLY_DOTS.fullmatch(line)
    ]


def _bare(heading: str) -> str:
    """A heading without its number, letters' size and marks."""
    return fold(_NUMBER.sub("", clean(heading))).rstrip(" .:")


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in their order, also those inside of fields and content controls."""
    for child in parent:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
        elif isinstance(child.tag, str) and child.tag != _FALLBACK:
            yield from _blocks(child)


def _grids(body: Any) -> Iterator[Grid]:
    """The tables with the last words above them."""
    caption = ""
    for block in _blocks(body):
        if block.tag == _PARAGRAPH:
            caption = clean(_text(block)) or caption
        else:
            yield Grid(_NUMBER.sub("", caption), _rows(block))


def _rows(table: Any) -> list[list[str]]:
    return [[_text(cell) for cell in row.iterchildren(_CELL)] for row in _row_elements(table)][:_MOST_ROWS]


def _row_elements(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == _ROW:
            yield child
        elif isinstance(child.tag, str) and child.tag not in (_TABLE, _PARAGRAPH, _FALLBACK):
            yield from _row_elements(child)


def _text(element: Any) -> str:
    """The words of a paragraph or cell, with inserted and without deleted ones."""
    said: list[str] = []
    for part in _inner(element):
        if part.tag == _TEXT:
            said.append(part.text or "")
        elif part.tag == _TAB:
            said.append(" ")
        elif part.tag in _BREAKS or (part.tag == _PARAGRAPH and said):
            said.append("\n")
    return "".join(said)


def _inner(element: Any) -> Iterator[Any]:
    """Everything within, but not what repeats a drawing's words for programs that can't draw it."""
    for child in element:
        if child.tag != _FALLBACK:
            yield child
            yield from _inner(child)
