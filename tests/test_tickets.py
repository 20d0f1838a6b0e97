"""A conversation with an officer, from the question until it is handed back."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import event, func, select

from bot.db.models.people import Contact
from bot.db.models.tickets import Ticket, TicketMessage
from bot.messages import Role
from bot.services.messages import received
from tests import sample_files
from tests.chat import Town
from tests.reporting import employ
from tests.test_turn import HOSTILE
from tests.ticketing import (
    ANSWER,
    OF_TAKER,
    QUESTION,
    SCT,
    SILENT,
    TO_OFFICERS,
    another_process,
    answers,
    arrives,
    asks,
    restarted,
)


async def test_a_conversation_from_the_question_to_the_end(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await employ(town, "Viewer", Role.VIEWER)

    await bob.sends_press("officer:ask")
    bob.reads("Please type your question to an officer", "1,000 characters", buttons=["Cancel"])
    await bob.says(QUESTION)
    bob.reads(
        f"Shall this question go to {SCT}?",
        QUESTION,
        buttons=["Send this question", "Change it", "Another agency", "Cancel"],
    )
    await bob.says("2")
    bob.reads("The question so far:", QUESTION)
    await bob.says(QUESTION + " Xin cảm ơn.")
    bob.reads("Xin cảm ơn.")
    await bob.presses("Send this question")
    sent = bob.reads(
        "Your question No. 1",
        f"has been passed on to {SCT}. A person answers here",
        "from 8:00 to 17:00 on working days",
        SILENT,
        buttons=["End the conversation", "Menu"],
    )
    assert "on duty" not in sent.plain, "it is Monday morning"
    await bob.presses("Send this question")
    bob.reads("Your question No. 1", "It is waiting for an officer.", "Xin cảm ơn.")

    await town.deliver()
    hoa.reads("Question No. 1 of Bob", QUESTION, SCT, buttons=TO_OFFICERS)
    await hoa.presses("Take")
    hoa.reads("This question is yours now.", "You took it at 09:00", "waiting for 0 minutes")
    await town.deliver()
    bob.reads(f"{SCT} now takes care of your question")

    await bob.says("Tôi ở Đông Anh.")
    await town.deliver()
    hoa.reads("Question No. 1 of Bob", "Tôi ở Đông Anh.", buttons=OF_TAKER)
    await answers(town, hoa)
    hoa.reads("Your answer to question No. 1 is on its way.")
    got = bob.reads("Answer to your question No. 1", ANSWER, f"Your question: {QUESTION}", "Reply here.", buttons=[])
    assert got.footnote.startswith(SCT)

    await bob.says("7")
    await town.deliver()
    hoa.reads("7", buttons=OF_TAKER)
    await hoa.presses("Close")
    hoa.reads("Shall the conversation be closed?", "no answer yet", buttons=["Yes, close it", "No, leave it open"])
    await hoa.presses("No, leave it open")
    hoa.reads(ANSWER, "You, 09:00", "Tôi ở Đông Anh.")
    await answers(town, hoa, "Cảm ơn Anh/Chị.")
    hoa.reads("is on its way")
    assert "Your question:" not in bob.reads("Cảm ơn Anh/Chị.").plain
    await hoa.presses("Close")
    hoa.reads("Shall the conversation be closed?")
    await hoa.presses("Yes, close it")
    hoa.reads("The conversation is closed.", "Hoa closed it at 09:00")
    await town.deliver()
    bob.reads(
        "The conversation with the officer has ended. From now on the assistant answers you again.",
        buttons=["Ask an officer", "Menu"],
    )
    await bob.says("muc tieu thiet bi quan trac moi truong la bao nhieu?")
    bob.reads("20%")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).where(Contact.ticket_id.is_not(None))) == 0
    await bob.presses("Ask an officer")
    bob.reads("Please type your question to an officer")


async def test_the_assistant_is_silent_but_commands_buttons_and_forms_go_on(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await asks(town, bob)
    bob.skips()
    hoa.skips()
    question = "muc tieu thiet bi quan trac moi truong la bao nhieu?"
    await bob.says(question)
    bob.nothing_unread()
    await bob.repeats()
    await town.deliver()
    hoa.reads(question, buttons=TO_OFFICERS)
    hoa.nothing_unread()

    await bob.says("/menu")
    bob.reads("Please choose")
    await bob.presses("Questions about the plan")
    bob.reads("Choose a topic")
    await bob.says("huy")
    bob.reads("Shall the conversation end?", buttons=["Yes, end it", "No, go on with it"])
    await bob.says("2")
    bob.reads("Your question No. 1", f"You: {question}")
    await bob.says("/nonsense")
    bob.reads("no such command")
    await bob.sends_press("offer:join:1")
    bob.reads("1/")
    await bob.says("this is an answer in the form, not for the officer")
    bob.skips()
    await bob.presses("Cancel")
    bob.skips()
    await bob.sends_file("a.pdf", sample_files.PDF)
    bob.skips()
    await town.deliver()
    hoa.nothing_unread()


async def test_files_and_what_cannot_be_passed_on_get_a_sentence(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await asks(town, bob)
    bob.skips()
    hoa.skips()
    await bob.sends_file("a.pdf", sample_files.PDF)
    bob.reads("files can't be passed on yet")
    await bob.shares_phone("+84912345678")
    bob.reads("files can't be passed on yet")
    await bob.says("\u200b\u200b")
    bob.reads("Please type it as text")
    await bob.says("x" * 2501)
    bob.reads("2,501 characters, but at most 2,500")
    for number in range(20):
        await bob.says(f"message {number}")
    await bob.says("one more")
    bob.reads("This was not passed on: 20 messages", "/officer")
    await town.deliver()
    assert len(hoa.unread) == 20
    await answers(town, hoa)
    hoa.skips()
    bob.reads(ANSWER)
    town.clock.advance(minutes=1)
    await bob.says("and now again")
    await town.deliver()
    hoa.reads("and now again")


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_text_reaches_the_officer_or_is_refused_in_words(town: Town, name: str) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await asks(town, bob)
    bob.skips()
    hoa.skips()
    await bob.says(HOSTILE[name])
    await town.deliver()
    assert len(hoa.unread) + len(bob.unread) == 1
    for outgoing in (*hoa.unread, *bob.unread):
        assert not {"\u202e", "\u200b", "\x00"} & set(outgoing.reply.plain)
        assert "went wrong" not in outgoing.reply.plain
    if hoa.unread:
        hoa.skips()
        await hoa.sends_press("officer:show:1")
        hoa.reads("Question No. 1 of Bob")
        await answers(town, hoa, HOSTILE[name] if name in ("HTML", "format braces", "SQL") else ANSWER)
        hoa.skips()
    bob.skips()
    await bob.says("/officer")
    bob.reads("Your question No. 1")
    async with town.database.reading() as connection:
        assert await received.failed(connection) == []


async def test_everything_survives_a_restart(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await bob.says(f"/officer {QUESTION}")
    bob.reads(QUESTION)
    async with restarted(town) as again:
        await bob.presses("Send this question")
        bob.skips()
        await again.deliver()
        hoa.reads(QUESTION)
        await hoa.presses("Reply")
        hoa.skips()
        await hoa.says(ANSWER)
        hoa.skips()
        async with restarted(again) as once_more:
            await hoa.presses("Send the answer")
            hoa.reads("is on its way")
            await once_more.deliver()
            bob.reads(ANSWER)
            await bob.says("Thank you.")
            bob.nothing_unread()
            await once_more.deliver()
            hoa.reads("Thank you.")


async def test_a_repeated_message_is_passed_on_once(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await bob.says(f"/officer {QUESTION}")
    bob.skips()
    await bob.presses("Send this question")
    bob.reads("Your question No. 1")
    await asyncio.gather(*(bob.repeats() for _ in range(3)))
    await bob.says("more")
    await asyncio.gather(*(bob.repeats() for _ in range(3)))
    await town.deliver()
    hoa.reads(QUESTION)
    hoa.reads("more")
    await answers(town, hoa)
    await hoa.repeats()
    await town.deliver()
    hoa.reads("is on its way")
    bob.reads(ANSWER)
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Ticket)) == 1
        assert await connection.scalar(select(func.count()).select_from(TicketMessage)) == 2


async def test_two_messengers_and_two_languages(town: Town) -> None:
    """The person in the web chat in English, the officer in Telegram in Vietnamese."""
    hoa = await employ(town, "Hoa", language="vi")
    async with another_process(town, channel="web_chat") as web:
        bob = await arrives(web)
        await asks(web, bob)
        bob.reads("Your question No. 1")
        await town.deliver()
        hoa.reads("Câu hỏi số 1 của Bob", "Người hỏi dùng tiếng Anh.", buttons=["Trả lời", "Nhận", "Đóng"])
        await hoa.presses("Trả lời")
        hoa.reads("Vui lòng nhập câu trả lời", QUESTION)
        await hoa.says(ANSWER)
        hoa.reads("Answer to your question No. 1", SCT, buttons=["Gửi câu trả lời", "Sửa lại", "Hủy"])
        await hoa.presses("Gửi câu trả lời")
        hoa.reads("đang được gửi đi")
        await web.deliver()
        bob.reads("Answer to your question No. 1", ANSWER, SCT)
        await bob.says("Thank you, and by when?")
        bob.nothing_unread()
        await town.deliver()
        hoa.reads("Thank you, and by when?", "Người hỏi dùng tiếng Anh.")
        await hoa.presses("Đóng")
        hoa.skips()
        await hoa.presses("Đồng ý đóng")
        hoa.reads("Cuộc trao đổi đã đóng.")
        await web.deliver()
        bob.reads("The conversation with the officer has ended.")


async def test_the_person_ends_it(town: Town) -> None:
    bob = await arrives(town)
    hoa, lan = await employ(town, "Hoa"), await employ(town, "Lan")
    await asks(town, bob)
    bob.reads("Your question No. 1")
    lan.skips()
    await answers(town, hoa)
    hoa.skips()
    bob.skips()
    await bob.says("/officer")
    bob.reads(
        "Your question No. 1",
        SCT,
        "An officer has answered you.",
        f"You: {QUESTION}",
        f"Officer: {ANSWER}",
        SILENT,
        buttons=["End the conversation", "Menu"],
    )
    await bob.says("1")
    bob.reads("Shall the conversation end?")
    await bob.presses("Yes, end it")
    bob.reads("has ended", buttons=["Ask an officer", "Menu"])
    await town.deliver()
    hoa.reads("Question No. 1 of Bob", "Bob closed it at 09:00")
    lan.nothing_unread()
    await hoa.presses("Reply")
    hoa.reads("This conversation has ended.", "Bob closed it")
    await lan.presses("Take")
    lan.reads("This conversation has ended.", ANSWER)
    await bob.presses("Yes, end it")
    bob.reads("no longer valid")


async def test_both_sides_close_at_once(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await asks(town, bob)
    bob.skips()
    await answers(town, hoa)
    hoa.skips()
    bob.skips()
    await hoa.presses("Close")
    hoa.skips()
    await bob.says("/officer")
    bob.skips()
    await bob.presses("End the conversation")
    bob.skips()
    await asyncio.gather(bob.presses("Yes, end it"), hoa.presses("Yes, close it"))
    await town.deliver()
    told = [outgoing.reply.plain for outgoing in bob.unread]
    assert sum("From now on the assistant answers you again." in each for each in told) == 1
    assert any("closed it" in outgoing.reply.plain for outgoing in hoa.unread)
    bob.skips()
    hoa.skips()
    await bob.says("muc tieu thiet bi quan trac moi truong la bao nhieu?")
    bob.reads("20%")


async def test_a_message_and_the_closing_at_once(town: Town) -> None:
    """Whichever comes first, the person's words are passed on or answered, never lost."""
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    question = "muc tieu thiet bi quan trac moi truong la bao nhieu?"
    for number in range(1, 4):
        await asks(town, bob)
        bob.skips()
        await answers(town, hoa)
        hoa.skips()
        bob.skips()
        await hoa.presses("Close")
        hoa.skips()
        await asyncio.gather(hoa.presses("Yes, close it"), bob.says(question))
        await town.deliver()
        async with town.database.reading() as connection:
            last = await connection.scalar(select(TicketMessage.text).order_by(TicketMessage.id.desc()).limit(1))
        answered = any("20%" in outgoing.reply.plain for outgoing in bob.unread)
        assert answered is not (last == question), number
        bob.skips()
        hoa.skips()


