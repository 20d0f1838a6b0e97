"""Officers decide on applications in the chat, and the applicants read what became of theirs."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select, update

from bot.db.models.applications import Application, ApplicationEvent
from bot.db.models.businesses import Business
from bot.db.models.messages import Delivery
from bot.db.models.offerings import Offering
from bot.db.models.people import Address, Contact
from bot.messages import Role
from bot.services.applications.statuses import Status
from tests.chat import PersonInTown, Town
from tests.deciding import NEED, PROGRAMME, applies, needs_approval, offering_id, tells_officers
from tests.reporting import employ
from tests.sample_files import PDF
from tests.ticketing import contact_of

SCIENCE = "so-khoa-hoc-va-cong-nghe"
TRADE = "so-cong-thuong"
FINANCE = "so-tai-chinh"


async def officer(town: Town, name: str = "Cán bộ Minh", agency: str | None = SCIENCE) -> PersonInTown:
    return await employ(town, name, agency=agency, language="vi")


async def status(town: Town, application_id: int) -> str:
    async with town.database.reading() as connection:
        found = select(Application.status).where(Application.id == application_id)
        return (await connection.execute(found)).scalar_one()


async def history(town: Town, application_id: int) -> list[tuple[str, str, str]]:
    async with town.database.reading() as connection:
        rows = await connection.execute(
            select(ApplicationEvent.status, ApplicationEvent.cause, ApplicationEvent.reason)
            .where(ApplicationEvent.application_id == application_id)
            .order_by(ApplicationEvent.id)
        )
        return [(row.status, row.cause, row.reason) for row in rows]


async def test_from_the_notice_to_the_approval(town: Town) -> None:
    minh = await officer(town)
    lan, filed = await applies(town, "Sông Hồng", await offering_id(town, PROGRAMME))
    assert len(await tells_officers(town)) == 1
    minh.reads("Có hồ sơ mới chờ xử lý", "Công ty Sông Hồng", filed.code, buttons=["Mở hồ sơ", "Hồ sơ chờ xử lý"])
    assert await tells_officers(town) == []

    await minh.presses("Mở hồ sơ")
    minh.reads(
        "Công ty Sông Hồng",
        f"Mã hồ sơ: {filed.code}",
        "Trạng thái: đã tiếp nhận",
        "Mã số thuế: ",
        NEED,
        "0912 345 678",
        "Quá trình xử lý:",
        "đăng ký: đã tiếp nhận (Sông Hồng)",
        buttons=[
            "Nhận xem xét",
            "Ghi nhận nhu cầu",
            "Từ chối",
            "Yêu cầu bổ sung",
            "Danh sách chờ xử lý",
            "Nội dung đăng ký",
            "Menu",
        ],
    )
    await minh.presses("Nhận xem xét")
    minh.reads("Anh/Chị đã nhận xem xét hồ sơ", "bắt đầu xem xét (Cán bộ Minh)")
    await town.deliver()
    lan.reads("Hồ sơ đang được xem xét")
    await minh.presses("Ghi nhận nhu cầu")
    minh.reads("Ghi nhận nhu cầu của Công ty Sông Hồng?", "Đây không phải quyết định về kinh phí",
               buttons=["Đồng ý ghi nhận", "Không, quay lại"])  # fmt: skip
    await minh.presses("Đồng ý ghi nhận")
    minh.reads("Đã ghi nhận; người đăng ký đã được thông báo.")
    await town.deliver()
    lan.reads(filed.code)
    await minh.sends_press(f"desk:approved:{filed.id}")
    minh.reads("Việc này đã được thực hiện trước đó; không có gì thay đổi")
    await town.deliver()
    assert await status(town, filed.id) == "approved"
    assert [step[1] for step in await history(town, filed.id)] == ["signed_up", "review_begun", "approved"]
    await minh.says("/duyet")
    minh.reads("Không có hồ sơ nào chờ xử lý")


async def test_a_question_is_shown_before_it_goes_and_answered_in_the_chat(town: Town) -> None:
    minh = await officer(town)
    lan, filed = await applies(town, "Sông Hồng", await offering_id(town, PROGRAMME))
    await minh.says("/duyet")
    minh.reads("Có 1 hồ sơ chờ xử lý.", "1. Công ty Sông Hồng", filed.code)
    await minh.says("1")
    minh.skips()
    await minh.says("Yêu cầu bổ sung")
    minh.reads("Mời Anh/Chị gõ nội dung cần bổ sung", buttons=["Hủy"])
    await minh.says("?")
    minh.reads("Mời Anh/Chị gõ thành câu, từ 5 đến 1.500 ký tự", "Mời Anh/Chị gõ nội dung cần bổ sung")
    await minh.says("Công suất xử lý hiện nay là bao nhiêu?")
    minh.reads(
        "Công ty Sông Hồng sẽ nhận được yêu cầu này:",
        "Công suất xử lý hiện nay là bao nhiêu?",
        buttons=["Gửi yêu cầu bổ sung", "Gõ lại", "Hủy"],
    )
    await town.deliver()
    assert await status(town, filed.id) == "submitted"
    await minh.presses("Gửi yêu cầu bổ sung")
    minh.reads("Đã gửi yêu cầu bổ sung", "chờ người đăng ký bổ sung")
    await minh.presses("Gửi yêu cầu bổ sung")
    minh.reads("Nút này thuộc một bước trước nên không có tác dụng")
    await town.deliver()
    lan.reads("Công suất xử lý hiện nay là bao nhiêu?")
    await lan.sends_press(f"app:answer:{filed.id}")
    lan.reads("Công suất xử lý hiện nay là bao nhiêu?")
    await lan.says("500 m3 mỗi ngày đêm.")
    lan.reads("500 m3 mỗi ngày đêm.")
    await lan.sends_file("so-do.pdf", PDF)
    lan.reads("so-do.pdf")
    await lan.sends_press(f"app:send:{filed.id}")
    lan.reads()
    await town.deliver()
    minh.reads("500 m3 mỗi ngày đêm.")
    assert await status(town, filed.id) == "under_review"
    await minh.presses("Mở hồ sơ")
    minh.reads("người đăng ký đã trả lời", "500 m3 mỗi ngày đêm.", "Công suất xử lý hiện nay là bao nhiêu?")
    await minh.presses("📎 so-do.pdf")
    minh.reads(f"Tệp của hồ sơ {filed.code}:")
    attachment = town.channel.sent[minh.external_id][-1].reply.attachment
    assert attachment is not None
    assert (town.files / attachment.path).read_bytes() == PDF
    await minh.sends_press(f"desk:file:{filed.id}:999")
    minh.reads("Tệp này không còn nữa.")


@pytest.mark.parametrize("gone", ["dismissed", "blocked", "elsewhere"])
async def test_an_answer_finds_an_officer_when_the_one_who_asked_is_gone(town: Town, gone: str) -> None:
    minh, hoa = await officer(town), await officer(town, "Cán bộ Hoa")
    lan, filed = await applies(town, "Sông Hồng", await offering_id(town, PROGRAMME))
    await tells_officers(town)
    minh.skips()
    hoa.skips()
    await minh.sends_press(f"desk:ask:{filed.id}")
    minh.reads("Mời Anh/Chị gõ nội dung cần bổ sung")
    await minh.says("Công suất xử lý hiện nay là bao nhiêu?")
    minh.reads("sẽ nhận được yêu cầu này")
    await minh.presses("Gửi yêu cầu bổ sung")
    minh.reads("Đã gửi yêu cầu bổ sung")
    await town.deliver()
    lan.reads("Công suất xử lý hiện nay là bao nhiêu?")
    mine = await contact_of(town, minh)
    async with town.database.transaction() as connection:
        match gone:
            case "dismissed":
                await connection.execute(update(Contact).where(Contact.id == mine).values(role=None))
            case "blocked":
                blocked = update(Address).where(Address.contact_id == mine).values(blocked_at=town.clock())
                await connection.execute(blocked)
            case _:
                await connection.execute(update(Contact).where(Contact.id == mine).values(agency_slug=FINANCE))
    await lan.sends_press(f"app:answer:{filed.id}")
    lan.reads("Công suất xử lý hiện nay là bao nhiêu?")
    await lan.says("500 m3 mỗi ngày đêm.")
    lan.reads("500 m3 mỗi ngày đêm.")
    await lan.sends_press(f"app:send:{filed.id}")
    lan.reads("Câu trả lời đã được gửi")
    await town.deliver()
    minh.nothing_unread()
    hoa.reads(f"Trả lời về hồ sơ {filed.code}", "500 m3 mỗi ngày đêm.")
    await hoa.presses("Mở hồ sơ")
    hoa.reads("người đăng ký đã trả lời", "500 m3 mỗi ngày đêm.")


async def test_an_answer_that_nobody_could_be_told_of_is_in_the_queue(town: Town) -> None:
    minh = await officer(town)
    lan, filed = await applies(town, "Sông Hồng", await offering_id(town, PROGRAMME))
    await tells_officers(town)
    minh.skips()
    await minh.sends_press(f"desk:ask:{filed.id}")
    minh.reads("Mời Anh/Chị gõ nội dung cần bổ sung")
    await minh.says("Công suất xử lý hiện nay là bao nhiêu?")
    minh.reads("sẽ nhận được yêu cầu này")
    await minh.presses("Gửi yêu cầu bổ sung")
    minh.reads("Đã gửi yêu cầu bổ sung")
    await town.deliver()
    lan.reads("Công suất xử lý hiện nay là bao nhiêu?")
    async with town.database.transaction() as connection:
        await connection.execute(update(Contact).values(role=None))
    await lan.sends_press(f"app:answer:{filed.id}")
    lan.reads("Công suất xử lý hiện nay là bao nhiêu?")
    await lan.says("500 m3 mỗi ngày đêm.")
    lan.reads("500 m3 mỗi ngày đêm.")
    await lan.sends_press(f"app:send:{filed.id}")
    lan.reads("Câu trả lời đã được gửi")
    hoa = await officer(town, "Cán bộ Hoa")
    await tells_officers(town)
    await hoa.says("/duyet")
    hoa.reads("Có 1 hồ sơ chờ xử lý.", "1. Công ty Sông Hồng", filed.code)


async def test_a_rejection_needs_a_reason_that_the_applicant_reads(town: Town) -> None:
    minh = await officer(town)
    lan, filed = await applies(town, "Sông Hồng", await offering_id(town, PROGRAMME))
    await minh.sends_press(f"desk:reject:{filed.id}")
    minh.reads("Vì sao hồ sơ không được chấp nhận?", "1. Nhu cầu nằm ngoài phạm vi",
               buttons=["Lý do 1", "Lý do 2", "Lý do 3", "Hủy"])  # fmt: skip
    await minh.says("2")
    minh.reads("người đăng ký sẽ đọc lý do này:", "Thông tin trong hồ sơ chưa đủ để xem xét nhu cầu.")
    await minh.presses("Gõ lại")
    minh.reads("Vì sao hồ sơ không được chấp nhận?")
    await minh.says("Nội dung này đã có chương trình riêng.")
    minh.reads("Nội dung này đã có chương trình riêng.", buttons=["Đồng ý từ chối", "Gõ lại", "Hủy"])
    assert await status(town, filed.id) == "submitted"
    await minh.says("1")
    minh.reads("Hồ sơ không được chấp nhận; người đăng ký đã được báo lý do.")
    await town.deliver()
    lan.reads("Nội dung này đã có chương trình riêng.")
    assert (await history(town, filed.id))[-1] == ("rejected", "rejected", "Nội dung này đã có chương trình riêng.")


async def test_cancelling_sends_nothing(town: Town) -> None:
    minh = await officer(town)
    _, filed = await applies(town, "Sông Hồng", await offering_id(town, PROGRAMME))
    await minh.sends_press(f"desk:ask:{filed.id}")
    minh.skips()
    await minh.says("/huy")
    minh.reads("Đã hủy")
    await minh.sends_press(f"desk:reject:{filed.id}")
    minh.skips()
    await minh.presses("Lý do 1")
    minh.skips()
    await minh.presses("Hủy")
    minh.reads("Chưa gửi gì.")
    assert await status(town, filed.id) == "submitted"


async def test_two_officers_at_once_and_an_applicant_who_withdraws(town: Town) -> None:
    minh, hoa = await officer(town), await officer(town, "Cán bộ Hoa")
    lan, filed = await applies(town, "Sông Hồng", await offering_id(town, PROGRAMME))
    for each in (minh, hoa):
        await each.sends_press(f"desk:approve:{filed.id}")
        each.reads("Ghi nhận nhu cầu")
    await asyncio.gather(minh.presses("Đồng ý ghi nhận"), hoa.presses("Đồng ý ghi nhận"))
    told = sorted("Đã ghi nhận;" in each.reads().plain for each in (minh, hoa))
    assert told == [False, True]
    await town.deliver()
    assert len(lan.unread) == 1
    lan.skips()

    an, other = await applies(town, "Hồng Hà", await offering_id(town, PROGRAMME), number=1)
    await minh.sends_press(f"desk:ask:{other.id}")
    minh.skips()
    await minh.says("Công suất hiện nay là bao nhiêu?")
    minh.skips()
    await an.sends_press(f"app:withdrawn:{other.id}")
    an.skips()
    await minh.presses("Gửi yêu cầu bổ sung")
    minh.reads("Người đăng ký vừa rút hồ sơ này; không có gì thay đổi.")
    await town.deliver()
    assert not an.unread
    assert await status(town, other.id) == "withdrawn"


async def test_who_decides_on_what(town: Town) -> None:
    science = await officer(town)
    finance = await officer(town, "Cán bộ Tài chính", FINANCE)
    trade = await officer(town, "Cán bộ Công Thương", TRADE)
    admin = await employ(town, "Quản trị", Role.ADMIN, language="vi")
    lan, filed = await applies(town, "Sông Hồng", await offering_id(town, PROGRAMME))
    # The agency that the plan names has an officer, so nobody stands in for it.
    await tells_officers(town)
    science.reads("Công ty Sông Hồng")
    for stranger in (finance, trade):
        for verb in ("show", "approved", "reject", "ask", "review", "send", "file", "history"):
            await stranger.sends_press(f"desk:{verb}:{filed.id}:1")
            stranger.reads("Hồ sơ này không có, hoặc do cơ quan khác xử lý.")
        await stranger.says(f"/duyet {filed.code}")
        stranger.reads("Hồ sơ này không có, hoặc do cơ quan khác xử lý.")
        await stranger.says("/duyet")
        stranger.reads("Không có hồ sơ nào chờ xử lý")
    for press in (f"desk:approved:{filed.id}", "desk:list:0", f"desk:show:{filed.id}", "manage:list:0"):
        await lan.sends_press(press)
        lan.reads("Chỉ cán bộ phụ trách mới thực hiện được việc này")
    await lan.says("/duyet")
    lan.reads("Chỉ cán bộ phụ trách")
    await admin.says(f"/duyet {filed.code}")
    admin.reads("Công ty Sông Hồng")
    for nonsense in ("desk:show:0", "desk:show:-1", "desk:show:x", "desk:approved", "desk:show:99999999999999999999"):
        await admin.sends_press(nonsense)
        admin.reads("Hồ sơ này không có")
    assert await status(town, filed.id) == "submitted"
    assert len(await history(town, filed.id)) == 1


async def test_the_lead_agency_stands_in_where_there_is_no_officer(town: Town) -> None:
    trade = await officer(town, "Cán bộ Công Thương", TRADE)
    finance = await officer(town, "Cán bộ Tài chính", FINANCE)
    _, filed = await applies(town, "Sông Hồng", await offering_id(town, PROGRAMME))
    await tells_officers(town)
    trade.reads("Công ty Sông Hồng")
    await trade.says("/duyet")
    trade.reads("1. Công ty Sông Hồng")
    await finance.says("/duyet")
    finance.reads("Không có hồ sơ nào chờ xử lý")
    assert await status(town, filed.id) == "submitted"


async def test_many_new_ones_are_one_message_and_none_at_night(town: Town) -> None:
    minh = await officer(town)
    programme = await offering_id(town, PROGRAMME)
    town.clock.set("2026-11-23T22:00+07:00")
    for number in range(4):
        await applies(town, f"Số {number}", programme, number=number)
    assert await tells_officers(town) == []
    town.clock.set("2026-11-24T07:31+07:00")
    await tells_officers(town)
    minh.reads("Có 4 hồ sơ mới chờ xử lý", ": 4", buttons=["Hồ sơ chờ xử lý"])
    await tells_officers(town)
    assert not minh.unread
    # One that was decided before anybody was told is no news any more.
    _, filed = await applies(town, "Số 4", programme, number=4)
    await minh.sends_press(f"desk:approved:{filed.id}")
    minh.skips()
    await tells_officers(town)
    assert not minh.unread
    async with town.database.reading() as connection:
        keys = (await connection.execute(select(Delivery.key).where(Delivery.key.like("desk:%")))).scalars().all()
    assert len(keys) == len(set(keys)) == 1
    for person in town.people.values():
        person.skips()


async def test_the_queue_has_pages_and_can_be_of_one_offering(town: Town) -> None:
    minh = await employ(town, "Minh", Role.ADMIN, language="vi")
    programme, event = await offering_id(town, PROGRAMME), await needs_approval(town)
    for number in range(7):
        await applies(town, f"Số {number}", programme, number=number)
    await applies(town, "Sự kiện", event, number=7)
    await minh.says("/duyet")
    first = minh.reads("Có 8 hồ sơ chờ xử lý.", "1. Công ty Số 0", "6. Công ty Số 5")
    assert "Số 6" not in first.plain
    await minh.presses("Xem thêm")
    minh.reads("1. Công ty Số 6", "2. Công ty Sự kiện")
    await minh.presses("Lọc theo nội dung")
    minh.reads("Anh/Chị muốn xem hồ sơ của nội dung nào?")
    await minh.says("2")
    minh.reads("Có 1 hồ sơ chờ xử lý.", "Chỉ xem: Ví dụ: Buổi tư vấn", "1. Công ty Sự kiện")
    await minh.presses("Tất cả nội dung")
    minh.reads("Có 8 hồ sơ")


async def test_an_event_with_approval_says_what_is_free_and_fills_up(town: Town) -> None:
    minh = await officer(town)
    event = await needs_approval(town)
    for number, name in enumerate(("An", "Bình", "Chi")):
        await applies(town, name, event, number=number)
    for place, name in enumerate(("An", "Bình", "Chi"), start=1):
        await minh.says("/duyet")
        minh.skips()
        await minh.says("1")
        minh.reads(f"Công ty {name}", f"đã dùng {min(place - 1, 2)}/2, còn {max(3 - place, 0)}")
        await minh.presses("Phê duyệt")
        minh.skips()
        await minh.presses("Đồng ý phê duyệt")
        minh.reads("Đã phê duyệt")
    async with town.database.reading() as connection:
        rows = await connection.execute(
            select(Application.status).where(Application.offering_id == event).order_by(Application.id)
        )
        assert list(rows.scalars()) == ["confirmed", "confirmed", "waitlisted"]
    await town.deliver()
    for person in town.people.values():
        person.skips()


async def test_what_is_full_without_a_waiting_list_can_not_be_approved(town: Town) -> None:
    minh = await officer(town)
    event = await needs_approval(town)
    async with town.database.transaction() as connection:
        await connection.execute(update(Offering).where(Offering.id == event).values(waitlist=False, capacity=1))
    _, first = await applies(town, "An", event)
    _, second = await applies(town, "Bình", event, number=1)
    await minh.sends_press(f"desk:approved:{first.id}")
    minh.reads("Đã phê duyệt")
    await minh.sends_press(f"desk:approved:{second.id}")
    minh.reads("Đã hết chỗ và không có danh sách chờ nên chưa phê duyệt được")
    assert await status(town, second.id) == Status.SUBMITTED
    await town.deliver()
    for person in town.people.values():
        person.skips()


async def test_a_personal_tax_code_is_masked_and_a_doubtful_one_marked(town: Town) -> None:
    minh = await officer(town)
    _, filed = await applies(town, "Sông Hồng", await offering_id(town, PROGRAMME))
    for code, shown in (("001234567812", "001•••••••12"), ("0100233489", "0100233489 (chưa xác minh)")):
        async with town.database.transaction() as connection:
            await connection.execute(update(Business).values(tax_code=code))
        await minh.sends_press(f"desk:show:{filed.id}")
        page = minh.reads(f"Mã số thuế: {shown}")
        assert "001234567812" not in page.plain


async def test_the_desk_in_english(town: Town) -> None:
    bob = await employ(town, "Bob", agency=SCIENCE)
    lan, filed = await applies(town, "Sông Hồng", await offering_id(town, PROGRAMME))
    await tells_officers(town)
    bob.reads("A new application is to be decided", buttons=["Open the application", "Applications to decide"])
    await bob.says("/review")
    bob.reads("1 application waits for a decision.", filed.code, "received")
    await bob.says("1")
    bob.reads(
        "What has happened:",
        "signed up: received (Sông Hồng)",
        buttons=[
            "Take under review",
            "Accept the need",
            "Reject",
            "Ask for more information",
            "All that waits",
            "The offering",
            "Menu",
        ],
    )
    await bob.says("Reject")
    bob.reads("Why is it not accepted?", "1. The need is outside what this line of support covers.")
    await bob.says("The need is covered by another programme.")
    bob.reads("the applicant reads this reason:", buttons=["Yes, reject", "Type it again", "Cancel"])
    await bob.presses("Yes, reject")
    bob.reads("The application is not accepted; the applicant has been told why.")
    await town.deliver()
    lan.reads("The need is covered by another programme.")


async def test_what_an_officer_was_writing_before_is_kept(town: Town) -> None:
    admin = await employ(town, "Minh", Role.ADMIN, language="vi")
    lan, filed = await applies(town, "Sông Hồng", await offering_id(town, PROGRAMME))
    await admin.says("/thongbao")
    admin.skips()
    await admin.presses("Soạn thông báo mới")
    admin.skips()
    await admin.presses("Doanh nghiệp")
    admin.reads("tiếng Việt")
    await admin.sends_press(f"desk:ask:{filed.id}")
    admin.skips()
    await admin.says("Công suất hiện nay là bao nhiêu?")
    admin.skips()
    await admin.presses("Gửi yêu cầu bổ sung")
    admin.reads("Đã gửi yêu cầu bổ sung")
    await admin.says("Mời Anh/Chị dự hội thảo ngày 01/12.")
    admin.reads("tiếng Anh")
    await town.deliver()
    lan.skips()


async def test_nobody_decides_on_the_own_enterprise_where_there_is_somebody_else(town: Town) -> None:
    minh, filed = await applies(town, "Minh", await offering_id(town, PROGRAMME))
    await employ(town, "Minh", agency=SCIENCE, language="vi")
    await minh.sends_press(f"desk:approve:{filed.id}")
    minh.reads("Ghi nhận nhu cầu của Công ty Minh?")  # the only officer there is
    hoa = await officer(town, "Cán bộ Hoa")
    await minh.presses("Đồng ý ghi nhận")
    minh.reads("Đây là hồ sơ của chính doanh nghiệp Anh/Chị nên cần cán bộ khác xử lý.")
    assert await status(town, filed.id) == "submitted"
    await hoa.sends_press(f"desk:approved:{filed.id}")
    hoa.reads("Đã ghi nhận")
    await town.deliver()
    minh.reads("NC-")
