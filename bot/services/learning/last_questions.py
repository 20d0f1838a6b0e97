"""What a person last asked the assistant: to hand to an officer without typing it again, and to carry on from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Contact
from bot.db.types import UtcTime
from bot.vietnamese import clean

# Nobody need type again what is far too long to be handed on.
LONGEST_KEPT = 4000

# Made once: they run with every question, and making one takes as long as running it.
_SET_SUBJECT = (
    update(Contact)
    .where(Contact.id == bindparam("asker"))
    .values(last_entry=bindparam("about"), last_asked_at=bindparam("asked_now", type_=UtcTime))
)
REMEMBER = _SET_SUBJECT.values(last_question=bindparam("asked"))
_LAST_QUESTION = select(Contact.last_question).where(Contact.id == bindparam("asker"))


def kept(contact_id: int, text: str, entry_id: str | None, now: datetime) -> dict[str, Any]:
    """What ``REMEMBER`` is run with, to keep a question and the entry that answered it, if one did."""
    return {"asker": contact_id, "asked": clean(text)[:LONGEST_KEPT], "about": entry_id, "asked_now": now}


async def set_subject(connection: AsyncConnection, contact_id: int, entry_id: str, now: datetime) -> None:
    """Keep which answer the person chose to read."""
    await connection.execute(_SET_SUBJECT, {"asker": contact_id, "about": entry_id, "asked_now": now})


async def last_question(connection: AsyncConnection, contact_id: int) -> str:
    """The question that is kept; empty when there is none."""
    return await connection.scalar(_LAST_QUESTION, {"asker": contact_id}) or ""
