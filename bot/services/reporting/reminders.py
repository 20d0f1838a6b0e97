"""Reminders that are due: each step of each obligation once, one message per person.

The truth is in ``reminder_step``: a step leaves ``planned`` in the same transaction that stores its
message, and ticks queue on one row, so it makes no difference how often or where the clock ticks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import groupby

from sqlalchemy import literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.engine import Database
from bot.db.models.clock import JobState
from bot.db.models.reporting import Obligation, ReminderStep
from bot.db.upsert import insert_or_ignore
from bot.i18n import Translator, Translators
from bot.messages import Button, Person, Reply
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.messages import outbox
from bot.services.messages.outbox import Notice
from bot.services.messages.quiet_hours import QuietHours
from bot.services.people import agencies, contacts
from bot.services.people.agencies import FocalRole
from bot.services.reporting import obligations, report_texts
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import Status
from content.model import Content

# A step that could not be sent in time is still of use for so many working days.
USEFUL_FOR = 2
JOB = "reminders"

SUPERSEDED = "superseded"
STALE = "stale"
NOBODY = "nobody to remind"
SUBMITTED = "submitted"
SWITCHED_OFF = "duty switched off"

_planned = ReminderStep.status == literal_column("'planned'")


@dataclass(frozen=True, slots=True)
class _Step:
    id: int
    step: int
    due_at: datetime
    obligation_id: int


@dataclass(frozen=True, slots=True)
class _Reminder:
    """One step to send now, and the people to send it to."""

    step: _Step
    owed: Owed
    people: Sequence[Person]


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
        if not await anything_due(connection, now):
            return []
    async with database.transaction() as connection:
        return await queue_due(connection, known, translators, quiet=quiet, now=now, simulated=simulated)


async def anything_due(connection: AsyncConnection, now: datetime) -> bool:
    """Whether the time of any planned step has come."""
    found = await connection.scalar(select(ReminderStep.id).where(_planned, ReminderStep.due_at <= now).limit(1))
    return found is not None


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
    due = await _due_steps(connection, now)
    dropped: dict[str, list[int]] = {}
    current: list[_Step] = []
    owed = await obligations.by_ids(connection, sorted({step.obligation_id for step in due}))
    for obligation_id, group in groupby(due, key=lambda step: step.obligation_id):
        *earlier, latest = group
        dropped.setdefault(SUPERSEDED, []).extend(step.id for step in earlier)
        why = _why_not(latest, owed[obligation_id], known, calendar, today, quiet)
        if why:
            dropped.setdefault(why, []).append(latest.id)
        else:
            current.append(latest)
    found = await _with_people(connection, current, owed)
    reminders = [reminder for reminder in found if reminder.people]
    dropped[NOBODY] = [reminder.step.id for reminder in found if not reminder.people]
    texts = _Texts(known, translators, calendar, today)
    notices = [_notice(person, reminders, texts) for person, reminders in _by_person(reminders)]
    await outbox.notify_all(
        connection,
        notices,
        now=now,
        anytime=simulated,
        stale_after=None if simulated else _end_of_next_working_day(today, calendar, quiet),
    )
    await _settle(connection, [reminder.step.id for reminder in reminders], "sent", None, now)
    for note, ids in dropped.items():
        await _settle(connection, ids, "dropped", note, now)
    lines = [_line(reminder) for reminder in reminders]
    counts = Counter({note: len(ids) for note, ids in dropped.items() if ids})
    return lines + [f"reminders dropped: {count} ({note})" for note, count in sorted(counts.items())]


async def _wait_for_other_ticks(connection: AsyncConnection, now: datetime) -> None:
    await connection.execute(insert_or_ignore(connection, JobState).values(job=JOB, done="", at=now))
    await connection.execute(select(JobState.job).where(JobState.job == JOB).with_for_update())


async def _due_steps(connection: AsyncConnection, now: datetime) -> list[_Step]:
    """Planned steps whose time has come, their obligations locked, in order of obligation and time."""
    rows = await connection.execute(
        select(ReminderStep.id, ReminderStep.step, ReminderStep.due_at, ReminderStep.obligation_id)
        .join(Obligation, Obligation.id == ReminderStep.obligation_id)
        .where(_planned, ReminderStep.due_at <= now)
        .order_by(ReminderStep.obligation_id, ReminderStep.due_at, ReminderStep.step)
        .with_for_update(of=Obligation)
        # For the order's sake SQLite would rather read every step there is.
        .with_hint(ReminderStep, "INDEXED BY ix_reminder_step_due_at", "sqlite")
    )
    return [_Step(*row) for row in rows]


def _why_not(
    step: _Step, owed: Owed, known: Content, calendar: WorkingCalendar, today: date, quiet: QuietHours
) -> str | None:
    """Why the latest due step of an obligation is not sent any more; None when it is."""
    duty = known.duties.get(owed.duty)
    if owed.status is Status.SUBMITTED:
        return SUBMITTED
    if duty is None or not duty.enabled:
        return SWITCHED_OFF
    planned_on = step.due_at.astimezone(quiet.zone).date()
    return STALE if calendar.working_days_between(planned_on, today) > USEFUL_FOR else None


def addressed(step: int) -> frozenset[FocalRole]:
    """Who is reminded at a step: early on the holder, then also the deputy, once overdue also the head."""
    if step > 0:
        return frozenset(FocalRole)
    if step >= -3:
        return frozenset({FocalRole.HOLDER, FocalRole.DEPUTY})
    return frozenset({FocalRole.HOLDER})


async def _with_people(connection: AsyncConnection, steps: Sequence[_Step], owed: dict[int, Owed]) -> list[_Reminder]:
    """Each step with those it goes to. Where none of these can be reached, anyone of the agency who can."""
    if not steps:
        return []
    agency_ids = sorted({owed[step.obligation_id].agency.id for step in steps})
    focal_points = await agencies.focal_points(connection, agency_ids)
    contact_ids = sorted({contact_id for people in focal_points.values() for contact_id, _ in people})
    reachable = await contacts.reachable(connection, contact_ids)
    found = []
    for step in steps:
        obligation = owed[step.obligation_id]
        present = [
            (reachable[contact_id], role)
            for contact_id, role in focal_points.get(obligation.agency.id, ())
            if contact_id in reachable
        ]
        wanted = addressed(step.step)
        people = [person for person, role in present if role in wanted] or [person for person, _ in present]
        found.append(_Reminder(step, obligation, people))
    return found


def _by_person(reminders: Iterable[_Reminder]) -> list[tuple[Person, list[_Reminder]]]:
    people: dict[int, Person] = {}
    theirs: dict[int, list[_Reminder]] = {}
    for reminder in reminders:
        for person in reminder.people:
            people[person.contact_id] = person
            theirs.setdefault(person.contact_id, []).append(reminder)
    return [(people[contact_id], each) for contact_id, each in theirs.items()]


@dataclass(frozen=True, slots=True)
class _Texts:
    """What the wording of a reminder depends on besides its reader."""

    known: Content
    translators: Translators
    calendar: WorkingCalendar
    today: date


def _notice(person: Person, reminders: Sequence[_Reminder], texts: _Texts) -> Notice:
    steps = ",".join(str(reminder.step.id) for reminder in sorted(reminders, key=lambda each: each.step.id))
    key = f"reminder:{person.contact_id}:{texts.today}:{sha256(steps.encode()).hexdigest()[:16]}"
    t = texts.translators.for_language(person.language)
    owed = sorted((reminder.owed for reminder in reminders), key=lambda each: (each.due_on, each.id))
    reply = _about_one(owed[0], person, texts, t) if len(owed) == 1 else _digest(owed, texts, t)
    return Notice(person, key, reply)


def _about_one(owed: Owed, person: Person, texts: _Texts, t: Translator) -> Reply:
    left = report_texts.time_left(owed.due_on, texts.today, texts.calendar, t)
    lines = [
        report_texts.title(owed, texts.known, t),
        owed.agency.in_language(t.language),
        t("Period: {period}", period=report_texts.period(owed.period, t)),
        report_texts.due(owed, texts.today, texts.calendar, t),
        report_texts.recipients(owed, texts.known, t),
        *report_texts.status(owed, person.contact_id, t),
    ]
    return Reply(
        text="\n".join(line for line in lines if line),
        language=t.language,
        title=t("Report reminder: {left}", left=left),
        footnote=report_texts.basis(owed, texts.known, t),
        buttons=report_texts.actions(owed, t),
    )


def _digest(owed: Sequence[Owed], texts: _Texts, t: Translator) -> Reply:
    items = [
        f"{number}. {report_texts.title(each, texts.known, t)}\n{each.agency.in_language(t.language)}\n"
        + report_texts.due(each, texts.today, texts.calendar, t)
        for number, each in enumerate(owed, start=1)
    ]
    footnote = ""
    if any(report_texts.is_default(each, texts.known) for each in owed):
        footnote = t("Due dates are defaults awaiting confirmation: the plan itself fixes no day.")
    return Reply(
        text="\n\n".join(items),
        language=t.language,
        title=t.plural("{number} report to hand in", "{number} reports to hand in", len(owed)),
        footnote=footnote,
        buttons=((Button(t("Agency reports"), "do:reports"),),),
    )


def _end_of_next_working_day(today: date, calendar: WorkingCalendar, quiet: QuietHours) -> datetime:
    following = calendar.add_working_days(today, 1)
    return datetime.combine(following + timedelta(days=1), time(0), quiet.zone)


async def _settle(
    connection: AsyncConnection, step_ids: Sequence[int], status: str, note: str | None, now: datetime
) -> None:
    if step_ids:
        await connection.execute(
            update(ReminderStep)
            .where(among(connection, ReminderStep.id, step_ids), ReminderStep.status == "planned")
            .values(status=status, note=note, settled_at=now)
        )


def _line(reminder: _Reminder) -> str:
    owed = reminder.owed
    people = len(reminder.people)
    return (
        f"reminder {reminder.step.step:+d}: {owed.agency.slug}, {owed.duty}, due {owed.due_on}, "
        f"to {people} {'person' if people == 1 else 'people'}"
    )
