"""What happens in the simulated year besides the clock: who does what, when. The program and the plain calculation
are given the same script.

People are named by short texts, agencies by their slugs, reports by (duty, agency, due date as first laid out). Times
are local and without a zone, as on a wall clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Report:
    """One report that an agency owes; ``due`` is its first due date and never changes."""

    duty: str
    agency: str
    due: date


@dataclass(frozen=True, slots=True)
class Links:
    """Somebody becomes focal point of an agency, as holder, deputy or head."""

    person: str
    agency: str
    role: str


@dataclass(frozen=True, slots=True)
class Leaves:
    """Somebody does not answer for an agency any more."""

    person: str
    agency: str


@dataclass(frozen=True, slots=True)
class HandsOver:
    """Somebody else takes a focal point's place."""

    person: str
    agency: str
    successor: str


@dataclass(frozen=True, slots=True)
class Blocks:
    """Somebody blocks the bot."""

    person: str


@dataclass(frozen=True, slots=True)
class Unblocks:
    """Somebody writes to the bot again."""

    person: str


@dataclass(frozen=True, slots=True)
class GoesAway:
    """Somebody is absent on these days, both included; perhaps they name who stands in."""

    person: str
    agency: str
    start: date
    end: date
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledges:
    """Somebody says that the agency knows of a report, perhaps with the day on which it will come."""

    person: str
    report: Report
    planned: date | None = None


@dataclass(frozen=True, slots=True)
class Snoozes:
    """Somebody wants to be reminded once more."""

    person: str
    report: Report
    until: datetime


@dataclass(frozen=True, slots=True)
class AsksForTime:
    """Somebody asks for more time, and an officer decides at once."""

    person: str
    report: Report
    until: date
    granted: bool


@dataclass(frozen=True, slots=True)
class HandsIn:
    """Somebody hands a report in."""

    person: str
    report: Report


@dataclass(frozen=True, slots=True)
class GetsBack:
    """An officer returns a report for correction."""

    report: Report
    correct_by: date


Deed = (
    Links | Leaves | HandsOver | Blocks | Unblocks | GoesAway
    | Acknowledges | Snoozes | AsksForTime | HandsIn | GetsBack
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tick:
    """The clock ticks. ``doubled``: in two schedulers at once; ``broken``: one dies in the middle and begins anew."""

    doubled: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happens at a time; ``clock`` is what a wrong clock shows then."""

    at: datetime
    what: Deed | Tick
    clock: datetime | None = None

    @property
    def shown(self) -> datetime:
        """What the clock shows."""
        return self.clock or self.at


@dataclass(frozen=True, slots=True)
class Script:
    """A year: ``officers`` are the staff of the receiving agency, ``duties`` the slugs of what is owed."""

    reports: tuple[Report, ...]
    officers: tuple[str, ...]
    moments: tuple[Moment, ...]
