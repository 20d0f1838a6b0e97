"""What the tests of reporting do over and over: appoint somebody, let the clock tick, look at the steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time

from sqlalchemy import event, select

from bot.db.engine import Database
from bot.db.models.people import Agency
from bot.db.models.reporting import Obligation, ReminderStep
from bot.messages import Role
from bot.services.messages.quiet_hours import QuietHours
from bot.services.people import invitations
from bot.services.planning import obligation_plan
from bot.services.reminding import reminders
from tests.chat import PersonInTown, Town

BA_DINH = "phuong-ba-dinh"
REPORT = "yearly-report-to-sct"


def quiet_hours(town: Town) -> QuietHours:
    zone = town.conversation.translators.vi.zone
    return QuietHours(time(21), time(7, 30), zone)


async def invite(
    database: Database,
    town: Town,
    *,
    agency: str | None = None,
    focal_role: str | None = None,
    role: Role | None = None,
) -> str:
    """A fresh code."""
    async with database.transaction() as connection:
        return await invitations.create(
            connection, role=role, agency_slug=agency, focal_role=focal_role, now=town.clock()
        )


async def appoint(
    town: Town, name: str, agency: str = BA_DINH, focal_role: str = "holder", *, language: str = "en"
) -> PersonInTown:
    """Somebody who has linked their account with an agency."""
    person = town.person(name, language=language)
    await person.says(f"/link {await invite(town.database, town, agency=agency, focal_role=focal_role)}")
    person.skips()
    return person


async def employ(
    town: Town, name: str, role: Role = Role.OPERATOR, *, agency: str | None = None, language: str = "en"
) -> PersonInTown:
    """Somebody who has linked their account as a member of staff, perhaps of one agency."""
    person = town.person(name, language=language)
    await person.says(f"/link {await invite(town.database, town, role=role, agency=agency)}")
    person.skips()
    return person


@contextmanager
def statements(town: Town) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    sent: list[str] = []
    note: Callable[..., None] = lambda *about: sent.append(about[2])  # noqa: E731
    engine = town.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def plan(town: Town) -> list[str]:
    """Lay obligations out ahead, as the daily job does."""
    conversation = town.conversation
    return await obligation_plan.generate_ahead(
        town.database, conversation.known, zone=quiet_hours(town).zone, now=town.clock()
    )


async def tick(town: Town, at: str = "", *, simulated: bool = False) -> list[str]:
    """Both reporting jobs as of a moment, and the delivery of what they queued."""
    if at:
        town.clock.set(at)
    await plan(town)
    conversation = town.conversation
    lines = await reminders.remind(
        town.database,
        conversation.known,
        conversation.translators,
        quiet=quiet_hours(town),
        now=town.clock(),
        simulated=simulated,
    )
    await town.deliver()
    return [line for line in lines if "dropped" not in line]


async def obligation(town: Town, agency: str = BA_DINH, duty: str = REPORT) -> int:
    """The number of the agency's first obligation of a duty."""
    async with town.database.reading() as connection:
        found = await connection.scalar(
            select(Obligation.id)
            .join(Agency, Agency.id == Obligation.agency_id)
            .where(Agency.slug == agency, Obligation.duty == duty)
            .order_by(Obligation.due_on)
            .limit(1)
        )
    assert found is not None
    return found


async def steps(town: Town, obligation_id: int) -> dict[int, str]:
    """What became of each reminder step: its status, or why it was dropped."""
    async with town.database.reading() as connection:
        rows = await connection.execute(
            select(ReminderStep.step, ReminderStep.status, ReminderStep.note)
            .where(ReminderStep.obligation_id == obligation_id)
            .order_by(ReminderStep.step)
        )
        return {step: note or status for step, status, note in rows}
