"""A small city for tests of who has handed in: five agencies, each with its report at another point."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, select, update

from bot.db.models.people import Agency
from bot.db.models.reporting import Obligation
from tests.chat import Town
from tests.reporting import BA_DINH, REPORT

DEPARTMENT, WARD, COMMUNE = "so-xay-dung", BA_DINH, "xa-ba-vi"
BACH_MAI, BO_DE = "phuong-bach-mai", "phuong-bo-de"
DUE = date(2026, 11, 20)
# Friday 20/11/2026, 08:00 in Hanoi, and the same on Tuesday after.
ON_TIME, LATE = datetime(2026, 11, 20, 1, tzinfo=UTC), datetime(2026, 11, 24, 1, tzinfo=UTC)


async def owe(town: Town, agency: str, *, duty: str = REPORT, year: int = 2026, **values: Any) -> int:
    """A report of an agency for a year; due on 20 November unless it says otherwise. Returns its number."""
    came = values.get("first_submitted_at")
    if came is not None:
        values = {"submitted_at": came, "version": 1, "document_number": "05/BC", "document_date": DUE} | values
    async with town.database.transaction() as connection:
        number: int | None = await connection.scalar(
            insert(Obligation)
            .values(
                duty=duty,
                agency_id=select(Agency.id).where(Agency.slug == agency).scalar_subquery(),
                period_start=date(year - 1, 12, 15),
                period_end=date(year, 12, 14),
                **({"due_on": date(year, 11, 20), "status": "open"} | values),
            )
            .returning(Obligation.id)
        )
    assert number is not None
    return number


async def small_city(town: Town) -> dict[str, int]:
    """One report on time and accepted, one late and waiting, one returned, one late and never opened, one to come.

    As of Thursday 26/11/2026. Returns the number of each agency's report.
    """
    town.clock.set("2026-11-26T09:00+07:00")
    return {
        DEPARTMENT: await owe(town, DEPARTMENT, status="accepted", first_submitted_at=ON_TIME),
        WARD: await owe(town, WARD, status="submitted", first_submitted_at=LATE),
        BACH_MAI: await owe(
            town, BACH_MAI, status="returned", first_submitted_at=ON_TIME, version=2, correct_by=date(2026, 11, 25)
        ),
        BO_DE: await owe(town, BO_DE),
        COMMUNE: await owe(
            town, COMMUNE, status="acknowledged", due_on=date(2026, 12, 4), opened_at=ON_TIME,
            acknowledged_at=ON_TIME, planned_on=date(2026, 12, 1),
        ),
    }  # fmt: skip


async def change(town: Town, number: int, **values: Any) -> None:
    async with town.database.transaction() as connection:
        await connection.execute(update(Obligation).where(Obligation.id == number).values(**values))
