"""Whatever is changed in whatever order: done twice is done once, facts stay, and nothing is left to add."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.db.engine import Database
from bot.db.models.reporting import Obligation, ReminderStep
from bot.services.calendar.working_days import WorkingCalendar
from content.model import Content
from tests.regenerating import CITY, TODAY, carry_out, lay_out, preview, small, somebody
from tests.test_duties import CALENDAR

MONTHLY = {"frequency": "monthly", "due": {"working_days_after_cut_off": 2}}
CHANGES = st.sampled_from(
    [
        {},
        {"enabled": False},
        {"due": {"day_of_month": 20}},
        {"due": {"working_days_after_cut_off": 7}, "on_day_off": "previous"},
        {"cut_off": "calendar"},
        MONTHLY,
        {"frequency": "quarterly"},
        {"reminders": [-30, -7, 2]},
        {"reminders": [0]},
        {"owing": CITY[1:3]},
        {"owing": CITY[2:], "owed_by": {"all": True}},
    ]
)
DAYS_OFF = st.sets(st.dates(TODAY, TODAY + timedelta(days=60)), max_size=4)
STATUSES = st.sampled_from(["open", "acknowledged", "submitted", "returned", "accepted"])


async def _facts(database: Database) -> list[Any]:
    """What must never change: reports handed in or returned with their dates and steps, and reminders sent."""
    async with database.reading() as connection:
        done = Obligation.status.in_(["submitted", "returned", "accepted"])
        columns = (Obligation.id, Obligation.due_on, Obligation.period_start, Obligation.status)
        handed_in = await connection.execute(select(*columns).where(done).order_by(Obligation.id))
        steps = await connection.execute(
            select(ReminderStep.id, ReminderStep.due_at, ReminderStep.status)
            .join(Obligation, Obligation.id == ReminderStep.obligation_id)
            .where(done | (ReminderStep.status == "sent"))
            .order_by(ReminderStep.id)
        )
        return [*handed_in.all(), *steps.all()]


async def _something_happens(database: Database, number: int, status: str) -> None:
    """Somebody acts on one of the obligations that are owed, and its first reminder goes out."""
    async with database.transaction() as connection:
        ids = list(await connection.scalars(select(Obligation.id).where(Obligation.status == "open")))
        if ids:
            chosen = Obligation.id == ids[number % len(ids)]
            await connection.execute(update(Obligation).where(chosen).values(status=status))
            first = select(ReminderStep.id).where(ReminderStep.obligation_id == ids[number % len(ids)]).limit(1)
            await connection.execute(
                update(ReminderStep).where(ReminderStep.id == first.scalar_subquery()).values(status="sent")
            )


async def _one_change(
    database: Database, known: Content, changes: dict[str, Any], days_off: set[date], number: int, status: str, by: int
) -> None:
    await _something_happens(database, number, status)
    city = small(known, **changes)
    calendar = WorkingCalendar({**CALENDAR.overrides, **dict.fromkeys(days_off, False)})
    before = await _facts(database)
    shown = await preview(database, city, TODAY, calendar)
    done = await carry_out(database, city, shown.fingerprint, calendar=calendar, contact_id=by)
    assert done == shown
    again = await preview(database, city, TODAY, calendar)
    assert again.nothing, again
    if not shown.nothing:
        assert await carry_out(database, city, shown.fingerprint, calendar=calendar, contact_id=by) is None
    assert await lay_out(database, city, calendar=calendar) == 0
    assert await _facts(database) == before
    async with database.reading() as connection:
        open_ones = select(Obligation.due_on).where(Obligation.status.in_(["open", "acknowledged"]))
        assert all(calendar.is_working_day(due_on) for due_on in await connection.scalars(open_ones))


def test_facts_stay_and_twice_is_once(database_url: str, known: Content) -> None:
    with asyncio.Runner() as runner:
        database = Database(database_url)
        by = runner.run(somebody(database))

        @settings(
            max_examples=25 if database.is_sqlite else 8,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.lists(st.tuples(CHANGES, DAYS_OFF, st.integers(0, 50), STATUSES), min_size=1, max_size=5))
        def play(story: list[tuple[dict[str, Any], set[date], int, str]]) -> None:
            for changes, days_off, number, status in story:
                runner.run(_one_change(database, known, changes, days_off, number, status, by))

        try:
            play()
        finally:
            runner.run(database.close())
