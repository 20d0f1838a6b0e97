"""What can be put right on the review page, before handing in and when answers change afterwards."""

from __future__ import annotations

from sqlalchemy import select, update

from bot.db.models.applications import Application
from bot.db.models.offerings import Offering
from bot.db.models.people import Consent
from tests.chat import Town
from tests.signing_up import REVIEW, fill_in, sign_up, to_the_form

SEVERAL_SEATS = 3


async def few_seats(town: Town, capacity: int) -> None:
    async with town.database.transaction() as connection:
        await connection.execute(
            update(Offering)
            .where(Offering.seats_per_business > 1)
            .values(capacity=capacity, waitlist=False, needs_approval=False)
        )


async def test_who_asks_for_more_seats_than_are_left_can_ask_for_fewer(town: Town) -> None:
    await few_seats(town, 3)
    await sign_up(town.person("Minh"), SEVERAL_SEATS)
    lan = town.person("Lan")
    await to_the_form(lan, SEVERAL_SEATS)
    await fill_in(lan, tax_code="0100109106", name="Công ty Hồng Hà")
    await lan.says("Sửa")
    lan.reads("7. Số chỗ: 1 chỗ")
    await lan.says("7")
    lan.reads("Số chỗ")
    await lan.says("3")
    lan.reads("- Số chỗ: 3 chỗ", buttons=REVIEW)
    await lan.says("Xác nhận")
    told = lan.reads("Sự kiện chỉ còn 2 chỗ", "đăng ký tối đa 2 chỗ", "- Số chỗ: 3 chỗ", buttons=REVIEW).plain
    assert "hết chỗ" not in told
    await lan.says("Sửa")
    lan.reads()
    await lan.says("7")
    lan.reads()
    await lan.says("2")
    lan.reads("- Số chỗ: 2 chỗ")
    await lan.says("Xác nhận")
    lan.reads("Đăng ký thành công", "Anh/Chị có 2 chỗ")


async def test_the_same_in_english(town: Town) -> None:
    await few_seats(town, 2)
    await sign_up(town.person("Minh"), SEVERAL_SEATS)
    bob = town.person("Bob", language="en")
    await bob.says("/events")
    bob.reads()
    await bob.says(str(SEVERAL_SEATS))
    bob.reads()
    await bob.presses("Register")
    bob.reads("Question 1/8")
    for answer in ("yes", "no", "0100109106", "Hong Ha", "Bob", "0912345678", "bob@hongha.vn", "2"):
        await bob.says(answer)
        bob.reads()
    await bob.says("confirm")
    bob.reads("Only 1 seat is left, and this event has no waiting list.", "please choose Edit and ask for one")


async def test_a_consent_that_changes_with_the_answers_is_recorded(town: Town) -> None:
    lan = town.person("Lan")
    await sign_up(lan)

    async def consents() -> list[tuple[str, str, bool]]:
        async with town.database.reading() as connection:
            rows = await connection.execute(
                select(Consent.purpose, Consent.channel, Consent.withdrawn_at).order_by(Consent.id)
            )
            return [(purpose, channel, at is None) for purpose, channel, at in rows]

    assert await consents() == [("registration", "telegram", True)]
    expected = {"có": [True], "không": [False], "đồng ý": [False, True]}
    for answer, news in expected.items():
        town.clock.advance(minutes=5)
        await edit_news(town, answer)
        found = await consents()
        assert [agreed for purpose, _, agreed in found if purpose == "news"] == news
        assert [agreed for purpose, _, agreed in found if purpose == "registration"] == [True], "nothing new was asked"
    async with town.database.reading() as connection:
        answers = (await connection.execute(select(Application.answers))).scalar_one()
    assert answers["consent_news"]["at"] == town.clock().isoformat()


async def edit_news(town: Town, answer: str) -> None:
    lan = town.person("Lan")
    await lan.says("/hoso")
    lan.reads()
    await lan.says("1")
    lan.reads()
    await lan.presses("Sửa hồ sơ")
    chosen = lan.reads("Anh/Chị muốn sửa câu trả lời nào?").plain
    number = next(line.split(".")[0] for line in chosen.splitlines() if "Nhận tin về Kế hoạch" in line)
    await lan.says(number)
    lan.reads("Nhận tin")
    await lan.says(answer)
    lan.reads(buttons=REVIEW)
    await lan.says("Xác nhận")
    lan.reads("Đã lưu các thay đổi")
