"""Half-filled forms that somebody left for something else. What is being filled in now is the person's dialog."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Contact


async def set_aside(connection: AsyncConnection, contact_id: int, draft: Mapping[str, Any]) -> None:
    """Keep a form for later; the person is in the middle of nothing then."""
    await connection.execute(
        update(Contact).where(Contact.id == contact_id).values(draft=dict(draft), dialog=None, dialog_at=None)
    )


async def kept(connection: AsyncConnection, contact_id: int) -> dict[str, Any] | None:
    """The form that the person set aside."""
    found: dict[str, Any] | None = await connection.scalar(select(Contact.draft).where(Contact.id == contact_id))
    return found


async def forget(connection: AsyncConnection, contact_id: int) -> None:
    """There is no form set aside any more."""
    await connection.execute(update(Contact).where(Contact.id == contact_id).values(draft=None))
