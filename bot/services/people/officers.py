"""Who answers tickets: the members of staff who may, and for which agencies each of them speaks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Agency, Contact, FocalPoint
from bot.messages import Person, Role

if TYPE_CHECKING:
    from bot.services.tickets.tickets import Asked

# It leads the plan and runs the assistant: what belongs to nobody else is its (plan 50, V.1 and V.9).
LEAD = "so-cong-thuong"


@dataclass(frozen=True, slots=True)
class Officer:
    """A member of staff who may answer. ``agencies`` are slugs, the one that employs them first."""

    contact_id: int
    role: Role
    agencies: tuple[str, ...]

    @property
    def leads(self) -> bool:
        """Whether they stand in for every other agency: staff of the lead agency, and of none in particular."""
        return not self.agencies or LEAD in self.agencies

    @property
    def speaks_for(self) -> str:
        """The agency in whose name they answer."""
        return self.agencies[0] if self.agencies else LEAD


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody who may answer tickets."""

    officers: dict[int, Officer]

    def of(self, agency_slug: str) -> list[int]:
        """Contact ids of an agency's own officers."""
        return [each.contact_id for each in self.officers.values() if agency_slug in each.agencies]

    def leading(self) -> list[int]:
        """Contact ids of those who stand in for every other agency."""
        return [each.contact_id for each in self.officers.values() if each.leads]

    def admins(self) -> list[int]:
        return [each.contact_id for each in self.officers.values() if each.role is Role.ADMIN]

    def concerned(self, asked: Asked) -> list[int]:
        """Contact ids of all who are told of what happens to a ticket that nobody has taken."""
        found = dict.fromkeys(self.of(asked.agency_slug) + (self.leading() if asked.shared else []))
        found.pop(asked.contact_id, None)
        return list(found)

    def sees_shared(self, officer: Officer) -> bool:
        """Whether what the lead agency was told of is theirs to answer too: everybody's where it has no officer."""
        return officer.leads or not self.leading()

    def sees(self, officer: Officer, asked: Asked) -> bool:
        """Whether a ticket is theirs to look at and to answer; one's own question is not."""
        if asked.contact_id == officer.contact_id:
            return False
        return (
            officer.role is Role.ADMIN
            or asked.agency_slug in officer.agencies
            or asked.taken_by == officer.contact_id
            or (asked.shared and self.sees_shared(officer))
        )


async def everyone(connection: AsyncConnection, least: Role = Role.OPERATOR) -> Staff:
    """All officers, with one query: whom an agency employs, and its focal points who are staff as well.

    With a lower role than an officer's as ``least`` also those who have only that.
    """
    roles = [each.value for each in Role if each.includes(least)]
    rows = await connection.execute(
        select(Contact.id, Contact.role, Contact.agency_slug, Agency.slug)
        .outerjoin(FocalPoint, FocalPoint.contact_id == Contact.id)
        .outerjoin(Agency, Agency.id == FocalPoint.agency_id)
        .where(Contact.role.in_(roles))
        .order_by(Contact.id, FocalPoint.since, Agency.id)
    )
    found: dict[int, tuple[Role, list[str]]] = {}
    for contact_id, role, employer, focal in rows:
        slugs = found.setdefault(contact_id, (Role(str(role)), []))[1]
        slugs += [slug for slug in (employer, focal) if slug and slug not in slugs]
    return Staff({id_: Officer(id_, role, tuple(slugs)) for id_, (role, slugs) in found.items()})


def is_officer(person: Person) -> bool:
    """Whether the person may see and answer questions."""
    return person.role is not None and person.role.includes(Role.OPERATOR)


def without(contact_ids: Iterable[int], contact_id: int) -> list[int]:
    """The others."""
    return [each for each in contact_ids if each != contact_id]
