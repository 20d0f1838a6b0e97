"""Changing the working calendar: what that would do to open reports, and storing it together with doing that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.job_state import one_at_a_time
from bot.i18n import Translators
from bot.services.calendar import calendar_history, day_list, working_days
from bot.services.calendar.day_list import Edit
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.duties import definitions
from bot.services.planning import as_seen, regeneration
from bot.services.planning.differences import Because, Changes
from content.model import Content


async def propose(
    connection: AsyncConnection, known: Content, edits: Sequence[Edit], *, zone: ZoneInfo, now: datetime
) -> tuple[Changes, str]:
    """What would happen to reports, and what stands for having seen it."""
    content = await definitions.over(connection, known)
    calendar = with_edits(await working_days.load(connection), edits)
    today = now.astimezone(zone).date()
    changes = await regeneration.preview(connection, content, calendar, today, zone=zone)
    return changes, as_seen.mark(changes, await calendar_history.version(connection))


async def confirm(
    connection: AsyncConnection,
    known: Content,
    edits: Sequence[Edit],
    *,
    seen: str,
    translators: Translators,
    zone: ZoneInfo,
    contact_id: int,
    now: datetime,
) -> Changes | None:
    """Do what was seen; None when something has changed since, and nothing is done."""
    await one_at_a_time(connection, regeneration.LOCK, now)
    changes = await as_seen.carry_out(
        connection,
        await definitions.over(connection, known),
        with_edits(await working_days.load(connection), edits),
        seen=seen,
        version=await calendar_history.version(connection),
        because=Because.CALENDAR,
        translators=translators,
        zone=zone,
        contact_id=contact_id,
        now=now,
    )
    if changes is not None:
        await day_list.enter(connection, edits, contact_id=contact_id, now=now)
    return changes


def with_edits(calendar: WorkingCalendar, edits: Sequence[Edit]) -> WorkingCalendar:
    """The calendar as it would be."""
    overrides = dict(calendar.overrides)
    for edit in edits:
        overrides.pop(edit.day, None)
        if edit.worked is not None:
            overrides[edit.day] = edit.worked
    return replace(calendar, overrides=overrides)
