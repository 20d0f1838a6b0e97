"""Doing exactly what somebody has looked at: open reports change as the preview showed, or not at all."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.i18n import Translators
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.planning import moved_notices, regeneration
from bot.services.planning.differences import Because, Changes
from content.model import Content


def mark(changes: Changes, version: int) -> str:
    """What stands for having seen these changes, with ``version`` of whatever they follow from."""
    return f"{changes.fingerprint}-{version}"


async def carry_out(
    connection: AsyncConnection,
    content: Content,
    calendar: WorkingCalendar,
    *,
    seen: str,
    version: int,
    because: Because,
    translators: Translators,
    zone: ZoneInfo,
    contact_id: int,
    now: datetime,
) -> Changes | None:
    """Do what was seen and tell whom it concerns; None when something has changed since, and nothing is done.

    The caller holds ``regeneration.LOCK``, so that ``version`` is still the newest.
    """
    fingerprint, _, of_version = seen.rpartition("-")
    if of_version != str(version):
        return None
    today = now.astimezone(zone).date()
    changes = await regeneration.apply(
        connection,
        content,
        calendar,
        today,
        zone=zone,
        fingerprint=fingerprint,
        because=because,
        contact_id=contact_id,
        now=now,
    )
    if changes is not None:
        await moved_notices.tell(connection, changes, content, translators, because=because, today=today, now=now)
    return changes
