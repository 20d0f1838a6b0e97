"""The calendar by which offices work."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.types import Base, Identifier, UtcTime


class CalendarOverride(Base):
    """A day whose being off or worked was decreed: stronger than the library's calendar and weekends.

    ``kind``: off, work. ``created_by`` is the officer who entered it; nobody for those the program knows itself.
    """

    __tablename__ = "calendar_override"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(4))
    label_vi: Mapped[str] = mapped_column(Text)
    label_en: Mapped[str] = mapped_column(Text)
    source_document: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))


class CalendarYear(Base):
    """A year whose days off have been announced: an officer said so, with the document. Others are provisional."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    source_document: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime] = mapped_column(UtcTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"))


class CalendarEvent(Base):
    """What staff changed in the calendar: ``what`` is a word of ``bot.services.calendar.calendar_history.What``.

    ``day`` is empty where it is about a year as a whole; ``details`` are the particulars.
    """

    __tablename__ = "calendar_event"
    __table_args__ = (Index("ix_calendar_event_year", "year", "id"),)

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    year: Mapped[int] = mapped_column(Integer)
    day: Mapped[date | None] = mapped_column(Date)
    what: Mapped[str] = mapped_column(String(20))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[int | None] = mapped_column(ForeignKey("contact.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
