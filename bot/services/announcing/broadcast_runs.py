"""What announcements do by the clock: begin, notice that they keep failing, end with a report.

Each function may be called as often and in as many processes as one likes. They first look without
a lock, so that a tick with nothing to do costs a few index look-ups and keeps no writer waiting.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, exists, func, insert, literal, literal_column, not_, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.models.messages import Broadcast, Delivery
from bot.db.models.people import Address
from bot.db.types import UtcTime
from bot.i18n import Translators
from bot.messages import Role
from bot.services.announcing import audiences, broadcast_report, broadcasts
from bot.services.announcing.broadcasts import IS_BLOCKED, Announcement, Status
from bot.services.messages import outbox
from bot.services.messages.outbox import BULK
from bot.services.people import contacts

# An announcement pauses itself at this many refusals that make up this share of what is settled.
REFUSALS = 20
REFUSED_SHARE = 0.3

EXPANDING_SECONDS = 300

_pending_left = exists(
    select(Delivery.id).where(Delivery.broadcast_id == Broadcast.id, Delivery.status == literal_column("'pending'"))
)
_sending_left = exists(
    select(Delivery.id).where(Delivery.broadcast_id == Broadcast.id, Delivery.status == literal_column("'sending'"))
)
_ALL_SETTLED = and_(
    Broadcast.status.in_((Status.SENDING, Status.PAUSED)),
    not_(_pending_left),
    not_(_sending_left),
)
_CANCELLATION_SETTLED = and_(
    Broadcast.status == Status.CANCELLED,
    Broadcast.finished_at.is_(None),
    not_(_sending_left),
)


async def queue_due(database: Database, now: datetime) -> list[str]:
    """Begin what is approved and due: freeze each audience into deliveries. Returns a line for each."""
    is_due = and_(Broadcast.status == Status.APPROVED, Broadcast.start_at <= now)
    async with database.reading() as connection:
        due = list(
            (await connection.execute(select(Broadcast.id).where(is_due).order_by(Broadcast.start_at))).scalars()
        )
    started = []
    for broadcast_id in due:
        async with database.transaction() as connection:
            recipients = await _start(connection, broadcast_id, now)
        if recipients is not None:
            started.append(f"announcement {broadcast_id} to {recipients} recipients")
    return started


async def _start(connection: AsyncConnection, broadcast_id: int, now: datetime) -> int | None:
    """How many recipients it has; None when it was cancelled meanwhile, or another process was faster."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"SET LOCAL statement_timeout = '{EXPANDING_SECONDS}s'"))
    row = (
        await connection.execute(
            update(Broadcast)
            .where(Broadcast.id == broadcast_id, Broadcast.status == Status.APPROVED)
            .values(status=Status.SENDING, started_at=now)
            .returning(Broadcast.audience, Broadcast.anytime)
        )
    ).one_or_none()
    if row is None:
        return None
    recipients = audiences.recipients(row.audience).add_columns(
        literal(broadcast_id),
        literal(BULK),
        literal("pending"),
        literal(row.anytime),
        literal(now, UtcTime),
    )
    columns = ["address_id", "channel", "language", "broadcast_id", "priority", "status", "anytime", "created_at"]
    stored = await connection.execute(insert(Delivery).from_select(columns, recipients.order_by(Address.id)))
    return stored.rowcount


async def pause_failing(database: Database, translators: Translators, now: datetime) -> list[str]:
    """Pause what is mostly refused and tell every administrator. Returns a line for each."""
    async with database.reading() as connection:
        running = (
            await connection.execute(
                select(Broadcast.id, func.coalesce(Broadcast.resumed_at, Broadcast.started_at, type_=UtcTime)).where(
                    Broadcast.status == Status.SENDING
                )
            )
        ).all()
        failing = [broadcast_id for broadcast_id, since in running if await _fails(connection, broadcast_id, since)]
    paused = []
    for broadcast_id in failing:
        async with database.transaction() as connection:
            if await _pause_failing(connection, broadcast_id, translators, now):
                paused.append(f"announcement {broadcast_id} paused itself")
    return paused


async def _fails(connection: AsyncConnection, broadcast_id: int, since: datetime) -> bool:
    settled = and_(Delivery.broadcast_id == broadcast_id, Delivery.settled_at >= since)
    refused = await connection.scalar(
        select(func.count())
        .select_from(Delivery)
        .join(Address, Address.id == Delivery.address_id)
        .where(settled, Delivery.status.in_([literal_column("'failed'"), literal_column("'undeliverable'")]))
        .where(not_(IS_BLOCKED))
    )
    if not refused or refused < REFUSALS:
        return False
    total = await connection.scalar(select(func.count()).select_from(Delivery).where(settled))
    return bool(total and refused > REFUSED_SHARE * total)


async def _pause_failing(
    connection: AsyncConnection, broadcast_id: int, translators: Translators, now: datetime
) -> bool:
    progress = await broadcasts.progress(connection, broadcast_id)
    reason = progress.reasons[0][0] if progress.reasons else ""
    if not await broadcasts.pause(connection, broadcast_id, reason=reason):
        return False
    announcement = await broadcasts.get(connection, broadcast_id)
    await outbox.tell(
        connection,
        await contacts.staff(connection, Role.ADMIN),
        f"broadcast-paused:{broadcast_id}:{progress.settled}",
        lambda _, t: broadcast_report.paused_itself(t, announcement, progress),
        translators=translators,
        now=now,
        anytime=announcement.anytime,
    )
    return True


async def finish_done(database: Database, translators: Translators, now: datetime) -> list[str]:
    """End what has nothing under way any more, and report. Returns a line for each."""
    async with database.reading() as connection:
        over = list(
            (await connection.execute(select(Broadcast.id).where(or_(_ALL_SETTLED, _CANCELLATION_SETTLED)))).scalars()
        )
    finished = []
    for broadcast_id in over:
        async with database.transaction() as connection:
            if await _finish(connection, broadcast_id, translators, now):
                finished.append(f"announcement {broadcast_id} ended")
    return finished


async def _finish(connection: AsyncConnection, broadcast_id: int, translators: Translators, now: datetime) -> bool:
    this = Broadcast.id == broadcast_id
    finished = await connection.execute(
        update(Broadcast).where(this, _ALL_SETTLED).values(status=Status.FINISHED, finished_at=now)
    )
    if not finished.rowcount:
        finished = await connection.execute(
            update(Broadcast).where(this, _CANCELLATION_SETTLED).values(finished_at=now)
        )
        if not finished.rowcount:
            return False
        # What came back to be tried again after the cancellation is not tried any more.
        await broadcasts.cancel_pending(connection, broadcast_id, now)
    announcement = await broadcasts.get(connection, broadcast_id)
    await _report(connection, announcement, translators, now)
    return True


async def _report(
    connection: AsyncConnection, announcement: Announcement, translators: Translators, now: datetime
) -> None:
    progress = await broadcasts.progress(connection, announcement.id)
    concerned = [each for each in (announcement.author_id, announcement.approver_id) if each is not None]
    await outbox.tell(
        connection,
        concerned,
        f"broadcast-report:{announcement.id}",
        lambda _, t: broadcast_report.final(t, announcement, progress),
        translators=translators,
        now=now,
        anytime=announcement.anytime,
    )
