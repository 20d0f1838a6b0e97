"""Reports as agencies write them, hand them in and get them back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.types import Base, Identifier, UtcTime


class ReportDraft(Base):
    """A report that is being written: one per obligation, whichever focal point of the agency goes on with it.

    ``figures`` are the indicators' values by key (a number, a text, a choice's value, a list of rows), ``parts`` the
    narrative sections by key (a text, or ``{"file": stored file id, "name", "size"}``), ``files`` the attachments by
    key, in the same form. ``sure`` are the keys of figures that somebody said are right although unlikely; ``revision``
    counts the changes, ``authors`` says who wrote what last: {key: [contact id, ISO moment]}.
    """

    __tablename__ = "report_draft"

    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id", ondelete="CASCADE"), primary_key=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    parts: Mapped[dict[str, Any]] = mapped_column(JSON)
    files: Mapped[dict[str, Any]] = mapped_column(JSON)
    sure: Mapped[list[str]] = mapped_column(JSON)
    authors: Mapped[dict[str, Any]] = mapped_column(JSON)
    document_number: Mapped[str | None] = mapped_column(Text)
    document_date: Mapped[date | None] = mapped_column(Date)
    revision: Mapped[int] = mapped_column(Integer)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)


class Submission(Base):
    """One version of a report as it was handed in; never changed afterwards but for its ``status``.

    ``status``: submitted, returned, accepted, replaced (a newer version came before it was decided). ``code`` is on
    the receipt. ``late`` compares the moment with the due date of that time. The rest is as in ``ReportDraft``.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("obligation_id", "version"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    obligation_id: Mapped[int] = mapped_column(ForeignKey("obligation.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    status: Mapped[str] = mapped_column(String(10))
    late: Mapped[bool] = mapped_column(Boolean)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    parts: Mapped[dict[str, Any]] = mapped_column(JSON)
    files: Mapped[dict[str, Any]] = mapped_column(JSON)
    sure: Mapped[list[str]] = mapped_column(JSON)
    document_number: Mapped[str] = mapped_column(Text)
    document_date: Mapped[date] = mapped_column(Date)
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    submitted_at: Mapped[datetime] = mapped_column(UtcTime)


class Review(Base):
    """What a receiving agency said of a version. ``verdict``: accepted, returned (``remarks`` say why)."""

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("submission_id", "level"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", ondelete="CASCADE"))
    level: Mapped[int] = mapped_column(Integer)
    agency_slug: Mapped[str] = mapped_column(String(80))
    verdict: Mapped[str] = mapped_column(String(8))
    remarks: Mapped[str] = mapped_column(Text)
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    reviewed_at: Mapped[datetime] = mapped_column(UtcTime)


class DutyDefinition(Base):
    """A duty that staff sent as a file: it stands in for the one of that name in the content, or adds one.

    ``definition`` is what ``content.duty_model.Duty`` reads. Rows are never changed; the newest of a slug counts.
    """

    __tablename__ = "duty_definition"
    __table_args__ = (Index("ix_duty_definition_slug", "slug", "id"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    file_name: Mapped[str] = mapped_column(Text)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    added_at: Mapped[datetime] = mapped_column(UtcTime)
