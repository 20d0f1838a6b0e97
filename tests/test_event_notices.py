"""Notices of events: each once, in working-day logic, and right after the event was moved, cancelled or missed."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import event, func, select

from bot.db.engine import Database
from bot.db.models.messages import Delivery
from bot.db.models.people import Contact
from bot.i18n import Translators
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.offerings import event_notices, event_steps, offering_changes
from bot.services.offerings.event_steps import Step
from tests.chat import PersonInTown, Town
from tests.conftest import ZONE
from tests.events import fill, offering_id, put, steps, tick
from tests.signing_up import sign_up

BUTTONS = ["Mã QR", "Thêm vào lịch", "Tôi không tham dự được"]


def local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    "starts_at, three_days, one_day",
    [
        ("2026-11-30T08:30", "2026-11-25T08:30", "2026-11-27T08:30"),  # a Monday: Wednesday and Friday before
        ("2026-11-27T14:00", "2026-11-23T08:30", "2026-11-26T08:30"),  # a Friday; 24 November is a holiday
        ("2026-11-28T09:00", "2026-11-25T08:30", "2026-11-27T08:30"),  # a Saturday
        ("2027-01-04T08:00", "2026-12-29T08:30", "2026-12-31T08:30"),  # after New Year's Day
    ],
)
def test_days_before_an_event_are_working_days(starts_at: str, three_days: str, one_day: str) -> None:
    found = event_steps.times(local(starts_at), None, WorkingCalendar(), ZONE)

    assert found[Step.THREE_DAYS] == local(three_days)
    assert found[Step.ONE_DAY] == local(one_day)


def test_a_decreed_day_off_counts_as_one() -> None:
    calendar = WorkingCalendar({date(2026, 11, 27): False})

    assert event_steps.times(local("2026-11-30T08:30"), None, calendar, ZONE)[Step.ONE_DAY] == local("2026-11-26T08:30")


def test_two_hours_before_and_the_morning_after_are_on_any_day() -> None:
    found = event_steps.times(local("2026-11-28T09:00"), local("2026-11-28T17:00"), WorkingCalendar(), ZONE)

    assert found[Step.TWO_HOURS] == local("2026-11-28T07:00")
    assert found[Step.THANKS] == local("2026-11-29T08:30")


async def test_those_with_a_seat_are_reminded_three_times(town: Town, chat: PersonInTown) -> None:
    code = await sign_up(chat)
    assert await tick(town) == [
        "notices planned: example-training-session",
        "notices planned: example-technology-consultation",
        "notices planned: example-business-meeting",
    ]

    assert await tick(town, "2027-01-14T08:29+07:00") == []
    assert await tick(town, "2027-01-14T08:30+07:00") == ["event notice 3d: example-training-session, to 1"]
    chat.reads(
        "Sự kiện bắt đầu lúc 08:30 thứ Ba 19/01/2027",
        "Ví dụ: Tập huấn về công nghiệp môi trường cho doanh nghiệp",
        "Địa điểm: Địa điểm mẫu (không có thật)",
        f"Mã khi vào cửa: {code}",
        "Nếu không đến được",
        "sự kiện không diễn ra",
        buttons=BUTTONS,
    )
    assert await tick(town, "2027-01-14T08:31+07:00") == []

    await tick(town, "2027-01-18T08:30+07:00")
    chat.reads("Sự kiện bắt đầu lúc 08:30 thứ Ba 19/01/2027", buttons=BUTTONS)

    # Two hours before is in the night's quiet: it waits until that ends, an hour before the event.
    assert await tick(town, "2027-01-19T06:30+07:00") == ["event notice 2h: example-training-session, to 1"]
    chat.nothing_unread()
    await tick(town, "2027-01-19T07:30+07:00")
    chat.reads("Sự kiện bắt đầu lúc 08:30 thứ Ba 19/01/2027")
    assert [status for _, status, _ in (await steps(town.database)).values()].count("sent") == 3


async def test_in_english(town: Town) -> None:
    person = town.person("Mary Brown", language="en")
    await person.says("/language")
    person.skips()
    await sign_up_in_english(person)
    await tick(town)

    await tick(town, "2027-01-18T08:30+07:00")

    person.reads(
        "The event begins at 08:30 Tuesday 19 January 2027",
        "Example: Training on the environmental industry for enterprises",
        "Your code at the entrance: NC-",
        "If you cannot come, please let us know so that somebody who waits gets the seat.",
        buttons=["QR code", "Add to calendar", "I cannot come"],
    )


async def sign_up_in_english(person: PersonInTown) -> None:
    for text in ("/events", "1", "1", "I agree", "no", "0100233488", "Red River Ltd", "Mary", "0912345678", "m@rr.vn"):
        await person.says(text)
        person.skips()
    await person.says("Confirm")
    person.reads("You are registered")


async def test_who_cannot_come_gives_the_seat_back_from_the_reminder(town: Town, chat: PersonInTown) -> None:
    code = await sign_up(chat)
    await tick(town)
    await tick(town, "2027-01-18T08:30+07:00")
    chat.reads("Sự kiện bắt đầu lúc")

    await chat.presses("Tôi không tham dự được")
    chat.reads(f"Anh/Chị có chắc chắn muốn rút hồ sơ {code} không?")
    await chat.presses("Đồng ý rút")
    chat.reads(f"Đã rút hồ sơ {code}.")

    assert await tick(town, "2027-01-19T07:30+07:00") == [
        "event notice 2h dropped: example-training-session (nobody to tell)"
    ]


async def test_what_was_missed_is_sent_once_if_it_is_still_of_use(town: Town, chat: PersonInTown) -> None:
    await sign_up(chat)
    await tick(town)

    assert await tick(town, "2027-01-18T10:00+07:00") == [
        "event notice 3d dropped: example-training-session (superseded)",
        "event notice 1d: example-training-session, to 1",
    ]
    chat.reads("Sự kiện bắt đầu lúc 08:30 thứ Ba 19/01/2027")


async def test_nobody_is_reminded_of_an_event_that_has_begun(town: Town, chat: PersonInTown) -> None:
    await sign_up(chat)
    await tick(town)

    assert await tick(town, "2027-01-19T08:30+07:00") == [
        "event notice 3d dropped: example-training-session (superseded)",
        "event notice 1d dropped: example-training-session (superseded)",
        "event notice 2h dropped: example-training-session (the event had begun)",
    ]


async def test_who_signs_up_late_is_not_told_what_is_over(town: Town, chat: PersonInTown) -> None:
    """An event that appears the day before: three days before is past, two hours before is not."""
    town.clock.set("2027-01-18T12:00+07:00")

    await tick(town)

    assert await steps(town.database) == {
        "3d": ("14/01 08:30", "dropped", "planned too late"),
        "1d": ("18/01 08:30", "dropped", "planned too late"),
        "2h": ("19/01 06:30", "planned", None),
        "thanks": ("20/01 08:30", "planned", None),
    }


async def move(town: Town, starts_at: str, ends_at: str) -> None:
    async with town.database.transaction() as connection:
        change = await offering_changes.move(
            connection,
            await offering_id(town.database),
            starts_at=local(starts_at),
            ends_at=local(ends_at),
            place={"vi": "Hội trường B", "en": "Hall B"},
            actor_id=await somebody(town),
            translators=town.conversation.translators,
            now=town.clock(),
        )
    assert change is not None
    await town.deliver()


async def somebody(town: Town) -> int:
    async with town.database.reading() as connection:
        return int((await connection.execute(select(Contact.id).limit(1))).scalar_one())


async def test_moving_an_event_plans_anew_what_was_not_sent(town: Town, chat: PersonInTown) -> None:
    await sign_up(chat)
    await tick(town)
    await tick(town, "2027-01-14T08:30+07:00")
    chat.reads("08:30 thứ Ba 19/01/2027")

    await move(town, "2027-01-26T14:00", "2027-01-26T16:00")
    chat.reads("Sự kiện thay đổi lịch", "Hội trường B")

    assert await steps(town.database) == {
        "3d": ("14/01 08:30", "sent", None),
        "1d": ("25/01 08:30", "planned", None),
        "2h": ("26/01 12:00", "planned", None),
        "thanks": ("27/01 08:30", "planned", None),
    }
    assert await tick(town, "2027-01-18T08:30+07:00") == []
    await tick(town, "2027-01-25T08:30+07:00")
    chat.reads("Sự kiện bắt đầu lúc 14:00 thứ Ba 26/01/2027", "Hội trường B")


async def test_moving_an_event_to_tomorrow_leaves_the_word_of_that_alone(town: Town, chat: PersonInTown) -> None:
    await sign_up(chat)
    await tick(town)
    town.clock.set("2027-01-12T09:00+07:00")

    await move(town, "2027-01-13T14:00", "2027-01-13T16:00")
    chat.reads("Sự kiện thay đổi lịch")

    assert await tick(town) == []
    assert await tick(town, "2027-01-13T12:00+07:00") == ["event notice 2h: example-training-session, to 1"]
    chat.reads("14:00 thứ Tư 13/01/2027")


async def test_a_cancelled_event_reminds_nobody(town: Town, chat: PersonInTown) -> None:
    await sign_up(chat)
    await tick(town)
    async with town.database.transaction() as connection:
        await offering_changes.cancel(
            connection,
            await offering_id(town.database),
            "Bão",
            actor_id=await somebody(town),
            translators=town.conversation.translators,
            now=town.clock(),
        )
    await town.deliver()
    chat.reads("Bão")

    assert {note for _, _, note in (await steps(town.database)).values()} == {"the event was cancelled"}
    assert await tick(town, "2027-01-18T08:30+07:00") == []


async def test_an_event_that_left_the_content_and_came_back(town: Town) -> None:
    await tick(town)
    await put(town.database, active=False)
    await tick(town)
    assert {status for _, status, _ in (await steps(town.database)).values()} == {"dropped"}

    await put(town.database, active=True)
    await tick(town)
    assert {status for _, status, _ in (await steps(town.database)).values()} == {"planned"}
    assert await tick(town) == []


async def test_nobody_hears_of_an_event_that_was_switched_off_since_it_was_planned(
    town: Town, chat: PersonInTown, translators: Translators
) -> None:
    await sign_up(chat)
    await tick(town)
    await put(town.database, active=False)
    for moment in ("2027-01-14T08:30+07:00", "2027-01-18T08:30+07:00", "2027-01-19T06:30+07:00"):
        town.clock.set(moment)
        (line,) = await event_notices.send_due(town.database, translators, now=town.clock())
        assert line.endswith("dropped: example-training-session (no longer offered)")
        await town.deliver()
    chat.nothing_unread()


async def test_ticks_in_many_processes_tell_everybody_once(
    town: Town, database: Database, translators: Translators
) -> None:
    await fill(database, 30, now=town.clock())
    town.clock.set("2027-01-14T08:00+07:00")
    await asyncio.gather(*(event_steps.plan_all(database, zone=ZONE, now=town.clock()) for _ in range(4)))
    town.clock.set("2027-01-14T08:30+07:00")

    await asyncio.gather(*(event_notices.send_due(database, translators, now=town.clock()) for _ in range(6)))

    assert await told(database) == 30
    assert (await steps(database))["3d"] == ("14/01 08:30", "sent", None)


async def test_hundreds_are_told_with_a_handful_of_statements(
    town: Town, database: Database, translators: Translators, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(database, 300, now=town.clock())
    await event_steps.plan_all(database, zone=ZONE, now=town.clock())
    statements: list[Any] = []
    event.listen(
        database.engine.sync_engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )
    town.clock.set("2027-01-18T08:30+07:00")
    await event_notices.send_due(database, translators, now=town.clock())

    assert await told(database) == 300
    assert len(statements) < 20


async def told(database: Database) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(func.count()).where(Delivery.key.like("event:%")))).scalar_one())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # it says plainly which index it takes
async def test_the_search_for_what_is_due_uses_its_index(database: Database) -> None:
    async with database.reading() as connection:
        plan = await connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT offering_id FROM event_step WHERE status = 'planned' "
            "AND due_at <= '2027' ORDER BY due_at LIMIT 50"
        )
        assert "ix_event_step_due_at" in str(plan.all())