async def test_somebody_who_blocks_the_bot_in_between(town: Town) -> None:
    bob = await arrives(town)
    hoa = await employ(town, "Hoa")
    await asks(town, bob)
    bob.skips()
    await bob.blocks_the_bot()
    await answers(town, hoa)
    hoa.reads("can't be reached")
    await bob.says("/officer")
    bob.reads("An officer has answered you.", ANSWER)
    await bob.says("Now I am back.")
    await town.deliver()
    hoa.reads("Now I am back.")


async def test_when_the_taker_is_gone_everybody_is_told_again(town: Town) -> None:
    bob = await arrives(town)
    hoa, lan = await employ(town, "Hoa"), await employ(town, "Lan")
    await asks(town, bob)
    bob.skips()
    lan.skips()
    await answers(town, hoa)
    hoa.skips()
    bob.skips()
    await hoa.blocks_the_bot()
    await bob.says("And one more thing.")
    await town.deliver()
    lan.reads("And one more thing.", buttons=["Take over"])


async def test_an_ordinary_question_costs_no_query_more(town: Town) -> None:
    bob = await arrives(town)
    statements: list[str] = []
    engine = town.database.engine.sync_engine

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    await bob.says("muc tieu thiet bi quan trac moi truong la bao nhieu?")
    event.remove(engine, "before_cursor_execute", count)
    bob.reads("20%")
    assert not [each for each in statements if " ticket " in each or "ticket.id" in each]
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).where(Contact.ticket_id.is_not(None))) == 0
