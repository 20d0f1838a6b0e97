"""Who still waits when an event begins is told so, once; nobody is told anything of events long ago or switched off."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.db.engine import Database
from bot.db.models.applications import Application, ApplicationEvent
from bot.db.models.messages import Delivery
from bot.i18n import Translators
from bot.services.applications import event_beginning, history, offers
from bot.services.applications.history import Cause
from bot.services.applications.statuses import Status
from scheduler import jobs
from scheduler.jobs import Circumstances
from tests.applying import apply, set_up
from tests.chat import PersonInTown, Town
from tests.conftest import ZONE, quiet_hours


async def a_crowd(town: Town, translators: Translators) -> tuple[int, list[PersonInTown]]:
    """An event in two days with one seat: An has had it and left, Lan is offered it, Bob and Chi wait."""
    starts_at = town.clock.now + timedelta(days=2)
    event = await set_up(town.database, capacity=1, offer_hours=200, starts_at=starts_at, ends_at=None)
    people = [town.person("An"), town.person("Lan"), town.person("Bob", language="en"), town.person("Chi")]
    ids = []
    for number, person in enumerate(people):
        submission = await apply(town, translators, person, event, number=number)
        assert submission.filed is not None
        ids.append(submission.filed.id)
    await people[0].sends_press(f"app:withdrawn:{ids[0]}")
    await town.deliver()
    for person in people:
        person.skips()
    return event, people


async def job_runs(town: Town, name: str = "end what waits in vain") -> list[str]:
    job = next(job for job in jobs.TIMETABLE if job.name == name)
    conversation = town.conversation
    given = Circumstances(
        town.database, conversation.knowledge.content, conversation.translators, quiet_hours(), town.clock()
    )
    lines = await job.run(given)
    await town.deliver()
    return lines


async def statuses(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list(await connection.scalars(select(Application.status).order_by(Application.id)))


async def test_who_waited_in_vain_is_told_when_it_begins(town: Town, translators: Translators) -> None:
    _, (an, lan, bob, chi) = await a_crowd(town, translators)
    town.clock.advance(days=2, minutes=-1)
    assert await job_runs(town) == []
    await set_up(town.database, starts_at=town.clock.now + timedelta(minutes=1))
    town.clock.advance(minutes=1)
    async with town.database.transaction() as connection:
        await connection.execute(
            update(Application)
            .where(Application.status == "offered")
            .values(offered_until=town.clock.now + timedelta(hours=1))
        )
    assert len(await job_runs(town)) == 3
    assert await job_runs(town) == [], "told once"
    lan.reads(
        "Lần này chưa có chỗ cho Anh/Chị",
        "Sự kiện đã bắt đầu và chỗ được mời cho hồ sơ NC-",
        buttons=["Sự kiện khác", "Xem hồ sơ", "Menu"],
    )
    bob.reads(
        "No seat at this event",
        "The event has begun, and no seat became free for your registration NC-",
        "We are sorry",
        buttons=["Other events", "See the registration", "Menu"],
    )
    chi.reads("Sự kiện đã bắt đầu và không có chỗ trống cho hồ sơ NC-", "Rất tiếc")
    an.nothing_unread()
    assert await statuses(town.database) == ["withdrawn"] * 4
    await chi.presses("Xem hồ sơ")
    chi.reads("Trạng thái: đã rút")
    await chi.presses("Quá trình xử lý")
    chi.reads("không có chỗ trước khi sự kiện bắt đầu")


async def test_an_offer_that_ends_with_the_beginning_is_not_said_to_have_gone_to_the_next(
    town: Town, translators: Translators
) -> None:
    _, (_, lan, bob, chi) = await a_crowd(town, translators)
    town.clock.advance(days=2)
    await job_runs(town, "pass on seats")
    told = lan.reads("Lần này chưa có chỗ cho Anh/Chị").plain
    assert "tiếp theo" not in told
    bob.reads("No seat at this event")
    chi.reads("Rất tiếc")
    assert await job_runs(town) == []


async def test_several_processes_tell_each_once(town: Town, translators: Translators) -> None:
    _, people = await a_crowd(town, translators)
    town.clock.advance(days=2)
    lines = await asyncio.gather(
        *(event_beginning.end_waiting(town.database, translators, now=town.clock.now) for _ in range(4)),
        *(offers.expire(town.database, translators, zone=ZONE, now=town.clock.now) for _ in range(2)),
    )
    assert sum(map(len, lines)) == 3
    async with town.database.reading() as connection:
        ended = await connection.scalar(
            select(func.count()).select_from(ApplicationEvent).where(ApplicationEvent.cause == Cause.NO_SEAT)
        )
        assert ended == 3
        assert (await connection.scalar(select(func.count()).where(Delivery.key.like("application:%")))) == 4
    await town.deliver()
    for person in people[1:]:
        person.reads()


@pytest.mark.parametrize("long_ago", [{"days": 6}, {"days": 700}], ids=["last week", "years ago"])
async def test_of_what_began_long_ago_nobody_hears(
    town: Town, translators: Translators, long_ago: dict[str, int]
) -> None:
    await a_crowd(town, translators)
    town.clock.advance(**long_ago)
    assert await job_runs(town) == []
    assert "waitlisted" in await statuses(town.database)


async def test_of_what_is_no_longer_offered_nobody_hears(town: Town, translators: Translators) -> None:
    """Neither of a seat that becomes free, nor of an offer that ends, nor that it has begun."""
    _, (_, lan, bob, chi) = await a_crowd(town, translators)
    await set_up(town.database, active=False)
    town.clock.advance(days=1, hours=23, minutes=30)
    lines = await job_runs(town, "pass on seats")
    assert len(lines) == 1, "the offer has ended"
    town.clock.advance(days=1)
    assert await job_runs(town) == []
    assert await statuses(town.database) == ["withdrawn", "withdrawn", "waitlisted", "waitlisted"]
    for person in (lan, bob, chi):
        person.nothing_unread()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it says plainly which index it takes
async def test_the_search_for_what_has_begun_uses_indexes(database: Database) -> None:
    async with database.reading() as connection:
        plan = await connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM offering WHERE kind = 'event' AND starts_at > '2026' AND "
            "starts_at <= '2027' AND active IS 1 AND EXISTS (SELECT 1 FROM application WHERE offering_id = offering.id "
            "AND status IN ('waitlisted', 'offered')) ORDER BY starts_at LIMIT 50"
        )
        found = str(plan.all())
    assert "ix_offering_kind" in found
    assert "ix_application_offering_id" in found


async def test_the_history_says_that_nobody_did_it(town: Town, translators: Translators) -> None:
    _, people = await a_crowd(town, translators)
    town.clock.advance(days=2)
    await job_runs(town)
    for person in people:
        person.skips()
    async with town.database.reading() as connection:
        last = await connection.scalar(select(func.max(Application.id)))
        assert last is not None
        steps = await history.of_application(connection, last)
    assert [(step.status, step.cause, step.actor_id) for step in steps][-1] == (Status.WITHDRAWN, Cause.NO_SEAT, None)
