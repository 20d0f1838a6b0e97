"""Counting reports: how many are owed, handed in, late, missing; rates in total and by kind of agency. Pure.

Rates are shares of what is owed, as DHIS2 counts reporting rates: a report that is missing lowers both of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import get_args
from zoneinfo import ZoneInfo

from bot.services.compliance.standings import Stage, Standing
from content.model import AgencyKind

# The order in which kinds of agency are named.
KINDS: tuple[str, ...] = get_args(AgencyKind)


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of reports. Each owed one is in one stage; what was handed in was so on time or late."""

    owed: int
    stages: Counter[Stage]
    late: int
    never_opened: int

    @property
    def missing(self) -> int:
        """Never handed in so far, whether the due date has passed or not."""
        return self.stages[Stage.OVERDUE] + self.stages[Stage.NOT_YET]

    @property
    def handed_in(self) -> int:
        """At least once: returned ones included."""
        return self.owed - self.missing

    @property
    def on_time(self) -> int:
        return self.handed_in - self.late

    @property
    def rate(self) -> float:
        """Per cent of what is owed that was handed in; 0 where nothing is owed."""
        return per_cent(self.handed_in, self.owed)

    @property
    def on_time_rate(self) -> float:
        """Per cent of what is owed that was handed in on time."""
        return per_cent(self.on_time, self.owed)


def per_cent(part: int, whole: int) -> float:
    """A share in per cent; 0 of nothing."""
    return 100 * part / whole if whole else 0.0


def tally(standings: Iterable[Standing], today: date, zone: ZoneInfo) -> Tally:
    """Count these reports as of a local day."""
    stages: Counter[Stage] = Counter()
    late = never_opened = 0
    for each in standings:
        stages[each.stage(today)] += 1
        late += each.late(zone)
        never_opened += each.never_opened
    return Tally(stages.total(), stages, late, never_opened)


def by_kind(standings: Iterable[Standing], today: date, zone: ZoneInfo) -> dict[str, Tally]:
    """The same for each kind of agency that owes any, in the order of ``KINDS``."""
    groups: dict[str, list[Standing]] = {}
    for each in standings:
        groups.setdefault(each.kind, []).append(each)
    return {kind: tally(groups[kind], today, zone) for kind in sorted(groups, key=KINDS.index)}


def usual_due(standings: Iterable[Standing]) -> tuple[date, int]:
    """The due date that most of them have, and how many have another. Raises ValueError for none at all."""
    counted = Counter(each.due_on for each in standings)
    if not counted:
        raise ValueError("no report, no due date")
    day, count = min(counted.items(), key=lambda each: (-each[1], each[0]))
    return day, counted.total() - count
