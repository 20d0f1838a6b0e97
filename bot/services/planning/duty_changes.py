"""Changing duties: what a change would do to the obligations there are, and storing it together with doing that.

Also what the content files themselves changed, which the program does not do to existing obligations by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.job_state import one_at_a_time
from bot.i18n import Translators
from bot.services.calendar import working_days
from bot.services.duties import definitions
from bot.services.planning import as_seen, regeneration
from bot.services.planning.differences import Because, Changes
from content.duty_model import Duty
from content.model import Content


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was looked at: the duties as they are and would be, and what that changes.

    ``seen`` stands for all of it: confirming does this, or nothing.
    """

    now: Content
    duties: tuple[Duty, ...]
    changes: Changes
    seen: str


async def propose(
    connection: AsyncConnection, known: Content, duties: Sequence[Duty], *, zone: ZoneInfo, now: datetime
) -> Proposal:
    """What would happen with these duties in place of those of their names; with none, what already has to happen."""
    content = await definitions.over(connection, known)
    calendar = await working_days.load(connection)
    today = now.astimezone(zone).date()
    changes = await regeneration.preview(connection, with_these(content, duties), calendar, today, zone=zone)
    seen = as_seen.mark(changes, await definitions.version(connection))
    return Proposal(content, tuple(duties), changes, seen)


async def confirm(
    connection: AsyncConnection,
    known: Content,
    duties: Sequence[Duty],
    *,
    seen: str,
    translators: Translators,
    file_name: str,
    zone: ZoneInfo,
    contact_id: int,
    now: datetime,
) -> Changes | None:
    """Do what was seen; None when something has changed since, and nothing is done."""
    await one_at_a_time(connection, regeneration.LOCK, now)
    before = await definitions.over(connection, known)
    changes = await as_seen.carry_out(
        connection,
        with_these(before, duties),
        await working_days.load(connection),
        seen=seen,
        version=await definitions.version(connection),
        because=Because.DUTY if duties else Because.CONTENT,
        translators=translators,
        zone=zone,
        contact_id=contact_id,
        now=now,
    )
    if changes is not None:
        await definitions.keep(connection, duties, before.duties, file_name=file_name, contact_id=contact_id, now=now)
    return changes


def with_these(content: Content, duties: Sequence[Duty]) -> Content:
    """The content with duties in place of those of their names."""
    return content.model_copy(update={"duties": {**content.duties, **{each.slug: each for each in duties}}})
