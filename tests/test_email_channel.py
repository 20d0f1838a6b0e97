"""E-mail against a real SMTP server: what a mailbox gets, and what each answer of a server means."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage

import pytest

from bot.channels.email import Email
from bot.errors import ChannelClosed, DeliveryError, MessageRefused, RecipientGone, TryLater
from bot.i18n import Translators
from bot.messages import Attachment, Button, Language, Outgoing, Reply
from tests.mail_server import Mailroom, mail_server

NOW = datetime(2026, 12, 7, 1, 30, tzinfo=UTC)
REMINDER = Reply(
    "Báo cáo hằng năm & <kết quả>\nHạn: thứ Ba 15/12/2026\n\nCòn 6 ngày làm việc.",
    Language.VI,
    title="Nhắc báo cáo: còn 6 ngày làm việc",
    footnote="Căn cứ: Kế hoạch 50/KH-UBND",
    buttons=((Button("Đã nhận", "report:ack:1"),), (Button("Kế hoạch", url="https://example.vn/kh50"),)),
)


@pytest.fixture
async def room() -> AsyncIterator[Mailroom]:
    async with mail_server() as room:
        yield room


def channel(translators: Translators, port: int, **more: object) -> Email:
    given: dict[str, object] = {"host": "127.0.0.1", "port": port, "user": "", "password": "", "tls": False}
    given |= {"starttls": False, "chat_url": "https://nhipcau.test", "translators": translators, "clock": lambda: NOW}
    sender = Address(display_name="Nhịp Cầu", addr_spec="nhac-viec@nhipcau.test")
    return Email(**(given | {"sender": sender} | more))  # type: ignore[arg-type]


def outgoing(reply: Reply = REMINDER, to: str = "7/lan@hanoi.example", delivery_id: int = 42) -> Outgoing:
    return Outgoing(delivery_id, 3, "email", to, reply)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


async def test_a_reminder_in_a_mailbox(room: Mailroom, translators: Translators) -> None:
    returned = await channel(translators, room.port).send(outgoing())
    [message] = room.taken
    assert room.recipients == ["lan@hanoi.example"]
    assert message["To"] == "lan@hanoi.example"
    assert message["From"] == "Nhịp Cầu <nhac-viec@nhipcau.test>"
    assert message["Subject"] == "Nhắc báo cáo: còn 6 ngày làm việc"
    assert message["Date"] == "Mon, 07 Dec 2026 01:30:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == returned
    text = part(message, "plain")
    assert text.startswith("Nhắc báo cáo: còn 6 ngày làm việc\n\nBáo cáo hằng năm & <kết quả>\nHạn: thứ Ba")
    assert "Đã nhận" not in text
    assert "Kế hoạch: https://example.vn/kh50" in text
    assert "Để trả lời, mời Anh/Chị mở khung chat với trợ lý: https://nhipcau.test\n" in text
    assert text.rstrip().endswith("«E-mail nhận nhắc việc», «Xóa địa chỉ của tôi».")
    html = part(message, "html")
    assert "Báo cáo hằng năm &amp; &lt;kết quả&gt;<br>Hạn" in html
    assert '<a href="https://nhipcau.test">https://nhipcau.test</a>' in html
    assert '<html lang="vi">' in html


async def test_in_english_and_with_a_file(room: Mailroom, translators: Translators) -> None:
    reply = Reply("Please look.", Language.EN, attachment=Attachment("bc.docx", "application/x", "aa/bb"))
    await channel(translators, room.port).send(outgoing(reply))
    [message] = room.taken
    assert message["Subject"] == "Please look."
    text = part(message, "plain")
    assert "The file “bc.docx” is in the chat." in text
    assert "open the chat with the assistant" not in text
    assert "“Remove my address”" in text


async def test_a_repeated_delivery_has_the_same_id_and_another_one_another(
    room: Mailroom, translators: Translators
) -> None:
    mail = channel(translators, room.port)
    ids = [await mail.send(each) for each in (outgoing(), outgoing(), outgoing(delivery_id=43))]
    assert ids[0] == ids[1] != ids[2]
    assert ids[0].startswith("<42.")
    assert ids[0].endswith("@nhipcau.test>")


@pytest.mark.parametrize("title", ["Nhắc\r\nBcc: all@example.com", "Nhắc\nBcc: x@y.vn\n\nbody", "A\x00\x1f\u2028B: c"])
async def test_a_title_begins_no_header_of_its_own(room: Mailroom, translators: Translators, title: str) -> None:
    await channel(translators, room.port).send(outgoing(Reply("x", Language.VI, title=title)))
    [message] = room.taken
    assert message["Bcc"] is None
    assert room.recipients == ["lan@hanoi.example"]
    assert "\n" not in message["Subject"]


@pytest.mark.parametrize(
    "to", ["7/lan@x.vn\r\nBcc: a@b.vn", "7/lan", "7/", "lan@x.vn", "7/a@x.vn, b@x.vn", "7/<a@x.vn>"]
)
async def test_what_is_no_address_is_refused(room: Mailroom, translators: Translators, to: str) -> None:
    with pytest.raises(MessageRefused):
        await channel(translators, room.port).send(outgoing(to=to))
    assert room.taken == []


@pytest.mark.parametrize(
    "command, answer, expected, said",
    [
        ("RCPT", "550 5.1.1 no such user here", RecipientGone, "550 5.1.1 no such user"),
        ("RCPT", "550 no such user", RecipientGone, "no such user"),
        ("RCPT", "553 mailbox name not allowed", RecipientGone, "553"),
        ("RCPT", "550 5.2.1 mailbox disabled", RecipientGone, "disabled"),
        ("RCPT", "550 5.7.1 relaying denied", MessageRefused, "relaying denied"),
        ("RCPT", "554 5.7.1 blocked", MessageRefused, "blocked"),
        ("RCPT", "552 5.2.2 mailbox full", MessageRefused, "full"),
        ("RCPT", "450 4.2.1 greylisted", TryLater, "greylisted"),
        ("MAIL", "550 5.7.1 sender unknown", ChannelClosed, "refused SMTP_FROM"),
        ("MAIL", "451 4.3.0 later", TryLater, "busy"),
        ("DATA", "554 5.6.0 looks like spam", MessageRefused, "spam"),
        ("DATA", "452 4.3.1 no room", TryLater, "no room"),
        ("DATA", "421 4.7.0 too many", TryLater, "too many"),
    ],
)
async def test_what_an_answer_means(
    room: Mailroom, translators: Translators, command: str, answer: str, expected: type[DeliveryError], said: str
) -> None:
    room.answers[command] = answer
    with pytest.raises(expected) as raised:
        await channel(translators, room.port).send(outgoing())
    assert said in raised.value.reason


async def test_a_server_that_is_not_there_holds_back_all_mail(translators: Translators) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(TryLater) as raised:
            await channel(translators, unused.getsockname()[1]).send(outgoing())
    assert raised.value.whole_channel
    assert "can't be reached" in raised.value.reason


async def test_a_server_that_hangs_up_may_have_taken_it(room: Mailroom, translators: Translators) -> None:
    room.hangs_up = True
    with pytest.raises(TryLater) as raised:
        await channel(translators, room.port).send(outgoing())
    assert raised.value.maybe_sent
    assert not raised.value.whole_channel


async def test_a_server_without_encryption_is_not_used_where_it_was_asked_for(
    room: Mailroom, translators: Translators
) -> None:
    with pytest.raises(ChannelClosed):
        await channel(translators, room.port, starttls=True).send(outgoing())
    with pytest.raises(TryLater):
        await channel(translators, room.port, tls=True).send(outgoing())
    assert room.taken == []


async def test_user_and_password(translators: Translators) -> None:
    async with mail_server(password="s3cret-pass") as room:
        await channel(translators, room.port, user="nhip", password="s3cret-pass").send(outgoing())
        assert len(room.taken) == 1
        with pytest.raises(ChannelClosed) as raised:
            await channel(translators, room.port, user="nhip", password="wr0ng-pass").send(outgoing())
    assert "refused user or password" in raised.value.reason
    assert "wr0ng-pass" not in raised.value.reason
    assert "s3cret-pass" not in repr(channel(translators, 1, password="s3cret-pass"))
