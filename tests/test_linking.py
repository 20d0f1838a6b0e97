"""One-time codes: who they make of a person, and that each works once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.db.engine import Database
from bot.db.models.people import Contact, FocalPoint, Invitation, InvitationUse
from bot.messages import Language, Person, Role
from bot.services.people import contacts, invitations, redeeming, wrong_codes
from bot.services.people.redeeming import Outcome
from tests.chat import Clock, Town
from tests.reporting import BA_DINH, appoint, employ, invite


async def test_a_focal_point_links_with_a_code(town: Town) -> None:
    code = await invite(town.database, town, agency="so-cong-thuong")
    lan = town.person("Lan", language="en")
    await lan.says(f"/link {code}")
    lan.reads(
        "Account linked",
        "You are now focal point of Department of Industry and Trade (officer in charge).",
        buttons=["Agency reports", "Menu"],
    )
    await lan.presses("Agency reports")
    lan.reads("Department of Industry and Trade", "V.1.b")


async def test_in_vietnamese(town: Town) -> None:
    code = await invite(town.database, town, agency=BA_DINH, focal_role="head")
    an = town.person("An")
    await an.says(f"/lienket {code}")
    an.reads("Ủy ban nhân dân phường Ba Đình", "lãnh đạo cơ quan", buttons=["Báo cáo cơ quan", "Menu"])


async def test_the_code_is_asked_for_and_may_be_typed_carelessly(town: Town) -> None:
    code = await invite(town.database, town, agency=BA_DINH, focal_role="deputy")
    lan = town.person("Lan", language="en")
    await lan.says("/link")
    lan.reads("Link your account", "ABCDE-23456", buttons=["Cancel"])
    await lan.says("ABCDE 23456")
    lan.reads("There is no such code", buttons=["Cancel"])
    await lan.says(f" {code.lower().replace('-', ' ')} ")
    lan.reads("focal point of People's Committee of Ba Đình Ward (deputy)")
    await lan.says("/cancel")
    lan.reads("There is nothing to cancel")


async def test_asking_can_be_cancelled(town: Town) -> None:
    lan = town.person("Lan", language="en")
    await lan.says("/link")
    lan.reads("Link your account")
    await lan.presses("Cancel")
    lan.reads("Cancelled")


async def test_a_deep_link_carries_the_code(town: Town) -> None:
    code = await invite(town.database, town, role=Role.ADMIN)
    lan = town.person("Lan", language="en")
    await lan.starts(code)
    lan.reads("You are now an administrator.", "/broadcast", buttons=["Menu"])


async def test_any_other_start_is_a_welcome(town: Town) -> None:
    lan = town.person("Lan", language="en")
    await lan.starts("so-cong-thuong")
    lan.reads("Welcome!")


async def test_a_code_works_once(town: Town) -> None:
    code = await invite(town.database, town, agency=BA_DINH)
    lan, minh = town.person("Lan", language="en"), town.person("Minh", language="en")
    await lan.says(f"/link {code}")
    lan.reads("Account linked")
    await minh.says(f"/link {code}")
    minh.reads("already been used by somebody else")
    await lan.says(f"/link {code}")
    lan.reads("You have already used this code")


async def test_a_code_expires_after_two_weeks(town: Town) -> None:
    code = await invite(town.database, town, agency=BA_DINH)
    town.clock.advance(days=14)
    lan = town.person("Lan", language="en")
    await lan.says(f"/link {code}")
    lan.reads("This code has expired")


async def test_guessing_is_slowed_down(town: Town) -> None:
    code = await invite(town.database, town, agency=BA_DINH)
    lan = town.person("Lan", language="en")
    for guess in range(wrong_codes.GUESSES):
        await lan.says(f"/link AAAAA-2222{guess + 2}")
        lan.reads("There is no such code")
    await lan.says(f"/link {code}")
    lan.reads("Too many wrong codes", "10:00")
    town.clock.advance(hours=1)
    await lan.says(f"/link {code}")
    lan.reads("Account linked")


async def test_one_person_may_answer_for_several_agencies(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await appoint(town, "Lan", "phuong-bach-mai", "deputy")
    await lan.says("/reports")
    lan.reads("Reports of your agencies")


async def test_a_lesser_role_takes_nothing_away(town: Town) -> None:
    await employ(town, "Lan", Role.ADMIN)
    code = await invite(town.database, town, role=Role.VIEWER)
    lan = town.person("Lan")
    await lan.says(f"/link {code}")
    lan.reads("You are now an administrator.")


async def test_only_the_hash_of_a_code_is_kept(town: Town) -> None:
    code = await invite(town.database, town, agency=BA_DINH)
    async with town.database.reading() as connection:
        (row,) = (await connection.execute(select(Invitation))).all()
    assert code not in str(row)
    assert code.replace("-", "") not in str(row)


async def somebody(database: Database, name: str, clock: Clock) -> Person:
    async with database.transaction() as connection:
        return await contacts.add(connection, "telegram", name, name=name, language=Language.VI, now=clock())


async def test_of_two_people_at_once_one_wins(database: Database, clock: Clock) -> None:
    async with database.transaction() as connection:
        code = await invitations.create(connection, agency_slug=BA_DINH, now=clock())
    people = [await somebody(database, f"p{number}", clock) for number in range(6)]

    async def tries(person: Person) -> Outcome:
        async with database.transaction() as connection:
            return (await redeeming.redeem(connection, person, code, clock())).outcome

    outcomes = await asyncio.gather(*map(tries, people))
    assert sorted(outcomes) == [Outcome.LINKED] + [Outcome.USED] * 5
    async with database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(FocalPoint)) == 1


async def test_a_code_of_several_uses_takes_each_person_once(town: Town) -> None:
    async with town.database.transaction() as connection:
        code = await invitations.create(connection, agency_slug=BA_DINH, focal_role="deputy", uses=2, now=town.clock())
    lan, minh, hoa = (town.person(name, language="en") for name in ("Lan", "Minh", "Hoa"))
    await lan.says(f"/link {code}")
    lan.reads("You are now focal point of People's Committee of Ba Đình Ward (deputy).")
    await lan.says(f"/link {code}")
    lan.reads("You have already used this code")
    await minh.says(f"/link {code}")
    minh.reads("You are now focal point of People's Committee of Ba Đình Ward (deputy).")
    await hoa.says(f"/link {code}")
    hoa.reads("This code has already been used")
    await minh.says(f"/link {code}")
    minh.reads("You have already used this code")


async def test_of_many_people_at_once_as_many_get_in_as_the_code_has_uses(database: Database, clock: Clock) -> None:
    async with database.transaction() as connection:
        code = await invitations.create(connection, agency_slug=BA_DINH, uses=3, now=clock())
    people = [await somebody(database, f"p{number}", clock) for number in range(6)]

    async def tries(person: Person) -> Outcome:
        async with database.transaction() as connection:
            return (await redeeming.redeem(connection, person, code, clock())).outcome

    # Each presses twice.
    outcomes = await asyncio.gather(*map(tries, people * 2))
    assert outcomes.count(Outcome.LINKED) == 3
    assert Outcome.EXPIRED not in outcomes
    async with database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(FocalPoint)) == 3
        assert await connection.scalar(select(Invitation.used)) == 3
        assert await connection.scalar(select(func.count()).select_from(InvitationUse)) == 3


async def test_only_focal_points_share_a_code(database: Database, clock: Clock) -> None:
    async with database.transaction() as connection:
        with pytest.raises(ValueError, match="only a code for focal points"):
            await invitations.create(connection, role=Role.ADMIN, uses=2, now=clock())
        with pytest.raises(ValueError, match="at most 20"):
            await invitations.create(connection, agency_slug=BA_DINH, uses=21, now=clock())


async def test_there_is_one_first_administrator(database: Database, clock: Clock) -> None:
    async with database.transaction() as connection:
        assert not await invitations.has_admin(connection)
        early = await invitations.create(connection, role=Role.ADMIN, first_admin=True, now=clock())
        code = await invitations.create(connection, role=Role.ADMIN, first_admin=True, now=clock())
    first, second = [await somebody(database, name, clock) for name in ("a", "b")]
    later = clock() + timedelta(minutes=1)
    async with database.transaction() as connection:
        assert (await redeeming.redeem(connection, first, early, later)).outcome is Outcome.EXPIRED
        assert (await redeeming.redeem(connection, first, code, later)).outcome is Outcome.LINKED
        assert await invitations.has_admin(connection)
        assert (await redeeming.redeem(connection, second, code, later)).outcome is Outcome.USED
        with pytest.raises(ValueError, match="already is an administrator"):
            await invitations.create(connection, first_admin=True, now=later)


async def test_two_first_administrators_at_once(database: Database, clock: Clock) -> None:
    """Two codes that are both good, as two processes that started together would print them."""
    async with database.transaction() as connection:
        codes = [await invitations.create(connection, first_admin=True, now=clock()) for _ in range(2)]
        await connection.execute(update(Invitation).values(expires_at=clock() + timedelta(days=1)))
    people = [await somebody(database, name, clock) for name in ("a", "b")]

    async def tries(person: Person, code: str) -> Outcome:
        async with database.transaction() as connection:
            return (await redeeming.redeem(connection, person, code, clock())).outcome

    outcomes = await asyncio.gather(*map(tries, people, codes))
    assert sorted(outcomes) == [Outcome.ADMIN_EXISTS, Outcome.LINKED]
    async with database.reading() as connection:
        admins = select(func.count()).select_from(Contact).where(Contact.role == Role.ADMIN.value)
        assert await connection.scalar(admins) == 1


async def test_an_unknown_agency_is_refused(database: Database, clock: Clock) -> None:
    async with database.transaction() as connection:
        with pytest.raises(ValueError, match="no agency"):
            await invitations.create(connection, agency_slug="phuong-khong-co", now=clock())
