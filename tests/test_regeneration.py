"""Duties, agencies and calendar change: what is open follows, after somebody said yes, and facts stay."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.db.engine import Database
from bot.db.models.reporting import Extension, Obligation, PersonalReminder
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.reporting import history
from content.model import Content
from tests.regenerating import (
    BA_DINH,
    BACH_MAI,
    CAU_GIAY,
    CITY,
    NOW,
    TODAY,
    Line,
    carry_out,
    change,
    extension,
    lay_out,
    lines,
    of,
    preview,
    send,
    set_status,
    small,
    somebody,
)
from tests.test_duties import CALENDAR

USUAL = {-3: "11/12", 0: "16/12", 1: "17/12"}
NEXT_WEEK = {-3: "16/12", 0: "21/12", 1: "22/12"}
LATER: dict[str, Any] = {"due": {"day_of_month": 20}}


async def test_laid_out_at_the_same_time_by_many_each_exists_once(database: Database, known: Content) -> None:
    city = small(known)
    assert sum(await asyncio.gather(*(lay_out(database, city) for _ in range(6)))) == 3
    assert await lines(database) == [
        Line(agency, "2026-12-16", "open", USUAL) for agency in (BA_DINH, BACH_MAI, CAU_GIAY)
    ]
    assert (await preview(database, city)).nothing


async def test_a_due_date_moves_with_what_was_not_sent_yet(database: Database, known: Content) -> None:
    await lay_out(database, small(known))
    await set_status(database, BACH_MAI, "acknowledged", acknowledged_at=NOW)
    await send(database, BA_DINH, -3)
    shown = await change(database, small(known, **LATER))
    assert [(each.due_from, each.due_on) for each in shown.moved] == [(date(2026, 12, 16), date(2026, 12, 21))] * 3
    assert (shown.added, shown.withdrawn, shown.restored) == ((), (), ())
    assert await lines(database) == [
        Line(BA_DINH, "2026-12-21", "open", {0: "21/12", 1: "22/12"}),
        Line(BACH_MAI, "2026-12-21", "acknowledged", NEXT_WEEK),
        Line(CAU_GIAY, "2026-12-21", "open", NEXT_WEEK),
    ]
    async with database.reading() as connection:
        (event,) = await history.of(connection, await of(database, BA_DINH))
    assert (event.what, event.contact_id) == (history.What.DUE_MOVED, await somebody(database))
    assert event.details == {"from": "2026-12-16", "to": "2026-12-21", "because": "duty"}


@pytest.mark.parametrize("status", ["submitted", "accepted", "returned"])
async def test_what_was_handed_in_or_returned_is_not_touched(database: Database, known: Content, status: str) -> None:
    await lay_out(database, small(known))
    await set_status(database, BA_DINH, status, submitted_at=NOW, correct_by=TODAY)
    before = (await lines(database))[0]
    await change(database, small(known, **LATER))
    await change(database, small(known, reminders=[-9, 4]))
    await change(database, small(known, enabled=False))
    assert (await lines(database))[0] == before
    assert [line.status for line in await lines(database)] == [status, "withdrawn", "withdrawn"]


async def test_a_granted_day_stays(database: Database, known: Content) -> None:
    await lay_out(database, small(known))
    await extension(database, BA_DINH, "granted", date(2026, 12, 30))
    granted = Line(BA_DINH, "2026-12-30", "open", {-3: "25/12", 0: "30/12", 1: "31/12"})
    assert (await lines(database))[0] == granted
    shown = await change(database, small(known, **LATER))
    assert len(shown.moved) == 2
    assert (await lines(database))[0] == granted


async def test_a_duty_is_switched_off_and_on_again(database: Database, known: Content) -> None:
    await lay_out(database, small(known))
    await set_status(database, BACH_MAI, "acknowledged", acknowledged_at=NOW)
    await send(database, BA_DINH, -3)
    await extension(database, BA_DINH, "asked", date(2026, 12, 30))
    by, obligation_id = await somebody(database), await of(database, BA_DINH)
    async with database.transaction() as connection:
        await connection.execute(
            insert(PersonalReminder).values(
                obligation_id=obligation_id, contact_id=by, due_at=NOW + timedelta(days=1), status="planned"
            )
        )
    shown = await change(database, small(known, enabled=False))
    assert (len(shown.withdrawn), shown.steps) == (3, ())
    assert await lines(database) == [
        Line(agency, "2026-12-16", "withdrawn", {}) for agency in (BA_DINH, BACH_MAI, CAU_GIAY)
    ]
    async with database.reading() as connection:
        assert await connection.scalar(select(PersonalReminder.status)) == "dropped"
        assert await connection.scalar(select(Extension.status)) == "closed"
    assert await lay_out(database, small(known)) == 0
    back = await change(database, small(known, **LATER))
    assert len(back.restored) == 3
    assert await lines(database) == [
        Line(BA_DINH, "2026-12-21", "open", {0: "21/12", 1: "22/12"}),
        Line(BACH_MAI, "2026-12-21", "acknowledged", NEXT_WEEK),
        Line(CAU_GIAY, "2026-12-21", "open", NEXT_WEEK),
    ]
    async with database.reading() as connection:
        events = await history.of(connection, obligation_id)
    assert [event.what.value for event in events] == ["withdrawn", "restored", "due moved"]


async def test_a_duty_that_is_gone_from_the_content_is_owed_no_longer(database: Database, known: Content) -> None:
    known = small(known)
    (of_wards,) = known.duties.values()
    other = of_wards.model_copy(update={"slug": "another"})
    both = known.model_copy(update={"duties": {of_wards.slug: of_wards, other.slug: other}})
    assert await lay_out(database, both) == 6
    shown = await change(database, known)
    assert [(each.duty, each.due_on) for each in shown.withdrawn] == [("another", date(2026, 12, 16))] * 3
    assert (shown.moved, shown.steps) == ((), ())


async def test_agencies_stop_and_begin_to_owe(database: Database, known: Content) -> None:
    await lay_out(database, small(known, owing=(BA_DINH, BACH_MAI)))
    shown = await change(database, small(known, owing=(BACH_MAI, CAU_GIAY)))
    assert (len(shown.added), len(shown.withdrawn), len(shown.moved)) == (1, 1, 0)
    assert [(line.agency, line.status) for line in await lines(database)] == [
        (BA_DINH, "withdrawn"),
        (BACH_MAI, "open"),
        (CAU_GIAY, "open"),
    ]
    assert (await lines(database))[2].steps == USUAL


async def test_steps_that_were_not_sent_appear_and_disappear(database: Database, known: Content) -> None:
    await lay_out(database, small(known))
    await send(database, BA_DINH, -3)
    # Thirty working days before was a week ago: nobody is told of that now.
    shown = await change(database, small(known, reminders=[-30, -10, 0, 5]))
    assert not shown.moved
    assert [line.steps for line in await lines(database)] == [{-10: "02/12", 0: "16/12", 5: "23/12"}] * 3
    await change(database, small(known, reminders=[-3, 0]))
    assert [line.steps for line in await lines(database)] == [{0: "16/12"}, *[{-3: "11/12", 0: "16/12"}] * 2]


async def test_a_day_off_moves_what_lies_behind_it(database: Database, known: Content) -> None:
    city = small(known)
    await lay_out(database, city)
    with_holiday = WorkingCalendar({**CALENDAR.overrides, date(2026, 12, 16): False})
    shown = await change(database, city, calendar=with_holiday)
    assert [each.due_on for each in shown.moved] == [date(2026, 12, 17)] * 3
    assert (await lines(database))[0].steps == {-3: "11/12", 0: "17/12", 1: "18/12"}
    # One that only concerns a reminder moves no due date.
    with_another = WorkingCalendar({**with_holiday.overrides, date(2026, 12, 11): False})
    shown = await change(database, city, calendar=with_another)
    assert (shown.moved, len(shown.steps)) == ((), 3)
    assert (await lines(database))[0].steps == {-3: "10/12", 0: "17/12", 1: "18/12"}


async def test_what_is_overdue_only_gets_a_later_day(database: Database, known: Content) -> None:
    city = small(known)
    await lay_out(database, city)
    late = date(2026, 12, 18)
    assert (await preview(database, city, late)).added
    assert len((await preview(database, small(known, **LATER), late)).moved) == 3
    others: tuple[dict[str, Any], ...] = (
        {"due": {"working_days_after_cut_off": 1}},
        {"enabled": False},
        {"frequency": "quarterly"},
    )
    for other in others:
        shown = await preview(database, small(known, **other), late)
        assert not shown.touches, other
    gone = small(known, slug="another-report")
    assert not (await preview(database, gone, late)).touches


async def test_a_due_date_does_not_move_into_the_past(database: Database, known: Content) -> None:
    await lay_out(database, small(known, **LATER))
    shown = await preview(database, small(known), date(2026, 12, 18))
    assert not shown.touches


async def test_other_periods_take_the_place_of_the_old_ones(database: Database, known: Content) -> None:
    await lay_out(database, small(known))
    shown = await change(database, small(known, cut_off="calendar", due={"date": "12-20"}))
    assert (len(shown.withdrawn), len(shown.added)) == (3, 3)
    # A quarter ends on the same day as the year: the same obligation, about less.
    await change(database, small(known))
    shown = await change(database, small(known, frequency="quarterly"))
    assert {(f"{each.period.start}", each.due_from == each.due_on) for each in shown.moved} == {("2026-09-15", True)}


async def test_only_what_was_shown_is_done(database: Database, known: Content) -> None:
    await lay_out(database, small(known))
    later = small(known, **LATER)
    shown = await preview(database, later)
    await set_status(database, BA_DINH, "submitted", submitted_at=NOW)
    assert await carry_out(database, later, shown.fingerprint) is None
    assert await carry_out(database, small(known, enabled=False), shown.fingerprint) is None
    assert {line.due_on for line in await lines(database)} == {"2026-12-16"}
    assert not {line.status for line in await lines(database)} - {"open", "submitted"}


async def test_two_who_confirm_at_once_do_it_once(database: Database, known: Content) -> None:
    await lay_out(database, small(known))
    later = small(known, **LATER)
    shown, by = await preview(database, later), await somebody(database)
    both = await asyncio.gather(*(carry_out(database, later, shown.fingerprint, contact_id=by) for _ in range(2)))
    assert sorted(both, key=bool) == [None, shown]
    async with database.reading() as connection:
        assert len(await history.of(connection, await of(database, BA_DINH))) == 1
        assert len(set(await connection.scalars(select(Obligation.due_on)))) == 1
    assert {agency for agency in CITY if agency.startswith("phuong")} == {line.agency for line in await lines(database)}
