"""Announcements: write, approve, pause, resume, cancel, and how far one is.

Changing a status is one conditional UPDATE, so of two people who press at once one succeeds and the
other is told. What runs by the clock is ``bot.services.announcing.broadcast_runs``; sending is the outbox's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, and_, func, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.models.messages import Broadcast, BroadcastText, Delivery
from bot.db.models.people import Address, Contact
from bot.i18n import Translators
from bot.messages import Language, Reply, Role
from bot.packing import pack, unpack
from bot.services.people import contacts

# UTF-16 units: what fits into one message of every channel together with the footer.
LONGEST_TEXT = 3500
SHORTEST_TEXT = 10


class Status(StrEnum):
    """Where an announcement is."""

    WAITING = "waiting"
    REJECTED = "rejected"
    APPROVED = "approved"
    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Announcement:
    """One broadcast. ``approver_*`` is who decided, also when they rejected it."""

    id: int
    author_id: int
    author_name: str
    approver_id: int | None
    approver_name: str | None
    audience: str
    status: Status
    pause_reason: str | None
    anytime: bool
    start_at: datetime
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Recipients counted by what became of them; ``reasons`` are why, the most frequent first."""

    delivered: int = 0
    under_way: int = 0
    blocked: int = 0
    failed: int = 0
    undeliverable: int = 0
    cancelled: int = 0
    reasons: tuple[tuple[str, int], ...] = ()

    @property
    def total(self) -> int:
        return self.under_way + self.settled

    @property
    def settled(self) -> int:
        return self.delivered + self.blocked + self.failed + self.undeliverable + self.cancelled


# Of deliveries that were not taken: because the person blocked the bot. What they do later changes nothing.
IS_BLOCKED = and_(
    Delivery.status == literal_column("'failed'"),
    Address.blocked_at.is_not(None),
    Address.blocked_at <= Delivery.settled_at,
)

_author, _approver = aliased(Contact), aliased(Contact)
_ANNOUNCEMENT = (
    select(
        Broadcast.id,
        Broadcast.author_id,
        _author.name,
        Broadcast.approver_id,
        _approver.name,
        Broadcast.audience,
        Broadcast.status,
        Broadcast.pause_reason,
        Broadcast.anytime,
        Broadcast.start_at,
        Broadcast.created_at,
        Broadcast.started_at,
        Broadcast.finished_at,
    )
    .join(_author, _author.id == Broadcast.author_id)
    .outerjoin(_approver, _approver.id == Broadcast.approver_id)
)


def length(text: str) -> int:
    """Length in UTF-16 units, as messengers count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def messages(texts: Mapping[Language, str], translators: Translators) -> dict[Language, Reply]:
    """What the recipients of each language get: their language's text, or the only one there is."""
    written: dict[Language, Reply] = {}
    for language in Language:
        spoken = language if texts.get(language) else next(each for each in Language if texts.get(each))
        t = translators.for_language(spoken)
        sender = t("Announcement of the Hanoi Department of Industry and Trade")
        written[language] = Reply(texts[spoken], spoken, footnote=sender)
    return written


async def create(
    connection: AsyncConnection,
    author_id: int,
    audience: str,
    written: Mapping[Language, Reply],
    *,
    start_at: datetime,
    anytime: bool,
    now: datetime,
) -> tuple[int, list[int]]:
    """Store an announcement; returns its id and who else must approve it (any one of them; nobody if empty)."""
    approvers = [each for each in await contacts.staff(connection, Role.ADMIN) if each != author_id]
    broadcast_id = (
        await connection.execute(
            insert(Broadcast)
            .values(
                author_id=author_id,
                audience=audience,
                status=Status.WAITING if approvers else Status.APPROVED,
                anytime=anytime,
                start_at=start_at,
                created_at=now,
            )
            .returning(Broadcast.id)
        )
    ).scalar_one()
    await connection.execute(
        insert(BroadcastText),
        [
            {"broadcast_id": broadcast_id, "language": language.value, "content": pack(reply)}
            for language, reply in written.items()
        ],
    )
    return broadcast_id, approvers


async def approve(connection: AsyncConnection, broadcast_id: int, by: int) -> bool:
    """Let a waiting announcement go out. False when it doesn't wait any more, or is one's own."""
    return await _decide(connection, broadcast_id, by, status=Status.APPROVED)


async def reject(connection: AsyncConnection, broadcast_id: int, by: int, now: datetime) -> bool:
    """Refuse a waiting announcement. False when it doesn't wait any more, or is one's own."""
    return await _decide(connection, broadcast_id, by, status=Status.REJECTED, finished_at=now)


async def pause(connection: AsyncConnection, broadcast_id: int, *, reason: str | None = None) -> bool:
    """Stop claiming; what is under way right now still goes out."""
    return await _change(connection, broadcast_id, (Status.SENDING,), status=Status.PAUSED, pause_reason=reason)


