"""Which of a period's reports somebody looks at: by where they stand and by kind of agency. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot.services.compliance.standings import Stage, Standing
from bot.services.compliance.tallies import KINDS
from bot.services.reporting.statuses import OWED

EVERY_KIND = "all"


class Which(StrEnum):
    """The lists. MISSING has OVERDUE and NOT_YET, of which UNOPENED is a part; ON_TIME and LATE were handed in."""

    MISSING = "missing"
    OVERDUE = "overdue"
    NOT_YET = "open"
    UNOPENED = "unopened"
    RETURNED = "returned"
    TO_REVIEW = "review"
    LATE = "late"
    ON_TIME = "ontime"
    ACCEPTED = "accepted"
    ALL = "all"


# Lists in which every agency has to act, so that it can be reminded.
TO_ACT = (Which.MISSING, Which.OVERDUE, Which.NOT_YET, Which.UNOPENED, Which.RETURNED)


@dataclass(frozen=True, slots=True)
class Selection:
    """A list, of all kinds of agency or of one."""

    which: Which
    kind: str = EVERY_KIND

    @property
    def press(self) -> str:
        """How a button names it."""
        return f"{self.which.value}:{self.kind}"


def of_press(which: str, kind: str) -> Selection:
    """The list that a button names; all for anything else."""
    return Selection(
        Which(which) if which in set(Which) else Which.ALL,
        kind if kind in KINDS else EVERY_KIND,
    )


def chosen(standings: Iterable[Standing], selection: Selection, today: date, zone: ZoneInfo) -> list[Standing]:
    """The reports of the list: those to act on by the day until which to act, the others in the order they came."""
    found = [
        each
        for each in standings
        if selection.kind in (EVERY_KIND, each.kind) and _is(each, selection.which, today, zone)
    ]
    if selection.which in TO_ACT:
        found.sort(key=lambda each: (each.last_day, each.agency.id))
    return found


def sizes(standings: Sequence[Standing], kind: str, today: date, zone: ZoneInfo) -> dict[Which, int]:
    """How many reports each list of a kind of agency has, the empty ones left out."""
    found = {which: len(chosen(standings, Selection(which, kind), today, zone)) for which in Which}
    return {which: size for which, size in found.items() if size}


def to_remind(standings: Iterable[Standing]) -> list[int]:
    """The obligations among them whose agency has to act."""
    return [each.obligation_id for each in standings if each.status in OWED]


def fingerprint(obligation_ids: Sequence[int]) -> str:
    """Eight letters that change with the list, so that what is confirmed is what was shown."""
    return sha256(",".join(map(str, sorted(obligation_ids))).encode()).hexdigest()[:8]


def _is(standing: Standing, which: Which, today: date, zone: ZoneInfo) -> bool:
    stage = standing.stage(today)
    match which:
        case Which.MISSING:
            return stage in (Stage.OVERDUE, Stage.NOT_YET)
        case Which.UNOPENED:
            return standing.never_opened
        case Which.LATE:
            return standing.late(zone)
        case Which.ON_TIME:
            return standing.handed_in and not standing.late(zone)
        case Which.ALL:
            return True
        case _:
            return stage.value == which.value
