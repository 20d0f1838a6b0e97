"""Whatever happens in whatever order: seats stay exact, nobody overtakes, no offer is lost, the history is complete."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.models.applications import Application, ApplicationEvent
from bot.db.models.businesses import Business, BusinessEvent, BusinessMember
from bot.db.models.messages import Delivery
from bot.db.models.offerings import Offering, OfferingEvent
from bot.db.models.people import Address, Contact
from bot.i18n import Translators
from bot.messages import Language, Person
from bot.services.applications import applications, decisions, event_beginning, history, offers
from bot.services.applications.applications import Outcome, SignUp, Submission
from bot.services.applications.history import Cause
from bot.services.applications.offers import Answer
from bot.services.applications.statuses import IN_REVIEW, OVER, STEPS, TAKES_SEATS, Status
from bot.services.businesses import businesses
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.calendar.working_hours import OfficeHours
from bot.services.offerings import offering_changes
from tests.conftest import MONDAY_MORNING, ZONE
from tests.signing_up import SMALL, tax_codes

PEOPLE = 8
OFFICE = OfficeHours(WorkingCalendar(), ZONE)
WHO = st.integers(min_value=0, max_value=PEOPLE - 1)
SEATS = st.integers(min_value=1, max_value=3)
RARELY = st.integers(min_value=0, max_value=5)
WHICH = st.integers(min_value=0, max_value=20)
_BY_CLOCK = (Cause.SEAT_FREE, Cause.EXPIRED, Cause.NO_SEAT)
T = TypeVar("T")


class Life(RuleBasedStateMachine):
    """Eight businesses, one small event, and everything that can be done with it."""

    def __init__(self, runner: asyncio.Runner, database: Database, translators: Translators) -> None:
        super().__init__()
        self.runner = runner
        self.database = database
        self.translators = translators
        self.now = MONDAY_MORNING
        self.forms = 0
        self.taken = 0
        self.seen: dict[int, Status] = {}
        self.owner: dict[int, int] = {}
        self.offering, self.people, self.businesses = self.run(self._clean())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def _clean(self) -> tuple[int, list[Person], list[int]]:
        """The event as if nobody had been there, and people who act for a business each."""
        async with self.database.transaction() as connection:
            for table in (Delivery, Application, OfferingEvent, BusinessEvent, BusinessMember, Business):
                await connection.execute(delete(table))
            await connection.execute(delete(Contact))
            offering = await connection.scalar(select(Offering.id).where(Offering.slug == SMALL))
            assert offering is not None
            found, codes = [], tax_codes(PEOPLE)
            ids = []
            for number in range(PEOPLE):
                person = await _somebody(connection, f"life-{number}", self.now)
                business = await businesses.make_or_join(
                    connection, person.contact_id, codes[number], {"organisation": f"B{number}"}, self.now
                )
                assert business is not None
                found.append(person)
                ids.append(business)
            return offering, found, ids

    @initialize(
        capacity=st.integers(min_value=3, max_value=5),
        crowd=st.lists(SEATS, min_size=4, max_size=6),
        approval=RARELY,
        no_waitlist=RARELY,
    )
    def an_event(self, capacity: int, crowd: list[int], approval: int, no_waitlist: int) -> None:
        async def begin() -> None:
            async with self.database.transaction() as connection:
                await connection.execute(
                    update(Offering)
                    .where(Offering.id == self.offering)
                    .values(
                        capacity=capacity,
                        seats_per_business=3,
                        needs_approval=approval == 3,
                        waitlist=no_waitlist != 3,
                        starts_at=self.now + timedelta(days=9),
                        ends_at=self.now + timedelta(days=9, hours=3),
                        cancelled_at=None,
                        closes_at=None,
                        opens_at=None,
                        origin="content",
                    )
                )

        self.run(begin())
        self.some_newcomers_sign_up(crowd)
        self.give_up_a_seat(0)  # so that most lives have an offer from the beginning
        self.everything_adds_up()

    def pick(self, which: int, *statuses: Status) -> int | None:
        """One of the applications with one of these statuses."""
        ids = sorted(id_ for id_, status in self.seen.items() if status in statuses)
        return ids[which % len(ids)] if ids else None

    @rule(who=WHO, seats=SEATS)
    def sign_up(self, who: int, seats: int) -> None:
        self._sign_up(who, seats)

    @rule(seats=st.lists(SEATS, min_size=1, max_size=3))
    def some_newcomers_sign_up(self, seats: list[int]) -> None:
        busy = {self.owner[id_] for id_, status in self.seen.items() if status not in OVER}
        for who, wanted in zip((each for each in range(PEOPLE) if each not in busy), seats, strict=False):
            self._sign_up(who, wanted)
            self.everything_adds_up()

    def _sign_up(self, who: int, seats: int) -> None:
        form = SignUp(f"f{self.forms}", self.offering, self.businesses[who], {"seats": seats}, (), seats)
        self.forms += 1

        async def twice() -> tuple[Submission, Submission]:
            results = []
            for _ in range(2):
                async with self.database.transaction() as connection:
                    results.append(
                        await applications.submit(
                            connection,
                            self.people[who],
                            form,
                            translators=self.translators,
                            office=OFFICE,
                            now=self.now,
                        )
                    )
            return results[0], results[1]

        first, again = self.run(twice())
        if first.outcome is Outcome.DONE:
            assert again.outcome is Outcome.REPEATED
            assert first.filed is not None
            assert again.filed is not None
            assert first.filed.id == again.filed.id
            self.owner[first.filed.id] = who
        else:
            assert again.outcome is first.outcome

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        self._by_owner(self.pick(which, *Status), applications.withdraw, office=OFFICE)

    @rule(which=WHICH)
    def give_up_a_seat(self, which: int) -> None:
        self._by_owner(self.pick(which, Status.CONFIRMED), applications.withdraw, office=OFFICE)

    @rule(which=WHICH)
    def accept(self, which: int) -> None:
        answered = self._by_owner(self.pick(which, Status.OFFERED), offers.accept, office=OFFICE)
        if answered is not None and answered.outcome is Answer.DONE:
            assert answered.filed.status is Status.CONFIRMED
            assert answered.filed.starts_at > self.now

    @rule(which=WHICH)
    def accept_what_is_not_offered(self, which: int) -> None:
        application_id = self.pick(which, *(each for each in Status if each is not Status.OFFERED))
        answered = self._by_owner(application_id, offers.accept, office=OFFICE)
        assert answered is None or answered.outcome is not Answer.DONE

    @rule(which=WHICH)
    def decline(self, which: int) -> None:
        self._by_owner(self.pick(which, Status.OFFERED), offers.decline, office=OFFICE)

    @rule(which=WHICH, seats=SEATS)
    def change(self, which: int, seats: int) -> None:
        self._by_owner(
            self.pick(which, *Status), applications.change_answers, {"seats": seats}, wanted=seats, office=OFFICE
        )

    @rule(which=WHICH)
    def a_stranger_tries(self, which: int) -> None:
        application_id = self.pick(which, *Status)
        if application_id is not None:
            stranger = (self.owner[application_id] + 1) % PEOPLE
            for act in (applications.withdraw, offers.accept, offers.decline):
                assert self._by_person(stranger, application_id, act, office=OFFICE) is None

    @rule(which=WHICH)
    def approve(self, which: int) -> None:
        self._by_staff(self.pick(which, *IN_REVIEW), decisions.approve, office=OFFICE)

    @rule(which=WHICH)
    def approve_once_more(self, which: int) -> None:
        self._by_staff(self.pick(which, *Status), decisions.approve, office=OFFICE)

    @rule(which=WHICH)
    def reject(self, which: int) -> None:
        self._by_staff(self.pick(which, *Status), decisions.reject, "không phù hợp", office=OFFICE)

    @rule(which=WHICH)
    def review(self, which: int) -> None:
        self._by_staff(self.pick(which, Status.SUBMITTED), decisions.start_review)

    @rule(which=WHICH)
    def ask(self, which: int) -> None:
        self._by_staff(self.pick(which, *IN_REVIEW), decisions.ask_for_more, "Bao nhiêu lao động?")

    @rule(which=WHICH)
    def answer(self, which: int) -> None:
        self._by_owner(self.pick(which, Status.MORE_INFORMATION), decisions.answer_question, "20")

    @rule(capacity=st.integers(min_value=1, max_value=6) | st.none())
    def set_capacity(self, capacity: int | None) -> None:
        change = self._on_offering(offering_changes.set_capacity, capacity, translators=self.translators, office=OFFICE)
        assert change is not None

    @rule(days=st.integers(min_value=1, max_value=6))
    def move(self, days: int) -> None:
        starts_at = self.now + timedelta(days=days)
        self._on_offering(
            offering_changes.move,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=3),
            place={"vi": "Hội trường", "en": "Hall"},
            translators=self.translators,
        )

    @precondition(lambda self: Status.OFFERED in self.seen.values())
    @rule(hours=st.integers(min_value=2, max_value=20))
    def move_ahead_of_an_offer(self, hours: int) -> None:
        """The event begins before the offers would have ended."""
        self._on_offering(
            offering_changes.move,
            starts_at=self.now + timedelta(hours=hours),
            ends_at=None,
            place=None,
            translators=self.translators,
        )

    @precondition(lambda self: {Status.OFFERED, Status.WAITLISTED} <= set(self.seen.values()))
    @rule()
    def nobody_answers_the_offers(self) -> None:
        """All that is offered lapses while others wait."""

        async def last() -> datetime:
            async with self.database.reading() as connection:
                until: datetime | None = await connection.scalar(select(func.max(Application.offered_until)))
                assert until is not None
                return until

        self.now = max(self.now, self.run(last()))
        self.tick()

    @precondition(lambda self: Status.CONFIRMED in self.seen.values())
    @rule(which=WHICH)
    def ask_for_as_many_seats_as_one_can(self, which: int) -> None:
        self._by_owner(
            self.pick(which, Status.CONFIRMED), applications.change_answers, {"seats": 3}, wanted=3, office=OFFICE
        )

    @rule(sure=st.integers(min_value=0, max_value=40))
    def cancel(self, sure: int) -> None:
        if sure == 33:
            self._on_offering(offering_changes.cancel, "bão", translators=self.translators)

    @rule(hours=st.integers(min_value=1, max_value=20))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule()
    def tick(self) -> None:
        async def often() -> None:
            await offers.expire(self.database, self.translators, zone=ZONE, now=self.now)
            assert await offers.expire(self.database, self.translators, zone=ZONE, now=self.now) == []
            await event_beginning.end_waiting(self.database, self.translators, now=self.now)
            assert await event_beginning.end_waiting(self.database, self.translators, now=self.now) == []

        self.run(often())

    @rule(which=WHICH)
    def come_in(self, which: int) -> None:
        """What the check-in does: confirmed becomes attended, and back."""
        application_id = self.pick(which, Status.CONFIRMED, Status.ATTENDED)
        if application_id is None:
            return
        other = Status.CONFIRMED if self.seen[application_id] is Status.ATTENDED else Status.ATTENDED
        cause = Cause.CHECKED_IN if other is Status.ATTENDED else Cause.CHECK_IN_UNDONE

        async def check_in() -> None:
            async with self.database.transaction() as connection:
                await history.change(
                    connection, [application_id], other, cause, actor_id=self.people[0].contact_id, now=self.now
                )

        self.run(check_in())

    def _by_owner(self, application_id: int | None, act: Any, *arguments: Any, **more: Any) -> Any:
        if application_id is None:
            return None
        return self._by_person(self.owner[application_id], application_id, act, *arguments, **more)

    def _by_person(self, who: int, application_id: int, act: Any, *arguments: Any, **more: Any) -> Any:
        async def do() -> Any:
            async with self.database.transaction() as connection:
                return await act(
                    connection,
                    self.people[who].contact_id,
                    application_id,
                    *arguments,
                    translators=self.translators,
                    now=self.now,
                    **more,
                )

        return self.run(do())

    def _by_staff(self, application_id: int | None, act: Any, *arguments: Any, **more: Any) -> None:
        if application_id is None:
            return

        async def do() -> None:
            async with self.database.transaction() as connection:
                await act(
                    connection,
                    application_id,
                    *arguments,
                    actor_id=self.people[0].contact_id,
                    translators=self.translators,
                    now=self.now,
                    **more,
                )

        self.run(do())

    def _on_offering(self, act: Any, *arguments: Any, **more: Any) -> Any:
        async def do() -> Any:
            async with self.database.transaction() as connection:
                return await act(
                    connection,
                    self.offering,
                    *arguments,
                    actor_id=self.people[0].contact_id,
                    now=self.now,
                    **more,
                )

        return self.run(do())

    @invariant()
    def everything_adds_up(self) -> None:
        offering, rows, events, keys = self.run(self._look())
        taken = sum(row.seats for row in rows if row.status in TAKES_SEATS)
        capacity = offering.capacity
        assert capacity is None or taken <= max(capacity, self.taken), "seats exceed the capacity"
        assert all(row.seats >= 1 for row in rows)
        left = None if capacity is None else capacity - taken
        waiting = [row for row in rows if row.status == Status.WAITLISTED and row.seats <= (capacity or row.seats)]
        to_come = offering.cancelled_at is None and offering.starts_at > self.now
        if waiting and to_come:
            assert left is not None, "somebody waits where there is room for all"
            assert waiting[0].seats > left, "a seat is free, and the first who waits has no offer"
        for row in rows:
            status, before = Status(row.status), self.seen.get(row.id)
            assert (row.offered_until is not None) == (status is Status.OFFERED), "an offer without an end"
            if status is Status.OFFERED:
                assert row.offered_until <= offering.starts_at, "an offer after the event has begun"
            if status in TAKES_SEATS and before not in TAKES_SEATS:
                assert to_come, "a seat given out after the event had begun"
                assert not [each for each in waiting if each.id < row.id], "somebody was overtaken"
            _history_is_complete(row, [each for each in events if each.application_id == row.id], keys)
        if offering.cancelled_at is not None:
            assert all(row.status in OVER for row in rows), "an application outlived its event"
        self.seen = {row.id: Status(row.status) for row in rows}
        self.taken = taken

    async def _look(self) -> tuple[Any, list[Any], list[Any], set[str | None]]:
        async with self.database.reading() as connection:
            offering = (
                await connection.execute(
                    select(Offering.capacity, Offering.starts_at, Offering.cancelled_at).where(
                        Offering.id == self.offering
                    )
                )
            ).one()
            rows = await connection.execute(
                select(Application.id, Application.status, Application.seats, Application.offered_until).order_by(
                    Application.id
                )
            )
            events = await connection.execute(
                select(
                    ApplicationEvent.id,
                    ApplicationEvent.application_id,
                    ApplicationEvent.status,
                    ApplicationEvent.cause,
                    ApplicationEvent.actor_id,
                ).order_by(ApplicationEvent.id)
            )
            keys = await connection.execute(select(Delivery.key))
            return offering, list(rows.all()), list(events.all()), set(keys.scalars())


def _history_is_complete(row: Any, events: list[Any], keys: set[str | None]) -> None:
    assert events[0].cause == Cause.SIGNED_UP
    assert events[-1].status == row.status, "the history says something else"
    for earlier, later in pairwise(events):
        if later.cause in (Cause.CHANGED, Cause.ASKED) and earlier.status == later.status:
            continue
        assert Status(later.status) in STEPS[Status(earlier.status)], f"{earlier.status} can't become {later.status}"
        assert later.cause
        if earlier.status == Status.OFFERED:
            assert later.cause != Cause.SEAT_FREE, "an offer was made twice"
    for event in events:
        if event.cause in (*_BY_CLOCK, Cause.APPROVED, Cause.REJECTED, Cause.EVENT_CANCELLED):
            assert f"application:{row.id}:{event.id}" in keys, f"nobody was told: {event.cause}"
        assert (event.actor_id is None) == (event.cause in _BY_CLOCK)


async def _somebody(connection: AsyncConnection, name: str, now: datetime) -> Person:
    contact_id = await connection.scalar(
        insert(Contact).values(language="vi", name=name, created_at=now).returning(Contact.id)
    )
    address_id = await connection.scalar(
        insert(Address)
        .values(contact_id=contact_id, channel="telegram", external_id=name, created_at=now)
        .returning(Address.id)
    )
    assert contact_id is not None
    assert address_id is not None
    return Person(contact_id, address_id, "telegram", name, Language.VI, name)


def test_the_life_of_applications(database_url: str, translators: Translators) -> None:
    with asyncio.Runner() as runner:
        database = Database(database_url)
        try:
            run_state_machine_as_test(
                lambda: Life(runner, database, translators),  # type: ignore[arg-type]
                settings=settings(
                    max_examples=40 if database.is_sqlite else 12,
                    stateful_step_count=30,
                    deadline=None,
                    derandomize=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(database.close())
