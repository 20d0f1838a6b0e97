"""Who receives reports: the officers of the agencies that a duty names for its review.

The lead agency's officers stand in for an agency that has none, administrators for everybody; who decides about
sign-ups is found by the same rule.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Role
from bot.services.applications.deciders import deciding, scope_of
from bot.services.people import officers
from bot.services.people.officers import Staff
from content.duty_model import Duty
from content.model import Content


@dataclass(frozen=True, slots=True)
class Receivers:
    """Everybody who may receive reports, as one query found them."""

    staff: Staff

    def told(self, agency_slug: str) -> list[int]:
        """Contact ids of those who are told of what concerns an agency as receiver."""
        return deciding(self.staff, agency_slug)

    def may_act_for(self, contact_id: int, agency_slug: str) -> bool:
        """Whether somebody may review, decide and look in the name of a receiving agency."""
        officer = self.staff.officers.get(contact_id)
        return officer is not None and scope_of(self.staff, officer).covers(agency_slug)

    def duties_of(self, contact_id: int, known: Content) -> list[Duty]:
        """The duties whose reports somebody receives, in the order of the content."""
        return [
            duty
            for duty in known.duties.values()
            if any(self.may_act_for(contact_id, slug) for slug in receiving(duty))
        ]


def receiving(duty: Duty) -> tuple[str, ...]:
    """Slugs of the agencies that look after a duty: those that review it, else those that receive it."""
    return duty.reviewers or duty.received_by


def reviewer(duty: Duty, level: int) -> str:
    """Slug of the agency that reviews a version which so many agencies have accepted; the last one for any more.

    A duty may have got fewer levels since. Empty where nobody receives it.
    """
    line = receiving(duty)
    return line[min(level, len(line) - 1)] if line else ""


async def load(connection: AsyncConnection) -> Receivers:
    """Everybody who may receive reports."""
    return Receivers(await officers.everyone(connection, Role.OPERATOR))
