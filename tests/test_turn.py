"""One incoming message = one transaction: repeats, failures, replay, order, and who may press what."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.db.models.messages import Delivery, ReceivedMessage
from bot.db.models.people import Address, Contact
from bot.messages import Incoming, Kind, Reply
from bot.services.messages import received
from bot.services.people import contacts
from handlers import router
from handlers.turn import Turn
from tests import sample_files
from tests.chat import PersonInTown, Town


async def count(town: Town, table: type) -> int:
    async with town.database.reading() as connection:
        return await connection.scalar(select(func.count()).select_from(table)) or 0


async def test_the_first_words_say_that_a_program_is_talking(chat: PersonInTown) -> None:
    await chat.starts()
    chat.reads("Kính chào", "trợ lý ảo (chương trình tự động) của Sở Công Thương Hà Nội")
    await chat.says("/menu")
    chat.reads("Mời Anh/Chị chọn")


async def test_also_to_somebody_who_begins_with_a_question(town: Town) -> None:
    an = town.person("An")
    await an.says("mục tiêu thiết bị quan trắc môi trường là bao nhiêu?")
    an.reads("trợ lý ảo", "20%", "mục II.2.b")
    await an.says("mục tiêu thiết bị quan trắc môi trường là bao nhiêu?")
    assert "trợ lý ảo" not in an.reads("20%").plain


async def test_a_repeated_message_is_acted_on_once(town: Town, chat: PersonInTown) -> None:
    await chat.says("/menu")
    chat.reads("Menu")
    await chat.repeats()
    await asyncio.gather(*(chat.repeats() for _ in range(5)))
    chat.nothing_unread()
    assert await count(town, ReceivedMessage) == 1


async def test_the_first_message_in_parallel_makes_one_contact(town: Town, chat: PersonInTown) -> None:
    await asyncio.gather(*(chat.says(f"/menu {n}") for n in range(4)), return_exceptions=True)
    chat.skips()
    assert await count(town, Address) == 1
    assert await count(town, Contact) == 1


async def test_what_cannot_be_processed_is_set_aside_and_can_be_replayed(
    town: Town, chat: PersonInTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(turn: Turn) -> Sequence[Reply]:
        await contacts.set_language(turn.connection, turn.person.contact_id, turn.person.language.EN)
        raise ZeroDivisionError("secret 0912 345 678")

    conversation = town.conversation
    town.conversation = replace(conversation, replies_to=broken)
    await chat.says("mục tiêu về nước thải")
    async with town.database.reading() as connection:
        (failed,) = await received.failed(connection)
    chat.reads("gặp lỗi", failed.failure_id)
    assert "0912" not in failed.failure, "values are personal data"
    assert "ZeroDivisionError" in failed.failure
    await chat.repeats()
    chat.nothing_unread()
    async with town.database.reading() as connection:
        person = await contacts.find(connection, "telegram", chat.external_id)
    assert person is not None
    assert person.language.value == "vi", "what the handler did was rolled back"

    town.conversation = conversation
    async with town.database.transaction() as connection:
        incoming = await received.take_back(connection, failed.failure_id)
    assert incoming is not None
    await (await town.conversation.receive(incoming)).delivered()
    chat.reads("70-80%")


async def test_replies_to_quick_messages_keep_their_order(town: Town, chat: PersonInTown) -> None:
    await chat.says("/menu")
    chat.skips()
    texts = ["/menu", "/trogiup", "/menu", "/trogiup", "/menu"]
    receipts = []
    for index, text in enumerate(texts):
        incoming = Incoming("telegram", f"quick{index}", chat.external_id, Kind.TEXT, text=text)
        receipts.append(await town.conversation.receive(incoming))
    for receipt in receipts:
        await receipt.delivered()
    for expected in ("Menu", "Hướng dẫn", "Menu", "Hướng dẫn", "Menu"):
        chat.reads(expected)


async def test_the_language_switches_and_everything_after_it_follows(chat: PersonInTown) -> None:
    await chat.says("/ngonngu")
    chat.reads("Anh/Chị muốn dùng ngôn ngữ nào?", buttons=["Tiếng Việt", "English"])
    await chat.presses("English")
    chat.reads("From now on I write to you in English.")
    await chat.says("/menu")
    chat.reads("Please choose")
    await chat.says("1")
    chat.skips()
    await chat.says("ngonngu")
    chat.reads("Which language")
    await chat.says("Tiếng Việt")
    chat.reads("bằng tiếng Việt")


@pytest.mark.parametrize("text", ["/menu", "menu", "Menu", "MENU", "mẹnu".replace("ẹ", "e"), "/menu@nhipcau_bot"])
async def test_commands_work_with_and_without_the_slash(chat: PersonInTown, text: str) -> None:
    await chat.says("/start")
    chat.skips()
    await chat.says(text)
    chat.reads("Mời Anh/Chị chọn")


async def test_nothing_to_cancel_is_said_kindly(chat: PersonInTown) -> None:
    await chat.says("/huy")
    chat.reads("Không có việc gì đang dở")


@pytest.mark.parametrize(
    "press",
    [
        "",
        "x",
        "form:zzz:1:confirm",
        "offer:show:99999999999999999999",
        "offer:show:-1",
        "report:ack:1",
        "extension:grant:1",
        "broadcast:approve:1",
        "broadcast:confirm",
        "officer:answer:1",
        "faq:../../etc/passwd",
        "faq:topic:-3",
        "do:no-such-command",
        "language:xx",
        "application:withdraw:1",
        "privacy:delete",
        "rate:nobodys:up",
        "wish:nobodys",
        "unanswered:show:1",
        "proposal:approve:1",
        "\u202e:\u0000:'; DROP TABLE contact; --",
        "a" * 64,
    ],
)
async def test_a_forged_button_gets_a_clear_sentence(town: Town, chat: PersonInTown, press: str) -> None:
    await chat.says("/menu")
    chat.skips()
    await chat.sends_press(press)
    assert len(chat.unread) == 1
    assert "gặp lỗi" not in chat.unread[0].reply.plain
    chat.skips()
    async with town.database.reading() as connection:
        assert await received.failed(connection) == []


HOSTILE = {
    "100 KB": "nước thải " * 10_000,
    "HTML": "<b>xin</b> <script>alert(1)</script> &amp; <a href='javascript:x'>",
    "right to left": "\u202egnôs gnăn\u202c hỏi về \u2067kế hoạch\u2069",
    "zero width": "n\u200bư\u200cớ\u200dc t\ufeffhải",
    "emoji only": "🙂🙃👍🏽",
    "surrogates and controls": "a\x00b\x07c",
    "one letter": "a",
    "only marks": "\u0301\u0301\u0301",
    "format braces": "{x} {0} %s %(a)s {{}}",
    "SQL": "'; DROP TABLE contact; --",
    "very long word": "a" * 5000,
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_text_gets_an_ordinary_answer(town: Town, chat: PersonInTown, name: str) -> None:
    await chat.says(HOSTILE[name])
    assert chat.unread
    assert "gặp lỗi" not in chat.unread[0].reply.plain
    chat.skips()
    async with town.database.reading() as connection:
        assert await received.failed(connection) == []


async def test_files_stickers_and_cards_are_answered(chat: PersonInTown) -> None:
    await chat.sends_file("a.pdf", sample_files.PDF)
    chat.reads("chưa cần tệp")
    await chat.says("")
    chat.reads("chỉ đọc được văn bản")
    await chat.shares_phone("+84912345678")
    chat.reads("chỉ đọc được văn bản")


async def test_the_router_is_what_the_program_runs() -> None:
    assert [handler.__module__ for handler in router.FIRST_ANSWER_WINS][-1] == "handlers.questions"


async def test_a_reply_is_stored_in_the_same_transaction_as_its_cause(town: Town, chat: PersonInTown) -> None:
    await chat.says("/menu")
    chat.reads("Menu")
    await town.delivery.settled()
    async with town.database.reading() as connection:
        (row,) = (await connection.execute(select(Delivery.status, Delivery.attempts, Delivery.owner))).all()
    assert (row.status, row.attempts, row.owner) == ("sent", 1, None)
