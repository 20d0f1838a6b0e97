"""Announcements as a service: frozen audience, pause and resume, approval by a second person, the report."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from bot.db.engine import Database
from bot.db.models.applications import Application
from bot.db.models.businesses import Business, BusinessMember
from bot.db.models.messages import Delivery
from bot.db.models.offerings import Offering
from bot.db.models.people import Address, Agency, Consent, Contact, FocalPoint
from bot.i18n import Translators
from bot.messages import Language, Reply
from bot.services.announcing import audiences, broadcast_runs, broadcasts
from bot.services.announcing.broadcasts import Status
from bot.services.messages import outbox, sending
from bot.services.messages.outbox import BULK
from bot.services.messages.sending import Fate, Outcome

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ME = "host/1/aa"
BOTH = {Language.VI: "Mời Anh/Chị dự hội thảo.", Language.EN: "You are invited to a workshop."}


async def add_people(database: Database, count: int, *, channel: str = "telegram", language: str = "vi") -> list[int]:
    """Contacts with one account each; returns the contacts' ids."""
    async with database.transaction() as connection:
        first = (await connection.scalar(select(func.max(Contact.id))) or 0) + 1
        ids = list(range(first, first + count))
        await connection.execute(
            insert(Contact), [{"id": each, "language": language, "name": f"P{each}", "created_at": NOW} for each in ids]
        )
        await connection.execute(
            insert(Address),
            [{"contact_id": each, "channel": channel, "external_id": f"x{each}", "created_at": NOW} for each in ids],
        )
    return ids


async def make(database: Database, translators: Translators, author: int, **changes: Any) -> int:
    """An announcement to everybody, due now, approved or waiting as there are administrators."""
    given: dict[str, Any] = {"audience": "all", "texts": BOTH, "start_at": NOW, "anytime": False} | changes
    async with database.transaction() as connection:
        broadcast_id, _ = await broadcasts.create(
            connection,
            author,
            given["audience"],
            broadcasts.messages(given["texts"], translators),
            start_at=given["start_at"],
            anytime=given["anytime"],
            now=NOW,
        )
    return broadcast_id


async def claim(database: Database, limit: int = 100, *, now: datetime = NOW, quiet: bool = False) -> list[Any]:
    async with database.transaction() as connection:
        return await sending.claim(
            connection, "telegram", owner=ME, now=now, limit=limit, quiet=quiet, texts={}, bulk_after={}
        )


async def settle(database: Database, claimed: list[Any], fate: Fate = Fate.SENT, *, reason: str = "") -> None:
    async with database.transaction() as connection:
        outcomes = [Outcome(each, fate, vendor_message_id="1", reason=reason) for each in claimed]
        await sending.settle(connection, outcomes, owner=ME, now=NOW)


async def state(database: Database, broadcast_id: int) -> tuple[broadcasts.Announcement, broadcasts.Progress]:
    async with database.reading() as connection:
        return await broadcasts.get(connection, broadcast_id), await broadcasts.progress(connection, broadcast_id)


async def notices(database: Database, prefix: str) -> list[tuple[int, str, str]]:
    """(address, language, text) of notices whose key begins with ``prefix``."""
    async with database.reading() as connection:
        rows = await connection.execute(
            select(Delivery.address_id, Delivery.language, Delivery.content)
            .where(Delivery.key.startswith(prefix))
            .order_by(Delivery.address_id)
        )
        return [(address, language, content["text"]) for address, language, content in rows]


async def make_admins(database: Database, *ids: int) -> None:
    async with database.transaction() as connection:
        await connection.execute(update(Contact).where(Contact.id.in_(ids)).values(role="admin"))


async def test_whoever_joins_after_the_start_gets_nothing(database: Database, translators: Translators) -> None:
    author, *_ = await add_people(database, 3)
    broadcast_id = await make(database, translators, author)
    assert await broadcast_runs.queue_due(database, NOW) == [f"announcement {broadcast_id} to 3 recipients"]
    await add_people(database, 2)
    assert await broadcast_runs.queue_due(database, NOW) == []
    assert len(await claim(database)) == 3
    _, progress = await state(database, broadcast_id)
    assert progress.total == 3


async def test_nothing_begins_before_its_time(database: Database, translators: Translators) -> None:
    (author,) = await add_people(database, 1)
    await make(database, translators, author, start_at=NOW + timedelta(hours=1))
    assert await broadcast_runs.queue_due(database, NOW) == []
    assert len(await broadcast_runs.queue_due(database, NOW + timedelta(hours=1))) == 1


