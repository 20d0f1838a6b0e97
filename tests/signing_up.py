"""The way through a sign-up, for tests of what comes after."""

from __future__ import annotations

from stdnum.vn import mst

from tests.chat import PersonInTown

TRAINING = "Ví dụ: Tập huấn về công nghiệp môi trường cho doanh nghiệp"
CONSULTATION = "Ví dụ: Buổi tư vấn nhóm nhỏ về chuyển giao công nghệ"
SMALL = "example-technology-consultation"

QUESTION = ["Quay lại", "Hủy"]
REVIEW = ["Xác nhận", "Sửa", "Hủy"]


async def to_the_form(person: PersonInTown, number: int = 1) -> None:
    """Choose an event by its number in the list and open its form; the first question is read."""
    await person.says("/sukien")
    person.reads("Sự kiện")
    await person.says(str(number))
    person.reads()
    await person.says("1")
    person.reads("Câu 1/7")


async def fill_in(person: PersonInTown, *, tax_code: str = "0100233488", name: str = "Công ty Sông Hồng") -> None:
    """Answer everything up to the review page, which is read."""
    for answer in ("đồng ý", "không", name, tax_code, "Nguyễn Thị Lan", "0912345678", "lan@songhong.vn"):
        await person.says(answer)
        reply = person.reads()
    assert "Mời Anh/Chị kiểm tra lại thông tin" in reply.plain, reply.plain


async def sign_up(person: PersonInTown, number: int = 1, *, tax_code: str = "0100233488") -> str:
    """Everything up to the confirmation; returns the code."""
    await to_the_form(person, number)
    await fill_in(person, tax_code=tax_code)
    await person.says("Xác nhận")
    return code_in(person.reads("Mã hồ sơ: NC-").plain)


def code_in(text: str) -> str:
    return "NC-" + text.split("NC-")[1][:7]


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
