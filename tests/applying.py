"""Applications made directly by the services, for tests of what becomes of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update

from bot.db.engine import Database
from bot.db.models.offerings import Offering
from bot.db.models.people import Address, Contact
from bot.i18n import Translators
from bot.messages import Language, Person
from bot.services.applications import applications
from bot.services.applications.applications import SignUp, Submission
from bot.services.businesses import businesses
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.calendar.working_hours import OfficeHours
from tests.chat import PersonInTown, Town
from tests.conftest import ZONE
from tests.signing_up import SMALL, tax_codes

OFFICE = OfficeHours(WorkingCalendar(), ZONE)
PROGRAMME = "energy-saving-and-circular-economy"


async def set_up(database: Database, slug: str = SMALL, **values: object) -> int:
    """Change what an offering is; returns its id."""
    async with database.transaction() as connection:
        if values:
            await connection.execute(update(Offering).where(Offering.slug == slug).values(**values))
        return int((await connection.execute(select(Offering.id).where(Offering.slug == slug))).scalar_one())


async def person_of(town: Town, person: PersonInTown) -> Person:
    """Somebody in town as the services know them."""
    async with town.database.transaction() as connection:
        row = (
            await connection.execute(
                select(Address.contact_id, Address.id).where(Address.external_id == person.external_id)
            )
        ).one_or_none()
        language = Language(person.language)
        if row is not None:
            contact_id, address_id = row.contact_id, row.id
        else:
            contact_id = await connection.scalar(
                insert(Contact)
                .values(language=language.value, name=person.name, created_at=town.clock.now)
                .returning(Contact.id)
            )
            address_id = await connection.scalar(
                insert(Address)
                .values(
                    contact_id=contact_id,
                    channel="telegram",
                    external_id=person.external_id,
                    created_at=town.clock.now,
                )
                .returning(Address.id)
            )
        assert contact_id is not None
        assert address_id is not None
        return Person(contact_id, address_id, "telegram", person.external_id, language, person.name)


async def apply(
    town: Town, translators: Translators, person: PersonInTown, offering: int, *, number: int, seats: int = 1
) -> Submission:
    """Let somebody in town sign up with the business of this number, which is theirs."""
    applicant = await person_of(town, person)
    code = tax_codes(number + 1)[number]
    return await hand_in(town.database, translators, applicant, offering, code, f"n{number}", seats, town.clock.now)


async def hand_in(
    database: Database,
    translators: Translators,
    person: Person,
    offering: int,
    tax_code: str,
    draft: str,
    seats: int,
    now: datetime,
) -> Submission:
    """One transaction as a turn has it."""
    async with database.transaction() as connection:
        business = await businesses.make_or_join(
            connection, person.contact_id, tax_code, {"organisation": f"Công ty {tax_code}"}, now
        )
        assert business is not None
        answers = {"organisation": f"Công ty {tax_code}", "tax_code": tax_code, "contact_name": person.name}
        return await applications.submit(
            connection,
            person,
            SignUp(draft, offering, business, answers, (), seats),
            translators=translators,
            office=OFFICE,
            now=now,
        )
