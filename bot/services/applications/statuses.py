"""How far an application is, and which steps there are. Pure.

A programme: submitted, under review, perhaps more information asked, then approved or rejected. An event: a seat at
once (confirmed), or the waiting list, then an offer that expires, then confirmed; with ``needs_approval`` it is
submitted first. At the door a confirmed one becomes attended, and after the event no-show where nobody came.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """How far an application is."""

    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    MORE_INFORMATION = "more_information"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    NO_SHOW = "no_show"


# An offer reserves its seats; who came or was expected keeps them.
TAKES_SEATS = (Status.CONFIRMED, Status.OFFERED, Status.ATTENDED, Status.NO_SHOW)
OVER = (Status.WITHDRAWN, Status.REJECTED)
IN_REVIEW = (Status.SUBMITTED, Status.UNDER_REVIEW, Status.MORE_INFORMATION)

_DECIDED = {Status.APPROVED, Status.REJECTED, Status.CONFIRMED, Status.WAITLISTED, Status.WITHDRAWN}
STEPS: Mapping[Status, frozenset[Status]] = {
    Status.SUBMITTED: frozenset({Status.UNDER_REVIEW, Status.MORE_INFORMATION, *_DECIDED}),
    Status.UNDER_REVIEW: frozenset({Status.MORE_INFORMATION, *_DECIDED}),
    Status.MORE_INFORMATION: frozenset({Status.UNDER_REVIEW, *_DECIDED}),
    Status.APPROVED: frozenset({Status.WITHDRAWN, Status.REJECTED}),
    Status.WAITLISTED: frozenset({Status.OFFERED, Status.CONFIRMED, Status.WITHDRAWN, Status.REJECTED}),
    Status.OFFERED: frozenset({Status.CONFIRMED, Status.WITHDRAWN, Status.REJECTED}),
    Status.CONFIRMED: frozenset({Status.ATTENDED, Status.NO_SHOW, Status.WITHDRAWN, Status.REJECTED}),
    # Undone at the door: expected again, or after the end a no-show; a walk-in had no seat before and has none again.
    Status.ATTENDED: frozenset({Status.CONFIRMED, Status.NO_SHOW, Status.WITHDRAWN}),
    Status.NO_SHOW: frozenset({Status.ATTENDED}),
    Status.REJECTED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}
