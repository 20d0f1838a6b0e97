"""What businesses can sign up for, and the forms for it that staff made in the chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.types import Base, Identifier, UtcTime

PLANNED = text("status = 'planned'")


class Offering(Base):
    """A programme or an event that a business can sign up for.

    ``capacity`` counts seats, None means no limit; one business may take ``seats_per_business`` of them.
    Sign-up is possible from ``opens_at`` until ``closes_at`` (for an event at the latest until it begins),
    answers can be changed until ``edit_until``. An offer of a free seat stands for ``offer_hours`` working hours.
    ``origin``: content (the files say what it is) or chat (staff do, and the files change nothing any more).
    ``sequence`` counts what calendars have to be told of. ``attendance_closed_at``: who had not come is a no-show.
    """

    __tablename__ = "offering"
    __table_args__ = (Index("ix_offering_kind", "kind", "starts_at"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    agency_slug: Mapped[str] = mapped_column(String(80))
    form: Mapped[str] = mapped_column(String(80))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    starts_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcTime)
    capacity: Mapped[int | None] = mapped_column(Integer)
    seats_per_business: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    opens_at: Mapped[datetime | None] = mapped_column(UtcTime)
    closes_at: Mapped[datetime | None] = mapped_column(UtcTime)
    edit_until: Mapped[datetime | None] = mapped_column(UtcTime)
    needs_approval: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    waitlist: Mapped[bool] = mapped_column(Boolean, default=True, server_default=text("true"))
    offer_hours: Mapped[int] = mapped_column(Integer, default=8, server_default="8")
    origin: Mapped[str] = mapped_column(String(8), default="content", server_default="content")
    sample: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    active: Mapped[bool] = mapped_column(Boolean, default=True, server_default=text("true"))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcTime)
    cancel_reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    sequence: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    attendance_closed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class OfferingEvent(Base):
    """One change of an offering by staff: who, when, what was before and after.

    ``what``: made, moved, capacity, cancelled, closed, reopened, imported, exported.
    """

    __tablename__ = "offering_event"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("offering.id", ondelete="CASCADE"), index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    what: Mapped[str] = mapped_column(String(12))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(UtcTime)


class FormDefinition(Base):
    """A form that staff sent to the bot; ``content`` is what its YAML file says, before the profile is put in."""

    __tablename__ = "form_definition"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime] = mapped_column(UtcTime)


class EventStep(Base):
    """One notice to everybody with a seat at an event: 3d, 1d or 2h before, thanks after it.

    ``status``: planned, sent, dropped (``note`` says why).
    """

    __tablename__ = "event_step"
    __table_args__ = (Index("ix_event_step_due_at", "due_at", postgresql_where=PLANNED, sqlite_where=PLANNED),)

    offering_id: Mapped[int] = mapped_column(ForeignKey("offering.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[str] = mapped_column(String(10), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    status: Mapped[str] = mapped_column(String(8))
    note: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None] = mapped_column(UtcTime)
