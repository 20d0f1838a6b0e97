"""Does in the program what the script says, by the services that the chat's handlers call."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Address
from bot.db.models.reporting import Obligation
from bot.messages import Language, Role
from bot.services.calendar import working_days
from bot.services.people import agencies, contacts, focal_points, handovers
from bot.services.people.agencies import FocalRole
from bot.services.people.focal_points import Absence
from bot.services.reminding import steps
from bot.services.reporting import extensions, obligations, responses
from content.model import Content
from tests.conftest import ZONE
from tests.simulated_year.reports import LEAD
from tests.simulated_year.script import (
    Acknowledges,
    AsksForTime,
    Blocks,
    Deed,
    GetsBack,
    GoesAway,
    HandsIn,
    HandsOver,
    Leaves,
    Links,
    Report,
    Snoozes,
    Unblocks,
)

CHANNEL = "telegram"


@dataclass
class Actors:
    """Rows by the names of the script."""

    known: Content
    officer: int
    contact: dict[str, int] = field(default_factory=dict)
    agency: dict[str, int] = field(default_factory=dict)
    obligation: dict[Report, int] = field(default_factory=dict)


async def employ(connection: AsyncConnection, known: Content, officers: tuple[str, ...], now: datetime) -> Actors:
    """Bring the officers in."""
    actors = Actors(known, 0, agency=await agencies.ids_by_slug(connection))
    for officer in officers:
        contact_id = await _contact(connection, actors, officer, now)
        await contacts.set_role(connection, contact_id, Role.OPERATOR)
        await contacts.set_agency(connection, contact_id, LEAD)
        actors.officer = contact_id
    return actors


async def act(connection: AsyncConnection, actors: Actors, deed: Deed, now: datetime) -> None:
    """Do one thing; fails loudly where the program does not let it happen."""
    match deed:
        case Links(person, agency, role):
            contact_id = await _contact(connection, actors, person, now)
            await focal_points.appoint(connection, actors.agency[agency], contact_id, FocalRole(role), now)
        case Leaves(person, agency):
            contact_id = actors.contact[person]
            assert await handovers.leave(connection, actors.agency[agency], contact_id, by=contact_id, now=now)
        case HandsOver(person, agency, successor):
            new = await _contact(connection, actors, successor, now)
            assert await handovers.succeed(connection, actors.agency[agency], actors.contact[person], new, now)
        case Blocks(person):
            await contacts.mark_blocked(connection, await _address(connection, actors, person), "blocked", now)
        case Unblocks(person):
            await contacts.mark_reachable(connection, await _address(connection, actors, person))
        case GoesAway(person, agency, start, end, stand_in):
            absence = Absence(start, end, actors.contact[stand_in] if stand_in else None)
            assert await focal_points.be_away(connection, actors.agency[agency], actors.contact[person], absence, now)
        case _:
            await _about_report(connection, actors, deed, now)


async def _about_report(
    connection: AsyncConnection,
    actors: Actors,
    deed: Acknowledges | Snoozes | AsksForTime | HandsIn | GetsBack,
    now: datetime,
) -> None:
    obligation_id = await _obligation(connection, actors, deed.report)
    match deed:
        case Acknowledges(person, _, planned):
            by = actors.contact[person]
            done = await responses.acknowledge(connection, obligation_id, contact_id=by, known=actors.known, now=now)
            assert done is not None
            assert done.changed
            if planned is not None:
                assert await responses.plan_for(connection, obligation_id, planned, contact_id=by, zone=ZONE, now=now)
        case Snoozes(person, _, until):
            moment = until.replace(tzinfo=ZONE)
            assert await responses.snooze(connection, obligation_id, moment, contact_id=actors.contact[person], now=now)
        case AsksForTime(person, _, until, granted):
            await _more_time(connection, actors, obligation_id, actors.contact[person], until, granted=granted, now=now)
        case HandsIn(person, _):
            await hand_in(connection, actors, obligation_id, actors.contact[person], now)
        case GetsBack(_, correct_by):
            await give_back(connection, actors, obligation_id, correct_by, now)


async def _more_time(
    connection: AsyncConnection,
    actors: Actors,
    obligation_id: int,
    contact_id: int,
    until: date,
    *,
    granted: bool,
    now: datetime,
) -> None:
    asked = await extensions.ask(
        connection, obligation_id, contact_id=contact_id, until=until, reason="Chờ số liệu của các phòng", now=now
    )
    assert asked is not None
    assert asked.request is not None
    decided = await extensions.decide(
        connection,
        asked.request.id,
        contact_id=actors.officer,
        granted=granted,
        known=actors.known,
        calendar=await working_days.load(connection),
        zone=ZONE,
        now=now,
    )
    assert decided is not None
    assert decided.outcome is extensions.Outcome.DONE


async def hand_in(
    connection: AsyncConnection, actors: Actors, obligation_id: int, contact_id: int, now: datetime
) -> None:
    done = await obligations.submit(
        connection,
        obligation_id,
        contact_id=contact_id,
        document_number="05/BC-UBND",
        document_date=now.astimezone(ZONE).date(),
        now=now,
    )
    assert done is not None
    assert done.changed


async def give_back(
    connection: AsyncConnection, actors: Actors, obligation_id: int, correct_by: date, now: datetime
) -> None:
    agency_id = await connection.scalar(select(Obligation.agency_id).where(Obligation.id == obligation_id))
    assert agency_id is not None
    await connection.execute(
        update(Obligation).where(Obligation.id == obligation_id).values(status="returned", correct_by=correct_by)
    )
    there = (await focal_points.present(connection, [agency_id], now.astimezone(ZONE).date())).get(agency_id, [])
    people = [each.contact_id for each in there if not each.away]
    await steps.plan_correction(connection, obligation_id, correct_by, people, now, zone=ZONE)


async def _contact(connection: AsyncConnection, actors: Actors, person: str, now: datetime) -> int:
    """The person's row, made when they come for the first time."""
    if person not in actors.contact:
        added = await contacts.add(connection, CHANNEL, person, name=person, language=Language.VI, now=now)
        actors.contact[person] = added.contact_id
    return actors.contact[person]


async def _address(connection: AsyncConnection, actors: Actors, person: str) -> int:
    found: int | None = await connection.scalar(
        select(Address.id).where(Address.contact_id == actors.contact[person], Address.channel == CHANNEL)
    )
    assert found is not None
    return found


async def _obligation(connection: AsyncConnection, actors: Actors, report: Report) -> int:
    """The row of a report; its due date is the first one only until it moves, so it is looked up once."""
    if not actors.obligation:
        await remember(connection, actors)
    return actors.obligation[report]


async def remember(connection: AsyncConnection, actors: Actors) -> None:
    """Note which row is which report, while all due dates are as they were laid out."""
    slugs = {agency_id: slug for slug, agency_id in actors.agency.items()}
    rows = await connection.execute(select(Obligation.id, Obligation.duty, Obligation.agency_id, Obligation.due_on))
    for obligation_id, duty, agency_id, due in rows:
        actors.obligation.setdefault(Report(duty, slugs[agency_id], due), obligation_id)
