"""What would become of a report's draft if a form that was sent back were taken over, and doing it."""

from __future__ import annotations

from collections.abc import Mapping
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


def read(content: bytes, *, is_workbook: bool, duty: Duty, owed: Owed) -> Reading:
    """What a form says for an obligation; takes time, call it in a thread. Raises UnusableFile, also for another's."""
    found = _mark_of(content, is_workbook=is_workbook)
    if found is not None:
        _check(found, owed)
    if is_workbook:
        from bot.services.filled_forms import workbook_reading

        return workbook_reading.read(content, duty)
    from bot.services.filled_forms import paper_reading

    return paper_reading.read(content, duty)


def mark_in(content: bytes, *, is_workbook: bool) -> Mark | None:
    """Which report a file is a form of; None for any other file. Takes time, call it in a thread."""
    try:
        return _mark_of(content, is_workbook=is_workbook)
    except UnusableFile:
        return None


def _mark_of(content: bytes, *, is_workbook: bool) -> Mark | None:
    if is_workbook:
        from bot.services.filled_forms import workbook_reading

        return workbook_reading.mark_of(content)
    from bot.services.filled_forms import paper_reading

    return paper_reading.mark_of(content)


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
