"""Reminders: the right people, on working days, once per step however often the clock ticks."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import event, func, insert, select, update

from bot.db.models.clock import JobState
from bot.db.models.messages import Delivery
from bot.db.models.people import Address, Agency
from bot.db.models.reporting import Obligation, ReminderStep
from bot.services.planning import obligation_plan
from bot.services.reminding import reminders, rules
from bot.services.reminding import steps as steps_in_rows
from content.model import Content
from tests.chat import Town
from tests.handing_in import hand_in
from tests.reporting import BA_DINH, appoint, obligation, plan, quiet_hours, steps, tick

ACTIONS = [
    "Acknowledge",
    "Hand in the report",
    "Ask for more time",
    "Remind me this afternoon",
    "Remind me tomorrow morning",
    "Not mine",
]


async def test_a_reminder_says_what_is_due_and_when(town: Town) -> None:
    lan = await appoint(town, "Lan", "so-cong-thuong")
    assert await tick(town, "2026-12-07T08:30+07:00") == [
        "reminder -10: so-cong-thuong, consolidated-report, due 2026-12-21, to 1 person"
    ]
    lan.reads(
        "Report reminder: 10 working days left",
        "Consolidated yearly report",
        "Department of Industry and Trade",
        "15 Dec 2025 to 14 Dec 2026",
        "Due: Monday 21 December 2026 (10 working days left)",
        "Hanoi People's Committee",
        "V.1",
        "default awaiting confirmation",
        buttons=ACTIONS,
    )


async def test_in_vietnamese(town: Town) -> None:
    an = await appoint(town, "An", language="vi")
    await tick(town, "2026-12-07T08:30+07:00")
    an.reads(
        "Nhắc báo cáo: còn 7 ngày làm việc",
        "Kỳ báo cáo: từ 15/12/2025 đến 14/12/2026",
        "Hạn nộp: thứ Tư 16/12/2026",
        "mặc định, chờ xác nhận",
        buttons=[
            "Đã nhận",
            "Nộp báo cáo",
            "Xin gia hạn",
            "Nhắc lại chiều nay",
            "Nhắc lại sáng mai",
            "Không phải tôi",
        ],
    )


async def test_the_whole_ladder_of_one_report(town: Town) -> None:
    lan = await appoint(town, "Lan")
    for at, left in [
        ("2026-11-25T08:00+07:00", "15 working days left"),
        ("2026-12-07T08:05+07:00", "7 working days left"),
        ("2026-12-11T08:05+07:00", "3 working days left"),
        ("2026-12-15T08:05+07:00", "1 working day left"),
        ("2026-12-16T08:05+07:00", "due today"),
        ("2026-12-17T08:05+07:00", "overdue by 1 working day"),
        ("2026-12-21T08:05+07:00", "overdue by 3 working days"),
        ("2026-12-23T08:05+07:00", "overdue by 5 working days"),
    ]:
        await tick(town, at)
        lan.reads(f"Report reminder: {left}")
        assert await tick(town) == []
    assert set((await steps(town, await obligation(town))).values()) == {"sent"}


async def test_more_people_are_told_as_time_runs_out(town: Town) -> None:
    holder = await appoint(town, "Lan")
    deputy = await appoint(town, "Minh", focal_role="deputy")
    head = await appoint(town, "Hoa", focal_role="head")
    await tick(town, "2026-12-07T08:30+07:00")
    holder.reads("7 working days left")
    await tick(town, "2026-12-11T08:30+07:00")
    holder.reads("3 working days left")
    deputy.reads("3 working days left")
    await tick(town, "2026-12-17T08:30+07:00")
    for person in (holder, deputy, head):
        person.reads("overdue by 1 working day")


async def test_an_unreachable_holder_is_stood_in_for(town: Town) -> None:
    holder = await appoint(town, "Lan")
    head = await appoint(town, "Hoa", focal_role="head")
    await holder.blocks_the_bot()
    await tick(town, "2026-12-07T08:30+07:00")
    head.reads("7 working days left")


async def test_nobody_reachable_is_recorded(town: Town) -> None:
    holder = await appoint(town, "Lan")
    await holder.blocks_the_bot()
    assert await tick(town, "2026-12-07T08:30+07:00") == []
    assert (await steps(town, await obligation(town)))[-7] == rules.NOBODY
    assert (await steps(town, await obligation(town, "phuong-bach-mai")))[-7] == rules.NOBODY


async def test_several_obligations_make_one_message(town: Town) -> None:
    lan = await appoint(town, "Lan")
    for agency in ("phuong-bach-mai", "phuong-bo-de"):
        await appoint(town, "Lan", agency)
    assert len(await tick(town, "2026-12-07T08:30+07:00")) == 3
    lan.reads(
        "3 reports to hand in",
        "1. Yearly report",
        "People's Committee of Bạch Mai Ward",
        "3. Yearly report",
        "(7 working days left)",
        buttons=[
            "16 Dec 2026: People's Committee of Ba Đình Ward: Yearly…",
            "16 Dec 2026: People's Committee of Bạch Mai Ward: Yearly…",
            "16 Dec 2026: People's Committee of Bồ Đề Ward: Yearly…",
            "Agency reports",
        ],
    )
    await lan.presses("Agency reports")
    lan.reads("Reports of your agencies")


async def test_on_days_off_and_at_night_everything_waits(town: Town) -> None:
    lan = await appoint(town, "Lan")
    assert await tick(town, "2026-12-11T07:00+07:00") == []
    this = ReminderStep.obligation_id == await obligation(town)
    async with town.database.transaction() as connection:
        # As if a decree had made the step's day a day off.
        saturday = datetime.fromisoformat("2026-12-12T08:00+07:00")
        await connection.execute(update(ReminderStep).where(this, ReminderStep.step == -3).values(due_at=saturday))
        await connection.execute(update(ReminderStep).where(this, ReminderStep.step < -3).values(status="sent"))
    for at in ("2026-12-12T08:30+07:00", "2026-12-13T10:00+07:00", "2026-12-13T22:00+07:00", "2026-12-14T07:59+07:00"):
        assert await tick(town, at) == []
    assert len(await tick(town, "2026-12-14T08:00+07:00")) == 1
    lan.reads("2 working days left")


async def test_steps_missed_while_the_system_was_down(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await plan(town)
    await tick(town, "2026-12-15T16:00+07:00")
    lan.reads("1 working day left")
    found = await steps(town, await obligation(town))
    assert found == {
        -15: rules.SUPERSEDED,
        -7: rules.SUPERSEDED,
        -3: rules.SUPERSEDED,
        -1: "sent",
        0: "planned",
        1: "planned",
        3: "planned",
        5: "planned",
    }


async def test_a_step_is_useful_for_two_working_days(town: Town) -> None:
    await appoint(town, "Lan")
    await plan(town)
    assert len(await tick(town, "2026-12-09T20:00+07:00")) == 1
    town.person("Lan").reads("5 working days left")
    await appoint(town, "Minh", "phuong-bach-mai")
    async with town.database.transaction() as connection:
        await connection.execute(
            update(ReminderStep).where(ReminderStep.step == -7).values(status="planned", note=None)
        )
    assert await tick(town, "2026-12-10T08:00+07:00") == []
    assert (await steps(town, await obligation(town, "phuong-bach-mai")))[-7] == rules.STALE


async def test_a_reminder_not_delivered_by_the_next_working_day_is_dropped(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await plan(town)
    town.clock.set("2026-12-11T08:30+07:00")
    conversation = town.conversation
    await reminders.remind(
        town.database, conversation.known, conversation.translators, quiet=quiet_hours(town), now=town.clock()
    )
    async with town.database.reading() as connection:
        (stale_after,) = (
            await connection.execute(select(Delivery.stale_after).where(Delivery.priority == 1))
        ).scalars()
    assert stale_after == datetime.fromisoformat("2026-12-12T00:00+07:00")
    town.clock.set("2026-12-15T08:30+07:00")
    await town.deliver()
    lan.nothing_unread()


async def test_a_simulated_tick_is_delivered_at_any_hour(town: Town) -> None:
    lan = await appoint(town, "Lan")
    town.clock.set("2026-12-07T08:30+07:00")
    await plan(town)
    conversation = town.conversation
    await reminders.remind(
        town.database,
        conversation.known,
        conversation.translators,
        quiet=quiet_hours(town),
        now=town.clock(),
        simulated=True,
    )
    town.clock.set("2026-11-23T23:00+07:00")
    await town.deliver()
    lan.reads("7 working days left")


async def test_nobody_is_reminded_of_what_was_handed_in(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await tick(town, "2026-12-07T08:30+07:00")
    lan.reads("7 working days left")
    await hand_in(town, lan, await obligation(town))
    lan.reads("You will get no more reminders")
    for at in ("2026-12-11T08:30+07:00", "2026-12-15T08:30+07:00", "2026-12-17T08:30+07:00"):
        assert await tick(town, at) == []
    found = await steps(town, await obligation(town))
    assert [found[step] for step in (-3, -1, 0, 1, 3)] == ["submitted"] * 5


async def test_a_duty_that_was_switched_off_reminds_nobody(town: Town) -> None:
    await appoint(town, "Lan")
    await plan(town)
    known = town.conversation.known
    off = known.model_copy(
        update={"duties": {slug: duty.model_copy(update={"enabled": False}) for slug, duty in known.duties.items()}}
    )
    town.clock.set("2026-12-07T08:30+07:00")
    lines = await reminders.remind(
        town.database, off, town.conversation.translators, quiet=quiet_hours(town), now=town.clock()
    )
    assert all("dropped" in line for line in lines)
    assert (await steps(town, await obligation(town)))[-7] == rules.SWITCHED_OFF


async def test_ticks_at_once_send_once(town: Town) -> None:
    lan = await appoint(town, "Lan")
    minh = await appoint(town, "Minh", "phuong-bach-mai")
    town.clock.set("2026-12-07T08:30+07:00")
    conversation = town.conversation

    async def one_tick() -> Sequence[str]:
        await plan(town)
        return await reminders.remind(
            town.database, conversation.known, conversation.translators, quiet=quiet_hours(town), now=town.clock()
        )

    results = await asyncio.gather(*(one_tick() for _ in range(6)))
    assert sum(line.startswith("reminder ") for lines in results for line in lines) == 2
    await town.deliver()
    lan.reads("7 working days left")
    minh.reads("7 working days left")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Delivery).where(Delivery.priority == 1)) == 2


async def test_obligations_are_laid_out_once_for_everyone_who_owes(town: Town) -> None:
    lines = await plan(town)
    assert lines
    assert await plan(town) == []
    async with town.database.reading() as connection:
        rows = await connection.execute(
            select(Obligation.duty, func.count(), func.min(Obligation.due_on)).group_by(Obligation.duty)
        )
        found = {duty: (count, due) for duty, count, due in rows}
    # 126 wards and communes and six departments; Sở Công Thương consolidates instead of reporting to itself.
    assert found == {
        "yearly-report-to-sct": (2 * 131, date(2026, 12, 16)),
        "consolidated-report": (2, date(2026, 12, 21)),
        "yearly-implementation-plan": (132, date(2027, 2, 1)),
    }
    town.clock.advance(days=1)
    assert await plan(town) == []
    town.clock.advance(days=80)
    assert await plan(town) == ["obligations: 132 added up to 2028-03-12"]


async def test_what_was_due_before_the_start_is_not_owed(town: Town) -> None:
    town.clock.set("2026-12-17T09:00+07:00")
    await plan(town)
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.min(Obligation.due_on))) == date(2026, 12, 21)


async def test_steps_are_planned_for_eight_in_the_morning(town: Town) -> None:
    await plan(town)
    async with town.database.reading() as connection:
        rows = await connection.execute(
            select(ReminderStep.step, ReminderStep.due_at).where(ReminderStep.obligation_id == await obligation(town))
        )
        moments = {step: due_at.astimezone(quiet_hours(town).zone) for step, due_at in rows}
    assert f"{moments[-7]:%Y-%m-%d %H:%M}" == "2026-12-07 08:00"
    assert f"{moments[-15]:%Y-%m-%d %H:%M}" == "2026-11-25 08:00"  # around Culture Day, 24 November


async def test_a_new_agency_is_laid_out_the_same_day(town: Town) -> None:
    known = town.conversation.known
    without = {slug: agency for slug, agency in known.agencies.items() if slug != BA_DINH}
    smaller: Content = known.model_copy(update={"agencies": without})
    zone = quiet_hours(town).zone
    await obligation_plan.generate_ahead(town.database, smaller, zone=zone, now=town.clock())
    async with town.database.reading() as connection:
        ba_dinh = select(Agency.id).where(Agency.slug == BA_DINH)
        statement = select(func.count()).select_from(Obligation).where(Obligation.agency_id.in_(ba_dinh))
        assert await connection.scalar(statement) == 0
    assert await plan(town) == ["obligations: 3 added up to 2027-12-23"]


async def test_a_tick_with_nothing_due_asks_three_short_questions(town: Town) -> None:
    await plan(town)
    statements: list[str] = []
    event.listen(
        town.database.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_rest: statements.append(statement),
    )
    conversation = town.conversation
    assert await plan(town) == []
    lines = await reminders.remind(
        town.database, conversation.known, conversation.translators, quiet=quiet_hours(town), now=town.clock()
    )
    assert lines == []
    asked = [statement for statement in statements if not statement.startswith("BEGIN")]
    assert [statement.split("FROM ")[1].split()[0] for statement in asked] == [
        "duty_definition",
        "job_state",
        "reminder_step",
    ]


async def test_whether_anything_is_due_costs_the_same_however_much_is_planned(town: Town) -> None:
    """By a moment that PostgreSQL doesn't know when it prepares the statement, it would read all steps for one."""
    asked: list[tuple[str, int]] = []
    event.listen(
        town.database.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, parameters, *_rest: asked.append((statement[:6], len(parameters))),
    )
    async with town.database.reading() as connection:
        assert not await steps_in_rows.anything_due(connection, town.clock())
    assert [each for each in asked if each[0] == "SELECT"] == [("SELECT", 0)]


async def test_a_person_is_written_to_at_the_address_that_works(town: Town) -> None:
    lan = await appoint(town, "Lan")
    async with town.database.transaction() as connection:
        contact_id = await connection.scalar(select(Address.contact_id).where(Address.external_id == lan.external_id))
        await connection.execute(
            insert(Address).values(
                contact_id=contact_id,
                channel="web_chat",
                external_id="visitor",
                created_at=town.clock() + timedelta(hours=1),
            )
        )
    await tick(town, "2026-12-07T08:30+07:00")
    lan.reads("7 working days left")


async def test_the_state_of_the_jobs_is_two_rows(town: Town) -> None:
    await tick(town, "2026-12-07T08:30+07:00")
    async with town.database.reading() as connection:
        jobs = (await connection.execute(select(JobState.job).order_by(JobState.job))).scalars()
        assert list(jobs) == ["obligations", "reminders"]
