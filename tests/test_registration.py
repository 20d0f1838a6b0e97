"""Signing up, as a conversation: lists, the form, the review, the confirmation, and what can go wrong on the way."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.db.models.applications import Application, ApplicationEvent, Draft
from bot.db.models.businesses import Business, BusinessMember
from bot.db.models.offerings import Offering
from bot.db.models.people import Consent, Contact
from tests import sample_files
from tests.chat import Town
from tests.enterprises import acts_for
from tests.signing_up import (
    CONSULTATION,
    QUESTION,
    REVIEW,
    TAX_CODE,
    TRAINING,
    code_in,
    fill_in,
    sign_up,
    tax_codes,
    to_the_form,
)


async def test_a_whole_sign_up_in_vietnamese(town: Town) -> None:
    lan = town.person("Lan")
    await lan.says("/dangky")
    lan.reads(
        "Anh/Chị muốn đăng ký nội dung nào?",
        buttons=["Chương trình hỗ trợ", "Sự kiện", "Chương trình nào phù hợp?", "Hồ sơ đăng ký", "Menu"],
    )
    await lan.presses("Sự kiện")
    lan.reads("1. " + TRAINING, "08:30-11:30 thứ Ba 19/01/2027; còn 40/40 chỗ", "2. " + CONSULTATION)
    await lan.says("1")
    lan.reads(
        TRAINING,
        "Thời gian: 08:30-11:30 thứ Ba 19/01/2027",
        "Số chỗ: còn 40/40 chỗ",
        "Cơ quan tổ chức: Sở Công Thương",
        "sự kiện không diễn ra",
        "Nguồn: Kế hoạch số 50/KH-UBND, mục III.4.c",
        buttons=["Đăng ký", "Quay lại", "Menu"],
    )
    await lan.presses("Đăng ký")
    lan.reads(
        "Câu 1/7: Đồng ý xử lý dữ liệu cá nhân",
        "Bên xử lý: Sở Công Thương (thành phố Hà Nội)", "Mục đích:", "Dữ liệu:", "Thời gian lưu:", "Quyền của Anh/Chị:",
        "Đăng ký: " + TRAINING,
        buttons=["Tôi đồng ý", "Tôi không đồng ý", "Hủy"],
    )  # fmt: skip
    await lan.presses("Tôi không đồng ý")
    lan.reads("Câu 1/7", "Nếu Anh/Chị không đồng ý, hệ thống không thể xử lý đăng ký")
    await lan.presses("Tôi đồng ý")
    lan.reads("Câu 2/7: Nhận tin về Kế hoạch", buttons=["Có, tôi đồng ý", "Không nhận tin", "Quay lại", "Hủy"])
    await lan.says("1")
    lan.reads("Câu 3/7: Mã số thuế", "10 số với doanh nghiệp", buttons=TAX_CODE)
    await lan.presses("Giải thích")
    lan.reads("Câu 3/7: Mã số thuế", "ghi trên giấy chứng nhận đăng ký doanh nghiệp", buttons=TAX_CODE)
    await lan.says("12345")
    lan.reads(
        "Anh/Chị đã nhập: “12345”.\nNội dung đã nhập có 5 chữ số. Mời Anh/Chị gõ 10 số", "Câu 3/7", buttons=TAX_CODE
    )
    await lan.says("0100 233 488")
    lan.reads("Câu 4/7: Tên doanh nghiệp", buttons=QUESTION)
    await lan.says("Công ty TNHH\u200b Sông Hồng")
    lan.reads("Câu 5/7: Người liên hệ")
    await lan.says("Nguyễn Thị Lan")
    asked = lan.reads("Câu 6/7: Điện thoại công việc", buttons=QUESTION)
    assert asked.ask_phone == "Chia sẻ số điện thoại của tôi"
    await lan.shares_phone("")
    again = lan.reads("Danh thiếp này không có số điện thoại của chính Anh/Chị.", "Câu 6/7")
    assert again.ask_phone
    await lan.shares_phone("+84912345678")
    after = lan.reads("Câu 7/7: Thư điện tử công việc")
    assert after.end_ask_phone
    await lan.says("lan@songhong.vn")
    lan.reads(
        "Mời Anh/Chị kiểm tra lại thông tin",
        "- Đồng ý xử lý dữ liệu cá nhân: đồng ý",
        "- Nhận tin về Kế hoạch: đồng ý",
        "- Tên doanh nghiệp: Công ty TNHH Sông Hồng",
        "- Mã số thuế: 0100233488",
        "- Người liên hệ: Nguyễn Thị Lan",
        "- Điện thoại công việc: 0912 345 678",
        "- Thư điện tử công việc: lan@songhong.vn",
        "Chưa có gì được gửi đi trước khi Anh/Chị xác nhận",
        buttons=REVIEW,
    )
    await lan.says("2")
    lan.reads("Anh/Chị muốn sửa câu trả lời nào?", "6. Thư điện tử công việc: lan@songhong.vn")
    await lan.presses("Thư điện tử công việc")
    lan.reads("Câu trả lời hiện có: lan@songhong.vn", buttons=["Giữ câu trả lời này", "Quay lại", "Hủy"])
    await lan.says("an@songhong.vn")
    lan.reads("Mời Anh/Chị kiểm tra lại thông tin", "an@songhong.vn", buttons=REVIEW)
    await lan.presses("Xác nhận")
    received = lan.reads(
        "Đăng ký thành công",
        "Mã hồ sơ: NC-",
        "Anh/Chị đã có chỗ.",
        "Thời gian: 08:30-11:30 thứ Ba 19/01/2027",
        "Cơ quan tổ chức: Sở Công Thương",
        buttons=["Thêm vào lịch", "Xem hồ sơ", "Tất cả hồ sơ", "Menu"],
    )
    code = code_in(received.plain)
    await lan.says("/hoso")
    lan.reads("1. " + TRAINING, f"Mã hồ sơ: {code}", "Trạng thái: đã xác nhận chỗ (23/11/2026)")
    await lan.says("1")
    lan.reads(
        f"Mã hồ sơ: {code}",
        "- Thư điện tử công việc: an@songhong.vn",
        buttons=["Mã QR", "Thêm vào lịch", "Sửa hồ sơ", "Rút hồ sơ", "Quá trình xử lý", "Tất cả hồ sơ", "Menu"],
    )
    async with town.database.reading() as connection:
        consents = (await connection.execute(select(Consent).order_by(Consent.id))).all()
        assert [
            (each.purpose, each.text_version, each.channel, each.given_at, each.withdrawn_at) for each in consents
        ] == [
            ("registration", "2026-11", "telegram", town.clock.now, None),
            ("news", "2026-11", "telegram", town.clock.now, None),
        ]
        assert (await connection.execute(select(Business.tax_code, Business.name, Business.verified))).all() == [
            ("0100233488", "Công ty TNHH Sông Hồng", True)
        ]
        assert await connection.scalar(select(func.count()).select_from(BusinessMember)) == 1
        assert (await connection.execute(select(ApplicationEvent.status))).scalars().all() == ["confirmed"]


async def test_a_need_is_registered_in_english(town: Town) -> None:
    kim = town.person("Kim", language="en")
    await kim.says("/register")
    kim.reads("What would you like to register for?")
    await kim.presses("Support programmes")
    kim.reads("Choose a line of support")
    await kim.says("7")
    page = kim.reads(
        "Start-ups and investment projects linked to the sector",
        "Registrations go to: Department of Finance",
        "This is a registration of need, not an approval.",
        "Source: Plan No. 50/KH-UBND, section V.4.b",
    )
    assert page.plain.count("registration of need") == 1
    await kim.presses("Register a need")
    kim.reads("Question 1/14: Consent to processing of personal data", "Who: Department of Finance of Hanoi")
    await kim.presses("I agree")
    kim.reads("Question 2/14: News about the plan")
    await kim.presses("No, thank you")
    kim.reads("Question 3/14: Tax code")
    await kim.says("001 085 012 345")
    kim.reads("Question 4/14: Name of the enterprise")
    await kim.says("back")
    kim.reads(
        "Question 3/14: Tax code",
        "Your answer so far: 001•••••••45",
        buttons=["Keep this answer", "Explain", "Back", "Cancel"],
    )
    await kim.presses("Keep this answer")
    kim.reads("Question 4/14")
    await kim.says("Green Start Ltd.")
    kim.reads("Question 5/14: Main sector", "1. Agriculture, forestry, fishery", buttons=[
        "Agriculture, forestry, fishery", "Industry, construction", "Trade, services", "Explain", "Back", "Cancel",
    ])  # fmt: skip
    await kim.says("2")
    kim.reads("Question 6/14: Headcount")
    await kim.says("help")
    kim.reads("one of the criteria of size under article 5 of Decree No. 80/2021/NĐ-CP", "Question 6/14")
    await kim.says("25 people")
    kim.reads("Question 7/14: Revenue of the last year", "This answer is optional.")
    await kim.says("3.5")
    kim.reads("Only a whole number is possible here.")
    await kim.says("3.5 billion")
    kim.reads("Question 8/14: Fields of the environmental industry", "11. Environmental equipment and materials")
    await kim.presses("Recycling")
    kim.reads("Question 8/14")
    await kim.presses("Energy from waste")
    shown = kim.reads("Question 8/14")
    labels = [button.label for row in shown.buttons for button in row]
    assert [label for label in labels if label.startswith("✓")] == ["✓ Recycling", "✓ Energy from waste"]
    await kim.presses("✓ Energy from waste")
    kim.reads("Question 8/14")
    await kim.says("done")
    kim.reads("Question 9/14: Ward or commune")
    await kim.says("quan cau giay")
    kim.reads("Districts ended on 1 July 2025, so there is no quận Cầu Giấy any more.", buttons=[
        "Cầu Giấy ward", "Explain", "Back", "Skip", "Cancel",
    ])  # fmt: skip
    await kim.says("yen hoa")
    kim.reads("Question 10/14: Contact person")
    await kim.says("Kim Do")
    kim.reads("Question 11/14: Work phone")
    await kim.says("hello")
    kim.reads("You entered: “hello”.\nA phone number consists of digits only", "for example 0912 345 678")
    await kim.says("024 3825 3536")
    kim.reads("Question 12/14: Work e-mail")
    await kim.says("kim@greenstart.vn")
    kim.reads("Question 13/14: Need")
    await kim.says("An office\nand an investor for a recycling project.")
    kim.reads("Question 14/14: Document", "Accepted are PDF", "This answer is optional.")
    await kim.presses("Skip")
    kim.reads(
        "Please check your registration", "- Tax code: 001•••••••45", "- News about the plan: not agreed",
        "- Main sector: Industry, construction", "- Headcount: 25 people",
        "- Revenue of the last year: 3,500,000,000 VND", "- Fields of the environmental industry: Recycling",
        "- Ward or commune: Yên Hòa ward", "- Document: (not given)",
    )  # fmt: skip
    await kim.says("confirm")
    received = kim.reads(
        "Your registration has been received", "Your need goes to: Department of Finance.", "not an approval"
    )
    await kim.says(f"/applications {code_in(received.plain).lower().replace('-', ' ')}")
    shown = kim.reads("Status: received (23 Nov 2026)", "Agency: Department of Finance", "001•••••••45")
    assert "001085012345" not in shown.plain


async def test_a_tax_code_with_a_wrong_check_digit_is_kept_as_not_verified(town: Town) -> None:
    lan = town.person("Lan")
    await to_the_form(lan)
    for answer in ("có", "không"):
        await lan.says(answer)
        lan.reads()
    await lan.says("0100233480")
    lan.reads(
        "Chữ số kiểm tra (chữ số thứ mười) không khớp", "mời bấm nút bên dưới hoặc gõ “giữ”",
        buttons=["Giữ 0100233480 (chưa xác minh)", "Giải thích", "Quay lại", "Hủy"],
    )  # fmt: skip
    await lan.says("abc")
    lan.reads("ký tự khác", buttons=["Giữ 0100233480 (chưa xác minh)", "Giải thích", "Quay lại", "Hủy"])
    await lan.presses("Giữ 0100233480 (chưa xác minh)")
    lan.reads("Câu 4/7")
    for answer in ("Công ty Sông Hồng", "Nguyễn Thị Lan", "0912345678"):
        await lan.says(answer)
        lan.reads()
    await lan.says("lan@songhong.vn")
    lan.reads("- Mã số thuế: 0100233480 (chưa xác minh)")
    await lan.presses("Xác nhận")
    lan.reads("Đăng ký thành công")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(Business.verified)) is False


async def test_a_form_survives_a_restart_and_something_else_in_between(town: Town) -> None:
    lan = town.person("Lan")
    await to_the_form(lan)
    for answer in ("có", "không", "0100233488"):
        await lan.says(answer)
        lan.reads()
    # Whoever goes on is another process, days later: all there is, is in the database.
    await town.delivery.stop()
    await town.delivery.start()
    town.clock.advance(days=3)
    await lan.says("Công ty Sông Hồng")
    lan.reads("Câu 5/7: Người liên hệ")
    await lan.says("/trogiup")
    lan.reads("/dangky")
    lan.reads("Câu 5/7: Người liên hệ")
    await lan.says("/khongco")
    lan.reads("Không có lệnh này")
    lan.reads("Câu 5/7: Người liên hệ")
    await lan.says("/menu")
    lan.reads(f"Đăng ký “{TRAINING}” đang điền dở đã được lưu lại. Gõ /dangky để tiếp tục.")
    lan.reads("Menu")
    await lan.says("/hoso")
    lan.reads(
        f"Anh/Chị có một đăng ký đang điền dở: {TRAINING}.",
        buttons=["Tiếp tục đăng ký", "Doanh nghiệp của tôi", "Đăng ký", "Menu"],
    )
    await lan.says("/dangky")
    lan.reads(f"Anh/Chị có một đăng ký đang điền dở: {TRAINING}.")
    await lan.presses("Tiếp tục đăng ký")
    lan.reads("Các câu trả lời trước đó vẫn được giữ nguyên", "Câu 5/7: Người liên hệ")
    await lan.says("Nguyễn Thị Lan")
    lan.reads("Câu 6/7")
    await lan.says("/ngonngu en")
    lan.reads("From now on I write to you in English.")
    lan.reads("Question 6/7: Work phone")
    await lan.says("0912345678")
    lan.reads("Question 7/7")
    await lan.says("lan@songhong.vn")
    lan.reads("Tax code: 0100233488", "Name of the enterprise: Công ty Sông Hồng")


async def test_several_forms_are_kept_one_for_each_offering(town: Town) -> None:
    lan = town.person("Lan")
    await to_the_form(lan)
    await lan.says("có")
    lan.reads("Câu 2/7")
    await to_the_form(lan, 2)
    await lan.says("có")
    lan.reads("Câu 2/7", "Đăng ký: " + CONSULTATION)
    await lan.says("/dangky")
    lan.reads("Có 2 hồ sơ đang điền dở.")
    await lan.presses("Hồ sơ đang điền dở")
    lan.reads("1. " + CONSULTATION, "đã trả lời 1/7 câu, sửa lần cuối 09:00 thứ Hai 23/11/2026", "2. " + TRAINING)
    await lan.says("2")
    lan.reads("Câu 2/7", "Đăng ký: " + TRAINING)
    await lan.says("/menu")
    lan.reads("2 hồ sơ đang điền dở của Anh/Chị đã được lưu lại.")
    lan.reads("Menu")
    await lan.sends_press("form:list")
    lan.reads("Hồ sơ đang điền dở")
    await lan.presses("Xóa: " + CONSULTATION)
    lan.reads(f"Xóa nội dung đã điền cho “{CONSULTATION}”?", buttons=["Tiếp tục đăng ký", "Xóa", "Quay lại"])
    await lan.presses("Xóa")
    lan.reads(f"Đã xóa nội dung đã điền cho “{CONSULTATION}”.")
    await lan.says("/hoso")
    lan.reads(
        f"Anh/Chị có một đăng ký đang điền dở: {TRAINING}.",
        buttons=["Tiếp tục đăng ký", "Doanh nghiệp của tôi", "Đăng ký", "Menu"],
    )


async def test_a_form_for_the_same_event_is_continued_or_begun_anew(town: Town) -> None:
    lan = town.person("Lan")
    await to_the_form(lan)
    await lan.says("có")
    lan.reads("Câu 2/7")
    await lan.says("/sukien")
    lan.reads("Sự kiện")
    await lan.says("1")
    lan.reads(TRAINING)
    await lan.presses("Đăng ký")
    lan.reads(f"đang điền dở: {TRAINING}", buttons=["Tiếp tục đăng ký", "Bắt đầu mới", "Quay lại"])
    await lan.presses("Bắt đầu mới")
    lan.reads("Câu 1/7", "Đăng ký: " + TRAINING)
    await lan.presses("Hủy")
    lan.reads("Đã hủy. Không có gì được gửi đi")
    await lan.says("/dangky")
    assert "đang điền dở" not in lan.reads().plain


async def test_leaving_asks_first(town: Town) -> None:
    lan = town.person("Lan")
    await to_the_form(lan)
    for answer in ("có", "không", "0100233488"):
        await lan.says(answer)
        lan.reads()
    await lan.says("/huy")
    lan.reads("Anh/Chị có muốn dừng lại không?", buttons=["Tiếp tục điền", "Xóa và thoát"])
    await lan.says("để xem")
    lan.reads("Mời Anh/Chị chọn một trong các nút", "Anh/Chị có muốn dừng lại không?")
    await lan.says("1")
    lan.reads("Câu 4/7: Tên doanh nghiệp")
    await lan.says("hủy")
    lan.reads("Anh/Chị có muốn dừng lại không?")
    await lan.presses("Xóa và thoát")
    lan.reads("Đã hủy. Không có gì được gửi đi và nội dung đã nhập đã được xóa.")
    async with town.database.reading() as connection:
        assert (await connection.execute(select(Contact.dialog))).all() == [(None,)]
        assert (await connection.execute(select(Draft.id))).all() == []


async def test_the_profile_is_not_asked_twice(town: Town) -> None:
    lan = town.person("Lan")
    await sign_up(lan)
    await to_the_form(lan, 2)
    await lan.says("có")
    lan.reads("Câu 2/7")
    await lan.says("không")
    lan.reads(
        "Mời Anh/Chị kiểm tra lại thông tin", "- Tên doanh nghiệp: Công ty Sông Hồng", "lan@songhong.vn", buttons=REVIEW
    )
    await lan.says("sửa")
    lan.reads("Anh/Chị muốn sửa câu trả lời nào?")
    await lan.says("Điện thoại công việc")
    lan.reads("Câu trả lời hiện có: 0912 345 678")
    await lan.says("0987 654 321")
    lan.reads("Mời Anh/Chị kiểm tra lại thông tin", "0987 654 321", buttons=REVIEW)
    await lan.presses("Xác nhận")
    lan.reads("Đăng ký thành công")
    async with town.database.reading() as connection:
        profile = await connection.scalar(select(Business.profile))
        assert profile is not None
        assert profile["phone"] == "+84987654321"


async def test_with_several_enterprises_one_is_chosen(town: Town) -> None:
    lan = town.person("Lan")
    await acts_for(lan)
    (second,) = tax_codes(1)
    await acts_for(lan, second, {"organisation": "Công ty Hai", "phone": "+84987654321"})
    await lan.says("/sukien")
    lan.reads("Sự kiện")
    await lan.says("1")
    lan.reads(TRAINING)
    await lan.presses("Đăng ký")
    lan.reads(
        "Doanh nghiệp nào đăng ký?", "1. Công ty Sông Hồng (0100233488)", f"2. Công ty Hai ({second})",
        buttons=["Công ty Sông Hồng", "Công ty Hai", "Doanh nghiệp khác", "Quay lại", "Menu"],
    )  # fmt: skip
    await lan.says("2")
    lan.reads("Câu 1/7")
    await lan.says("có")
    lan.reads("Câu 2/7")
    await lan.says("không")
    # What the profile of the second one lacks is asked, and kept for the next time.
    lan.reads("Câu 5/7: Người liên hệ")
    await lan.says("Trần Minh")
    lan.reads("Câu 7/7")
    await lan.says("minh@hai.vn")
    lan.reads(f"- Mã số thuế: {second}", "- Tên doanh nghiệp: Công ty Hai", "0987 654 321")
    await lan.says("xác nhận")
    lan.reads("Đăng ký thành công")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(Business.profile).where(Business.tax_code == second)) == {
            "organisation": "Công ty Hai", "phone": "+84987654321", "contact_name": "Trần Minh",
            "email": "minh@hai.vn",
        }  # fmt: skip


async def test_the_enterprise_of_others_needs_the_word_of_a_colleague(town: Town) -> None:
    await acts_for(town.person("Minh"))
    lan = town.person("Lan")
    await to_the_form(lan)
    for answer in ("có", "không"):
        await lan.says(answer)
        lan.reads()
    await lan.says("0100233488")
    lan.reads("Cần đồng nghiệp xác nhận", buttons=["Gửi yêu cầu tham gia", "Gặp cán bộ", "Menu"])
    # With another code the form goes on.
    (other,) = tax_codes(1)
    await lan.says(other)
    lan.reads("Câu 4/7: Tên doanh nghiệp")


async def test_the_tax_code_of_one_s_own_enterprise_brings_its_profile(town: Town) -> None:
    lan = town.person("Lan")
    await acts_for(lan)
    await lan.sends_press(f"offer:join:{await offering_id(town, 'example-training-session')}:other")
    lan.reads("Câu 1/7")
    for answer in ("có", "không"):
        await lan.says(answer)
        lan.reads()
    await lan.says("0100233488")
    lan.reads("Mời Anh/Chị kiểm tra lại thông tin", "Công ty Sông Hồng", "lan@songhong.vn")


async def test_what_is_no_answer_is_explained_and_the_question_asked_again(town: Town) -> None:
    lan = town.person("Lan")
    await to_the_form(lan)
    for answer in ("có", "không", "0100233488"):
        await lan.says(answer)
        lan.reads()
    await lan.says("Kế hoạch 50 nói gì về nước thải? " * 3_000)
    lan.reads("Câu trả lời quá dài: 98.999 ký tự, trong khi tối đa là 200 ký tự.", "Câu 4/7")
    await lan.sends_file("scan.pdf", sample_files.PDF)
    lan.reads("Câu này không cần tệp.", "Câu 4/7")
    await lan.shares_phone("+84912345678")
    lan.reads("Câu này không hỏi số điện thoại.", "Câu 4/7")
    await lan.says("bỏ qua")
    lan.reads("Câu này bắt buộc trả lời nên không bỏ qua được.", "Câu 4/7")
    await lan.says("\u202e\u200b")
    lan.reads("Chưa nhận được nội dung nào đọc được.", "Câu 4/7")
    await lan.says("Mức hỗ trợ là bao nhiêu?")
    lan.reads("Câu 5/7")
    await lan.says("Lan")
    lan.reads("Câu 6/7")
    await lan.says("<script>alert(1)</script>")
    lan.reads("Anh/Chị đã nhập: “<script>alert(1)</script>”.")


async def test_stale_and_forged_buttons(town: Town) -> None:
    lan = town.person("Lan")
    await to_the_form(lan)
    form = await draft_of(town)
    await lan.presses("Tôi đồng ý")
    lan.reads("Câu 2/7")
    await lan.sends_press(f"form:{form}:0:pick:1")
    lan.reads("Nút này thuộc về một bước trước.", "Câu 2/7")
    for action in (
        f"form:{form}:1:answer", f"form:{form}:1:nonsense", f"form:{form}:x:pick:0", f"form:{form}", "form", "form:",
        f"form:{form}:1", f"form:{form}:1:pick:0:0:0:0:0:9999",
    ):  # fmt: skip
        await lan.sends_press(action)
        lan.reads("Câu ")
    await lan.sends_press("form:ffffff:1:confirm")
    lan.reads("Nút này thuộc về một lần đăng ký khác.")
    for action in (
        f"form:{form}:2:confirm",
        f"form:{form}:2:leave",
        f"form:{form}:2:field:99",
        f"form:{form}:2:insist",
    ):
        await lan.sends_press(action)
        lan.reads("Câu 3/7")
    stranger = town.person("Minh")
    await stranger.sends_press(f"form:{form}:2:back")
    stranger.reads("Nút này thuộc về một biểu mẫu đăng ký không còn mở.")
    for action in (
        "offer:show:999999",
        "offer:join:abc",
        "offer:show:-1",
        "offer:join:999999999999999999999:anew",
        "offer:join:٣:another",
    ):
        await stranger.sends_press(action)
        stranger.reads("Nội dung này không nhận đăng ký.")
    await stranger.sends_press("form:resume")
    stranger.reads("Anh/Chị không có đăng ký nào đang điền dở.")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(Application)) == 0


async def offering_id(town: Town, slug: str) -> int:
    async with town.database.reading() as connection:
        return int((await connection.execute(select(Offering.id).where(Offering.slug == slug))).scalar_one())


async def draft_of(town: Town) -> str:
    async with town.database.reading() as connection:
        dialog = await connection.scalar(select(Contact.dialog).where(Contact.dialog.is_not(None)))
    assert dialog is not None
    return str(dialog["data"]["draft"])


async def test_a_confirmation_pressed_again_makes_no_second_application(town: Town) -> None:
    lan = town.person("Lan")
    await to_the_form(lan)
    await fill_in(lan)
    await lan.presses("Xác nhận")
    code = code_in(lan.reads("Đăng ký thành công").plain)
    await lan.presses("Xác nhận")
    lan.reads("Hồ sơ đã được tiếp nhận", code, "Hệ thống chỉ ghi nhận một lần")
    await lan.repeats()
    await lan.presses("Sửa")
    lan.reads("Hồ sơ đã được tiếp nhận", code)


async def test_refusing_news_ends_an_earlier_consent_to_it(town: Town) -> None:
    lan = town.person("Lan")
    await to_the_form(lan)
    for answer in ("có", "có", "0100233488", "Công ty Sông Hồng", "Lan", "0912345678", "lan@songhong.vn", "xác nhận"):
        await lan.says(answer)
        lan.reads()
    await sign_up(lan, 3)
    async with town.database.reading() as connection:
        consents = await connection.execute(select(Consent.purpose, Consent.withdrawn_at).order_by(Consent.id))
        assert [(purpose, at is None) for purpose, at in consents] == [
            ("registration", True), ("news", False), ("registration", True),
        ]  # fmt: skip


async def test_that_a_need_is_no_approval_is_said_once(town: Town) -> None:
    lan = town.person("Lan")
    await lan.says("/menu")
    lan.skips()
    async with town.database.reading() as connection:
        programmes = list(await connection.scalars(select(Offering.id).where(Offering.kind == "programme")))
    assert len(programmes) == 8
    for programme in programmes:
        await lan.sends_press(f"offer:show:{programme}")
        assert lan.reads("không phải quyết định hỗ trợ").plain.count("đăng ký nhu cầu") == 1
