"""Proof of what people agreed to: each purpose by itself, with the text's version, the time and the channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Consent

# The purposes that forms ask for, as ``purpose`` in content/forms.
REGISTRATION, NEWS = "registration", "news"


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to one question for consent, either way."""

    purpose: str
    text_version: str
    channel: str
    at: datetime
    agreed: bool


async def record(connection: AsyncConnection, contact_id: int, given: Sequence[Given]) -> None:
    """Keep what was agreed to; a refusal ends an earlier consent to the same purpose."""
    agreed = [each for each in given if each.agreed]
    if agreed:
        await connection.execute(
            insert(Consent),
            [
                {
                    "contact_id": contact_id,
                    "purpose": each.purpose,
                    "text_version": each.text_version,
                    "channel": each.channel,
                    "given_at": each.at,
                }
                for each in agreed
            ],
        )
    for each in given:
        if not each.agreed:
            await connection.execute(
                update(Consent)
                .where(
                    Consent.contact_id == contact_id,
                    Consent.purpose == each.purpose,
                    Consent.withdrawn_at.is_(None),
                )
                .values(withdrawn_at=each.at)
            )
