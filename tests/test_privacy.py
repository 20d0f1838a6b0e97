"""What people read about their data, and what they do about it: see, withdraw consent, ask, have it deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import func, insert, select, update

from bot.db import web_messages
from bot.db.models.applications import Application, Draft
from bot.db.models.businesses import Business, BusinessMember
from bot.db.models.messages import Broadcast, Delivery, ReceivedMessage, WebMessage
from bot.db.models.offerings import Offering
from bot.db.models.people import Consent, Contact, WrongCode
from bot.db.models.tickets import Ticket, TicketMessage
from bot.db.types import Base
from bot.errors import TryLater
from bot.messages import Role
from bot.services.messages import received
from bot.services.people import contacts, personal_data
from tests import sample_files
from tests.chat import PersonInTown, Town
from tests.reporting import appoint, employ
from tests.ticketing import arrives, asked_before, contact_of

ABOUT = ["See my data", "Withdraw consent", "Ask for correction or deletion", "Menu"]
WISH = "Please delete the phone number that I typed in a question."


async def agrees(town: Town, person: PersonInTown, *purposes: str) -> None:
    """The person has given consent, as the end of a form records it."""
    rows = [
        {
            "contact_id": await contact_of(town, person),
            "purpose": purpose,
            "text_version": "2026-11",
            "channel": "telegram",
            "given_at": town.clock(),
        }
        for purpose in purposes
    ]
    async with town.database.transaction() as connection:
        await connection.execute(insert(Consent), rows)


async def registers(
    town: Town, person: PersonInTown, *, tax_code: str = "001234567812", code: str = "NC-7K3M-Q4"
) -> None:
    """The person has registered the enterprise of a tax code for the first programme."""
    mine, now = await contact_of(town, person), town.clock()
    async with town.database.transaction() as connection:
        business = await connection.scalar(
            insert(Business)
            .values(tax_code=tax_code, name="Hộ kinh doanh Sông Hồng", verified=False, created_at=now)
            .returning(Business.id)
        )
        await connection.execute(insert(BusinessMember).values(business_id=business, contact_id=mine, since=now))
        await connection.execute(
            insert(Application).values(
                code=code,
                offering_id=await connection.scalar(select(func.min(Offering.id)).where(Offering.kind == "programme")),
                business_id=business,
                contact_id=mine,
                draft_id=code[:8],
                status="submitted",
                answers={},
                created_at=now,
                updated_at=now,
            )
        )


async def stored(town: Town, table: type[Base]) -> int:
    async with town.database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def withdrawals(town: Town) -> Sequence[tuple[str, datetime | None]]:
    async with town.database.reading() as connection:
        rows = await connection.execute(select(Consent.purpose, Consent.withdrawn_at).order_by(Consent.id))
        return [(row[0], row[1]) for row in rows]


async def test_what_is_done_with_data(town: Town) -> None:
    bob = await arrives(town)
    await bob.says("/privacy")
    bob.reads(
        "Law 91/2025/QH15 and Decree 356/2025/NĐ-CP",
        "Who: the Hanoi Department of Industry and Trade",
        "2 working days",
        "withdrawal of consent is done within 15 days",
        "correcting within 10 days, deletion within 20 days",
        buttons=ABOUT,
    )
    await bob.says("1")
    bob.reads(
        "Name: Bob",
        "Language: English",
        "You write by: Telegram",
        "First contact: 23 Nov 2026",
        "Registrations: 0",
        "Consents: none",
        buttons=[
            "Withdraw consent",
            "Ask for correction or deletion",
            "Delete now",
            "My enterprise",
            "My chat channels",
            "Back",
            "Menu",
        ],
    )
    await bob.presses("Back")
    bob.reads("Your personal data")
    await bob.presses("Withdraw consent")
    bob.reads("No consent of yours is in force", buttons=["Back", "Menu"])


async def test_everything_that_is_stored_is_listed(town: Town) -> None:
    lan = await appoint(town, "Lan")
    await employ(town, "Lan", Role.VIEWER)
    await registers(town, lan)
    await agrees(town, lan, "registration", "news")
    await lan.says("/canbo Doanh nghiệp cần giấy tờ gì?")
    lan.skips()
    await lan.presses("Send this question")
    lan.skips()
    await lan.says("/privacy")
    lan.skips()
    await lan.presses("See my data")
    shown = lan.reads(
        "Staff: you are a member of staff who may see figures",
        "Focal point of: ",
        "(officer in charge)",
        "Enterprise: Hộ kinh doanh Sông Hồng, tax code 001•••••••12",
        "Registrations: 1",
        "Questions to officers: 1; messages in these conversations: 0",
        "Questions to officers without an answer: 1",
        "- News about the plan: agreed on 23 Nov 2026, text of 2026-11",
        "- Consent to processing of personal data: agreed on 23 Nov 2026",
        buttons=[
            "Withdraw consent",
            "Ask for correction or deletion",
            "Change my name",
            "My enterprise",
            "My chat channels",
            "Back",
            "Menu",
        ],
    )
    assert lan.external_id not in shown.plain


async def test_withdrawing_the_consent_to_news(town: Town) -> None:
    bob = await arrives(town)
    await agrees(town, bob, "registration", "news", "news")
    await bob.says("/dulieu")
    bob.skips()
    await bob.presses("Withdraw consent")
    bob.reads(
        "1. News about the plan: agreed on 23 Nov 2026",
        "2. Consent to processing",
        buttons=["News about the plan", "Consent to processing of personal data", "Back", "Menu"],
    )
    await bob.says("1")
    bob.reads("Do you want to withdraw", "You then get no more news", buttons=["Yes, withdraw", "No, keep it"])
    await bob.presses("No, keep it")
    bob.skips()
    await bob.says("1")
    bob.skips()
    town.clock.advance(minutes=1)
    await bob.presses("Yes, withdraw")
    bob.reads("“News about the plan” was withdrawn at 09:01 Monday 23 November 2026", "You then get no more news")
    now = town.clock()
    assert await withdrawals(town) == [("registration", None), ("news", now), ("news", now)]
    await bob.presses("Yes, withdraw")
    bob.reads("No such consent of yours is in force")
    await bob.presses("See my data")
    bob.reads("News about the plan: agreed on 23 Nov 2026, text of 2026-11; withdrawn on 23 Nov 2026")


async def test_registrations_go_before_the_consent_they_need(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await registers(town, bob)
    await agrees(town, bob, "registration")
    await bob.sends_press("privacy:consents")
    bob.skips()
    await bob.presses("Consent to processing of personal data")
    bob.reads(
        "can't be handled: NC-7K3M-Q4",
        "within 15 days",
        buttons=["My registrations", "Ask an officer to settle it", "Back", "Menu"],
    )
    await bob.sends_press("privacy:withdrawn:1")
    bob.reads("can't be handled")
    await bob.presses("Ask an officer to settle it")
    bob.reads("my registrations NC-7K3M-Q4", "by Tuesday 8 December 2026 (15 calendar days from today)")
    await bob.presses("Send the request")
    # Tuesday is Vietnamese Culture Day.
    bob.reads("received under No. 1", "First answer: by Thursday 26 November 2026 (2 working days from today)")
    await town.deliver()
    hoa.reads("Withdrawal of consent", "due 8 Dec 2026", "NC-7K3M-Q4", buttons=["Reply", "Take", "Close"])

    await bob.presses("My registrations")
    bob.skips()
    await bob.says("1")
    bob.skips()
    await bob.presses("Withdraw")
    bob.skips()
    await bob.presses("Yes, withdraw")
    bob.skips()
    await bob.sends_press("privacy:ask:withdraw")
    bob.reads("you can withdraw your consent yourself")
    await bob.presses("Withdraw consent")
    bob.skips()
    await bob.says("1")
    bob.reads("Nothing further is done with registrations that you have withdrawn")
    await bob.presses("Yes, withdraw")
    bob.reads("was withdrawn at 09:00")
    await bob.presses("See my data")
    bob.reads("Registrations: 1 (withdrawn: 1)")


async def test_asking_for_deletion_and_the_answer(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await bob.sends_press("privacy:request")
    bob.reads(
        "What would you like to ask for?",
        "deleted at once",
        buttons=["Have something corrected", "Have something deleted", "Delete now", "Back", "Menu"],
    )
    await bob.says("2")
    bob.reads("what should be deleted", "800 characters", buttons=["Cancel"])
    await bob.says(WISH)
    bob.reads(
        "Shall this request go to the officers?",
        WISH,
        "by Sunday 13 December 2026 (20 calendar days from today)",
        buttons=["Send the request", "Change it", "Cancel"],
    )
    await bob.presses("Change it")
    bob.reads("The request so far:", WISH)
    await bob.says(WISH + " Thank you.")
    bob.reads("Thank you.")
    await bob.says("1")
    bob.reads("No. 1", "(2 working days from today)", "Sunday 13 December 2026", "Law 91/2025/QH15")
    await bob.presses("Send the request")
    bob.reads("no longer valid", buttons=["My data", "Menu"])
    await town.deliver()
    hoa.reads("Question No. 1 of Bob", "Request to delete personal data, due 13 Dec 2026", WISH)
    await hoa.presses("Reply")
    hoa.skips()
    await hoa.says("Số điện thoại đã được xóa.")
    hoa.skips()
    await hoa.presses("Send the answer")
    hoa.skips()
    await town.deliver()
    bob.reads("Số điện thoại đã được xóa.", "Request to delete personal data")


async def test_a_request_of_somebody_in_a_conversation_goes_there_and_to_the_lead_agency(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa", agency="so-cong-thuong")
    thu = await employ(town, "Thu", agency="so-xay-dung")
    await bob.says("/officer Ai ban hành đơn giá dịch vụ thoát nước đô thị?")
    bob.reads("Department of Construction")
    await bob.presses("Send this question")
    bob.skips()
    await town.deliver()
    thu.skips()
    await bob.sends_press("privacy:ask:delete")
    bob.skips()
    await bob.says(WISH)
    bob.skips()
    await bob.presses("Send the request")
    bob.reads("received under No. 1", "what you type goes to the officers")
    await town.deliver()
    for officer in (hoa, thu):
        officer.reads("Question No. 1 of Bob", "Request to delete personal data, due 13 Dec 2026", WISH)
    await hoa.presses("Take")
    hoa.reads("yours now", WISH)
    await town.deliver()
    bob.reads("Department of Industry and Trade now takes care")


async def test_a_request_in_vietnamese(town: Town) -> None:
    an = await arrives(town, "An", language="vi")
    await an.says("/dulieu")
    an.reads(
        "Luật số 91/2025/QH15",
        "Nghị định số 356/2025/NĐ-CP",
        buttons=["Xem dữ liệu của tôi", "Rút đồng ý", "Yêu cầu sửa hoặc xóa", "Menu"],
    )
    await an.presses("Yêu cầu sửa hoặc xóa")
    an.skips()
    await an.presses("Yêu cầu sửa")
    an.skips()
    await an.says("Tên tôi viết đúng là Nguyễn Văn An.")
    an.reads("thứ Năm 03/12/2026 (10 ngày theo lịch kể từ hôm nay)")
    await an.presses("Gửi yêu cầu")
    an.reads("thứ Năm 26/11/2026 (2 ngày làm việc kể từ hôm nay)", "thứ Năm 03/12/2026")


async def test_wrong_input_and_the_way_out_of_a_request(town: Town) -> None:
    bob = await arrives(town)
    await bob.sends_press("privacy:ask:correct")
    bob.skips()
    for wrong, answer in (
        ("?", "very short"),
        ("\u200b\u200b\u200b\u200b\u200b\u200b", "very short"),
        ("x" * 801, "801 characters, but at most 800"),
    ):
        await bob.says(wrong)
        bob.reads(answer, buttons=["Cancel"])
    await bob.sends_file("a.pdf", sample_files.PDF)
    bob.reads("as text")
    await bob.says(WISH)
    bob.skips()
    await bob.says("hm, wait")
    bob.reads("Shall this request go to the officers?", WISH)
    await bob.presses("Cancel")
    bob.reads("Discarded. Nothing was sent.")
    await bob.sends_press("privacy:ask:delete")
    bob.skips()
    await bob.says("/privacy")
    bob.reads("Your personal data")
    await bob.says("2")
    bob.reads("No consent of yours is in force")
    assert await stored(town, Ticket) == 0


async def test_a_request_gives_back_what_one_was_doing_before(town: Town) -> None:
    bob = await arrives(town)
    await bob.sends_press("officer:ask")
    bob.skips()
    await bob.sends_press("privacy:ask:correct")
    bob.skips()
    await bob.sends_press("privacy:ask:delete")
    bob.skips()
    await bob.says(WISH)
    bob.skips()
    await bob.presses("Send the request")
    bob.reads("You can now go on with what you were doing before.")
    await bob.says("Which papers does a recycler need?")
    bob.reads("Shall this question go to")


async def test_forged_presses(town: Town) -> None:
    bob = await arrives(town)
    eve = await arrives(town, "Eve")
    await agrees(town, bob, "news")
    for forged in ("privacy:withdraw:1", "privacy:withdrawn:1", "privacy:withdraw:x", "privacy:withdrawn:" + "9" * 40):
        await eve.sends_press(forged)
        eve.reads("No such consent of yours is in force", buttons=["Withdraw consent", "Menu"])
    for forged in ("privacy:send", "privacy:change", "privacy:drop", "privacy:ask:all", "privacy:withdraw", "privacy"):
        await eve.sends_press(forged)
        eve.reads("no longer valid", buttons=["My data", "Menu"])
    assert await withdrawals(town) == [("news", None)]


async def test_what_others_rely_on_is_not_deleted_at_once(town: Town) -> None:
    bob = await arrives(town)
    await registers(town, bob)
    lan = await appoint(town, "Lan")
    hoa = await employ(town, "Hoa", Role.VIEWER)
    for person, reason in (
        (bob, "registrations under way: 1"),
        (lan, "your part as focal point of an agency"),
        (hoa, "your part as a member of staff"),
    ):
        for press in ("privacy:erase", "privacy:erased"):
            await person.sends_press(press)
            person.reads("can't be deleted at once", reason, buttons=["Ask for deletion", "My registrations", "Back"])
    await bob.presses("Ask for deletion")
    bob.reads("what should be deleted")
    async with town.database.reading() as connection:
        assert "" not in list((await connection.execute(select(Contact.name))).scalars())


async def test_deleting_everything_at_once(town: Town) -> None:
    hoa = await employ(town, "Hoa")
    bob = await arrives(town)
    eve = await arrives(town, "Eve")
    for person in (bob, eve):
        await agrees(town, person, "news")
        await person.says(f"/officer The number of {person.name} is 0912 345 678, please call.")
        person.skips()
        await person.presses("Send this question")
        person.skips()
        await person.says("/link WRONG-23456")
        person.skips()
    await town.deliver()
    hoa.skips()
    await _talks(town, bob, hoa)
    await _leaves_traces(town, bob, hoa)

    await bob.says("/privacy")
    bob.skips()
    await bob.presses("See my data")
    bob.skips()
    await bob.presses("Delete now")
    bob.reads("forgets at once and for good", "can't be undone", buttons=["Yes, delete it all", "No, keep it"])
    await bob.presses("No, keep it")
    bob.reads("Name: Bob")
    await bob.presses("Delete now")
    bob.skips()
    await bob.presses("Yes, delete it all")
    bob.reads("Your data has been deleted.", buttons=["Menu"])

    await town.deliver()
    bob.nothing_unread()
    hoa.reads("Question No. 1 has ended: the person had their data deleted.")
    assert await _texts(town) == {"Eve"}
    for table in (Ticket, Consent, WrongCode):
        assert await stored(town, table) == 1, table
    await bob.says("1")
    bob.reads("Please choose, or simply type your question.")
    await bob.says("/privacy")
    bob.skips()
    await bob.presses("See my data")
    bob.reads("Name: not stored", "You write by: Telegram")
    await hoa.presses("Reply")
    hoa.skips()
    await hoa.sends_press("officer:answer:1")
    hoa.reads("There is no such question.")
    await bob.says("muc tieu thiet bi quan trac moi truong la bao nhieu?")
    bob.reads("20%")


async def _talks(town: Town, bob: PersonInTown, hoa: PersonInTown) -> None:
    """A conversation of several messages, looked at in every way that repeats its words."""
    await bob.says("I am Bob, please write to Bob.")
    await hoa.sends_press("officer:take:1")
    await town.deliver()
    bob.skips()
    hoa.skips()
    await hoa.sends_press("officer:show:1")
    hoa.reads("I am Bob")
    await hoa.says("/officer")
    hoa.reads("Bob")
    await hoa.sends_press("officer:answer:1")
    hoa.reads("Bob")
    await hoa.says("Dear Bob, thank you.")
    hoa.reads("Dear Bob")
    await hoa.presses("Send the answer")
    await town.deliver()
    hoa.reads("on its way")
    bob.reads("Dear Bob")
    await asked_before(town, bob, "What may Bob ask?")


async def _leaves_traces(town: Town, bob: PersonInTown, hoa: PersonInTown) -> None:
    """A failed message, a half-filled form, an officer's web page, a notice and an announcement not sent yet."""
    await bob.sends_press("offer:join:1")
    bob.reads()
    await bob.says("/menu")
    bob.skips()
    assert bob.last is not None
    now, mine = town.clock(), await contact_of(town, bob)
    officer = await contact_of(town, hoa)
    async with town.database.transaction() as connection:
        await received.set_aside(connection, replace(bob.last, message_id="failed"), ValueError("x"), now)
        person = await contacts.lock(connection, "telegram", bob.external_id)
        assert person is not None
        broadcast = await connection.scalar(
            insert(Broadcast)
            .values(author_id=officer, audience="all", status="paused", start_at=now, created_at=now)
            .returning(Broadcast.id)
        )
        shared = {"channel": "telegram", "language": "en", "created_at": now, "address_id": person.address_id}
        await connection.execute(
            insert(Delivery).values(**shared, priority=2, status="pending", broadcast_id=broadcast)
        )
        await connection.execute(
            insert(Delivery).values(
                **shared, priority=1, status="pending", key="x", content={"text": "Dear Bob", "language": "en"}
            )
        )
        told = (
            await connection.execute(
                select(Delivery.id, Delivery.address_id, Delivery.content).where(Delivery.key == f"ticket:1:{officer}")
            )
        ).one()
        await web_messages.add_line(
            connection, told.address_id, told.content, from_person=False, now=now, delivery_id=told.id
        )
        assert await connection.scalar(select(Draft.state).where(Draft.contact_id == mine)) is not None


