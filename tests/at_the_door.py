"""An event on its day, for tests of check-in: its doors, people with seats, an officer with a phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.models.applications import Application
from bot.db.models.businesses import Business
from bot.db.models.offerings import Offering
from bot.db.models.people import Address, Contact
from bot.messages import Role
from bot.services.applications import application_codes
from bot.services.applications.statuses import Status
from tests.signing_up import tax_codes

TRAINING_SLUG = "example-training-session"
SMALL_SLUG = "example-technology-consultation"


@dataclass(frozen=True, slots=True)
class Seat:
    """One application as it is in the table."""

    id: int
    code: str


async def on_its_day(connection: AsyncConnection, now: datetime, slug: str = SMALL_SLUG) -> int:
    """An event that begins in an hour; returns its id."""
    times = {"starts_at": now + timedelta(hours=1), "ends_at": now + timedelta(hours=4), "origin": "chat"}
    await connection.execute(update(Offering).where(Offering.slug == slug).values(**times))
    return (await connection.execute(select(Offering.id).where(Offering.slug == slug))).scalar_one()


async def officer(
    connection: AsyncConnection, now: datetime, name: str = "Trần Minh", role: Role | None = Role.ADMIN
) -> int:
    """A member of staff who writes from a messenger; returns the contact's id."""
    contact = insert(Contact).values(language="vi", name=name, role=role and role.value, created_at=now)
    contact_id = (await connection.execute(contact.returning(Contact.id))).scalar_one()
    address = insert(Address).values(contact_id=contact_id, channel="telegram", external_id=name, created_at=now)
    await connection.execute(address)
    return contact_id


async def seat(
    connection: AsyncConnection,
    offering_id: int,
    number: int,
    business: str,
    now: datetime,
    *,
    person: str = "Nguyễn Thị Lan",
    status: Status = Status.CONFIRMED,
    seats: int = 1,
) -> Seat:
    """An application of the ``number``-th business."""
    tax_code = tax_codes(number + 1)[number]
    there = await connection.scalar(select(Business.id).where(Business.tax_code == tax_code))
    if there is None:
        made = insert(Business).values(tax_code=tax_code, name=business, verified=True, profile={}, created_at=now)
        there = (await connection.execute(made.returning(Business.id))).scalar_one()
    code = application_codes.new_code()
    application = insert(Application).values(
        code=code,
        offering_id=offering_id,
        business_id=there,
        status=status.value,
        seats=seats,
        answers={"organisation": business, "contact_name": person},
        created_at=now,
        updated_at=now,
    )
    return Seat((await connection.execute(application.returning(Application.id))).scalar_one(), code)


async def status_of(database: Database, application_id: int) -> str:
    async with database.reading() as connection:
        return str(
            (await connection.execute(select(Application.status).where(Application.id == application_id))).scalar_one()
        )
