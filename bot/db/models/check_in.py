"""Who came to an event, as it was seen at its doors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.types import Base, Identifier, UtcTime

CURRENT = text("application_id IS NOT NULL AND undone_at IS NULL")


class CheckIn(Base):
    """Somebody came in. ``scan_id`` is the device's own, so that a scan which is sent again counts once.

    ``at`` is when it happened by the device's clock, ``received_at`` when we were told. A walk-in has a ``name``
    and no application. ``method``: camera, code, name, walk-in. ``gate`` is where.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        Index(
            "uq_check_in_current",
            "application_id",
            unique=True,
            postgresql_where=CURRENT,
            sqlite_where=CURRENT,
        ),
        Index("ix_check_in_offering_id", "offering_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    scan_id: Mapped[str] = mapped_column(String(40), unique=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offering.id", ondelete="CASCADE"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text, default="", server_default="")
    seats: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    method: Mapped[str] = mapped_column(String(8))
    gate: Mapped[str] = mapped_column(String(60), default="", server_default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcTime)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcTime)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))


class CheckInConflict(Base):
    """A scan that could not count when it arrived, mostly made while the network was down.

    ``reason``: twice (``first_id`` is the one that counts), withdrawn, cancelled, unconfirmed, elsewhere (another
    event's), forged, unknown.
    """

    __tablename__ = "check_in_conflict"
    __table_args__ = (Index("ix_check_in_conflict_offering_id", "offering_id", "id"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    scan_id: Mapped[str] = mapped_column(String(40), unique=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offering.id", ondelete="CASCADE"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(40), default="", server_default="")
    reason: Mapped[str] = mapped_column(String(12))
    first_id: Mapped[int | None] = mapped_column(ForeignKey("check_in.id", ondelete="SET NULL"))
    gate: Mapped[str] = mapped_column(String(60), default="", server_default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UtcTime)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
