"""A list of agencies as a workbook, for an officer to keep or to send on."""

from __future__ import annotations

import asyncio

from bot.messages import Button, Reply
from bot.services.calendar import working_days
from bot.services.compliance import compliance_texts, list_export, selections
from bot.services.compliance.list_export import Asked
from bot.services.compliance.selections import Selection
from bot.services.files import made_files
from bot.services.files.kinds import Found
from bot.services.reminding import addressees
from bot.services.reporting import report_texts
from bot.services.spreadsheets import workbook
from handlers.receiving.compliance_sheet import Sheet, list_press, way_back
from handlers.turn import Turn


async def make(turn: Turn, sheet: Sheet, selection: Selection) -> Reply:
    """The agencies of the list, the figures of the whole period, and what the file is."""
    t, vi = turn.t, turn.translators.vi
    listed = selections.chosen(sheet.reports, selection, turn.today, t.zone)
    calendar = await working_days.load(turn.connection)
    ids = [each.obligation_id for each in listed]
    people = await addressees.load(turn.connection, [each.agency.id for each in listed], turn.today, ids)
    gaps = {each.agency.id: people.gap(each.agency.id, [each.obligation_id]) for each in listed}
    title = report_texts.duty_title(sheet.slug, turn.known, vi)
    asked = Asked(title, sheet.period, selection, turn.person.name, turn.now)
    tables = list_export.tables(asked, listed, sheet.reports, gaps, calendar, vi)
    attachment = await made_files.keep(
        turn.connection,
        turn.person,
        turn.files,
        await asyncio.to_thread(workbook.xlsx, tables),
        name=f"tinh-hinh-nop-{sheet.slug}-{sheet.period.end:%Y%m%d}-{turn.now.astimezone(t.zone):%Y%m%d-%H%M}",
        kind=Found.XLSX,
        now=turn.now,
    )
    return turn.say(
        t.plural("The list with {number} agency.", "The list with {number} agencies.", len(listed)),
        title=compliance_texts.selection(selection, t),
        attachment=attachment,
        buttons=((Button(t("Back to the list"), list_press(sheet.anchor, selection)),), way_back(turn, sheet)),
    )
