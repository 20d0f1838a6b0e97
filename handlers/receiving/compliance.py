"""Who has handed in, for members of staff: the command ``/tinhhinh`` and every button ``track:…``.

Whoever is staff may look; only officers who receive a report may remind the agencies that owe it.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Reply
from bot.services.compliance import selections
from handlers.commands import number
from handlers.receiving import (
    compliance_agency,
    compliance_export,
    compliance_lists,
    compliance_nudge,
    compliance_pages,
    compliance_sheet,
)
from handlers.receiving.compliance_sheet import Sheet
from handlers.turn import Turn


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The command and the buttons."""
    if turn.command != "progress" and turn.press[:1] != ("track",):
        return None
    if turn.person.role is None:
        return [compliance_pages.may_not(turn)]
    match turn.press:
        case ("track", "duties", start):
            return [await compliance_pages.overview(turn, number(start))]
        case ("track", "duty", anchor, start):
            return [await compliance_pages.trend(turn, number(anchor), number(start)) or compliance_sheet.no_such(turn)]
        case ("track", verb, anchor, *rest):
            sheet = await compliance_sheet.load(turn, number(anchor))
            return [await _about(turn, sheet, verb, rest) if sheet else compliance_sheet.no_such(turn)]
    return [await compliance_pages.overview(turn)]


async def _about(turn: Turn, sheet: Sheet, verb: str, rest: Sequence[str]) -> Reply:
    """A page of one period, or of one report in it."""
    match verb, *rest:
        case "list", which, kind, start:
            return await compliance_lists.page(turn, sheet, selections.of_press(which, kind), number(start))
        case "agency", which, kind, start:
            back = compliance_sheet.list_press(sheet.anchor, selections.of_press(which, kind), number(start))
            return await compliance_agency.page(turn, sheet, back)
        case ("agency",):
            return await compliance_agency.page(turn, sheet)
        case "xlsx", which, kind:
            return await compliance_export.make(turn, sheet, selections.of_press(which, kind))
        case ("nudge",):
            return await compliance_nudge.ask(turn, sheet, None)
        case "nudge", which, kind:
            return await compliance_nudge.ask(turn, sheet, selections.of_press(which, kind))
        case "nudged", fingerprint:
            return await compliance_nudge.confirmed(turn, sheet, None, fingerprint)
        case "nudged", which, kind, fingerprint:
            return await compliance_nudge.confirmed(turn, sheet, selections.of_press(which, kind), fingerprint)
    return await compliance_pages.period(turn, sheet)
