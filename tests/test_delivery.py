"""What is stored is sent: in order, by priority, again after a failure, and once per key."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.db.models.messages import Delivery
from bot.db.models.people import Address
from bot.errors import ChannelClosed, MessageRefused, RecipientGone, TryLater
from bot.messages import Language, Outgoing, Person, Reply
from bot.services.messages import outbox, sending
from bot.services.messages.sending import Fate, Outcome
from bot.services.people import contacts
from scheduler.delivery import Delivery as Sender
from scheduler.pace import Pace
from tests.chat import Town

pytestmark = pytest.mark.timeout(60)


async def newcomer(town: Town, name: str) -> Person:
    """Somebody with an address who has written once."""
    async with town.database.transaction() as connection:
        return await contacts.add(connection, "telegram", name, name=name, language=Language.VI, now=town.clock())


async def notice(town: Town, person: Person, key: str, text: str, **options: object) -> bool:
    async with town.database.transaction() as connection:
        return await outbox.notify(
            connection,
            person.contact_id,
            key,
            lambda _: Reply(text, Language.VI),
            now=town.clock(),
            **options,  # type: ignore[arg-type]
        )


def texts(town: Town, person: Person) -> list[str]:
    return [outgoing.reply.text for outgoing in town.channel.sent.get(person.external_id, [])]


async def statuses(town: Town) -> dict[str, int]:
    async with town.database.reading() as connection:
        rows = await connection.execute(select(Delivery.status, func.count()).group_by(Delivery.status))
        return dict(rows.all())


async def test_a_notice_exists_once_per_key(town: Town) -> None:
    an = await newcomer(town, "an")
    assert await notice(town, an, "report:1:-7", "first")
    assert not await notice(town, an, "report:1:-7", "again")
    await town.deliver()
    await town.deliver()
    assert texts(town, an) == ["first"]


async def test_notices_to_one_address_keep_their_order_while_the_first_is_retried(town: Town) -> None:
    an, binh = await newcomer(town, "an"), await newcomer(town, "binh")
    await notice(town, an, "1", "one")
    await notice(town, an, "2", "two")
    await notice(town, binh, "3", "for binh")
    town.channel.fails_with = [TryLater("busy", after=3600)]
    await town.deliver()
    assert texts(town, an) == [], "two must not overtake one"
    assert texts(town, binh) == ["for binh"]
    town.clock.advance(hours=1, seconds=1)
    await town.deliver()
    assert texts(town, an) == ["one", "two"]


async def test_a_pause_of_the_whole_token_holds_everybody_back_and_burns_no_attempt(town: Town) -> None:
    people = [await newcomer(town, f"p{n}") for n in range(5)]
    for person in people:
        await notice(town, person, person.external_id, "hello")
    town.channel.fails_with = [TryLater("Too Many Requests", after=300, whole_channel=True)]
    await town.deliver()
    assert all(texts(town, person) == [] for person in people[:1])
    async with town.database.reading() as connection:
        _, until = await sending.next_slot(connection, "telegram")
        assert until == town.clock() + timedelta(seconds=300)
        most = await connection.scalar(select(func.max(Delivery.attempts)).where(Delivery.status == "pending"))
    assert most == 0
    town.clock.advance(seconds=301)
    await town.deliver()
    assert [texts(town, person) for person in people] == [["hello"]] * 5


async def test_somebody_who_blocked_the_bot_is_marked_and_nothing_more_is_tried(town: Town) -> None:
    an = await newcomer(town, "an")
    await notice(town, an, "1", "one")
    await notice(town, an, "2", "two")
    town.channel.fails_with = [RecipientGone("Forbidden: bot was blocked by the user")]
    await town.deliver()
    assert texts(town, an) == []
    async with town.database.reading() as connection:
        rows = (await connection.execute(select(Delivery.status, Delivery.error).order_by(Delivery.id))).all()
        assert [row.status for row in rows] == ["failed", "failed"]
        assert "blocked" in rows[0].error
        assert await connection.scalar(select(Address.blocked_at).where(Address.id == an.address_id)) is not None
    assert not await notice(town, an, "3", "three"), "there is no address to write to"


async def test_a_blocked_person_who_writes_again_is_reachable_again(town: Town) -> None:
    an = town.person("An")
    await an.says("/menu")
    an.skips()
    await an.blocks_the_bot()
    async with town.database.reading() as connection:
        found = await contacts.find(connection, "telegram", an.external_id)
    assert found is not None
    assert found.blocked_at is not None
    await an.says("/menu")
    an.reads("Menu")
    async with town.database.reading() as connection:
        found = await contacts.find(connection, "telegram", an.external_id)
    assert found is not None
    assert found.blocked_at is None


async def test_a_refused_message_is_kept_with_its_reason(town: Town) -> None:
    an = await newcomer(town, "an")
    await notice(town, an, "1", "bad")
    await notice(town, an, "2", "good")
    town.channel.fails_with = [MessageRefused("message is too long")]
    await town.deliver()
    assert texts(town, an) == ["good"]
    assert await statuses(town) == {"failed": 1, "sent": 1}


async def test_after_too_many_failures_it_is_undeliverable_and_stays_visible(town: Town) -> None:
    an = await newcomer(town, "an")
    await notice(town, an, "1", "never")
    for _ in range(sending.MAX_ATTEMPTS):
        town.channel.fails_with = [TryLater("502 Bad Gateway", after=600)]
        await town.deliver()
        town.clock.advance(seconds=601)
    town.channel.fails_with = []
    await town.deliver()
    assert texts(town, an) == []
    assert await statuses(town) == {"undeliverable": 1}


async def test_a_fault_in_the_channel_does_not_stop_the_others(town: Town) -> None:
    an, binh = await newcomer(town, "an"), await newcomer(town, "binh")
    await notice(town, an, "1", "one")
    await notice(town, binh, "2", "two")
    town.channel.fails_with = [ValueError("a bug")]  # type: ignore[list-item]
    await town.deliver()
    assert sorted(texts(town, an) + texts(town, binh)) in (["one"], ["two"]), "the other one got through"
    town.clock.advance(minutes=5)
    await town.deliver()
    assert texts(town, an) + texts(town, binh) == ["one", "two"]


async def test_what_has_gone_stale_is_recorded_as_dropped_and_never_sent(town: Town) -> None:
    an = await newcomer(town, "an")
    await notice(town, an, "1", "yesterday", stale_after=town.clock() + timedelta(hours=1))
    town.clock.advance(hours=2)
    await town.deliver()
    assert texts(town, an) == []
    assert await statuses(town) == {"dropped": 1}


async def test_quiet_hours_hold_notices_until_the_morning_but_no_reply(town: Town) -> None:
    an = town.person("An")
    town.clock.set("2026-11-23T22:00+07:00")
    await an.says("/menu")
    an.reads("Menu")
    async with town.database.reading() as connection:
        person = await contacts.find(connection, "telegram", an.external_id)
    assert person is not None
    await notice(town, person, "1", "may wait")
    await notice(town, person, "2", "urgent", anytime=True)
    await town.deliver()
    an.reads("urgent")
    town.clock.set("2026-11-24T07:31+07:00")
    await town.deliver()
    an.reads("may wait")


async def test_a_reply_goes_before_waiting_bulk(town: Town) -> None:
    an = await newcomer(town, "an")
    await notice(town, an, "1", "notice")
    async with town.database.transaction() as connection:
        await connection.execute(update(Delivery).values(not_before=town.clock() + timedelta(hours=1)))
        stored = await outbox.store_reply(
            connection,
            an,
            Reply("answer", Language.VI),
            owner=town.delivery.owner,
            lease_until=town.clock() + sending.LEASE,
            now=town.clock(),
        )
    assert stored is not None, "a notice that waits does not delay a reply"


async def test_a_reply_waits_while_another_process_still_sends_an_earlier_one(town: Town) -> None:
    an = await newcomer(town, "an")

    async def store(owner: str, text: str) -> int | None:
        async with town.database.transaction() as connection:
            return await outbox.store_reply(
                connection,
                an,
                Reply(text, Language.VI),
                owner=owner,
                lease_until=town.clock() + sending.LEASE,
                now=town.clock(),
            )

    first = await store("host/1/a", "one")
    assert first is not None
    assert await store("host/1/a", "two") is not None, "the same process keeps the order itself"
    assert await store("host/2/b", "three") is None, "another process leaves it to the worker"
    await town.deliver()
    assert texts(town, an) == [], "the worker waits too"
    done = Outgoing(first, an.address_id, "telegram", "an", Reply("one", Language.VI))
    async with town.database.transaction() as connection:
        await sending.settle(connection, [Outcome(done, Fate.SENT)], owner="host/1/a", now=town.clock())
        await connection.execute(update(Delivery).where(Delivery.id == first + 1).values(status="sent"))
    await town.deliver()
    assert texts(town, an) == ["three"]


async def test_a_frozen_process_changes_nothing_when_it_comes_back(town: Town) -> None:
    an = await newcomer(town, "an")
    await notice(town, an, "1", "one")
    async with town.database.transaction() as connection:
        (claimed,) = await sending.claim(
            connection,
            "telegram",
            owner="host/1/frozen",
            now=town.clock(),
            limit=5,
            quiet=False,
            texts={},
            bulk_after={},
        )
    town.clock.advance(seconds=61)
    await town.deliver()
    assert texts(town, an) == ["one"]
    async with town.database.transaction() as connection:
        late = Outcome(claimed, Fate.REFUSED, reason="too late to matter")
        await sending.settle(connection, [late], owner="host/1/frozen", now=town.clock())
    assert await statuses(town) == {"sent": 1}


async def test_two_processes_never_claim_the_same_delivery(town: Town) -> None:
    for number in range(60):
        person = await newcomer(town, f"p{number}")
        await notice(town, person, str(number), "hello")

    async def claim(owner: str) -> list[int]:
        mine: list[int] = []
        while True:
            async with town.database.transaction() as connection:
                got = await sending.claim(
                    connection, "telegram", owner=owner, now=town.clock(), limit=7, quiet=False, texts={}, bulk_after={}
                )
            if not got:
                return mine
            mine.extend(each.delivery_id for each in got)

    taken = await asyncio.gather(*(claim(f"host/{n}/x") for n in range(4)))
    everything = [delivery for mine in taken for delivery in mine]
    assert len(everything) == len(set(everything)) == 60


async def test_the_rate_is_shared_and_replies_count_against_it(town: Town) -> None:
    pace = Pace(per_second=20)
    async with town.database.transaction() as connection:
        count, first = await pace.slots(connection, "telegram", town.clock(), 500)
        assert count == 5, "a quarter of a second's worth"
        await pace.use(connection, "telegram", first, count)
    async with town.database.transaction() as connection:
        count, again = await pace.slots(connection, "telegram", town.clock(), 500)
        assert count == 0
        assert again > town.clock()
    town.clock.advance(milliseconds=250)
    async with town.database.transaction() as connection:
        await pace.count_replies(connection, "telegram", town.clock(), 5)
        count, again = await pace.slots(connection, "telegram", town.clock(), 500)
        assert count == 0, "five replies took the slots"


async def test_a_refused_token_stops_the_channel_and_keeps_the_messages(town: Town) -> None:
    an = await newcomer(town, "an")
    await notice(town, an, "1", "one")
    town.channel.fails_with = [ChannelClosed("Unauthorized")]
    await town.deliver()
    assert await statuses(town) == {"pending": 1}
    town.clock.advance(minutes=2)
    await town.deliver()
    assert texts(town, an) == ["one"]


async def test_stopping_finishes_what_is_in_flight(town: Town) -> None:
    an = await newcomer(town, "an")
    sender = Sender(
        town.database,
        {"telegram": town.channel},
        {},
        "test/2/b",
        town.clock,
        town.delivery.quiet,
        settle_seconds=0,
    )
    await sender.start()
    async with town.database.transaction() as connection:
        stored = await outbox.store_reply(
            connection,
            an,
            Reply("last words", Language.VI),
            owner=sender.owner,
            lease_until=town.clock() + sending.LEASE,
            now=town.clock(),
        )
    assert stored is not None
    sender.hand_over([Outgoing(stored, an.address_id, "telegram", "an", Reply("last words", Language.VI))])
    await sender.stop()
    assert texts(town, an) == ["last words"]
    assert await statuses(town) == {"sent": 1}
