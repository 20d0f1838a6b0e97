"""People who act for enterprises, for tests of what they can do with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bot.db.models.people import Address
from bot.services.businesses import businesses
from tests.chat import PersonInTown

TAX_CODE = "0100233488"
NAME = "Công ty Sông Hồng"
PROFILE: Mapping[str, Any] = {
    "organisation": NAME,
    "sector": "industry",
    "headcount": 60,
    "revenue": 40_000_000_000,
    "environment_fields": ["wastewater", "equipment"],
    "ward": "phuong-ba-dinh",
    "contact_name": "Nguyễn Thị Lan",
    "phone": "+84912345678",
    "email": "lan@songhong.vn",
}


async def contact_id(person: PersonInTown) -> int:
    """The contact behind a person, who says something first if they never did."""
    for _ in range(2):
        async with person.town.database.reading() as connection:
            found = await connection.scalar(select(Address.contact_id).where(Address.external_id == person.external_id))
        if found is not None:
            return int(found)
        await person.says("/menu")
        person.skips()
    raise LookupError(person.name)


async def acts_for(person: PersonInTown, tax_code: str = TAX_CODE, profile: Mapping[str, Any] = PROFILE) -> int:
    """Make the person the first who acts for an enterprise; returns its id."""
    mine = await contact_id(person)
    async with person.town.database.transaction() as connection:
        made = await businesses.make_or_join(connection, mine, tax_code, profile, person.town.clock())
    assert made is not None
    return made


async def joins(person: PersonInTown, business_id: int, let_in_by: PersonInTown) -> None:
    """Make the person one more who acts for an enterprise, without the conversation."""
    mine, colleague = await contact_id(person), await contact_id(let_in_by)
    async with person.town.database.transaction() as connection:
        await businesses.add_member(connection, business_id, mine, actor_id=colleague, now=person.town.clock())
