"""Seats are exact whatever happens at once; codes that can be read aloud; offerings follow the content."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

from sqlalchemy import func, insert, select, update

from bot.db.engine import Database
from bot.db.models.applications import Application, ApplicationEvent
from bot.db.models.businesses import Business
from bot.db.models.messages import Delivery
from bot.db.models.offerings import Offering
from bot.db.models.people import Address, Contact
from bot.i18n import Translators
from bot.messages import Incoming, Kind, Language, Person
from bot.services.applications import application_codes, applications, filed_applications
from bot.services.applications.applications import Outcome, SignUp
from bot.services.applications.history import Cause
from bot.services.applications.statuses import Status
from bot.services.businesses import businesses
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.calendar.working_hours import OfficeHours
from bot.services.forms import drafts
from bot.services.messages.received import READABLE
from bot.services.offerings import offerings
from content.model import Content
from handlers.signing_up import form_state
from handlers.signing_up.form_state import Draft
from tests.chat import Clock, PersonInTown, Town
from tests.conftest import ZONE
from tests.signing_up import SMALL, tax_codes

OFFICE = OfficeHours(WorkingCalendar(), ZONE)
ANSWERS = {"organisation": "Công ty Sông Hồng", "contact_name": "Lan", "phone": "+84912345678", "email": "lan@x.vn"}


async def ready_to_confirm(town: Town, count: int, *, one_business: bool = False) -> list[PersonInTown]:
    """People whose forms are filled in up to the review page."""
    codes = tax_codes(1) * count if one_business else tax_codes(count)
    people = [town.person(f"P{number}") for number in range(count)]
    offering = await small_event(town.database)
    async with town.database.transaction() as connection:
        for number, person in enumerate(people):
            given = {"agreed": True, "version": "2026-11", "at": town.clock.now.isoformat(), "channel": "telegram"}
            answers = {**ANSWERS, "tax_code": codes[number], "consent_processing": given, "consent_news": None}
            draft = Draft(f"d{number}", offering, "event-registration", {"vi": "V", "en": "E"}, answers=answers)
            added = await connection.execute(
                insert(Contact)
                .values(
                    language="vi",
                    name=person.name,
                    created_at=town.clock.now,
                    dialog={"kind": "form", "data": {"draft": draft.id, "phone": False}},
                )
                .returning(Contact.id)
            )
            contact_id = added.scalar_one()
            await drafts.add(
                connection,
                contact_id,
                offering,
                draft_id=draft.id,
                business_id=None,
                state=form_state.packed(draft),
                now=town.clock.now,
            )
            await connection.execute(
                insert(Address).values(
                    contact_id=contact_id,
                    channel="telegram",
                    external_id=person.external_id,
                    created_at=town.clock.now,
                )
            )
    return people


async def small_event(database: Database) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(Offering.id).where(Offering.slug == SMALL))).scalar_one())


async def set_capacity(database: Database, capacity: int) -> None:
    async with database.transaction() as connection:
        await connection.execute(update(Offering).where(Offering.slug == SMALL).values(capacity=capacity))


def confirm(town: Town, person: PersonInTown, draft: int) -> Incoming:
    return Incoming("telegram", town.next_message_id(), person.external_id, Kind.PRESS, text=f"form:d{draft}:0:confirm")


async def receive(town: Town, incoming: Incoming) -> None:
    receipt = await town.conversation.receive(incoming)
    await receipt.delivered()


async def statuses(database: Database) -> Counter[str]:
    async with database.reading() as connection:
        return Counter((await connection.execute(select(Application.status))).scalars())


async def test_more_people_than_seats_at_once(town: Town) -> None:
    await set_capacity(town.database, 10)
    people = await ready_to_confirm(town, 40)
    await asyncio.gather(*(receive(town, confirm(town, person, number)) for number, person in enumerate(people)))
    assert await statuses(town.database) == {"confirmed": 10, "waitlisted": 30}
    told = [person.reads("Mã hồ sơ: NC-").plain for person in people]
    positions = sorted(int(text.split("vị trí số ")[1].split()[0]) for text in told if "vị trí số" in text)
    assert positions == list(range(1, 31))
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count(Application.code.distinct()))) == 40
        in_order = (await connection.execute(select(Application.status).order_by(Application.id))).scalars().all()
        assert in_order == ["confirmed"] * 10 + ["waitlisted"] * 30


async def test_withdrawals_and_sign_ups_at_once(town: Town) -> None:
    await set_capacity(town.database, 5)
    people = await ready_to_confirm(town, 20)
    await asyncio.gather(*(receive(town, confirm(town, each, number)) for number, each in enumerate(people[:12])))
    async with town.database.reading() as connection:
        rows = await connection.execute(
            select(Application.id, Address.external_id)
            .join(Address, Address.contact_id == Application.contact_id)
            .where(Application.status == "confirmed")
        )
        leaving = [
            Incoming("telegram", town.next_message_id(), row.external_id, Kind.PRESS, text=f"app:withdrawn:{row.id}")
            for row in rows
        ]
    coming = [confirm(town, person, number) for number, person in enumerate(people) if number >= 12]
    await asyncio.gather(*(receive(town, each) for each in [*coming, *leaving]))
    assert await statuses(town.database) == {"offered": 5, "waitlisted": 10, "withdrawn": 5}
    async with town.database.reading() as connection:
        in_order = (
            (
                await connection.execute(
                    select(Application.status).where(Application.status != "withdrawn").order_by(Application.id)
                )
            )
            .scalars()
            .all()
        )
        assert in_order == ["offered"] * 5 + ["waitlisted"] * 10
        notices = await connection.scalar(select(func.count()).where(Delivery.key.like("application:%")))
        assert notices == 5
        events = await connection.scalar(
            select(func.count()).where(ApplicationEvent.cause == Cause.SEAT_FREE).select_from(ApplicationEvent)
        )
        assert events == 5
    await town.deliver()
    for person in people:
        person.skips()


async def test_two_presses_at_once_make_one_application(town: Town) -> None:
    (lan,) = await ready_to_confirm(town, 1)
    await asyncio.gather(*(receive(town, confirm(town, lan, 0)) for _ in range(2)))
    told = [lan.reads("NC-").plain for _ in range(2)]
    assert sorted("Đăng ký thành công" in text for text in told) == [False, True]
    assert sorted("Hồ sơ đã được tiếp nhận" in text for text in told) == [False, True]
    assert await statuses(town.database) == {"confirmed": 1}


async def test_two_people_of_one_business_at_once(town: Town) -> None:
    people = await ready_to_confirm(town, 2, one_business=True)
    await asyncio.gather(*(receive(town, confirm(town, person, number)) for number, person in enumerate(people)))
    told = [person.reads().plain for person in people]
    assert sorted("Đăng ký thành công" in text for text in told) == [False, True]
    assert sorted("Chưa có gì được gửi đi" in text for text in told) == [False, True]
    assert await statuses(town.database) == {"confirmed": 1}
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Business)) == 1


async def test_seats_added_later_go_to_those_who_wait_first(
    database: Database, translators: Translators, clock: Clock
) -> None:
    await set_capacity(database, 1)
    event = await small_event(database)
    codes = tax_codes(5)
    people = [await _person(database, clock, number) for number in range(5)]

    async def sign_up(number: int) -> applications.Submission:
        business = await join_business(database, people[number], codes[number], clock)
        form = SignUp(f"d{number}", event, business, {**ANSWERS, "tax_code": codes[number]}, ())
        async with database.transaction() as connection:
            return await applications.submit(
                connection, people[number], form, translators=translators, office=OFFICE, now=clock.now
            )

    for number in range(3):
        assert (await sign_up(number)).outcome is Outcome.DONE
    await set_capacity(database, 4)
    fourth, fifth = await sign_up(3), await sign_up(4)
    assert fourth.filed is not None
    assert fifth.filed is not None
    assert (fourth.filed.status, fifth.filed.status) == (Status.CONFIRMED, Status.WAITLISTED)
    assert await statuses(database) == {"confirmed": 2, "offered": 2, "waitlisted": 1}
    await set_capacity(database, 2)
    async with database.transaction() as connection:
        gone = await applications.withdraw(
            connection, people[3].contact_id, fourth.filed.id, translators=translators, office=OFFICE, now=clock.now
        )
        assert gone is not None
        assert gone.status is Status.WITHDRAWN
    # Fewer seats than are taken: nobody loses one, and nobody gets one either.
    assert await statuses(database) == {"confirmed": 1, "offered": 2, "waitlisted": 1, "withdrawn": 1}
    assert (await sign_up(4)).outcome is Outcome.REPEATED


async def join_business(database: Database, person: Person, tax_code: str, clock: Clock) -> int:
    """A business of the person's own."""
    async with database.transaction() as connection:
        business_id = await businesses.make_or_join(
            connection, person.contact_id, tax_code, {"organisation": "Công ty Sông Hồng"}, clock.now
        )
    assert business_id is not None
    return business_id


