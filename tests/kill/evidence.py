"""What the ledger of the Telegram peer and the tables say once nothing runs any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.messages import Broadcast, Delivery, WebMessage
from bot.db.models.people import Address
from tests.kill.peer import TEXT, Peer
from tests.kill.scene import Account, Kill, opened


@dataclass(frozen=True, slots=True)
class Evidence:
    """``recipients`` has what the outbox says of each account of the announcement, ``got`` how often it really came.

    ``acted`` and ``answered`` are about each person who asked something meanwhile: how many answers
    were stored, how many came. ``allowed`` is how many repeats there may be in all.
    """

    kills: Sequence[Kill]
    allowed: float
    broadcast_status: str
    reports: int
    recipients: Mapping[Account, str]
    got: Mapping[Account, int]
    acted: Mapping[Account, int]
    answered: Mapping[Account, int]
    wrong_calls: Sequence[str]


async def gather(url: str, peer: Peer, kills: Sequence[Kill], askers: Sequence[int], *, allowed: float) -> Evidence:
    """Collect all of it."""
    counts = await peer.counts()
    async with opened(url) as database, database.reading() as connection:
        status = await connection.scalar(select(Broadcast.status))
        reports = await connection.scalar(select(func.count()).where(Delivery.key.startswith("broadcast-report:")))
        deliveries = await connection.execute(
            select(Delivery.channel, Address.external_id, Delivery.status)
            .join(Address, Address.id == Delivery.address_id)
            .where(Delivery.broadcast_id.is_not(None))
        )
        recipients = {(channel, external_id): status for channel, external_id, status in deliveries}
        on_web = await _times(connection, WebMessage.address_id == Address.id, Address.channel == "web_chat")
        acted = await _times(
            connection,
            Delivery.address_id == Address.id,
            Delivery.broadcast_id.is_(None),
            Address.external_id.in_([str(asker) for asker in askers]),
        )
    got = {
        account: counts.get(int(account[1]), {}).get(TEXT, 0) if account[0] == "telegram" else on_web.get(account[1], 0)
        for account in recipients
    }
    return Evidence(
        kills=kills,
        allowed=allowed,
        broadcast_status=status or "gone",
        reports=reports or 0,
        recipients=recipients,
        got=got,
        acted={("telegram", str(asker)): acted.get(str(asker), 0) for asker in askers},
        answered={("telegram", str(asker)): _other_than_announced(counts.get(asker, {})) for asker in askers},
        wrong_calls=await peer.wrong_calls(),
    )


async def _times(connection: AsyncConnection, *joined: ColumnElement[bool]) -> dict[str, int]:
    """How many rows there are for each account."""
    rows = await connection.execute(
        select(Address.external_id, func.count()).where(*joined).group_by(Address.external_id)
    )
    return {account: count for account, count in rows}  # noqa: C416 - a row is no pair to the type checker


def _other_than_announced(texts: Mapping[str, int]) -> int:
    return Counter(texts).total() - texts.get(TEXT, 0)
