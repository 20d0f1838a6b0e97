"""What becomes of an application after it was handed in, as the applicant reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from bot.db.models.applications import Application, StoredFile
from bot.db.models.messages import Delivery
from bot.db.models.people import Address, Contact
from bot.i18n import Translators
from bot.services.applications import concerns, decisions, offers
from bot.services.applications.applications import Outcome, Submission
from bot.services.applications.decisions import Decided, Decision
from bot.services.applications.statuses import Status
from bot.services.offerings import offering_changes
from bot.services.offerings.offering_changes import Change, Changed
from scheduler import jobs
from tests.applying import OFFICE, PROGRAMME, apply, person_of, set_up
from tests.chat import PersonInTown, Town
from tests.conftest import ZONE, quiet_hours


def id_of(submission: Submission) -> int:
    assert submission.outcome is Outcome.DONE
    assert submission.filed is not None
    return submission.filed.id


async def decide(town: Town, translators: Translators, act: Any, application: int, *words: str) -> Decision:
    """An officer decides; what was pressed twice acts once."""
    officer = await person_of(town, town.person("Cán bộ Hoa"))
    async with town.database.transaction() as connection:
        await connection.execute(update(Contact).where(Contact.id == officer.contact_id).values(role="operator"))
    more = {"office": OFFICE} if act in (decisions.approve, decisions.reject) else {}
    results = []
    for _ in range(2):
        async with town.database.transaction() as connection:
            results.append(
                await act(
                    connection,
                    application,
                    *words,
                    actor_id=officer.contact_id,
                    translators=translators,
                    now=town.clock.now,
                    **more,
                )
            )
    if results[0].outcome is Decided.DONE:
        assert results[1].outcome in (Decided.ALREADY, Decided.NOT_NOW)
    await town.deliver()
    decision: Decision = results[0]
    return decision


async def change(town: Town, act: Any, offering: int, *what: Any, **more: Any) -> Change:
    """An officer changes an event, once."""
    officer = await person_of(town, town.person("Cán bộ Hoa"))
    async with town.database.transaction() as connection:
        changed: Change = await act(
            connection, offering, *what, actor_id=officer.contact_id, now=town.clock.now, **more
        )
    await town.deliver()
    return changed


async def test_a_programme_from_the_question_of_an_officer_to_the_decision(
    town: Town, translators: Translators
) -> None:
    lan = town.person("Lan")
    programme = await set_up(town.database, PROGRAMME)
    application = id_of(await apply(town, translators, lan, programme, number=0))
    await decide(town, translators, decisions.start_review, application)
    lan.reads("Hồ sơ đang được xem xét", "Anh/Chị không cần làm gì thêm")
    question = "Công suất xử lý hiện nay là bao nhiêu?"
    await decide(town, translators, decisions.ask_for_more, application, question)
    lan.reads("Cần bổ sung thông tin", question, buttons=["Trả lời", "Xem hồ sơ", "Menu"])
    await lan.presses("Xem hồ sơ")
    lan.reads("Trạng thái: cần Anh/Chị bổ sung thông tin", "Cán bộ hỏi:", question)
    await lan.presses("Trả lời")
    lan.reads("Cán bộ hỏi:", question, "Mời Anh/Chị nhập câu trả lời", buttons=["Hủy"])
    await lan.says("x" * 2001)
    lan.reads("Câu trả lời quá dài: tối đa 2.000 ký tự", question)
    await lan.sends_file("so-do.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    lan.reads("Gửi câu trả lời này?", "so-do.pdf", buttons=["Gửi câu trả lời", "Viết lại", "Hủy"])
    await lan.says("50 m3 mỗi ngày")
    lan.reads("Gửi câu trả lời này?", "50 m3 mỗi ngày", "so-do.pdf")
    await lan.says("Gửi câu trả lời")
    lan.reads("Câu trả lời đã được gửi", "Trạng thái: đang xem xét")
    await lan.presses("Gửi câu trả lời")
    lan.reads("Hiện không có câu hỏi nào chờ trả lời")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(StoredFile.application_id)) == application
        said = [(each.from_staff, each.text) for each in await decisions.messages(connection, application)]
    assert said == [(True, question), (False, "50 m3 mỗi ngày\nso-do.pdf")]
    await town.deliver()
    town.person("Cán bộ Hoa").reads("Trả lời về hồ sơ NC-", "50 m3 mỗi ngày")
    await decide(town, translators, decisions.approve, application)
    lan.reads("Đăng ký nhu cầu đã được tiếp nhận", "chưa phải là quyết định hỗ trợ")
    await lan.presses("Xem hồ sơ")
    lan.reads("Trạng thái: được tiếp nhận")
    await lan.presses("Quá trình xử lý")
    history = lan.reads("đăng ký, đã tiếp nhận (Anh/Chị)", question, "đã bổ sung thông tin (Anh/Chị)", "(cán bộ)")
    assert "Hoa" not in history.plain
    assert (await decide(town, translators, decisions.ask_for_more, application, "Còn gì nữa?")).outcome is (
        Decided.NOT_NOW
    )


async def test_a_rejection_in_english_says_why(town: Town, translators: Translators) -> None:
    bob = town.person("Bob", language="en")
    programme = await set_up(town.database, PROGRAMME)
    application = id_of(await apply(town, translators, bob, programme, number=0))
    await decide(town, translators, decisions.ask_for_more, application, "Where is the plant?")
    bob.reads("More information is needed", "an officer asks:", "Where is the plant?")
    await bob.presses("Answer")
    bob.reads("The officer asks:", "Please type your answer.")
    await bob.says("In Bac Ninh")
    bob.reads("Shall this answer be sent?", "In Bac Ninh", buttons=["Send the answer", "Write it anew", "Cancel"])
    await bob.presses("Send the answer")
    bob.reads("Your answer has been sent")
    await town.deliver()
    town.person("Cán bộ Hoa").skips()
    await decide(town, translators, decisions.reject, application, "The plant is outside of Hanoi.")
    bob.reads("Your registration could not be accepted", "Reason: The plant is outside of Hanoi.", "/officer")
    await bob.presses("See the registration")
    bob.reads("Status: not accepted")


async def test_an_answer_after_the_registration_has_gone_on(town: Town, translators: Translators) -> None:
    lan = town.person("Lan")
    application = id_of(await apply(town, translators, lan, await set_up(town.database, PROGRAMME), number=0))
    await decide(town, translators, decisions.ask_for_more, application, "Ở đâu?")
    lan.skips()
    await lan.presses("Trả lời")
    lan.reads("Ở đâu?")
    await decide(town, translators, decisions.approve, application)
    lan.reads("đã được tiếp nhận")
    await lan.says("Ở Sóc Sơn")
    lan.reads("Hiện không có câu hỏi nào chờ trả lời", "Trạng thái: được tiếp nhận")


async def test_a_line_of_support_that_has_ended_still_gets_its_decisions(town: Town, translators: Translators) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    programme = await set_up(town.database, PROGRAMME)
    application = id_of(await apply(town, translators, lan, programme, number=0))
    event = await set_up(town.database, needs_approval=True)
    late = id_of(await apply(town, translators, minh, event, number=1))
    await set_up(town.database, PROGRAMME, active=False)
    await decide(town, translators, decisions.approve, application)
    lan.reads("Đăng ký nhu cầu đã được tiếp nhận")
    town.clock.set("2027-02-25T14:00+07:00")
    assert (await decide(town, translators, decisions.approve, late)).outcome is Decided.NOT_NOW


async def test_an_event_that_an_officer_decides_on(town: Town, translators: Translators) -> None:
    event = await set_up(town.database, capacity=2, seats_per_business=2, needs_approval=True)
    lan, minh = town.person("Lan"), town.person("Minh")
    first = id_of(await apply(town, translators, lan, event, number=0, seats=2))
    second = id_of(await apply(town, translators, minh, event, number=1))
    await decide(town, translators, decisions.approve, first)
    lan.reads("Anh/Chị đã có chỗ", "đã được chấp thuận: xác nhận 2 chỗ")
    await decide(town, translators, decisions.approve, second)
    minh.reads("đã được chấp thuận. Hiện đã hết chỗ nên hồ sơ được đưa vào danh sách chờ")
    await decide(town, translators, decisions.reject, first, "Không thuộc ngành công nghiệp môi trường.")
    lan.reads("Hồ sơ chưa được tiếp nhận", "Lý do: Không thuộc ngành công nghiệp môi trường.")
    minh.reads("Mời Anh/Chị nhận chỗ", "Đã có 1 chỗ trống")
    await set_up(town.database, waitlist=False, capacity=1)
    third = id_of(await apply(town, translators, town.person("Chi"), event, number=2))
    assert (await decide(town, translators, decisions.approve, third)).outcome is Decided.FULL


async def test_an_offer_that_nobody_answers_passes_on(town: Town, translators: Translators) -> None:
    event = await set_up(town.database, capacity=1)
    an, lan, bob = town.person("An"), town.person("Lan"), town.person("Bob", language="en")
    await apply(town, translators, an, event, number=0)
    await apply(town, translators, lan, event, number=1)
    await apply(town, translators, bob, event, number=2)
    await an.says("/hoso")
    an.reads()
    await an.says("1")
    an.reads()
    await an.presses("Rút hồ sơ")
    an.reads("Chỗ của Anh/Chị")
    await an.presses("Đồng ý rút")
    an.reads("Đã rút hồ sơ")
    await town.deliver()
    lan.reads("Mời Anh/Chị nhận chỗ trước 09:00 thứ Tư 25/11/2026")
    await tick(town, translators)
    lan.nothing_unread()
    town.clock.set("2026-11-25T09:00+07:00")
    await tick(town, translators)
    lan.reads("Lời mời đã hết hạn", "Anh/Chị có thể đăng ký lại", buttons=["Đăng ký lại", "Xem hồ sơ", "Menu"])
    await lan.presses("Nhận chỗ")
    lan.reads("Lời mời này không còn hiệu lực", "Trạng thái: đã rút")
    await lan.presses("Đăng ký lại")
    lan.reads("danh sách chờ")
    bob.reads(
        "A seat is offered to you",
        "1 seat has become free for you",
        "Please accept until 09:00 Thursday 26 November 2026",
        buttons=["Accept the seat", "I cannot come", "See the registration", "Menu"],
    )
    await bob.presses("I cannot come")
    bob.reads("Do you want to do without the seat?", buttons=["Yes, pass it on", "Back", "Menu"])
    await bob.presses("Yes, pass it on")
    bob.reads("You have passed the seat on", "Status: withdrawn")
    await bob.presses("History")
    bob.reads("registered, on the waiting list (you)", "a seat became free and was offered", "offer declined (you)")
    await bob.presses("Yes, pass it on")
    bob.reads("This offer no longer stands.")


async def tick(town: Town, translators: Translators) -> None:
    """The job runs in two processes, and again."""
    for _ in range(2):
        await offers.expire(town.database, translators, zone=ZONE, now=town.clock.now)
    await town.deliver()


async def test_the_timetable_has_it() -> None:
    assert "pass on seats" in [job.name for job in jobs.TIMETABLE]
    assert quiet_hours().zone == ZONE


async def test_an_offer_accepted_too_late_passes_on_at_once(town: Town, translators: Translators) -> None:
    event = await set_up(town.database, capacity=1)
    an, lan, chi = town.person("An"), town.person("Lan"), town.person("Chi")
    first = id_of(await apply(town, translators, an, event, number=0))
    await apply(town, translators, lan, event, number=1)
    await apply(town, translators, chi, event, number=2)
    await an.sends_press(f"app:withdrawn:{first}")
    an.skips()
    await town.deliver()
    lan.skips()
    await lan.presses("Nhận chỗ")
    lan.reads("Anh/Chị có nhận chỗ")
    town.clock.set("2026-11-25T09:00+07:00")
    await lan.presses("Có, tôi tham dự")
    lan.reads("Lời mời này không còn hiệu lực")
    await town.deliver()
    lan.reads("Lời mời đã hết hạn")
    chi.reads("Mời Anh/Chị nhận chỗ")


async def test_three_hundred_are_told_that_the_event_is_cancelled(town: Town, translators: Translators) -> None:
    event = await set_up(town.database, capacity=290)
    crowd = [town.person(f"P{number}", language="vi" if number % 2 else "en") for number in range(300)]
    for number, person in enumerate(crowd):
        await apply(town, translators, person, event, number=number)
    cancelled = await change(town, offering_changes.cancel, event, "Bão số 9.", translators=translators)
    assert (cancelled.outcome, cancelled.told) == (Changed.DONE, 300)
    crowd[1].reads("Sự kiện bị hủy", "Rất tiếc, sự kiện này sẽ không được tổ chức.", "Lý do: Bão số 9.")
    crowd[0].reads("The event has been cancelled", "Reason: Bão số 9.", "you need not do anything")
    async with town.database.reading() as connection:
        counts = await connection.execute(select(Application.status, func.count()).group_by(Application.status))
        assert {row[0]: row[1] for row in counts} == {"withdrawn": 300}
        assert await connection.scalar(select(func.count()).where(Delivery.key.like("application:%"))) == 300
    again = await change(town, offering_changes.cancel, event, "Bão số 9.", translators=translators)
    assert again.outcome is Changed.SAME
    for person in crowd[2:]:
        person.skips()
    await crowd[1].presses("Xem hồ sơ")
    crowd[1].reads("Trạng thái: đã rút")
    await crowd[1].presses("Quá trình xử lý")
    crowd[1].reads("sự kiện bị hủy (cán bộ)", "Bão số 9.")


async def test_fewer_seats_than_are_taken_and_then_more(town: Town, translators: Translators) -> None:
    event = await set_up(town.database, capacity=3)
    people = [town.person(name) for name in ("An", "Bình", "Chi", "Dũng", "Em")]
    ids = [id_of(await apply(town, translators, person, event, number=number)) for number, person in enumerate(people)]
    more = {"translators": translators, "office": OFFICE}
    fewer = await change(town, offering_changes.set_capacity, event, 1, **more)
    assert (fewer.outcome, fewer.beyond, fewer.offered) == (Changed.DONE, 2, 0)
    await people[0].sends_press(f"app:withdrawn:{ids[0]}")
    people[0].reads("Đã rút hồ sơ")
    await town.deliver()  # nobody is offered a seat that there isn't
    grown = await change(town, offering_changes.set_capacity, event, 3, **more)
    assert (grown.beyond, grown.offered) == (0, 1)
    people[3].reads("Mời Anh/Chị nhận chỗ")
    unlimited = await change(town, offering_changes.set_capacity, event, None, **more)
    assert unlimited.offered == 1
    people[4].reads("Mời Anh/Chị nhận chỗ")
    same = await change(town, offering_changes.set_capacity, event, None, **more)
    assert same.outcome is Changed.SAME


async def test_a_moved_event_is_made_known_to_everybody_with_a_seat(town: Town, translators: Translators) -> None:
    event = await set_up(town.database, capacity=1)
    lan, minh = town.person("Lan"), town.person("Minh")
    first = id_of(await apply(town, translators, lan, event, number=0))
    await apply(town, translators, minh, event, number=1)
    await lan.sends_press(f"app:withdrawn:{first}")
    lan.skips()
    await town.deliver()
    minh.reads("Mời Anh/Chị nhận chỗ trước 09:00 thứ Tư 25/11/2026")
    starts_at = town.clock.now.replace(day=25, hour=1, minute=0)  # 08:00 on Wednesday in Hanoi
    moved = await change(
        town,
        offering_changes.move,
        event,
        starts_at=starts_at,
        ends_at=None,
        place={"vi": "Hội trường B", "en": "Hall B"},
        translators=translators,
    )
    assert (moved.outcome, moved.told, moved.offering.sequence, moved.offering.origin) == (Changed.DONE, 1, 1, "chat")
    minh.reads("Sự kiện thay đổi lịch", "08:00 thứ Tư 25/11/2026", "Hội trường B", "Lịch trước đây:", "25/02/2027")
    await minh.presses("Xem hồ sơ")
    minh.reads("hạn nhận 07:00 thứ Tư 25/11/2026")


async def test_whoever_is_being_decided_on_is_told_of_a_move_too(town: Town, translators: Translators) -> None:
    event = await set_up(town.database, capacity=1, needs_approval=True)
    names = ("An", "Bình", "Chi", "Dũng", "Em", "Giang")
    people = [town.person(name) for name in names]
    ids = [id_of(await apply(town, translators, each, event, number=number)) for number, each in enumerate(people)]
    await decide(town, translators, decisions.approve, ids[0])
    await decide(town, translators, decisions.approve, ids[1])
    await decide(town, translators, decisions.start_review, ids[2])
    await decide(town, translators, decisions.ask_for_more, ids[3], "Bao nhiêu lao động?")
    await decide(town, translators, decisions.reject, ids[5], "Không thuộc ngành công nghiệp môi trường.")
    for person in people:
        person.skips()
    async with town.database.reading() as connection:
        concern = await concerns.of_offering(connection, event)
    assert (concern.told, concern.not_told, concern.seated) == (5, 0, frozenset({ids[0]}))
    moved = await change(
        town,
        offering_changes.move,
        event,
        starts_at=town.clock.now + timedelta(days=9),
        ends_at=None,
        place={"vi": "Hội trường B", "en": "Hall B"},
        translators=translators,
    )
    assert (moved.outcome, moved.told) == (Changed.DONE, concern.told)
    seat = people[0].reads("Sự kiện thay đổi lịch", buttons=["Thêm vào lịch", "Xem hồ sơ", "Menu"]).plain
    assert "để nhường chỗ" in seat
    for person in people[1:5]:  # on the waiting list, being looked at, asked for more, received
        text = person.reads("Sự kiện thay đổi lịch", "Hội trường B", buttons=["Xem hồ sơ", "Menu"]).plain
        assert "chỗ" not in text.split("Lịch trước đây:")[1]
    people[5].nothing_unread()
    cancelled = await change(town, offering_changes.cancel, event, "Bão số 9.", translators=translators)
    assert cancelled.told == 5
    people[0].reads("Sự kiện bị hủy", buttons=["Xóa khỏi lịch", "Sự kiện khác", "Xem hồ sơ", "Menu"])
    for person in people[1:5]:
        person.reads("Sự kiện bị hủy", buttons=["Sự kiện khác", "Xem hồ sơ", "Menu"])


async def test_sign_up_closed_and_opened_again(town: Town, translators: Translators) -> None:
    event = await set_up(town.database, capacity=1)
    lan, minh = town.person("Lan"), town.person("Minh")
    first = id_of(await apply(town, translators, lan, event, number=0))
    await apply(town, translators, minh, event, number=1)
    assert (await change(town, offering_changes.close_sign_up, event)).outcome is Changed.DONE
    assert (await change(town, offering_changes.close_sign_up, event)).outcome is Changed.SAME
    assert (await apply(town, translators, town.person("Chi"), event, number=2)).outcome is Outcome.CLOSED
    # A seat that becomes free is still offered to who waited.
    await lan.sends_press(f"app:withdrawn:{first}")
    lan.skips()
    await town.deliver()
    minh.reads("Mời Anh/Chị nhận chỗ")
    assert (await change(town, offering_changes.reopen, event)).outcome is Changed.DONE
    assert (await apply(town, translators, town.person("Chi"), event, number=2)).outcome is Outcome.DONE


async def test_full_without_a_waiting_list_and_too_many_seats(town: Town, translators: Translators) -> None:
    event = await set_up(town.database, capacity=2, seats_per_business=2, waitlist=False)
    await apply(town, translators, town.person("Lan"), event, number=0)
    too_many = await apply(town, translators, town.person("Minh"), event, number=1, seats=3)
    assert (too_many.outcome, too_many.most) == (Outcome.TOO_MANY, 2)
    too_few = await apply(town, translators, town.person("Minh"), event, number=1, seats=2)
    assert (too_few.outcome, too_few.most) == (Outcome.FULL, 1)
    assert (await apply(town, translators, town.person("Minh"), event, number=1)).outcome is Outcome.DONE


async def test_notices_go_where_the_person_wants_them(town: Town, translators: Translators) -> None:
    lan: PersonInTown = town.person("Lan")
    application = id_of(await apply(town, translators, lan, await set_up(town.database, PROGRAMME), number=0))
    me = await person_of(town, lan)
    async with town.database.transaction() as connection:
        await connection.execute(
            insert(Address).values(
                contact_id=me.contact_id, channel="web_chat", external_id="web-lan", created_at=town.clock.now
            )
        )
        await connection.execute(
            update(Contact).where(Contact.id == me.contact_id).values(preferred_channel="web_chat")
        )
    await decide(town, translators, decisions.start_review, application)
    async with town.database.transaction() as connection:
        assert await connection.scalar(select(Delivery.channel).where(Delivery.key.like("application:%"))) == "web_chat"
        await connection.execute(
            update(Address).where(Address.external_id == "web-lan").values(blocked_at=town.clock.now)
        )
    await decide(town, translators, decisions.approve, application)
    lan.reads("Đăng ký nhu cầu đã được tiếp nhận")


async def test_an_application_without_an_applicant_holds_up_nobody(town: Town, translators: Translators) -> None:
    event = await set_up(town.database, capacity=1)
    lan, minh = town.person("Lan"), town.person("Minh")
    first = id_of(await apply(town, translators, lan, event, number=0))
    second = id_of(await apply(town, translators, minh, event, number=1))
    async with town.database.transaction() as connection:
        await connection.execute(update(Application).where(Application.id == second).values(contact_id=None))
    await lan.sends_press(f"app:withdrawn:{first}")
    lan.skips()
    await town.deliver()
    minh.nothing_unread()
    async with town.database.reading() as connection:
        status = await connection.scalar(select(Application.status).where(Application.id == second))
    assert status == Status.OFFERED
    await minh.says("/hoso")
    minh.reads("được mời nhận chỗ")
    cancelled = await change(town, offering_changes.cancel, event, "", translators=translators)
    assert (cancelled.outcome, cancelled.told) == (Changed.DONE, 0)
