"""What was received and what is to be sent, to one person or to many."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.types import Base, Identifier, UtcTime


class ReceivedMessage(Base):
    """One incoming message: the key that recognises repeats, and what is needed to replay a failed one."""

    __tablename__ = "received_message"
    __table_args__ = (
        Index(
            "ix_received_message_failed",
            "received_at",
            postgresql_where=text("failure_id IS NOT NULL"),
            sqlite_where=text("failure_id IS NOT NULL"),
        ),
        Index("ix_received_message_received_at", "received_at"),
    )

    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    failure_id: Mapped[str | None] = mapped_column(String(20), unique=True)
    failure: Mapped[str | None] = mapped_column(Text)
    incoming: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


UNSETTLED = text("status IN ('pending', 'sending')")
PENDING_SINGLE = text("status = 'pending' AND broadcast_id IS NULL")
PENDING_BULK = text("status = 'pending' AND broadcast_id IS NOT NULL")
SENDING = text("status = 'sending'")
TROUBLED = text("status IN ('failed', 'undeliverable', 'dropped')")


class Delivery(Base):
    """One reply to one address, until its channel took it or refused it for good: the outbox.

    ``priority``: 0 a person's reply, 1 a notice, 2 bulk. ``key`` makes a notice exist once.
    ``content`` is the finished reply; a broadcast's text stands once in ``broadcast_text`` instead.
    ``status``: pending, sending, sent, failed (refused, ``error`` says why), undeliverable (tried
    too often), dropped (stale), held (its broadcast is paused), cancelled.
    ``ticket_id`` is the ticket whose words it repeats to an officer, 0 if several: erasing finds it
    by that, also when the ticket is gone (no foreign key). ``about_id`` is the contact whom a notice
    names to somebody else, for the same purpose.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "ix_delivery_due",
            "channel",
            "priority",
            "id",
            postgresql_where=PENDING_SINGLE,
            sqlite_where=PENDING_SINGLE,
        ),
        Index(
            "ix_delivery_bulk_due",
            "broadcast_id",
            "channel",
            "id",
            postgresql_where=PENDING_BULK,
            sqlite_where=PENDING_BULK,
        ),
        Index(
            "ix_delivery_unsettled", "address_id", "priority", "id", postgresql_where=UNSETTLED, sqlite_where=UNSETTLED
        ),
        Index("ix_delivery_lease", "lease_until", postgresql_where=SENDING, sqlite_where=SENDING),
        Index("ix_delivery_troubled", "id", postgresql_where=TROUBLED, sqlite_where=TROUBLED),
        Index("ix_delivery_address_id", "address_id", "id"),
        Index(
            "ix_delivery_ticket_id",
            "ticket_id",
            postgresql_where=text("ticket_id IS NOT NULL"),
            sqlite_where=text("ticket_id IS NOT NULL"),
        ),
        Index(
            "ix_delivery_about_id",
            "about_id",
            postgresql_where=text("about_id IS NOT NULL"),
            sqlite_where=text("about_id IS NOT NULL"),
        ),
        UniqueConstraint("broadcast_id", "address_id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(20))
    priority: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(14))
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    broadcast_id: Mapped[int | None] = mapped_column(ForeignKey("broadcast.id"))
    language: Mapped[str] = mapped_column(String(2))
    replaces: Mapped[str] = mapped_column(Text, default="", server_default="")
    anytime: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    not_before: Mapped[datetime | None] = mapped_column(UtcTime)
    stale_after: Mapped[datetime | None] = mapped_column(UtcTime)
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None] = mapped_column(UtcTime)
    error: Mapped[str | None] = mapped_column(Text)
    vendor_message_id: Mapped[str | None] = mapped_column(Text)
    ticket_id: Mapped[int | None] = mapped_column(Identifier)
    about_id: Mapped[int | None] = mapped_column(Identifier)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Broadcast(Base):
    """An announcement. ``audience`` is a word with an argument, such as ``agencies`` or ``offering:12``.

    ``status``: waiting (for the second person), rejected, approved, sending, paused, cancelled,
    finished. ``approver_id`` is the second person, whichever way they decided. ``finished_at`` is set
    when nothing is under way any more. ``resumed_at`` is where counting refusals begins again.
    """

    __tablename__ = "broadcast"
    __table_args__ = (Index("ix_broadcast_status", "status", "start_at"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    audience: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(12))
    pause_reason: Mapped[str | None] = mapped_column(Text)
    anytime: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    start_at: Mapped[datetime] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcTime)
    resumed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)


class BroadcastText(Base):
    """The frozen text of a broadcast in one language, as each recipient of that language gets it."""

    __tablename__ = "broadcast_text"

    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcast.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class ChannelState(Base):
    """What all processes must know of one token: its next free slot, a pause the vendor asked for, its public name."""

    __tablename__ = "channel_state"

    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    next_slot_at: Mapped[datetime | None] = mapped_column(UtcTime)
    blocked_until: Mapped[datetime | None] = mapped_column(UtcTime)
    trouble: Mapped[str | None] = mapped_column(Text)
    public_name: Mapped[str | None] = mapped_column(Text)


class WebMessage(Base):
    """One line of a web chat, the person's or the bot's; ``seq`` counts from 1 within the address."""

    __tablename__ = "web_message"

    address_id: Mapped[int] = mapped_column(ForeignKey("address.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    from_person: Mapped[bool] = mapped_column(Boolean)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    delivery_id: Mapped[int | None] = mapped_column(Identifier, unique=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
