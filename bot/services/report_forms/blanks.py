"""What a form that is sent out to be filled in is made for: one report of one agency, with what is known of it.

Also the outline of such a report: its headings, numbered as official papers number them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.services.duties.windows import Period
from bot.services.papers.numerals import roman
from bot.services.report_forms import file_marks
from bot.services.report_forms.file_marks import Mark
from content.duty_model import Duty, Section
from content.model import AgencyDefinition, AgencyDuty

# The plan's groups of tasks have one heading, under which the sections about them stand.
TASKS = "Kết quả thực hiện các nhóm nhiệm vụ"


@dataclass(frozen=True, slots=True)
class Blank:
    """``duties`` are the agency's own under section V of the plan, ``addressed_to`` the names of who receives it.

    ``figures`` and ``parts`` have what was entered by now, ``last`` the figures accepted for the period before.
    """

    duty: Duty
    agency: AgencyDefinition
    duties: tuple[AgencyDuty, ...]
    addressed_to: tuple[str, ...]
    period: Period
    due_on: date
    figures: Mapping[str, Any]
    parts: Mapping[str, Any]
    last: Mapping[str, Any]

    @property
    def mark(self) -> Mark:
        return Mark(self.duty.slug, self.agency.slug, self.period.end, file_marks.definition(self.duty))


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of a report with its number; ``section`` is None where only others stand below it."""

    level: int
    text: str
    section: Section | None = None


def outline(duty: Duty, *, first: int = 1) -> list[Heading]:
    """The headings of a report, from the roman number ``first`` on; sections about tasks in a row share one."""
    headings: list[Heading] = []
    number, task = first - 1, 0
    for section in duty.sections:
        if not section.task:
            number, task = number + 1, 0
            headings.append(Heading(1, f"{roman(number)}. {section.title.vi.upper()}", section))
            continue
        if task == 0:
            number += 1
            headings.append(Heading(1, f"{roman(number)}. {TASKS.upper()}"))
        task += 1
        headings.append(Heading(2, f"{task}. {section.title.vi}", section))
    return headings
