"""What a focal point reads about reports: the list, one obligation, the agency's tasks under the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.i18n import Translator
from bot.messages import Button, Reply
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.people import agencies
from bot.services.people.agencies import Responsibility
from bot.services.reporting import obligations, report_texts
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import OWED, Status
from content.model import AgencyDuty
from handlers.menu import MENU
from handlers.turn import Turn

AT_ONCE = 5
LATEST_HANDED_IN = 3
TASK_IN_SHORT = 110

# Leaving one of these conversations for another loses a line or two, which nobody minds.
EXTENSION, PLANNING, REFUSAL = DIALOGS = ("report_extension", "report_planning", "extension_refusal")


def number(text: str) -> int:
    """An id as it comes back in a button; 0, which nothing has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0


def today(turn: Turn) -> date:
    """The local day of the turn."""
    return turn.now.astimezone(turn.t.zone).date()


async def overview(turn: Turn, start: int = 0, *, waiting: Sequence[Reply] = ()) -> Sequence[Reply]:
    """Everything an agency's focal point has to know: what is due, what was handed in, its tasks.

    ``waiting`` is what waits for the person as an officer; it comes first.
    """
    contact_id = turn.person.contact_id
    mine = await agencies.responsibilities(turn.connection, contact_id)
    replies = [await _of_agencies(turn, mine, start)] if mine else []
    return [*waiting, *replies] or [_not_linked(turn)]


async def page(turn: Turn, owed: Owed, note: str = "", *, instead: bool = True) -> Reply:
    """One obligation with what can be done about it; ``note`` says what has just happened."""
    t = turn.t
    await obligations.opened(turn.connection, owed, contact_id=turn.person.contact_id, now=turn.now)
    calendar = await working_days.load(turn.connection)
    lines = [
        owed.agency.in_language(t.language),
        t("Period: {period}", period=report_texts.period(owed.period, t)),
        report_texts.due(owed, today(turn), calendar, t),
        report_texts.recipients(owed, turn.known, t),
        *report_texts.status(owed, turn.person.contact_id, t),
    ]
    text = "\n".join(line for line in lines if line)
    return turn.say(
        f"{note}\n\n{text}" if note else text,
        title=report_texts.title(owed, turn.known, t),
        footnote=report_texts.basis(owed, turn.known, t),
        buttons=(*_buttons(owed, t), (Button(t("All reports"), "do:reports"), Button(t("Menu"), MENU))),
        instead=instead,
    )


def _buttons(owed: Owed, t: Translator) -> tuple[tuple[Button, ...], ...]:
    history = Button(t("Report history"), f"report:history:{owed.id}")
    seen = [(Button(t("See what was handed in"), f"hand:newest:{owed.id}"),)] if owed.version else []
    if owed.status is Status.SUBMITTED:
        seen.append((Button(t("Correct what was handed in"), f"hand:reopen:{owed.id}"),))
    if owed.status not in OWED:
        return (*seen, (history,))
    rows = [*report_texts.actions(owed, t), *seen]
    if owed.status is Status.ACKNOWLEDGED:
        label = t("Change the planned day") if owed.planned_on else t("Plan a day")
        rows.append((Button(label, f"report:plan:{owed.id}"),))
    rows.append((history, Button(t("Not mine"), f"focal:notmine:{owed.id}")))
    return tuple(rows)


async def tasks(turn: Turn, agency_id: int) -> Reply:
    """An agency's tasks under section V of the plan, in full."""
    mine = await agencies.responsibilities(turn.connection, turn.person.contact_id)
    found = next((each for each in mine if each.agency.id == agency_id), None)
    if found is None:
        return not_yours(turn)
    t = turn.t
    own, everyone = _duties(turn, found)
    lines = [f"{duty.source}: {duty.in_language(t.language)}" for duty in own]
    if own:
        lines.append("")
    lines.append(t("Every department, ward and commune:"))
    lines += [f"{duty.source}: {duty.in_language(t.language)}" for duty in everyone]
    return turn.say(
        "\n".join(lines),
        title=t("Tasks of {agency}", agency=found.agency.in_language(t.language)),
        footnote=t("Source: Plan No. 50/KH-UBND, section V"),
        buttons=((Button(t("All reports"), "do:reports"), Button(t("Menu"), MENU)),),
        instead=True,
    )