async def test_two_processes_that_begin_the_same_announcement_store_each_address_once(
    database: Database, translators: Translators
) -> None:
    author, *_ = await add_people(database, 50)
    await make(database, translators, author)
    began = await asyncio.gather(*(broadcast_runs.queue_due(database, NOW) for _ in range(4)))
    assert sum(map(len, began)) == 1
    assert len(await claim(database)) == 50


async def test_each_recipient_gets_their_language_or_the_only_one_there_is(
    database: Database, translators: Translators
) -> None:
    author, *_ = await add_people(database, 1, language="vi")
    await add_people(database, 1, language="en")
    await make(database, translators, author)
    await make(database, translators, author, texts={Language.EN: "Only in English, sorry."})
    await broadcast_runs.queue_due(database, NOW)
    replies = [each.reply for each in await claim(database)]
    assert [(reply.text, reply.language) for reply in replies] == [
        ("Mời Anh/Chị dự hội thảo.", "vi"),
        ("You are invited to a workshop.", "en"),
        ("Only in English, sorry.", "en"),
        ("Only in English, sorry.", "en"),
    ]
    assert replies[1].footnote == "Announcement of the Hanoi Department of Industry and Trade"


async def test_audiences(database: Database) -> None:
    member, applicant, withdrawn, focal, blocked, other = await add_people(database, 6)
    async with database.transaction() as connection:
        await connection.execute(
            insert(Business).values(id=1, tax_code="0100109106", name="A", verified=False, created_at=NOW)
        )
        await connection.execute(
            insert(Offering).values(id=901, slug="o", kind="event", agency_slug="a", form="f", details={})
        )
        await connection.execute(
            insert(Agency).values(id=901, slug="x-y", code="x", kind="ward", name_vi="X", name_en="X", owes=True)
        )
        await connection.execute(
            insert(BusinessMember), [{"business_id": 1, "contact_id": each, "since": NOW} for each in (member, blocked)]
        )
        await connection.execute(insert(FocalPoint).values(agency_id=901, contact_id=focal, role="holder", since=NOW))
        for contact, status in ((applicant, "confirmed"), (withdrawn, "withdrawn")):
            await connection.execute(
                insert(Application).values(
                    code=f"C{contact}", offering_id=901, business_id=1, contact_id=contact, status=status,
                    answers={}, created_at=NOW, updated_at=NOW,
                )
            )  # fmt: skip
        await connection.execute(
            update(Address).where(Address.contact_id == blocked).values(blocked_at=NOW, blocked_reason="x")
        )
        await connection.execute(
            insert(Address).values(contact_id=member, channel="web_chat", external_id="w", created_at=NOW)
        )

        async def members(audience: str) -> set[int]:
            found = audiences.recipients(audience).with_only_columns(Address.contact_id)
            return set((await connection.execute(found)).scalars())

        assert await members("all") == {member, applicant, withdrawn, focal, other}
        assert await members("businesses") == {member, applicant, withdrawn}
        assert await members("agencies") == {focal}
        assert await members(audiences.of_offering(901)) == {applicant}
        assert await members(audiences.of_offering(902)) == set()
        assert await audiences.count_by_channel(connection, "all") == {"telegram": 5, "web_chat": 1}
        assert [
            (each.offering_id, each.applicants) for each in await audiences.applied_for(connection, offset=0, limit=9)
        ] == [(901, 1)]
    for forged in ("", "everyone", "offering:", "offering:x", "offering:1;2", "offering:" + "9" * 30):
        with pytest.raises(ValueError, match="no such audience"):
            audiences.recipients(forged)


async def test_pause_and_resume_go_on_exactly_where_it_stopped(database: Database, translators: Translators) -> None:
    author, *_ = await add_people(database, 10)
    broadcast_id = await make(database, translators, author)
    await broadcast_runs.queue_due(database, NOW)
    first = await claim(database, 4)
    await settle(database, first[:3])
    async with database.transaction() as connection:
        assert await broadcasts.pause(connection, broadcast_id)
        assert not await broadcasts.pause(connection, broadcast_id)
    assert await claim(database) == []
    await settle(database, first[3:])  # what was under way goes out
    _, progress = await state(database, broadcast_id)
    assert (progress.delivered, progress.under_way) == (4, 6)
    async with database.transaction() as connection:
        assert await broadcasts.resume(connection, broadcast_id, NOW)
    rest = await claim(database)
    assert len({each.address_id for each in first + rest}) == 10
    assert len(rest) == 6


async def test_a_paused_announcement_does_not_hold_up_the_next_one(
    database: Database, translators: Translators
) -> None:
    author, *_ = await add_people(database, 3)
    paused = await make(database, translators, author)
    await broadcast_runs.queue_due(database, NOW)
    async with database.transaction() as connection:
        await broadcasts.pause(connection, paused)
    await make(database, translators, author, texts={Language.VI: "Thông báo thứ hai."})
    await broadcast_runs.queue_due(database, NOW)
    assert [each.reply.text for each in await claim(database)] == ["Thông báo thứ hai."] * 3


