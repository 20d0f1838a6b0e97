"""Businesses by their tax code: who brings one acts for it, and what its profile says is kept with its history."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from bot.db.engine import Database
from bot.db.models.businesses import Business, BusinessEvent, BusinessMember
from bot.db.models.people import Contact
from bot.services.businesses import businesses
from bot.services.businesses.businesses import Found
from bot.services.businesses.size_class import SizeClass, size_class
from tests.conftest import MONDAY_MORNING as NOW

CODE, UNVERIFIED, PERSONAL = "0100233488", "0100233489", "001085123456"
PROFILE = {"organisation": "Công ty Sông Hồng", "tax_code": CODE, "sector": "industry", "headcount": 60}
BILLION = 1_000_000_000


async def people(database: Database, count: int = 2) -> list[int]:
    async with database.transaction() as connection:
        return [
            int(
                (
                    await connection.execute(
                        insert(Contact).values(language="vi", created_at=NOW).returning(Contact.id)
                    )
                ).scalar_one()
            )
            for _ in range(count)
        ]


async def test_who_brings_a_tax_code_acts_for_the_business(database: Database) -> None:
    lan, minh = await people(database)
    async with database.transaction() as connection:
        assert await businesses.by_tax_code(connection, CODE, lan) is None
        made = await businesses.make_or_join(connection, lan, CODE, PROFILE, NOW)
        assert made is not None
        assert await businesses.by_tax_code(connection, CODE, lan) == Found(made, has_members=True, is_member=True)
        assert await businesses.by_tax_code(connection, CODE, minh) == Found(made, has_members=True, is_member=False)
        assert await businesses.make_or_join(connection, lan, CODE, {"organisation": "Khác"}, NOW) == made
        assert await businesses.make_or_join(connection, minh, CODE, PROFILE, NOW) is None
        [mine] = await businesses.of_contact(connection, lan)
        assert mine.answers() == PROFILE
        assert "tax_code" not in mine.profile
        assert await businesses.of_contact(connection, minh) == []
        assert await businesses.mine(connection, minh, made) is None


async def test_a_business_that_nobody_acts_for_is_taken_over(database: Database) -> None:
    lan, minh = await people(database)
    async with database.transaction() as connection:
        made = await businesses.make_or_join(connection, lan, CODE, PROFILE, NOW)
        await connection.execute(delete(BusinessMember))
        new = {"organisation": "Công ty Sông Hồng mới", "tax_code": CODE}
        assert await businesses.make_or_join(connection, minh, CODE, new, NOW) == made
        assert (await businesses.of_contact(connection, minh))[0].name == "Công ty Sông Hồng mới"


async def test_two_who_bring_the_same_tax_code_at_once(database: Database) -> None:
    contacts = await people(database, 4)

    async def bring(contact_id: int) -> int | None:
        async with database.transaction() as connection:
            return await businesses.make_or_join(connection, contact_id, CODE, PROFILE, NOW)

    results = await asyncio.gather(*(bring(each) for each in contacts))
    assert sum(each is not None for each in results) == 1
    async with database.reading() as connection:
        assert len((await connection.execute(select(BusinessMember.contact_id))).all()) == 1


async def test_the_profile_is_changed_by_members_field_by_field(database: Database) -> None:
    lan, minh = await people(database)
    async with database.transaction() as connection:
        business_id = await businesses.make_or_join(connection, lan, CODE, PROFILE, NOW)
        assert business_id is not None
        changed: dict[str, Any] = {
            "organisation": "Sông Hồng Xanh",
            "headcount": None,
            "sector": "industry",
            "tax_code": "1",
        }
        assert await businesses.save_profile(connection, business_id, minh, changed, NOW) == ()
        assert await businesses.save_profile(connection, business_id, lan, changed, NOW) == (
            "organisation",
            "headcount",
        )
        assert await businesses.save_profile(connection, business_id, lan, changed, NOW) == ()
        [mine] = await businesses.of_contact(connection, lan)
        assert (mine.name, mine.tax_code) == ("Sông Hồng Xanh", CODE)
        assert mine.profile == {"organisation": "Sông Hồng Xanh", "sector": "industry"}
        events = (await connection.execute(select(BusinessEvent).order_by(BusinessEvent.id))).all()
    assert [(event.what, event.field, event.actor_id) for event in events] == [
        ("made", "", lan),
        ("joined", "", lan),
        ("changed", "sector", lan),
        ("changed", "headcount", lan),
        ("changed", "organisation", lan),
        ("changed", "headcount", lan),
    ]


@pytest.mark.parametrize("code, verified", [(CODE, True), (UNVERIFIED, False), (PERSONAL, False)])
async def test_only_a_check_digit_verifies_a_tax_code(database: Database, code: str, verified: bool) -> None:
    [lan] = await people(database, 1)
    async with database.transaction() as connection:
        await businesses.make_or_join(connection, lan, code, {"organisation": "A"}, NOW)
        assert await connection.scalar(select(Business.verified)) is verified


@pytest.mark.parametrize(
    "sector, headcount, billions, expected",
    [
        ("industry", 10, 3, SizeClass.MICRO),
        ("industry", 11, 3, SizeClass.SMALL),
        ("agriculture", 10, 4, SizeClass.SMALL),
        ("industry", 100, 50, SizeClass.SMALL),
        ("industry", 101, 50, SizeClass.MEDIUM),
        ("industry", 200, 200, SizeClass.MEDIUM),
        ("industry", 200, 201, SizeClass.LARGE),
        ("industry", 201, 1, SizeClass.LARGE),
        ("services", 10, 10, SizeClass.MICRO),
        ("services", 10, 11, SizeClass.SMALL),
        ("services", 50, 100, SizeClass.SMALL),
        ("services", 51, 100, SizeClass.MEDIUM),
        ("services", 100, 300, SizeClass.MEDIUM),
        ("services", 101, 300, SizeClass.LARGE),
        ("industry", 0, 0, SizeClass.MICRO),
        (None, 10, 3, None),
        ("industry", None, 3, None),
        ("industry", 10, None, None),
    ],
)
def test_the_classes_of_decree_80(
    sector: str | None, headcount: int | None, billions: int | None, expected: SizeClass | None
) -> None:
    revenue = None if billions is None else billions * BILLION
    assert size_class({"sector": sector, "headcount": headcount, "revenue": revenue}) is expected


@given(
    st.sampled_from(["industry", "services"]),
    st.integers(0, 400),
    st.integers(0, 500),
    st.integers(0, 50),
    st.integers(0, 50),
)
def test_a_business_that_grows_never_falls_into_a_smaller_class(
    sector: str, headcount: int, billions: int, more_people: int, more_billions: int
) -> None:
    before = size_class({"sector": sector, "headcount": headcount, "revenue": billions * BILLION})
    after = size_class(
        {"sector": sector, "headcount": headcount + more_people, "revenue": (billions + more_billions) * BILLION}
    )
    order = list(SizeClass)
    assert before is not None
    assert after is not None
    assert order.index(after) >= order.index(before)
