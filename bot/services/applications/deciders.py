"""Who decides on applications and looks after offerings.

The officers of the offering's agency; those of the lead agency where that agency has none (where the plan names
nobody, the content gives the offering to the lead agency); administrators everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true

from bot.messages import Role
from bot.services.people.officers import Officer, Staff


@dataclass(frozen=True, slots=True)
class Scope:
    """What one officer decides on: ``agencies``, and with ``all_but`` every agency that is not among those."""

    everything: bool
    agencies: frozenset[str]
    all_but: frozenset[str] | None

    def covers(self, agency_slug: str) -> bool:
        """Whether an offering of the agency is theirs."""
        stands_in = self.all_but is not None and agency_slug not in self.all_but
        return self.everything or agency_slug in self.agencies or stands_in

    def condition(self, column: Any) -> ColumnElement[bool]:
        """The same of a column with agencies' slugs."""
        if self.everything:
            return true()
        parts: list[ColumnElement[bool]] = [column.in_(sorted(self.agencies))] if self.agencies else []
        if self.all_but is not None:
            parts.append(column.not_in(sorted(self.all_but)))
        return or_(*parts) if parts else false()


def scope_of(staff: Staff, officer: Officer) -> Scope:
    """What an officer decides on."""
    staffed = frozenset(slug for each in staff.officers.values() for slug in each.agencies)
    own = frozenset(officer.agencies)
    return Scope(officer.role is Role.ADMIN, own, staffed - own if officer.leads else None)


def deciding(staff: Staff, agency_slug: str) -> list[int]:
    """Contact ids of those who are told of what is to be decided: the agency's own, else those who stand in.

    Where there is neither, the administrators.
    """
    return staff.of(agency_slug) or staff.leading() or staff.admins()
