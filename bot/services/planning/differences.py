"""What separates the obligations that exist from those that duties, agencies and calendar ask for now. Pure.

Facts stay: a report that was handed in or returned, a day that an officer granted, a reminder that was sent, and what
was due before today, which only ever gets a later day. A due date never moves into the past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from bot.services.duties.windows import Period
from bot.services.reporting.statuses import Status

Key = tuple[str, int, date]


class Because(StrEnum):
    """Why obligations changed, as their history says it."""

    DUTY = "duty"
    CALENDAR = "calendar"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An obligation as it should be, under its key (duty, agency, end of the period)."""

    period: Period
    due_on: date


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder of an obligation: when, and whether it still waits to be sent."""

    due_at: datetime
    planned: bool


@dataclass(frozen=True, slots=True)
class Existing:
    """An obligation that an agency still owes, or that was withdrawn. ``extended``: an officer set its day."""

    id: int
    key: Key
    period: Period
    due_on: date
    status: Status
    extended: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one obligation (``id`` None: it is made). ``due_from`` is what it says now."""

    id: int | None
    duty: str
    agency_id: int
    period: Period
    due_from: date
    due_on: date


@dataclass(frozen=True, slots=True)
class StepChange:
    """A reminder not sent yet: made (``was`` None), moved, or dropped (``becomes`` None)."""

    obligation_id: int
    step: int
    was: datetime | None
    becomes: datetime | None


@dataclass(frozen=True)
class Changes:
    """Everything that would change. What follows from these by itself (a withdrawn report's reminders) isn't listed."""

    added: tuple[Change, ...] = ()
    moved: tuple[Change, ...] = ()
    withdrawn: tuple[Change, ...] = ()
    restored: tuple[Change, ...] = ()
    steps: tuple[StepChange, ...] = ()

    @property
    def nothing(self) -> bool:
        return not (self.added or self.touches)

    @property
    def touches(self) -> bool:
        """Whether anything that exists would change, for which a person has to say yes."""
        return bool(self.moved or self.withdrawn or self.restored or self.steps)

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same changes, and for no others."""
        everything = (self.added, self.moved, self.withdrawn, self.restored, self.steps)
        return sha256(repr(everything).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Rules:
    """What duties, agencies and calendar ask for.

    ``wanted`` is due from today on. ``of_period`` says what an existing obligation should be, None where its duty
    or agency doesn't ask for it any more.
    """

    today: date
    wanted: Mapping[Key, Wanted]
    of_period: Callable[[Key], Wanted | None]


def compare(existing: Sequence[Existing], keys: frozenset[Key], rules: Rules) -> Changes:
    """The way from what exists to what is wanted, without its steps. ``keys`` are all that exist, in whatever state."""
    added = [_added(key, wanted) for key, wanted in rules.wanted.items() if key not in keys]
    moved: list[Change] = []
    withdrawn: list[Change] = []
    restored: list[Change] = []
    for each in existing:
        if each.status is Status.WITHDRAWN:
            back = rules.wanted.get(each.key)
            if back is None:
                continue
            restored.append(_change(each, back.period, each.due_on if _granted(each, rules.today) else back.due_on))
        else:
            asked = rules.of_period(each.key)
            if asked is None:
                if each.due_on >= rules.today:
                    withdrawn.append(_change(each, each.period, each.due_on))
                continue
            period, due_on = _after(each, asked, rules.today)
            if due_on != each.due_on or period != each.period:
                moved.append(_change(each, period, due_on))
    return Changes(tuple(added), tuple(moved), tuple(withdrawn), tuple(restored))


def together(parts: Sequence[Changes]) -> Changes:
    """What changes of several duties, in the order in which people look at it."""
    return Changes(
        _in_order([each for part in parts for each in part.added]),
        _in_order([each for part in parts for each in part.moved]),
        _in_order([each for part in parts for each in part.withdrawn]),
        _in_order([each for part in parts for each in part.restored]),
        tuple(sorted((each for part in parts for each in part.steps), key=lambda each: each.obligation_id)),
    )


def compare_steps(
    obligation_id: int, steps: Mapping[int, Step], ladder: Mapping[int, datetime], today: date
) -> Iterator[StepChange]:
    """The way from the steps that an obligation has to those of its ladder."""
    for step, there in sorted(steps.items()):
        becomes = ladder.get(step)
        if there.planned and becomes != there.due_at:
            yield StepChange(obligation_id, step, there.due_at, becomes)
    for step, moment in ladder.items():
        # What would have been said before today is not said belatedly.
        if step not in steps and moment.date() > today:
            yield StepChange(obligation_id, step, None, moment)


def _granted(each: Existing, today: date) -> bool:
    return each.extended and each.due_on >= today


def _after(each: Existing, asked: Wanted, today: date) -> tuple[Period, date]:
    """Window and due date of an obligation that is still owed."""
    if each.due_on < today:
        late = asked.due_on > each.due_on and asked.due_on >= today and not each.extended
        return (asked.period, asked.due_on) if late else (each.period, each.due_on)
    return asked.period, each.due_on if each.extended or asked.due_on < today else asked.due_on


def _added(key: Key, wanted: Wanted) -> Change:
    return Change(None, key[0], key[1], wanted.period, wanted.due_on, wanted.due_on)


def _change(each: Existing, period: Period, due_on: date) -> Change:
    return Change(each.id, each.key[0], each.key[1], period, each.due_on, due_on)


def _in_order(changes: Sequence[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda each: (each.due_on, each.duty, each.agency_id, each.period.end)))
