"""The parts of an official paper in the layout of Decree 30/2020/NĐ-CP, Appendix I, from its head to "Nơi nhận".

Call them in the order in which they stand in the paper. Texts are official Vietnamese and finished; a date that isn't
known yet leaves room to write it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from docx.document import Document as Paper
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from bot.messages import Language
from bot.services.papers import typesetting
from bot.services.papers.plain_text import paragraphs
from bot.services.papers.typesetting import CENTER, JUSTIFIED, TEXT_WIDTH, TO_LEFT, first, line, rule, width_of

COUNTRY = {Language.VI: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Language.EN: "SOCIALIST REPUBLIC OF VIET NAM"}
MOTTO = {Language.VI: "Độc lập - Tự do - Hạnh phúc", Language.EN: "Independence - Freedom - Happiness"}
# What the left and the right half of the head and of the foot are wide, in millimetres.
HEAD = (68, TEXT_WIDTH - 68)
FOOT = (85, TEXT_WIDTH - 85)
_SMALL, _TEXT, _INDENT = 13, 14, 12.7


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues a paper. ``superior`` and ``body`` are lines in capitals, ``sign`` stands after the type (``BC-SCT``).

    ``signs`` are the lines above a signature, such as ``TM. ỦY BAN NHÂN DÂN`` and ``CHỦ TỊCH``.
    """

    superior: tuple[str, ...]
    body: tuple[str, ...]
    sign: str
    place: str
    signs: tuple[str, ...]


def new(title: str, *, made_at: datetime) -> Paper:
    """An empty official paper with page numbers."""
    document = typesetting.new(title, made_at=made_at, size=_TEXT)
    typesetting.page_numbers(document, size=_SMALL)
    return document


def national_title(left: Sequence[tuple[str, bool]], document: Paper, language: Language = Language.VI) -> None:
    """The first row of a head: lines on the left, each bold or not, with a rule; country and motto on the right."""
    issuing, national = typesetting.columns(document, 1, *HEAD).rows[0].cells
    for number, (text, bold) in enumerate(left):
        line(first(issuing) if number == 0 else issuing.add_paragraph(), text, bold=bold, size=_SMALL)
    # A third to a half of the line above it.
    last = min(width_of(left[-1][0], _SMALL, bold=True), HEAD[0] - 5) if left else 0
    rule(issuing.add_paragraph(), last * 0.42, HEAD[0] - 4)
    line(first(national), COUNTRY[language], bold=True, size=12.5)
    line(national.add_paragraph(), MOTTO[language], bold=True, size=_SMALL)
    rule(national.add_paragraph(), width_of(MOTTO[language], _SMALL, bold=True), HEAD[1] - 4)


def head(document: Paper, issuer: Issuer, *, kind: str, day: date | None, year: int) -> None:
    """Issuing body and national title, then the sign, with room for a number, beside place and date.

    ``kind`` is the type's symbol (``BC``). ``year`` is written where the ``day`` isn't known yet.
    """
    national_title([*((text, False) for text in issuer.superior), *((text, True) for text in issuer.body)], document)
    numbered, dated = typesetting.columns(document, 1, *HEAD).rows[0].cells
    line(first(numbered), f"Số: ……/{kind}-{issuer.sign}", size=_SMALL, before=4)
    line(first(dated), place_and_date(issuer.place, day, year), italic=True, size=_TEXT, before=4)


def place_and_date(place: str, day: date | None, year: int) -> str:
    """``Hà Nội, ngày 05 tháng 01 năm 2027``: zeros lead days below 10 and the months January and February."""
    if day is None:
        return f"{place}, ngày … tháng … năm {year}"
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"{place}, ngày {day.day:02} tháng {month} năm {day.year}"


