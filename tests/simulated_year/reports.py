"""What is owed in the simulated year, written out: the plan's duties with the half-year cycle switched on.

Due dates are worked out by hand: 31 January 2026 is a Saturday, 31 January 2027 a Sunday, 14 June 2026 a Sunday (two
working days later is the 16th), 14 December 2026 a Monday (the 16th), 20 December 2026 a Sunday.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from content.model import Content
from tests.simulated_year.script import Report

LEAD = "so-cong-thuong"
PLAN, YEAR, HALF, WHOLE = (
    "yearly-implementation-plan", "yearly-report-to-sct", "half-year-report", "consolidated-report",
)  # fmt: skip
DUE = {
    PLAN: (date(2026, 2, 2), date(2027, 2, 1)),
    YEAR: (date(2026, 12, 16),),
    HALF: (date(2026, 6, 16), date(2026, 12, 16)),
    WHOLE: (date(2026, 12, 21),),
}


def owed(known: Content, first: date, last: date) -> list[Report]:
    """All reports that are due in this time."""
    return sorted(_owed(known, first, last), key=lambda each: (each.agency, each.due, each.duty))


def _owed(known: Content, first: date, last: date) -> Iterator[Report]:
    agencies = [each.slug for each in known.agencies.values() if each.owes]
    for duty, days in DUE.items():
        for agency in agencies:
            if duty == PLAN or (agency == LEAD) == (duty == WHOLE):
                yield from (Report(duty, agency, day) for day in days if first <= day <= last)


def content(known: Content) -> Content:
    """The content with these duties, without their questions: the year is about reminding."""
    plain = {"enabled": True, "sections": (), "indicators": (), "attachments": ()}
    duties = {slug: known.duties[slug].model_copy(update=plain) for slug in DUE}
    return known.model_copy(update={"duties": duties})
