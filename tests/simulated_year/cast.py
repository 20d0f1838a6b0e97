"""The people of the simulated year, drawn from a seed: what they answer for, and how they go about their reports.

Some answer at once, some say when the report will come, some ask for more time, some forget until it is late; they go
on leave, hand over, leave without anybody in their place, block the bot. A few agencies never had anybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

from tests.simulated_year.plain import DEPUTY, HEAD, HOLDER, counted, works
from tests.simulated_year.script import (
    Acknowledges,
    AsksForTime,
    Blocks,
    Deed,
    GetsBack,
    GoesAway,
    HandsIn,
    HandsOver,
    Leaves,
    Links,
    Moment,
    Report,
    Script,
    Snoozes,
    Tick,
    Unblocks,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WRONG_HOURS = range(9, 15)
HABITS = ("early", "planned", "more time", "late", "never", "returned", "snoozes")
OFTEN = (30, 15, 12, 20, 8, 8, 7)
OFFICERS = ("officer 1", "officer 2", "officer 3")
# Between two ticks, so that nobody has to know which of both came first.
BETWEEN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Window:
    """From the first tick to the last, local time."""

    start: datetime
    end: datetime


def script(reports: Sequence[Report], window: Window, seed: int) -> Script:
    """A year as this seed has it."""
    chance = Random(seed)
    moments = list(_ticks(window, chance))
    for agency in sorted({report.agency for report in reports}):
        owed = [report for report in reports if report.agency == agency]
        moments += [
            Moment(at, what) for at, what in _agency(agency, owed, window, chance) if window.start < at < window.end
        ]
    moments.sort(key=lambda moment: moment.at)
    return Script(tuple(reports), OFFICERS, tuple(_possible(moments)))


def _ticks(window: Window, chance: Random) -> Iterator[Moment]:
    """Every hour, but for the days on which the program was down; sometimes twice at once, sometimes broken off.

    For two mornings the clock is wrong: once five hours back, once three days ahead.
    """
    days = [window.start.date() + timedelta(days=number) for number in range((window.end - window.start).days)]
    down = set(chance.sample(days, len(days) // 40))
    down |= {day + timedelta(days=more) for day in sorted(down)[::3] for more in (1, 2)}
    wrong = dict(zip(chance.sample(days, 4), (-5 * HOUR, 3 * DAY) * 2, strict=True))
    at = window.start
    while at <= window.end:
        if at.date() not in down:
            shift = wrong.get(at.date())
            shown = at + shift if shift is not None and at.hour in WRONG_HOURS else None
            yield Moment(at, Tick(doubled=chance.random() < 0.05, broken=chance.random() < 0.02), shown)
        at += HOUR


def _agency(agency: str, owed: Sequence[Report], window: Window, chance: Random) -> Iterator[tuple[datetime, Deed]]:
    """Who answers for an agency over the year, and what they do about each report."""
    if chance.random() < 0.04:
        return
    holder, deputy, head = (f"{role} of {agency}" for role in (HOLDER, DEPUTY, HEAD))
    first = window.start + BETWEEN
    yield first, Links(holder, agency, HOLDER)
    there = {holder}
    if chance.random() < 0.6:
        there.add(deputy)
        yield first, Links(deputy, agency, DEPUTY)
    if chance.random() < 0.5:
        there.add(head)
        yield first, Links(head, agency, HEAD)
    yield from _changes(agency, holder, deputy if deputy in there else "", window, chance)
    for report in owed:
        yield from _habit(report, holder, chance)


def _changes(agency: str, holder: str, deputy: str, window: Window, chance: Random) -> Iterator[tuple[datetime, Deed]]:
    """Leave, a successor, an empty chair, a blocked chat: each with some agencies."""
    days = (window.end - window.start).days
    some_day = _at(window.start.date() + timedelta(days=chance.randrange(days // 10, days - days // 10)), chance)
    match chance.choices(("nothing", "hands over", "leaves", "blocks", "blocks for a while"), (60, 14, 8, 8, 10))[0]:
        case "hands over":
            yield some_day, HandsOver(holder, agency, f"successor at {agency}")
        case "leaves":
            yield some_day, Leaves(holder, agency)
        case "blocks":
            yield some_day, Blocks(holder)
        case "blocks for a while":
            yield some_day, Blocks(holder)
            yield some_day + timedelta(days=chance.randrange(5, 40)), Unblocks(holder)
    if chance.random() < 0.35:
        start = window.start.date() + timedelta(days=chance.randrange(days))
        until = start + timedelta(days=chance.randrange(3, 30))
        stand_in = deputy if chance.random() < 0.5 else ""
        yield _at(start - timedelta(days=2), chance), GoesAway(holder, agency, start, until, stand_in)
    if deputy and chance.random() < 0.15:
        start = window.start.date() + timedelta(days=chance.randrange(days))
        yield (
            _at(start - timedelta(days=3), chance),
            GoesAway(deputy, agency, start, start + timedelta(days=chance.randrange(3, 20))),
        )


def _habit(report: Report, holder: str, chance: Random) -> Iterator[tuple[datetime, Deed]]:
    """What is done about one report."""
    due = report.due
    match chance.choices(HABITS, OFTEN)[0]:
        case "early":
            yield _at(counted(due, -chance.randrange(2, 17)), chance), HandsIn(holder, report)
        case "planned":
            said, planned = counted(due, -chance.randrange(5, 15)), counted(due, -chance.randrange(0, 4))
            yield _at(said, chance), Acknowledges(holder, report, planned if chance.random() < 0.7 else None)
            if chance.random() < 0.7:
                yield _at(planned, chance), HandsIn(holder, report)
        case "more time":
            until = counted(due, chance.choice((3, 5, 10)))
            asked = counted(due, -chance.randrange(1, 6))
            yield _at(asked, chance), AsksForTime(holder, report, until, granted=chance.random() < 0.7)
            yield _at(counted(until, chance.randrange(-1, 4)), chance), HandsIn(holder, report)
        case "late":
            yield _at(counted(due, chance.randrange(1, 12)), chance), HandsIn(holder, report)
        case "returned":
            came = counted(due, -chance.randrange(1, 6))
            yield _at(came, chance), HandsIn(holder, report)
            back = counted(came, 3)
            yield _at(back, chance), GetsBack(report, counted(back, chance.choice((2, 5, 10))))
            if chance.random() < 0.7:
                yield _at(counted(back, chance.randrange(1, 12)), chance), HandsIn(holder, report)
        case "snoozes":
            day = counted(due, -chance.randrange(1, 7))
            yield datetime.combine(day, time(9, 30)), Snoozes(holder, report, datetime.combine(day, time(14)))
            yield (
                datetime.combine(day, time(15, 30)),
                Snoozes(holder, report, datetime.combine(counted(day, 1), time(8))),
            )
            if chance.random() < 0.5:
                yield _at(counted(due, 2), chance), HandsIn(holder, report)


def _at(day: date, chance: Random) -> datetime:
    """Some half hour of a working day, or of the next one."""
    while not works(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(chance.randrange(8, 17))) + BETWEEN


def _possible(moments: Sequence[Moment]) -> Iterator[Moment]:
    """Without what can't be done: by somebody who no longer answers for the agency, about a report that is in already.

    Who took a holder's place does in their stead what the holder would have done.
    """
    so_far = _SoFar()
    for moment in moments:
        what = _by_successor(moment.what, so_far.successors)
        if isinstance(what, Tick) or so_far.takes(what):
            yield replace(moment, what=what)


@dataclass
class _SoFar:
    """What must be known to tell whether something can be done."""

    parts: set[tuple[str, str]] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    successors: dict[str, str] = field(default_factory=dict)
    status: dict[Report, str] = field(default_factory=dict)

    def takes(self, what: Deed) -> bool:
        """Whether it can be done; then it is."""
        match what:
            case Links(person, agency, _):
                self.parts.add((person, agency))
            case Blocks(person):
                self.blocked.add(person)
            case Unblocks(person):
                self.blocked.discard(person)
            case Leaves(person, agency) | HandsOver(person, agency, _) | GoesAway(person, agency, _, _, _):
                return self._takes_change(what, (person, agency))
            case GetsBack(report, _):
                return self._takes_answer(report, {"submitted"}, "returned")
            case HandsIn(person, report):
                return self._can(person, report) and self._takes_answer(
                    report, {"", "acknowledged", "returned"}, "submitted"
                )
            case Acknowledges(person, report, _):
                return self._can(person, report) and self._takes_answer(report, {""}, "acknowledged")
            case Snoozes(person, report, _) | AsksForTime(person, report, _, _):
                return self._can(person, report) and self._takes_answer(report, {""}, "")
        return True

    def _can(self, person: str, report: Report) -> bool:
        return person not in self.blocked and (person, report.agency) in self.parts

    def _takes_answer(self, report: Report, before: set[str], after: str) -> bool:
        if self.status.get(report, "") not in before:
            return False
        self.status[report] = after
        return True

    def _takes_change(self, what: Leaves | HandsOver | GoesAway, part: tuple[str, str]) -> bool:
        if part not in self.parts:
            return False
        if isinstance(what, GoesAway):
            return not what.stand_in or (what.stand_in, what.agency) in self.parts
        self.parts.discard(part)
        if isinstance(what, HandsOver):
            self.parts.add((what.successor, what.agency))
            self.successors[what.person] = what.successor
        return True


def _by_successor(what: Deed | Tick, successors: dict[str, str]) -> Deed | Tick:
    match what:
        case Acknowledges(person, report, planned) if person in successors:
            return Acknowledges(successors[person], report, planned)
        case AsksForTime(person, report, until, granted) if person in successors:
            return AsksForTime(successors[person], report, until, granted)
        case Snoozes(person, report, until) if person in successors:
            return Snoozes(successors[person], report, until)
        case HandsIn(person, report) if person in successors:
            return HandsIn(successors[person], report)
    return what
