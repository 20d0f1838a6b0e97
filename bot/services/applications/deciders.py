"""Who decides on applications and looks after offerings.

The officers of the offering's agency; those of the lead agency where that agency has none (where the plan names
nobody, the content gives the offering to the lead agency); administrators everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, or_, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Person, Role
from bot.services.people import contacts, officers
from bot.services.people.officers import Officer, Staff


@dataclass(frozen=True, slots=True)
class Scope:
    """What one officer decides on: ``agencies``, and with ``all_but`` every agency that is not among those."""

    everything: bool
    agencies: frozenset[str]
    all_but: frozenset[str] | None

    @property
    def leads(self) -> bool:
        """Whether what belongs to no single agency is theirs too: the lead agency's officers, administrators."""
        return self.everything or self.all_but is not None

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


async def reachable(connection: AsyncConnection, agency_slug: str, contact_id: int | None) -> list[Person]:
    """Whom to tell of something about an application that this officer looks after.

    The officer, while they still decide on the agency's applications and can be written to; else all who do, and
    where none of those can be written to whoever stands in for them.
    """
    staff = await officers.everyone(connection)
    theirs = staff.officers.get(contact_id) if contact_id is not None else None
    if theirs is not None and scope_of(staff, theirs).covers(agency_slug):
        found = await contacts.find_by_contact(connection, theirs.contact_id)
        if found is not None:
            return [found]
    for group in (staff.of(agency_slug), staff.leading(), staff.admins()):
        people = await contacts.reachable(connection, group) if group else {}
        if people:
            return list(people.values())
    return []
