"""Lines, rules, columns and tables of a Word file in Times New Roman, black on A4: what every paper is set from.

Sizes are in points, widths in millimetres. ``decree_30`` puts official papers together from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from bot.messages import Language
from bot.services.papers.plain_text import one_line

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Times New Roman"
# A4 upright, with margins that Decree 30/2020/NĐ-CP allows: top and bottom 20-25, left 30-35, right 15-20.
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 15
TEXT_WIDTH = 210 - LEFT - RIGHT

CENTER, JUSTIFIED, TO_LEFT, TO_RIGHT = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
)
_BLACK, _RED = RGBColor(0, 0, 0), RGBColor(0xB0, 0x10, 0x10)
_MM_PER_POINT = 25.4 / 72
_IN_TABLES = 12


def new(title: str, language: Language = Language.VI, *, made_at: datetime, size: float = 14) -> Paper:
    """An empty paper. ``size`` is that of its text; what the program's name stands for is only in its properties."""
    document: Paper = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.header_distance = section.footer_distance = Mm(10)
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
        _letters(document.styles[name], size, language)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = one_line(title)[:255], "Nhịp Cầu", ""
    properties.comments, properties.language = "", language.value
    properties.created = properties.modified = made_at
    return document


def content_of(document: Paper) -> bytes:
    """The file."""
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def line(
    paragraph: Paragraph,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    red: bool = False,
    size: float | None = None,
    align: WD_ALIGN_PARAGRAPH = CENTER,
    before: float = 0,
    after: float = 0,
) -> Paragraph:
    """Write a text into a paragraph, as one line that only the margin breaks."""
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    run = paragraph.add_run(one_line(text))
    run.bold, run.italic = bold, italic
    if size is not None:
        run.font.size = Pt(size)
    if red:
        run.font.color.rgb = _RED
    return paragraph


def rule(paragraph: Paragraph, width: float, within: float) -> None:
    """A thin solid line in the middle of ``within``: the upper edge of a paragraph without words."""
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Mm(max(0.0, (within - width) / 2))
    form.space_before, form.space_after = Pt(1), Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(4)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    form.element.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """About how long a line of Times New Roman is, in millimetres: for rules that follow a line's length."""
    ems = sum(0.25 if c == " " else 0.69 if c.isupper() else 0.46 for c in text)
    return ems * size * _MM_PER_POINT * (1.05 if bold else 1)


def columns(document: Paper, rows: int, *widths: float) -> Table:
    """A table without lines. Both grid and cells say the widths: programs read either."""
    table: Table = document.add_table(rows=rows, cols=len(widths))
    _measure(table, widths)
    return table


def grid(
    document: Paper,
    heading: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    numbers: frozenset[int] = frozenset(),
) -> Table:
    """A table with lines whose heading is repeated on each page; the columns ``numbers`` are set to the right."""
    table: Table = document.add_table(rows=1 + len(rows), cols=len(widths), style="Table Grid")
    for number, (row, texts) in enumerate(zip(table.rows, (heading, *rows), strict=True)):
        properties = first(row.cells[0]).paragraph_format.element.xpath("ancestor::w:tr")[0].get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            align = CENTER if number == 0 else TO_RIGHT if column in numbers else TO_LEFT
            _write(cell, text, bold=number == 0, size=_IN_TABLES, align=align)
    _measure(table, widths)
    return table


def first(cell: _Cell) -> Paragraph:
    """The paragraph that a cell is made with."""
    paragraph: Paragraph = cell.paragraphs[0]
    return paragraph


def page_numbers(document: Paper, *, size: float = 13) -> None:
    """Arabic numbers in the middle of the top margin, none on the first page."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = CENTER
    run = paragraph.add_run()
    run.font.size = Pt(size)
    for kind, instruction in (("begin", None), (None, "PAGE"), ("separate", None), (None, None), ("end", None)):
        if kind is not None:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run.font.element.append(mark)
        elif instruction is not None:
            said = OxmlElement("w:instrText")
            said.text = instruction
            run.font.element.append(said)
        else:
            run.add_text("2")


def _write(cell: _Cell, text: str, *, bold: bool, size: float, align: WD_ALIGN_PARAGRAPH) -> None:
    for number, words in enumerate(text.splitlines() or [""]):
        paragraph = first(cell) if number == 0 else cell.add_paragraph()
        line(paragraph, words, bold=bold, size=size, align=align, before=2, after=2)


def _measure(table: Table, widths: Sequence[float]) -> None:
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _letters(style: Any, size: float, language: Language) -> None:
    """One font for all scripts: without the East Asian attribute programs put another in for some letters."""
    style.font.name, style.font.size = FONT, Pt(size)
    style.font.color.rgb = _BLACK
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for attribute in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[attribute]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    if style.name == "Normal":
        spoken = OxmlElement("w:lang")
        spoken.set(qn("w:val"), "vi-VN" if language is Language.VI else "en-GB")
        properties.append(spoken)
