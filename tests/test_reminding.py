"""Whom a ladder reminds, what shortens it, and that nobody gets two digests on one day."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime

import pytest
from sqlalchemy import func, insert, select, update

from bot.db.models.messages import Delivery
from bot.db.models.people import Address, FocalPoint
from bot.db.models.reporting import Obligation, ObligationEvent, PersonalReminder, ReminderStep
from bot.errors import RecipientGone, TryLater
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.planning import obligation_plan
from bot.services.reminding import reminders, rules, steps
from tests.chat import PersonInTown, Town
from tests.conftest import ZONE
from tests.reporting import REPORT, appoint, employ, obligation, plan, quiet_hours, tick
from tests.reporting import steps as steps_of
from tests.test_receivers import watch

ACTS = ["Acknowledge", "Hand in the report", "Ask for more time", "Word and Excel forms"]
WAYS_ON = ["All reports", "Menu"]


async def contact_of(town: Town, person: PersonInTown) -> int:
    async with town.database.reading() as connection:
        statement = select(Address.contact_id).where(Address.external_id == person.external_id)
        return (await connection.execute(statement)).scalar_one()


async def is_away(town: Town, person: PersonInTown, start: date, until: date) -> None:
    contact_id = await contact_of(town, person)
    async with town.database.transaction() as connection:
        await connection.execute(
            update(FocalPoint).where(FocalPoint.contact_id == contact_id).values(away_from=start, away_until=until)
        )


async def happened(town: Town) -> list[str]:
    """What the history of the agency's obligation says, the oldest first."""
    async with town.database.reading() as connection:
        rows = await connection.scalars(
            select(ObligationEvent.what)
            .where(ObligationEvent.obligation_id == await obligation(town))
            .order_by(ObligationEvent.id)
        )
        return list(rows)


