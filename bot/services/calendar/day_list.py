"""The days of a year that are not what their weekday says: by law, and as staff entered them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.calendar import CalendarOverride, CalendarYear
from bot.db.models.people import Contact
from bot.db.upsert import insert_for
from bot.messages import Language
from bot.services.calendar import calendar_history
from bot.services.calendar.calendar_history import New, What
from bot.services.calendar.working_days import LAST_ANNOUNCED_YEAR

_LIBRARY_LANGUAGE = {Language.VI: "vi", Language.EN: "en_US"}
# In its English names the month comes first, as nowhere else in the program.
_MONTH_FIRST = re.compile(r"(\d\d)/(\d\d)/(\d{4})")
# Wanted by a resolution, counted as a day off by the library; whether the law was amended is not known for sure.
CULTURE_DAY = (11, 24)


@dataclass(frozen=True, slots=True)
class Edit:
    """What an officer says of a day: ``worked`` or off, or None: nothing any more, as the law has it."""

    day: date
    worked: bool | None
    label: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """One day: ``entered`` says that it stands in the table, by ``by`` (nobody: the program knew it)."""

    day: date
    worked: bool
    label: str
    document: str = ""
    entered: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    """Whether the days of a year are announced, by which document (empty where that was known from the beginning)."""

    announced: bool
    document: str = ""
    by: str = ""


async def of_year(connection: AsyncConnection, year: int, language: Language) -> list[Listed]:
    """Holidays and worked weekends of a year, with what was entered in place of them."""
    rows = await connection.execute(
        select(CalendarOverride, Contact.name.label("by"))
        .outerjoin(Contact, Contact.id == CalendarOverride.created_by)
        .where(CalendarOverride.day.between(date(year, 1, 1), date(year, 12, 31)))
    )
    days = {each.day: each for each in by_law(year, language)}
    for row in rows:
        label = row.label_vi if language is Language.VI else row.label_en
        days[row.day] = Listed(row.day, row.kind == "work", label, row.source_document, entered=True, by=row.by or "")
    return [days[day] for day in sorted(days)]


@cache
def by_law(year: int, language: Language) -> tuple[Listed, ...]:
    """What the library of holidays says of a year; loading it takes a while, so it waits until needed."""
    from holidays import country_holidays

    holidays = country_holidays("VN", years=year, language=_LIBRARY_LANGUAGE[language])
    off = [Listed(day, worked=False, label=_MONTH_FIRST.sub(r"\2/\1/\3", name) if language is Language.EN else name)
           for day, name in holidays.items()]  # fmt: skip
    # The library names worked weekends of all years, whichever is asked for.
    worked = [Listed(day, worked=True, label="") for day in holidays.weekend_workdays if day.year == year]
    return (*off, *worked)


async def year(connection: AsyncConnection, number: int) -> Year:
    """How certain a year is."""
    row = (
        await connection.execute(
            select(CalendarYear.source_document, Contact.name)
            .outerjoin(Contact, Contact.id == CalendarYear.confirmed_by)
            .where(CalendarYear.year == number)
        )
    ).one_or_none()
    if row is not None:
        return Year(announced=True, document=row[0], by=row[1] or "")
    return Year(announced=number <= LAST_ANNOUNCED_YEAR)


async def confirm_year(
    connection: AsyncConnection, number: int, *, document: str, contact_id: int, now: datetime
) -> None:
    """Say that the days of a year are announced."""
    said = {"source_document": document, "confirmed_at": now, "confirmed_by": contact_id}
    await connection.execute(
        insert_for(connection, CalendarYear)
        .values(year=number, **said)
        .on_conflict_do_update(index_elements=["year"], set_=said)
    )
    event = New(number, None, What.ANNOUNCED, {"document": document})
    await calendar_history.record(connection, [event], by=contact_id, now=now)


async def take_back_year(connection: AsyncConnection, number: int, *, contact_id: int, now: datetime) -> None:
    """Say that they are not."""
    was = delete(CalendarYear).where(CalendarYear.year == number).returning(CalendarYear.source_document)
    document = await connection.scalar(was)
    if document is not None:
        event = New(number, None, What.NOT_ANNOUNCED, {"document": document})
        await calendar_history.record(connection, [event], by=contact_id, now=now)


async def enter(connection: AsyncConnection, edits: Sequence[Edit], *, contact_id: int, now: datetime) -> None:
    """Store what an officer says of days, with what stood there before in the history."""
    before = await _entered(connection, [edit.day for edit in edits])
    events = []
    for edit in edits:
        was = before.get(edit.day)
        if edit.worked is None:
            if was is not None:
                await connection.execute(delete(CalendarOverride).where(CalendarOverride.day == edit.day))
                events.append(New(edit.day.year, edit.day, What.TAKEN_OUT, was))
            continue
        said = {
            "kind": "work" if edit.worked else "off",
            "label_vi": edit.label,
            "label_en": edit.label,
            "source_document": edit.document,
            "created_at": now,
            "created_by": contact_id,
        }
        await connection.execute(
            insert_for(connection, CalendarOverride)
            .values(day=edit.day, **said)
            .on_conflict_do_update(index_elements=["day"], set_=said)
        )
        becomes = {"worked": edit.worked, "label": edit.label, "document": edit.document}
        events.append(
            New(edit.day.year, edit.day, What.ADDED, becomes)
            if was is None
            else New(edit.day.year, edit.day, What.CHANGED, {**becomes, "was": was})
        )
    await calendar_history.record(connection, events, by=contact_id, now=now)


async def _entered(connection: AsyncConnection, days: Sequence[date]) -> dict[date, dict[str, Any]]:
    rows = await connection.execute(
        select(
            CalendarOverride.day, CalendarOverride.kind, CalendarOverride.label_vi, CalendarOverride.source_document
        ).where(CalendarOverride.day.in_(days))
    )
    return {
        day: {"worked": kind == "work", "label": label, "document": document} for day, kind, label, document in rows
    }