async def resume(connection: AsyncConnection, broadcast_id: int, now: datetime) -> bool:
    """Go on exactly where it stopped."""
    return await _change(
        connection, broadcast_id, (Status.PAUSED,), status=Status.SENDING, pause_reason=None, resumed_at=now
    )


async def cancel(connection: AsyncConnection, broadcast_id: int, now: datetime) -> bool:
    """End it for good: nobody who has not got it yet will. What is under way right now still goes out."""
    if await _change(
        connection,
        broadcast_id,
        (Status.WAITING, Status.APPROVED),
        status=Status.CANCELLED,
        finished_at=now,
    ):
        return True
    if not await _change(connection, broadcast_id, (Status.SENDING, Status.PAUSED), status=Status.CANCELLED):
        return False
    await cancel_pending(connection, broadcast_id, now)
    return True


async def cancel_pending(connection: AsyncConnection, broadcast_id: int, now: datetime) -> None:
    """Give up what is not yet under way."""
    await connection.execute(
        update(Delivery)
        .where(Delivery.broadcast_id == broadcast_id, Delivery.status == literal_column("'pending'"))
        .values(status="cancelled", settled_at=now)
    )


async def find(connection: AsyncConnection, broadcast_id: int) -> Announcement | None:
    """One announcement by its id."""
    row = (await connection.execute(_ANNOUNCEMENT.where(Broadcast.id == broadcast_id))).one_or_none()
    return _announcement(row) if row else None


async def get(connection: AsyncConnection, broadcast_id: int) -> Announcement:
    """One announcement that is known to exist."""
    return _announcement((await connection.execute(_ANNOUNCEMENT.where(Broadcast.id == broadcast_id))).one())


async def recent(connection: AsyncConnection, *, limit: int) -> list[Announcement]:
    """The newest announcements, whoever wrote them."""
    rows = await connection.execute(_ANNOUNCEMENT.order_by(Broadcast.id.desc()).limit(limit))
    return [_announcement(row) for row in rows]


async def frozen_messages(connection: AsyncConnection, broadcast_id: int) -> dict[Language, Reply]:
    """What was stored to be sent, by the recipients' language."""
    rows = await connection.execute(
        select(BroadcastText.language, BroadcastText.content).where(BroadcastText.broadcast_id == broadcast_id)
    )
    found = {Language(language): unpack(content) for language, content in rows}
    return {language: found[language] for language in Language if language in found}


async def progress(connection: AsyncConnection, broadcast_id: int) -> Progress:
    """How many recipients are where, counted in the database."""
    this, number = Delivery.broadcast_id == broadcast_id, func.count()
    statuses = await connection.execute(select(Delivery.status, number).where(this).group_by(Delivery.status))
    by_status = dict(statuses.all())
    reasons: list[tuple[str | None, bool, int]] = []
    unsent = ("failed", "undeliverable", "dropped")
    if any(status in by_status for status in unsent):
        rows = await connection.execute(
            select(Delivery.error, IS_BLOCKED, number)
            .join(Address, Address.id == Delivery.address_id)
            .where(this, Delivery.status.in_(unsent))
            .group_by(Delivery.error, IS_BLOCKED)
            .order_by(number.desc(), Delivery.error)
        )
        reasons = [(error, bool(is_blocked), count) for error, is_blocked, count in rows]
    blocked = sum(count for _, is_blocked, count in reasons if is_blocked)
    return Progress(
        delivered=by_status.get("sent", 0),
        under_way=by_status.get("pending", 0) + by_status.get("sending", 0),
        blocked=blocked,
        failed=by_status.get("failed", 0) + by_status.get("dropped", 0) - blocked,
        undeliverable=by_status.get("undeliverable", 0),
        cancelled=by_status.get("cancelled", 0),
        reasons=tuple((error or "", count) for error, is_blocked, count in reasons if not is_blocked),
    )


async def _decide(connection: AsyncConnection, broadcast_id: int, by: int, **values: object) -> bool:
    changed = await connection.execute(
        update(Broadcast)
        .where(Broadcast.id == broadcast_id, Broadcast.status == Status.WAITING, Broadcast.author_id != by)
        .values(approver_id=by, **values)
    )
    return changed.rowcount == 1


async def _change(connection: AsyncConnection, broadcast_id: int, before: Sequence[Status], **values: object) -> bool:
    changed = await connection.execute(
        update(Broadcast).where(Broadcast.id == broadcast_id, Broadcast.status.in_(before)).values(**values)
    )
    return changed.rowcount == 1


def _announcement(row: Row[*tuple[Any, ...]]) -> Announcement:
    return replace(Announcement(*row), status=Status(row.status))
