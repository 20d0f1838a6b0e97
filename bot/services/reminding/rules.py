"""What becomes of the due steps of one obligation: which is sent, which are dropped and why. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.services.calendar.working_days import WorkingCalendar
from bot.services.reminding.steps import ACKNOWLEDGED, PLANNED_LATER, Step
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import OWED, Status
from content.duty_model import Addressee, Duty, usual_addressees
from content.model import Content

# What could not be sent in time is still of use for so many working days.
USEFUL_FOR = 2

SUPERSEDED = "superseded"
STALE = "stale"
NOBODY = "nobody to remind"
SWITCHED_OFF = "duty switched off"


@dataclass(frozen=True, slots=True)
class Day:
    """The working day on which a tick happens, and what is known then."""

    known: Content
    calendar: WorkingCalendar
    today: date
    zone: ZoneInfo

    def is_stale(self, due_at: datetime) -> bool:
        """Whether a reminder for that moment is of no use any more."""
        return self.calendar.working_days_between(due_at.astimezone(self.zone).date(), self.today) > USEFUL_FOR


@dataclass(frozen=True, slots=True)
class Fate:
    """The step to send, if any, and the ids of the steps to drop with the reason of each."""

    send: Step | None = None
    dropped: dict[int, str] = field(default_factory=dict)


def fate(due: Sequence[Step], owed: Owed, day: Day) -> Fate:
    """What becomes of an obligation's due steps, given in the order of their time. The first that holds counts.

    All are dropped when the report is not awaited as before (``status``: submitted, returned, accepted, withdrawn) or
    its duty has gone or is switched off; steps that are not in ``after_acknowledgement`` once the agency has
    acknowledged, and those before the day for which it announced the report; all but the latest of the rest
    (``superseded``); and that one if its day lies more than ``USEFUL_FOR`` working days back (``stale``).
    """
    duty = day.known.duties.get(owed.duty)
    if owed.status not in (Status.OPEN, Status.ACKNOWLEDGED):
        return Fate(dropped={step.id: owed.status.value for step in due})
    if duty is None or not duty.enabled:
        return Fate(dropped={step.id: SWITCHED_OFF for step in due})
    dropped: dict[int, str] = {}
    left = list(due)
    if owed.status is Status.ACKNOWLEDGED:
        left = [step for step in due if step.day in duty.after_acknowledgement]
        dropped = {step.id: ACKNOWLEDGED for step in due if step not in left}
        early = [step for step in left if _before_the_planned_day(step, owed, day)]
        left = [step for step in left if step not in early]
        dropped |= {step.id: PLANNED_LATER for step in early}
    if not left:
        return Fate(dropped=dropped)
    *earlier, latest = left
    dropped |= {step.id: SUPERSEDED for step in earlier}
    if day.is_stale(latest.due_at):
        return Fate(dropped=dropped | {latest.id: STALE})
    return Fate(latest, dropped)


def _before_the_planned_day(step: Step, owed: Owed, day: Day) -> bool:
    if owed.planned_on is None or owed.planned_on > owed.due_on:
        return False
    return step.day <= 0 and step.due_at.astimezone(day.zone).date() < owed.planned_on


def still_wanted(due_at: datetime, owed: Owed, day: Day) -> bool:
    """Whether a reminder of one person is still sent: while the agency has to act, and not when it has gone stale."""
    duty = day.known.duties.get(owed.duty)
    return owed.status in OWED and duty is not None and duty.enabled and not day.is_stale(due_at)


def addressed(duty: Duty, day: int) -> frozenset[Addressee]:
    """Whom a step addresses; one that the duty has no more, whomever such a step usually does."""
    return frozenset(next((step.to for step in duty.reminders if step.day == day), usual_addressees(day)))
