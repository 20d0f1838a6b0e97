"""What becomes of registrations: duplicates, the waiting list, withdrawing, and who may see them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from bot.db.models.applications import Application
from bot.db.models.offerings import Offering
from bot.db.models.people import Address
from bot.services.businesses import businesses
from tests.chat import PersonInTown, Town, flat
from tests.signing_up import CONSULTATION, TRAINING, fill_in, sign_up, tax_codes, to_the_form


async def test_the_same_business_again(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    code = await sign_up(lan)
    await lan.says("/sukien")
    lan.reads()
    await lan.says("1")
    lan.reads(f"Anh/Chị đã đăng ký: {code}.")
    await lan.presses("Đăng ký")
    lan.reads(f"Anh/Chị đã đăng ký: {code}.", "Mỗi doanh nghiệp đăng ký một lần")
    await lan.presses("Đăng ký doanh nghiệp khác")
    lan.reads("Câu 1/7")
    await fill_in(lan)
    await lan.presses("Xác nhận")
    lan.reads("Doanh nghiệp đã có hồ sơ", "do Anh/Chị lập: " + code, "đã xác nhận chỗ")
    # Somebody else who knows the tax code learns no more than that others act for it.
    await to_the_form(minh)
    for answer in ("có", "không"):
        await minh.says(answer)
        minh.reads()
    await minh.says("0100233488")
    told = minh.reads("Cần đồng nghiệp xác nhận")
    assert code not in told.plain
    await minh.says(tax_codes(1)[0])
    minh.reads("Câu 4/7")
    for answer in ("Công ty Minh", "Minh", "0912345678", "minh@minh.vn", "xác nhận"):
        await minh.says(answer)
        reply = minh.reads()
    assert "Đăng ký thành công" in reply.plain


async def test_colleagues_see_and_withdraw_each_others_registrations(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    await sign_up(lan, 1)
    await become_colleagues(town, lan, minh)
    await to_the_form(lan, 2)
    code = await sign_up(minh, 2)
    await fill_in(lan)
    await lan.presses("Xác nhận")
    told = lan.reads("do đồng nghiệp lập: " + code, "đã xác nhận chỗ", "không lập thêm hồ sơ thứ hai")
    assert "Đăng ký thành công" not in told.plain
    await lan.presses("Xem hồ sơ")
    lan.reads(f"Mã hồ sơ: {code}")
    await lan.presses("Rút hồ sơ")
    lan.reads("Hồ sơ này do đồng nghiệp lập; đồng nghiệp đó sẽ được thông báo.")
    await lan.presses("Đồng ý rút")
    lan.reads(f"Đã rút hồ sơ {code}")
    await lan.presses("Quá trình xử lý")
    lan.reads(
        "09:00 thứ Hai 23/11/2026: đăng ký, đã xác nhận chỗ (đồng nghiệp)",
        "09:00 thứ Hai 23/11/2026: đã rút (Anh/Chị)",
        buttons=["Xem hồ sơ", "Menu"],
    )
    await town.deliver()
    minh.reads("Hồ sơ đã được rút", f"Một đồng nghiệp đã rút hồ sơ {code}.")


async def become_colleagues(town: Town, first: PersonInTown, second: PersonInTown) -> None:
    """Let ``second`` act for the business of ``first``."""
    await second.says("/hoso")
    second.skips()
    async with town.database.transaction() as connection:
        ids = [
            await connection.scalar(select(Address.contact_id).where(Address.external_id == each.external_id))
            for each in (first, second)
        ]
        (business,) = await businesses.of_contact(connection, ids[0] or 0)
        await businesses.add_member(connection, business.id, ids[1] or 0, actor_id=ids[0] or 0, now=town.clock.now)


async def test_the_waiting_list_moves_up_when_somebody_withdraws(town: Town) -> None:
    codes = tax_codes(4)
    people = [town.person(name) for name in ("An", "Bình", "Chi", "Dũng")]
    for person, code in zip(people[:2], codes, strict=False):
        await sign_up(person, 2, tax_code=code)
    await people[2].says("/sukien")
    people[2].reads("đã hết chỗ, nhận danh sách chờ (đang chờ: 0)")
    await people[2].says("2")
    people[2].reads(CONSULTATION, buttons=["Vào danh sách chờ", "Quay lại", "Menu"])
    for place, (person, code) in enumerate(zip(people[2:], codes[2:], strict=True), start=1):
        await to_the_form(person, 2)
        await fill_in(person, tax_code=code)
        await person.presses("Xác nhận")
        person.reads("Anh/Chị đang trong danh sách chờ", f"vị trí số {place} trong danh sách chờ")
    an, chi, dung = people[0], people[2], people[3]
    await an.says("/hoso")
    an.reads("đã xác nhận chỗ")
    await an.says("1")
    an.reads(buttons=["Mã QR", "Thêm vào lịch", "Sửa hồ sơ", "Rút hồ sơ", "Quá trình xử lý", "Tất cả hồ sơ", "Menu"])
    await an.presses("Rút hồ sơ")
    an.reads("Anh/Chị có chắc chắn muốn rút hồ sơ NC-", buttons=["Đồng ý rút", "Không, giữ lại"])
    await an.presses("Đồng ý rút")
    an.reads("Đã rút hồ sơ NC-", "Trạng thái: đã rút", buttons=["Quá trình xử lý", "Tất cả hồ sơ", "Menu"])
    await an.presses("Đồng ý rút")
    an.reads("Hồ sơ này đã được rút trước đó.")
    await town.deliver()
    chi.reads(
        "Mời Anh/Chị nhận chỗ",
        "Đã có 1 chỗ trống dành cho Anh/Chị",
        CONSULTATION,
        "Mời Anh/Chị nhận chỗ trước 09:00 thứ Tư 25/11/2026",
        buttons=["Nhận chỗ", "Tôi không tham dự được", "Xem hồ sơ", "Menu"],
    )
    await chi.presses("Xem hồ sơ")
    chi.reads("Trạng thái: được mời nhận chỗ, hạn nhận 09:00 thứ Tư 25/11/2026")
    await chi.presses("Nhận chỗ")
    chi.reads("Anh/Chị có nhận chỗ và tham dự sự kiện này không?", buttons=["Có, tôi tham dự", "Quay lại", "Menu"])
    await chi.presses("Có, tôi tham dự")
    chi.reads("Đăng ký thành công", "Anh/Chị đã có chỗ.")
    await chi.presses("Có, tôi tham dự")
    chi.reads("Anh/Chị đã nhận chỗ này trước đó.", "Trạng thái: đã xác nhận chỗ")
    await dung.says("/hoso")
    dung.reads("trong danh sách chờ, số thứ tự 1")
    await sign_up(an, 2, tax_code=codes[0])
    await an.says("/hoso")
    an.reads("1. ", "trong danh sách chờ, số thứ tự 2", "2. ", "đã rút")


async def test_nobody_sees_or_withdraws_what_is_not_theirs(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    code = await sign_up(lan)
    async with town.database.reading() as connection:
        application_id = await connection.scalar(select(Application.id))
    for verb in ("show", "withdraw", "withdrawn"):
        await minh.sends_press(f"app:{verb}:{application_id}")
        minh.reads("Hồ sơ này không tồn tại hoặc không phải của Anh/Chị.")
    await minh.says(f"/hoso {code}")
    minh.reads("Anh/Chị không có hồ sơ nào với mã này.")
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    await minh.says(f"/hoso {wrong}")
    minh.reads("Mã này không đúng.")
    await minh.says("/hoso")
    minh.reads(
        "Anh/Chị chưa có hồ sơ đăng ký nào.", buttons=["Chương trình hỗ trợ", "Sự kiện", "Doanh nghiệp của tôi", "Menu"]
    )


async def test_an_event_that_has_begun_or_vanished(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    await sign_up(lan)
    await to_the_form(minh)
    await fill_in(minh, tax_code=tax_codes(1)[0])
    town.clock.set("2027-01-19T08:30+07:00")
    await minh.presses("Xác nhận")
    minh.reads("vừa đóng nên chưa có gì được gửi đi")
    await lan.says("/hoso")
    lan.reads("đã xác nhận chỗ")
    await lan.says("1")
    shown = lan.reads(TRAINING, buttons=["Mã QR", "Thêm vào lịch", "Quá trình xử lý", "Tất cả hồ sơ", "Menu"])
    assert "Rút hồ sơ" not in [button.label for button in flat(shown)]
    async with town.database.reading() as connection:
        application_id = await connection.scalar(select(Application.id))
    for verb in ("withdraw", "withdrawn"):
        await lan.sends_press(f"app:{verb}:{application_id}")
        lan.reads("Sự kiện đã bắt đầu nên không rút hồ sơ được nữa.")
    await lan.says("/sukien")
    assert TRAINING not in lan.reads("1. " + CONSULTATION).plain
    async with town.database.transaction() as connection:
        await connection.execute(update(Offering).values(active=False))
    await lan.says("/sukien")
    lan.reads("Hiện chưa có sự kiện nào nhận đăng ký.", buttons=["Chương trình hỗ trợ", "Menu"])
    await lan.presses("Chương trình hỗ trợ")
    lan.reads("Hiện chưa có hướng hỗ trợ nào nhận đăng ký.", buttons=["Sự kiện", "Menu"])


async def test_answers_are_changed_until_the_deadline(town: Town) -> None:
    lan, minh = town.person("Lan"), town.person("Minh")
    code = await sign_up(lan, 2)
    await become_colleagues(town, lan, minh)
    async with town.database.transaction() as connection:
        await connection.execute(update(Offering).values(edit_until=town.clock.now + timedelta(days=1)))
    await minh.says(f"/hoso {code}")
    minh.reads("Thư điện tử công việc: lan@songhong.vn")
    await minh.presses("Sửa hồ sơ")
    choices = minh.reads("Anh/Chị muốn sửa")
    assert "Mã số thuế" not in [button.label for button in flat(choices)]
    await minh.presses("Thư điện tử công việc")
    minh.reads("lan@songhong.vn")
    await minh.says("minh@songhong.vn")
    minh.reads("minh@songhong.vn", "Hồ sơ chỉ thay đổi sau khi Anh/Chị xác nhận")
    # Twice, as if the process had died before it answered.
    await minh.presses("Xác nhận")
    minh.reads("Đã lưu các thay đổi của hồ sơ")
    await minh.presses("Xác nhận")
    minh.skips()
    await minh.says(f"/hoso {code}")
    minh.reads("Thư điện tử công việc: minh@songhong.vn", "đã xác nhận chỗ")
    await minh.presses("Quá trình xử lý")
    history = minh.reads("sửa thông tin đăng ký (Anh/Chị)")
    assert history.plain.count("sửa thông tin đăng ký") == 1
    await town.deliver()
    lan.reads("Hồ sơ đã được sửa", f"Một đồng nghiệp đã sửa thông tin trong hồ sơ {code}.")
    town.clock.advance(days=1)
    await minh.presses("Sửa hồ sơ")
    minh.reads("Hồ sơ này đã hết thời hạn sửa.")
    await minh.presses("Xem hồ sơ")
    assert "Sửa hồ sơ" not in [button.label for button in flat(minh.reads(code))]
