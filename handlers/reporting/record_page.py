"""An agency's record: how each of its reports was kept, in figures and period by period."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.agencies import agencies
from bot.services.reporting import record, report_texts
from bot.services.reporting.record import Counts, Entry, Kept
from bot.services.reporting.statuses import Status
from handlers.menu import MENU
from handlers.reporting import report_pages
from handlers.turn import Turn

AT_ONCE = 8


async def show(turn: Turn, agency_id: int, start: int = 0) -> Sequence[Reply]:
    """A page of the record, for those who answer for the agency."""
    t = turn.t
    mine = await agencies.responsibilities(turn.connection, turn.person.contact_id)
    found = next((each.agency for each in mine if each.agency.id == agency_id), None)
    if found is None:
        return [report_pages.not_yours(turn)]
    entries = await record.of_agency(turn.connection, agency_id, turn.today)
    shown = entries[start : start + AT_ONCE]
    text = t("No report has come due yet.")
    if entries:
        text = "\n\n".join([in_figures(turn, record.count(entries)), *(_entry(turn, each) for each in shown)])
    more = entries[start + AT_ONCE :]
    rows = [(Button(t("More"), f"report:record:{agency_id}:{start + AT_ONCE}"),)] if more else []
    return [
        turn.say(
            text,
            title=t("Record of {agency}", agency=found.in_language(t.language)),
            buttons=(*rows, (Button(t("All reports"), "do:reports"), Button(t("Menu"), MENU))),
            instead=True,
        )
    ]


def in_figures(turn: Turn, counts: Counts) -> str:
    """How many periods, and how they were kept."""
    t = turn.t
    lines = [
        t("Periods so far: {number}", number=t.number(counts.periods)),
        t(
            "On time: {on_time}; late: {late}; not handed in: {missing}",
            on_time=t.number(counts.on_time),
            late=t.number(counts.late),
            missing=t.number(counts.missing),
        ),
        t("Returned for correction: {number}", number=t.number(counts.corrected)),
    ]
    return "\n".join(lines)


def _entry(turn: Turn, entry: Entry) -> str:
    t = turn.t
    title = report_texts.duty_title(entry.duty, turn.known, t)
    how = {Kept.ON_TIME: t("on time"), Kept.LATE: t("late"), Kept.MISSING: t("not handed in")}[entry.kept]
    lines = [
        f"- {title} ({report_texts.period(entry.period, t)})",
        t("Due: {date}", date=t.date(entry.due_on)),
        t("Handed in: {when} ({how})", when=t.moment(entry.handed_in_at), how=how)
        if entry.handed_in_at
        else t("Result: {how}", how=how),
    ]
    if entry.corrected:
        lines.append(t("It was returned for correction."))
    if entry.status is Status.ACCEPTED:
        lines.append(t("It has been accepted."))
    return "\n".join(lines)
