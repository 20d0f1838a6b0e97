"""The forms that go out: made for one agency and period, with what it has entered by now."""

from __future__ import annotations

import asyncio

from bot.messages import Button, Reply
from bot.services.files import made_files
from bot.services.files.kinds import Found
from bot.services.handing_in import figures
from bot.services.report_forms.blanks import Blank
from bot.vietnamese import fold
from content.model import AgencyDefinition
from handlers.handing_in.hand_state import Open
from handlers.report_forms import offline_pages
from handlers.turn import Turn


async def paper(turn: Turn, there: Open) -> Reply:
    """The Word form; then it is awaited."""
    from bot.services.report_forms import report_paper

    t = turn.t
    blank = _blank(turn, there)
    content = await asyncio.to_thread(report_paper.make, blank, turn.translators.vi, made_at=turn.now)
    text = t("Write into this file, then send it here. Hints in square brackets and dots are not taken over. Number, "
             "date and signature come when it is issued.")  # fmt: skip
    return await _sent(turn, there, content, Found.DOCX, t("report-form"), text)


async def workbook(turn: Turn, there: Open) -> Reply:
    """The workbook; then it is awaited."""
    from bot.services.report_forms import figure_workbook

    t = turn.t
    if not there.duty.indicators:
        return await offline_pages.forms(turn, there)
    content = await asyncio.to_thread(figure_workbook.make, _blank(turn, there), turn.translators.vi)
    text = t("Fill in the yellow cells, then send the file here. The first sheet says how.")
    return await _sent(turn, there, content, Found.XLSX, t("report-figures"), text)


def _blank(turn: Turn, there: Open) -> Blank:
    known, owed = turn.known, there.owed
    agency = known.agencies[owed.agency.slug]
    names = [known.agencies[slug].name.vi for slug in there.duty.received_by if slug in known.agencies]
    return Blank(
        duty=there.duty,
        agency=agency,
        duties=(*agency.duties, *known.everyone) if agency.owes else agency.duties,
        addressed_to=tuple(names),
        period=owed.period,
        due_on=owed.due_on,
        figures=figures.usable(there.duty, there.draft.figures),
        parts=there.draft.parts,
        last=figures.usable(there.duty, there.last),
    )


async def _sent(turn: Turn, there: Open, content: bytes, kind: Found, name: str, text: str) -> Reply:
    owed = there.owed
    attachment = await made_files.keep(
        turn.connection,
        turn.person,
        turn.files,
        content,
        name=f"{name}-{_short(turn.known.agencies[owed.agency.slug])}-{owed.period.end:%Y-%m-%d}",
        kind=kind,
        now=turn.now,
    )
    if turn.person.dialog is None or turn.person.dialog.kind == offline_pages.DIALOG:
        await offline_pages.remember(turn, offline_pages.Waiting(owed.id))
    send = Button(turn.t("Send a filled-in form"), f"paper:send:{owed.id}")
    buttons = ((send, offline_pages.back(turn, owed.id)),)
    return turn.say(text, title=attachment.name, attachment=attachment, buttons=buttons)


def _short(agency: AgencyDefinition) -> str:
    """The agency for a file's name."""
    return fold(agency.place or agency.code).replace(" ", "-")