async def personal(town: Town) -> list[tuple[str, str]]:
    """(local moment, status) of every reminder of a single person."""
    async with town.database.reading() as connection:
        rows = await connection.execute(
            select(PersonalReminder.due_at, PersonalReminder.status).order_by(PersonalReminder.due_at)
        )
        return [(f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}", status) for at, status in rows]


async def digests(town: Town) -> int:
    async with town.database.reading() as connection:
        return await connection.scalar(select(func.count()).where(Delivery.key.like("reminder:%"))) or 0


async def test_each_step_addresses_whom_the_duty_says(town: Town) -> None:
    holder = await appoint(town, "Lan")
    deputy = await appoint(town, "Minh", focal_role="deputy")
    head = await appoint(town, "Hoa", focal_role="head")
    officer = await employ(town, "Thu", agency="so-cong-thuong")
    await plan(town)
    for at, told in [
        ("2026-11-25T08:00+07:00", (holder, head)),
        ("2026-12-07T08:00+07:00", (holder,)),
        ("2026-12-11T08:00+07:00", (holder, deputy)),
        ("2026-12-15T08:00+07:00", (holder, deputy)),
        ("2026-12-16T08:00+07:00", (holder, deputy)),
        ("2026-12-17T08:00+07:00", (holder, deputy, head)),
        ("2026-12-21T08:00+07:00", (holder, deputy, head)),
        ("2026-12-23T08:00+07:00", (holder, deputy, head)),
    ]:
        await tick(town, at)
        for person in told:
            person.reads("Report reminder")
        if at.startswith("2026-12-23"):
            officer.reads(
                "131 reports have not been handed in",
                "Yearly report on plan 50/KH-UBND",
                "overdue by 5 working days",
                "- People's Committee of Ba Đình Ward",
                buttons=["Agency reports"],
            )
        else:
            officer.skips()
        town.nothing_unread()
    assert set((await steps_of(town, await obligation(town))).values()) == {"sent"}


async def test_the_deputy_is_reminded_while_the_holder_is_away(town: Town) -> None:
    holder = await appoint(town, "Lan")
    deputy = await appoint(town, "Minh", focal_role="deputy")
    await is_away(town, holder, date(2026, 12, 1), date(2026, 12, 7))
    await tick(town, "2026-12-07T08:30+07:00")
    deputy.reads("7 working days left")
    town.nothing_unread()
    await tick(town, "2026-12-11T08:30+07:00")
    holder.reads("3 working days left")
    deputy.reads("3 working days left")


async def test_who_is_away_is_reminded_where_nobody_else_is_there(town: Town) -> None:
    holder = await appoint(town, "Lan")
    await is_away(town, holder, date(2026, 12, 1), date(2026, 12, 31))
    await tick(town, "2026-12-07T08:30+07:00")
    holder.reads("7 working days left")


async def test_who_says_not_mine_is_not_reminded_of_that_report_again(town: Town) -> None:
    lan = await appoint(town, "Lan")
    minh = await appoint(town, "Minh", focal_role="deputy")
    hoa = await appoint(town, "Hoa", focal_role="head")
    thu = await employ(town, "Thu", agency="so-cong-thuong")
    await tick(town, "2026-12-07T08:00+07:00")
    lan.reads("7 working days left")
    await lan.presses("Not mine")
    lan.reads("Who looks after this report?")
    await lan.presses("Hoa (head of the agency)")
    lan.reads("Passed on to “Hoa”", "You passed it on to Hoa; you are not reminded of it.")
    await town.deliver()
    hoa.reads("“Lan” says that this report is yours")
    await tick(town, "2026-12-11T08:00+07:00")
    hoa.reads("Report reminder: 3 working days left")
    minh.reads("Report reminder: 3 working days left")
    town.nothing_unread()
    await hoa.presses("Not mine")
    hoa.reads("Who looks after this report?")
    await hoa.presses("I do not know who")
    hoa.reads("Noted. You are not reminded of this report any more.", "Lan passed it on to you.")
    await minh.sends_press(f"focal:declined:{await obligation(town)}")
    minh.reads("At the moment nobody of your agency is reminded of it", "Hoa said that it is not theirs")
    await watch(town)
    thu.reads("All focal points say that a report is not theirs:", "make a code for them")
    await thu.sends_press(f"track:agency:{await obligation(town)}")
    thu.reads("Minh said that it is not theirs.", "Can't be reminded: all focal points say that it is not theirs.")
    await lan.says("/baocao")
    lan.skips()
    await lan.sends_press(f"report:open:{await obligation(town)}")
    lan.reads("You passed it on to Hoa", buttons=[*ACTS, "Report history", "It is mine after all", *WAYS_ON])
    await lan.presses("It is mine after all")
    lan.reads("You are reminded of this report again.", buttons=[*ACTS, "Report history", "Not mine", *WAYS_ON])
    await tick(town, "2026-12-15T08:00+07:00")
    lan.reads("Report reminder: 1 working day left")
    town.nothing_unread()
    assert await happened(town) == ["not mine", "opened", "not mine", "not mine", "mine again"]


async def test_what_was_asked_for_goes_to_whom_a_report_was_passed_on_to(town: Town) -> None:
    lan = await appoint(town, "Lan")
    minh = await appoint(town, "Minh", focal_role="deputy")
    await tick(town, "2026-12-07T08:00+07:00")
    lan.reads("7 working days left")
    await lan.presses("Remind me tomorrow morning")
    lan.skips()
    await lan.sends_press(f"focal:route:{await obligation(town)}:{await contact_of(town, minh)}")
    lan.skips()
    await town.deliver()
    minh.reads("“Lan” says that this report is yours")
    await tick(town, "2026-12-08T08:00+07:00")
    minh.reads("Report reminder: 6 working days left")
    town.nothing_unread()
    await lan.sends_press(f"snooze:tomorrow:{await obligation(town)}")
    lan.reads("You will be reminded at 08:00 Wednesday 9 December 2026")
    await tick(town, "2026-12-09T08:00+07:00")
    lan.reads("The reminder you asked for: 5 working days left")
    await tick(town, "2026-12-11T08:00+07:00")
    lan.reads("3 working days left")
    minh.reads("3 working days left")


async def test_an_agency_that_acknowledged_is_reminded_less(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await tick(town, "2026-11-25T08:30+07:00")
    lan.reads("15 working days left")
    await lan.presses("Acknowledge")
    lan.reads("your agency knows of this report")
    found = await steps_of(town, await obligation(town))
    assert [found[day] for day in (-15, -7, -3, -1, 0)] == [
        "sent",
        "acknowledged",
        "acknowledged",
        "planned",
        "planned",
    ]
    assert await tick(town, "2026-12-07T08:30+07:00") == []
    assert await tick(town, "2026-12-11T08:30+07:00") == []
    await tick(town, "2026-12-15T08:30+07:00")
    lan.reads("1 working day left", "Acknowledged by you")
    assert await happened(town) == ["opened", "acknowledged"]


async def test_a_planned_day_takes_the_place_of_the_reminders_before_it(town: Town) -> None:
    lan = await appoint(town, "Lan")
    deputy = await appoint(town, "Minh", focal_role="deputy")
    await tick(town, "2026-12-07T08:30+07:00")
    lan.reads("7 working days left")
    await lan.presses("Acknowledge")
    lan.reads("For which day do you plan")
    for wrong, why in (
        ("17/12/2026", "after the due date, Wednesday 16 December 2026"),
        ("12/12/2026", "is a day off. The next working day is Monday 14 December 2026"),
        ("04/12/2026", "is over"),
        ("31.02.2026", "is not a date"),
    ):
        await lan.says(wrong)
        lan.reads(why, "For which day do you plan")
    await lan.says("16/12")
    lan.reads(
        "You will be reminded on Wednesday 16 December 2026, and not before.",
        "Planned to be handed in on Wednesday 16 December 2026.",
    )
    found = await steps_of(town, await obligation(town))
    assert [found[day] for day in (-1, 0, 1)] == ["planned for a later day", "planned", "planned"]
    assert await tick(town, "2026-12-15T08:30+07:00") == []
    await tick(town, "2026-12-16T08:00+07:00")
    lan.reads("You planned to hand in this report today: due today")
    deputy.reads("Planned to be handed in on")
    assert await happened(town) == ["opened", "acknowledged", "planned"]


async def test_another_planned_day_replaces_the_first(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await tick(town, "2026-12-07T08:30+07:00")
    lan.reads("7 working days left")
    await lan.presses("Acknowledge")
    lan.reads("For which day")
    await lan.presses("Thursday 10 December 2026")
    lan.reads("reminded on Thursday 10 December 2026")
    await lan.presses("Change the planned day")
    lan.reads("For which day")
    await lan.says("Kế hoạch 50 có hỗ trợ vốn không?")  # no day: the question may stay open
    lan.skips()
    await lan.says("ngày 14/12")
    lan.reads("reminded on Monday 14 December 2026")
    assert await personal(town) == [("2026-12-10 08:00", "dropped"), ("2026-12-14 08:00", "planned")]
    await lan.sends_press(f"report:planned:{await obligation(town)}:2026-12-10")
    lan.reads("reminded on Thursday 10 December 2026")
    assert await personal(town) == [("2026-12-10 08:00", "planned"), ("2026-12-14 08:00", "dropped")]


@pytest.mark.parametrize(
    "now, afternoon, morning",
    [
        ("2026-12-07T08:30+07:00", "2026-12-07 14:00", "2026-12-08 08:00"),
        ("2026-12-07T14:00+07:00", "2026-12-08 08:00", "2026-12-08 08:00"),
        ("2026-12-11T18:00+07:00", "2026-12-14 08:00", "2026-12-14 08:00"),
        ("2026-12-12T10:00+07:00", "2026-12-14 08:00", "2026-12-14 08:00"),
        ("2026-11-23T23:30+07:00", "2026-11-25 08:00", "2026-11-25 08:00"),
    ],
)
def test_when_one_is_reminded_again(now: str, afternoon: str, morning: str) -> None:
    at, calendar = datetime.fromisoformat(now), WorkingCalendar()
    assert f"{steps.this_afternoon(at, calendar, ZONE):%Y-%m-%d %H:%M}" == afternoon
    assert f"{steps.next_morning(at, calendar, ZONE):%Y-%m-%d %H:%M}" == morning


async def test_a_reminder_can_be_put_off(town: Town) -> None:
    an = await appoint(town, "An", language="vi")
    await tick(town, "2026-12-07T08:30+07:00")
    an.reads("còn 7 ngày làm việc")
    await an.presses("Nhắc lại chiều nay")
    an.reads("Sẽ nhắc lại lúc 14:00 thứ Hai 07/12/2026", buttons=["Mở báo cáo"])
    await an.presses("Nhắc lại chiều nay")
    an.reads("Sẽ nhắc lại lúc 14:00")
    assert await tick(town, "2026-12-07T13:59+07:00") == []
    assert len(await tick(town, "2026-12-07T14:00+07:00")) == 1
    an.reads("Nhắc lại theo yêu cầu của Anh/Chị: còn 7 ngày làm việc")
    assert await tick(town) == []
    await an.presses("Nhắc lại sáng mai")
    an.reads("Sẽ nhắc lại lúc 08:00 thứ Ba 08/12/2026")
    await an.sends_press(f"report:history:{await obligation(town)}")
    read = an.reads("Lịch sử", "14:00 thứ Hai 07/12/2026: Anh/Chị đề nghị nhắc lại lúc 08:00 thứ Ba 08/12/2026.")
    assert read.plain.count("nhắc lại") == 2
    await an.sends_press("snooze:afternoon:999")
    an.reads("không phụ trách")


async def test_what_was_asked_for_joins_the_digest_of_that_morning(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await tick(town, "2026-12-09T09:00+07:00")
    lan.reads("Report reminder: 5 working days left")
    town.clock.set("2026-12-10T09:00+07:00")
    await lan.presses("Remind me tomorrow morning")
    lan.reads("08:00 Friday 11 December 2026")
    await tick(town, "2026-12-11T08:00+07:00")
    lan.reads("The reminder you asked for: 3 working days left")
    town.nothing_unread()


async def test_further_steps_of_a_day_wait_for_the_next_digest(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await appoint(town, "Lan", "phuong-bach-mai")
    await tick(town, "2026-12-07T08:00+07:00")
    lan.reads("2 reports to hand in")
    async with town.database.transaction() as connection:  # as if both were due earlier now
        late = datetime.fromisoformat("2026-12-07T08:00+07:00")
        soon = ReminderStep.due_at < datetime.fromisoformat("2026-12-12T08:00+07:00")
        await connection.execute(update(ReminderStep).where(ReminderStep.step == -3, soon).values(due_at=late))
    assert await tick(town, "2026-12-07T10:00+07:00") == []
    assert await tick(town, "2026-12-07T17:00+07:00") == []
    assert len(await tick(town, "2026-12-08T08:00+07:00")) == 2
    lan.reads("2 reports to hand in")
    assert await digests(town) == 2


async def test_a_reminder_that_reaches_nobody_is_made_again(town: Town) -> None:
    lan = await appoint(town, "Lan")
    minh = await appoint(town, "Minh", focal_role="deputy")
    thu = await employ(town, "Thu", agency="so-cong-thuong")
    gone = RecipientGone("Forbidden: bot was blocked by the user")
    town.channel.fails_with = [gone]
    await tick(town, "2026-12-07T08:00+07:00")
    town.nothing_unread()
    assert await tick(town, "2026-12-07T08:01+07:00") == [
        f"reminder -7: phuong-ba-dinh, {REPORT}, due 2026-12-16, to 1 person"
    ]
    minh.reads("Report reminder: 7 working days left")
    await minh.presses("Remind me this afternoon")
    minh.reads("You will be reminded at 14:00")
    assert await tick(town, "2026-12-07T08:02+07:00") == []
    town.channel.fails_with = [gone]
    await tick(town, "2026-12-07T14:00+07:00")
    await tick(town, "2026-12-07T14:01+07:00")
    assert await personal(town) == [("2026-12-07 14:00", "dropped")]
    await watch(town)
    thu.reads("None of the focal points can be written to any more:", "People's Committee of Ba Đình Ward")
    await tick(town, "2026-12-11T08:00+07:00")
    assert (await steps_of(town, await obligation(town)))[-3] == rules.NOBODY
    assert lan.read == minh.read - 2
    town.nothing_unread()


async def test_who_blocked_one_account_is_reminded_in_another(town: Town) -> None:
    lan, other = await appoint(town, "Lan"), town.person("Lan at home")
    async with town.database.transaction() as connection:
        at_home = {"contact_id": await contact_of(town, lan), "channel": town.channel.name, "created_at": town.clock()}
        await connection.execute(insert(Address).values(external_id=other.external_id, **at_home))
    town.channel.fails_with = [RecipientGone("Forbidden: bot was blocked by the user")]
    await tick(town, "2026-12-07T08:00+07:00")
    town.nothing_unread()
    await tick(town, "2026-12-07T08:01+07:00")
    both = [each for each in (lan, other) if each.unread]
    assert len(both) == 1
    both[0].reads("Report reminder: 7 working days left")


async def test_a_digest_that_waits_overnight_becomes_part_of_the_next(town: Town) -> None:
    lan = await appoint(town, "Lan")
    minh = await appoint(town, "Minh", focal_role="deputy")
    await plan(town)
    down = TryLater("Bad Gateway", after=20 * 3600)
    town.channel.fails_with = [down]
    await tick(town, "2026-12-11T08:00+07:00")
    reached, missed = (lan, minh) if lan.unread else (minh, lan)
    reached.reads("3 working days left")
    town.nothing_unread()
    assert await tick(town, "2026-12-14T07:30+07:00") == []
    await tick(town, "2026-12-14T08:00+07:00")
    missed.reads("Report reminder: 2 working days left")
    assert await tick(town, "2026-12-14T08:01+07:00") == []
    town.channel.fails_with = [down, down]
    await tick(town, "2026-12-15T08:00+07:00")
    assert await tick(town, "2026-12-15T17:00+07:00") == []
    town.nothing_unread()
    await tick(town, "2026-12-16T08:00+07:00")
    lan.reads("Report reminder: due today")
    minh.reads("Report reminder: due today")
    town.nothing_unread()
    found = await steps_of(town, await obligation(town))
    assert [found[day] for day in (-3, -1, 0)] == ["sent", rules.SUPERSEDED, "sent"]


async def test_clocks_that_jump_and_several_schedulers(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await plan(town)
    conversation = town.conversation

    async def several(at: str) -> int:
        now = datetime.fromisoformat(at)

        async def one() -> Sequence[str]:
            return await reminders.remind(
                town.database, conversation.known, conversation.translators, quiet=quiet_hours(town), now=now
            )

        lines = await asyncio.gather(*(one() for _ in range(4)))
        town.clock.set(at)
        await town.deliver()
        return sum(line.startswith("reminder ") for some in lines for line in some)

    assert await several("2026-12-11T08:00+07:00") == 1
    lan.reads("3 working days left")
    for earlier in ("2026-12-07T08:00+07:00", "2026-11-25T08:00+07:00", "2026-12-11T08:00+07:00"):
        assert await several(earlier) == 0
    assert await several("2026-12-15T08:00+07:00") == 1
    lan.reads("1 working day left")
    found = await steps_of(town, await obligation(town))
    assert [found[day] for day in (-7, -3, -1, 0)] == [rules.SUPERSEDED, "sent", "sent", "planned"]


async def test_only_steps_not_sent_yet_move_with_the_due_date(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await tick(town, "2026-12-11T08:00+07:00")
    lan.reads("3 working days left")
    known = town.conversation.known
    async with town.database.transaction() as connection:
        await obligation_plan.move_due_date(
            connection,
            await obligation(town),
            date(2026, 12, 30),
            duty=known.duties[REPORT],
            calendar=WorkingCalendar(),
            zone=ZONE,
        )
    for at in ("2026-12-15T08:00+07:00", "2026-12-16T08:00+07:00", "2026-12-25T08:00+07:00"):
        assert await tick(town, at) == []
    await tick(town, "2026-12-29T08:00+07:00")
    lan.reads("1 working day left", "Due: Wednesday 30 December 2026")


async def test_a_correction_is_reminded_of_until_it_comes(town: Town) -> None:
    lan = await appoint(town, "Lan")
    deputy = await appoint(town, "Minh", focal_role="deputy")
    await plan(town)
    number = await obligation(town)
    holder = await contact_of(town, lan)
    town.clock.set("2026-12-17T09:00+07:00")
    async with town.database.transaction() as connection:
        await steps.stop(connection, number, "submitted", town.clock())
        await connection.execute(
            update(Obligation)
            .where(Obligation.id == number)
            .values(status="returned", correct_by=date(2026, 12, 22), version=1)
        )
        await steps.plan_correction(connection, number, date(2026, 12, 22), [holder], town.clock(), zone=ZONE)
    assert await personal(town) == [
        ("2026-12-21 08:00", "planned"),
        ("2026-12-22 08:00", "planned"),
        ("2026-12-23 08:00", "planned"),
        ("2026-12-25 08:00", "planned"),
    ]
    await tick(town, "2026-12-21T08:00+07:00")
    lan.reads(
        "Report to be corrected: 1 working day left",
        "To be corrected by Tuesday 22 December 2026 at the latest (1 working day left)",
    )
    await lan.blocks_the_bot()
    await tick(town, "2026-12-22T08:00+07:00")
    deputy.reads("Report to be corrected: due today")
    async with town.database.transaction() as connection:
        await steps.stop(connection, number, "submitted", town.clock())
    assert await tick(town, "2026-12-23T08:00+07:00") == []
    assert [status for _, status in await personal(town)] == ["sent", "sent", "dropped", "dropped"]


async def test_what_is_planned_for_one_person_goes_stale_too(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await plan(town)
    number, holder = await obligation(town), await contact_of(town, lan)
    async with town.database.transaction() as connection:
        for at in ("2026-12-07T14:00+07:00", "2026-12-09T14:00+07:00"):
            await steps.remind_at(connection, number, [holder], [datetime.fromisoformat(at)])
        await connection.execute(update(ReminderStep).values(status="sent"))
    assert await tick(town, "2026-12-12T10:00+07:00") == []  # a Saturday
    assert await tick(town, "2026-12-14T08:00+07:00") == []
    assert [status for _, status in await personal(town)] == ["dropped", "dropped"]


async def test_mail_goes_with_the_reminder_where_somebody_confirmed_an_address(town: Town) -> None:
    lan = await appoint(town, "Lan")
    contact_id = await contact_of(town, lan)
    async with town.database.transaction() as connection:
        await connection.execute(
            Address.__table__.insert().values(  # type: ignore[attr-defined]
                contact_id=contact_id,
                channel="email",
                external_id=f"{contact_id}/lan@hanoi.gov.vn",
                created_at=town.clock(),
            )
        )
    await tick(town, "2026-12-07T08:30+07:00")
    lan.reads("7 working days left")
    await lan.blocks_the_bot()
    await tick(town, "2026-12-11T08:30+07:00")
    async with town.database.reading() as connection:
        rows = await connection.execute(
            select(Delivery.channel, Delivery.key).where(Delivery.key.like("reminder:%")).order_by(Delivery.id)
        )
        assert list(map(tuple, rows)) == [
            ("telegram", f"reminder:{contact_id}:2026-12-07"),
            ("email", f"reminder:{contact_id}:2026-12-07:copy"),
            ("email", f"reminder:{contact_id}:2026-12-11"),
        ]
