"""What agencies do about a report, by habit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from tests.simulated_year.days import worked_day
from tests.simulated_year.story import ZONE, Act, Report, What

CONSOLIDATED = "consolidated-report"
HABITS = {
    "prompt": 20,
    "planner": 16,
    "changes the plan": 6,
    "more time, granted": 12,
    "more time, granted when late": 6,
    "more time, refused": 6,
    "forgets": 14,
    "never": 7,
    "returned": 8,
    "puts off": 10,
    "not mine": 10,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """An agency's desk: who is there at a moment (empty: nobody), when one can act, and who decides.

    ``everybody`` are all who answer for the agency at a moment, also those who block the bot.
    """

    agency: str
    somebody: Callable[[datetime], str]
    everybody: Callable[[datetime], list[str]]
    possible: Callable[[datetime], datetime]
    reviewer: str
    decider: str


@dataclass
class _Doing:
    """Acts about one report, one after the other."""

    random: Random
    desk: Desk
    report: Report
    last: datetime
    not_theirs: str = ""

    def act(self, on: date, what: What, /, *, hour: int | None = None, by: str = "", **more: object) -> Iterator[Act]:
        """Somebody of the agency, or an officer, does it on that day, after whatever came before; if anybody is there.

        Without an hour it is some hour of the working day.
        """
        hour = self.random.randint(8, 16) if hour is None else hour
        moment = self.desk.possible(datetime.combine(on, time(hour, 20), ZONE))
        moment = max(moment, self.last + timedelta(minutes=1))
        who = by or self.desk.somebody(moment)
        if what is What.NOT_MINE:
            others = [each for each in self.desk.everybody(moment) if each != who]
            self.not_theirs, more = who, {"other": self.random.choice(["", *others])}
        if what is What.TAKES_BACK:
            who = self.not_theirs if self.not_theirs in self.desk.everybody(moment) else ""
        if not who:
            raise _NobodyThere
        self.last = moment
        yield Act(moment, what, who, agency=self.desk.agency, report=self.report, **more)  # type: ignore[arg-type]


class _NobodyThere(Exception):
    """So nothing more happens about this report."""


def report_acts(random: Random, desk: Desk, report: Report, due: date) -> list[Act]:
    """All that an agency and the officers do about a report that is due on a day."""
    habit = random.choices(list(HABITS), list(HABITS.values()))[0]
    doing = _Doing(random, desk, report, datetime.min.replace(tzinfo=ZONE) + timedelta(days=1))
    acts: list[Act] = []
    with suppress(_NobodyThere):
        acts.extend(_by_habit(habit, doing, due))
    return acts


def _by_habit(habit: str, doing: _Doing, due: date) -> Iterator[Act]:
    random, act = doing.random, doing.act
    match habit:
        case "prompt":
            yield from act(worked_day(due, -15), What.ACKNOWLEDGES, hour=8)
            yield from _hand_in(doing, worked_day(due, random.randint(-13, -4)))
        case "planner":
            yield from act(worked_day(due, -7), What.ACKNOWLEDGES)
            day = worked_day(due, random.randint(-5, 2)) if random.random() < 0.9 else worked_day(due, -7)
            yield from act(worked_day(due, -7), What.PLANS, day=day)
            late = 0 if random.random() < 0.6 else random.randint(1, 4)
            yield from _hand_in(doing, worked_day(day, late) if late else day)
        case "changes the plan":
            yield from act(worked_day(due, -10), What.ACKNOWLEDGES)
            yield from act(worked_day(due, -10), What.PLANS, day=worked_day(due, -5))
            yield from act(worked_day(due, -5), What.PLANS, day=worked_day(due, random.randint(-4, 1)), hour=9)
            yield from _hand_in(doing, worked_day(due, random.randint(1, 3)))
        case "more time, granted" | "more time, granted when late":
            if random.random() < 0.5:
                yield from act(worked_day(due, -12), What.ACKNOWLEDGES)
            asked = worked_day(due, random.randint(1, 4) if habit.endswith("late") else random.randint(-5, -1))
            longer = worked_day(max(due, asked), random.choice((1, 3, 5, 10)))
            yield from act(asked, What.ASKS, day=longer)
            yield from act(worked_day(asked, random.choice((1, 1, 2))), What.GRANTS, by=doing.desk.decider, day=longer)
            if random.random() < 0.9:
                yield from _hand_in(doing, worked_day(longer, random.randint(-2, 6)))
        case "more time, refused":
            yield from act(worked_day(due, -3), What.ASKS, day=worked_day(due, 5))
            yield from act(worked_day(due, -2), What.REFUSES, by=doing.desk.decider)
            yield from _hand_in(doing, worked_day(due, random.randint(-1, 2)))
        case "not mine":
            yield from _pass_on(doing, due)
        case "forgets":
            yield from _hand_in(doing, worked_day(due, random.randint(1, 9)))
        case "returned":
            yield from _hand_in(doing, worked_day(due, random.randint(-9, 1)), returned=True)
        case "puts off":
            yield from _put_off(doing, due)


def _put_off(doing: _Doing, due: date) -> Iterator[Act]:
    """Somebody is reminded again in the afternoon, then on the next morning."""
    random, act = doing.random, doing.act
    morning = worked_day(due, random.choice((-7, -3, -1, 1)))
    afternoon = datetime.combine(morning, time(14), ZONE)
    yield from act(morning, What.SNOOZES, hour=8, moment=afternoon)
    tomorrow = datetime.combine(worked_day(morning, 1), time(8), ZONE)
    yield from act(morning, What.SNOOZES, hour=15, moment=tomorrow)
    if random.random() < 0.5:
        yield from act(worked_day(morning, 2), What.ACKNOWLEDGES)
    yield from _hand_in(doing, worked_day(morning, random.randint(2, 12)))


def _pass_on(doing: _Doing, due: date) -> Iterator[Act]:
    """Somebody says that it is not theirs, perhaps whose it is; some take that back."""
    random, act = doing.random, doing.act
    yield from act(worked_day(due, random.choice((-7, -3, -1))), What.NOT_MINE)
    if random.random() < 0.3:
        yield from act(worked_day(due, random.randint(0, 2)), What.TAKES_BACK)
    yield from _hand_in(doing, worked_day(due, random.randint(2, 9)), returned=random.random() < 0.3)


def _hand_in(doing: _Doing, day: date, *, returned: bool = False) -> Iterator[Act]:
    """The report comes and is accepted; or it is returned, and corrected in time, too late or not at all."""
    random, act = doing.random, doing.act
    reviewer = doing.desk.reviewer
    yield from act(day, What.SUBMITS)
    if doing.report.duty == CONSOLIDATED:
        return
    if returned:
        seen = worked_day(doing.last.date(), random.choice((1, 2)))
        correct_by = worked_day(seen, random.choice((2, 5, 10)))
        yield from act(seen, What.RETURNS, by=reviewer, day=correct_by)
        if random.random() < 0.15:
            return
        yield from act(worked_day(correct_by, random.choice((-1, 1, 2, 5))), What.SUBMITS)
    if random.random() < 0.9:
        yield from act(worked_day(doing.last.date(), random.randint(1, 6)), What.ACCEPTS, by=reviewer)
