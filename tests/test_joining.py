"""A second employee joins an enterprise by a code that a colleague confirms; people leave and are removed."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import delete, insert, select, update

from bot.db.models.applications import Application, Draft
from bot.db.models.businesses import BusinessEvent, BusinessMember, MembershipRequest
from bot.db.models.offerings import Offering
from bot.services.applications import application_codes
from tests.chat import PersonInTown, Town
from tests.enterprises import NAME, PROFILE, TAX_CODE, acts_for, contact_id, joins
from tests.signing_up import sign_up, to_the_form

WAITING = ["Rút yêu cầu", "Gặp cán bộ", "Menu"]
DECIDING = ["Xác nhận", "Từ chối", "Menu"]


async def asks_to_join(person: PersonInTown, tax_code: str = TAX_CODE) -> str:
    """Type the tax code of an enterprise and ask; returns the code to read to a colleague."""
    await person.sends_press("biz:find")
    person.reads("Mời Anh/Chị gõ mã số thuế")
    await person.says(tax_code)
    person.reads(
        "đã có người phụ trách", buttons=["Gửi yêu cầu tham gia", "Nhập mã số thuế khác", "Gặp cán bộ", "Menu"]
    )
    await person.presses("Gửi yêu cầu tham gia")
    told = person.reads("Mã của Anh/Chị: ", buttons=WAITING).plain
    assert not any(secret in told for secret in (NAME, "Lan", "Hoa")), told
    return code_in(told)


def code_in(text: str) -> str:
    return text.split("Mã của Anh/Chị: ")[1][:6]


async def test_a_colleague_confirms_by_the_code(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    await acts_for(lan)
    code = await asks_to_join(minh)
    assert not set(code) & set("0O1I")
    await town.deliver()
    lan.reads("“Minh”", NAME, f"Mã của người này: {code}", "Hiệu lực đến: 09:00 thứ Hai 30/11/2026", buttons=DECIDING)
    await lan.presses("Xác nhận")
    lan.reads(f"“Minh” có đọc cho Anh/Chị mã {code}", buttons=["Có, mã đúng", "Từ chối", "Để sau"])
    await lan.presses("Có, mã đúng")
    lan.reads(f"“Minh” hiện đã tham gia {NAME}")
    await town.deliver()
    minh.reads(f"Anh/Chị hiện đã tham gia {NAME}", buttons=["Điền tiếp biểu mẫu", "Hồ sơ đăng ký", "Menu"])
    await minh.sends_press("biz:list")
    minh.reads(NAME, "Số người tham gia: 2")
    # The button stays, and says what came of it.
    await lan.presses("Có, mã đúng")
    lan.reads("Yêu cầu này đã được xác nhận trước đó")


async def test_the_same_in_english(town: Town) -> None:
    lan, mark = town.person("Lan"), town.person("Mark", language="en")
    await acts_for(lan)
    await mark.sends_press("biz:find")
    mark.reads("Please type the tax code of the enterprise")
    await mark.says(TAX_CODE)
    mark.reads("a colleague who does has to confirm you once")
    await mark.says("Ask to join")
    mark.reads("Your code to join: ", "Read this code to a colleague", "For the tax code 010•••••88")
    await town.deliver()
    lan.reads("“Mark”")
    await lan.presses("Từ chối")
    lan.reads("Đã từ chối yêu cầu của “Mark”")
    await town.deliver()
    mark.reads("was refused", "Please talk to your colleagues")


async def test_one_request_at_a_time_can_be_withdrawn(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    business_id = await acts_for(lan)
    code = await asks_to_join(minh)
    await minh.sends_press(f"biz:join:{business_id}")
    assert code_in(minh.reads("Mã của Anh/Chị: ").plain) == code
    await minh.sends_press("biz:list")
    minh.reads(f"chờ đồng nghiệp xác nhận mã {code}")
    await minh.presses(f"Yêu cầu {code}")
    minh.reads(f"Mã của Anh/Chị: {code}")
    await minh.presses("Rút yêu cầu")
    minh.reads(f"Đã rút yêu cầu có mã {code}.")
    await minh.presses("Rút yêu cầu")
    minh.reads(f"Anh/Chị đã rút yêu cầu có mã {code}.")
    await town.deliver()
    lan.reads("“Minh”")
    await lan.presses("Xác nhận")
    lan.reads("“Minh” đã rút yêu cầu này.")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(BusinessMember.contact_id)) == await contact_id(lan)


async def test_a_request_expires_after_seven_days(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    await acts_for(lan)
    code = await asks_to_join(minh)
    await town.deliver()
    lan.reads("“Minh”")
    town.clock.advance(days=7)
    await lan.presses("Xác nhận")
    lan.reads("Yêu cầu này đã hết hiệu lực.")
    await minh.sends_press("biz:list")
    assert code not in minh.reads("Anh/Chị chưa tham gia doanh nghiệp nào").plain
    assert await asks_to_join(minh) != code
    await town.deliver()
    lan.reads("“Minh”")


async def test_asking_too_often_has_to_wait(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    business_id = await acts_for(lan)
    for _ in range(5):
        await asks_to_join(minh)
        await minh.presses("Rút yêu cầu")
        minh.reads("Đã rút yêu cầu")
    await minh.sends_press(f"biz:join:{business_id}")
    minh.reads("Anh/Chị đã gửi nhiều yêu cầu trong một ngày", "09:00 thứ Ba 24/11/2026")
    lan.skips()
    await town.deliver()
    lan.skips()


async def test_two_members_decide_at_once(town: Town) -> None:
    lan, hoa, minh = town.person("Lan"), town.person("Hoa"), town.person("Minh")
    business_id = await acts_for(lan)
    await joins(hoa, business_id, lan)
    await asks_to_join(minh)
    async with town.database.reading() as connection:
        request_id = await connection.scalar(select(MembershipRequest.id))
    await asyncio.gather(lan.sends_press(f"biz:accepted:{request_id}"), hoa.sends_press(f"biz:refuse:{request_id}"))
    async with town.database.reading() as connection:
        status = await connection.scalar(select(MembershipRequest.status))
        count = len((await connection.execute(select(BusinessMember.contact_id))).all())
        events = list((await connection.execute(select(BusinessEvent.what))).scalars())
    assert (status, count) in {("accepted", 3), ("refused", 2)}
    assert events.count("joined") == count
    await town.deliver()
    for person in (lan, hoa, minh):
        person.skips()


async def test_who_is_no_member_or_not_any_more_decides_nothing(town: Town) -> None:
    lan, hoa, minh, bad = (town.person(name) for name in ("Lan", "Hoa", "Minh", "Kẻ lạ"))
    business_id = await acts_for(lan)
    await joins(hoa, business_id, lan)
    await asks_to_join(minh)
    await town.deliver()
    lan.reads("“Minh”")
    hoa.reads("“Minh”")
    async with town.database.transaction() as connection:
        request_id = await connection.scalar(select(MembershipRequest.id))
        await connection.execute(delete(BusinessMember).where(BusinessMember.contact_id == await contact_id(hoa)))
    for person in (hoa, minh, bad):
        for verb in ("request", "accept", "accepted", "refuse"):
            await person.sends_press(f"biz:{verb}:{request_id}")
            person.reads("Không có yêu cầu này, hoặc Anh/Chị không tham gia doanh nghiệp đó.")
        for press in ("show:{}", "members:{}", "leave:{}", "left:{}", "change:{}", "field:{}:0"):
            await person.sends_press("biz:" + press.format(business_id))
            assert NAME not in person.reads("Không có doanh nghiệp này, hoặc Anh/Chị không tham gia").plain
        await person.sends_press(f"biz:removed:{business_id}:{await contact_id(lan)}")
        person.reads("Không có doanh nghiệp này")
    for verb in ("mine", "withdraw"):
        await bad.sends_press(f"biz:{verb}:{request_id}")
        bad.reads("Không có yêu cầu này, hoặc yêu cầu không phải của Anh/Chị.")
    for press in ("biz:show:999999", "biz:show:x", "biz:accept:-1", "biz:find:1:2", "biz:field:1:99", "biz"):
        await bad.sends_press(press)
        bad.skips()


@pytest.mark.parametrize("code, expected", [
    ("0100233489", "Giữ 0100233489"), ("abc", None), ("001085123456", None),
])  # fmt: skip
async def test_a_tax_code_that_nobody_acts_for(town: Town, code: str, expected: str | None) -> None:
    minh = town.person("Minh")
    await minh.sends_press("biz:find")
    minh.reads("Mời Anh/Chị gõ mã số thuế", buttons=["Quay lại", "Hủy"])
    await minh.says(code)
    if code == "abc":
        minh.reads("Anh/Chị đã nhập: “abc”.", buttons=["Quay lại", "Hủy"])
        await minh.presses("Quay lại")
        minh.reads("Anh/Chị chưa tham gia doanh nghiệp nào")
        return
    if expected:
        minh.reads("Chữ số kiểm tra", buttons=["Giữ 0100233489 (chưa xác minh)", "Quay lại", "Hủy"])
        await minh.says("giữ")
        minh.reads("0100233489 (chưa xác minh)", "chưa có ai")
        return
    assert code not in minh.reads("chưa có ai", "001•••••••56").plain


async def test_leaving_hands_over_what_goes_on(town: Town) -> None:
    lan, hoa = town.person("Lan"), town.person("Hoa")
    business_id = await acts_for(lan)
    application_id = await applies(town, lan, business_id)
    await lan.sends_press(f"biz:leave:{business_id}")
    lan.reads("người cuối cùng", "1 hồ sơ đang xử lý", "mời một đồng nghiệp tham gia trước")
    await lan.sends_press(f"biz:left:{business_id}")
    lan.reads("người cuối cùng")
    await joins(hoa, business_id, lan)
    await lan.sends_press(f"biz:members:{business_id}")
    lan.reads("1. Lan (là Anh/Chị), từ 23/11/2026", "2. Hoa, từ", buttons=[
        "Đưa Hoa ra khỏi doanh nghiệp", "Rời doanh nghiệp này", "Quay lại", "Menu",
    ])  # fmt: skip
    await lan.presses("Rời doanh nghiệp này")
    lan.reads("đồng nghiệp tiếp nhận", buttons=["Đồng ý rời", "Không, ở lại"])
    await lan.presses("Đồng ý rời")
    lan.reads(f"Anh/Chị không còn tham gia {NAME}.")
    await town.deliver()
    hoa.reads(f"Không còn tham gia {NAME}: “Lan”", "1 hồ sơ do người này nộp")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(Application.contact_id)) == await contact_id(hoa)
    await lan.presses("Đồng ý rời")
    lan.reads("Không có doanh nghiệp này")
    assert application_id


async def test_a_colleague_who_left_is_removed_and_told(town: Town) -> None:
    lan, hoa = town.person("Lan"), town.person("Hoa")
    business_id = await acts_for(lan)
    await joins(hoa, business_id, lan)
    await applies(town, hoa, business_id)
    await lan.sends_press(f"biz:members:{business_id}")
    lan.reads("2. Hoa")
    await lan.presses("Đưa Hoa ra khỏi doanh nghiệp")
    lan.reads("“Hoa” sẽ không còn xem được", buttons=["Đồng ý đưa ra", "Không, giữ lại"])
    await lan.presses("Đồng ý đưa ra")
    lan.reads("“Hoa” không còn tham gia doanh nghiệp")
    await town.deliver()
    hoa.reads("Một đồng nghiệp đã kết thúc việc Anh/Chị tham gia")
    await lan.presses("Đồng ý đưa ra")
    lan.reads("Người này không (hoặc không còn) tham gia doanh nghiệp.")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(Application.contact_id)) == await contact_id(lan)


async def test_two_who_remove_each_other_at_once(town: Town) -> None:
    lan, hoa = town.person("Lan"), town.person("Hoa")
    business_id = await acts_for(lan)
    await joins(hoa, business_id, lan)
    ids = {person.name: await contact_id(person) for person in (lan, hoa)}
    await asyncio.gather(
        lan.sends_press(f"biz:removed:{business_id}:{ids['Hoa']}"),
        hoa.sends_press(f"biz:removed:{business_id}:{ids['Lan']}"),
    )
    async with town.database.reading() as connection:
        assert len((await connection.execute(select(BusinessMember.contact_id))).all()) == 1
    await town.deliver()
    for person in (lan, hoa):
        assert "sự cố" not in "".join(each.reply.plain for each in person.unread)
        person.skips()


async def test_the_last_may_leave_when_all_is_over(town: Town) -> None:
    lan, hoa = town.person("Lan"), town.person("Hoa")
    business_id = await acts_for(lan)
    await applies(town, lan, business_id)
    async with town.database.transaction() as connection:
        await connection.execute(update(Application).values(status="withdrawn"))
    await lan.sends_press(f"biz:left:{business_id}")
    lan.reads("Anh/Chị không còn tham gia")
    assert await acts_for(hoa) == business_id


async def applies(town: Town, person: PersonInTown, business_id: int) -> int:
    """An application that goes on, as if the person had handed in a form."""
    mine, now = await contact_id(person), town.clock()
    async with town.database.transaction() as connection:
        offering_id = await connection.scalar(select(Offering.id).where(Offering.kind == "programme").limit(1))
        application_id = await connection.scalar(
            insert(Application)
            .values(
                code=application_codes.new_code(),
                offering_id=offering_id,
                business_id=business_id,
                contact_id=mine,
                status="submitted",
                answers={"organisation": NAME, "contact_name": person.name, "phone": "+84912345678"},
                created_at=now,
                updated_at=now,
            )
            .returning(Application.id)
        )
    assert application_id is not None
    return int(application_id)


async def test_two_employees_from_the_form_to_the_application(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    registered = await sign_up(lan)
    await to_the_form(minh, 3)
    await minh.says("đồng ý")
    minh.reads()
    await minh.says("không")
    minh.reads("Mã số thuế")
    await minh.says(TAX_CODE)
    minh.reads("đã có người phụ trách", buttons=["Gửi yêu cầu tham gia", "Gặp cán bộ", "Menu"])
    await minh.presses("Gửi yêu cầu tham gia")
    code = code_in(minh.reads("Mã của Anh/Chị: ").plain)
    await minh.says("/hoso")
    assert registered not in minh.reads().plain
    await town.deliver()
    lan.reads(f"Mã của người này: {code}")
    await lan.says("1")
    lan.reads(f"“Minh” có đọc cho Anh/Chị mã {code}")
    await lan.says("1")
    lan.reads("“Minh” hiện đã tham gia")
    await town.deliver()
    minh.reads("Anh/Chị hiện đã tham gia")
    await minh.presses("Điền tiếp biểu mẫu")
    # What is known of the enterprise is not asked.
    minh.reads("Các câu trả lời trước đó vẫn được giữ nguyên", "Câu 8/8: Số chỗ")
    await minh.says("/hoso")
    minh.reads(registered)
    await minh.says(f"/hoso {registered}")
    minh.reads(registered)
    await minh.presses("Rút hồ sơ")
    minh.reads("Anh/Chị có chắc chắn muốn rút hồ sơ")
    await minh.presses("Đồng ý rút")
    minh.reads("Đã rút hồ sơ")
    await town.deliver()
    lan.skips()


async def test_a_number_is_the_button_and_a_tax_code_another_enterprise(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    await acts_for(lan)
    await to_the_form(minh)
    for answer in ("đồng ý", "không", TAX_CODE):
        await minh.says(answer)
        last = minh.reads()
    assert last.title == "Cần đồng nghiệp xác nhận"
    # A file, help and a code that can't be right lead back to the question, where a number is an answer again.
    await minh.says("12345")
    minh.reads("Nội dung đã nhập có 5 chữ số", "Mã số thuế")
    await minh.says("1")
    minh.reads("Nội dung đã nhập có 1 chữ số", "Mã số thuế")
    for _ in range(2):
        await minh.says(TAX_CODE)
        minh.reads("Cần đồng nghiệp xác nhận", buttons=["Gửi yêu cầu tham gia", "Gặp cán bộ", "Menu"])
    await minh.says("trợ giúp")
    minh.reads("Mã số thuế")
    await minh.says("1")
    minh.reads("Nội dung đã nhập có 1 chữ số")
    await minh.says(TAX_CODE)
    minh.reads("Cần đồng nghiệp xác nhận")
    await minh.says("1")
    code = code_in(minh.reads("Mã của Anh/Chị: ", buttons=WAITING).plain)
    await town.deliver()
    lan.reads(f"Mã của người này: {code}")
    await minh.sends_press("form:resume")
    minh.reads("Mã số thuế")
    await minh.says(TAX_CODE)
    minh.reads(f"Mã của Anh/Chị: {code}")
    await minh.says("0101243150")
    minh.reads("Tên doanh nghiệp")


async def test_an_account_without_a_name_is_spoken_of_naturally(town: Town) -> None:
    lan, hoa, ann = town.person("Lan"), town.person("Hoa"), town.person("Ann", language="en")
    nameless = town.person("")
    business_id = await acts_for(lan)
    await joins(hoa, business_id, lan)
    await joins(ann, business_id, lan)
    code = await asks_to_join(nameless)
    await town.deliver()
    for person in (lan, hoa):
        person.reads(f"Một tài khoản chat không có tên xin tham gia {NAME}.", f"Mã của người này: {code}")
    ann.reads(f"A chat account without a name asks to act for {NAME}.")
    await ann.presses("Confirm")
    ann.reads(f"Has a colleague whose chat account has no name told you the code {code}? They will then see all")
    await lan.presses("Xác nhận")
    lan.reads(f"Đồng nghiệp dùng tài khoản chat không có tên có đọc cho Anh/Chị mã {code} không? Sau khi xác nhận,")
    await lan.presses("Có, mã đúng")
    lan.reads(f"Một tài khoản chat không có tên hiện đã tham gia {NAME} và đã được thông báo.")
    await town.deliver()
    nameless.reads(f"Anh/Chị hiện đã tham gia {NAME}")
    hoa.reads(f"Một đồng nghiệp đã xác nhận để một tài khoản chat không có tên (mã {code}) tham gia {NAME}.")
    ann.reads(f"A colleague has let a chat account without a name (code {code}) act for {NAME}.")
    await ann.presses("Yes, the code is right")
    ann.reads("confirmed already: a chat account without a name acts for the enterprise.")
    await lan.sends_press(f"biz:members:{business_id}")
    lan.reads("4. Một tài khoản chat không có tên, từ")
    await lan.presses("Đưa một tài khoản chat không có tên ra khỏi doanh nghiệp")
    lan.reads("Một tài khoản chat không có tên sẽ không còn xem được hồ sơ")
    await lan.presses("Đồng ý đưa ra")
    lan.reads("Một tài khoản chat không có tên không còn tham gia doanh nghiệp")
    await town.deliver()
    nameless.reads("Một đồng nghiệp đã kết thúc")
    hoa.reads(f"Không còn tham gia {NAME}: một tài khoản chat không có tên")
    ann.reads(f"No longer acting for {NAME} here: a chat account without a name")


async def stops_at_the_tax_code(person: PersonInTown, number: int = 1) -> None:
    """A form of which only the consents are answered, set aside."""
    await to_the_form(person, number)
    for answer in ("đồng ý", "không"):
        await person.says(answer)
        person.reads()
    await person.says("/menu")
    person.skips()


async def test_with_several_enterprises_a_form_that_goes_on_asks_which(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    first = await acts_for(lan)
    second = await acts_for(lan, "0101243150", {**PROFILE, "organisation": "Công ty Hồng Hà"})
    await stops_at_the_tax_code(minh)
    await joins(minh, first, lan)
    await joins(minh, second, lan)
    await minh.says("/dangky")
    minh.reads()
    await minh.presses("Tiếp tục đăng ký")
    choices = [NAME, "Công ty Hồng Hà", "Doanh nghiệp khác", "Quay lại", "Menu"]
    minh.reads("Doanh nghiệp nào đăng ký?", f"1. {NAME} (0100233488)", buttons=choices)
    await minh.says("2")
    minh.reads("Công ty Hồng Hà", "Mời Anh/Chị kiểm tra lại thông tin", "0101243150")
    await minh.says("xác nhận")
    minh.reads("Mã hồ sơ: NC-")


async def test_another_enterprise_stays_another_until_one_is_added(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh", language="en")
    await acts_for(minh, "0101243150", {**PROFILE, "organisation": "Hong Ha"})
    theirs = await acts_for(lan)
    await minh.says("/events")
    minh.reads()
    await minh.says("1")
    offering = minh.reads().buttons[0][0].press
    await minh.sends_press(f"{offering}:other")
    minh.reads("Question 1/7")
    for answer in ("I agree", "No, thank you"):
        await minh.says(answer)
        minh.reads()
    await minh.says("/menu")
    minh.skips()
    await minh.sends_press("form:resume")
    minh.reads("Let us go on", "Question 3/7: Tax code")
    await minh.says("/menu")
    minh.skips()
    await joins(minh, theirs, lan)
    await minh.sends_press("form:resume")
    assert "Hong Ha" not in minh.reads("Please check your registration", NAME).plain
    async with town.database.reading() as connection:
        draft = await connection.scalar(select(Draft.id))
    # A button that is made up names no enterprise.
    await minh.sends_press(f"form:resume:{draft}:b99999")
    minh.reads("Please check your registration", NAME)


async def test_neither_of_several_leads_to_the_tax_code(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    await stops_at_the_tax_code(minh)
    await joins(minh, await acts_for(lan), lan)
    await joins(minh, await acts_for(lan, "0101243150", PROFILE), lan)
    await minh.sends_press("form:resume")
    minh.reads("Doanh nghiệp nào đăng ký?")
    async with town.database.reading() as connection:
        draft = await connection.scalar(select(Draft.id))
    await minh.sends_press(f"form:resume:{draft}:b99999")
    minh.reads("Doanh nghiệp nào đăng ký?")
    await minh.presses("Doanh nghiệp khác")
    minh.reads("Câu 3/7: Mã số thuế")
    await minh.says("/menu")
    minh.skips()
    await minh.sends_press("form:resume")
    minh.reads("Câu 3/7: Mã số thuế")
