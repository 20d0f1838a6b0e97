"""People, how they are reached, what they agreed to, and the agencies they answer for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.types import Base, Identifier, UtcTime


class Contact(Base):
    """One person. ``dialog`` is what they are in the middle of (``bot.messages.Dialog``).

    ``agency_slug`` is the agency that a member of staff works for. ``last_question`` is what the person
    last asked the assistant, to be handed to an officer without typing it again; ``last_entry`` answered
    it, at ``last_asked_at``, for a question that carries it on. ``ticket_id`` is the
    conversation with officers that they were last known to be in: only the person's own turns change
    it, so it may name one that has ended or was erased (no foreign key), and whoever uses it looks.
    ``preferred_channel`` is where they want to be told things, if they said so.
    """

    __tablename__ = "contact"
    __table_args__ = (
        Index("ix_contact_dialog_at", "dialog_at", postgresql_where=text("dialog_at IS NOT NULL")),
        Index("ix_contact_role", "role", postgresql_where=text("role IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    language: Mapped[str] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[str | None] = mapped_column(String(10))
    dialog: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    dialog_at: Mapped[datetime | None] = mapped_column(UtcTime)
    agency_slug: Mapped[str | None] = mapped_column(String(80))
    last_question: Mapped[str | None] = mapped_column(Text)
    last_entry: Mapped[str | None] = mapped_column(String(50))
    last_asked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ticket_id: Mapped[int | None] = mapped_column(Identifier)
    preferred_channel: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Address(Base):
    """Where a contact can be written to. ``last_seq`` numbers what a web chat shows.

    For e-mail ``external_id`` is ``contact id/address``: colleagues may share a mailbox.
    """

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(Text)
    blocked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    blocked_reason: Mapped[str | None] = mapped_column(Text)
    last_seq: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Invitation(Base):
    """A code that makes a contact staff or a focal point, for so many ``uses``. Only the code's hash is kept.

    One with a ``contact_id`` makes another chat account part of that contact instead. With ``handed_over_by`` whoever
    uses it takes that focal point's place. ``used_at`` is when the last use was made; who used a code of several uses
    stands in ``InvitationUse``.
    """

    __tablename__ = "invitation"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str | None] = mapped_column(String(10))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    focal_role: Mapped[str | None] = mapped_column(String(10))
    first_admin: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    uses: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    used: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    handed_over_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)
    used_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))


class InvitationUse(Base):
    """Who used a code, each person once."""

    __tablename__ = "invitation_use"

    code_hash: Mapped[str] = mapped_column(ForeignKey("invitation.code_hash", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)


class WrongCode(Base):
    """How many codes that don't exist a contact has tried since a moment, to slow down guessing."""

    __tablename__ = "wrong_code"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcTime)
    count: Mapped[int] = mapped_column(Integer)


class Agency(Base):
    """A body of the city that owes or receives reports; filled from ``content/agencies``.

    ``unreachable`` is why nobody of it could be reminded of a report when staff were last told so
    (``bot.services.reminding.addressees.Gap``); empty once somebody can be again.
    """

    __tablename__ = "agency"
    __table_args__ = (Index("ix_agency_kind", "kind"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    code: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(12))
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    owes: Mapped[bool] = mapped_column(Boolean)
    unreachable: Mapped[str | None] = mapped_column(String(10))


class FocalPoint(Base):
    """A contact who answers for an agency, as holder, deputy or head.

    Away from one day to another, both included; ``stand_in_id`` is the colleague who answers meanwhile.
    """

    __tablename__ = "focal_point"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime] = mapped_column(UtcTime)
    away_from: Mapped[date | None] = mapped_column(Date)
    away_until: Mapped[date | None] = mapped_column(Date)
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))


class FocalPointEvent(Base):
    """What changed about who answers for an agency: ``what`` is a word of ``bot.services.agencies.focal_history.What``.

    ``contact_id`` is the focal point it is about, ``by`` who did it. ``details`` are the particulars.
    """

    __tablename__ = "focal_point_event"
    __table_args__ = (Index("ix_focal_point_event_agency_id", "agency_id", "id"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    what: Mapped[str] = mapped_column(String(20))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)


class EmailConfirmation(Base):
    """An e-mail address that somebody gave for reminders and has to confirm with the code sent there.

    ``sent`` codes were sent since ``since``: the row stays until the next day, however the matter ended.
    """

    __tablename__ = "email_confirmation"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    address_id: Mapped[int | None] = mapped_column(ForeignKey("address.id", ondelete="SET NULL"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    sent: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    since: Mapped[datetime] = mapped_column(UtcTime)


class Consent(Base):
    """Proof that a person agreed to one purpose: which text, when, where. Withdrawing keeps the row."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_contact_id", "contact_id", "purpose"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(String(40))
    text_version: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(UtcTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcTime)
