"""Reminders that are due: each step of each obligation once, one message per person.

The truth is in ``reminder_step``: a step leaves ``planned`` in the same transaction that stores its
message, and ticks queue on one row, so it makes no difference how often or where the clock ticks.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.models.clock import JobState
from bot.db.upsert import insert_or_ignore
from bot.i18n import Translators
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.messages import outbox
from bot.services.messages.quiet_hours import QuietHours
from bot.services.reminding import addressees, digests, steps
from bot.services.reminding.addressees import Reminder
from bot.services.reminding.digests import Texts
from bot.services.reminding.steps import Step
from bot.services.reporting import obligations
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import OWED
from content.model import Content

# A step that could not be sent in time is still of use for so many working days.
USEFUL_FOR = 2
JOB = "reminders"

SUPERSEDED = "superseded"
STALE = "stale"
NOBODY = "nobody to remind"
SUBMITTED = "submitted"
SWITCHED_OFF = "duty switched off"


async def remind(
    database: Database,
    known: Content,
    translators: Translators,
    *,
    quiet: QuietHours,
    now: datetime,
    simulated: bool = False,
) -> list[str]:
    """The scheduled job: one indexed query when nothing is due. Returns a line per message queued."""
    if quiet.covers(now):
        return []
    async with database.reading() as connection:
        if not await steps.anything_due(connection, now):
            return []
    async with database.transaction() as connection:
        return await queue_due(connection, known, translators, quiet=quiet, now=now, simulated=simulated)


async def queue_due(
    connection: AsyncConnection,
    known: Content,
    translators: Translators,
    *,
    quiet: QuietHours,
    now: datetime,
    simulated: bool = False,
) -> list[str]:
    """Store a message to everyone who is to be reminded now, and settle the steps that are due.

    On a day off and in the quiet hours everything stays planned. ``simulated`` is a tick at a made-up
    time: its messages go out whatever the real hour is.
    """
    today = now.astimezone(quiet.zone).date()
    calendar = await working_days.load(connection)
    if quiet.covers(now) or not calendar.is_working_day(today):
        return []
    await _wait_for_other_ticks(connection, now)
    due = await steps.due(connection, now)
    dropped: dict[str, list[int]] = {}
    current: list[Step] = []
    owed = await obligations.by_ids(connection, sorted({step.obligation_id for step in due}))
    for obligation_id, group in groupby(due, key=lambda step: step.obligation_id):
        *earlier, latest = group
        dropped.setdefault(SUPERSEDED, []).extend(step.id for step in earlier)
        why = _why_not(latest, owed[obligation_id], known, calendar, today, quiet)
        if why:
            dropped.setdefault(why, []).append(latest.id)
        else:
            current.append(latest)
    found = await addressees.with_people(connection, current, owed)
    reminders = [reminder for reminder in found if reminder.people]
    dropped[NOBODY] = [reminder.step.id for reminder in found if not reminder.people]
    texts = Texts(known, translators, calendar, today)
    notices = [digests.notice(person, reminders, texts) for person, reminders in addressees.by_person(reminders)]
    await outbox.notify_all(
        connection,
        notices,
        now=now,
        anytime=simulated,
        stale_after=None if simulated else _end_of_next_working_day(today, calendar, quiet),
    )
    await steps.settle(connection, [reminder.step.id for reminder in reminders], "sent", None, now)
    for note, ids in dropped.items():
        await steps.settle(connection, ids, "dropped", note, now)
    lines = [_line(reminder) for reminder in reminders]
    counts = Counter({note: len(ids) for note, ids in dropped.items() if ids})
    return lines + [f"reminders dropped: {count} ({note})" for note, count in sorted(counts.items())]


async def _wait_for_other_ticks(connection: AsyncConnection, now: datetime) -> None:
    await connection.execute(insert_or_ignore(connection, JobState).values(job=JOB, done="", at=now))
    await connection.execute(select(JobState.job).where(JobState.job == JOB).with_for_update())


def _why_not(
    step: Step, owed: Owed, known: Content, calendar: WorkingCalendar, today: date, quiet: QuietHours
) -> str | None:
    """Why the latest due step of an obligation is not sent any more; None when it is."""
    duty = known.duties.get(owed.duty)
    if owed.status not in OWED:
        return SUBMITTED
    if duty is None or not duty.enabled:
        return SWITCHED_OFF
    planned_on = step.due_at.astimezone(quiet.zone).date()
    return STALE if calendar.working_days_between(planned_on, today) > USEFUL_FOR else None


def _end_of_next_working_day(today: date, calendar: WorkingCalendar, quiet: QuietHours) -> datetime:
    following = calendar.add_working_days(today, 1)
    return datetime.combine(following + timedelta(days=1), time(0), quiet.zone)


def _line(reminder: Reminder) -> str:
    owed = reminder.owed
    people = len(reminder.people)
    return (
        f"reminder {reminder.step.day:+d}: {owed.agency.slug}, {owed.duty}, due {owed.due_on}, "
        f"to {people} {'person' if people == 1 else 'people'}"
    )
