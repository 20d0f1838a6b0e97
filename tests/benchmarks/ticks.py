"""What a tick of the reminders costs while obligations pile up: with nothing due, and with 126 reports due.

A tick should cost what is due, not what exists. Everything is measured in this process, over the database's wire.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from sqlalchemy import event, func, insert, select, text, update

from bot.app import sync_content
from bot.db.engine import Database
from bot.db.migrate import migrate
from bot.db.models.people import Address, Agency, Contact, FocalPoint
from bot.db.models.reporting import Obligation, ReminderStep
from bot.i18n import load_translators
from bot.services.messages.quiet_hours import QuietHours
from bot.services.reminding import evening, reminders, unreachable
from content.loader import load
from content.model import Content
from tests.conftest import ZONE

SIZES = (1_000, 10_000, 100_000)
LADDER = (-15, -7, -3, -1, 0, 1, 3, 5)
DUE_AT_ONCE, ROUNDS, BATCH = 126, 25, 2_000
NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)  # a Thursday, 09:00 in Hanoi
QUIET = QuietHours(clock_time(21), clock_time(7, 30), ZONE)


async def ticks(databases: Mapping[str, str]) -> None:
    """Print both for each database and number of open obligations."""
    print(
        f"\nTicks of the reminders: medians of {ROUNDS}, in ms; in brackets against the smallest number of obligations"
    )
    known = load()
    for name, url in databases.items():
        database = Database(url)
        await migrate(database)
        await sync_content(database, known, now=NOW)
        await _people(database)
        smallest: dict[str, float] = {}
        for size in SIZES:
            await _fill(database, known, size)
            idle = await _idle(database, known)
            due = await _due(database, known)
            figures = {"nothing due": idle, "watching": await _watching(database, known), "126 due": due}
            for what, ms in figures.items():
                smallest.setdefault(what, ms)
            row = "  ".join(f"{what} {ms:8.2f} ({ms / smallest[what]:4.2f} x)" for what, ms in figures.items())
            print(f"  {name:<11}{size:8,} open  {row}")
            if size == SIZES[-1]:
                await _plans(database, known)
        await database.close()


async def _people(database: Database) -> None:
    """A holder for every agency."""
    async with database.transaction() as connection:
        for table in ("delivery", "obligation", "focal_point", "address", "contact"):
            await connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names written here
        ids = list(await connection.scalars(select(Agency.id).where(Agency.owes).order_by(Agency.id)))
        await connection.execute(
            insert(Contact), [{"id": each, "language": "vi", "name": f"P{each}", "created_at": NOW} for each in ids]
        )
        await connection.execute(
            insert(Address),
            [
                {"id": each, "contact_id": each, "channel": "telegram", "external_id": str(each), "created_at": NOW}
                for each in ids
            ],
        )
        await connection.execute(
            insert(FocalPoint),
            [{"agency_id": each, "contact_id": each, "role": "holder", "since": NOW} for each in ids],
        )


async def _fill(database: Database, known: Content, size: int) -> None:
    """So many open obligations, a ladder each, nothing of it due for a month."""
    duty = next(duty.slug for duty in known.duties.values() if duty.enabled)
    async with database.transaction() as connection:
        await connection.execute(text("DELETE FROM obligation"))
        agencies = list(await connection.scalars(select(Agency.id).where(Agency.owes).order_by(Agency.id)))
        rows = [
            _obligation(number, duty, agencies[number % len(agencies)], number // len(agencies))
            for number in range(size)
        ]
        for start in range(0, size, BATCH):
            await connection.execute(insert(Obligation), rows[start : start + BATCH])
        steps = [
            {
                "obligation_id": row["id"],
                "step": step,
                "due_at": datetime.combine(row["due_on"] + timedelta(days=step), clock_time(8), ZONE),
                "status": "planned",
            }
            for row in rows
            for step in LADDER
        ]
        for start in range(0, len(steps), BATCH):
            await connection.execute(insert(ReminderStep), steps[start : start + BATCH])
    async with database.transaction() as connection:
        await connection.execute(text("ANALYZE"))


def _obligation(number: int, duty: str, agency: int, period: int) -> dict[str, Any]:
    end = date(2027, 2, 1) + timedelta(days=period)
    return {
        "id": number + 1,
        "duty": duty,
        "agency_id": agency,
        "period_start": end - timedelta(days=6),
        "period_end": end,
        "due_on": end + timedelta(days=2),
        "status": "open",
    }


async def _idle(database: Database, known: Content) -> float:
    translators = load_translators(ZONE)
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        assert await reminders.remind(database, known, translators, quiet=QUIET, now=NOW) == []
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


async def _watching(database: Database, known: Content) -> float:
    """The two jobs that look at due dates: who can't be reminded, and the evening digest."""
    translators = load_translators(ZONE)
    took = []
    for round_ in range(ROUNDS):
        began = time.perf_counter()
        await unreachable.watch(database, known, translators, quiet=QUIET, now=NOW)
        afternoon = NOW + timedelta(hours=8, days=round_ - ROUNDS)
        await evening.tell(database, known, translators, quiet=QUIET, now=afternoon)
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


async def _due(database: Database, known: Content) -> float:
    """A step of 126 agencies comes due: the first tick after it, until the messages are stored."""
    translators = load_translators(ZONE)
    took = []
    first = list(range(1, DUE_AT_ONCE + 1))
    for _ in range(3):
        async with database.transaction() as connection:
            await connection.execute(text("DELETE FROM delivery"))
            await connection.execute(text("DELETE FROM reminder_under_way"))
            this = (ReminderStep.obligation_id.in_(first), ReminderStep.step == LADDER[0])
            await connection.execute(update(ReminderStep).where(*this).values(status="planned", due_at=NOW))
        began = time.perf_counter()
        lines = await reminders.remind(database, known, translators, quiet=QUIET, now=NOW)
        took.append(time.perf_counter() - began)
        assert len(lines) == DUE_AT_ONCE, lines[:3]
    return statistics.median(took) * 1000


async def _plans(database: Database, known: Content) -> None:
    """How the database answers what the jobs ask when nothing is due: every line should name an index."""
    asked: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    translators = load_translators(ZONE)
    event.listen(database.engine.sync_engine, "before_cursor_execute", listen)
    await reminders.remind(database, known, translators, quiet=QUIET, now=NOW)
    await unreachable.watch(database, known, translators, quiet=QUIET, now=NOW)
    event.remove(database.engine.sync_engine, "before_cursor_execute", listen)
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    async with database.reading() as connection:
        total = await connection.scalar(select(func.count()).select_from(ReminderStep))
        print(f"  plans over {total:,} steps:")
        for statement, parameters in asked:
            if "reminder_step" in statement or "obligation" in statement:
                rows = await connection.exec_driver_sql(explain + statement, parameters)
                for row in rows:
                    if "obligation" in str(row) or "reminder" in str(row):
                        print(f"    {' '.join(map(str, row)).strip()}")
