"""The Word file in which an agency writes its report: the layout of Decree 30/2020/NĐ-CP, filled in as far as known.

It has the agency's own tasks under section V of the plan, the outline with hints to write over, and the indicators'
tables as an annex. Official papers are Vietnamese, whoever asks for them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from docx.document import Document as Paper
from docx.enum.text import WD_BREAK

from bot.i18n import Translator
from bot.services.handing_in import figure_texts, figures
from bot.services.papers import decree_30, document_properties, issuers, period_names, typesetting
from bot.services.papers.decree_30 import Issuer
from bot.services.report_forms import figure_sheets, file_marks
from bot.services.report_forms.blanks import Blank, outline
from bot.services.report_forms.figure_sheets import LABEL, LAST, NOW, NUMBER, UNIT
from content.duty_model import Duty, Indicator, IndicatorGroup

HINT = "[Gợi ý: "
DOTS = "…………………………………………………………………………"
TYPES = {"report": ("Báo cáo", "BC"), "plan": ("Kế hoạch", "KH")}
# A figure of a hundred billion has to fit on one line.
_WIDTHS = (13, 56, 26, 35, 35)
_EMPTY_ROWS = 5

PLAN = (
    "Căn cứ Kế hoạch số 50/KH-UBND ngày 04/02/2026 của Ủy ban nhân dân thành phố Hà Nội thực hiện Chương trình phát "
    "triển ngành công nghiệp môi trường Việt Nam giai đoạn 2025-2030 của thành phố Hà Nội"
)


def make(blank: Blank, vietnamese: Translator, *, made_at: datetime) -> bytes:
    """The file."""
    duty, agency = blank.duty, blank.agency
    issuer = issuers.issuer(agency)
    kind, symbol = TYPES[duty.document]
    document = decree_30.new(f"{kind} {subject(blank)}", made_at=made_at)
    document_properties.put(document, file_marks.NAME, file_marks.write(blank.mark))
    decree_30.head(document, issuer, kind=symbol, day=None, year=blank.due_on.year)
    decree_30.title(document, kind, subject(blank))
    # Reports go to somebody; a plan is issued, and only "Nơi nhận" says who gets it.
    if blank.addressed_to and duty.document == "report":
        decree_30.addressed_to(document, blank.addressed_to)
    decree_30.legal_bases(document, (PLAN, f"Căn cứ chế độ báo cáo: {duty.legal_basis.vi}"))
    if duty.default:
        _hint(document, "Kế hoạch không quy định biểu mẫu; đề cương, số liệu dưới đây là mặc định, chờ xác nhận. "
                        "Các dòng trong ngoặc vuông là gợi ý, Anh/Chị xóa trước khi ký.")  # fmt: skip
    verb = "báo cáo" if duty.document == "report" else "ban hành Kế hoạch"
    decree_30.body(document, f"{agency.name.vi} {verb} {begun_small(subject(blank))} "
                             f"(kỳ số liệu {period_names.days(blank.period)}) như sau:")  # fmt: skip
    _tasks(document, blank)
    _sections(document, blank)
    decree_30.foot(document, issuer, _recipients(blank))
    if duty.indicators:
        _annex(document, blank, issuer, vietnamese)
    return typesetting.content_of(document)


def subject(blank: Blank) -> str:
    """What the paper is about, with its period."""
    return f"{duty_subject(blank.duty)} {period_names.name(blank.duty, blank.period)}"


def duty_subject(duty: Duty) -> str:
    """What a duty's papers are about: as its file says, else its title without the type of paper at its beginning."""
    if duty.subject is not None:
        return duty.subject.vi
    bare = duty.title.vi.removeprefix(TYPES[duty.document][0]).strip()
    return bare[:1].upper() + bare[1:]


def _tasks(document: Paper, blank: Blank) -> None:
    if not blank.duties:
        return
    decree_30.heading(document, "I. NHIỆM VỤ ĐƯỢC GIAO TẠI MỤC V CỦA KẾ HOẠCH")
    for task in blank.duties:
        decree_30.body(document, f"- {task.vi.rstrip('.')} (mục {task.source}).")


