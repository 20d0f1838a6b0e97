"""What the tests of agencies and focal points do over and over."""

from __future__ import annotations

import re

from sqlalchemy import select

from bot.db.models.people import Agency, Contact
from bot.messages import Reply
from tests.chat import PersonInTown, Town
from tests.reporting import BA_DINH


async def ba_dinh(town: Town) -> int:
    async with town.database.reading() as connection:
        found = await connection.scalar(select(Agency.id).where(Agency.slug == BA_DINH))
    assert found is not None
    return found


async def contact(town: Town, name: str) -> int:
    """The number of somebody who is a focal point."""
    async with town.database.reading() as connection:
        found = await connection.scalar(select(Contact.id).where(Contact.name == name))
    assert found is not None
    return found


async def opens(person: PersonInTown, town: Town) -> Reply:
    """The page, as its button opens it."""
    await person.sends_press(f"focal:page:{await ba_dinh(town)}")
    return person.reads()


def code_in(reply: Reply) -> str:
    found = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", reply.text)
    assert found is not None
    return found[0]
