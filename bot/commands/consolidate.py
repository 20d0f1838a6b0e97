"""Writes a consolidated report and its figures into a folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot import app
from bot.services.consolidating import exports, gathering
from bot.services.duties import definitions
from bot.services.files.kinds import Found
from bot.settings import Settings


async def run_consolidate(settings: Settings, *, duty: str, period_end: date, folder: Path) -> list[str]:
    """The lines to print. NotReady when there is no such duty or period, or nothing was accepted yet."""
    async with app.opened(settings) as parts:
        await app.prepare(parts)
        async with parts.database.reading() as connection:
            known = await definitions.over(connection, parts.known)
            if duty not in known.duties:
                raise app.NotReady(f"there is no duty {duty!r}; there are: {', '.join(known.duties)}")
            found = await gathering.gather(connection, known.duties[duty], period_end, known=known, zone=settings.zone)
        if found is None:
            raise app.NotReady(f"nobody owes {duty!r} for a period that ends on {period_end}")
        if not found.accepted:
            raise app.NotReady("no report of this period has been accepted yet")
        lines = [f"{len(found.accepted)} of {len(found.reporters)} reports are accepted and in it"]
        for kind in (Found.DOCX, Found.XLSX):
            path = folder / f"{exports.name(found)}.{kind.value}"
            path.write_bytes(exports.content_of(found, kind, known, parts.translators.vi, app.utc_now()))
            lines.append(str(path))
    return lines
