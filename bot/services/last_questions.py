"""What a person last asked the assistant: to hand to an officer without typing it again, and to carry on from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models import Contact
from bot.vietnamese import clean

# Nobody need type again what is far too long to be handed on.
LONGEST_KEPT = 4000


async def remember(
    connection: AsyncConnection, contact_id: int, text: str, entry_id: str | None, now: datetime
) -> None:
    """Keep a question and the entry that answered it, if one did, in place of the one before."""
    await connection.execute(
        update(Contact)
        .where(Contact.id == contact_id)
        .values(last_question=clean(text)[:LONGEST_KEPT], last_entry=entry_id, last_asked_at=now)
    )


async def set_subject(connection: AsyncConnection, contact_id: int, entry_id: str, now: datetime) -> None:
    """Keep which answer the person chose to read."""
    await connection.execute(
        update(Contact).where(Contact.id == contact_id).values(last_entry=entry_id, last_asked_at=now)
    )


async def last_question(connection: AsyncConnection, contact_id: int) -> str:
    """The question that is kept; empty when there is none."""
    return await connection.scalar(select(Contact.last_question).where(Contact.id == contact_id)) or ""