async def _texts(town: Town) -> set[str]:
    """Whose name or question can still be found anywhere."""
    found = ""
    async with town.database.reading() as connection:
        for column in (
            Contact.name,
            Draft.state,
            Contact.dialog,
            Contact.last_question,
            Ticket.question,
            TicketMessage.text,
            Delivery.content,
            WebMessage.content,
            ReceivedMessage.incoming,
        ):
            found += " ".join(str(value) for value in (await connection.execute(select(column))).scalars())
        pending = select(func.count()).where(Delivery.status == "pending")
        assert await connection.scalar(pending) == 0
    return {name for name in ("Bob", "Eve") if name in found}


async def test_the_line_that_asked_for_deletion_stays_on_the_web_page(town: Town) -> None:
    bob = await arrives(town)
    async with town.database.transaction() as connection:
        person = await contacts.lock(connection, "telegram", bob.external_id)
        assert person is not None
        for text in ("My name is Bob", "Yes, delete it all"):
            await web_messages.add_line(
                connection, person.address_id, {"text": text}, from_person=True, now=town.clock()
            )
        await personal_data.erase(
            connection, person, keep_last_line=True, translators=town.conversation.translators, now=town.clock()
        )
        lines = await web_messages.lines_after(connection, person.address_id, 0)
        assert [(line.seq, line.content["text"]) for line in lines] == [(2, "Yes, delete it all")]
        await personal_data.erase(
            connection, person, keep_last_line=False, translators=town.conversation.translators, now=town.clock()
        )
        assert await web_messages.lines_after(connection, person.address_id, 0) == []
        added = await web_messages.add_line(
            connection, person.address_id, {"text": "Deleted"}, from_person=False, now=town.clock()
        )
        assert added == 3


@pytest.mark.parametrize("status", ["pending", "sending"])
async def test_a_message_that_is_still_on_its_way_is_not_sent_empty(town: Town, status: str) -> None:
    bob = await arrives(town)
    town.channel.fails_with.append(TryLater("busy", after=60))
    await bob.says("/help")
    async with town.database.transaction() as connection:
        await connection.execute(update(Delivery).where(Delivery.status == "pending").values(status=status))
        person = await contacts.lock(connection, "telegram", bob.external_id)
        assert person is not None
        await personal_data.erase(
            connection, person, keep_last_line=False, translators=town.conversation.translators, now=town.clock()
        )
    town.clock.advance(hours=1)
    await town.deliver()
    bob.nothing_unread()