def not_yours(turn: Turn) -> Reply:
    """For a button of an obligation that is no business of the person's, or that no longer exists."""
    t = turn.t
    return turn.say(
        t("This report belongs to an agency that you do not answer for, or it no longer exists."),
        buttons=((Button(t("Agency reports"), "do:reports"), Button(t("Menu"), MENU)),),
    )


def goes_on(turn: Turn) -> bool:
    """Whether this is an answer to a question about a report, or one of the buttons under it."""
    match turn.press:
        case ():
            return bool(turn.text) and not turn.command
        case ("report", "back" | "date" | "confirm", *_):
            return True
    return False


def busy(turn: Turn, anyway: str, *own: str) -> Reply | None:
    """A warning before something else that the person is in the middle of would be lost; None when nothing would.

    ``anyway`` is the action that goes on regardless, ``own`` the dialogs that may be left without asking.
    """
    t = turn.t
    if turn.person.dialog is None or turn.person.dialog.kind in own:
        return None
    return turn.say(
        t("You have not finished what you were doing before. If you go on here, what you entered there is lost.")
        + "\n\n"
        + t("To finish it first, simply answer its last question."),
        buttons=((Button(t("Go on here"), anyway),),),
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
    owing = [owed for owed in listed if not owed.handed_in]
    shown = owing[start : start + AT_ONCE]
    calendar = await working_days.load(turn.connection)
    several = len(mine) > 1
    sections = [_to_hand_in(turn, shown, calendar, several=several)]
    if start == 0:
        handed_in = [owed for owed in listed if owed.handed_in][-LATEST_HANDED_IN:]
        sections += [_handed_in(turn, handed_in)] if handed_in else []
        sections += [_tasks_in_short(turn, mine[0])] if not several else []
    rows: list[tuple[Button, ...]] = [
        (Button(_label(turn, owed, several=several), f"report:open:{owed.id}"),) for owed in shown
    ]
    if len(owing) > start + AT_ONCE:
        rows.append((Button(t("More"), f"report:list:{start + AT_ONCE}"),))
    rows += [
        (Button(_tasks_label(turn, each, several=several), f"report:tasks:{each.agency.id}"),)
        for each in mine[:AT_ONCE]
    ]
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
            report_texts.due(owed, today(turn), calendar, t) + mark,
            *report_texts.status(owed, turn.person.contact_id, t),
        ]
        items.append("\n".join(line for line in lines if line))
    return "\n\n".join(items)


def _handed_in(turn: Turn, handed_in: Sequence[Owed]) -> str:
    t = turn.t
    lines = [t("Handed in lately:")]
    for owed in reversed(handed_in):
        lines.append(f"- {report_texts.title(owed, turn.known, t)} ({report_texts.period(owed.period, t)})")
        lines += report_texts.status(owed, turn.person.contact_id, t)
    return "\n".join(lines)


def _tasks_in_short(turn: Turn, mine: Responsibility) -> str:
    t = turn.t
    own, everyone = _duties(turn, mine)
    return "\n".join(
        [
            t("Tasks under section V of the plan:"),
            *(
                f"- {duty.source}: {report_texts.shortened(duty.in_language(t.language), TASK_IN_SHORT)}"
                for duty in (*own, *everyone)
            ),
        ]
    )


def _duties(turn: Turn, mine: Responsibility) -> tuple[tuple[AgencyDuty, ...], tuple[AgencyDuty, ...]]:
    """The agency's own tasks, and those it shares with all that owe any."""
    agency = turn.known.agencies.get(mine.agency.slug)
    if agency is None:
        return (), ()
    return agency.duties, turn.known.everyone if agency.owes else ()


def _label(turn: Turn, owed: Owed, *, several: bool) -> str:
    title = report_texts.title(owed, turn.known, turn.t)
    if several:
        title = f"{owed.agency.in_language(turn.t.language)}: {title}"
    return report_texts.shortened(f"{turn.t.short_date(owed.due_on)}: {title}")


def _tasks_label(turn: Turn, mine: Responsibility, *, several: bool) -> str:
    if not several:
        return turn.t("Tasks in full")
    label = turn.t("Tasks of {agency}", agency=mine.agency.in_language(turn.t.language))
    return report_texts.shortened(label)