def title(document: Paper, name: str, subject: str) -> None:
    """The type in capitals and what the paper is about, with a rule below."""
    line(document.add_paragraph(), name.upper(), bold=True, size=_TEXT, before=18)
    line(document.add_paragraph(), subject, bold=True, size=_TEXT)
    length = min(width_of(subject, _TEXT, bold=True), TEXT_WIDTH)
    rule(document.add_paragraph(), length * 0.4, TEXT_WIDTH)


def addressed_to(document: Paper, names: Sequence[str]) -> None:
    """``Kính gửi``: one name beside it, several below it."""
    if len(names) == 1:
        line(document.add_paragraph(), f"Kính gửi: {names[0]}", size=_TEXT, before=12, after=6)
        return
    line(document.add_paragraph(), "Kính gửi:", size=_TEXT, before=12)
    for number, name in enumerate(names, start=1):
        end = "." if number == len(names) else ";"
        paragraph = line(document.add_paragraph(), f"- {name}{end}", size=_TEXT, align=TO_LEFT)
        paragraph.paragraph_format.left_indent = Mm(60)
    document.paragraphs[-1].paragraph_format.space_after = Pt(6)


def legal_bases(document: Paper, bases: Sequence[str]) -> None:
    """``Căn cứ …``: each in italics, ending with a semicolon, the last with a full stop."""
    for number, basis in enumerate(bases, start=1):
        end = "." if number == len(bases) else ";"
        body(document, f"{basis.rstrip(' .;')}{end}", italic=True)


def body(document: Paper, text: str, *, italic: bool = False, red: bool = False) -> list[Paragraph]:
    """Text as justified paragraphs, one per line of it, their first lines indented."""
    made = []
    for words in paragraphs(text):
        paragraph = line(document.add_paragraph(), words, italic=italic, red=red, align=JUSTIFIED, before=3, after=3)
        paragraph.paragraph_format.first_line_indent = Mm(_INDENT)
        paragraph.paragraph_format.line_spacing = 1.15
        made.append(paragraph)
    return made


def heading(document: Paper, text: str, level: int = 1) -> Paragraph:
    """A heading (``I. …``, ``1. …``, ``a) …``) that Word lists as one and that stays with what follows."""
    paragraph = document.add_paragraph(style=f"Heading {level}")
    line(paragraph, text, bold=True, italic=level == 3, align=TO_LEFT, before=6, after=3)
    paragraph.paragraph_format.first_line_indent = Mm(_INDENT)
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def table(
    document: Paper,
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    numbers: frozenset[int] = frozenset(),
) -> None:
    """A table with lines under its caption. ``widths`` in millimetres, together at most the text's width."""
    if caption:
        paragraph = line(document.add_paragraph(), caption, bold=True, size=_SMALL, align=CENTER, before=6, after=3)
        paragraph.paragraph_format.keep_with_next = True
    typesetting.grid(document, columns, rows, widths, numbers=numbers)
    line(document.add_paragraph(), "", size=4)


def foot(document: Paper, issuer: Issuer, recipients: Sequence[str]) -> None:
    """``Nơi nhận`` on the left, room to sign on the right; ``recipients`` end with where the paper is kept."""
    line(document.add_paragraph(), "", size=6)
    sheet = typesetting.columns(document, 1, *FOOT)
    sent_to, signed = sheet.rows[0].cells
    line(first(sent_to), "Nơi nhận:", bold=True, italic=True, size=12, align=TO_LEFT)
    for number, recipient in enumerate(recipients, start=1):
        end = "." if number == len(recipients) else ";"
        line(sent_to.add_paragraph(), f"- {recipient.rstrip('.;')}{end}", size=11, align=TO_LEFT)
    for number, words in enumerate(issuer.signs):
        line(first(signed) if number == 0 else signed.add_paragraph(), words, bold=True, size=_TEXT)
    line(signed.add_paragraph(), "", size=_TEXT, before=60)
    for paragraph in (*sent_to.paragraphs, *signed.paragraphs):
        paragraph.paragraph_format.keep_with_next = True
