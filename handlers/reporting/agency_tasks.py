"""An agency's tasks under section V of the plan, in short and in full."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.agencies import agencies
from bot.services.agencies.agencies import Responsibility
from bot.services.reporting import report_texts
from content.model import AgencyDuty
from handlers.menu import MENU
from handlers.reporting import report_pages
from handlers.turn import Turn

TASK_IN_SHORT = 110


async def show(turn: Turn, agency_id: int) -> Reply:
    """An agency's tasks under section V of the plan, in full."""
    mine = await agencies.responsibilities(turn.connection, turn.person.contact_id)
    found = next((each for each in mine if each.agency.id == agency_id), None)
    if found is None:
        return report_pages.not_yours(turn)
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


def in_short(turn: Turn, mine: Responsibility) -> str:
    """A line for each task."""
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


def label(turn: Turn, mine: Responsibility, *, several: bool) -> str:
    """The button that leads to them."""
    if not several:
        return turn.t("Tasks in full")
    label = turn.t("Tasks of {agency}", agency=mine.agency.in_language(turn.t.language))
    return report_texts.shortened(label)
