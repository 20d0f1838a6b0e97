"""Numbers for Prometheus: counted in this process, or read from the database when asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Gauge, Histogram, ProcessCollector, generate_latest
from sqlalchemy import func, select

from bot.db.engine import Database
from bot.db.models.messages import ChannelState, Delivery, ReceivedMessage

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Metrics:
    """The numbers of one process."""

    registry: CollectorRegistry
    turn_seconds: Histogram
    unsettled: Gauge
    oldest_seconds: Gauge
    set_aside: Gauge
    held_back: Gauge

    async def text(self, database: Database) -> bytes:
        """Everything in Prometheus' text format; asks the database by its indexes only."""
        async with database.reading() as connection:
            waiting = select(Delivery.channel, Delivery.status, func.count()).where(
                Delivery.status.in_(["pending", "sending"])
            )
            self.unsettled.clear()
            for channel, status, count in (
                await connection.execute(waiting.group_by(Delivery.channel, Delivery.status))
            ).all():
                self.unsettled.labels(channel, status).set(count)
            oldest = await connection.scalar(
                select(func.min(Delivery.created_at)).where(
                    Delivery.status == "pending", Delivery.broadcast_id.is_(None), Delivery.not_before.is_(None)
                )
            )
            now = await connection.scalar(select(func.now()))
            failed = await connection.scalar(
                select(func.count()).select_from(ReceivedMessage).where(ReceivedMessage.failure_id.is_not(None))
            )
            self.held_back.clear()
            for channel, until in (
                await connection.execute(select(ChannelState.channel, ChannelState.blocked_until))
            ).all():
                self.held_back.labels(channel).set(until.timestamp() if until else 0)
        self.oldest_seconds.set(_age(oldest, now))
        self.set_aside.set(failed or 0)
        return generate_latest(self.registry)


def new_metrics() -> Metrics:
    """A registry of its own, so that several programs in one process don't mix their numbers."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return Metrics(
        registry,
        Histogram("nhipcau_turn_seconds", "Time from a message to its commit", ["channel"], registry=registry),
        Gauge("nhipcau_deliveries_unsettled", "Deliveries not sent yet", ["channel", "status"], registry=registry),
        Gauge("nhipcau_oldest_due_seconds", "Age of the oldest notice or reply that waits", registry=registry),
        Gauge("nhipcau_messages_set_aside", "Incoming messages that could not be processed", registry=registry),
        Gauge("nhipcau_channel_held_back_until", "Until when a vendor wants silence", ["channel"], registry=registry),
    )


def _age(oldest: object, now: object) -> float:
    if not isinstance(oldest, datetime) or not isinstance(now, datetime):
        return 0.0
    if now.tzinfo is None:
        now = now.replace(tzinfo=UTC)
    return max((now - oldest).total_seconds(), 0.0)