async def _person(database: Database, clock: Clock, number: int) -> Person:
    async with database.transaction() as connection:
        contact_id = await connection.scalar(
            insert(Contact).values(language="vi", name=f"P{number}", created_at=clock.now).returning(Contact.id)
        )
        address_id = await connection.scalar(
            insert(Address)
            .values(contact_id=contact_id, channel="telegram", external_id=f"x{number}", created_at=clock.now)
            .returning(Address.id)
        )
    assert contact_id is not None
    assert address_id is not None
    return Person(contact_id, address_id, "telegram", f"x{number}", Language.VI, f"P{number}")


async def test_nobody_is_promoted_once_the_event_has_begun(
    database: Database, translators: Translators, clock: Clock
) -> None:
    await set_capacity(database, 1)
    event = await small_event(database)
    codes = tax_codes(2)
    people = [await _person(database, clock, number) for number in range(2)]
    for number, person in enumerate(people):
        business = await join_business(database, person, codes[number], clock)
        form = SignUp(f"d{number}", event, business, {**ANSWERS, "tax_code": codes[number]}, ())
        async with database.transaction() as connection:
            await applications.submit(connection, person, form, translators=translators, office=OFFICE, now=clock.now)
    other = await join_business(database, people[1], "0100233488", clock)
    async with database.transaction() as connection:
        first = (await filed_applications.of_contact(connection, people[0].contact_id))[0]
        assert first.starts_at is not None
        kept = await applications.withdraw(
            connection, people[0].contact_id, first.id, translators=translators, office=OFFICE, now=first.starts_at
        )
        assert kept is not None
        assert kept.status is Status.CONFIRMED
        late = SignUp("late", event, other, {**ANSWERS, "tax_code": "0100233488"}, ())
        after = first.starts_at + timedelta(minutes=1)
        closed = await applications.submit(
            connection, people[1], late, translators=translators, office=OFFICE, now=after
        )
        assert closed.outcome is Outcome.CLOSED


