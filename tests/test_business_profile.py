"""The profile of an enterprise: shown whole, changed detail by detail, by those who act for it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.db.models.businesses import Business, BusinessEvent
from tests.chat import PersonInTown, Town
from tests.enterprises import NAME, PROFILE, acts_for, contact_id, joins
from tests.signing_up import tax_codes

FIELDS = [
    "Tên doanh nghiệp",
    "Lĩnh vực hoạt động chính",
    "Số lao động",
    "Doanh thu năm gần nhất",
    "Lĩnh vực công nghiệp môi trường",
    "Phường, xã",
    "Người liên hệ",
    "Điện thoại công việc",
    "Thư điện tử công việc",
]
PAGE = ["Sửa thông tin", "Người tham gia", "Chương trình nào phù hợp?", "Hồ sơ đăng ký", "Doanh nghiệp khác", "Menu"]


async def kept(person: PersonInTown) -> dict[str, Any]:
    async with person.town.database.reading() as connection:
        return dict((await connection.execute(select(Business.profile))).scalar_one())


async def opens(person: PersonInTown, label: str) -> None:
    """Open the page of the enterprise and choose a detail to change."""
    await person.sends_press("biz:list")
    person.reads(NAME, buttons=PAGE)
    await person.presses("Sửa thông tin")
    person.reads("Anh/Chị muốn sửa thông tin nào?", "Mã số thuế không sửa được", buttons=[*FIELDS, "Quay lại", "Menu"])
    await person.says(str(FIELDS.index(label) + 1))


async def test_everything_is_shown(town: Town) -> None:
    lan = town.person("Lan")
    await acts_for(lan)
    await lan.sends_press("biz:list")
    lan.reads(
        NAME,
        "Mã số thuế: 0100233488\n",
        "Lĩnh vực hoạt động chính: Công nghiệp, xây dựng",
        "Số lao động: 60 người",
        "Doanh thu năm gần nhất: 40.000.000.000 đồng",
        "Lĩnh vực công nghiệp môi trường: Nước thải; Thiết bị, vật tư môi trường",
        "Phường, xã: ",
        "Ba Đình",
        "Người liên hệ: Nguyễn Thị Lan",
        "Điện thoại công việc: 0912 345 678",
        "Quy mô: doanh nghiệp nhỏ (theo số lao động và doanh thu, Điều 5 Nghị định số 80/2021/NĐ-CP; để tham khảo)",
        "Số người tham gia: 1",
        "Hồ sơ đang xử lý: 0",
    )


async def test_in_english_with_a_household_business(town: Town) -> None:
    mark = town.person("Mark", language="en")
    await acts_for(mark, "001085123456", {"organisation": "Mark's workshop"})
    await mark.sends_press("biz:list")
    shown = mark.reads("Tax code: 001•••••••56", "Size: not known", "Headcount: (not given)").plain
    assert "001085123456" not in shown
    await mark.presses("Change a detail")
    mark.reads("Which detail would you like to change?", "The tax code can't be changed")
    await mark.presses("Headcount")
    mark.reads("So far: (not given)", buttons=["Back", "Cancel"])
    await mark.says("many")
    mark.reads("You entered: “many”.", "So far: (not given)")
    await mark.says("3")
    mark.reads("Saved: Headcount: 3 people", "Registrations that have been handed in keep what stood in them.")


@pytest.mark.parametrize("label, typed, shown, name, value", [
    ("Tên doanh nghiệp", "Sông Hồng Xanh", "Sông Hồng Xanh", "organisation", "Sông Hồng Xanh"),
    ("Số lao động", "1.200", "1.200 người", "headcount", 1200),
    ("Doanh thu năm gần nhất", "3 tỷ 500 triệu", "3.500.000.000 đồng", "revenue", 3_500_000_000),
    ("Người liên hệ", "Trần Minh", "Trần Minh", "contact_name", "Trần Minh"),
    ("Điện thoại công việc", "024 3825 3536", "024 3825 3536", "phone", "+842438253536"),
    ("Thư điện tử công việc", "minh@songhong.vn", "minh@songhong.vn", "email", "minh@songhong.vn"),
    ("Lĩnh vực công nghiệp môi trường", "1, 5", "Nước thải; Tái chế", "environment_fields",
     ["wastewater", "recycling"]),
])  # fmt: skip
async def test_one_detail_is_changed(town: Town, label: str, typed: str, shown: str, name: str, value: object) -> None:
    lan = town.person("Lan")
    await acts_for(lan)
    await opens(lan, label)
    lan.reads(label, "Hiện tại: ")
    await lan.says(typed)
    lan.reads(f"Đã lưu. {label}: {shown}", "Hồ sơ đã nộp vẫn giữ nguyên")
    assert await kept(lan) == dict(PROFILE) | {name: value}
    async with town.database.reading() as connection:
        event = (await connection.execute(select(BusinessEvent).order_by(BusinessEvent.id.desc()).limit(1))).one()
    assert (event.what, event.field, event.actor_id) == ("changed", name, await contact_id(lan))


async def test_choices_are_ticked_one_by_one(town: Town) -> None:
    lan = town.person("Lan")
    await acts_for(lan)
    await opens(lan, "Lĩnh vực công nghiệp môi trường")
    asked = lan.reads("Hiện tại: Nước thải; Thiết bị, vật tư môi trường")
    labels = [button.label for row in asked.buttons for button in row]
    assert labels[:2] == ["☑ Nước thải", "☐ Khí thải"]
    assert labels[-4:] == ["Xong", "Quay lại", "Để trống", "Hủy"]
    await lan.presses("☑ Nước thải")
    lan.reads("Lĩnh vực công nghiệp môi trường")
    await lan.says("2")
    lan.reads("Lĩnh vực công nghiệp môi trường")
    await lan.presses("Xong")
    lan.reads("Đã lưu. Lĩnh vực công nghiệp môi trường: Khí thải; Thiết bị, vật tư môi trường")
    await lan.presses("Xong")
    lan.reads("Nút này thuộc về một bước trước")
    await opens(lan, "Lĩnh vực hoạt động chính")
    lan.reads("3. Thương mại, dịch vụ")
    await lan.says("3")
    lan.reads("Đã lưu. Lĩnh vực hoạt động chính: Thương mại, dịch vụ", "Quy mô: doanh nghiệp vừa")


async def test_a_ward_that_was_a_district_is_asked_again(town: Town) -> None:
    lan = town.person("Lan")
    await acts_for(lan)
    await opens(lan, "Phường, xã")
    lan.reads("Phường, xã")
    await lan.says("quận Cầu Giấy")
    again = lan.reads("Anh/Chị đã nhập: “quận Cầu Giấy”.", "Cầu Giấy")
    assert again.buttons[0][0].label == "phường Cầu Giấy", again.buttons
    await lan.says("phường Cầu Giấy")
    lan.reads("Đã lưu. Phường, xã: phường Cầu Giấy")


async def test_bad_input_changes_nothing_and_one_can_go_back(town: Town) -> None:
    lan = town.person("Lan")
    await acts_for(lan)
    await opens(lan, "Điện thoại công việc")
    lan.reads("Hiện tại: 0912 345 678")
    await lan.says("12")
    lan.reads("Anh/Chị đã nhập: “12”.", "Hiện tại: 0912 345 678", buttons=["Quay lại", "Hủy"])
    await lan.sends_file("a.pdf", b"%PDF-1.4", "application/pdf")
    lan.skips()
    await lan.presses("Quay lại")
    lan.reads("Anh/Chị muốn sửa thông tin nào?")
    await lan.presses("Doanh thu năm gần nhất")
    lan.reads(buttons=["Quay lại", "Để trống", "Hủy"])
    await lan.presses("Để trống")
    lan.reads("Đã lưu. Doanh thu năm gần nhất: (không khai)", "Quy mô: chưa xác định được")
    await opens(lan, "Số lao động")
    lan.reads("Hiện tại: 60 người")
    await lan.says("60")
    lan.reads("Không có gì thay đổi.")
    await opens(lan, "Số lao động")
    lan.reads("Hiện tại: 60 người")
    await lan.says("/huy")
    lan.reads("Đã hủy")
    # Whoever turns to something else has left the question: the next word is not taken for an answer.
    await opens(lan, "Số lao động")
    lan.reads("Hiện tại: 60 người")
    await lan.says("/menu")
    lan.reads("Menu")
    await lan.says("61")
    lan.skips()
    assert await kept(lan) == {name: value for name, value in PROFILE.items() if name != "revenue"}


async def test_several_enterprises_are_listed(town: Town) -> None:
    lan = town.person("Lan")
    await acts_for(lan)
    await acts_for(lan, tax_codes(1)[0], {"organisation": "Công ty Thứ Hai"})
    await lan.sends_press("biz:list")
    lan.reads("1. Công ty Sông Hồng (0100233488)", "2. Công ty Thứ Hai", buttons=[
        NAME, "Công ty Thứ Hai", "Tham gia doanh nghiệp đã có", "Hồ sơ đăng ký", "Menu",
    ])  # fmt: skip
    await lan.says("2")
    lan.reads("Công ty Thứ Hai", "Quy mô: chưa xác định được")
    await lan.presses("Doanh nghiệp khác")
    lan.reads("Doanh nghiệp mới được thêm vào khi đăng ký lần đầu")


async def test_who_was_removed_in_the_middle_changes_nothing(town: Town) -> None:
    lan, hoa = town.person("Lan"), town.person("Hoa")
    business_id = await acts_for(lan)
    await joins(hoa, business_id, lan)
    await opens(hoa, "Số lao động")
    hoa.reads("Hiện tại: 60 người")
    await lan.sends_press(f"biz:removed:{business_id}:{await contact_id(hoa)}")
    lan.reads("“Hoa” không còn tham gia")
    await hoa.says("99")
    hoa.reads("Không có doanh nghiệp này")
    await town.deliver()
    hoa.reads("Một đồng nghiệp đã kết thúc")
    assert (await kept(lan))["headcount"] == 60
