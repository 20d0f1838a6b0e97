"""Hundreds sign up within a moment, for several seats each: exact, and in order of arrival."""

from __future__ import annotations

import asyncio

from sqlalchemy import func, insert, select

from bot.db.engine import Database
from bot.db.models.applications import Application, ApplicationEvent
from bot.db.models.people import Address, Contact
from bot.i18n import Translators
from bot.messages import Language, Person
from bot.services.applications.applications import Outcome
from bot.services.applications.statuses import Status
from tests.applying import hand_in, set_up
from tests.chat import Clock
from tests.signing_up import tax_codes

PEOPLE, SEATS = 400, 100


async def crowd(database: Database, clock: Clock, count: int) -> list[Person]:
    async with database.transaction() as connection:
        ids = (
            await connection.scalars(
                insert(Contact).returning(Contact.id, sort_by_parameter_order=True),
                [{"language": "vi", "name": f"P{number}", "created_at": clock.now} for number in range(count)],
            )
        ).all()
        addresses = (
            await connection.scalars(
                insert(Address).returning(Address.id, sort_by_parameter_order=True),
                [
                    {"contact_id": id_, "channel": "telegram", "external_id": f"c{id_}", "created_at": clock.now}
                    for id_ in ids
                ],
            )
        ).all()
    return [
        Person(id_, address, "telegram", f"c{id_}", Language.VI, f"P{number}")
        for number, (id_, address) in enumerate(zip(ids, addresses, strict=True))
    ]


async def test_four_hundred_for_a_hundred_seats(database: Database, translators: Translators, clock: Clock) -> None:
    event = await set_up(database, capacity=SEATS, seats_per_business=3)
    people, codes = await crowd(database, clock, PEOPLE), tax_codes(PEOPLE)
    results = await asyncio.gather(
        *(
            hand_in(database, translators, person, event, codes[number], f"d{number}", 1 + number % 3, clock.now)
            for number, person in enumerate(people)
        )
    )
    assert {each.outcome for each in results} == {Outcome.DONE}
    async with database.reading() as connection:
        rows = (
            await connection.execute(
                select(Application.id, Application.status, Application.seats).order_by(Application.id)
            )
        ).all()
        events = await connection.scalar(select(func.count()).select_from(ApplicationEvent))
    assert events == len(rows) == PEOPLE
    confirmed = [row for row in rows if row.status == Status.CONFIRMED]
    waiting = [row for row in rows if row.status == Status.WAITLISTED]
    assert [row.id for row in rows] == [row.id for row in confirmed] + [row.id for row in waiting]
    taken = sum(row.seats for row in confirmed)
    assert taken <= SEATS
    assert taken + waiting[0].seats > SEATS
    positions = [each.filed.position for each in results if each.filed and each.filed.status is Status.WAITLISTED]
    assert sorted(positions) == list(range(1, len(waiting) + 1))


async def test_a_confirmation_repeated_after_the_process_died_finds_the_same_application(
    database: Database, translators: Translators, clock: Clock
) -> None:
    event = await set_up(database, capacity=5)
    (lan,) = await crowd(database, clock, 1)
    code = tax_codes(1)[0]
    # The process dies after the commit and before anything was answered; the person presses again, perhaps twice.
    first = await hand_in(database, translators, lan, event, code, "d1", 1, clock.now)
    clock.advance(days=1)
    again = await asyncio.gather(
        *(hand_in(database, translators, lan, event, code, "d1", 1, clock.now) for _ in range(2))
    )
    assert first.filed is not None
    assert first.outcome is Outcome.DONE
    assert [each.outcome for each in again] == [Outcome.REPEATED] * 2
    assert [each.filed.code for each in again if each.filed] == [first.filed.code] * 2
    # Also when the event has been full or closed since.
    await set_up(database, closes_at=clock.now)
    assert (await hand_in(database, translators, lan, event, code, "d1", 1, clock.now)).outcome is Outcome.REPEATED
    async with database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(ApplicationEvent)) == 1
