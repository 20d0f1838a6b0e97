"""One agency's report for those who look after all of them: where it stands, who can be reached, how it did before."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.compliance import compliance_texts, standings
from bot.services.handing_in import version_texts
from bot.services.reminding import addressees
from bot.services.reporting import not_mine, obligations, report_texts
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import OWED
from handlers.receiving.compliance_sheet import Sheet, heading, no_such, way_back
from handlers.turn import Turn

EARLIER = 5


async def page(turn: Turn, sheet: Sheet, back: str = "", note: str = "") -> Reply:
    """The report that the sheet is anchored at; ``back`` is the action that leads to the list it was found in."""
    t, day = turn.t, turn.today
    owed = (await obligations.by_ids(turn.connection, [sheet.anchor])).get(sheet.anchor)
    if owed is None or all(each.obligation_id != sheet.anchor for each in sheet.reports):
        return no_such(turn)
    calendar = await working_days.load(turn.connection)
    said = await not_mine.said(turn.connection, owed.id) if owed.status in OWED else []
    parts = [
        note,
        "\n".join(
            line
            for line in (
                *heading(turn, sheet),
                report_texts.due(owed, day, calendar, t),
                *report_texts.status(owed, turn.person.contact_id, t),
                version_texts.timeliness(owed, t),
                _opened(turn, owed),
                *report_texts.not_mine(said, turn.person.contact_id, t),
            )
            if line
        ),
        await _reached(turn, owed),
        await _earlier(turn, owed, calendar),
    ]
    return turn.say(
        "\n\n".join(part for part in parts if part),
        title=owed.agency.in_language(t.language),
        buttons=(
            *_acts(turn, sheet, owed),
            *(((Button(t("Back to the list"), back),),) if back else ()),
            way_back(turn, sheet),
        ),
        instead=True,
    )


def _opened(turn: Turn, owed: Owed) -> str:
    t = turn.t
    if owed.handed_in or owed.acknowledged or owed.submitted:
        return ""
    if owed.opened_at is None:
        return t("Nobody of the agency has opened it yet.")
    return t("First opened by the agency at {when}.", when=t.moment(owed.opened_at))


async def _reached(turn: Turn, owed: Owed) -> str:
    """Who of the agency can be reminded, and what to do where nobody can."""
    t = turn.t
    if owed.status not in OWED:
        return ""
    people = await addressees.load(turn.connection, [owed.agency.id], turn.today, [owed.id])
    why = compliance_texts.gap(people.gap(owed.agency.id, [owed.id]), t)
    if why:
        return t("Can't be reminded: {why}. Call the agency, or open its focal points to issue a code.", why=why)
    told = [each for each in people.answering(owed) if not each.away]
    return t.plural("{number} focal point can be reminded.", "{number} focal points can be reminded.", len(told))


async def _earlier(turn: Turn, owed: Owed, calendar: WorkingCalendar) -> str:
    t = turn.t
    before = await standings.of_agency(turn.connection, owed.duty, owed.agency.id, before=owed.period.end)
    if not before:
        return ""
    lines = [
        f"- {report_texts.period(each.period, t)}: "
        + " · ".join(compliance_texts.standing(each, turn.today, calendar, t))
        for each in before[:EARLIER]
    ]
    return "\n".join([t("Earlier periods:"), *lines])


def _acts(turn: Turn, sheet: Sheet, owed: Owed) -> list[tuple[Button, ...]]:
    """What those who receive the report can do about it."""
    t = turn.t
    if not sheet.receives:
        return []
    rows: list[tuple[Button, ...]] = []
    if owed.status in OWED:
        rows.append((Button(t("Remind this agency"), f"track:nudge:{owed.id}"),))
    look = [Button(t("Look at the report"), f"rev:newest:{owed.id}")] if owed.version else []
    rows.append((*look, Button(t("Report history"), f"report:history:{owed.id}")))
    rows.append((Button(t("Focal points of the agency"), f"focal:agency:{owed.agency.id}"),))
    return rows
