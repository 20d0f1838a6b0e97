"""A focal point's e-mail address in the chat: typed, confirmed with the code from the mail, changed, removed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from email.headerregistry import Address as Mailbox

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.channels.email import Email
from bot.channels.email_message import recipient
from bot.db.models.messages import Delivery as Stored
from bot.db.models.people import Address, Agency, EmailConfirmation
from bot.services.people import contacts, emails, personal_data
from scheduler.delivery import Delivery
from tests.agencies import ba_dinh, contact, opens
from tests.chat import Town
from tests.conftest import quiet_hours
from tests.mail_server import Mailroom, mail_server
from tests.reporting import appoint


class Post:
    """The mail server, and the delivery that sends to it."""

    def __init__(self, room: Mailroom, delivery: Delivery) -> None:
        self.room = room
        self.delivery = delivery

    async def code(self) -> str:
        """Deliver, and read the newest code."""
        await self.goes_out()
        body = self.room.taken[-1].get_body(("plain",))
        assert body is not None
        found = re.search(r"\b\d{6}\b", body.get_content())
        assert found is not None
        return found[0]

    async def goes_out(self) -> None:
        await self.delivery.drain(timedelta(0))
        await self.delivery.settled()


@pytest.fixture
async def post(town: Town) -> AsyncIterator[Post]:
    async with mail_server() as room:
        mail = Email(
            host="127.0.0.1", port=room.port, user="", password="", tls=False, starttls=False,
            sender=Mailbox("Nhịp Cầu", addr_spec="nhac-viec@nhipcau.test"), chat_url="https://nhipcau.test",
            translators=town.conversation.translators, clock=town.clock,
        )  # fmt: skip
        delivery = Delivery(
            town.database, {"email": mail}, {}, "test/1/mail", town.clock, quiet_hours(), settle_seconds=0
        )
        await delivery.start()
        town.conversation = replace(town.conversation, email=True)
        yield Post(room, delivery)
        await delivery.stop()


async def mailbox(town: Town, name: str) -> str | None:
    """Where somebody's reminders go by e-mail."""
    number = await contact(town, name)
    async with town.database.reading() as connection:
        found = await contacts.emails(connection, [number])
    return emails.address_of(found[number].external_id) if number in found else None


async def test_an_address_from_typing_it_to_removing_it(town: Town, post: Post) -> None:
    lan = await appoint(town, "Lan", language="vi")
    await opens(lan, town)
    await lan.presses("E-mail nhận nhắc việc")
    lan.reads("Chưa có địa chỉ e-mail nào", buttons=["Nhập địa chỉ e-mail", "Quay lại", "Menu"])
    await lan.presses("Nhập địa chỉ e-mail")
    lan.reads("địa chỉ e-mail nào", buttons=["Hủy"])
    await lan.says("lan@")
    lan.reads("Đây không phải là địa chỉ e-mail gửi được")
    await lan.says(" Lan.Nguyen@HaNoi.example ")
    lan.reads("đang được gửi đến lan.nguyen@hanoi.example", "30 phút", buttons=["Gửi mã khác", "Hủy"])
    assert await mailbox(town, "Lan") is None
    code = await post.code()
    assert post.room.taken[0]["Subject"] == "Xác nhận địa chỉ e-mail"
    for wrong in ("abc", code[:5]):
        await lan.says(wrong)
        lan.reads("Mời Anh/Chị nhập sáu chữ số")
    await lan.says("000000" if code != "000000" else "111111")
    lan.reads("Mã chưa đúng")
    await lan.says(f"{code[:3]} {code[3:]}")
    lan.reads("Địa chỉ đã được xác nhận", "Nhắc việc cũng được gửi đến lan.nguyen@hanoi.example")
    assert await mailbox(town, "Lan") == "lan.nguyen@hanoi.example"
    assert "lan.nguyen@hanoi.example" in (await opens(lan, town)).text
    await lan.presses("E-mail nhận nhắc việc")
    lan.reads(buttons=["Dùng địa chỉ khác", "Xóa địa chỉ của tôi", "Quay lại", "Menu"])
    await lan.presses("Xóa địa chỉ của tôi")
    lan.reads("Đã xóa địa chỉ e-mail")
    assert await mailbox(town, "Lan") is None
    async with town.database.reading() as connection:
        mails = select(func.count()).select_from(Stored).where(Stored.channel == "email")
        assert await connection.scalar(mails) == 0


