"""The consolidated report as a file: made off the event loop, since it takes a second, and stored for who asked."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.i18n import Translator
from bot.messages import Attachment, Person
from bot.services.consolidating.gathering import Gathered
from bot.services.files import made_files
from bot.services.files.kinds import Found
from content.model import Content


async def export(
    connection: AsyncConnection,
    person: Person,
    gathered: Gathered,
    kind: Found,
    *,
    known: Content,
    place: Path,
    vi: Translator,
    now: datetime,
) -> Attachment:
    """The file (DOCX or XLSX) for somebody to get with a reply. Who may have it is the caller's to check."""
    content = await asyncio.to_thread(content_of, gathered, kind, known, vi, now)
    return await made_files.keep(connection, person, place, content, name=name(gathered), kind=kind, now=now)


def content_of(gathered: Gathered, kind: Found, known: Content, vi: Translator, now: datetime) -> bytes:
    """The Word file, or the workbook."""
    # Both bring heavy libraries with them, which a process loads only when somebody wants a file.
    if kind is Found.DOCX:
        from bot.services.consolidating import report_paper

        return report_paper.make(gathered, known, vi, made_at=now)
    from bot.services.consolidating import figure_workbook

    return figure_workbook.make(gathered, vi)


def name(gathered: Gathered) -> str:
    """The file's name, without its kind."""
    return f"tong-hop-{gathered.duty.slug}-{gathered.period.end:%Y-%m-%d}"
