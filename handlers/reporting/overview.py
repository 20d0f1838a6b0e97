"""What somebody sees of reports first: what waits for them as an officer, then what their agencies owe."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.agencies import agencies
from bot.services.agencies.agencies import FocalRole, Responsibility
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.people.officers import is_officer
from bot.services.reporting import obligations, record, report_texts
from bot.services.reporting.obligations import Owed
from handlers.menu import MENU
from handlers.receiving import review_summary
from handlers.reporting import agency_tasks, extension_decision, record_page
from handlers.turn import Turn

AT_ONCE = 5
LATEST_HANDED_IN = 3


async def show(turn: Turn, start: int = 0) -> Sequence[Reply]:
    """Reports to review and requests to decide, for whom they wait; then the agencies' reports from ``start`` on."""
    mine = await agencies.responsibilities(turn.connection, turn.person.contact_id)
    waiting = []
    if start == 0:
        waiting = [*await review_summary.waiting(turn), *await extension_decision.waiting(turn)]
    replies = [*waiting, *([await _of_agencies(turn, mine, start)] if mine else [])]
    if not replies and is_officer(turn.person):
        return [_nothing_waits(turn)]
    return replies or [_not_linked(turn)]


def _nothing_waits(turn: Turn) -> Reply:
    t = turn.t
    return turn.say(
        t("No report waits for your review, and no request for more time for your decision."),
        title=t("Agency reports"),
        buttons=(
            (Button(t("Progress of reports"), "do:progress"), Button(t("Consolidated report"), "do:consolidate")),
            (Button(t("Menu"), MENU),),
        ),
        instead=True,
    )


def _not_linked(turn: Turn) -> Reply:
    t = turn.t
    return turn.say(
        t("Your account is not linked with an agency yet, so there are no reports to show.")
        + "\n\n"
        + t(
            "If you answer for the reports of a department, ward or commune, ask the Department of Industry and Trade "
            "for a one-time code, then type /link followed by the code or press the button below."
        ),
        title=t("Agency reports"),
        buttons=((Button(t("I have a code"), "do:link"),), (Button(t("Menu"), MENU),)),
        instead=True,
    )


async def _of_agencies(turn: Turn, mine: Sequence[Responsibility], start: int) -> Reply:
    t = turn.t
    listed = [
        owed
        for owed in await obligations.of_person(turn.connection, turn.person.contact_id, turn.now)
        if owed.duty in turn.known.duties or owed.handed_in
    ]
    owing = sorted((owed for owed in listed if not owed.handed_in), key=report_texts.urgency)
    shown = owing[start : start + AT_ONCE]
    calendar = await working_days.load(turn.connection)
    several = len(mine) > 1
    sections = [_to_hand_in(turn, shown, calendar, several=several)]
    if start == 0:
        handed_in = [owed for owed in listed if owed.handed_in][-LATEST_HANDED_IN:]
        sections += [_handed_in(turn, handed_in, several=several)] if handed_in else []
        sections += [section for each in mine[:AT_ONCE] if (section := await _for_the_head(turn, each))]
        sections += [agency_tasks.in_short(turn, mine[0])] if not several else []
    rows: list[tuple[Button, ...]] = [
        (Button(report_texts.label(owed, turn.known, t, with_agency=several), f"report:open:{owed.id}"),)
        for owed in shown
    ]
    if len(owing) > start + AT_ONCE:
        rows.append((Button(t("More"), f"report:list:{start + AT_ONCE}"),))
    for each in mine[:AT_ONCE]:
        rows.append((Button(agency_tasks.label(turn, each, several=several), f"report:tasks:{each.agency.id}"),))
        rows.append((Button(_record_label(turn, each, several=several), f"report:record:{each.agency.id}"),))
    rows.append((Button(t("Focal points of the agency"), "focal:mine"), Button(t("Menu"), MENU)))
    return turn.say(
        "\n\n".join(sections),
        title=t("Reports of your agencies") if several else mine[0].agency.in_language(t.language),
        footnote=t("* A default awaiting confirmation: the plan itself fixes no day.")
        if any(report_texts.is_default(owed, turn.known) for owed in shown)
        else "",
        buttons=tuple(rows),
        instead=True,
    )


def _to_hand_in(turn: Turn, shown: Sequence[Owed], calendar: WorkingCalendar, *, several: bool) -> str:
    t = turn.t
    if not shown:
        return t("There is no report to hand in within the next 13 months.")
    items = [t("To hand in:")]
    for place, owed in enumerate(shown, start=1):
        mark = " *" if report_texts.is_default(owed, turn.known) else ""
        lines = [
            f"{place}. {report_texts.title(owed, turn.known, t)}",
            owed.agency.in_language(t.language) if several else "",
            t("Period: {period}", period=report_texts.period(owed.period, t)),
            report_texts.due(owed, turn.today, calendar, t) + mark,
            *report_texts.status(owed, turn.person.contact_id, t),
        ]
        items.append("\n".join(line for line in lines if line))
    return "\n\n".join(items)


def _handed_in(turn: Turn, handed_in: Sequence[Owed], *, several: bool) -> str:
    t = turn.t
    lines = [t("Handed in lately:")]
    for owed in reversed(handed_in):
        lines.append(f"- {report_texts.title(owed, turn.known, t)} ({report_texts.period(owed.period, t)})")
        lines += [owed.agency.in_language(t.language)] if several else []
        lines += report_texts.status(owed, turn.person.contact_id, t)
    return "\n".join(lines)


async def _for_the_head(turn: Turn, mine: Responsibility) -> str:
    """The agency's record in figures, for its head; nothing while no report has come due."""
    if mine.role is not FocalRole.HEAD:
        return ""
    entries = await record.of_agency(turn.connection, mine.agency.id, turn.today)
    if not entries:
        return ""
    heading = turn.t("Record of {agency}", agency=mine.agency.in_language(turn.t.language))
    return f"{heading}\n{record_page.in_figures(turn, record.count(entries))}"


def _record_label(turn: Turn, mine: Responsibility, *, several: bool) -> str:
    t = turn.t
    if not several:
        return t("Record of the agency")
    return report_texts.shortened(t("Record of {agency}", agency=mine.agency.in_language(t.language)))
