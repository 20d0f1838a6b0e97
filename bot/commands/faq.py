"""Questions without a good answer, and approved changes as content files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot import app
from bot.services.learning import faq_changes, question_groups
from bot.settings import Settings
from content.checks import check
from content.export import export
from content.yaml_reader import Mistake

LISTED = 50


async def list_groups(settings: Settings) -> list[dict[str, object]]:
    """The groups asked for most often."""
    async with app.opened(settings) as parts:
        await app.prepare(parts)
        async with parts.database.transaction() as connection:
            await question_groups.gather(connection, parts.known, app.utc_now())
            found, _ = await question_groups.top(connection, limit=LISTED)
    return [
        {
            "id": each.id,
            "count": each.count,
            "language": each.language.value,
            "last_at": each.last_at.isoformat(),
            "question": each.sample,
        }
        for each in found
    ]


async def export_changes(settings: Settings, folder: Path) -> tuple[list[str], list[Mistake]]:
    """Write what was approved and isn't in the folder yet: (a line for each, what the check says afterwards)."""
    async with app.opened(settings) as parts:
        await app.prepare(parts)
        async with parts.database.reading() as connection:
            changes = await faq_changes.approved(connection)
    told = export(changes, folder)
    return told, check(datetime.now(settings.zone).date(), folder)
