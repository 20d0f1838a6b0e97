"""The steps of ladders and the reminders of single people, as rows: each is planned once and settled once.

Whoever changes them holds the lock of the obligation's row. A row leaves ``planned`` in the same transaction that
stores its message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, literal_column, select, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.models.reporting import Obligation, PersonalReminder, ReminderStep, ReminderUnderWay
from bot.db.upsert import insert_for
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.duties import due_dates

MORNING, AFTERNOON = time(8, 0), time(14, 0)
# Working days from the day until which a returned report is to be corrected.
CORRECTION_DAYS = (-3, -1, 0, 1, 3)
# Working days from the day that was granted.
EXTENSION_DAYS = (-1, 0)

ACKNOWLEDGED = "acknowledged"
PLANNED_LATER = "planned for a later day"

_STEP = (ReminderStep.id, ReminderStep.obligation_id, ReminderStep.due_at, ReminderStep.step)
_planned = ReminderStep.status == literal_column("'planned'")
PERSONAL_PLANNED = PersonalReminder.status == literal_column("'planned'")


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a ladder whose time has come: ``day`` working days from the due date."""

    id: int
    obligation_id: int
    due_at: datetime
    day: int


@dataclass(frozen=True, slots=True)
class Personal:
    """A reminder of one person whose time has come."""

    id: int
    obligation_id: int
    due_at: datetime
    contact_id: int


async def anything_due(connection: AsyncConnection, now: datetime) -> bool:
    """Whether the time of anything planned has come, or anything is under way: one statement, three first entries.

    The moment is compared here, not there: of "is there one before $1?" PostgreSQL thinks, once the statement is
    prepared and the moment unknown to it, that a third of all rows would do, and reads the whole table for one.
    """
    step = select(func.min(ReminderStep.due_at)).where(_planned).scalar_subquery()
    personal = select(func.min(PersonalReminder.due_at)).where(PERSONAL_PLANNED).scalar_subquery()
    under_way = select(func.min(ReminderUnderWay.id)).scalar_subquery()
    *first, one = (await connection.execute(select(step, personal, under_way))).one()
    return one is not None or any(moment is not None and moment <= now for moment in first)


async def due(connection: AsyncConnection, now: datetime) -> tuple[list[Step], list[Personal]]:
    """What is planned and whose time has come, the obligations locked; by obligation and time."""
    step_due, personal_due = (_planned, ReminderStep.due_at <= now), (PERSONAL_PLANNED, PersonalReminder.due_at <= now)
    concerned = union(
        select(ReminderStep.obligation_id).where(*step_due),
        select(PersonalReminder.obligation_id).where(*personal_due),
    )
    ids = list((await connection.execute(concerned)).scalars())
    await connection.execute(
        select(Obligation.id).where(among(connection, Obligation.id, ids)).order_by(Obligation.id).with_for_update()
    )
    steps = await connection.execute(select(*_STEP).where(*step_due))
    personal = await connection.execute(
        select(
            PersonalReminder.id, PersonalReminder.obligation_id, PersonalReminder.due_at, PersonalReminder.contact_id
        ).where(*personal_due)
    )
    locked = set(ids)
    return (
        sorted(
            (step for step in (Step(*row) for row in steps) if step.obligation_id in locked),
            key=lambda step: (step.obligation_id, step.due_at, step.day),
        ),
        sorted(
            (each for each in (Personal(*row) for row in personal) if each.obligation_id in locked),
            key=lambda each: (each.obligation_id, each.contact_id, each.due_at),
        ),
    )


async def by_ids(connection: AsyncConnection, step_ids: Sequence[int]) -> dict[int, Step]:
    """Steps whatever became of them."""
    if not step_ids:
        return {}
    rows = await connection.execute(select(*_STEP).where(among(connection, ReminderStep.id, step_ids)))
    return {row[0]: Step(*row) for row in rows}


async def plan_again(connection: AsyncConnection, step_ids: Sequence[int], personal_ids: Sequence[int]) -> None:
    """These were sent but reached nobody. Whether they are still wanted is seen when they come up."""
    for table, ids in ((ReminderStep, step_ids), (PersonalReminder, personal_ids)):
        if ids:
            sent_ones = among(connection, table.id, ids), table.status == "sent"
            await connection.execute(update(table).where(*sent_ones).values(status="planned", settled_at=None))


async def sent(connection: AsyncConnection, obligation_id: int) -> list[tuple[datetime, int]]:
    """(when, day) of the steps that were sent. Who may see it is the caller's to check."""
    rows = await connection.execute(
        select(ReminderStep.settled_at, ReminderStep.step).where(
            ReminderStep.obligation_id == obligation_id, ReminderStep.status == "sent"
        )
    )
    return [(at, day) for at, day in rows if at is not None]


async def settle(
    connection: AsyncConnection, step_ids: Sequence[int], status: str, note: str | None, now: datetime
) -> None:
    """Say what became of planned steps: ``sent``, or ``dropped`` and why."""
    if step_ids:
        await _settle(connection, among(connection, ReminderStep.id, step_ids), status, note, now)


async def settle_personal(connection: AsyncConnection, ids: Sequence[int], status: str, now: datetime) -> None:
    """Say what became of reminders of single people."""
    if ids:
        await _settle_personal(connection, among(connection, PersonalReminder.id, ids), status, now)


async def drop_personal(connection: AsyncConnection, which: ColumnElement[bool], now: datetime) -> None:
    """Drop those planned for single people that the condition on ``PersonalReminder`` picks out."""
    await _settle_personal(connection, which, "dropped", now)


