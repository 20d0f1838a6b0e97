"""Every table. Times are UTC, ids of the outside world are text, statuses are short words.

The words are those of the glossary in README.md; the classes only describe columns: statements are
Core statements over a connection (``select(Contact.id).where(...)``), so that what a request costs
can be read off the page.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.types import Base, Identifier, UtcTime


class Contact(Base):
    """One person. ``dialog`` is what they are in the middle of (``bot.messages.Dialog``).

    ``draft`` is a half-filled form that they left for something else and may return to.
    ``agency_slug`` is the agency that a member of staff works for. ``last_question`` is what the person
    last asked the assistant, to be handed to an officer without typing it again; ``last_entry`` answered
    it, at ``last_asked_at``, for a question that carries it on. ``ticket_id`` is the
    conversation with officers that they were last known to be in: only the person's own turns change
    it, so it may name one that has ended or was erased (no foreign key), and whoever uses it looks.
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
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    agency_slug: Mapped[str | None] = mapped_column(String(80))
    last_question: Mapped[str | None] = mapped_column(Text)
    last_entry: Mapped[str | None] = mapped_column(String(50))
    last_asked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ticket_id: Mapped[int | None] = mapped_column(Identifier)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Address(Base):
    """Where a contact can be written to. ``last_seq`` numbers what a web chat shows."""

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
    by that, also when the ticket is gone (no foreign key).
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


class Invitation(Base):
    """A one-time code that makes a contact staff or a focal point. Only the code's hash is kept."""

    __tablename__ = "invitation"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str | None] = mapped_column(String(10))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"))
    focal_role: Mapped[str | None] = mapped_column(String(10))
    first_admin: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)
    used_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))


class WrongCode(Base):
    """How many codes that don't exist a contact has tried since a moment, to slow down guessing."""

    __tablename__ = "wrong_code"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcTime)
    count: Mapped[int] = mapped_column(Integer)


class Agency(Base):
    """A body of the city that owes or receives reports; filled from ``content/agencies``."""

    __tablename__ = "agency"
    __table_args__ = (Index("ix_agency_kind", "kind"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    code: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(12))
    name_vi: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    owes: Mapped[bool] = mapped_column(Boolean)


class FocalPoint(Base):
    """A contact who answers for an agency, as holder, deputy or head."""

    __tablename__ = "focal_point"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime] = mapped_column(UtcTime)


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


class JobState(Base):
    """What a scheduled job remembers from one run to the next; its row is also the lock that jobs queue on."""

    __tablename__ = "job_state"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    done: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcTime)


class CalendarOverride(Base):
    """A day whose being off or worked was decreed: stronger than the library's calendar and weekends."""

    __tablename__ = "calendar_override"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(4))
    label_vi: Mapped[str] = mapped_column(Text)
    label_en: Mapped[str] = mapped_column(Text)
    source_document: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


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


class Ticket(Base):
    """A conversation with officers, until it is handed back. ``status``: open, taken, closed.

    ``question`` is how it began; what was said since is in ``ticket_message``. ``agency_slug`` is the
    agency it belongs to, ``shared`` says that the lead agency's officers have been told as well.
    ``waiting_since`` is when the person's first words without an answer came, None while an answer
    stands; ``escalation`` counts how often that wait was made known. ``due_at`` is when the clock has
    to act next: escalate while the person waits, close what fell silent. ``closed_by`` is None where
    the clock did it.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index(
            "uq_ticket_current",
            "contact_id",
            unique=True,
            postgresql_where=text("status <> 'closed'"),
            sqlite_where=text("status <> 'closed'"),
        ),
        Index(
            "ix_ticket_open",
            "created_at",
            postgresql_where=text("status <> 'closed'"),
            sqlite_where=text("status <> 'closed'"),
        ),
        Index(
            "ix_ticket_due",
            "due_at",
            postgresql_where=text("due_at IS NOT NULL"),
            sqlite_where=text("due_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), index=True)
    agency_slug: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(2))
    question: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10))
    shared: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    taken_at: Mapped[datetime | None] = mapped_column(UtcTime)
    waiting_since: Mapped[datetime | None] = mapped_column(UtcTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)
    escalation: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    due_at: Mapped[datetime | None] = mapped_column(UtcTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class TicketMessage(Base):
    """One message of a conversation with officers after the question that began it."""

    __tablename__ = "ticket_message"
    __table_args__ = (Index("ix_ticket_message_ticket_id", "ticket_id", "id"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    from_officer: Mapped[bool] = mapped_column(Boolean)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcTime)


GATHERED = text("group_id IS NOT NULL")
UNGATHERED = text("group_id IS NULL AND (outcome = 'unknown' OR rating = -1)")


class Question(Base):
    """One question as it was asked, without who asked it; ``asked_at`` is coarse, so that no message can be matched.

    ``token`` stands in the buttons under the answer: whoever has it got the answer. ``outcome``: answered
    (by ``entry_id``), suggested, unknown. ``rating``: 1, -1, or none yet.
    """

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_ungathered", "id", postgresql_where=UNGATHERED, sqlite_where=UNGATHERED),
        Index("ix_question_group_id", "group_id", "id", postgresql_where=GATHERED, sqlite_where=GATHERED),
        Index("ix_question_asked_at", "asked_at"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    token: Mapped[str] = mapped_column(String(16), unique=True)
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(10))
    entry_id: Mapped[str | None] = mapped_column(String(50))
    score: Mapped[float] = mapped_column(Float)
    rating: Mapped[int | None] = mapped_column(Integer)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("question_group.id", ondelete="SET NULL"))


class QuestionGroup(Base):
    """Questions alike that have no good answer. ``sample`` is the first of them, ``count`` how many there are.

    ``status``: open, proposed (a change waits for approval), answered, dismissed.
    """

    __tablename__ = "question_group"
    __table_args__ = (Index("ix_question_group_status", "status", "count", "id"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    language: Mapped[str] = mapped_column(String(2))
    sample: Mapped[str] = mapped_column(Text)
    count: Mapped[int] = mapped_column(Integer)
    first_at: Mapped[datetime] = mapped_column(UtcTime)
    last_at: Mapped[datetime] = mapped_column(UtcTime)
    status: Mapped[str] = mapped_column(String(10))


class QuestionWish(Base):
    """Somebody agreed to be told when their question has an answer; withdrawing takes the row away."""

    __tablename__ = "question_wish"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True, index=True)
    channel: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcTime)


class FaqChange(Base):
    """What an editor wants to add to the answers: a new entry, or a phrasing (in ``language``) of ``entry_id``.

    ``content`` is the entry as its file would have it, or the phrasing. ``status``: proposed, approved, rejected,
    withdrawn. ``approver_id`` is the second person, whichever way they decided.
    """

    __tablename__ = "faq_change"
    __table_args__ = (
        Index("ix_faq_change_status", "status", "id"),
        Index("ix_faq_change_group_id", "group_id", "id"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    entry_id: Mapped[str] = mapped_column(String(50))
    language: Mapped[str] = mapped_column(String(2))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("question_group.id", ondelete="SET NULL"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcTime)
