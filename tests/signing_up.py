"""The way through a sign-up, for tests of what comes after."""

from __future__ import annotations

from stdnum.vn import mst

from tests.chat import PersonInTown

TRAINING = "Ví dụ: Tập huấn về công nghiệp môi trường cho doanh nghiệp"
CONSULTATION = "Ví dụ: Buổi tư vấn nhóm nhỏ về chuyển giao công nghệ"
SMALL = "example-technology-consultation"

QUESTION = ["Quay lại", "Hủy"]
TAX_CODE = ["Giải thích", "Quay lại", "Hủy"]
REVIEW = ["Xác nhận", "Sửa", "Hủy"]


async def to_the_form(person: PersonInTown, number: int = 1) -> None:
    """Choose an event by its number in the list and open its form; the first question is read."""
    await person.says("/sukien")
    person.reads("Sự kiện")
    await person.says(str(number))
    person.reads()
    await person.says("1")
    person.reads("Câu 1/")


async def fill_in(person: PersonInTown, *, tax_code: str = "0100233488", name: str = "Công ty Sông Hồng") -> None:
    """Answer everything up to the review page, which is read; what the profile knows is not asked."""
    answers = {
        "Đồng ý xử lý dữ liệu cá nhân": "đồng ý",
        "Nhận tin về Kế hoạch": "không",
        "Mã số thuế": tax_code,
        "Tên doanh nghiệp": name,
        "Người liên hệ": "Nguyễn Thị Lan",
        "Điện thoại công việc": "0912345678",
        "Thư điện tử công việc": "lan@songhong.vn",
        "Số chỗ": "1",
    }
    await person.says(answers["Đồng ý xử lý dữ liệu cá nhân"])
    reply = person.reads()
    while reply.title.startswith("Câu "):
        await person.says(answers[reply.title.split(": ", 1)[1]])
        reply = person.reads()
    assert "Mời Anh/Chị kiểm tra lại thông tin" in reply.plain, reply.plain


async def sign_up(person: PersonInTown, number: int = 1, *, tax_code: str = "0100233488") -> str:
    """Everything up to the confirmation; returns the code."""
    await to_the_form(person, number)
    await fill_in(person, tax_code=tax_code)
    await person.says("Xác nhận")
    return code_in(person.reads("Mã hồ sơ: NC-").plain)


def code_in(text: str) -> str:
    return "NC-" + text.split("NC-", 1)[1][:7]


def tax_codes(count: int) -> list[str]:
    """As many valid tax codes."""
    found: list[str] = []
    number = 1_002_334
    while len(found) < count:
        start = f"{number:09d}"
        digit = mst.calc_check_digit(start)
        if len(digit) == 1:
            found.append(start + digit)
        number += 1
    return found
