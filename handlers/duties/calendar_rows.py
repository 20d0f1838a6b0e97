"""A table of days that was sent: every row is checked, and what it changes worked out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.i18n import Translator
from bot.messages import Language
from bot.services.calendar import day_list, day_table, working_days
from bot.services.calendar.day_list import Edit, Listed
from bot.services.calendar.day_table import KINDS, Kind, Row
from bot.services.calendar.working_days import WorkingCalendar
from content.yaml_reader import Mistake
from handlers.duties import calendar_pages, calendar_rules
from handlers.duties.calendar_rules import LONGEST_DOCUMENT, LONGEST_LABEL
from handlers.reporting import report_answers
from handlers.turn import Turn


@dataclass(frozen=True, slots=True)
class Checked:
    """What the rows change; nothing of it may be used while there are ``mistakes``."""

    edits: tuple[Edit, ...]
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class _Stands:
    """The calendar as it is: its rows as a file has them, every listed day, and those among them that were entered."""

    rows: frozenset[tuple[date | None, Kind | None, str, str]]
    listed: frozenset[date]
    entered: frozenset[date]
    calendar: WorkingCalendar


async def check(turn: Turn, rows: Sequence[Row]) -> Checked:
    """Days that aren't in the table stay as they are, and so does what is written as it stands by now."""
    days = [_day(turn, row) for row in rows]
    stands = await _as_it_stands(turn, {day.year for day in days if day is not None})
    edits: list[Edit] = []
    mistakes: list[Mistake] = []
    seen: dict[date, int] = {}
    for row, day in zip(rows, days, strict=True):
        if day is not None and day in seen:
            told = turn.t("{date} stands in line {line} already.", date=turn.t.date(day), line=seen[day])
            mistakes.append(_mistake(row, told))
            continue
        if day is not None:
            seen[day] = row.number
        found = _read(turn, row, day, stands)
        if isinstance(found, str):
            mistakes.append(_mistake(row, found))
        elif found is not None:
            edits.append(found)
    return Checked(tuple(sorted(edits, key=lambda edit: edit.day)), tuple(mistakes))


def said(mistake: Mistake, t: Translator) -> str:
    """One mistake with its line."""
    return t("Line {line}: {problem}", line=mistake.line, problem=mistake.message)


def _read(turn: Turn, row: Row, day: date | None, stands: _Stands) -> Edit | str | None:
    """What a row changes, or what is wrong with it; None where all is so by now."""
    t = turn.t
    if day is None:
        return t("“{text}” is not a date. Please write it like 11/02/2027.", text=row.day)
    kind = day_table.kind(row.kind)
    if kind is None:
        words = ", ".join(f"“{each.in_language(t.language)}”" for each in KINDS.values())
        return t("“{text}” is no kind of day; there are {words}.", text=row.kind, words=words)
    if (day, kind, row.label, row.document) in stands.rows:
        return None
    problem = calendar_rules.out_of_reach(turn, day)
    if problem:
        return problem
    if kind is Kind.TAKE_OUT:
        if day not in stands.entered:
            return t("{date} was not entered by anybody, so it can't be taken out.", date=t.date(day))
        return Edit(day, None)
    # Of what is on the list by law, or was entered, name and document may change.
    if day not in stands.listed:
        problem = calendar_rules.already(day, stands.calendar, t, worked=kind is Kind.WORKED)
    problem = problem or _text(t("name"), row.label, LONGEST_LABEL, t)
    problem = problem or _text(t("document"), row.document, LONGEST_DOCUMENT, t)
    return problem or Edit(day, kind is Kind.WORKED, row.label, row.document)


def _text(column: str, written: str, longest: int, t: Translator) -> str:
    problem = calendar_rules.length(written, longest, t)
    return t("{column}: {problem}", column=column, problem=problem) if problem else ""


async def _as_it_stands(turn: Turn, years: Iterable[int]) -> _Stands:
    rows: set[tuple[date | None, Kind | None, str, str]] = set()
    listed: list[Listed] = []
    for year in years:
        if calendar_pages.possible(turn, year) != year:
            continue
        for language in Language:
            days = await day_list.of_year(turn.connection, year, language)
            listed += days
            written = day_table.as_they_return(days, year, language)
            rows |= {(_day(turn, row), day_table.kind(row.kind), row.label, row.document) for row in written}
    return _Stands(
        frozenset(rows),
        frozenset(each.day for each in listed),
        frozenset(each.day for each in listed if each.entered),
        await working_days.load(turn.connection),
    )


def _day(turn: Turn, row: Row) -> date | None:
    return report_answers.day(row.day, turn.today)


def _mistake(row: Row, message: str) -> Mistake:
    return Mistake("", row.number, 1, message)
