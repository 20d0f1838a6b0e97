"""What a person last asked the assistant, to be handed to an officer without typing it again."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models import Contact
from bot.vietnamese import clean

# Nobody need type again what is far too long to be handed on.
LONGEST_KEPT = 4000


async def remember_question(connection: AsyncConnection, contact_id: int, text: str) -> None:
    """Keep a question, in place of the one before."""
    await connection.execute(
        update(Contact).where(Contact.id == contact_id).values(last_question=clean(text)[:LONGEST_KEPT])
    )


async def last_question(connection: AsyncConnection, contact_id: int) -> str:
    """The question that is kept; empty when there is none."""
    return await connection.scalar(select(Contact.last_question).where(Contact.id == contact_id)) or ""
