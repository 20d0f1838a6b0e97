"""What the tests of deciding and managing do over and over: somebody applies, staff open a page, the clock ticks."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.db.models.offerings import Offering
from bot.messages import Language, Person
from bot.services.applications import applications, review_notices
from bot.services.applications.applications import SignUp
from bot.services.applications.filed_applications import Filed
from bot.services.businesses import businesses
from bot.services.calendar import working_days
from bot.services.calendar.working_hours import OfficeHours
from tests.chat import PersonInTown, Town
from tests.reporting import quiet_hours
from tests.signing_up import SMALL, tax_codes
from tests.ticketing import arrives, contact_of

PROGRAMME = "technology-transfer-and-r-and-d"
NEED = "Cần chuyên gia tư vấn xử lý nước thải dệt nhuộm."


async def offering_id(town: Town, slug: str = SMALL) -> int:
    async with town.database.reading() as connection:
        return (await connection.execute(select(Offering.id).where(Offering.slug == slug))).scalar_one()


async def needs_approval(town: Town, slug: str = SMALL) -> int:
    """From now on officers decide on every sign-up to this event."""
    async with town.database.transaction() as connection:
        await connection.execute(update(Offering).where(Offering.slug == slug).values(needs_approval=True))
    return await offering_id(town, slug)


async def applies(
    town: Town, name: str, offering: int, *, number: int = 0, seats: int = 1, organisation: str = ""
) -> tuple[PersonInTown, Filed]:
    """Somebody signs up with the ``number``-th valid tax code, without the conversation about it."""
    person = await arrives(town, name, language="vi")
    contact = await contact_of(town, person)
    code = tax_codes(number + 1)[number]
    organisation = organisation or f"Công ty {name}"
    answers = {"organisation": organisation, "tax_code": code, "contact_name": name, "phone": "+84912345678",
               "email": "a@congty.vn", "need": NEED}  # fmt: skip
    now = town.clock()
    async with town.database.transaction() as connection:
        business = await businesses.make_or_join(connection, contact, code, {"organisation": organisation}, now)
        assert business is not None
        submission = await applications.submit(
            connection,
            Person(contact, 0, town.channel.name, person.external_id, Language.VI, name),
            SignUp(f"{number:06x}", offering, business, answers, (), seats),
            translators=town.conversation.translators,
            office=OfficeHours(await working_days.load(connection), quiet_hours(town).zone),
            now=now,
        )
    assert submission.filed is not None, submission
    return person, submission.filed


async def tells_officers(town: Town) -> list[str]:
    """The clock's part: officers hear of what has come in."""
    conversation = town.conversation
    lines = await review_notices.tell_of_new(
        town.database, conversation.translators, quiet=quiet_hours(town), now=town.clock()
    )
    await town.deliver()
    return lines
