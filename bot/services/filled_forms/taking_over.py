"""What would become of a report's draft if a form that was sent back were taken over, and doing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.filled_forms.office_parts import Unusable, UnusableFile
from bot.services.filled_forms.readings import Reading
from bot.services.handing_in import figures, report_drafts
from bot.services.handing_in.draft_rows import Draft, mark
from bot.services.handing_in.figures import Doubt
from bot.services.handing_in.report_drafts import Saved
from bot.services.report_forms.file_marks import Mark
from bot.services.reporting.obligations import Owed
from content.duty_model import Duty


@dataclass(frozen=True, slots=True)
class Form:
    """A Word or Excel file, parsed once. ``mark`` says which report it is a form of; None for any other file."""

    mark: Mark | None
    read: Callable[[Duty], Reading]


@dataclass(frozen=True, slots=True)
class Plan:
    """``figures`` and ``parts`` are those that the draft doesn't have yet, ``same`` is how many it has.

    ``seen`` are the marks of what the draft has in their places. Nothing is ever taken out of a draft: what a form
    leaves empty stays as it is.
    """

    figures: Mapping[str, Any]
    parts: Mapping[str, str]
    same: int
    seen: Mapping[str, str]
    doubts: tuple[Doubt, ...]

    @property
    def empty(self) -> bool:
        return not self.figures and not self.parts


def open_form(content: bytes, *, is_workbook: bool) -> Form:
    """A file that came, parsed; takes time, call it in a thread. Raises UnusableFile."""
    if is_workbook:
        from bot.services.filled_forms import workbook_reading

        book, mark = workbook_reading.open_file(content)
        return Form(mark, lambda duty: workbook_reading.read(book, mark, duty))
    from bot.services.filled_forms import paper_reading

    document, mark = paper_reading.open_file(content)
    return Form(mark, lambda duty: paper_reading.read(document, mark, duty))


def read(form: Form, duty: Duty, owed: Owed) -> Reading:
    """What a form says for an obligation; takes time, call it in a thread. Raises UnusableFile, also for another's."""
    if form.mark is not None:
        _check(form.mark, owed)
    return form.read(duty)


def _check(found: Mark, owed: Owed) -> None:
    if found.agency != owed.agency.slug:
        raise UnusableFile(Unusable.OTHER_AGENCY, found)
    if found.duty != owed.duty:
        raise UnusableFile(Unusable.OTHER_DUTY, found)
    if found.period_end != owed.period.end:
        raise UnusableFile(Unusable.OTHER_PERIOD, found)


def plan(reading: Reading, duty: Duty, draft: Draft, last: Mapping[str, Any]) -> Plan:
    """What would change. ``last`` are the figures accepted for the period before."""
    values = {key: each for key, each in reading.figures.items() if draft.figures.get(key) != each}
    parts = {key: each for key, each in reading.parts.items() if draft.parts.get(key) != each}
    same = len(reading.figures) + len(reading.parts) - len(values) - len(parts)
    seen = {key: mark(draft.value(key)) for key in (*values, *parts)}
    doubts = tuple(each for each in figures.doubts(duty, values, last))
    return Plan(values, parts, same, seen, doubts)


async def take_over(
    connection: AsyncConnection,
    obligation_id: int,
    contact_id: int,
    planned: Plan,
    seen: Mapping[str, str],
    *,
    now: datetime,
) -> Saved | None:
    """Store what was planned, but nothing that somebody changed since it was ``seen``.

    None when the person does not answer for the agency, or the report can't be written at the moment. Unlikely
    figures count as confirmed: they were shown as such.
    """
    return await report_drafts.save(
        connection,
        obligation_id,
        contact_id,
        figures=planned.figures,
        parts=planned.parts,
        sure=[each.key for each in planned.doubts],
        seen=seen,
        now=now,
    )