async def test_cancelling_gives_up_what_waits_and_reports_when_the_rest_is_settled(
    database: Database, translators: Translators
) -> None:
    author, *_ = await add_people(database, 5)
    broadcast_id = await make(database, translators, author)
    await broadcast_runs.queue_due(database, NOW)
    under_way = await claim(database, 2)
    async with database.transaction() as connection:
        assert await broadcasts.cancel(connection, broadcast_id, NOW)
        assert not await broadcasts.cancel(connection, broadcast_id, NOW)
        assert not await broadcasts.resume(connection, broadcast_id, NOW)
    assert await broadcast_runs.finish_done(database, translators, NOW) == []
    await settle(database, under_way[:1])
    await settle(database, under_way[1:], Fate.LATER)  # to be tried again, but it was cancelled
    assert len(await broadcast_runs.finish_done(database, translators, NOW)) == 1
    assert await broadcast_runs.finish_done(database, translators, NOW) == []
    announcement, progress = await state(database, broadcast_id)
    assert announcement.status is Status.CANCELLED
    assert (progress.delivered, progress.cancelled, progress.under_way) == (1, 4, 0)
    assert len(await notices(database, "broadcast-report:")) == 1


async def test_cancelled_before_it_began_there_is_no_report(database: Database, translators: Translators) -> None:
    (author,) = await add_people(database, 1)
    broadcast_id = await make(database, translators, author)
    async with database.transaction() as connection:
        assert await broadcasts.cancel(connection, broadcast_id, NOW)
    assert await broadcast_runs.queue_due(database, NOW) == []
    assert await broadcast_runs.finish_done(database, translators, NOW) == []
    assert await notices(database, "broadcast-report:") == []


async def test_of_two_administrators_only_the_other_one_can_approve(
    database: Database, translators: Translators
) -> None:
    author, second, third = await add_people(database, 3)
    await make_admins(database, author, second, third)
    broadcast_id = await make(database, translators, author)
    assert await broadcast_runs.queue_due(database, NOW) == []
    async with database.transaction() as connection:
        assert not await broadcasts.approve(connection, broadcast_id, author)

    async def approves(by: int) -> bool:
        async with database.transaction() as connection:
            return await broadcasts.approve(connection, broadcast_id, by)

    assert sorted(await asyncio.gather(approves(second), approves(third), approves(second))) == [False, False, True]
    async with database.transaction() as connection:
        assert not await broadcasts.reject(connection, broadcast_id, third, NOW)
    assert len(await broadcast_runs.queue_due(database, NOW)) == 1


async def test_the_report_goes_to_author_and_approver_in_their_languages_once(
    database: Database, translators: Translators
) -> None:
    author, *_ = await add_people(database, 5, language="en")
    (approver,) = await add_people(database, 1, language="vi")
    await make_admins(database, author, approver)
    broadcast_id = await make(database, translators, author)
    async with database.transaction() as connection:
        assert await broadcasts.approve(connection, broadcast_id, approver)
    await broadcast_runs.queue_due(database, NOW)
    claimed = await claim(database)
    await settle(database, claimed[:2])
    await settle(database, claimed[2:3], Fate.GONE, reason="Forbidden: bot was blocked by the user")
    await settle(database, claimed[3:5], Fate.REFUSED, reason="Bad Request: wrong kind of chat")
    assert await broadcast_runs.finish_done(database, translators, NOW) == []
    await settle(database, claimed[5:])
    later = NOW + timedelta(hours=2, minutes=5)
    assert len(await broadcast_runs.finish_done(database, translators, later)) == 1
    assert await broadcast_runs.finish_done(database, translators, later) == []
    reports = await notices(database, f"broadcast-report:{broadcast_id}:")
    assert [language for _, language, _ in reports] == ["en", "vi"]
    assert reports[0][2] == (
        "The announcement has been sent.\n\nRecipients: 6\nDelivered: 3\nBlocked the assistant: 1\n"
        "Refused by the messenger: 2\nReasons:\n- Bad Request: wrong kind of chat: 2\nDuration: 2 hours 5 minutes"
    )
    async with database.transaction() as connection:  # the person comes back: the report stays as it was
        await connection.execute(update(Address).values(blocked_at=later, blocked_reason="blocked later"))
    _, progress = await state(database, broadcast_id)
    assert progress.failed == 3


