"""A list of agencies with where each stands, as tables for the office's records. Pure, in Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.i18n import Translator
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.compliance import compliance_texts, tallies
from bot.services.compliance.selections import EVERY_KIND, Selection
from bot.services.compliance.standings import Stage, Standing
from bot.services.compliance.tallies import Tally
from bot.services.duties.windows import Period
from bot.services.reminding.addressees import Gap
from bot.services.reporting import report_texts
from bot.services.spreadsheets.tables import Cell, Table


@dataclass(frozen=True, slots=True)
class Asked:
    """What a file is about, who asked for it and when."""

    title: str
    period: Period
    selection: Selection
    by: str
    at: datetime


def tables(
    asked: Asked,
    listed: Sequence[Standing],
    everybody: Sequence[Standing],
    gaps: Mapping[int, Gap | None],
    calendar: WorkingCalendar,
    t: Translator,
) -> list[Table]:
    """The list, the figures of the whole period, and what the file is. ``gaps`` go by agency id."""
    today = asked.at.astimezone(t.zone).date()
    return [
        _agencies(listed, gaps, today, calendar, t),
        _figures(everybody, today, t),
        _notes(asked, len(listed), t),
    ]


def _agencies(
    listed: Sequence[Standing], gaps: Mapping[int, Gap | None], today: date, calendar: WorkingCalendar, t: Translator
) -> Table:
    heading = (
        t("No."), t("Agency"), t("Kind of agency"), t("Status"), t("Due date"), t("Working days late"),
        t("First handed in at"), t("Timeliness"), t("Newest version handed in at"), t("Version"),
        t("Document number"), t("Document date"), t("To be corrected by"), t("First opened at"),
        t("Acknowledged at"), t("Planned for"), t("Asks for time until"), t("Focal points"),
    )  # fmt: skip
    rows = []
    for number, each in enumerate(listed, start=1):
        row: tuple[Cell, ...] = (
            number,
            each.agency.vi,
            compliance_texts.one_kind(each.kind, t),
            compliance_texts.stage(each.stage(today), t),
            each.due_on,
            compliance_texts.days_late(each, today, calendar, t),
            _local(each.first_at, t),
            _timeliness(each, t),
            _local(each.submitted_at, t),
            each.version or None,
            each.document_number or None,
            each.document_date,
            each.correct_by,
            _local(each.opened_at, t),
            _local(each.acknowledged_at, t),
            each.planned_on,
            each.asked_until,
            compliance_texts.gap(gaps.get(each.agency.id), t) or t("can be reached"),
        )
        rows.append(row)
    return Table(t("List"), heading, tuple(rows))


def _figures(everybody: Sequence[Standing], today: date, t: Translator) -> Table:
    heading = (
        t("Kind of agency"), t("Owed"), t("Handed in"), t("Rate of handing in (%)"), t("On time"),
        t("On-time rate (%)"), t("Late"), t("Accepted"), t("Waiting for review"), t("Returned"),
        t("Not handed in"), t("Overdue"), t("Never opened"),
    )  # fmt: skip
    groups = tallies.by_kind(everybody, today, t.zone)
    rows = [_row(compliance_texts.kind(kind, t), of) for kind, of in groups.items()]
    rows.append(_row(compliance_texts.kind(EVERY_KIND, t), tallies.tally(everybody, today, t.zone)))
    return Table(t("Figures of the period"), heading, tuple(rows))


def _row(name: str, of: Tally) -> tuple[Cell, ...]:
    return (
        name,
        of.owed,
        of.handed_in,
        round(of.rate, 1),
        of.on_time,
        round(of.on_time_rate, 1),
        of.late,
        of.stages[Stage.ACCEPTED],
        of.stages[Stage.TO_REVIEW],
        of.stages[Stage.RETURNED],
        of.missing,
        of.stages[Stage.OVERDUE],
        of.never_opened,
    )


def _notes(asked: Asked, count: int, t: Translator) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (t("Report"), asked.title),
        (t("Period"), report_texts.period(asked.period, t)),
        (t("List"), compliance_texts.selection(asked.selection, t)),
        (t("Number of agencies"), count),
        (t("Made at"), _local(asked.at, t)),
        (t("Made by"), asked.by),
        (t("Rates"), t("Rates are shares of the agencies that owe the report; returned reports count as handed in.")),
    ]
    return Table(t("Notes"), (t("Item"), t("Content")), tuple(rows))


def _timeliness(of: Standing, t: Translator) -> str | None:
    if not of.handed_in:
        return None
    return t("late") if of.late(t.zone) else t("on time")


def _local(moment: datetime | None, t: Translator) -> datetime | None:
    return moment.astimezone(t.zone).replace(tzinfo=None, second=0, microsecond=0) if moment else None
