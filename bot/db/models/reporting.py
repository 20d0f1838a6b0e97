"""Who owes which report, when, what reminds of it, and what happened on the way."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.types import Base, Identifier, UtcTime

OWED = text("status IN ('open', 'acknowledged', 'returned')")
TO_REVIEW = text("status = 'submitted'")
PLANNED = text("status = 'planned'")


class Obligation(Base):
    """One duty of one agency for one period.

    ``status``: open, acknowledged, submitted (waits for review), returned, accepted, withdrawn (no longer owed).
    ``period_end`` is the data cut-off, ``due_on`` the last day for handing in, both in local time. ``opened_at`` is
    when somebody of the agency first looked at it, ``planned_on`` the day for which they announced the report.
    ``submitted_at`` and the document are those of the newest version, ``first_submitted_at`` tells whether the agency
    was in time; a returned report is to be corrected until ``correct_by``. ``level`` is how many agencies of the
    duty's review have accepted the newest version.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        UniqueConstraint("duty", "agency_id", "period_end"),
        Index("ix_obligation_agency_id", "agency_id", "due_on"),
        Index("ix_obligation_due_on", "due_on", postgresql_where=OWED, sqlite_where=OWED),
        Index("ix_obligation_to_review", "id", postgresql_where=TO_REVIEW, sqlite_where=TO_REVIEW),
        Index("ix_obligation_period", "duty", "period_end"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    duty: Mapped[str] = mapped_column(String(80))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    period_start: Mapped[date] = mapped_column(Date)
    period_end: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    status: Mapped[str] = mapped_column(String(12))
    opened_at: Mapped[datetime | None] = mapped_column(UtcTime)
    planned_on: Mapped[date | None] = mapped_column(Date)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcTime)
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    document_number: Mapped[str | None] = mapped_column(Text)
    document_date: Mapped[date | None] = mapped_column(Date)
    first_submitted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    version: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    level: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    correct_by: Mapped[date | None] = mapped_column(Date)


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
    refused_because: Mapped[str | None] = mapped_column(Text)


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
            postgresql_where=PLANNED,
            sqlite_where=PLANNED,
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id", ondelete="CASCADE"))
    step: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    status: Mapped[str] = mapped_column(String(8))
    note: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(UtcTime)


class PersonalReminder(Base):
    """A reminder that one person asked for («Nhắc lại chiều nay»). ``status``: planned, sent, dropped."""

    __tablename__ = "personal_reminder"
    __table_args__ = (
        UniqueConstraint("obligation_id", "contact_id", "due_at"),
        Index("ix_personal_reminder_due_at", "due_at", postgresql_where=PLANNED, sqlite_where=PLANNED),
        Index("ix_personal_reminder_contact_id", "contact_id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id", ondelete="CASCADE"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    status: Mapped[str] = mapped_column(String(8))
    settled_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ReminderUnderWay(Base):
    """A message that reminds somebody of a step, or as one person asked, until it is known whether it reached them.

    ``key`` is that of its delivery.
    """

    __tablename__ = "reminder_under_way"
    __table_args__ = (
        Index("ix_reminder_under_way_step_id", "step_id"),
        Index("ix_reminder_under_way_personal_id", "personal_id"),
        Index("ix_reminder_under_way_contact_id", "contact_id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    step_id: Mapped[int | None] = mapped_column(ForeignKey("reminder_step.id", ondelete="CASCADE"))
    personal_id: Mapped[int | None] = mapped_column(ForeignKey("personal_reminder.id", ondelete="CASCADE"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(200))


class NotMine(Base):
    """Somebody of the agency said that a report is not theirs; ``passed_to`` is the colleague whom they named."""

    __tablename__ = "not_mine"
    __table_args__ = (Index("ix_not_mine_contact_id", "contact_id"),)

    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    passed_to: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    said_at: Mapped[datetime] = mapped_column(UtcTime)


class ObligationEvent(Base):
    """What happened to an obligation, when, and who did it (nobody: the clock or the program).

    ``what`` is a word of ``bot.services.reporting.history.What``, ``details`` its particulars.
    """

    __tablename__ = "obligation_event"
    __table_args__ = (Index("ix_obligation_event_obligation_id", "obligation_id", "id"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcTime)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    what: Mapped[str] = mapped_column(String(20))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
