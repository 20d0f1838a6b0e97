"""All agencies for those who look after them: who is reached, search, codes, removing, the file with codes."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select, update

from bot.db.models.people import Contact, FocalPoint, Invitation
from bot.messages import Role
from bot.services.agencies import agency_states
from bot.services.messages import channel_names
from content.model import Content
from tests.agencies import ba_dinh, code_in, contact
from tests.chat import Town
from tests.reporting import appoint, employ, plan

WARD = "Ủy ban nhân dân phường Ba Đình"
OWING = 132


async def test_the_overview_counts_and_lists(town: Town) -> None:
    minh = await employ(town, "Minh", Role.ADMIN, language="vi")
    await appoint(town, "Lan")
    mai = await appoint(town, "Mai", "phuong-bach-mai")
    away = await appoint(town, "Hoa", "phuong-bo-de")
    await mai.blocks_the_bot()
    for press in ("focal:away:{}", "focal:day:2026-11-23", "focal:day:2026-11-24", "focal:confirm"):
        await away.sends_press(press.format(await number_of(town, "Hoa")))
        away.skips()
    await minh.says("/coquan")
    minh.reads(
        f"{OWING} cơ quan có chế độ báo cáo.",
        "Có đầu mối liên lạc được: 2",
        f"Chưa có đầu mối: {OWING - 3}",
        "Không liên lạc được: 1",
        "Người phụ trách vắng, không có người thay: 1",
        buttons=[
            "Chưa có đầu mối (129)", "Không liên lạc được (1)", "Người phụ trách vắng, không có người thay (1)",
            "Có đầu mối (1)", "Tìm cơ quan", "Cấp mã cho mọi cơ quan chưa có đầu mối", "Menu",
        ],
    )  # fmt: skip
    await minh.says("2")
    minh.reads("1 đến 1 trong số 1", buttons=["Ủy ban nhân dân phường Bạch Mai", "Tất cả cơ quan", "Menu"])
    await minh.says("1")
    minh.reads("Mai: cán bộ phụ trách", "Không liên lạc được: Telegram (đã chặn)")
    await minh.presses("Tất cả cơ quan")
    minh.reads("Chưa có đầu mối: 129")
    await minh.presses("Chưa có đầu mối (129)")
    minh.reads("1 đến 10 trong số 129")
    await minh.presses("Xem thêm")
    minh.reads("11 đến 20 trong số 129")
    await minh.sends_press("focal:list:none:120")
    minh.reads("121 đến 129 trong số 129")
    for odd in ("focal:list:none:9999", "focal:list:nonsense:0", "focal:list:none:x"):
        await minh.sends_press(odd)
        minh.reads("129")


async def number_of(town: Town, name: str) -> int:
    async with town.database.reading() as connection:
        found = await connection.scalar(
            select(FocalPoint.agency_id).where(FocalPoint.contact_id == await contact(town, name))
        )
    assert found is not None
    return found


@pytest.mark.parametrize(
    "typed, found",
    [
        ("ba dinh", ["phuong-ba-dinh"]),
        ("UBND phường Ba Đình", ["phuong-ba-dinh"]),
        ("p. ba dinh", ["phuong-ba-dinh"]),
        ("phuong ba dinh", ["phuong-ba-dinh"]),
        ("SXD", ["so-xay-dung"]),
        ("so xay dung", ["so-xay-dung"]),
        ("xay", ["so-xay-dung"]),
        ("construction", ["so-xay-dung"]),
        ("00004", ["phuong-ba-dinh"]),
        ("ba dihn", ["phuong-ba-dinh"]),
        ("xã ba vì", ["xa-ba-vi"]),
        ("bo cong thuong", []),
        ("qqqq", []),
        ("   ", []),
    ],
)
def test_search_by_name(known: Content, typed: str, found: list[str]) -> None:
    assert agency_states.search(known.agencies, typed) == found


async def test_an_agency_is_found_and_shown(town: Town) -> None:
    minh = await employ(town, "Minh", agency="so-cong-thuong", language="vi")
    await appoint(town, "Lan")
    await plan(town)
    await minh.says("/coquan")
    minh.skips()
    await minh.presses("Tìm cơ quan")
    minh.reads("Anh/Chị tìm cơ quan nào?")
    await minh.says("Gotham")
    minh.reads("Không có cơ quan báo cáo nào tên như vậy: Gotham")
    await minh.says("phu")
    minh.reads("cơ quan trùng với tên đã nhập", "nhập thêm tên")
    await minh.says("phường phú")
    minh.reads("Có 6 cơ quan trùng với tên đã nhập")
    await minh.presses("Tìm cơ quan khác")
    minh.reads("Anh/Chị tìm cơ quan nào?")
    await minh.says("ba đình")
    minh.reads(
        WARD, "1. Lan: cán bộ phụ trách, từ 23/11/2026", "Liên lạc qua: Telegram", "3 báo cáo phải nộp", "hạn gần nhất",
        "23/11/2026: “Lan” trở thành đầu mối (cán bộ phụ trách)",
        "23/11/2026: mã cho 1 người (cán bộ phụ trách), do quản trị hệ thống cấp",
        buttons=["Cấp mã", "Cho Lan thôi làm đầu mối", "Tìm cơ quan khác", "Tất cả cơ quan", "Menu"],
    )  # fmt: skip
    await minh.says("/agencies so khoa hoc")
    minh.reads("Sở Khoa học và Công nghệ", "Cơ quan này chưa có đầu mối")


async def test_a_code_is_issued_once(town: Town) -> None:
    minh = await employ(town, "Minh", Role.ADMIN, language="vi")
    await minh.says("/coquan ba dinh")
    minh.reads(WARD)
    await minh.presses("Cấp mã")
    minh.reads("vai trò nào", buttons=["Cán bộ phụ trách", "Cán bộ dự phòng", "Lãnh đạo cơ quan", "Quay lại", "Hủy"])
    await minh.says("bất kỳ")
    minh.reads("Mời Anh/Chị bấm một nút", "vai trò nào")
    await minh.says("2")
    minh.reads("Bao nhiêu người", buttons=["1 người", "2 người", "3 người", "5 người", "Quay lại", "Hủy"])
    await minh.sends_press("focal:uses:1000")
    minh.reads("Bao nhiêu người")
    await minh.presses("3 người")
    minh.reads("trong bao lâu", buttons=["3 ngày", "14 ngày", "30 ngày", "Quay lại", "Hủy"])
    await minh.presses("Quay lại")
    minh.reads("Bao nhiêu người")
    await minh.presses("2 người")
    minh.reads("trong bao lâu")
    await minh.presses("3 ngày")
    minh.reads("Vai trò: cán bộ dự phòng", "nhiều nhất 2 người", "Dùng được đến 09:00 thứ Năm 26/11/2026")
    await minh.presses("Cấp mã")
    code = code_in(minh.reads("Mã chỉ hiện lần này", "/lienket ", "https://nhipcau.test/?start="))
    await minh.sends_press("focal:issue")
    minh.reads("Không còn nội dung nào cần xác nhận")
    an = town.person("An")
    await an.says(f"/lienket {code}")
    an.reads(WARD, "cán bộ dự phòng")
    await minh.says("/coquan ba dinh")
    minh.reads("Mã còn dùng được:", "cán bộ dự phòng, còn 1 người, đến 09:00 thứ Năm 26/11/2026", "do “Minh” cấp")
    await minh.presses("Thu hồi mã chưa dùng")
    minh.reads("còn 1 người", "Thu hồi các mã này?", buttons=["Đồng ý thu hồi", "Quay lại", "Menu"])
    await minh.presses("Đồng ý thu hồi")
    page = minh.reads("Đã thu hồi 1 mã", "1 mã chưa dùng do “Minh” thu hồi")
    assert "Mã còn dùng được" not in page.text
    await minh.sends_press(f"focal:codesgone:{await ba_dinh(town)}")
    minh.reads("Hiện không có mã nào đang dùng được")
    binh = town.person("Bình", language="vi")
    await binh.says(f"/lienket {code}")
    binh.reads("đã hết hạn")
    async with town.database.reading() as connection:
        row = (await connection.execute(select(Invitation.uses, Invitation.used).where(Invitation.uses == 2))).one()
    assert tuple(row) == (2, 1)


async def test_a_search_leaves_alone_what_somebody_is_in_the_middle_of(town: Town) -> None:
    minh = await employ(town, "Minh", agency="so-cong-thuong", language="vi")
    await minh.sends_press(f"focal:code:{await ba_dinh(town)}")
    minh.reads("Mã dành cho vai trò nào?")
    await minh.says("/coquan Gotham")
    minh.reads("Không có cơ quan báo cáo nào tên như vậy: Gotham", "/coquan ba dinh")
    await minh.says("/coquan phu")
    minh.reads("Dưới đây là những cơ quan đầu tiên.")
    await minh.presses("Tìm cơ quan khác")
    minh.reads("chưa hoàn thành việc đang làm")
    await minh.sends_press("focal:role:deputy")
    minh.reads("Bao nhiêu người")
    await minh.says("/huy")
    minh.skips()
    await minh.sends_press("focal:uses:2")
    minh.reads("Không còn nội dung nào cần xác nhận", buttons=["Tất cả cơ quan", "Menu"])


async def test_a_focal_point_is_removed_and_told(town: Town) -> None:
    minh = await employ(town, "Minh", Role.ADMIN, language="vi")
    other = await employ(town, "Nga", agency="so-cong-thuong", language="en")
    lan = await appoint(town, "Lan", language="en")
    await lan.sends_press(f"focal:invited:{await ba_dinh(town)}:holder")
    code = code_in(lan.reads("Code for a colleague"))
    await minh.says("/coquan ba dinh")
    minh.reads(WARD)
    await minh.presses("Cho Lan thôi làm đầu mối")
    minh.reads("“Lan” (cán bộ phụ trách) sẽ không còn", "Khi đó cơ quan không còn đầu mối nào", "Cho thôi làm đầu mối?")
    await minh.presses("Đồng ý cho thôi")
    minh.reads("“Lan” không còn là đầu mối của cơ quan", "“Lan” được “Minh” cho thôi làm đầu mối")
    await minh.presses("Đồng ý cho thôi")
    minh.reads("Người này không còn là đầu mối")
    await town.deliver()
    lan.reads("You are no longer focal point of People's Committee of Ba Đình Ward")
    other.reads("An agency without a focal point")
    await lan.says(f"/link {code}")
    lan.reads("This code has expired")


async def test_codes_for_all_agencies_without_a_focal_point(town: Town) -> None:
    minh = await employ(town, "Minh", Role.ADMIN, language="vi")
    await appoint(town, "Lan")
    await minh.says("/coquan")
    minh.skips()
    await minh.presses("Cấp mã cho mọi cơ quan chưa có đầu mối")
    minh.reads("131 cơ quan chưa có đầu mối", "dùng được đến 09:00 thứ Tư 23/12/2026")
    await minh.says("cả hai loại tệp")
    minh.reads("Mời Anh/Chị bấm một nút", "131 cơ quan chưa có đầu mối")
    await minh.presses("CSV")
    reply = minh.reads("Tệp gồm 131 mã")
    await minh.presses("CSV")
    minh.reads("Không còn nội dung nào cần xác nhận")
    assert reply.attachment is not None
    content = (town.files / reply.attachment.path).read_text("utf-8-sig")
    heading, *rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert heading == ["Cơ quan", "Vai trò", "Mã", "Dùng được đến", "Nhập trong khung chat", "Chat trên web"]
    assert len(rows) == 131
    assert WARD not in [row[0] for row in rows]
    assert rows[0][3] == "23/12/2026 09:00"
    assert rows[0][5] == f"https://nhipcau.test/?start={rows[0][2]}"
    mai = town.person("Mai")
    await mai.says(rows[-1][4])
    mai.reads(rows[-1][0])
    async with town.database.reading() as connection:
        unused = select(func.count()).where(Invitation.used == 0)
        assert await connection.scalar(unused) == 130


async def test_the_file_comes_as_a_workbook_too(town: Town) -> None:
    minh = await employ(town, "Minh", Role.ADMIN)
    async with town.database.transaction() as connection:
        await channel_names.set_public_name(connection, "telegram", "nhipcau_bot")
    await minh.says("/agencies")
    minh.skips()
    await minh.presses("Codes for all without a focal point")
    minh.reads("132 agencies have no focal point")
    await minh.presses("Excel (XLSX)")
    reply = minh.reads("The file with 132 codes")
    assert reply.attachment is not None
    sheet = load_workbook(town.files / reply.attachment.path).active
    assert sheet is not None
    assert sheet.max_row == 133
    assert sheet["A1"].value == "Cơ quan"
    assert (sheet["G1"].value, sheet["G2"].value) == ("Telegram", f"https://t.me/nhipcau_bot?start={sheet['C2'].value}")


async def test_others_may_not(town: Town) -> None:
    agency = await ba_dinh(town)
    lan = await appoint(town, "Lan")
    lans = await contact(town, "Lan")
    viewer = await employ(town, "Vy", Role.EDITOR)
    officer = await employ(town, "Khoa", agency="so-khoa-hoc-va-cong-nghe")
    for person in (lan, viewer, officer):
        await person.says("/agencies ba dinh")
        person.reads("Only officers of the Department of Industry and Trade")
        for press in (
            "overview", "list:none:0", "find", "export",
            f"agency:{agency}", f"code:{agency}", f"removed:{agency}:{lans}",
        ):  # fmt: skip
            await person.sends_press(f"focal:{press}")
            person.reads("Only officers of the Department of Industry and Trade")
    # Whoever was an officer when they began, and no longer is, gets nothing either.
    minh = await employ(town, "Minh", Role.ADMIN)
    await minh.sends_press("focal:export")
    minh.skips()
    async with town.database.transaction() as connection:
        await connection.execute(update(Contact).where(Contact.name == "Minh").values(role=None))
    await minh.presses("CSV")
    minh.reads("Only officers of the Department of Industry and Trade")


async def test_an_agency_that_is_gone(town: Town) -> None:
    minh = await employ(town, "Minh", Role.ADMIN)
    for press in ("agency:99999", "code:99999", "remove:99999:1"):
        await minh.sends_press(f"focal:{press}")
        minh.reads("There is no such agency any more")
