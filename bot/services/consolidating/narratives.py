"""What agencies wrote, gathered section by section: problems and proposals of all, the rest of departments only.

What wards and communes wrote about the other sections stands in an annex, or the report would be as thick as all of
theirs together. Long texts are cut at the end of a word, and say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.document import Document as Paper

from bot.i18n import Translator
from bot.services.consolidating.gathering import Gathered, Reporter
from bot.services.papers import decree_30
from bot.services.papers.plain_text import one_line
from bot.vietnamese import fold
from content.duty_model import Section

LONGEST = 600
IN_A_FILE = "nội dung trong tệp gửi kèm báo cáo"
# Ways to write that there is nothing to report.
_NOTHING = frozenset(
    {"khong", "khong co", "khong phat sinh", "chua phat sinh", "khong co noi dung", "chua co", "none", "no", "nothing"}
)


def write(document: Paper, gathered: Gathered, section: Section, t: Translator) -> None:
    """One section: how many wrote something, and what."""
    found = list(said(gathered, section))
    if not found:
        decree_30.body(document, "Các cơ quan đã báo cáo không nêu nội dung này.")
        return
    everybody = [each for each in found if section.gathers or each[0].kind == "department"]
    others = len(found) - len(everybody)
    decree_30.body(
        document,
        f"{t.number(len(found))}/{t.number(len(gathered.accepted))} cơ quan nêu nội dung."
        + (f" Nội dung của {t.number(others)} phường, xã nêu tại Phụ lục cuối." if others else ""),
    )
    for reporter, text in everybody:
        decree_30.body(document, f"- {reporter.agency.vi}: {shortened(text)}")


def in_annex(gathered: Gathered, section: Section) -> list[tuple[Reporter, str]]:
    """What the text itself leaves to the annex."""
    if section.gathers:
        return []
    return [each for each in said(gathered, section) if each[0].kind != "department"]


def said(gathered: Gathered, section: Section) -> Iterator[tuple[Reporter, str]]:
    """(who, what) of everyone who wrote something in a section."""
    for reporter, version in gathered.accepted:
        text = _text(version.parts.get(section.key))
        if text and fold(text).strip(" .") not in _NOTHING:
            yield reporter, text


def shortened(text: str) -> str:
    """At most so many characters, cut at the end of a word."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST].rsplit(' ', 1)[0].rstrip(' ,;:.')}… (lược bớt; xem báo cáo của cơ quan)"


def _text(part: Any) -> str:
    if isinstance(part, dict):
        return IN_A_FILE
    return one_line(part) if isinstance(part, str) else ""
