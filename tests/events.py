"""What the tests of events do over and over: let the clock tick, look at the steps, put events elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from bot.db.engine import Database
from bot.db.models.applications import Application
from bot.db.models.businesses import Business, BusinessMember
from bot.db.models.offerings import EventStep, Offering
from bot.db.models.people import Address, Contact
from bot.services.applications import application_codes
from bot.services.applications.statuses import Status
from bot.services.offerings import event_notices, event_steps
from tests.chat import Town
from tests.conftest import ZONE
from tests.signing_up import tax_codes

TRAINING_SLUG = "example-training-session"


async def tick(town: Town, at: str = "") -> list[str]:
    """Both jobs of events as of a moment, and the delivery of what they queued."""
    if at:
        town.clock.set(at)
    lines = await event_steps.plan_all(town.database, zone=ZONE, now=town.clock())
    lines += await event_notices.send_due(town.database, town.conversation.translators, now=town.clock())
    await town.deliver()
    return lines


async def steps(database: Database, slug: str = TRAINING_SLUG) -> dict[str, tuple[str, str, str | None]]:
    """(local time, status, note) of each step of an event."""
    async with database.reading() as connection:
        rows = await connection.execute(
            select(EventStep.step, EventStep.due_at, EventStep.status, EventStep.note)
            .join(Offering, Offering.id == EventStep.offering_id)
            .where(Offering.slug == slug)
        )
        return {step: (f"{due_at.astimezone(ZONE):%d/%m %H:%M}", status, note) for step, due_at, status, note in rows}


async def offering_id(database: Database, slug: str = TRAINING_SLUG) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(Offering.id).where(Offering.slug == slug))).scalar_one())


async def put(database: Database, slug: str = TRAINING_SLUG, **values: Any) -> None:
    """Change columns of an event, as the content files would."""
    async with database.transaction() as connection:
        await connection.execute(update(Offering).where(Offering.slug == slug).values(**values))


async def status_of(database: Database, code: str) -> Status:
    async with database.reading() as connection:
        return Status(
            (await connection.execute(select(Application.status).where(Application.code == code))).scalar_one()
        )


async def set_status(database: Database, code: str, status: Status) -> int:
    """Put an application anywhere, for what comes after; returns its id."""
    async with database.transaction() as connection:
        row = await connection.execute(
            update(Application).where(Application.code == code).values(status=status.value).returning(Application.id)
        )
        return int(row.scalar_one())


async def fill(database: Database, count: int, *, now: datetime, status: Status = Status.CONFIRMED) -> None:
    """So many businesses with a seat each at the training, each with one reachable person."""
    event = await offering_id(database)
    codes = tax_codes(count)
    async with database.transaction() as connection:
        for number in range(count):
            contact_id = await connection.scalar(
                insert(Contact).values(language="vi", name=f"N{number}", created_at=now).returning(Contact.id)
            )
            await connection.execute(
                insert(Address).values(
                    contact_id=contact_id, channel="telegram", external_id=f"n{number}", created_at=now
                )
            )
            business_id = await connection.scalar(
                insert(Business)
                .values(tax_code=codes[number], name=f"Công ty {number}", created_at=now, verified=True)
                .returning(Business.id)
            )
            await connection.execute(
                insert(BusinessMember).values(business_id=business_id, contact_id=contact_id, since=now)
            )
            await connection.execute(
                insert(Application).values(
                    code=application_codes.new_code(),
                    offering_id=event,
                    business_id=business_id,
                    contact_id=contact_id,
                    status=status.value,
                    answers={},
                    created_at=now,
                    updated_at=now,
                )
            )
