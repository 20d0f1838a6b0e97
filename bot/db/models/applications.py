"""Half-filled forms, applications with their history, and the files that belong to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.types import Base, Identifier, UtcTime

ACTIVE = text("status NOT IN ('withdrawn', 'rejected')")
OFFERED = text("status = 'offered'")
NEWS_FOR_STAFF = text("status = 'submitted' AND staff_told_at IS NULL")
NOT_REMINDED = text("reminded_at IS NULL")
LOOSE = text("application_id IS NULL AND obligation_id IS NULL")
KEPT = text("erased_at IS NULL")


class Draft(Base):
    """A form that somebody is filling in, or left half-filled: ``state`` is everything there is to know about it.

    ``business_id`` is known once the business is: then its members see the draft and can finish it.
    """

    __tablename__ = "draft"
    __table_args__ = (
        UniqueConstraint("contact_id", "offering_id"),
        Index("ix_draft_changed_at", "changed_at"),
        Index("ix_draft_unreminded", "changed_at", postgresql_where=NOT_REMINDED, sqlite_where=NOT_REMINDED),
    )

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    business_id: Mapped[int | None] = mapped_column(ForeignKey("business.id", ondelete="SET NULL"), index=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offering.id", ondelete="CASCADE"))
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcTime)


class Application(Base):
    """A sign-up of one business to one offering.

    ``status``: submitted, under_review, more_information, approved, rejected, withdrawn, waitlisted, offered (until
    ``offered_until``), confirmed, attended, no_show. ``contact_id`` is who is told of it; None where staff entered
    it. ``draft_id`` is the form it came from: how a confirmation that is pressed again finds it. The waiting list
    is served in the order of ``id``. ``staff_told_at``: since then the officers know that it is there to decide on.
    ``erased_at``: since then only the bare row is there.
    """

    __tablename__ = "application"
    __table_args__ = (
        Index(
            "uq_application_active",
            "offering_id",
            "business_id",
            unique=True,
            postgresql_where=ACTIVE,
            sqlite_where=ACTIVE,
        ),
        Index("ix_application_offering_id", "offering_id", "status", "id"),
        Index("ix_application_business_id", "business_id", "id"),
        Index("ix_application_offered_until", "offered_until", postgresql_where=OFFERED, sqlite_where=OFFERED),
        Index("ix_application_news_for_staff", "id", postgresql_where=NEWS_FOR_STAFF, sqlite_where=NEWS_FOR_STAFF),
        Index("ix_application_kept", "created_at", postgresql_where=KEPT, sqlite_where=KEPT),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offering.id"))
    business_id: Mapped[int] = mapped_column(ForeignKey("business.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    draft_id: Mapped[str] = mapped_column(String(8), default="", server_default="")
    status: Mapped[str] = mapped_column(String(16))
    seats: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    offered_until: Mapped[datetime | None] = mapped_column(UtcTime)
    staff_told_at: Mapped[datetime | None] = mapped_column(UtcTime)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ApplicationEvent(Base):
    """One change of an application: who, when, what and why. ``actor_id`` is None where the clock did it.

    ``status`` is the one that holds since. ``cause`` is a word of ``bot.services.applications.history``, ``reason``
    what a person wrote.
    """

    __tablename__ = "application_event"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(String(16))
    cause: Mapped[str] = mapped_column(String(20), default="", server_default="")
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    at: Mapped[datetime] = mapped_column(UtcTime)


class ApplicationMessage(Base):
    """What staff asked about an application, and what the applicant answered."""

    __tablename__ = "application_message"
    __table_args__ = (Index("ix_application_message_application_id", "application_id", "id"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    from_staff: Mapped[bool] = mapped_column(Boolean)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcTime)


class StoredFile(Base):
    """A file that somebody sent, under a name of ours in the folder of stored files.

    It belongs to a draft, then to the application that came of it, or answers a question of staff; or to an agency's
    report. One that belongs to nothing is forgotten after a while.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        Index("ix_stored_file_loose", "created_at", postgresql_where=LOOSE, sqlite_where=LOOSE),
        Index("ix_stored_file_contact_id", "contact_id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    draft_id: Mapped[str | None] = mapped_column(String(8), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    obligation_id: Mapped[int | None] = mapped_column(ForeignKey("obligation.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(40), default="", server_default="")
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    path: Mapped[str] = mapped_column(String(100), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class EventFeedback(Base):
    """What somebody who attended thought of it: ``rating`` from 1 to 5, and words."""

    __tablename__ = "event_feedback"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    rating: Mapped[int] = mapped_column(Integer)
    comment: Mapped[str] = mapped_column(Text, default="", server_default="")
    at: Mapped[datetime] = mapped_column(UtcTime)
