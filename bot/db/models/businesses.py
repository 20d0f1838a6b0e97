"""Businesses and who acts for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.types import Base, Identifier, UtcTime

ASKED = text("status = 'asked'")


class Business(Base):
    """An enterprise, held by its normalised tax code.

    ``profile`` has what forms ask of every business, by the names of the questions in
    ``content/forms/business-profile.yaml``; ``name`` repeats its ``organisation``. ``verified`` says that the
    check digit of the tax code fits; a personal number has none.
    """

    __tablename__ = "business"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    tax_code: Mapped[str] = mapped_column(String(13), unique=True)
    name: Mapped[str] = mapped_column(Text)
    verified: Mapped[bool] = mapped_column(Boolean)
    profile: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default=text("'{}'"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class BusinessMember(Base):
    """A contact who acts for a business."""

    __tablename__ = "business_member"

    business_id: Mapped[int] = mapped_column(ForeignKey("business.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(UtcTime)


class MembershipRequest(Base):
    """Somebody asks to act for a business that has members. ``code`` is what they read to a colleague, who compares it.

    ``status``: asked, accepted, refused, withdrawn, expired.
    """

    __tablename__ = "membership_request"
    __table_args__ = (
        Index(
            "uq_membership_request_open",
            "business_id",
            "contact_id",
            unique=True,
            postgresql_where=ASKED,
            sqlite_where=ASKED,
        ),
        Index("ix_membership_request_contact_id", "contact_id", "asked_at"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("business.id", ondelete="CASCADE"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)


class BusinessEvent(Base):
    """One change of a business: who joined, left or was removed, which field of the profile was changed by whom.

    ``what``: made, joined, left, removed, changed. ``field`` is the question's name, ``subject_id`` whom it is about.
    """

    __tablename__ = "business_event"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    business_id: Mapped[int] = mapped_column(ForeignKey("business.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    what: Mapped[str] = mapped_column(String(10))
    field: Mapped[str] = mapped_column(String(40), default="", server_default="")
    at: Mapped[datetime] = mapped_column(UtcTime)
