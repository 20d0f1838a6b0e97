"""The consolidated report as a Word file in the layout of Decree 30/2020/NĐ-CP, put together from what was accepted.

Official papers are Vietnamese, whoever asks for them. Nothing is invented: what an agency did not say stays out, who is
missing is named on the first page and in an annex, and the signature, number and day are left to the office.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from docx.document import Document as Paper
from docx.enum.text import WD_BREAK

from bot.i18n import Translator
from bot.services.consolidating import annexes, figure_tables, narratives, progress
from bot.services.consolidating.gathering import KINDS, Gathered, consolidating
from bot.services.papers import decree_30, issuers, period_names, typesetting
from bot.services.papers.numerals import roman
from bot.services.report_forms.report_paper import PLAN, begun_small, duty_subject
from bot.services.reporting import receivers
from content.duty_model import Duty, IndicatorGroup, Section
from content.model import Content


@dataclass(frozen=True, slots=True)
class _Heads:
    """Numbers the headings in the order in which they are asked for."""

    document: Paper
    numbers: Iterator[str]

    def next(self, text: str) -> None:
        decree_30.heading(self.document, f"{next(self.numbers)}. {text.upper()}")


def make(gathered: Gathered, known: Content, vietnamese: Translator, *, made_at: datetime) -> bytes:
    """The file."""
    duty, t = gathered.duty, vietnamese
    above = consolidating(duty, known)
    issuing = known.agencies[_issuing(duty)]
    issuer = issuers.issuer(issuing)
    year = made_at.astimezone(t.zone).year
    subject = f"{_subject(duty, above)} {period_names.name(duty, gathered.period)}"
    document = decree_30.new(f"Báo cáo {subject}", made_at=made_at)
    decree_30.head(document, issuer, kind="BC", day=None, year=year)
    decree_30.title(document, "Báo cáo", subject)
    addressed = [known.agencies[slug].name.vi for slug in (above.received_by if above else ())]
    if addressed:
        decree_30.addressed_to(document, addressed)
    decree_30.legal_bases(document, (PLAN, f"Căn cứ chế độ báo cáo: {(above or duty).legal_basis.vi}"))
    _warn(document, gathered, t)
    decree_30.body(
        document,
        f"{issuing.name.vi} tổng hợp kết quả thực hiện (kỳ số liệu {period_names.days(gathered.period)}) như sau:",
    )
    heads = _Heads(document, map(roman, count(1)))
    _who_reported(document, gathered, heads, t)
    _outline(document, gathered, above, heads, t)
    decree_30.body(document, f"Trên đây là kết quả tổng hợp, {issuing.name.vi} trân trọng báo cáo./.")
    recipients = ["Như trên", "Lưu: VT"] if addressed else ["Lưu: VT"]
    decree_30.foot(document, issuer, recipients)
    for number, write in enumerate(annexes.wanted(gathered), start=1):
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        typesetting.line(document.add_paragraph(), f"Phụ lục {number}", bold=True)
        write(document, gathered, t)
    return typesetting.content_of(document)


def _issuing(duty: Duty) -> str:
    """The agency that puts the reports together: the first that looks after them."""
    return receivers.receiving(duty)[0]


def _subject(duty: Duty, above: Duty | None) -> str:
    return duty_subject(above) if above else f"Tổng hợp {begun_small(duty_subject(duty))}"


def _warn(document: Paper, gathered: Gathered, t: Translator) -> None:
    """What the reader must know before any figure: it is a draft, and whom it leaves out."""
    missing = len(gathered.missing)
    said = "Dự thảo do trợ lý Nhịp Cầu lập từ các báo cáo đã được tiếp nhận; cơ quan kiểm tra trước khi ký."
    if missing:
        said += (
            f" CHƯA ĐẦY ĐỦ: mới có {t.number(len(gathered.accepted))}/{t.number(len(gathered.reporters))} cơ quan có "
            f"báo cáo được tiếp nhận; {t.number(missing)} cơ quan còn thiếu nêu tại Phụ lục 2."
        )
    decree_30.body(document, f"[{said}]", italic=True, red=bool(missing))


def _who_reported(document: Paper, gathered: Gathered, heads: _Heads, t: Translator) -> None:
    heads.next("Tình hình báo cáo")
    everybody, in_time = len(gathered.reporters), sum(1 for each, _ in gathered.accepted if not each.late)
    decree_30.body(
        document,
        f"Có {t.number(len(gathered.accepted))}/{t.number(everybody)} cơ quan có báo cáo được tiếp nhận"
        f" ({_share(len(gathered.accepted), everybody, t)}), trong đó {t.number(in_time)} cơ quan nộp đúng hạn.",
    )
    rows = []
    for kind, name in KINDS.items():
        of_kind = [each for each in gathered.reporters if each.kind == kind]
        if of_kind:
            accepted = [each for each in of_kind if each.accepted]
            in_time = sum(not each.late for each in accepted)
            rows.append(
                (
                    name,
                    t.number(len(of_kind)),
                    t.number(len(accepted)),
                    _share(len(accepted), len(of_kind), t),
                    t.number(in_time),
                    t.number(len(of_kind) - len(accepted)),
                )
            )
    decree_30.table(
        document,
        "",
        ("Loại cơ quan", "Phải báo cáo", "Đã tiếp nhận", "Tỷ lệ", "Đúng hạn", "Còn thiếu"),
        rows,
        (40, 25, 27, 23, 25, 25),
        numbers=frozenset({1, 2, 3, 4, 5}),
    )


def _outline(document: Paper, gathered: Gathered, above: Duty | None, heads: _Heads, t: Translator) -> None:
    """The duty's outline in its order: the plan's groups of tasks under one heading, figures where they belong.

    How far the targets are met stands where results end: before what is gathered of problems and proposals.
    """
    duty = gathered.duty
    results_end = next((each for each in duty.sections if each.gathers), None)
    left = [each for each in duty.indicators if not each.task and not progress.is_progress(each)]
    told = False
    for section in duty.sections:
        if section.task:
            if not told:
                _tasks(document, gathered, heads, t)
            told = True
            continue
        groups = [each for each in left if each.key.startswith(section.key)]
        left = [each for each in left if each not in groups]
        if section is results_end:
            progress.write(document, gathered, above, heads.next, t)
        heads.next(section.title.vi)
        _part(document, gathered, groups, [section], t)
    if not told:
        _tasks(document, gathered, heads, t)
    for group in left:
        heads.next(group.title.vi)
        _part(document, gathered, [group], [], t)
    if results_end is None:
        progress.write(document, gathered, above, heads.next, t)


def _tasks(document: Paper, gathered: Gathered, heads: _Heads, t: Translator) -> None:
    """The plan's groups of tasks, each with its figures and what the agencies wrote about it."""
    duty = gathered.duty
    tasks = sorted(({each.task for each in duty.sections} | {each.task for each in duty.indicators}) - {""})
    if not tasks:
        return
    heads.next("Kết quả thực hiện các nhóm nhiệm vụ, giải pháp (mục III của Kế hoạch)")
    for number, task in enumerate(tasks, start=1):
        sections = [each for each in duty.sections if each.task == task]
        groups = [each for each in duty.indicators if each.task == task]
        title = sections[0].title.vi if sections else groups[0].title.vi
        decree_30.heading(document, f"{number}. {title} (mục {task})", 2)
        _part(document, gathered, groups, sections, t)


def _part(
    document: Paper,
    gathered: Gathered,
    groups: Sequence[IndicatorGroup],
    sections: Sequence[Section],
    t: Translator,
) -> None:
    for group in groups:
        figure_tables.write(document, gathered, group, KINDS, t)
    for section in sections:
        narratives.write(document, gathered, section, t)


def _share(part: int, whole: int, t: Translator) -> str:
    return f"{t.number(round(part / whole * 100, 1), decimals=1)}%" if whole else "-"
