"""The way to the door in the chat: the link, the figures and the conflicts, for officers of the event alone."""

from __future__ import annotations

from sqlalchemy import update

from bot.db.models.offerings import Offering
from bot.db.models.people import Contact
from bot.messages import Language, Reply, Role
from bot.services.check_in import attendance, walk_ins
from bot.services.check_in.scans import Method, Scan
from bot.services.check_in.walk_ins import WalkIn
from tests.at_the_door import on_its_day, seat
from tests.chat import PersonInTown, Town, flat
from tests.ticketing import arrives, contact_of

TITLE = "Ví dụ: Buổi tư vấn nhóm nhỏ về chuyển giao công nghệ"


async def staff(town: Town, name: str = "Minh", *, language: str = "vi", role: Role = Role.ADMIN) -> PersonInTown:
    person = await arrives(town, name, language=language)
    async with town.database.transaction() as connection:
        where = update(Contact).where(Contact.id == await contact_of(town, person))
        await connection.execute(where.values(role=role.value, language=Language(language).value))
    return person


def link_in(reply: Reply) -> str:
    return next((button.url for button in flat(reply) if button.url), "")


async def test_an_officer_finds_the_link_and_what_happened_at_the_door(town: Town) -> None:
    minh = await staff(town)
    async with town.database.transaction() as connection:
        event = await on_its_day(connection, town.clock())
        await connection.execute(update(Offering).where(Offering.id == event).values(capacity=3))
        lan = await seat(connection, event, 0, "Công ty Sông Hồng", town.clock(), seats=2)
    await minh.sends_press(f"manage:show:{event}")
    minh.reads(TITLE)
    await minh.presses("Đón khách")
    page = minh.reads(
        f"Đón khách: {TITLE}",
        "Đường liên kết dành riêng cho Anh/Chị",
        "Số chỗ đã đến: 0/2",
        "Khách chưa đăng ký: 0",
        buttons=["Mở trang đón khách", "Cập nhật số liệu", "Quay lại sự kiện", "Menu"],
    )
    token = link_in(page).removeprefix("https://nhipcau.test/check-in/")
    held = town.conversation.doors.read(token, town.clock())
    assert held is not None
    mine = await contact_of(town, minh)
    assert (held.offering_id, held.contact_id) == (event, mine)
    async with town.database.transaction() as connection:
        for number in (1, 2):
            scan = Scan(f"scan-000{number}", Method.CODE, town.clock(), lan.code, f"Cửa {number}", let_in=True)
            await attendance.check_in(connection, event, scan, mine, town.clock())
        unknown = Scan("scan-0003", Method.CODE, town.clock(), "", "Cửa 2", forged=True, let_in=True)
        await attendance.check_in(connection, event, unknown, mine, town.clock())
        guest = WalkIn("walk-0001", "Công ty Ngoài", 2, "", town.clock())
        await walk_ins.walk_in(connection, event, guest, mine, town.clock())
    await minh.presses("Cập nhật số liệu")
    minh.reads("Số chỗ đã đến: 2/2", "Khách chưa đăng ký: 2", "Vượt sức chứa 1 chỗ.")
    await minh.presses("Lượt cần xem lại: 2")
    minh.reads(
        "Các lượt đã cho vào khi điện thoại mất mạng",
        f"Công ty Sông Hồng · {lan.code}: đã cho vào hai lần. Đã cho vào: 09:00 thứ Hai 23/11/2026, Cửa 2, Minh",
        "Lượt được tính: 09:00 thứ Hai 23/11/2026, Cửa 1, Minh.",
        "mã không do hệ thống cấp: mã QR không do hệ thống cấp.",
        buttons=["Quay lại", "Menu"],
    )


async def test_before_the_day_it_says_from_when_on_and_long_after_that_it_is_over(town: Town) -> None:
    bob = await staff(town, "Bob", language="en")
    async with town.database.transaction() as connection:
        event = await on_its_day(connection, town.clock())
    town.clock.advance(days=-3)
    await bob.sends_press(f"door:{event}")
    early = bob.reads("People can be checked in from 04:00 Monday 23 November 2026.", "The link is yours alone")
    assert link_in(early)
    town.clock.advance(days=4)
    await bob.sends_press(f"door:{event}")
    assert link_in(bob.reads("The doors have closed. The page still takes in what a phone has kept"))
    town.clock.advance(days=8)
    await bob.sends_press(f"door:{event}")
    over = bob.reads("Check-in for this event is over.", buttons=["Figures again", "Back to the event", "Menu"])
    assert not link_in(over)
    await bob.sends_press(f"door:{event}:conflicts")
    bob.reads("Nothing has to be looked at")


async def test_a_cancelled_event_has_no_doors(town: Town) -> None:
    minh = await staff(town)
    async with town.database.transaction() as connection:
        event = await on_its_day(connection, town.clock())
        await connection.execute(update(Offering).where(Offering.id == event).values(cancelled_at=town.clock()))
    await minh.sends_press(f"door:{event}")
    assert not link_in(minh.reads("Sự kiện đã hủy nên không đón khách."))


async def test_nobody_else_gets_a_link(town: Town) -> None:
    async with town.database.transaction() as connection:
        event = await on_its_day(connection, town.clock())
    an = await arrives(town, "An", language="vi")
    await an.sends_press(f"door:{event}")
    assert not link_in(an.reads("Chỉ cán bộ"))
    editor = await staff(town, "Lan", role=Role.EDITOR)
    await editor.sends_press(f"door:{event}:conflicts")
    editor.reads("Chỉ cán bộ")
    await staff(town, "Minh")
    other = await staff(town, "Hòa", role=Role.OPERATOR)
    await staff(town, "Tú", role=Role.OPERATOR)
    async with town.database.transaction() as connection:
        mine = await contact_of(town, other)
        await connection.execute(update(Contact).where(Contact.id == mine).values(agency_slug="so-xay-dung"))
    await other.sends_press(f"door:{event}")
    assert not link_in(other.reads("Sự kiện này không có, hoặc do cơ quan khác phụ trách."))
    for wrong in ("door:999999", "door:x", "door", "door::conflicts"):
        await other.sends_press(wrong)
        other.reads("Sự kiện này không có")