async def test_an_empty_audience_ends_at_once_with_a_report(database: Database, translators: Translators) -> None:
    (author,) = await add_people(database, 1, language="en")
    await make(database, translators, author, audience="agencies")
    await broadcast_runs.queue_due(database, NOW)
    await broadcast_runs.finish_done(database, translators, NOW)
    ((_, _, text),) = await notices(database, "broadcast-report:")
    assert "nobody belonged to its audience" in text


async def test_what_is_mostly_refused_pauses_itself_and_tells_the_administrators(
    database: Database, translators: Translators
) -> None:
    *_, author, second = await add_people(database, 100, language="en")
    broadcast_id = await make(database, translators, author)
    await make_admins(database, author, second)
    await broadcast_runs.queue_due(database, NOW)
    claimed = await claim(database, 70)
    await settle(database, claimed[:30], Fate.GONE, reason="Forbidden: bot was blocked by the user")
    assert await broadcast_runs.pause_failing(database, translators, NOW) == []
    await settle(database, claimed[30:49], Fate.REFUSED, reason="Bad Request: message is bad")
    assert await broadcast_runs.pause_failing(database, translators, NOW) == []
    await settle(database, claimed[49:50], Fate.REFUSED, reason="Bad Request: message is bad")
    assert len(await broadcast_runs.pause_failing(database, translators, NOW)) == 1
    assert await broadcast_runs.pause_failing(database, translators, NOW) == []
    announcement, _ = await state(database, broadcast_id)
    assert (announcement.status, announcement.pause_reason) == (Status.PAUSED, "Bad Request: message is bad")
    assert len(await notices(database, f"broadcast-paused:{broadcast_id}:")) == 2
    assert [each for each in await claim(database) if each.priority == BULK] == []

    # After somebody let it go on, only what is refused from then on counts.
    later = NOW + timedelta(minutes=1)
    async with database.transaction() as connection:
        await broadcasts.resume(connection, broadcast_id, later)
    assert await broadcast_runs.pause_failing(database, translators, later) == []


async def test_in_quiet_hours_only_what_was_sent_knowingly_goes_out(
    database: Database, translators: Translators
) -> None:
    (author,) = await add_people(database, 1)
    await make(database, translators, author)
    await make(database, translators, author, texts={Language.VI: "Cảnh báo khẩn."}, anytime=True)
    await broadcast_runs.queue_due(database, NOW)
    assert [each.reply.text for each in await claim(database, quiet=True)] == ["Cảnh báo khẩn."]


async def test_a_notice_that_sleeps_holds_up_no_urgent_announcement(
    database: Database, translators: Translators
) -> None:
    (author,) = await add_people(database, 1)
    notice = Reply("Có câu hỏi mới.", Language.VI)
    async with database.transaction() as connection:
        assert await outbox.notify(connection, author, "question:1", lambda _: notice, now=NOW)
    await make(database, translators, author, texts={Language.VI: "Cảnh báo khẩn."}, anytime=True)
    await broadcast_runs.queue_due(database, NOW)
    assert [each.reply.text for each in await claim(database, quiet=True)] == ["Cảnh báo khẩn."]
    assert [each.reply.text for each in await claim(database)] == ["Có câu hỏi mới."]


async def test_twenty_thousand_recipients_are_frozen_and_cancelled(
    database: Database, translators: Translators
) -> None:
    author, *_ = await add_people(database, 20_000)
    broadcast_id = await make(database, translators, author)
    await broadcast_runs.queue_due(database, NOW)
    async with database.transaction() as connection:
        assert (await broadcasts.progress(connection, broadcast_id)).total == 20_000
        await broadcasts.cancel(connection, broadcast_id, NOW)
        assert (await broadcasts.progress(connection, broadcast_id)).cancelled == 20_000


@pytest.mark.parametrize("text, units", [("abc", 3), ("Đăng ký", 7), ("😀", 2), ("a\ud800", 2)])
def test_length_counts_as_messengers_do(text: str, units: int) -> None:
    assert broadcasts.length(text) == units


async def test_whoever_withdrew_the_consent_to_news_gets_none(database: Database) -> None:
    withdrew, agreed_again, never_asked = await add_people(database, 3)
    async with database.transaction() as connection:
        for contact, withdrawn_at in ((withdrew, NOW), (agreed_again, NOW), (agreed_again, None)):
            await connection.execute(
                insert(Consent).values(
                    contact_id=contact,
                    purpose="news",
                    text_version="1",
                    channel="telegram",
                    given_at=NOW,
                    withdrawn_at=withdrawn_at,
                )
            )
        found = audiences.recipients("all").with_only_columns(Address.contact_id)
        assert set((await connection.execute(found)).scalars()) == {agreed_again, never_asked}
