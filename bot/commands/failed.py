"""Lists what could not be processed."""

from __future__ import annotations

from bot import app
from bot.services.messages import received
from bot.settings import Settings


async def list_failed(settings: Settings) -> list[dict[str, str]]:
    """One row per message that is set aside, oldest first."""
    async with app.opened(settings) as parts:
        await app.prepare(parts)
        async with parts.database.reading() as connection:
            found = await received.failed(connection)
    return [
        {
            "id": each.failure_id,
            "channel": each.channel,
            "message_id": each.message_id,
            "received_at": each.received_at.isoformat(),
            "failure": each.failure,
        }
        for each in found
    ]