def _sections(document: Paper, blank: Blank) -> None:
    for heading in outline(blank.duty, first=2 if blank.duties else 1):
        decree_30.heading(document, heading.text, heading.level)
        if heading.section is None:
            continue
        part = blank.parts.get(heading.section.key)
        if isinstance(part, str):
            decree_30.body(document, part)
            continue
        if heading.section.help:
            _hint(document, heading.section.help.vi)
        decree_30.body(document, DOTS)


def _hint(document: Paper, text: str) -> None:
    decree_30.body(document, f"{HINT}{text}]", italic=True)


def _recipients(blank: Blank) -> list[str]:
    named = ["Như trên"] if blank.duty.document == "report" else [f"{name} (để báo cáo)" for name in blank.addressed_to]
    return [*(named if blank.addressed_to else []), "Lưu: VT"]


def _annex(document: Paper, blank: Blank, issuer: Issuer, t: Translator) -> None:
    kind, symbol = TYPES[blank.duty.document]
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    typesetting.line(document.add_paragraph(), "Phụ lục", bold=True)
    period = period_names.name(blank.duty, blank.period)
    typesetting.line(document.add_paragraph(), f"SỐ LIỆU {period.upper()}", bold=True)
    paper = f"{kind} số ……/{symbol}-{issuer.sign} ngày … tháng … năm {blank.due_on.year}"
    said = f"(Kèm theo {paper} của {blank.agency.name.vi})"
    typesetting.line(document.add_paragraph(), said, italic=True, after=6)
    for number, group in enumerate(blank.duty.indicators, start=1):
        _group(document, blank, group, number, t)


def _group(document: Paper, blank: Blank, group: IndicatorGroup, number: int, t: Translator) -> None:
    single = [each for each in group.indicators if each.kind != "table"]
    caption = f"{number}. {group.title.vi}"
    if single:
        rows = [
            (
                str(place),
                each.label.vi,
                figure_sheets.unit_or_choices(each),
                _said(each, blank.last, t),
                _said(each, blank.figures, t),
            )
            for place, each in enumerate(single, start=1)
        ]
        decree_30.table(document, caption, (NUMBER, LABEL, UNIT, LAST, NOW), rows, _WIDTHS, numbers=frozenset({3, 4}))
    for each in group.indicators:
        if each.kind == "table":
            _table(document, blank, each, t, above=caption if not single else "")


def _table(document: Paper, blank: Blank, indicator: Indicator, t: Translator, *, above: str) -> None:
    if above:
        typesetting.line(document.add_paragraph(), above, bold=True, size=13, before=6)
    heading = (NUMBER, *(figure_sheets.column_label(each) for each in indicator.columns))
    known = blank.figures.get(indicator.key)
    there = known if known is not None and figures.fits(indicator, known) else []
    rows = [
        (str(number), *(_bare(row.get(each.key), t) for each in indicator.columns))
        for number, row in enumerate(there, start=1)
    ]
    rows += [(str(number), *("" for _ in indicator.columns)) for number in range(len(rows) + 1, _EMPTY_ROWS + 1)]
    width = (typesetting.TEXT_WIDTH - _WIDTHS[0]) / len(indicator.columns)
    numbers = frozenset(place for place, each in enumerate(indicator.columns, start=1) if each.kind != "text")
    widths = (_WIDTHS[0], *(width for _ in indicator.columns))
    decree_30.table(document, indicator.label.vi, heading, rows, widths, numbers=numbers)


def _said(indicator: Indicator, values: Any, t: Translator) -> str:
    """A value without its unit, which stands in a column of its own; empty where there is none."""
    value = values.get(indicator.key)
    if value is None or not figures.fits(indicator, value):
        return ""
    return _bare(value, t) if indicator.numeric else figure_texts.value(indicator, value, t)


def _bare(value: Any, t: Translator) -> str:
    if isinstance(value, int | float):
        return t.number(value, decimals=figure_texts.DECIMALS)
    return value or ""


def begun_small(text: str) -> str:
    """What begins a sentence, in the middle of one."""
    return text[:1].lower() + text[1:]
