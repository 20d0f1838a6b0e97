"""The Telegram channel against a Bot API peer that refuses what Telegram would refuse."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import pytest
from aiogram.methods import GetUpdates
from aiogram.types import Update as PeerUpdate
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError

from bot.channels.telegram_bot import MenuCommand, TelegramBot
from bot.channels.telegram_markup import render
from bot.channels.telegram_receiving import Pauses
from bot.channels.telegram_request import TooManyRequests
from bot.channels.telegram_updates import incoming_from
from bot.errors import ChannelClosed, DeliveryError, MessageRefused, RecipientGone, TryLater
from bot.messages import Attachment, Button, Incoming, IncomingFile, Kind, Language, Outgoing, Reply, Role
from tests.telegram_peer import Fault, TelegramPeer
from tests.telegram_people import Person
from tests.telegram_schema import plain, plain_text

SECRET = "a-secret_of-the-webhook"
MENUS = {
    Language.VI: (
        MenuCommand("menu", "Mở menu"),
        MenuCommand("dangky", "Đăng ký chương trình hỗ trợ"),
        MenuCommand("thongbao", "Gửi thông báo", Role.OPERATOR),
    ),
    Language.EN: (MenuCommand("menu", "Open the menu"), MenuCommand("register", "Sign up")),
}


class Received:
    """The receipt of a message that was taken."""

    async def delivered(self) -> None:
        raise AssertionError("nothing that Telegram waits for may wait for the vendor")


@dataclass
class Bot:
    """A running channel and what it passed on. ``refuse`` is how often taking a message fails at first."""

    channel: TelegramBot
    received: list[Incoming] = field(default_factory=list)
    refuse: int = 0

    async def on_incoming(self, incoming: Incoming) -> Received:
        if self.refuse:
            self.refuse -= 1
            raise ConnectionError("the database is away")
        self.received.append(incoming)
        await self.channel.send(to(int(incoming.sender), Reply(f"Đã nhận: {incoming.text}", Language.VI)))
        return Received()

    @property
    def texts(self) -> list[str]:
        return [incoming.text for incoming in self.received]


@pytest.fixture
async def peer() -> AsyncIterator[TelegramPeer]:
    made = TelegramPeer()
    await made.start()
    yield made
    await made.close()
    made.check()


@pytest.fixture
def an(peer: TelegramPeer) -> Person:
    return peer.person(1001, "Nguyễn Văn An", has_started=True)


@asynccontextmanager
async def running(
    peer: TelegramPeer,
    files: Path,
    *,
    mode: Literal["polling", "webhook"] = "polling",
    receive: bool = True,
    api_url: str = "",
    read_seconds: float = 5,
) -> AsyncIterator[Bot]:
    """A started channel; with a web server for its webhook."""
    channel = TelegramBot(
        token=peer.token,
        api_url=api_url or peer.url,
        mode=mode,
        webhook_secret=SECRET,
        files=files,
        menus=MENUS,
        default_language=Language.VI,
        read_seconds=read_seconds,
        first_pause=0.02,
    )
    bot = Bot(channel)
    application = web.Application(client_max_size=16 * 1024 * 1024)
    application.add_routes(channel.routes(bot.on_incoming))
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    await channel.start(bot.on_incoming, receive=receive, public_url=f"http://{host}:{port}")
    try:
        if receive and mode == "webhook":
            await peer.updates.until_webhook()
        yield bot
    finally:
        async with asyncio.timeout(20):
            await channel.stop()
        await runner.cleanup()


@pytest.fixture
async def channel(peer: TelegramPeer, tmp_path: Path) -> AsyncIterator[TelegramBot]:
    """A channel as a worker has it: it only sends."""
    async with running(peer, tmp_path, receive=False) as bot:
        yield bot.channel


def to(person: int, reply: Reply, *, replaces: str = "") -> Outgoing:
    return Outgoing(1, 1, "telegram", str(person), reply, replaces=replaces)


def says(text: str, **parts: Any) -> Reply:
    return Reply(text, Language.VI, **parts)


def incoming(update: PeerUpdate) -> Incoming | None:
    return incoming_from(Update.de_json(plain(update), None))


# What people do --------------------------------------------------------------------------------------

Does = Callable[[Person], Awaitable[PeerUpdate]]

TEXTS: list[tuple[str, Kind, str]] = [
    ("Xin chào", Kind.TEXT, "Xin chào"),
    ("/start", Kind.START, ""),
    ("/start agency-7Q", Kind.START, "agency-7Q"),
    ("/start@nhip_cau_bot abc", Kind.START, "abc"),
    ("/START  abc ", Kind.START, "abc"),
    ("/started", Kind.TEXT, "/started"),
    ("/dangky", Kind.TEXT, "/dangky"),
    ("<b>&amp;</b> \u202e\u200b", Kind.TEXT, "<b>&amp;</b> \u202e\u200b"),
    ("x\x00y", Kind.TEXT, "xy"),
]


@pytest.mark.parametrize("text, kind, expected", TEXTS)
async def test_a_text_keeps_its_words(text: str, kind: Kind, expected: str, an: Person) -> None:
    update = await an.writes(text)
    assert incoming(update) == Incoming(
        channel="telegram",
        message_id=f"u{update.update_id}",
        sender="1001",
        kind=kind,
        text=expected,
        sender_name="Nguyễn Văn An",
        language_hint="vi",
    )


OTHER_DEEDS: list[tuple[str, Does, dict[str, Any]]] = [
    ("own card", lambda an: an.shares_contact(), {"kind": Kind.CONTACT_CARD, "phone": "+84912345678"}),
    ("card of another", lambda an: an.passes_on_contact("0987", user_id=7), {"kind": Kind.CONTACT_CARD, "phone": ""}),
    ("card of nobody", lambda an: an.passes_on_contact("0987"), {"kind": Kind.CONTACT_CARD, "phone": ""}),
    ("press", lambda an: an.sends_press("f:a:12", 77), {"kind": Kind.PRESS, "text": "f:a:12", "pressed_on": "77"}),
    ("old press", lambda an: an.sends_press("a", 77, old=True), {"kind": Kind.PRESS, "text": "a", "pressed_on": "77"}),
    ("press on nothing", lambda an: an.sends_press("a"), {"kind": Kind.PRESS, "text": "a", "pressed_on": ""}),
    ("forged long press", lambda an: an.sends_press("x" * 5000, 77), {"kind": Kind.PRESS, "text": "x" * 64}),
    ("sticker", lambda an: an.sends_sticker(), {"kind": Kind.TEXT, "text": ""}),
    ("blocks", lambda an: an.blocks_the_bot(), {"kind": Kind.BLOCKED}),
    ("unblocks", lambda an: an.unblocks_the_bot(), {"kind": Kind.UNBLOCKED}),
    (
        "file",
        lambda an: an.sends_file("báo cáo.pdf", b"%PDF"),
        {"kind": Kind.FILE, "file": IncomingFile("báo cáo.pdf", "application/pdf", 4, "file1")},
    ),
]  # fmt: skip


@pytest.mark.parametrize("does, expected", [row[1:] for row in OTHER_DEEDS], ids=[row[0] for row in OTHER_DEEDS])
async def test_what_a_person_does_is_passed_on(does: Does, expected: dict[str, Any], an: Person) -> None:
    update = await does(an)
    found = incoming(update)
    assert found is not None
    assert found.message_id == f"u{update.update_id}"
    assert found.sender == "1001"
    assert {name: getattr(found, name) for name in expected} == expected


PERSON = {"id": 1001, "is_bot": False, "first_name": "An"}
PRIVATE = {"id": 1001, "type": "private", "first_name": "An"}
GROUP = {"id": -5, "type": "group", "title": "Phòng"}
MESSAGE = {"message_id": 5, "date": 1, "from": PERSON, "chat": PRIVATE}
PHOTO = {"file_id": "small", "file_unique_id": "s", "width": 1, "height": 1, "file_size": 10}
SAYS_NOTHING: dict[str, dict[str, Any]] = {
    "in a group": {"message": MESSAGE | {"chat": GROUP, "text": "xin chào"}},
    "edited": {"edited_message": MESSAGE | {"edit_date": 2, "text": "xin chào"}},
    "pinned": {"message": MESSAGE | {"pinned_message": MESSAGE | {"text": "x"}}},
    "press in a group": {
        "callback_query": {
            "id": "1", "from": PERSON, "chat_instance": "1", "data": "a", "message": MESSAGE | {"chat": GROUP}
        }
    },
    "press of a game": {"callback_query": {"id": "1", "from": PERSON, "chat_instance": "1", "game_short_name": "g"}},
    "of a kind to come": {"telepathy": {"from": PERSON}},
    "channel post": {"channel_post": MESSAGE | {"chat": {"id": -9, "type": "channel", "title": "c"}, "text": "x"}},
}  # fmt: skip


@pytest.mark.parametrize("content", SAYS_NOTHING.values(), ids=SAYS_NOTHING)
def test_what_is_not_meant_for_the_bot_is_left_alone(content: dict[str, Any]) -> None:
    assert incoming_from(Update.de_json({"update_id": 1} | content, None)) is None


def test_of_a_photo_the_largest_size_is_kept() -> None:
    photo = [PHOTO, PHOTO | {"file_id": "large", "file_size": 99}]
    update = {"update_id": 1, "message": MESSAGE | {"photo": photo, "caption": "Đây ạ"}}
    found = incoming_from(Update.de_json(update, None))
    assert found is not None
    assert (found.kind, found.text) == (Kind.FILE, "Đây ạ")
    assert found.file == IncomingFile("photo.jpg", "image/jpeg", 99, "large")


# Webhook ---------------------------------------------------------------------------------------------


async def test_webhook_takes_updates_and_answers(peer: TelegramPeer, an: Person, tmp_path: Path) -> None:
    async with running(peer, tmp_path, mode="webhook") as bot:
        first = await an.writes("xin chào")
        await an.reads("Đã nhận: xin chào")
        await peer.updates.repeat(first)
        await peer.updates.until_taken(first)
        await an.sends_press("menu:open", 5)
        await an.waits_for(2)
        await peer.until_answered()
    assert [incoming.message_id for incoming in bot.received] == [f"u{first.update_id + n}" for n in (0, 0, 1)]
    call = peer.calls_of("setWebhook")[0].fields
    assert call["secret_token"] == SECRET
    assert call["allowed_updates"] == ["message", "callback_query", "my_chat_member"]
    assert call["url"].endswith("/telegram/webhook")


async def test_webhook_has_an_update_repeated_that_could_not_be_stored(
    peer: TelegramPeer, an: Person, tmp_path: Path
) -> None:
    async with running(peer, tmp_path, mode="webhook") as bot:
        bot.refuse = 2
        update = await an.writes("xin chào")
        await an.reads("Đã nhận")
        await peer.updates.until_taken(update)
    assert [each.status for each in peer.updates.deliveries] == [500, 500, 200]
    assert len(bot.received) == 1


BAD_REQUESTS: list[tuple[str, str | None, bytes, int]] = [
    ("no secret", None, b"{}", 401),
    ("wrong secret", "wrong", b"{}", 401),
    ("secret in other letters", "bí-mật", b"{}", 401),
    ("no JSON", SECRET, b"{", 400),
    ("no object", SECRET, b"[]", 400),
    ("no update", SECRET, b'{"update_id": "x"}', 400),
    ("too long", SECRET, b'{"a": "' + b"x" * 1024 * 1024 + b'"}', 413),
    ("unknown kind", SECRET, b'{"update_id": 1, "telepathy": {}}', 200),
    ("unreadable", SECRET, b'{"update_id": 1, "message": {"chat": 5}}', 200),
]


@pytest.mark.parametrize(
    "secret, body, status", [row[1:] for row in BAD_REQUESTS], ids=[row[0] for row in BAD_REQUESTS]
)
async def test_webhook_refuses_what_is_not_telegram(
    secret: str | None, body: bytes, status: int, peer: TelegramPeer, tmp_path: Path
) -> None:
    async with running(peer, tmp_path, mode="webhook") as bot:
        assert await peer.updates.push(body, secret) == status
    assert bot.received == []


def test_there_is_no_webhook_while_polling(tmp_path: Path) -> None:
    async def never(_: Incoming) -> Received:
        return Received()

    channel = TelegramBot(
        token="1:a", api_url="http://127.0.0.1:1", mode="polling", webhook_secret="", files=tmp_path,
        menus=MENUS, default_language=Language.VI,
    )  # fmt: skip
    assert channel.routes(never) == ()


# Polling ---------------------------------------------------------------------------------------------


async def test_polling_keeps_the_order_of_each_person(peer: TelegramPeer, tmp_path: Path) -> None:
    people = [peer.person(number) for number in range(2000, 2040)]
    for word in ("một", "hai", "ba"):
        for person in people:
            await person.writes(word)
    async with running(peer, tmp_path) as bot:
        for person in people:
            assert [shown.text for shown in await person.waits_for(3)] == [
                f"Đã nhận: {word}" for word in ("một", "hai", "ba")
            ]
    assert len(bot.received) == 120
    assert peer.calls_of("getUpdates")[0].fields["allowed_updates"] == ["message", "callback_query", "my_chat_member"]


async def test_polling_asks_again_for_what_could_not_be_stored(peer: TelegramPeer, an: Person, tmp_path: Path) -> None:
    for word in ("một", "hai", "ba"):
        await an.writes(word)
    async with running(peer, tmp_path) as bot:
        bot.refuse = 2
        await an.waits_for(3)
        assert bot.texts == ["một", "hai", "ba"]
        update = await an.writes("bốn")
        await an.reads("bốn")
        await peer.updates.until_taken(update)


async def test_polling_outlives_what_can_not_be_read_and_faults(peer: TelegramPeer, an: Person, tmp_path: Path) -> None:
    await an.sends(contact={"phone_number": "1", "first_name": "x", "user_id": 1001})
    for fault in (Fault.SERVER_ERROR, Fault.CUT_BEFORE, Fault.CUT_AFTER):
        peer.fail(fault, "getUpdates")
    peer.fail(Fault.SERVER_ERROR, "deleteWebhook", times=2)
    peer.fail(Fault.CUT_BEFORE, "getMe")
    async with running(peer, tmp_path) as bot:
        await an.reads("Đã nhận")
        assert bot.received[0].phone == "+1"


@pytest.mark.parametrize(
    "failures, at_least, at_most",
    [
        ([TooManyRequests(7)], 7, 7),
        ([Conflict("terminated by other getUpdates request")], 60, 60),
        ([InvalidToken("Unauthorized")], 60, 60),
        ([NetworkError("x")], 0.5, 1),
        ([NetworkError("x")] * 4, 4, 8),
        ([NetworkError("x")] * 40, 30, 60),
        ([KeyError("update_id")], 0.5, 1),
    ],
)
def test_pauses_grow_and_obey(failures: list[Exception], at_least: float, at_most: float) -> None:
    pauses = Pauses(1)
    seconds = [pauses.after(error) for error in failures][-1]
    assert at_least <= seconds <= at_most
    pauses.succeeded()
    assert pauses.after(NetworkError("x")) <= 1


async def test_polling_outlives_an_answer_of_another_shape(peer: TelegramPeer, an: Person, tmp_path: Path) -> None:
    real = peer.updates.poll
    answers: list[list[Any]] = [[{"x": 1}], [{"update_id": 1, "message": 5}], [7]]

    async def poll(call: GetUpdates) -> list[Any]:
        return answers.pop() if answers else await real(call)

    peer.updates.poll = poll  # type: ignore[method-assign]
    async with running(peer, tmp_path):
        await an.writes("xin chào")
        await an.reads("Đã nhận: xin chào")


async def test_start_returns_at_once_while_telegram_is_away(
    peer: TelegramPeer, tmp_path: Path, silent_port: int
) -> None:
    async with asyncio.timeout(20), running(peer, tmp_path, api_url=f"http://127.0.0.1:{silent_port}") as bot:
        assert bot.channel.public_name is None
        with pytest.raises(TryLater) as caught:
            await bot.channel.send(to(1001, says("x")))
    assert (caught.value.maybe_sent, caught.value.whole_channel) == (False, True)


async def test_name_and_menu_are_told_once(peer: TelegramPeer, tmp_path: Path) -> None:
    for asked in (3, 6):
        async with running(peer, tmp_path) as bot:
            await peer.until_called("getMyCommands", asked)
            await peer.until_called("setMyCommands", 3)
    assert len(peer.calls_of("setMyCommands")) == 3
    assert bot.channel.public_name == "nhip_cau_test_bot"
    assert peer.menu() == ["menu", "dangky"]
    assert peer.menu("vi") == ["menu", "dangky"]
    assert peer.menu("en") == ["menu", "register"]


async def test_staff_see_the_commands_of_their_role(peer: TelegramPeer, channel: TelegramBot) -> None:
    await channel.show_commands("1001", Language.VI, Role.ADMIN)
    await channel.show_commands("1002", Language.VI, Role.VIEWER)
    await channel.show_commands("1003", Language.EN, None)
    assert peer.menu(chat_id=1001) == ["menu", "dangky", "thongbao"]
    assert peer.menu(chat_id=1002) == ["menu", "dangky"]
    assert peer.menu(chat_id=1003) == ["menu", "register"]


# What the bot says -----------------------------------------------------------------------------------

PLAIN_CALL = {"chat_id": 1001, "link_preview_options": {"is_disabled": True}, "parse_mode": "HTML"}
YES_NO = (
    (Button("Đồng ý", press="yes"), Button("Không", press="no")),
    (Button("Trang web", url="https://a.vn/?a=1&b"),),
)
YES_NO_KEYBOARD = {
    "inline_keyboard": [
        [{"text": "Đồng ý", "callback_data": "yes"}, {"text": "Không", "callback_data": "no"}],
        [{"text": "Trang web", "url": "https://a.vn/?a=1&b"}],
    ]
}
REPLIES: list[tuple[str, Reply, dict[str, Any]]] = [
    ("text", says("Xin chào"), {"text": "Xin chào"}),
    ("escaped", says("a < b & c > \"d\" 'e'"), {"text": "a &lt; b &amp; c &gt; \"d\" 'e'"}),
    (
        "title and footnote",
        says("Nội dung", title="<Tiêu đề>", footnote="Nguồn: mục 2 & 3"),
        {"text": "<b>&lt;Tiêu đề&gt;</b>\n\nNội dung\n\n<i>Nguồn: mục 2 &amp; 3</i>"},
    ),
    ("half a character", says("a\ud83db"), {"text": "a?b"}),
    ("buttons", says("Chọn", buttons=YES_NO), {"text": "Chọn", "reply_markup": YES_NO_KEYBOARD}),
    (
        "a long row of buttons",
        says("Chọn", buttons=(tuple(Button(str(n), press=f"n:{n}") for n in range(10)),)),
        {
            "text": "Chọn",
            "reply_markup": {
                "inline_keyboard": [
                    [{"text": str(n), "callback_data": f"n:{n}"} for n in range(8)],
                    [{"text": str(n), "callback_data": f"n:{n}"} for n in (8, 9)],
                ]
            },
        },
    ),
    (
        "phone",
        says("Số điện thoại?", ask_phone="Gửi số của tôi", buttons=((Button("Huỷ", press="cancel"),),)),
        {
            "text": "Số điện thoại?",
            "reply_markup": {
                "keyboard": [[{"text": "Gửi số của tôi", "request_contact": True}], [{"text": "Huỷ"}]],
                "resize_keyboard": True,
                "one_time_keyboard": True,
            },
        },
    ),
    (
        "phone with a link",
        says("Số?", ask_phone="Gửi", buttons=((Button("Quy định", url="https://a.vn"),),)),
        {
            "text": "Số?\n\nQuy định: https://a.vn",
            "reply_markup": {
                "keyboard": [[{"text": "Gửi", "request_contact": True}]],
                "resize_keyboard": True,
                "one_time_keyboard": True,
            },
        },
    ),
    ("phone no longer", says("Vâng", end_ask_phone=True), {"text": "Vâng", "reply_markup": {"remove_keyboard": True}}),
]  # fmt: skip


@pytest.mark.parametrize("reply, call", [row[1:] for row in REPLIES], ids=[row[0] for row in REPLIES])
async def test_a_reply_becomes_one_call(
    reply: Reply, call: dict[str, Any], channel: TelegramBot, peer: TelegramPeer, an: Person
) -> None:
    message_id = await channel.send(to(an.id, reply))
    assert [made.method for made in peer.calls] == ["sendMessage"]
    assert peer.calls[0].fields == PLAIN_CALL | call
    assert message_id == str(peer.sent(an.id)[0].message_id)


@given(st.text(), st.text(), st.text())
def test_no_text_can_break_the_markup(title: str, text: str, footnote: str) -> None:
    reply = says(text, title=title, footnote=footnote)
    (message,) = render(reply)
    assert plain_text(message.html, "HTML") == message.plain.strip()


async def test_a_long_text_is_split_and_the_buttons_come_last(
    channel: TelegramBot, peer: TelegramPeer, an: Person
) -> None:
    text = "\n\n".join(f"Đoạn {number}: " + "😀&<chữ> " * 60 for number in range(12))
    await channel.send(to(an.id, says(text, title="Tiêu đề", footnote="Nguồn", buttons=YES_NO)))
    shown = peer.sent(an.id)
    assert len(shown) > 1
    assert shown[0].text.startswith("Tiêu đề")
    assert "Nguồn" in shown[-1].text
    assert [bool(each.buttons) for each in shown] == [False] * (len(shown) - 1) + [True]


async def test_the_pressed_message_is_changed(channel: TelegramBot, peer: TelegramPeer, an: Person) -> None:
    asked = await channel.send(to(an.id, says("Đồng ý?", buttons=YES_NO)))
    changed = await channel.send(to(an.id, says("Đã ghi nhận", instead=True), replaces=asked))
    again = await channel.send(to(an.id, says("Đã ghi nhận", instead=True), replaces=asked))
    assert asked == changed == again
    (shown,) = peer.sent(an.id)
    assert (shown.text, shown.buttons, shown.changes) == ("Đã ghi nhận", [], 1)


async def test_what_can_not_be_changed_is_sent_anew(channel: TelegramBot, peer: TelegramPeer, an: Person) -> None:
    with_keys = await channel.send(to(an.id, says("Số?", ask_phone="Gửi")))
    for index, replaces in enumerate(("999999", with_keys), start=2):
        new = await channel.send(to(an.id, says(f"Trả lời {index}"), replaces=replaces))
        assert new == str(peer.sent(an.id)[-1].message_id)
        assert len(peer.sent(an.id)) == index
    # Neither a key that shares the phone nor a file can take the place of a text.
    await channel.send(to(an.id, says("Số?", ask_phone="Gửi"), replaces=new))
    assert len(peer.calls_of("editMessageText")) == 2


async def test_the_phone_keyboard_goes_away_under_a_reply_with_buttons(
    channel: TelegramBot, peer: TelegramPeer, an: Person
) -> None:
    await channel.send(to(an.id, says("Số?", ask_phone="Gửi số của tôi")))
    await an.reads("Số?")
    assert an.sees_key("Gửi số của tôi")
    last = await channel.send(to(an.id, says("E-mail?", buttons=YES_NO, end_ask_phone=True)))
    await an.reads("E-mail?", buttons=["Đồng ý", "Không", "Trang web"])
    an.nothing_unread()
    assert not an.sees_key("Gửi số của tôi")
    assert [str(shown.message_id) for shown in an.messages][1:] == [last]


async def test_a_file_is_sent_with_its_text(
    channel: TelegramBot, peer: TelegramPeer, an: Person, tmp_path: Path
) -> None:
    content = b"BEGIN:VCALENDAR" * 100_000
    (tmp_path / "stored").write_bytes(content)
    file = Attachment("sự kiện.ics", "text/calendar", "stored")
    await channel.send(to(an.id, says("Lịch <của> Anh/Chị", attachment=file, buttons=YES_NO)))
    await channel.send(to(an.id, says("Dài. " * 400, attachment=file)))
    first, text, second = peer.sent(an.id)
    assert (first.text, first.document) == ("Lịch <của> Anh/Chị", ("sự kiện.ics", content))
    assert first.buttons == ["Đồng ý", "Không", "Trang web"]
    assert text.document is None
    assert (second.text, second.document) == ("", ("sự kiện.ics", content))


def picture(width: int, height: int) -> bytes:
    content = BytesIO()
    Image.new("1", (width, height)).save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize(
    "content, is_photo",
    [
        (picture(450, 450), True),
        (picture(1280, 64), True),
        (picture(1281, 900), False),  # Telegram would make it smaller
        (picture(1280, 63), False),  # Telegram refuses it
        (picture(450, 450)[:60], False),  # looks like one, and Telegram finds that it isn't
        (b"PNG", False),
    ],
)
async def test_a_small_picture_is_seen_at_once(
    content: bytes, is_photo: bool, channel: TelegramBot, an: Person, tmp_path: Path
) -> None:
    (tmp_path / "stored").write_bytes(content)
    picture_file = Attachment("NC.png", "image/png", "stored")
    await channel.send(to(an.id, says("Mã của <Anh/Chị>", attachment=picture_file, buttons=YES_NO)))
    shown = await an.reads("Mã của <Anh/Chị>", buttons=["Đồng ý", "Không", "Trang web"])
    assert (shown.document, shown.is_photo) == (("NC.png", content), is_photo)
    an.nothing_unread()


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080", "http://localhost", "http://may-chu:80", "http://10.0.0.2"]
)
async def test_a_link_that_telegram_takes_for_no_button_is_text(address: str, channel: TelegramBot, an: Person) -> None:
    rows = ((Button("Mở", url=f"{address}/check-in/1"),), (Button("Không", "no"), Button("Web", url="https://a.vn/")))
    await channel.send(to(an.id, says("Đón khách", buttons=rows)))
    await an.reads(f"Đón khách\n\nMở: {address}/check-in/1", buttons=["Không", "Web"])


@pytest.mark.parametrize("path", ["gone", "../outside", "/etc/hostname"])
async def test_a_file_that_is_not_stored_refuses_the_message(
    path: str, channel: TelegramBot, an: Person, tmp_path: Path
) -> None:
    (tmp_path.parent / "outside").write_bytes(b"secret")
    with pytest.raises(MessageRefused):
        await channel.send(to(an.id, says("x", attachment=Attachment("a", "text/plain", path))))


async def test_markup_that_telegram_can_not_read_is_left_out(
    channel: TelegramBot, peer: TelegramPeer, an: Person
) -> None:
    peer.fail(Fault.REFUSE, status=400, description="Bad Request: can't parse entities: Unsupported start tag")
    await channel.send(to(an.id, says("a < b", title="Tiêu đề")))
    (shown,) = peer.sent(an.id)
    assert shown.text == "Tiêu đề\n\na < b"
    assert "parse_mode" not in peer.calls[-1].fields


# What can go wrong -----------------------------------------------------------------------------------

REFUSALS: list[tuple[int, str, type[DeliveryError], dict[str, Any]]] = [
    (403, "Forbidden: bot was blocked by the user", RecipientGone, {}),
    (403, "Forbidden: user is deactivated", RecipientGone, {}),
    (403, "Forbidden: bot can't initiate conversation with a user", RecipientGone, {}),
    (403, "Forbidden: bot can't send messages to the user", TryLater, {"maybe_sent": False, "whole_channel": False}),
    (400, "Bad Request: chat not found", RecipientGone, {}),
    (400, "Bad Request: user is deactivated", RecipientGone, {}),
    (400, "Bad Request: message text is empty", MessageRefused, {}),
    (400, "Bad Request: something new", MessageRefused, {}),
    (413, "Request Entity Too Large", MessageRefused, {}),
    (401, "Unauthorized", ChannelClosed, {}),
    (404, "Not Found", ChannelClosed, {}),
    (409, "Conflict: terminated", TryLater, {"maybe_sent": False}),
    (500, "Internal Server Error", TryLater, {"maybe_sent": True, "whole_channel": False, "after": None}),
    (502, "Bad Gateway", TryLater, {"maybe_sent": True}),
    (504, "Gateway Timeout", TryLater, {"maybe_sent": True}),
]  # fmt: skip


@pytest.mark.parametrize("status, description, kind, details", REFUSALS)
async def test_a_refusal_says_what_to_do(
    status: int,
    description: str,
    kind: type[DeliveryError],
    details: dict[str, Any],
    channel: TelegramBot,
    peer: TelegramPeer,
    an: Person,
) -> None:
    peer.fail(Fault.REFUSE, status=status, description=description)
    with pytest.raises(kind) as caught:
        await channel.send(to(an.id, says("x")))
    assert {name: getattr(caught.value, name) for name in details} == details
    assert "Telegram" in caught.value.reason
    assert peer.token not in repr(caught.value) + repr(caught.value.__cause__)


async def test_too_many_requests_hold_back_the_channel(channel: TelegramBot, peer: TelegramPeer, an: Person) -> None:
    peer.fail(Fault.TOO_MANY, seconds=17)
    with pytest.raises(TryLater) as caught:
        await channel.send(to(an.id, says("x")))
    assert (caught.value.after, caught.value.whole_channel, caught.value.maybe_sent) == (17, True, False)
    await channel.send(to(an.id, says("x")))
    await an.reads("x")


@pytest.mark.parametrize("fault, arrives", [(Fault.CUT_BEFORE, 0), (Fault.CUT_AFTER, 1), (Fault.LATE, 1)])
async def test_without_an_answer_nobody_knows(
    fault: Fault, arrives: int, peer: TelegramPeer, an: Person, tmp_path: Path
) -> None:
    async with running(peer, tmp_path, receive=False, read_seconds=0.2) as bot:
        peer.fail(fault, seconds=1)
        with pytest.raises(TryLater) as caught:
            await bot.channel.send(to(an.id, says("x")))
    assert (caught.value.maybe_sent, caught.value.whole_channel) == (True, False)
    assert len(peer.sent(an.id)) == arrives


async def test_people_who_blocked_the_bot_or_never_wrote_are_gone(
    channel: TelegramBot, peer: TelegramPeer, an: Person
) -> None:
    an.blocks = True
    for person in (an.id, 5555):
        with pytest.raises(RecipientGone):
            await channel.send(to(person, says("x")))
    an.blocks = False
    await channel.send(to(an.id, says("x")))


async def test_a_channel_that_is_not_open_sends_later(peer: TelegramPeer, tmp_path: Path) -> None:
    async with running(peer, tmp_path, receive=False) as bot:
        pass
    with pytest.raises(TryLater) as caught:
        await bot.channel.send(to(1001, says("x")))
    assert (caught.value.maybe_sent, caught.value.whole_channel) == (False, False)


async def test_no_log_has_the_token(
    peer: TelegramPeer, an: Person, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    peer.fail(Fault.SERVER_ERROR, "getUpdates")
    peer.fail(Fault.CUT_BEFORE, "getMe")
    async with running(peer, tmp_path):
        await an.writes("bí mật")
        await an.reads("Đã nhận")
    logged = caplog.text + "".join(capsys.readouterr())
    assert peer.token not in logged
    assert "bí mật" not in logged


# The peer itself -------------------------------------------------------------------------------------


def under(button: dict[str, Any]) -> dict[str, Any]:
    """A message with one button."""
    return {"chat_id": 1001, "text": "x", "reply_markup": {"inline_keyboard": [[button]]}}


WRONG_CALLS: list[tuple[str, dict[str, Any]]] = [
    ("sendMessage", {"chat_id": 1001, "text": "x", "colour": "red"}),
    ("sendMessage", under({"text": "a", "callback_data": "b", "x": 1})),
    ("sendMessage", {"chat_id": 1001}),
    ("sendMessage", {"chat_id": 1001, "text": " "}),
    ("sendMessage", {"chat_id": 1001, "text": "😀" * 2049}),
    ("sendMessage", {"chat_id": 1001, "text": "<u>a", "parse_mode": "HTML"}),
    ("sendMessage", {"chat_id": 1001, "text": "a < b", "parse_mode": "HTML"}),
    ("sendMessage", {"chat_id": 1001, "text": "a & b", "parse_mode": "HTML"}),
    ("sendMessage", {"chat_id": 1001, "text": "<h1>a</h1>", "parse_mode": "HTML"}),
    ("sendMessage", {"chat_id": 1001, "text": "&nbsp;", "parse_mode": "HTML"}),
    ("sendMessage", under({"text": "a", "callback_data": "đ" * 33})),
    ("sendMessage", under({"text": "a"})),
    ("setMyCommands", {"commands": [{"command": "Đăng_ký", "description": "x"}]}),
    ("answerCallbackQuery", {"callback_query_id": "q", "text": "x" * 201}),
    ("sendPigeon", {"chat_id": 1001}),
]  # fmt: skip


@pytest.mark.parametrize("method, fields", WRONG_CALLS)
async def test_the_peer_refuses_wrong_calls(method: str, fields: dict[str, Any], an: Person) -> None:
    peer = an.peer
    answer = await peer._act(method, fields)
    assert answer.status == 400
    with pytest.raises(AssertionError, match="would refuse"):
        peer.check()
    peer.wrong_calls.clear()


async def test_the_peer_answers_a_press_once_and_delivers_in_any_order(
    peer: TelegramPeer, an: Person, tmp_path: Path
) -> None:
    async with running(peer, tmp_path, mode="webhook") as bot:
        peer.updates.holding = True
        await an.writes("một")
        await an.writes("hai")
        await peer.updates.release(backwards=True)
        await an.waits_for(2)
        assert bot.texts == ["hai", "một"]
    second = await peer._act("answerCallbackQuery", {"callback_query_id": "q99"})
    assert isinstance(second.body, bytes)
    assert "query is too old" in json.loads(second.body)["description"]
