"""Questions as they were asked, and what editors make of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.types import Base, Identifier, UtcTime

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
