"""Where an obligation can stand."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """What has become of one report of one agency. SUBMITTED waits for review, WITHDRAWN is no longer owed."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


# The agency has to act.
OWED = (Status.OPEN, Status.ACKNOWLEDGED, Status.RETURNED)
# The agency has not handed anything in yet.
PENDING = (Status.OPEN, Status.ACKNOWLEDGED)
# The agency has done its part.
HANDED_IN = (Status.SUBMITTED, Status.ACCEPTED)
