"""Who owes which report, when, what reminds of it, and the calendar it is counted by."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.types import Base, Identifier, UtcTime


class Obligation(Base):
    """One duty of one agency for one period.

    ``status``: open, acknowledged, submitted. ``period_end`` is the data cut-off, ``due_on`` the
    last day for handing in, both in local time.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        UniqueConstraint("duty", "agency_id", "period_end"),
        Index("ix_obligation_agency_id", "agency_id", "due_on"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    duty: Mapped[str] = mapped_column(String(80))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    period_start: Mapped[date] = mapped_column(Date)
    period_end: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(12))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcTime)
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    document_number: Mapped[str | None] = mapped_column(Text)
    document_date: Mapped[date | None] = mapped_column(Date)


class Extension(Base):
    """A request for more time. ``status``: asked, granted, refused, closed (the report came first).

    At most one per obligation is ``asked``.
    """

    __tablename__ = "extension"
    __table_args__ = (
        Index(
            "uq_extension_open",
            "obligation_id",
            unique=True,
            postgresql_where=text("status = 'asked'"),
            sqlite_where=text("status = 'asked'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id", ondelete="CASCADE"))
    until: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(8))
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ReminderStep(Base):
    """One rung of an obligation's ladder: ``step`` working days from the due date.

    ``status``: planned, sent, dropped (``note`` says why).
    """

    __tablename__ = "reminder_step"
    __table_args__ = (
        UniqueConstraint("obligation_id", "step"),
        Index(
            "ix_reminder_step_due_at",
            "due_at",
            postgresql_where=text("status = 'planned'"),
            sqlite_where=text("status = 'planned'"),
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id", ondelete="CASCADE"))
    step: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    status: Mapped[str] = mapped_column(String(8))
    note: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(UtcTime)


class CalendarOverride(Base):
    """A day whose being off or worked was decreed: stronger than the library's calendar and weekends."""

    __tablename__ = "calendar_override"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(4))
    label_vi: Mapped[str] = mapped_column(Text)
    label_en: Mapped[str] = mapped_column(Text)
    source_document: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
