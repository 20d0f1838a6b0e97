"""Who changed what in the working calendar of a year, for staff."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from bot.i18n import Translator
from bot.messages import Reply
from bot.services.calendar import calendar_history
from bot.services.calendar.calendar_history import SHOWN, Event, What
from handlers.deciding import desk_dialog
from handlers.duties import calendar_pages
from handlers.duties.calendar_pages import button
from handlers.turn import Turn


async def page(turn: Turn, year: int) -> Reply:
    """The newest first; what one officer did at once, as by a file, stands together."""
    t = turn.t
    year = calendar_pages.possible(turn, year)
    events = await calendar_history.of_year(turn.connection, year, SHOWN + 1)
    blocks = []
    for (at, by), together in groupby(events[:SHOWN], key=lambda each: (each.at, each.by)):
        head = t("{when}, {name}", when=t.moment(at), name=by or t("staff"))
        lines = [f"- {_said(each, year, t)}" for each in sorted(together, key=lambda each: each.day or date.min)]
        blocks.append("\n".join([head, *lines]))
    if not events:
        blocks.append(t("Nobody has changed this year; its days are those that the program knew from the beginning."))
    if len(events) > SHOWN:
        blocks.append(t("Older changes are not shown."))
    return turn.say(
        "\n\n".join(blocks),
        title=t("Working calendar {year}: who changed what", year=year),
        buttons=((button(t("Back"), "year", str(year)), *desk_dialog.menu(turn)),),
        instead=True,
    )


def _said(event: Event, year: int, t: Translator) -> str:
    document = event.details["document"]
    if event.day is None:
        if event.what is What.ANNOUNCED:
            return t("{year} announced by: {document}", year=year, document=document)
        return t("{year} provisional again; before announced by: {document}", year=year, document=document)
    day, stands = t.date(event.day), _as_entered(event.details, t)
    match event.what:
        case What.TAKEN_OUT:
            return t("{date} taken out; before: {entry}", date=day, entry=stands)
        case What.CHANGED:
            was = _as_entered(event.details["was"], t)
            return t("{date} changed: {entry}; before: {was}", date=day, entry=stands, was=was)
    return t("{date} entered: {entry}", date=day, entry=stands)


def _as_entered(details: dict[str, Any], t: Translator) -> str:
    kind = t("working day") if details["worked"] else t("day off")
    return f"{kind}, {details['label']} ({details['document']})"
