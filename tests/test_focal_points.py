"""Who answers for an agency on a day, and that e-mail is for reminders only."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, select

from bot.db.engine import Database
from bot.db.models.people import Address, Agency, EmailConfirmation
from bot.messages import Language
from bot.services.agencies import focal_history, focal_points
from bot.services.agencies.agencies import FocalRole
from bot.services.agencies.focal_history import What
from bot.services.agencies.focal_points import Absence, Present
from bot.services.people import contacts
from tests.chat import Clock
from tests.reporting import BA_DINH

HOLDER, DEPUTY, HEAD = FocalRole.HOLDER, FocalRole.DEPUTY, FocalRole.HEAD


async def people_of_ba_dinh(database: Database, clock: Clock, *roles: FocalRole) -> tuple[int, list[int]]:
    """(the ward, one contact for each role)."""
    async with database.transaction() as connection:
        agency = await connection.scalar(select(Agency.id).where(Agency.slug == BA_DINH))
        assert agency is not None
        people = []
        for place, role in enumerate(roles):
            person = await contacts.add(
                connection, "telegram", f"p{place}", name=role.value, language=Language.VI, now=clock()
            )
            await focal_points.appoint(connection, agency, person.contact_id, role, clock())
            people.append(person.contact_id)
        return agency, people


async def test_who_is_away_is_marked_on_the_days_between(database: Database, clock: Clock) -> None:
    agency, (lan, an) = await people_of_ba_dinh(database, clock, HOLDER, DEPUTY)
    async with database.transaction() as connection:
        absence = Absence(date(2026, 12, 1), date(2026, 12, 4), None)
        assert await focal_points.be_away(connection, agency, lan, absence, clock())
    marked = {}
    async with database.reading() as connection:
        for day in (date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 4), date(2026, 12, 5)):
            marked[day.day] = (await focal_points.present(connection, [agency], day))[agency]
    here, away = [Present(lan, HOLDER, False), Present(an, DEPUTY, False)], [
        Present(lan, HOLDER, True), Present(an, DEPUTY, False)
    ]  # fmt: skip
    assert marked == {30: here, 1: away, 4: away, 5: here}


async def test_who_stands_in_for_a_holder_is_a_holder_meanwhile(database: Database, clock: Clock) -> None:
    agency, (lan, an, head) = await people_of_ba_dinh(database, clock, HOLDER, DEPUTY, HEAD)
    async with database.transaction() as connection:
        absence = Absence(date(2026, 12, 1), date(2026, 12, 1), head)
        await focal_points.be_away(connection, agency, lan, absence, clock())
    async with database.reading() as connection:
        during = (await focal_points.present(connection, [agency], date(2026, 12, 1)))[agency]
        after = (await focal_points.present(connection, [agency], date(2026, 12, 2)))[agency]
    assert during == [Present(lan, HOLDER, True), Present(an, DEPUTY, False), Present(head, HOLDER, False)]
    assert after == [Present(lan, HOLDER, False), Present(an, DEPUTY, False), Present(head, HEAD, False)]
    async with database.transaction() as connection:
        assert await focal_points.be_back(connection, agency, lan, clock())
        assert not await focal_points.be_back(connection, agency, lan, clock())
        assert (await focal_points.present(connection, [agency], date(2026, 12, 1)))[agency][0].away is False


async def test_who_leaves_stands_in_for_nobody(database: Database, clock: Clock) -> None:
    agency, (lan, an) = await people_of_ba_dinh(database, clock, HOLDER, DEPUTY)
    async with database.transaction() as connection:
        await focal_points.be_away(connection, agency, lan, Absence(date(2026, 12, 1), date(2026, 12, 1), an), clock())
        assert await focal_points.end(connection, agency, an)
        assert not await focal_points.end(connection, agency, an)
        await focal_points.appoint(connection, agency, an, DEPUTY, clock())
        found = (await focal_points.present(connection, [agency], date(2026, 12, 1)))[agency]
    assert found == [Present(lan, HOLDER, True), Present(an, DEPUTY, False)]


async def test_every_change_is_in_the_history(database: Database, clock: Clock) -> None:
    agency, (lan,) = await people_of_ba_dinh(database, clock, HOLDER)
    async with database.transaction() as connection:
        await focal_points.appoint(connection, agency, lan, HOLDER, clock())
        await focal_points.appoint(connection, agency, lan, HEAD, clock())
        await focal_points.be_away(
            connection, agency, lan, Absence(date(2026, 12, 1), date(2026, 12, 4), None), clock()
        )
        events = await focal_history.of(connection, agency)
    assert [(each.what, each.name, each.details) for each in events] == [
        (What.AWAY, "holder", {"from": "2026-12-01", "until": "2026-12-04"}),
        (What.ROLE_CHANGED, "holder", {"role": "head"}),
        (What.LINKED, "holder", {"role": "holder"}),
    ]


async def test_email_is_never_chosen_for_the_chat(database: Database, clock: Clock) -> None:
    async with database.transaction() as connection:
        lan = await contacts.add(connection, "telegram", "lan", name="Lan", language=Language.VI, now=clock())
        mine = {"contact_id": lan.contact_id, "channel": "email", "created_at": clock()}
        address = await connection.scalar(
            insert(Address).values(external_id=f"{lan.contact_id}/lan@hanoi.example", **mine).returning(Address.id)
        )
        found = await contacts.find_by_contact(connection, lan.contact_id)
        assert found is not None
        assert found.channel == "telegram"
        assert (await contacts.reachable(connection, [lan.contact_id]))[lan.contact_id].channel == "telegram"
        by_email = (await contacts.emails(connection, [lan.contact_id]))[lan.contact_id]
        assert (by_email.channel, by_email.address_id) == ("email", address)
        await contacts.mark_blocked(connection, lan.address_id, "blocked", clock())
        assert await contacts.find_by_contact(connection, lan.contact_id) is None
        assert await contacts.reachable(connection, [lan.contact_id]) == {}


async def test_an_address_that_is_not_confirmed_gets_nothing(database: Database, clock: Clock) -> None:
    async with database.transaction() as connection:
        lan = await contacts.add(connection, "telegram", "lan", name="Lan", language=Language.VI, now=clock())
        address = await connection.scalar(
            insert(Address)
            .values(contact_id=lan.contact_id, channel="email", external_id="1/lan@hanoi.example", created_at=clock())
            .returning(Address.id)
        )
        asked = {"contact_id": lan.contact_id, "code_hash": "", "expires_at": clock(), "since": clock()}
        await connection.execute(insert(EmailConfirmation).values(address_id=address, **asked))
        assert await contacts.emails(connection, [lan.contact_id]) == {}