async def test_offerings_follow_the_content(database: Database, known: Content, clock: Clock) -> None:
    event = await small_event(database)
    without = known.model_copy(
        update={"offerings": {slug: each for slug, each in known.offerings.items() if slug != SMALL}}
    )
    async with database.transaction() as connection:
        await offerings.sync(connection, without)
        gone = await offerings.get(connection, event)
        assert gone is not None
        assert not gone.active
        listed = await offerings.listed(connection, offerings.Kind.EVENT, now=clock.now)
        assert event not in [each.id for each in listed]
        bigger = known.offerings[SMALL].model_copy(update={"capacity": 99})
        await offerings.sync(connection, known.model_copy(update={"offerings": {**known.offerings, SMALL: bigger}}))
        back = await offerings.get(connection, event)
        assert back is not None
        assert (back.active, back.capacity, back.free) == (True, 99, 99)
        count = await connection.scalar(select(func.count()).select_from(Offering))
        await offerings.sync(connection, known)
        assert await connection.scalar(select(func.count()).select_from(Offering)) == count == len(known.offerings)


async def test_a_long_list_has_pages_and_numbers_count_on_each(town: Town, known: Content) -> None:
    async with town.database.transaction() as connection:
        sample = known.offerings[SMALL]
        many = {
            f"event-{number:02}": sample.model_copy(
                update={
                    "slug": f"event-{number:02}",
                    "title": sample.title.model_copy(update={"vi": f"Sự kiện số {number:02}"}),
                    "starts_at": town.clock.now + timedelta(days=number),
                }
            )
            for number in range(1, 19)
        }
        await offerings.sync(connection, known.model_copy(update={"offerings": many}))
    lan = town.person("Lan")
    await lan.says("/sukien")
    first = lan.reads("1. Sự kiện số 01", "8. Sự kiện số 08")
    assert "số 09" not in first.plain
    await lan.says("9")
    lan.reads("1. Sự kiện số 09", "8. Sự kiện số 16")
    await lan.presses("Xem thêm")
    last = lan.reads("1. Sự kiện số 17", "2. Sự kiện số 18")
    assert [button.label for row in last.buttons for button in row][2:] == ["Trang trước", "Quay lại", "Menu"]
    await lan.says("2")
    lan.reads("Sự kiện số 18")


def test_a_code_shows_every_slip() -> None:
    code = application_codes.new_code()
    assert application_codes.read(code) == code
    assert application_codes.read(f"  {code.lower().replace('-', ' ')} ") == code
    plain = code.replace("-", "")
    for place in range(2, len(plain)):
        for character in READABLE:
            wrong = plain[:place] + character + plain[place + 1 :]
            assert (application_codes.read(wrong) is not None) == (wrong == plain)
        swapped = plain[:place] + plain[place + 1 : place + 2] + plain[place] + plain[place + 2 :]
        assert (application_codes.read(swapped) is not None) == (swapped == plain)
    assert not set("0O1IL") & set(READABLE)
    for typed in ("", "NC", "NC-7K3M", "7K3MQ9", "NC-0000-00", "x" * 100_000):
        assert application_codes.read(typed) is None