async def test_the_old_address_stays_until_the_new_one_is_confirmed(town: Town, post: Post) -> None:
    lan = await appoint(town, "Lan")
    agency = await ba_dinh(town)
    for address in ("old@hanoi.example", "new@hanoi.example"):
        await lan.sends_press(f"focal:emailask:{agency}")
        lan.skips()
        await lan.says(address)
        lan.reads(f"on its way to {address}")
        if address.startswith("old"):
            await lan.says(await post.code())
            lan.reads("Reminders also go to old@hanoi.example")
    assert await mailbox(town, "Lan") == "old@hanoi.example"
    await lan.says(await post.code())
    lan.reads("Reminders also go to new@hanoi.example")
    assert await mailbox(town, "Lan") == "new@hanoi.example"
    await lan.sends_press(f"focal:emailask:{agency}")
    lan.skips()
    await lan.says("new@hanoi.example")
    lan.reads("This address is confirmed already")


async def test_colleagues_may_share_a_mailbox(town: Town, post: Post) -> None:
    agency = await ba_dinh(town)
    for name in ("Lan", "An"):
        person = await appoint(town, name)
        await person.sends_press(f"focal:emailask:{agency}")
        person.skips()
        await person.says("vanphong@hanoi.example")
        person.skips()
        await person.says(await post.code())
        person.reads("Reminders also go to vanphong@hanoi.example")
    assert await mailbox(town, "Lan") == await mailbox(town, "An") == "vanphong@hanoi.example"


async def test_guessing_and_sending_have_an_end(town: Town, post: Post) -> None:
    lan = await appoint(town, "Lan")
    agency = await ba_dinh(town)
    await lan.sends_press(f"focal:emailask:{agency}")
    lan.skips()
    await lan.says("lan@hanoi.example")
    lan.skips()
    code = await post.code()
    for _ in range(emails.TRIES - 1):
        await lan.says("999999" if code != "999999" else "000000")
        lan.reads("This is not the code")
    await lan.says("999999" if code != "999999" else "000000")
    lan.reads("Too many wrong codes")
    await lan.says(code)
    lan.reads("Too many wrong codes")
    for _ in range(emails.CODES_A_DAY - 1):
        await lan.presses("Send another code")
        lan.reads("on its way")
    await lan.presses("Send another code")
    lan.reads("as many codes sent as is possible in a day")
    await lan.sends_press(f"focal:emailoff:{agency}")
    lan.skips()
    await lan.sends_press(f"focal:emailask:{agency}")
    lan.skips()
    await lan.says("other@hanoi.example")
    lan.reads("as many codes sent as is possible in a day")
    town.clock.advance(days=1, minutes=1)
    await lan.sends_press(f"focal:emailask:{agency}")
    lan.skips()
    await lan.says("other@hanoi.example")
    lan.reads("on its way")
    code = await post.code()
    town.clock.advance(minutes=30)
    await lan.says(code)
    lan.reads("This code no longer works")


async def test_an_address_that_the_server_does_not_know_is_shown(town: Town, post: Post) -> None:
    lan = await appoint(town, "Lan")
    agency = await ba_dinh(town)
    await lan.sends_press(f"focal:emailask:{agency}")
    lan.skips()
    await lan.says("lna@hanoi.example")
    lan.skips()
    post.room.answers["RCPT"] = "550 5.1.1 no such user"
    await post.goes_out()
    await lan.says("/cancel")
    lan.skips()
    await lan.sends_press(f"focal:email:{agency}")
    lan.reads("lna@hanoi.example: the mail server refused this address")


