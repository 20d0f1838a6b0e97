"""Obligations and their reminder steps, laid out ahead: each exists once, however often this runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db import job_state
from bot.db.engine import Database
from bot.db.models.reporting import Obligation, ReminderStep
from bot.db.types import UtcTime
from bot.db.upsert import insert_or_ignore
from bot.services.agencies import agencies
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.duties import definitions, due_dates
from bot.services.planning.differences import Key, Wanted
from bot.services.reporting.statuses import Status
from content.duty_model import Duty
from content.model import Content

MONTHS_AHEAD = 13
REMINDED_AT = time(8, 0)
JOB = "obligations"


async def generate_ahead(database: Database, known: Content, *, zone: ZoneInfo, now: datetime) -> list[str]:
    """The scheduled job: once a day, and when duties or agencies changed, add what is missing.

    Returns a line for whoever runs the timetable by hand; nothing when there was nothing to add.
    """
    today = now.astimezone(zone).date()
    async with database.reading() as connection:
        # What this process has not taken in yet would be laid out as it was before.
        known = await definitions.over(connection, known)
        done = f"{today} {fingerprint(known)}"
        if await job_state.is_done(connection, JOB, done):
            return []
    async with database.transaction() as connection:
        calendar = await working_days.load(connection)
        added = await generate(connection, known, calendar, today=today, zone=zone)
        await job_state.claim(connection, JOB, done, now)
    return [f"obligations: {added} added up to {_months_later(today, MONTHS_AHEAD)}"] if added else []


async def generate(
    connection: AsyncConnection, known: Content, calendar: WorkingCalendar, *, today: date, zone: ZoneInfo
) -> int:
    """Add every obligation that is due from today on, with its steps, and return how many were new.

    What was due before today is nobody's fault any more: a duty is owed from the day it is known.
    """
    asked_for = wanted(known, await agencies.ids_by_slug(connection), calendar, today)
    existing = await keys_of(connection, asked_for)
    missing = {key: each for key, each in asked_for.items() if key not in existing}
    return await add(connection, known, missing, calendar, zone=zone)


async def add(
    connection: AsyncConnection,
    known: Content,
    missing: Mapping[Key, Wanted],
    calendar: WorkingCalendar,
    *,
    zone: ZoneInfo,
) -> int:
    """Add these obligations with their steps, but for those that are there by now; returns how many were new."""
    if not missing:
        return 0
    added = (
        await connection.execute(
            insert_or_ignore(connection, Obligation).returning(Obligation.id, Obligation.duty, Obligation.due_on),
            [_row(key, each) for key, each in missing.items()],
        )
    ).all()
    ladders: dict[tuple[str, date], dict[int, datetime]] = {}
    steps: list[dict[str, Any]] = []
    for obligation_id, slug, due in added:
        if (slug, due) not in ladders:
            ladders[slug, due] = ladder(known.duties[slug], due, calendar, zone)
        steps += [
            {"obligation_id": obligation_id, "step": step, "due_at": due_at, "status": "planned"}
            for step, due_at in ladders[slug, due].items()
        ]
    if steps:
        await connection.execute(insert_or_ignore(connection, ReminderStep), steps)
    return len(added)


async def move_due_date(
    connection: AsyncConnection,
    obligation_id: int,
    due: date,
    *,
    duty: Duty | None,
    calendar: WorkingCalendar,
    zone: ZoneInfo,
) -> None:
    """Give an obligation another due date. Steps not sent yet move with it; what was sent stays sent.

    The caller holds the obligation's lock.
    """
    await connection.execute(update(Obligation).where(Obligation.id == obligation_id).values(due_on=due))
    moments = ladder(duty, due, calendar, zone) if duty else {}
    if moments:
        await connection.execute(
            update(ReminderStep)
            .where(
                ReminderStep.obligation_id == bindparam("of_obligation"),
                ReminderStep.step == bindparam("of_step"),
                ReminderStep.status == "planned",
            )
            .values(due_at=bindparam("moved_to", type_=UtcTime)),
            [{"of_obligation": obligation_id, "of_step": step, "moved_to": due_at} for step, due_at in moments.items()],
        )


def wanted(known: Content, agency_ids: Mapping[str, int], calendar: WorkingCalendar, today: date) -> dict[Key, Wanted]:
    """Every obligation that should exist and is due from today on, as far ahead as they are laid out."""
    last = _months_later(today, MONTHS_AHEAD)
    found: dict[Key, Wanted] = {}
    for duty in known.duties.values():
        if not duty.enabled:
            continue
        owing = [agency_ids[agency.slug] for agency in due_dates.owing(duty, known) if agency.slug in agency_ids]
        for due in due_dates.due_between(duty, today, last, calendar):
            each = Wanted(due.period, due.due_on)
            found |= {(duty.slug, agency_id, due.period.end): each for agency_id in owing}
    return found


async def keys_of(connection: AsyncConnection, asked_for: Mapping[Key, Wanted]) -> frozenset[Key]:
    """Which obligations of these duties exist, in whatever state, whose periods end in the same time."""
    if not asked_for:
        return frozenset()
    ends = [end for _, _, end in asked_for]
    rows = await connection.execute(
        select(Obligation.duty, Obligation.agency_id, Obligation.period_end).where(
            Obligation.duty.in_({duty for duty, _, _ in asked_for}),
            Obligation.period_end.between(min(ends), max(ends)),
        )
    )
    return frozenset((duty, agency_id, end) for duty, agency_id, end in rows)


def ladder(duty: Duty, due: date, calendar: WorkingCalendar, zone: ZoneInfo) -> dict[int, datetime]:
    """When a duty reminds of a report that is due on this day, by step."""
    days = due_dates.ladder((step.day for step in duty.reminders), due, calendar)
    return {step: datetime.combine(day, REMINDED_AT, zone) for step, day in days.items()}


def _row(key: Key, each: Wanted) -> dict[str, Any]:
    duty, agency_id, end = key
    return {
        "duty": duty,
        "agency_id": agency_id,
        "period_start": each.period.start,
        "period_end": end,
        "due_on": each.due_on,
        "status": Status.OPEN.value,
    }


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    # The 28th is a day of every month; a day or two of foresight more or less changes nothing.
    return date(day.year + years, month + 1, min(day.day, 28))


def fingerprint(known: Content) -> str:
    """Changes when anything changes from which obligations are made."""
    written = [duty.model_dump_json() for duty in known.duties.values()]
    written += [f"{agency.slug} {agency.kind} {agency.owes}" for agency in known.agencies.values()]
    return sha256("\n".join(written).encode()).hexdigest()[:16]
