"""What the pages on handing in have in common: a period with its reports, and what the reader may do about it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages import Button, Reply
from bot.services.compliance import standings
from bot.services.compliance.selections import Selection
from bot.services.compliance.standings import Standing
from bot.services.duties.windows import Period
from bot.services.reporting import receivers, report_texts
from content.duty_model import Duty
from handlers.menu import MENU
from handlers.turn import Turn

PROGRESS = "do:progress"


@dataclass(frozen=True, slots=True)
class Sheet:
    """All reports of one period, never none. ``receives``: the reader may remind the agencies and read the reports."""

    anchor: int
    reports: tuple[Standing, ...]
    duty: Duty | None
    receives: bool

    @property
    def slug(self) -> str:
        return self.reports[0].duty

    @property
    def period(self) -> Period:
        return self.reports[0].period


async def load(turn: Turn, anchor: int) -> Sheet | None:
    """The period that an obligation belongs to; None when there is no such one, or nobody owes it any more."""
    found = await standings.of_period(turn.connection, anchor)
    if not found:
        return None
    duty = turn.known.duties.get(found[0].duty)
    who = await receivers.load(turn.connection)
    receives = duty is not None and any(
        who.may_act_for(turn.person.contact_id, slug) for slug in receivers.receiving(duty)
    )
    return Sheet(anchor, tuple(found), duty, receives)


def heading(turn: Turn, sheet: Sheet) -> list[str]:
    """Which report of which period, in two lines."""
    t = turn.t
    return [
        report_texts.duty_title(sheet.slug, turn.known, t),
        t("Period: {period}", period=report_texts.period(sheet.period, t)),
    ]


def list_press(anchor: int, selection: Selection, start: int = 0) -> str:
    """The action that shows a list."""
    return f"track:list:{anchor}:{selection.press}:{start}"


def way_back(turn: Turn, sheet: Sheet) -> tuple[Button, ...]:
    """To the period, and out."""
    t = turn.t
    return (Button(t("The whole period"), f"track:period:{sheet.anchor}"), Button(t("Menu"), MENU))


def no_such(turn: Turn) -> Reply:
    """For a button of a period that is gone."""
    t = turn.t
    return turn.say(
        t("There is no such period any more, or no agency owes a report for it."),
        buttons=((Button(t("Progress of reports"), PROGRESS), Button(t("Menu"), MENU)),),
    )
