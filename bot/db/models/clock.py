"""What scheduled jobs remember."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.types import Base, UtcTime


class JobState(Base):
    """What a scheduled job remembers from one run to the next; its row is also the lock that jobs queue on."""

    __tablename__ = "job_state"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    done: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcTime)
