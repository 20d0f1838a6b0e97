"""Handing the list of an offering to an officer: made off the event loop, stored, and noted with who got it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.i18n import Translator
from bot.messages import Attachment, Person
from bot.services.files import made_files
from bot.services.files.kinds import Found
from bot.services.forms.definitions import forms_of
from bot.services.offerings import offering_changes
from bot.services.offerings.offerings import Offered
from bot.services.participants import export_cells, participant_rows
from bot.services.participants.export_cells import Made
from bot.services.participants.participant_rows import Entry, Part, Participant
from bot.services.spreadsheets import workbook
from content.form_model import Form
from content.model import Content


async def export(
    connection: AsyncConnection,
    person: Person,
    offering: Offered,
    part: Part,
    kind: Found,
    *,
    known: Content,
    place: Path,
    vi: Translator,
    now: datetime,
) -> tuple[Attachment, int]:
    """The file (XLSX or CSV) and how many applications are in it. Who may have it is for the caller to check."""
    form = await forms_of(connection, known, offering.form)
    found = await participant_rows.everyone(connection, offering.id, part)
    entries = await participant_rows.entries(connection, offering.id) if kind is Found.XLSX else []
    made = Made(offering, part, person.name, now)
    content = await asyncio.to_thread(_content, kind, form, found, entries, made, vi, known)
    name = f"{offering.slug}-{now.astimezone(vi.zone):%Y%m%d-%H%M}"
    attachment = await made_files.keep(connection, person, place, content, name=name, kind=kind, now=now)
    details = {"part": part.value, "format": kind.value, "applications": len(found)}
    await offering_changes.note(connection, offering.id, "exported", details, person.contact_id, now)
    return attachment, len(found)


def _content(
    kind: Found,
    form: Form | None,
    found: list[Participant],
    entries: list[Entry],
    made: Made,
    vi: Translator,
    known: Content,
) -> bytes:
    table = export_cells.applications(form, found, vi, known.agencies)
    if kind is Found.CSV:
        return workbook.csv_file(table)
    tables = [table, *([export_cells.entries(entries, vi)] if entries else [])]
    return workbook.xlsx([*tables, export_cells.notes(made, len(found), vi)])