async def test_who_leaves_the_last_agency_gets_no_mail_any_more(town: Town, post: Post) -> None:
    lan = await appoint(town, "Lan")
    await appoint(town, "Lan", "phuong-bach-mai")
    agency = await ba_dinh(town)
    await lan.sends_press(f"focal:emailask:{agency}")
    lan.skips()
    await lan.says("lan@hanoi.example")
    lan.skips()
    await lan.says(await post.code())
    lan.skips()
    await lan.sends_press(f"focal:left:{agency}")
    lan.skips()
    assert await mailbox(town, "Lan") == "lan@hanoi.example"
    async with town.database.reading() as connection:
        other = await connection.scalar(select(Agency.id).where(Agency.slug == "phuong-bach-mai"))
    await lan.sends_press(f"focal:left:{other}")
    lan.reads("You are no longer focal point of People's Committee of Bạch Mai Ward")
    assert await mailbox(town, "Lan") is None


async def test_erasing_ones_data_takes_the_address_along(town: Town, post: Post) -> None:
    lan = await appoint(town, "Lan")
    agency = await ba_dinh(town)
    await lan.sends_press(f"focal:emailask:{agency}")
    lan.skips()
    await lan.says("lan@hanoi.example")
    lan.skips()
    async with town.database.transaction() as connection:
        person = await contacts.find(connection, "telegram", lan.external_id)
        assert person is not None
        await personal_data.erase(
            connection, person, keep_last_line=False, translators=town.conversation.translators, now=town.clock()
        )
        assert await connection.scalar(select(func.count()).where(Address.channel == "email")) == 0
        assert await connection.scalar(select(func.count()).select_from(EmailConfirmation)) == 0


async def test_what_nobody_confirmed_is_forgotten_after_a_day(town: Town, post: Post) -> None:
    lan = await appoint(town, "Lan")
    await lan.sends_press(f"focal:emailask:{await ba_dinh(town)}")
    lan.skips()
    await lan.says("lan@hanoi.example")
    lan.skips()
    for hours, left in ((23, 1), (1, 0)):
        town.clock.advance(hours=hours)
        async with town.database.transaction() as connection:
            await emails.forget_unconfirmed(connection, town.clock())
            kept = select(func.count()).select_from(Address).where(Address.channel == "email")
            assert await connection.scalar(kept) == left
            assert await connection.scalar(select(func.count()).select_from(EmailConfirmation)) == left


async def test_nothing_is_asked_where_no_mail_can_be_sent(town: Town) -> None:
    lan = await appoint(town, "Lan")
    reply = await opens(lan, town)
    assert "E-mail for reminders" not in [button.label for row in reply.buttons for button in row]
    await lan.sends_press(f"focal:emailask:{await ba_dinh(town)}")
    lan.reads("At the moment no e-mail is sent from here", buttons=["Back", "Menu"])


@pytest.mark.parametrize(
    "typed, read",
    [
        ("lan@hanoi.gov.vn", "lan@hanoi.gov.vn"),
        ("  Lan.Nguyen+kh50@CongThuong.Hanoi.Gov.VN ", "lan.nguyen+kh50@congthuong.hanoi.gov.vn"),
        ("<lan@hanoi.gov.vn>", "lan@hanoi.gov.vn"),
        ("mailto:lan@hanoi.gov.vn", "lan@hanoi.gov.vn"),
        ("lan@hanoi", None),
        ("lan@@hanoi.vn", None),
        ("lan@hanoi..vn", None),
        (".lan@hanoi.vn", None),
        ("lan.@hanoi.vn", None),
        ("nguyễn@hanoi.vn", None),
        ("lan@hà-nội.vn", None),
        ("a@b.vn, c@d.vn", None),
        ("a@b.vn\r\nBcc: c@d.vn", None),
        ("a" * 65 + "@b.vn", None),
        ("a@" + "b" * 250 + ".vn", None),
        ("@b.vn", None),
        ("", None),
    ],
)
def test_reading_an_address(typed: str, read: str | None) -> None:
    assert emails.read(typed) == read


@given(st.text(max_size=40) | st.emails())
def test_whatever_is_read_can_be_sent_to(typed: str) -> None:
    address = emails.read(typed)
    if address is not None:
        assert recipient(f"7/{address}") == address
        assert not re.search(r"[\s<>,;:\"\\()\[\]]", address)