async def stop(connection: AsyncConnection, obligation_id: int, note: str, now: datetime) -> None:
    """Nobody is reminded of an obligation any more: all that is planned is dropped, for single people too."""
    await _settle(connection, ReminderStep.obligation_id == obligation_id, "dropped", note, now)
    await drop_personal(connection, PersonalReminder.obligation_id == obligation_id, now)


async def shorten(connection: AsyncConnection, obligation_id: int, days: Iterable[int], now: datetime) -> None:
    """The agency knows of the report: of its ladder only these days remain."""
    others = ReminderStep.step.not_in(sorted(days))
    await _settle(connection, (ReminderStep.obligation_id == obligation_id) & others, "dropped", ACKNOWLEDGED, now)


async def plan_for(
    connection: AsyncConnection,
    obligation_id: int,
    contact_id: int,
    day: date,
    *,
    instead_of: date | None,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """The person hands the report in on that day: they are reminded at 08:00 then, and not by the ladder before.

    For today it is 14:00, or nothing when that is over. Steps after the due date stay where they are. ``instead_of``
    is the day that had been said before.
    """
    if instead_of is not None:
        told = PersonalReminder.due_at == datetime.combine(instead_of, MORNING, zone)
        await drop_personal(connection, (PersonalReminder.obligation_id == obligation_id) & told, now)
    earlier = (ReminderStep.step <= 0) & (ReminderStep.due_at < datetime.combine(day, time(0), zone))
    await _settle(connection, (ReminderStep.obligation_id == obligation_id) & earlier, "dropped", PLANNED_LATER, now)
    moments = [datetime.combine(day, at, zone) for at in (MORNING, AFTERNOON)]
    to_come = [moment for moment in moments if moment > now]
    if to_come:
        await remind_at(connection, obligation_id, [contact_id], to_come[:1])


async def plan_correction(
    connection: AsyncConnection,
    obligation_id: int,
    correct_by: date,
    people: Iterable[int],
    now: datetime,
    *,
    zone: ZoneInfo,
) -> None:
    """Remind these contacts of a returned report, at 08:00 before, on and after the day to correct it by.

    Moments that are over are left out. ``stop`` ends it when the report comes again.
    """
    calendar = await working_days.load(connection)
    moments = _mornings(CORRECTION_DAYS, correct_by, calendar, zone, now)
    await remind_at(connection, obligation_id, people, moments)


async def plan_for_extension(
    connection: AsyncConnection,
    obligation_id: int,
    contact_id: int,
    until: date,
    *,
    calendar: WorkingCalendar,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """Remind the person of the day that was granted, where the ladder would be silent until it is over.

    Steps that were sent for the old day are not sent again, so without this nothing would come before the new one.
    """
    before = (ReminderStep.obligation_id == obligation_id) & (ReminderStep.step <= 0)
    if await connection.scalar(select(ReminderStep.id).where(before, _planned).limit(1)) is not None:
        return
    moments = _mornings(EXTENSION_DAYS, until, calendar, zone, now)
    await remind_at(connection, obligation_id, [contact_id], moments)


async def remind_at(
    connection: AsyncConnection, obligation_id: int, people: Iterable[int], moments: Sequence[datetime]
) -> bool:
    """Plan a reminder for each of the contacts at each of the moments; False when all of that was planned before.

    One that had been dropped is planned again.
    """
    rows = [
        {"obligation_id": obligation_id, "contact_id": contact_id, "due_at": moment, "status": "planned"}
        for contact_id in dict.fromkeys(people)
        for moment in moments
    ]
    if not rows:
        return False
    statement = insert_for(connection, PersonalReminder).on_conflict_do_update(
        index_elements=["obligation_id", "contact_id", "due_at"],
        set_={"status": "planned", "settled_at": None},
        where=PersonalReminder.status == "dropped",
    )
    return bool((await connection.execute(statement.returning(PersonalReminder.id), rows)).all())


def this_afternoon(now: datetime, calendar: WorkingCalendar, zone: ZoneInfo) -> datetime:
    """14:00 today, while that is to come on a working day; else the next working morning."""
    local = now.astimezone(zone)
    if local.time() < AFTERNOON and calendar.is_working_day(local.date()):
        return datetime.combine(local.date(), AFTERNOON, zone)
    return next_morning(now, calendar, zone)


def next_morning(now: datetime, calendar: WorkingCalendar, zone: ZoneInfo) -> datetime:
    """08:00 on the next working day after today."""
    day = calendar.add_working_days(now.astimezone(zone).date(), 1)
    return datetime.combine(day, MORNING, zone)


def _mornings(
    steps: Iterable[int], due: date, calendar: WorkingCalendar, zone: ZoneInfo, now: datetime
) -> list[datetime]:
    """08:00 on the days of these steps, as far as they are to come."""
    days = due_dates.ladder(steps, due, calendar).values()
    return [moment for day in days if (moment := datetime.combine(day, MORNING, zone)) > now]


async def _settle(
    connection: AsyncConnection, which: ColumnElement[bool], status: str, note: str | None, now: datetime
) -> None:
    await connection.execute(
        update(ReminderStep).where(which, _planned).values(status=status, note=note, settled_at=now)
    )


async def _settle_personal(connection: AsyncConnection, which: ColumnElement[bool], status: str, now: datetime) -> None:
    await connection.execute(
        update(PersonalReminder).where(which, PERSONAL_PLANNED).values(status=status, settled_at=now)
    )
