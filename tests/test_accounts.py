"""One person with several chat accounts: a code from one makes the other part of the same contact."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from bot.db.models.applications import Draft
from bot.db.models.businesses import Business
from bot.db.models.messages import Delivery
from bot.db.models.offerings import Offering
from bot.db.models.people import Address, Consent, Contact
from bot.messages import Role
from bot.services.people import contacts
from tests.chat import PersonInTown, Town, flat
from tests.enterprises import NAME, TAX_CODE, acts_for, contact_id
from tests.reporting import BA_DINH, appoint, employ
from tests.signing_up import code_in, to_the_form
from tests.ticketing import another_process

JOINING = ["Đúng, cả hai là của tôi", "Không"]


async def makes_a_code(person: PersonInTown) -> str:
    """Through the page of one's own data to a code for the other channel."""
    await person.sends_press("privacy:mine")
    person.reads()
    await person.presses("Kênh chat của tôi")
    person.reads(buttons=["Dùng thêm kênh chat", "Quay lại", "Menu"])
    await person.presses("Dùng thêm kênh chat")
    return person.reads("gõ tại đó: /lienket ", "có hiệu lực đến 09:30").plain.split("/lienket ")[1][:11]


async def test_what_was_begun_on_one_channel_goes_on_on_the_other(town: Town) -> None:
    phone, laptop = town.person("Lan"), town.person("Lan ở văn phòng")
    await acts_for(phone)
    await half_fills(phone, offering=1)
    await half_fills(laptop, offering=1)
    await half_fills(laptop, offering=2)
    code = await makes_a_code(phone)
    await laptop.says(f"/lienket {code}")
    laptop.reads("tài khoản chat “Lan” (Telegram)", "Chỉ xác nhận nếu cả hai đều của Anh/Chị", buttons=JOINING)
    await laptop.presses("Đúng, cả hai là của tôi")
    laptop.reads("Hai tài khoản chat nay là một.")
    await town.deliver()
    phone.reads("Một tài khoản chat nữa (Telegram) đã được gộp", "Nếu không phải Anh/Chị thực hiện")
    assert await contact_id(laptop) == await contact_id(phone)
    await laptop.sends_press("biz:list")
    laptop.reads(NAME)
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Contact)) == 1
        drafts = (await connection.execute(select(Draft.offering_id, Draft.state).order_by(Draft.offering_id))).all()
        assert [row.offering_id for row in drafts] == [1, 2]
        assert drafts[0].state == {"by": "Lan"}
        assert set((await connection.execute(select(Consent.contact_id))).scalars()) == {await contact_id(phone)}
    # The code has done its work.
    await laptop.says(f"/lienket {code}")
    laptop.reads("Anh/Chị đã dùng mã này")
    await town.person("Minh").says(f"/lienket {code}")
    town.person("Minh").skips()


async def test_a_form_begun_in_one_messenger_is_finished_in_another(town: Town) -> None:
    phone = town.person("Lan")
    await to_the_form(phone)
    for answer in ("đồng ý", "không", TAX_CODE):
        await phone.says(answer)
        phone.reads()
    await phone.says("/menu")
    phone.skips()
    code = await makes_a_code(phone)
    async with another_process(town, channel="web_chat") as page:
        laptop = page.person("Lan")
        await laptop.says(f"/lienket {code}")
        laptop.reads("tài khoản chat “Lan” (Telegram)", buttons=JOINING)
        await laptop.presses("Đúng, cả hai là của tôi")
        laptop.reads("Hai tài khoản chat nay là một.")
        await town.deliver()
        phone.reads("Một tài khoản chat nữa (Chat trên web) đã được gộp")
        await laptop.says("/dangky")
        laptop.reads("Anh/Chị có một đăng ký đang điền dở: ")
        await laptop.presses("Tiếp tục đăng ký")
        laptop.reads("Các câu trả lời trước đó vẫn được giữ nguyên", "Câu 4/7: Tên doanh nghiệp")
        for answer in (NAME, "Nguyễn Thị Lan", "0912345678", "lan@songhong.vn"):
            await laptop.says(answer)
            shown = laptop.reads()
        assert TAX_CODE in shown.plain
        await laptop.says("xác nhận")
        registered = code_in(laptop.reads("Mã hồ sơ: NC-").plain)
    # The form is handed in: there is nothing to go on with in the first messenger, and the registration is seen there.
    await phone.says("/hoso")
    phone.reads(registered)
    await phone.says("/dangky")
    assert "đang điền dở" not in phone.reads().plain


