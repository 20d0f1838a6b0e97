"""Obligations and their reminder steps, laid out ahead: each exists once, however often this runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.models.clock import JobState
from bot.db.models.reporting import Obligation, ReminderStep
from bot.db.types import UtcTime
from bot.db.upsert import insert_for, insert_or_ignore
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.duties import due_dates
from bot.services.people import agencies
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
    done = f"{today} {_fingerprint(known)}"
    async with database.reading() as connection:
        if await connection.scalar(select(JobState.done).where(JobState.job == JOB)) == done:
            return []
    async with database.transaction() as connection:
        calendar = await working_days.load(connection)
        added = await generate(connection, known, calendar, today=today, zone=zone)
        await connection.execute(
            insert_for(connection, JobState)
            .values(job=JOB, done=done, at=now)
            .on_conflict_do_update(index_elements=["job"], set_={"done": done, "at": now})
        )
    return [f"obligations: {added} added up to {_months_later(today, MONTHS_AHEAD)}"] if added else []


async def generate(
    connection: AsyncConnection, known: Content, calendar: WorkingCalendar, *, today: date, zone: ZoneInfo
) -> int:
    """Add every obligation that is due from today on, with its steps, and return how many were new.

    What was due before today is nobody's fault any more: a duty is owed from the day it is known.
    """
    wanted = list(_wanted(known, await agencies.ids_by_slug(connection), calendar, today))
    if not wanted:
        return 0
    rows = await connection.execute(
        select(Obligation.duty, Obligation.agency_id, Obligation.period_end).where(
            Obligation.period_end.between(
                min(row["period_end"] for row in wanted), max(row["period_end"] for row in wanted)
            )
        )
    )
    existing = {tuple(row) for row in rows}
    missing = [row for row in wanted if (row["duty"], row["agency_id"], row["period_end"]) not in existing]
    if not missing:
        return 0
    added = (
        await connection.execute(
            insert_or_ignore(connection, Obligation).returning(Obligation.id, Obligation.duty, Obligation.due_on),
            missing,
        )
    ).all()
    ladders: dict[tuple[str, date], list[tuple[int, datetime]]] = {}
    steps: list[dict[str, Any]] = []
    for obligation_id, slug, due in added:
        if (slug, due) not in ladders:
            ladders[slug, due] = list(_moments(_days(known.duties[slug]), due, calendar, zone))
        steps += [
            {"obligation_id": obligation_id, "step": step, "due_at": due_at, "status": "planned"}
            for step, due_at in ladders[slug, due]
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
    moments = dict(_moments(_days(duty) if duty else (), due, calendar, zone))
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


def _wanted(
    known: Content, agency_ids: dict[str, int], calendar: WorkingCalendar, today: date
) -> Iterator[dict[str, Any]]:
    last = _months_later(today, MONTHS_AHEAD)
    for duty in known.duties.values():
        if not duty.enabled:
            continue
        owing = [agency_ids[agency.slug] for agency in due_dates.owing(duty, known) if agency.slug in agency_ids]
        for due in due_dates.due_between(duty, today, last, calendar):
            for agency_id in owing:
                yield {
                    "duty": duty.slug,
                    "agency_id": agency_id,
                    "period_start": due.period.start,
                    "period_end": due.period.end,
                    "due_on": due.due_on,
                    "status": Status.OPEN.value,
                }


def _moments(
    steps: Iterable[int], due: date, calendar: WorkingCalendar, zone: ZoneInfo
) -> Iterator[tuple[int, datetime]]:
    for step, day in due_dates.ladder(steps, due, calendar).items():
        yield step, datetime.combine(day, REMINDED_AT, zone)


def _days(duty: Duty) -> tuple[int, ...]:
    return tuple(step.day for step in duty.reminders)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    # The 28th is a day of every month; a day or two of foresight more or less changes nothing.
    return date(day.year + years, month + 1, min(day.day, 28))


def _fingerprint(known: Content) -> str:
    """Changes when anything changes from which obligations are made."""
    written = [duty.model_dump_json() for duty in known.duties.values()]
    written += [f"{agency.slug} {agency.kind} {agency.owes}" for agency in known.agencies.values()]
    return sha256("\n".join(written).encode()).hexdigest()[:16]
