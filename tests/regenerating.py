"""What tests of duties that change have in common: a small city, its obligations, a change carried through."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from bot.db.engine import Database
from bot.db.models.people import Agency, Contact
from bot.db.models.reporting import Extension, Obligation, ReminderStep
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.planning import obligation_plan, regeneration
from bot.services.planning.differences import Because, Changes
from content.model import Content
from tests.test_duties import CALENDAR, duty

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# Thirteen months from here lies one due date, that of 16/12/2026.
TODAY = date(2026, 11, 10)
NOW = datetime(2026, 11, 10, 9, 0, tzinfo=ZONE)
LEAD, BA_DINH, BACH_MAI, CAU_GIAY = "so-cong-thuong", "phuong-ba-dinh", "phuong-bach-mai", "phuong-cau-giay"
CITY = (LEAD, BA_DINH, BACH_MAI, CAU_GIAY)
SLUG = "yearly-report"


class Line(NamedTuple):
    """One obligation as the tests look at it; ``steps`` are those that wait."""

    agency: str
    due_on: str
    status: str
    steps: Mapping[int, str]


def small(known: Content, *, owing: tuple[str, ...] = CITY, **changes: Any) -> Content:
    """A city of four agencies and one yearly duty of the wards, with whatever is different about it."""
    agencies = {slug: known.agencies[slug].model_copy(update={"owes": slug in owing}) for slug in CITY}
    one = duty(**({"reminders": [-3, 0, 1]} | changes))
    return known.model_copy(update={"agencies": agencies, "duties": {one.slug: one}})


async def lay_out(database: Database, known: Content, today: date = TODAY, calendar: WorkingCalendar = CALENDAR) -> int:
    async with database.transaction() as connection:
        return await obligation_plan.generate(connection, known, calendar, today=today, zone=ZONE)


async def preview(
    database: Database, known: Content, today: date = TODAY, calendar: WorkingCalendar = CALENDAR
) -> Changes:
    async with database.reading() as connection:
        return await regeneration.preview(connection, known, calendar, today, zone=ZONE)


async def carry_out(
    database: Database,
    known: Content,
    fingerprint: str,
    *,
    today: date = TODAY,
    calendar: WorkingCalendar = CALENDAR,
    contact_id: int | None = None,
) -> Changes | None:
    by = contact_id if contact_id is not None else await somebody(database)
    async with database.transaction() as connection:
        return await regeneration.apply(
            connection,
            known,
            calendar,
            today,
            zone=ZONE,
            fingerprint=fingerprint,
            because=Because.DUTY,
            contact_id=by,
            now=NOW,
        )


async def change(
    database: Database, known: Content, today: date = TODAY, calendar: WorkingCalendar = CALENDAR
) -> Changes:
    """Preview and do it; nothing is left to do afterwards."""
    shown = await preview(database, known, today, calendar)
    done = await carry_out(database, known, shown.fingerprint, today=today, calendar=calendar)
    assert done == shown
    assert (await preview(database, known, today, calendar)).nothing
    return shown


async def somebody(database: Database) -> int:
    async with database.transaction() as connection:
        found = await connection.scalar(select(Contact.id).limit(1))
        if found is None:
            found = await connection.scalar(
                insert(Contact).values(language="vi", name="Bình", created_at=NOW).returning(Contact.id)
            )
    assert found is not None
    return found


async def lines(database: Database) -> list[Line]:
    """Every obligation by agency and due date, with the days of its reminders that wait."""
    async with database.reading() as connection:
        steps: dict[int, dict[int, str]] = {}
        waiting = select(ReminderStep).where(ReminderStep.status == "planned").order_by(ReminderStep.step)
        for row in await connection.execute(waiting):
            steps.setdefault(row.obligation_id, {})[row.step] = f"{row.due_at.astimezone(ZONE):%d/%m}"
        rows = await connection.execute(
            select(Obligation.id, Agency.slug, Obligation.due_on, Obligation.status)
            .join(Agency, Agency.id == Obligation.agency_id)
            .order_by(Agency.slug, Obligation.due_on, Obligation.id)
        )
        return [Line(slug, f"{due_on}", status, steps.get(id_, {})) for id_, slug, due_on, status in rows]


async def of(database: Database, agency: str) -> int:
    """The number of an agency's first obligation."""
    async with database.reading() as connection:
        found = await connection.scalar(
            select(Obligation.id)
            .join(Agency, Agency.id == Obligation.agency_id)
            .where(Agency.slug == agency)
            .order_by(Obligation.period_end)
            .limit(1)
        )
    assert found is not None
    return found


async def set_status(database: Database, agency: str, status: str, **values: Any) -> None:
    obligation_id = await of(database, agency)
    async with database.transaction() as connection:
        await connection.execute(
            update(Obligation).where(Obligation.id == obligation_id).values(status=status, **values)
        )


async def send(database: Database, agency: str, step: int) -> None:
    """Say that a reminder was sent."""
    obligation_id = await of(database, agency)
    async with database.transaction() as connection:
        await connection.execute(
            update(ReminderStep)
            .where(ReminderStep.obligation_id == obligation_id, ReminderStep.step == step)
            .values(status="sent", settled_at=NOW)
        )


async def extension(database: Database, agency: str, status: str, until: date) -> None:
    """An extension asked for, or granted: then the due date is the granted one."""
    obligation_id = await of(database, agency)
    by = await somebody(database)
    async with database.transaction() as connection:
        await connection.execute(
            insert(Extension).values(
                obligation_id=obligation_id, until=until, reason="r", status=status, asked_by=by, asked_at=NOW
            )
        )
        if status == "granted":
            await obligation_plan.move_due_date(
                connection, obligation_id, until, duty=duty(reminders=[-3, 0, 1]), calendar=CALENDAR, zone=ZONE
            )
