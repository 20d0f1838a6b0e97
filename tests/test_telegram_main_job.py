"""The main job through Telegram, by polling and by webhook, and what Telegram may do to it on the way."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path

import pytest
from aiogram.types import Update
from sqlalchemy import ColumnElement, func, select

from bot.db.engine import Database
from bot.db.models.applications import Application
from bot.db.models.messages import Delivery, ReceivedMessage
from bot.db.models.people import Address
from bot.db.models.reporting import Obligation
from bot.db.types import Base
from bot.i18n import Translators
from bot.messages import Role
from bot.services.answering.knowledge import Knowledge
from bot.services.messages.quiet_hours import QuietHours
from content.model import Content
from scheduler.jobs import Circumstances
from tests.conftest import MONDAY_MORNING, ZONE
from tests.telegram_office import READ_SECONDS, Mode, Office, open_office
from tests.telegram_peer import Fault, TelegramPeer
from tests.telegram_people import Person
from tests.telegram_schema import plain

BA_DINH = "phuong-ba-dinh"
TRAINING = "Example: Training on the environmental industry for enterprises"
VI, EN = "Mời Anh/Chị dự hội thảo.", "You are invited to the workshop."
QUESTION, ANSWER = "Who signed plan 50/KH-UBND?", "Source: Plan No. 50/KH-UBND"


@pytest.fixture
async def peer() -> AsyncIterator[TelegramPeer]:
    made = TelegramPeer()
    await made.start()
    yield made
    await made.close()
    made.check()


@pytest.fixture(params=["polling", "webhook"])
def mode(request: pytest.FixtureRequest) -> Mode:
    chosen: Mode = request.param
    return chosen


@pytest.fixture
async def office(
    mode: Mode,
    database: Database,
    peer: TelegramPeer,
    known: Content,
    knowledge: Knowledge,
    translators: Translators,
    tmp_path: Path,
) -> AsyncIterator[Office]:
    quiet = QuietHours(time(21), time(7, 30), ZONE)
    given = Circumstances(database, known, translators, quiet, MONDAY_MORNING)
    async with open_office(given, knowledge, peer, mode=mode, files=tmp_path) as opened:
        yield opened
    for person in peer.people:
        person.nothing_unread()
    assert peer.unanswered_presses == 0


async def arrives(office: Office, number: int, *, language: str = "en") -> Person:
    """Somebody who has just met the bot."""
    person = office.peer.person(1000 + number, f"Person {number}", language=language)
    await person.starts()
    await person.reads("Kính chào" if language == "vi" else "Welcome!")
    return person


async def count(office: Office, what: type[Base], *where: ColumnElement[bool]) -> int:
    async with office.database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(what).where(*where)) or 0


async def stored_replies(office: Office, person: Person) -> int:
    """How many messages to somebody there ever were in the outbox."""
    address = select(Address.id).where(Address.external_id == str(person.id)).scalar_subquery()
    return await count(office, Delivery, Delivery.address_id == address)


# What it is for --------------------------------------------------------------------------------------


async def test_a_business_asks_and_gets_an_answer_with_its_source(office: Office, known: Content) -> None:
    an = await arrives(office, 1, language="vi")
    await an.writes("chi tieu thiet bi xu ly nuoc thai den nam 2030")
    answer = await an.reads("70-80%", "Nguồn: Kế hoạch số 50/KH-UBND ngày 04/02/2026, mục II.2.b")
    await an.presses("Hữu ích")
    await an.reads("Cảm ơn Anh/Chị đã đánh giá")
    await an.presses(answer.buttons[0])
    related = known.entries[known.entries["target-wastewater-equipment"].related[0]]
    await an.reads(related.vi.short, "Nguồn:")
    await an.writes("How tall is Mount Everest?")
    ways_on = ["Tell me when there is an answer", "Ask an officer", "Menu"]
    await an.reads("I have no answer with a source", buttons=ways_on)


async def test_a_business_signs_up_with_a_shared_contact_card(office: Office) -> None:
    an = await arrives(office, 1)
    await to_the_review(an)
    await an.presses("Edit")
    page = await an.reads("Which answer would you like to change?")
    assert page.changes == 1, "the pressed message is changed, no new one sent"
    await an.presses("Work e-mail")
    await an.reads("Your answer so far: an@songhong.vn")
    await an.writes("office@songhong.vn")
    await an.reads("Please check", "office@songhong.vn")
    await an.presses("Confirm")
    done = await an.reads("You are registered", "You have a seat")
    async with office.database.reading() as connection:
        code = await connection.scalar(select(Application.code))
    assert f"Your code: {code}\n" in done.text


async def to_the_review(person: Person) -> None:
    """Sign up for the training, up to the question whether everything is right."""
    await person.writes("/events")
    await person.reads("1. " + TRAINING)
    await person.writes("1")
    await person.reads(TRAINING, "40 free seats of 40", buttons=["Register", "Back", "Menu"])
    await person.presses("Register")
    await person.reads("Question 1/7", buttons=["I agree", "I do not agree", "Cancel"])
    await person.presses("I agree")
    await person.reads("Question 2/7")
    await person.presses("No, thank you")
    await person.reads("Question 3/7: Tax code")
    await person.writes("0100233488")
    await person.reads("Question 4/7: Name of the enterprise")
    await person.writes("Sông Hồng <Environment> & Sons")
    await person.reads("Question 5/7: Contact person")
    await person.writes("Nguyễn Văn An")
    await person.reads("Question 6/7: Work phone")
    await person.presses("Share my phone number")
    await person.reads("Question 7/7: Work e-mail")
    assert not person.sees_key("Share my phone number")
    await person.writes("an@songhong.vn")
    await person.reads("Please check", "0912 345 678", "Sông Hồng <Environment> & Sons", "an@songhong.vn")


async def test_a_focal_point_is_reminded_and_acknowledges(office: Office) -> None:
    lan = office.peer.person(1001, "Lan", language="en")
    await office.has_linked(lan, agency=BA_DINH)
    assert await office.tick_as_of("2026-12-07T08:30+07:00")
    assert not await office.tick_as_of("2026-12-07T08:30+07:00")
    await lan.reads("Report reminder: 7 working days left")
    await lan.presses("Acknowledge")
    page = await lan.reads("Acknowledged by you at 08:30 Monday 7 December 2026.")
    assert page.changes == 1
    assert await count(office, Obligation, Obligation.status == "acknowledged") == 1


async def test_an_announcement_reaches_everybody_and_ends_with_a_report(office: Office) -> None:
    people = [await arrives(office, number, language="vi") for number in range(1, 6)]
    admin = await administrator(office)
    await announces(admin)
    for person in people:
        await person.reads(VI)
    await reads_report(admin, "Recipients: 6", "Delivered: 6", "Blocked the assistant: 0")


async def administrator(office: Office) -> Person:
    """Somebody whom a deep link has made administrator."""
    lan = office.peer.person(999, "Lan", language="en")
    await office.has_linked(lan, role=Role.ADMIN)
    return lan


async def announces(admin: Person) -> None:
    """Write an announcement to everyone, up to the word that it is on its way."""
    await admin.writes("/thongbao")
    await admin.reads("You can write to everyone")
    await admin.presses("New announcement")
    await admin.reads("Who is the announcement for?")
    await admin.presses("Everyone who uses the assistant")
    await admin.reads("in Vietnamese")
    await admin.writes(VI)
    await admin.reads("in English")
    await admin.writes(EN)
    await admin.reads("When shall it be sent?")
    await admin.presses("Now")
    await admin.reads(VI)
    await admin.reads(EN)
    await admin.reads("exactly what recipients get", "Telegram:")
    await admin.presses("Send")
    last = await admin.reads("exactly")
    await admin.presses(last.buttons[0])
    await admin.reads("The announcement is on its way")


async def reads_report(admin: Person, *parts: str) -> None:
    """The administrator gets the announcement, and at the end the report."""
    await admin.reads(EN)
    await admin.reads("Report: announcement No. 1", *parts)


# What Telegram may do to it --------------------------------------------------------------------------


async def test_updates_that_come_three_times_in_any_order_act_once(office: Office) -> None:
    chance = random.Random(20261123)
    people = [await arrives(office, number) for number in range(1, 7)]
    an, binh, *others = people
    await to_the_review(an)
    await office.has_linked(binh, agency=BA_DINH)
    await office.tick_as_of("2026-12-07T08:30+07:00")
    await binh.reads("Report reminder")
    await an.reads("is not finished yet")
    before = {person.id: await stored_replies(office, person) for person in people}

    office.peer.updates.holding = True
    updates: list[Update] = [await an.presses("Confirm"), await binh.presses("Acknowledge")]
    for person in others:
        updates += [await person.writes(QUESTION), await person.writes("/menu"), await person.writes("/reports")]
    office.peer.updates.holding = False
    for update in chance.sample(updates * 3, len(updates) * 3):
        await office.peer.updates.repeat(update)

    await an.reads("You are registered")
    await binh.reads("Acknowledged by you")
    for person in others:
        texts = [shown.text for shown in await person.waits_for(3)]
        assert [sum(part in text for text in texts) for part in (ANSWER, "Please choose", "not linked")] == [1, 1, 1]
    for person in people:  # what was said before this is done when it is answered
        await person.writes("/menu")
        await person.reads("Please choose")
    assert await count(office, Application) == 1
    assert await count(office, Obligation, Obligation.status == "acknowledged") == 1
    after = {person.id: await stored_replies(office, person) for person in people}
    assert after == {person.id: before[person.id] + (4 if person in others else 2) for person in people}


FAULTS: list[tuple[Fault, int]] = [
    (Fault.SERVER_ERROR, 1),
    (Fault.CUT_BEFORE, 1),
    (Fault.CUT_AFTER, 2),
    (Fault.LATE, 2),
]  # fmt: skip


@pytest.mark.parametrize("mode", ["webhook"], indirect=True)
@pytest.mark.parametrize("fault, copies", FAULTS)
async def test_an_answer_comes_though_sending_it_went_wrong(fault: Fault, copies: int, office: Office) -> None:
    """At least once; a second time only when the first answer of Telegram got lost, and no third time."""
    an = await arrives(office, 1)
    office.peer.fail(fault, chat_id=an.id, seconds=2 * READ_SECONDS, status=502)
    await an.writes(QUESTION)
    for _ in range(copies):
        await an.reads(ANSWER)
    await an.writes("/menu")
    await an.reads("Please choose")
    assert len(office.peer.calls_of("sendMessage")) == 1 + 2 + 1


@pytest.mark.parametrize("mode", ["webhook"], indirect=True)
async def test_an_announcement_waits_as_long_as_telegram_wants(office: Office) -> None:
    people = [await arrives(office, number, language="vi") for number in range(1, 61)]
    admin = await administrator(office)
    office.peer.fail(Fault.TOO_MANY, chat_id=people[20].id, seconds=2)
    await announces(admin)
    for person in people:
        await person.reads(VI)
    await reads_report(admin, "Delivered: 61")
    calls = office.peer.calls_of("sendMessage")
    refused = next(call for call in calls if call.status == 429)
    # What was on its way at that moment may still arrive, and then there is silence.
    assert not [call for call in calls if refused.at + 0.5 < call.at < refused.at + 1.9]
    assert [call for call in calls if call.at > refused.at + 1.9]
    got = Counter(call.fields["chat_id"] for call in calls if VI in call.fields["text"] and call.status == 200)
    assert all(got[person.id] == 1 for person in people)


@pytest.mark.parametrize("mode", ["webhook"], indirect=True)
async def test_the_report_says_who_could_not_be_reached(office: Office) -> None:
    people = [await arrives(office, number, language="vi") for number in range(1, 6)]
    blocking, refused, failing, cut, fine = people
    admin = await administrator(office)
    blocking.blocks = True
    office.peer.fail(Fault.REFUSE, chat_id=refused.id, status=400, description="Bad Request: message is too long")
    office.peer.fail(Fault.SERVER_ERROR, chat_id=failing.id, times=2)
    office.peer.fail(Fault.CUT_AFTER, chat_id=cut.id)
    await announces(admin)
    for person in (fine, cut, cut, failing):
        await person.reads(VI)
    await reads_report(
        admin,
        "Recipients: 6",
        "Delivered: 4",
        "Blocked the assistant: 1",
        "Refused by the messenger: 1",
        "the message is too long for the messenger: 1",
    )
    await blocking.unblocks_the_bot()
    await blocking.writes("/menu")
    await blocking.reads("Mời Anh/Chị chọn")


@pytest.mark.parametrize("mode", ["webhook"], indirect=True)
async def test_nobody_without_the_secret_can_speak_for_others(office: Office) -> None:
    an = await arrives(office, 1)
    received = await count(office, ReceivedMessage)
    office.peer.updates.holding = True
    forged = json.dumps(plain(await an.writes("/canbo"))).encode()
    for secret in (None, "", "a-secret_of-the-webhooK"):
        assert await office.peer.updates.push(forged, secret) == 401
    assert await count(office, ReceivedMessage) == received
