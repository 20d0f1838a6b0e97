"""The words in which a simulated year is told: who there is, what they do, when the clock ticks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# What a receiver is told of one report or of several.
Line = tuple[int | str, ...]


class Report(tuple[str, str, date]):
    """(duty, agency, last day of the period): what one agency owes once."""

    __slots__ = ()

    @property
    def duty(self) -> str:
        return self[0]

    @property
    def agency(self) -> str:
        return self[1]

    @property
    def period_end(self) -> date:
        return self[2]


class What(StrEnum):
    """Something a person does."""

    LINKS = "links"  # becomes `role` of `agency`
    CONFIRMS_MAILBOX = "confirms a mailbox"
    BLOCKS = "blocks the bot"
    COMES_BACK = "comes back"  # unblocks it
    LEAVES = "leaves"
    HANDS_OVER = "hands over"  # to `other`
    IS_AWAY = "is away"  # from `day` to `until`, `other` stands in
    IS_BACK = "is back"
    ACKNOWLEDGES = "acknowledges"
    PLANS = "plans"  # to hand in on `day`
    SNOOZES = "snoozes"  # until `moment`
    NOT_MINE = "says that it is not theirs"  # `other` is, or nobody is named
    TAKES_BACK = "says that it is theirs after all"
    ASKS = "asks for more time"  # until `day`
    GRANTS = "grants it"  # an officer
    REFUSES = "refuses it"  # an officer
    SUBMITS = "submits"
    ACCEPTS = "accepts"  # an officer
    RETURNS = "returns it"  # an officer; to be corrected until `day`


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody (``who``) does at a moment, about a report or in an agency."""

    at: datetime
    what: What
    who: str
    agency: str = ""
    report: Report | None = None
    day: date | None = None
    until: date | None = None
    moment: datetime | None = None
    other: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """The scheduler runs, its clock showing ``now``. ``doubled``: two of them at once. ``dies``: at that statement.

    Whoever died is started again at once and ticks once more.
    """

    now: datetime
    doubled: bool = False
    dies: int = 0


@dataclass(frozen=True, slots=True)
class Officer:
    """A member of staff, of an agency or of none in particular."""

    name: str
    agency: str = ""
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """A year: who receives reports, which agencies there are (slug to kind), and what happens, in this order."""

    officers: tuple[Officer, ...]
    agencies: dict[str, str]
    happens: tuple[Act | Tick, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person at one place (chat or mailbox), and whether it arrived there.

    ``kind``: digest, as asked, evening, unreachable. ``own``: the reports of theirs that it is about,
    as (duty, agency). ``told``: what a
    receiver is told: for a digest how many reports of others are missing; for an evening lines of (duty,
    missing, of how many, unreachable); for an unreachable notice how many agencies.
    """

    at: datetime
    who: str
    place: str
    kind: str
    own: frozenset[tuple[str, str]]
    told: tuple[Line, ...]
    arrived: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step of a ladder: ``planned``, ``sent`` or why it was dropped; and when (planned: for when)."""

    became: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that came of a year: of each step, by report and day of the ladder, and every message."""

    steps: dict[tuple[Report, int], Outcome]
    messages: tuple[Message, ...]
