"""What is there before the first start, and how things stand whenever something was killed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, insert, select

from bot.db.engine import Database
from bot.db.models.messages import Broadcast, BroadcastText, Delivery
from bot.db.models.people import Address, Contact
from bot.messages import Language, Reply
from bot.packing import pack
from tests.kill.peer import TEXT, Peer

FIRST_PERSON = 10_001
FIRST_ASKER = 900_001
AUTHOR = FIRST_PERSON
QUESTION = "Ai ký Kế hoạch số 50/KH-UBND?"

Account = tuple[str, str]  # channel and external id


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: of what, when, and the accounts to which it was sending."""

    of: str
    in_flight: frozenset[Account]


@dataclass(frozen=True, slots=True)
class Standing:
    """How many accounts on Telegram still have to get the announcement, and what a process has claimed."""

    left: int
    in_flight: frozenset[Account]


def repeats_per_kill(rate: float) -> float:
    """How many messages one kill may cause to be sent again.

    What is in flight at once on Telegram, and what was sent since outcomes were recorded last: they are
    recorded every 0.05 seconds, and recording takes its time.
    """
    return 32 + 0.1 * rate


def settings(peer: Peer, url: str, rate: float) -> Mapping[str, str]:
    """The program's settings."""
    return {
        "DATABASE_URL": url,
        "PORT": "0",
        "SECRET_KEY": "a key that signs nothing of value",
        "TELEGRAM_TOKEN": peer.token,
        "TELEGRAM_API_URL": peer.url,
        "TELEGRAM_RATE": str(rate),
    }


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """A database that is closed again whatever happens."""
    database = Database(url)
    try:
        yield database
    finally:
        await database.close()


async def seed(url: str, *, telegram: int, web: int) -> None:
    """Fill a migrated database with people on both channels and an announcement to all that is approved and due.

    Its author is the first person on Telegram, who will get the final report there.
    """
    now = datetime.now(UTC)
    accounts = [("telegram", str(FIRST_PERSON + number)) for number in range(telegram)]
    accounts += [("web_chat", f"visitor-{number}") for number in range(web)]
    async with opened(url) as database, database.transaction() as connection:
        contact_ids = (
            await connection.execute(
                insert(Contact).returning(Contact.id),
                [{"language": Language.VI, "name": "", "created_at": now} for _ in accounts],
            )
        ).scalars()
        await connection.execute(
            insert(Address),
            [
                {"contact_id": contact_id, "channel": channel, "external_id": external_id, "created_at": now}
                for contact_id, (channel, external_id) in zip(contact_ids, accounts, strict=True)
            ],
        )
        author = select(Address.contact_id).where(Address.external_id == str(AUTHOR)).scalar_subquery()
        broadcast = insert(Broadcast).values(
            author_id=author, audience="all", status="approved", anytime=True, start_at=now, created_at=now
        )
        broadcast_id = await connection.scalar(broadcast.returning(Broadcast.id))
        await connection.execute(
            insert(BroadcastText),
            [
                {"broadcast_id": broadcast_id, "language": language, "content": pack(Reply(TEXT, language))}
                for language in Language
            ],
        )


async def standing(url: str, *, process: int) -> Standing:
    """Ask the database; ``process`` is the id of the one that was killed."""
    async with opened(url) as database, database.reading() as connection:
        recipients = Delivery.channel == "telegram", Delivery.broadcast_id.is_not(None)
        frozen = await connection.scalar(select(func.count()).where(*recipients)) or 0
        unsent = await connection.scalar(select(func.count()).where(*recipients, Delivery.status != "sent")) or 0
        everybody = await connection.scalar(select(func.count()).where(Address.channel == "telegram")) or 0
        claimed = await connection.execute(
            select(Delivery.channel, Address.external_id)
            .join(Address, Address.id == Delivery.address_id)
            .where(Delivery.status == "sending", Delivery.owner.contains(f"/{process}/"))
        )
        return Standing(unsent if frozen else everybody, frozenset((channel, account) for channel, account in claimed))
