"""Proof of what people agreed to: each purpose by itself, with the text's version, the time and the channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Consent
from bot.db.types import UtcTime

# The purposes that forms ask for, as ``purpose`` in content/forms.
REGISTRATION, NEWS = "registration", "news"

_GIVE = insert(Consent)
_WITHDRAW = (
    update(Consent)
    .where(
        Consent.contact_id == bindparam("of_contact"),
        Consent.purpose == bindparam("for_purpose"),
        Consent.withdrawn_at.is_(None),
    )
    .values(withdrawn_at=bindparam("at", type_=UtcTime))
)


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
            _GIVE,
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
            await connection.execute(_WITHDRAW, {"of_contact": contact_id, "for_purpose": each.purpose, "at": each.at})
