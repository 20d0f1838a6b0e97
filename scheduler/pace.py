"""How fast a token may send. The next free slot stands in the database, so all processes share it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.services.messages import sending

# Slots are given out for this long ahead: short enough that a worker that stalls can't fire a burst.
WINDOW = timedelta(milliseconds=250)


@dataclass(frozen=True, slots=True)
class Pace:
    """Messages per second of one token. Replies to people go out at once but are counted: bulk yields to them."""

    per_second: float

    def spacing(self) -> timedelta:
        return timedelta(seconds=1 / self.per_second)

    async def slots(
        self, connection: AsyncConnection, channel: str, now: datetime, at_most: int
    ) -> tuple[int, datetime]:
        """(how many messages may be claimed now, when the first of them may leave).

        Locks the channel's row until the transaction ends; (0, t) means: ask again at t.
        """
        next_slot, blocked_until = await sending.next_slot(connection, channel)
        if blocked_until is not None and blocked_until > now:
            return 0, blocked_until
        first = max(next_slot or now, now)
        free = int((now + WINDOW - first) * self.per_second / timedelta(seconds=1))
        if free < 1:
            return (1, first) if first <= now else (0, first - WINDOW + self.spacing())
        return min(free, at_most), first

    async def use(self, connection: AsyncConnection, channel: str, first: datetime, count: int) -> None:
        """Take ``count`` slots from ``first`` on; call it in the transaction of ``slots``."""
        await sending.set_next_slot(connection, channel, first + count * self.spacing())

    async def count_replies(self, connection: AsyncConnection, channel: str, now: datetime, count: int) -> None:
        """Put replies that already went out on the account of the token."""
        next_slot, _ = await sending.next_slot(connection, channel)
        await sending.set_next_slot(connection, channel, max(next_slot or now, now) + count * self.spacing())
