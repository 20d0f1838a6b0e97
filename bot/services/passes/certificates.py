"""A confirmation of attendance as a DOCX file, with the headings that Decree 30/2020/NĐ-CP gives to such papers.

It says only what is known: who was expected, what for, when, and that the code was seen at the door. Nobody has
signed it, and it says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from docx import Document
from docx.document import Document as Made
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.check_in import CheckIn
from bot.i18n import Translator
from bot.messages import Language
from bot.services.applications.filed_applications import Filed
from bot.services.forms import field_texts
from bot.services.offerings import offering_texts
from bot.services.passes.plain_text import one_line

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_FONT = "Times New Roman"
_RED = RGBColor(0xB0, 0x10, 0x10)


@dataclass(frozen=True, slots=True)
class Attended:
    """What the paper says. ``person`` is the contact from the answers, ``came_at`` when the code was seen."""

    agency: str
    business: str
    tax_code: str
    person: str
    came_at: datetime | None


def certificate(filed: Filed, attended: Attended, t: Translator, *, now: datetime) -> bytes:
    """The paper in the reader's language, dated today."""
    document = Document()
    _page(document)
    if filed.sample:
        _line(document.add_paragraph(), _example(t), bold=True, red=True, after=18)
    _headings(document, attended.agency, t)
    day = now.astimezone(t.zone)
    _line(document.add_paragraph(), _place_and_date(day, t), italic=True, align=WD_ALIGN_PARAGRAPH.RIGHT, before=12)
    _line(document.add_paragraph(), t("CONFIRMATION OF ATTENDANCE"), bold=True, size=16, before=24, after=18)
    lead = t("According to the attendance list of the event, {agency} confirms:", agency=attended.agency)
    _line(document.add_paragraph(), lead, align=WD_ALIGN_PARAGRAPH.JUSTIFY, after=6)
    facts = _facts(filed, attended, t)
    for row, (label, value) in zip(_columns(document, len(facts), 50, 115).rows, facts, strict=True):
        _line(_first(row.cells[0]), f"{label}:", align=WD_ALIGN_PARAGRAPH.LEFT, after=4)
        _line(_first(row.cells[1]), value, bold=True, align=WD_ALIGN_PARAGRAPH.LEFT, after=4)
    if filed.sample:
        _line(document.add_paragraph(), filed.details["note"][t.language.value], bold=True, red=True, before=12)
    closing = t(
        "This paper was made by the assistant Nhịp Cầu from the attendance list, at the enterprise's request. It bears "
        "neither signature nor seal; whoever needs these asks the organising agency, naming the code {code}.",
        code=filed.code,
    )
    _line(document.add_paragraph(), closing, italic=True, size=12, align=WD_ALIGN_PARAGRAPH.JUSTIFY, before=24)
    properties = document.core_properties
    properties.title, properties.author = t("Confirmation of attendance"), "Nhịp Cầu"
    properties.comments, properties.language = "", t.language.value
    content = BytesIO()
    document.save(content)
    return content.getvalue()


async def came_at(connection: AsyncConnection, application_id: int) -> datetime | None:
    """When somebody was seen at the door; None where only the list says so."""
    return await connection.scalar(
        select(CheckIn.at)
        .where(CheckIn.application_id == application_id, CheckIn.undone_at.is_(None))
        .order_by(CheckIn.id)
        .limit(1)
    )


def _facts(filed: Filed, attended: Attended, t: Translator) -> list[tuple[str, str]]:
    facts = [
        (t("Enterprise"), attended.business),
        (t("Tax code"), field_texts.tax_code(attended.tax_code, t)),
        (t("Contact person"), attended.person),
        (t("Number of seats"), t.number(filed.seats)),
        (t("Attended the event"), filed.title(t.language)),
    ]
    if filed.starts_at is not None:
        facts.append((t("Time"), offering_texts.time(filed.starts_at, filed.ends_at, t)))
    place = filed.details.get("place")
    facts.append((t("Place"), place[t.language.value] if place else t("online")))
    if attended.came_at is not None:
        facts.append((t("Checked in at"), t.moment(attended.came_at)))
    facts.append((t("Code of the registration"), filed.code))
    return [(label, value) for label, value in facts if value]


def _example(t: Translator) -> str:
    return t("EXAMPLE - the event is not real, so this paper confirms nothing")


def _page(document: Made) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(14)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)


def _headings(document: Made, agency: str, t: Translator) -> None:
    """Who holds the event on the left, the national heading with its motto on the right."""
    left, right = _columns(document, 1, 65, 100).rows[0].cells
    _line(_first(left), agency.upper(), bold=True, size=12)
    _line(left.add_paragraph(), "_" * 14, size=8)
    country = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" if t.language is Language.VI else "SOCIALIST REPUBLIC OF VIET NAM"
    motto = "Độc lập - Tự do - Hạnh phúc" if t.language is Language.VI else "Independence - Freedom - Happiness"
    _line(_first(right), country, bold=True, size=12)
    _line(right.add_paragraph(), motto, bold=True, size=13)
    _line(right.add_paragraph(), "_" * 24, size=8)


def _place_and_date(day: datetime, t: Translator) -> str:
    if t.language is Language.VI:
        return f"Hà Nội, ngày {day:%d} tháng {day:%m} năm {day:%Y}"
    return f"Ha Noi, {t.date(day.date()).partition(' ')[2]}"


def _first(cell: _Cell) -> Paragraph:
    paragraph: Paragraph = cell.paragraphs[0]
    return paragraph


def _line(
    paragraph: Paragraph,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    red: bool = False,
    size: float = 14,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.CENTER,
    before: float = 0,
    after: float = 0,
) -> None:
    """``size``, ``before`` and ``after`` are in points."""
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    run = paragraph.add_run(one_line(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    if red:
        run.font.color.rgb = _RED


def _columns(document: Made, rows: int, *widths: int) -> Table:
    """A table without lines; ``widths`` in millimetres. Both grid and cells say them: programs read either."""
    table: Table = document.add_table(rows=rows, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    return table
