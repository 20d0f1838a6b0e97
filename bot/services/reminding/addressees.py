"""Who is reminded: the focal points whom a step addresses, or who stands in for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Person
from bot.services.people import agencies, contacts
from bot.services.people.agencies import FocalRole
from bot.services.reminding.steps import Step
from bot.services.reporting.obligations import Owed


@dataclass(frozen=True, slots=True)
class Reminder:
    """One step to send now, and the people to send it to."""

    step: Step
    owed: Owed
    people: Sequence[Person]


def addressed(step: int) -> frozenset[FocalRole]:
    """Who is reminded at a step: early on the holder, then also the deputy, once overdue also the head."""
    if step > 0:
        return frozenset(FocalRole)
    if step >= -3:
        return frozenset({FocalRole.HOLDER, FocalRole.DEPUTY})
    return frozenset({FocalRole.HOLDER})


async def with_people(connection: AsyncConnection, steps: Sequence[Step], owed: dict[int, Owed]) -> list[Reminder]:
    """Each step with those it goes to. Where none of these can be reached, anyone of the agency who can."""
    if not steps:
        return []
    agency_ids = sorted({owed[step.obligation_id].agency.id for step in steps})
    focal_points = await agencies.focal_points(connection, agency_ids)
    contact_ids = sorted({contact_id for people in focal_points.values() for contact_id, _ in people})
    reachable = await contacts.reachable(connection, contact_ids)
    found = []
    for step in steps:
        obligation = owed[step.obligation_id]
        present = [
            (reachable[contact_id], role)
            for contact_id, role in focal_points.get(obligation.agency.id, ())
            if contact_id in reachable
        ]
        wanted = addressed(step.day)
        people = [person for person, role in present if role in wanted] or [person for person, _ in present]
        found.append(Reminder(step, obligation, people))
    return found


def by_person(reminders: Iterable[Reminder]) -> list[tuple[Person, list[Reminder]]]:
    people: dict[int, Person] = {}
    theirs: dict[int, list[Reminder]] = {}
    for reminder in reminders:
        for person in reminder.people:
            people[person.contact_id] = person
            theirs.setdefault(person.contact_id, []).append(reminder)
    return [(people[contact_id], each) for contact_id, each in theirs.items()]