async def test_a_code_expires_and_only_the_newest_works(town: Town) -> None:
    phone, laptop = town.person("Lan"), town.person("Laptop", language="en")
    old = await makes_a_code(phone)
    new = await makes_a_code(phone)
    await laptop.says(f"/link {old}")
    laptop.reads("This code has expired.")
    await phone.says(f"/lienket {new}")
    phone.reads("Mã được tạo từ chính tài khoản chat này")
    await laptop.says(f"/link {new}")
    laptop.reads("This code was made in the chat account “Lan” (Telegram).", buttons=["Yes, both are mine", "No"])
    town.clock.advance(minutes=30)
    await laptop.presses("Yes, both are mine")
    laptop.reads("This code has expired.")
    for forged in ("account:join:ABCDE23456", "account:join:", "account:prefer:telepathy", "account:join:x:y"):
        await laptop.sends_press(forged)
        laptop.skips()
    assert await contact_id(laptop) != await contact_id(phone)


@pytest.mark.parametrize("what, reason", [
    ("business", "đang tham gia một doanh nghiệp"),
    ("ticket", "đang trao đổi với cán bộ"),
])  # fmt: skip
async def test_an_account_that_has_something_stays_apart(town: Town, what: str, reason: str) -> None:
    phone, laptop = town.person("Lan"), town.person("Minh")
    code = await makes_a_code(phone)
    if what == "business":
        await acts_for(laptop)
    else:
        await laptop.says("/canbo Xin hỏi về thủ tục đăng ký cho doanh nghiệp nhỏ?")
        laptop.skips()
        await laptop.presses("Gửi câu hỏi này")
        laptop.skips()
    await laptop.says(f"/lienket {code}")
    laptop.reads("Chưa gộp được tài khoản", reason)
    await laptop.sends_press(f"account:join:{code.replace('-', '')}")
    laptop.reads("Chưa gộp được tài khoản", reason)
    assert await contact_id(laptop) != await contact_id(phone)


async def test_staff_and_focal_points_stay_apart(town: Town) -> None:
    phone, hoa, binh = town.person("Lan"), await employ(town, "Hoa", Role.VIEWER), await appoint(town, "Bình", BA_DINH)
    code = await makes_a_code(phone)
    for person, reason in ((hoa, "member of staff"), (binh, "focal point of an agency")):
        await person.says(f"/link {code}")
        person.reads("The accounts stay apart", reason)


async def test_two_accounts_use_one_code_at_once(town: Town) -> None:
    phone, one, two = town.person("Lan"), town.person("Một"), town.person("Hai")
    code = await makes_a_code(phone)
    for person in (one, two):
        await person.says(f"/lienket {code}")
        person.reads(buttons=JOINING)
    await asyncio.gather(*(person.presses("Đúng, cả hai là của tôi") for person in (one, two)))
    told = sorted(person.reads().plain[:20] for person in (one, two))
    assert any("Tài khoản" in each or "liên kết" in each for each in told), told
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Contact)) == 2
    await town.deliver()
    for person in (phone, one, two):
        person.skips()


async def test_one_chooses_where_to_be_told(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    mine = await contact_id(lan)
    async with town.database.transaction() as connection:
        await connection.execute(
            insert(Address).values(contact_id=mine, channel="web_chat", external_id="w", created_at=town.clock())
        )
    await lan.sends_press("account:show")
    lan.reads("1. Telegram", "2. Chat trên web", "Kênh nhận thông báo: chưa chọn", buttons=[
        "Nhận thông báo qua Telegram", "Nhận thông báo qua Chat trên web", "Dùng thêm kênh chat", "Quay lại", "Menu",
    ])  # fmt: skip
    await lan.says("2")
    shown = lan.reads("Từ nay thông báo được gửi tới Anh/Chị qua: Chat trên web.")
    assert flat(shown)[0].label == "Nhận thông báo qua Telegram"
    business_id = await acts_for(lan)
    await minh.sends_press(f"biz:join:{business_id}")
    minh.reads("Mã của Anh/Chị")
    async with town.database.reading() as connection:
        told = await connection.scalar(select(Delivery.channel).where(Delivery.key.like("membership:%")))
        person = await contacts.find_by_contact(connection, mine)
        assert await connection.scalar(select(Business.name)) == NAME
    assert told == "web_chat"
    assert person is not None
    assert person.channel == "web_chat"
    await minh.sends_press("account:prefer:web_chat")
    minh.reads("Anh/Chị không có tài khoản trên kênh này.")


async def half_fills(person: PersonInTown, *, offering: int) -> None:
    mine, now = await contact_id(person), person.town.clock()
    row: dict[str, Any] = {
        "id": f"{mine}-{offering}", "contact_id": mine, "state": {"by": person.name}, "created_at": now,
        "changed_at": now, "offering_id": offering,
    }  # fmt: skip
    async with person.town.database.transaction() as connection:
        assert await connection.scalar(select(Offering.id).where(Offering.id == offering)) == offering
        await connection.execute(insert(Draft).values(row))
        await connection.execute(
            insert(Consent).values(contact_id=mine, purpose="news", text_version="1", channel="telegram", given_at=now)
        )
