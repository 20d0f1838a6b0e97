"""Businesses, what they can sign up for, and their applications."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.types import Base, Identifier, UtcTime


class Business(Base):
    """An enterprise, held by its normalised tax code."""

    __tablename__ = "business"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    tax_code: Mapped[str] = mapped_column(String(13), unique=True)
    name: Mapped[str] = mapped_column(Text)
    verified: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class BusinessMember(Base):
    """A contact who acts for a business."""

    __tablename__ = "business_member"

    business_id: Mapped[int] = mapped_column(ForeignKey("business.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(UtcTime)


class Offering(Base):
    """A programme or an event that a business can sign up for. ``capacity`` None means no limit."""

    __tablename__ = "offering"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    agency_slug: Mapped[str] = mapped_column(String(80))
    form: Mapped[str] = mapped_column(String(80))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    starts_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcTime)
    capacity: Mapped[int | None] = mapped_column(Integer)
    sample: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    active: Mapped[bool] = mapped_column(Boolean, default=True, server_default=text("true"))


class Application(Base):
    """A sign-up of one business to one offering. ``status``: submitted, confirmed, waitlisted, withdrawn.

    ``draft_id`` is the form it came from: how a confirmation that is pressed again finds it.
    """

    __tablename__ = "application"
    __table_args__ = (
        Index(
            "uq_application_active",
            "offering_id",
            "business_id",
            unique=True,
            postgresql_where=text("status <> 'withdrawn'"),
            sqlite_where=text("status <> 'withdrawn'"),
        ),
        Index("ix_application_offering_id", "offering_id", "status", "id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offering.id"))
    business_id: Mapped[int] = mapped_column(ForeignKey("business.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    draft_id: Mapped[str] = mapped_column(String(8), default="", server_default="")
    status: Mapped[str] = mapped_column(String(12))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)


class ApplicationEvent(Base):
    """One change of an application: who, when, what and why."""

    __tablename__ = "application_event"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    at: Mapped[datetime] = mapped_column(UtcTime)
