"""The other side of the outbox: claim what is due under a lease, record what became of it.

Nothing here talks to a vendor, and no transaction stays open while somebody does. Every completion
is fenced by owner and attempt, so that a process whose lease ran out changes nothing.
"""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.among import among
from bot.db.models.messages import Broadcast, BroadcastText, ChannelState, Delivery
from bot.db.models.people import Address
from bot.db.types import UtcTime
from bot.db.upsert import insert_for
from bot.messages import Outgoing, Reply
from bot.packing import unpack
from bot.services.messages.outbox import REPLY
from bot.services.people import contacts

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 12
LONGEST_PAUSE_SECONDS = 15 * 60.0

BroadcastTexts = dict[tuple[int, str], Reply]


class Fate(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    REFUSED = "refused"
    GONE = "gone"
    LATER = "later"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fate of one attempt. ``retry_at`` goes with LATER and RELEASED; RELEASED burns no attempt."""

    outgoing: Outgoing
    fate: Fate
    vendor_message_id: str = ""
    reason: str = ""
    retry_at: datetime | None = None


_pending: ColumnElement[str] = literal_column("'pending'")
_sending: ColumnElement[str] = literal_column("'sending'")
_earlier = aliased(Delivery)


def _nothing_earlier_waits(*, quiet: bool) -> ColumnElement[bool]:
    """Whether nothing earlier to the same person comes first, so that messages arrive in order.

    A broadcast waits for what was said to the person before it, but not for another broadcast, which
    may be paused; nothing waits, with ``quiet``, for a notice that sleeps until the quiet hours end.
    """
    earlier = select(_earlier.id).where(
        _earlier.address_id == Delivery.address_id,
        _earlier.priority <= Delivery.priority,
        _earlier.id < Delivery.id,
        _earlier.status.in_([_pending, _sending]),
        _earlier.broadcast_id.is_(None),
    )
    if quiet:
        earlier = earlier.where(
            or_(_earlier.priority == literal_column(str(REPLY)), _earlier.anytime, _earlier.status == _sending)
        )
    # Not NOT EXISTS: PostgreSQL would make a join of it and, while its statistics are from before a
    # broadcast and find nothing unsettled, read the whole index for every row.
    return earlier.limit(literal_column("1")).scalar_subquery().is_(None)


_CANDIDATE_COLUMNS = (
    Delivery.id,
    Delivery.address_id,
    Delivery.channel,
    Address.external_id,
    Address.blocked_at,
    Delivery.content,
    Delivery.broadcast_id,
    Delivery.language,
    Delivery.attempts,
    Delivery.priority,
    Delivery.replaces,
    Delivery.stale_after,
)


def _candidates(*, quiet: bool) -> Select[*tuple[Any, ...]]:
    return (
        select(*_CANDIDATE_COLUMNS)
        .join(Address, Address.id == Delivery.address_id)
        .where(
            Delivery.channel == bindparam("on_channel"),
            Delivery.status == _pending,
            or_(Delivery.not_before.is_(None), Delivery.not_before <= bindparam("now", type_=UtcTime)),
            _nothing_earlier_waits(quiet=quiet),
        )
        .limit(bindparam("at_most"))
        .with_for_update(of=Delivery, skip_locked=True)
    )


_SINGLE, _ANY_SINGLE_QUIET = (
    _candidates(quiet=quiet).where(Delivery.broadcast_id.is_(None)).order_by(Delivery.priority, Delivery.id)
    for quiet in (False, True)
)
_SINGLE_QUIET = _ANY_SINGLE_QUIET.where(or_(Delivery.priority == literal_column(str(REPLY)), Delivery.anytime))
_BULK, _BULK_QUIET = (
    _candidates(quiet=quiet)
    .where(Delivery.broadcast_id == bindparam("of_broadcast"), Delivery.id > bindparam("after_id"))
    .order_by(Delivery.id)
    for quiet in (False, True)
)
_RUNNING = select(Broadcast.id, Broadcast.anytime).where(Broadcast.status == "sending").order_by(Broadcast.id)


async def claim(
    connection: AsyncConnection,
    channel: str,
    *,
    owner: str,
    now: datetime,
    limit: int,
    quiet: bool,
    texts: BroadcastTexts,
    bulk_after: dict[int, int],
) -> list[Outgoing]:
    """Take up to ``limit`` due deliveries of a channel, in the order in which to send them.

    Replies come before notices, notices before broadcasts. In quiet hours only replies and what is
    marked ``anytime`` go out. What has gone stale is recorded as dropped, what is addressed to
    somebody who blocked the bot as failed. ``texts`` and ``bulk_after`` are the caller's memory of
    frozen broadcast texts and of the last id claimed per broadcast.
    """
    values = {"on_channel": channel, "now": now, "at_most": limit}
    rows = list((await connection.execute(_SINGLE_QUIET if quiet else _SINGLE, values)).all())
    if len(rows) < limit:
        for broadcast_id, anytime in (await connection.execute(_RUNNING)).all():
            if quiet and not anytime:
                continue
            after_id = bulk_after.get(broadcast_id, 0)
            found = (
                await connection.execute(
                    _BULK_QUIET if quiet else _BULK,
                    values | {"at_most": limit - len(rows), "of_broadcast": broadcast_id, "after_id": after_id},
                )
            ).all()
            # Behind the last id everything was claimed once: what came back since starts from the front.
            bulk_after[broadcast_id] = found[-1][0] if found else 0
            rows.extend(found)
            if len(rows) >= limit:
                break
    if not rows:
        return []
    return await _take(connection, rows, owner=owner, now=now, texts=texts)


async def _take(
    connection: AsyncConnection,
    rows: Sequence[Row[*tuple[Any, ...]]],
    *,
    owner: str,
    now: datetime,
    texts: BroadcastTexts,
) -> list[Outgoing]:
    taken: list[Outgoing] = []
    stale: list[int] = []
    unreachable: list[int] = []
    for row in rows:
        if row.stale_after is not None and row.stale_after < now:
            stale.append(row.id)
        elif row.blocked_at is not None and row.priority != REPLY:
            unreachable.append(row.id)
        else:
            reply = (
                unpack(row.content)
                if row.broadcast_id is None
                else await _broadcast_text(connection, row.broadcast_id, row.language, texts)
            )
            taken.append(
                Outgoing(
                    row.id,
                    row.address_id,
                    row.channel,
                    row.external_id,
                    reply,
                    row.attempts + 1,
                    row.priority,
                    row.replaces,
                )
            )
    await _mark(connection, stale, status="dropped", error="stale: its time had passed", settled_at=now)
    await _mark(connection, unreachable, status="failed", error="blocked by the person earlier", settled_at=now)
    if taken:
        await connection.execute(
            update(Delivery)
            .where(among(connection, Delivery.id, [each.delivery_id for each in taken]))
            .values(status="sending", owner=owner, lease_until=now + LEASE, attempts=Delivery.attempts + 1)
        )
    return taken


async def _broadcast_text(
    connection: AsyncConnection, broadcast_id: int, language: str, texts: BroadcastTexts
) -> Reply:
    key = (broadcast_id, language)
    if key not in texts:
        content = await connection.scalar(
            select(BroadcastText.content).where(
                BroadcastText.broadcast_id == broadcast_id, BroadcastText.language == language
            )
        )
        if content is None:
            raise LookupError(f"broadcast {broadcast_id} has no text in {language}")
        texts[key] = unpack(content)
    return texts[key]


async def _mark(connection: AsyncConnection, ids: Sequence[int], **values: object) -> None:
    if ids:
        await connection.execute(update(Delivery).where(among(connection, Delivery.id, ids)).values(**values))


_MINE = and_(
    Delivery.id == bindparam("delivery"),
    Delivery.owner == bindparam("me"),
    Delivery.attempts == bindparam("attempt"),
    Delivery.status == _sending,
)
_SETTLE_SENT = (
    update(Delivery)
    .where(_MINE)
    .values(
        status="sent",
        vendor_message_id=bindparam("vendor_id"),
        settled_at=bindparam("at", type_=UtcTime),
        owner=None,
        lease_until=None,
        error=None,
    )
    .execution_options(synchronize_session=False)
)


async def settle(connection: AsyncConnection, outcomes: Iterable[Outcome], *, owner: str, now: datetime) -> None:
    """Record what became of attempts of this process."""
    sent = [outcome for outcome in outcomes if outcome.fate is Fate.SENT]
    if sent:
        await connection.execute(
            _SETTLE_SENT,
            [
                {
                    "delivery": outcome.outgoing.delivery_id,
                    "me": owner,
                    "attempt": outcome.outgoing.attempt,
                    "vendor_id": outcome.vendor_message_id or None,
                    "at": now,
                }
                for outcome in sent
            ],
        )
    for outcome in outcomes:
        if outcome.fate is not Fate.SENT:
            await _settle_unsent(connection, outcome, owner, now)


async def _settle_unsent(connection: AsyncConnection, outcome: Outcome, owner: str, now: datetime) -> None:
    attempt = outcome.outgoing.attempt
    values: dict[str, object] = {"owner": None, "lease_until": None, "error": outcome.reason or None}
    if outcome.fate is Fate.RELEASED:
        values |= {"status": "pending", "not_before": outcome.retry_at, "attempts": Delivery.attempts - 1}
    elif outcome.fate is Fate.LATER and attempt < MAX_ATTEMPTS:
        values |= {"status": "pending", "not_before": outcome.retry_at or now + pause_after(attempt)}
    elif outcome.fate is Fate.LATER:
        values |= {"status": "undeliverable", "settled_at": now}
    else:
        values |= {"status": "failed", "settled_at": now}
    changed = await connection.execute(
        update(Delivery).where(_MINE).values(values),
        {"delivery": outcome.outgoing.delivery_id, "me": owner, "attempt": attempt},
    )
    if outcome.fate is Fate.GONE and changed.rowcount:
        await contacts.mark_blocked(connection, outcome.outgoing.address_id, outcome.reason, now)


def pause_after(attempt: int) -> timedelta:
    """How long to wait after a failed attempt: doubling from two seconds, with jitter, at most a quarter of an hour."""
    return timedelta(seconds=min(LONGEST_PAUSE_SECONDS, 2.0**attempt) * random.uniform(0.5, 1.0))


async def take_back_abandoned(connection: AsyncConnection, *, now: datetime, alive: str) -> int:
    """Make deliveries due again whose process died: its lease ran out, or it ran on this host and is gone.

    ``alive`` is the caller's own owner name. That counts as no attempt: most of what a process has claimed
    when it dies was never sent, and a program that is killed again and again must not give it up.
    """
    owners = (await connection.execute(select(Delivery.owner).where(Delivery.status == _sending).distinct())).scalars()
    dead = [owner for owner in owners if owner and owner != alive and _is_dead(owner)]
    result = await connection.execute(
        update(Delivery)
        .where(Delivery.status == _sending, or_(Delivery.lease_until < now, Delivery.owner.in_(dead)))
        .values(status="pending", owner=None, lease_until=None, not_before=None, attempts=Delivery.attempts - 1)
    )
    return result.rowcount


def owner_name() -> str:
    """A name for this process that others can tell dead from alive by: host, process id, start."""
    return f"{socket.gethostname()[:40]}/{os.getpid()}/{random.getrandbits(32):08x}"


def _is_dead(owner: str) -> bool:
    host, process, _ = owner.rsplit("/", 2)
    if host != socket.gethostname()[:40]:
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(process) == os.getpid()


async def hold_back(connection: AsyncConnection, channel: str, until: datetime, trouble: str) -> None:
    """Keep every process from sending on a channel until then; ``trouble`` is for an administrator."""
    await connection.execute(
        insert_for(connection, ChannelState)
        .values(channel=channel, blocked_until=until, trouble=trouble)
        .on_conflict_do_update(index_elements=["channel"], set_={"blocked_until": until, "trouble": trouble})
    )


async def next_slot(connection: AsyncConnection, channel: str) -> tuple[datetime | None, datetime | None]:
    """(next free slot, blocked until) of a channel, its row locked until the transaction ends."""
    statement = select(ChannelState.next_slot_at, ChannelState.blocked_until).where(ChannelState.channel == channel)
    row = (await connection.execute(statement.with_for_update())).one_or_none()
    if row is None:
        await connection.execute(insert_for(connection, ChannelState).values(channel=channel).on_conflict_do_nothing())
        row = (await connection.execute(statement.with_for_update())).one()
    return row[0], row[1]


async def set_next_slot(connection: AsyncConnection, channel: str, at: datetime) -> None:
    await connection.execute(update(ChannelState).where(ChannelState.channel == channel).values(next_slot_at=at))


async def next_retry(connection: AsyncConnection, channel: str) -> datetime | None:
    """When the next delivery that failed once, or was held back by the vendor, is to be tried again."""
    return await connection.scalar(
        select(func.min(Delivery.not_before)).where(Delivery.channel == channel, Delivery.status == _pending)
    )
