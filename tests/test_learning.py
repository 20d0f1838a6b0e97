"""The whole way of a better answer: a question without one, an editor who writes it, another who approves, and
everybody who waits for it is told."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.db.models.learning import QuestionWish
from bot.messages import Role
from tests.chat import Town, flat
from tests.editors import (
    ANSWER_EN,
    ANSWER_VI,
    BALCONY,
    BALCONY_OTHERWISE,
    BALCONY_PLAIN,
    DOGS,
    LIST,
    QUESTION_EN,
    SHORT_EN,
    SHORT_VI,
    asks,
    citizen,
    editor,
    groups,
    opens,
    proposes,
    second_process,
)


async def test_the_whole_way_of_a_new_answer(town: Town) -> None:
    an, binh, chi = await citizen(town, "An"), await citizen(town, "Bình"), await citizen(town, "Chi", language="en")
    lan, hoa = await editor(town, "Lan"), await editor(town, "Hoa", Role.ADMIN)

    await an.says(BALCONY)
    an.reads("chưa có câu trả lời", buttons=["Báo tôi khi có câu trả lời", "Gặp cán bộ", "Menu"])
    await an.says("1")
    an.reads("tài khoản của Anh/Chị", buttons=["Thôi, không cần báo", "Gặp cán bộ", "Menu"])
    await asks(binh, BALCONY_PLAIN, wish=True)
    chi_token = await asks(chi, BALCONY_OTHERWISE)
    await chi.sends_press(f"wish:{chi_token}")
    chi.skips()
    await chi.sends_press(f"wish:{chi_token}:off")
    chi.skips()
    await asks(binh, BALCONY + " ạ", wish=True)

    await lan.says("/thongke")
    lan.reads("Số liệu", buttons=["Cập nhật", "Menu", "Tình hình nộp báo cáo", LIST])
    await lan.presses(LIST)
    lan.reads("Có 1 câu hỏi", buttons=[f"4 × {BALCONY[:47].rsplit(' ', 1)[0]}… (23/11/2026)", "Chờ duyệt (0)", "Menu"])
    await lan.says("1")
    lan.reads(
        "Được hỏi 4 lần, bằng tiếng Việt, gần nhất ngày 23/11/2026",
        f"- {BALCONY}",
        f"- {BALCONY_OTHERWISE}",
        "Trợ lý ảo chưa có câu trả lời",
        buttons=["Viết câu trả lời", "Gắn vào câu đã có", "Bỏ qua", LIST, "Menu"],
    )
    await lan.presses("Viết câu trả lời")
    lan.reads("Câu hỏi tiếng Việt", BALCONY, buttons=["Giữ nội dung này", "Quay lại", "Hủy"])
    await lan.presses("Giữ nội dung này")
    lan.reads("Nguồn", "II.2.b hoặc V.3")
    await lan.says("mục ii.2.b")
    lan.reads("Câu trả lời tiếng Việt", "tối đa 280 ký tự")
    await lan.says(ANSWER_VI)
    lan.reads("Câu hỏi tiếng Anh")
    await lan.says(QUESTION_EN)
    lan.reads("Câu trả lời tiếng Anh")
    await lan.says(ANSWER_EN)
    lan.reads("Cơ quan hỏi thêm")
    await lan.presses("Sở Công Thương")
    lan.reads("đến hết ngày nào", buttons=["31/12/2030", "Quay lại", "Hủy"])
    await lan.says("31/12/2029")
    vietnamese = lan.reads(BALCONY, ANSWER_VI.replace("\n", "\n\n", 1))
    assert vietnamese.footnote == "Nguồn: Kế hoạch số 50/KH-UBND ngày 04/02/2026, mục II.2.b"
    assert lan.reads(QUESTION_EN, SHORT_EN).language == "en"
    lan.reads(
        "Xem trước",
        "Cơ quan hỏi thêm: Sở Công Thương",
        "Hiệu lực đến hết thứ Hai 31/12/2029",
        f"- {BALCONY_OTHERWISE}",
        buttons=["Gửi duyệt", "Bỏ các cách hỏi kèm theo", "Sửa nội dung", "Quay lại", "Hủy"],
    )
    await lan.says("1")
    lan.reads("Đã đề nghị 1 biên tập viên khác duyệt", buttons=["Rút đề xuất", "Chờ duyệt", "Menu"])
    assert [group[1:] for group in await groups(town)] == [(4, "proposed")]

    await lan.sends_press("proposal:approve:1")
    lan.reads("do chính Anh/Chị viết", "invite --role editor", "Đang chờ biên tập viên thứ hai")
    await lan.sends_press("proposal:reject:1")
    lan.reads("do chính Anh/Chị viết")

    await town.deliver()
    hoa.reads(
        "Đề xuất số 1: câu trả lời mới",
        "Người đề xuất: Lan",
        "Được hỏi 4 lần",
        f"- {BALCONY_OTHERWISE}",
        f"Tiếng Việt:\n{BALCONY}\n{ANSWER_VI}",
        f"Tiếng Anh:\n{QUESTION_EN}\n{ANSWER_EN}",
        "mục II.2.b",
        "Sở Công Thương",
        buttons=["Phê duyệt", "Từ chối", "Chờ duyệt", "Menu"],
    )
    await hoa.presses("Phê duyệt")
    hoa.reads("trong vòng một phút", "Đã báo cho 2 người", "Hoa đã duyệt")
    await hoa.presses("Phê duyệt")
    hoa.reads("Hoa đã duyệt")

    await town.deliver()
    lan.reads("Hoa đã duyệt đề xuất của Anh/Chị", buttons=["Chi tiết"])
    told = an.reads("đã nhờ báo", f"«{BALCONY}»", ANSWER_VI.replace("\n", "\n\n", 1))
    assert told.title == BALCONY
    assert told.footnote.endswith("mục II.2.b")
    binh.reads("đã nhờ báo", f"«{BALCONY_PLAIN}»", SHORT_VI)
    await town.deliver()
    assert await groups(town) == [(BALCONY, 4, "answered")]
    async with town.database.reading() as connection:
        told_at = list(await connection.scalars(select(QuestionWish.told_at)))
    assert told_at == [town.clock()] * 3, "nobody waits any more"
    await an.says("/dulieu")
    an.skips()
    await an.presses("Xem dữ liệu của tôi")
    assert "nhờ báo" not in an.reads().plain

    # Neither this process nor another has it yet; both have after one refresh.
    await an.says(BALCONY_PLAIN)
    an.reads("chưa có câu trả lời")
    other = await second_process(town)
    assert await town.conversation.knowledge.refresh(town.database)
    assert not await town.conversation.knowledge.refresh(town.database)
    for process in (town, other):
        dung = process.person(f"Dũng {id(process)}")
        dung.town = process
        await dung.says("/menu")
        dung.skips()
        await dung.says(BALCONY_PLAIN + "?")
        reply = dung.reads(BALCONY, SHORT_VI)
        assert reply.footnote.endswith("mục II.2.b")
        await dung.says(QUESTION_EN)
        dung.reads(SHORT_EN)
    await an.says("/menu")
    an.skips()
    await an.presses("Hỏi đáp về Kế hoạch")
    an.skips()
    await an.presses("Câu hỏi bổ sung")
    an.reads(buttons=[BALCONY, "Tất cả chủ đề", "Menu"])


async def test_who_asked_a_moment_before_the_approval_is_told_too(town: Town) -> None:
    an, binh = await citizen(town, "An"), await citizen(town, "Bình")
    lan, hoa = await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an)
    await proposes(town, lan)
    hoa.skips()
    await asks(binh, BALCONY_PLAIN, wish=True)
    await hoa.presses("Phê duyệt")
    hoa.reads("Đã báo cho 1 người")
    await town.deliver()
    binh.reads(SHORT_VI)
    lan.skips()


async def test_who_asks_in_english_is_told_in_english(town: Town) -> None:
    bob, lan, hoa = await citizen(town, "Bob", language="en"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(bob, DOGS, wish=True)
    await opens(lan, DOGS)
    lan.reads("bằng tiếng Anh")
    await lan.presses("Viết câu trả lời")
    assert DOGS not in lan.reads("Câu hỏi tiếng Việt", buttons=["Quay lại", "Hủy"]).plain
    for text in ("Có được nuôi chó trong chung cư không?", "V.3", "Kế hoạch không quy định việc này."):
        await lan.says(text)
        lan.skips()
    await lan.presses("Giữ nội dung này")
    lan.skips()
    await lan.says("The plan does not regulate this.")
    lan.skips()
    await lan.presses("Sở Công Thương")
    lan.skips()
    await lan.presses("31/12/2030")
    lan.skips()
    await lan.presses("Gửi duyệt")
    lan.skips()
    await hoa.sends_press("proposal:approve:1")
    hoa.skips()
    town.clock.set("2026-11-23T23:00+07:00")
    await town.deliver()
    bob.nothing_unread()
    town.clock.set("2026-11-24T07:30+07:00")
    await town.deliver()
    bob.reads("You wanted to be told", DOGS, "The plan does not regulate this.", "section V.3")
    lan.skips()
    hoa.skips()


async def test_a_question_is_attached_to_an_answer(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    known = town.conversation.known
    wanted = known.entries["plan-signer"]
    await asks(an, wish=True)
    await opens(lan)
    lan.skips()
    await lan.presses("Gắn vào câu đã có")
    lan.reads("Câu trả lời nào phù hợp", BALCONY)
    await lan.says("ai là người ký kế hoạch 50")
    reply = lan.reads("Mời Anh/Chị chọn")
    assert flat(reply)[0].label == wanted.vi.question
    await lan.says("1")
    lan.reads(wanted.vi.short, BALCONY, buttons=["Dùng nguyên văn", "Chọn câu khác", "Hủy"])
    await lan.says(wanted.vi.question.upper())
    lan.reads("đã có đúng cách hỏi này", "Anh/Chị đã gõ:", wanted.vi.question.upper())
    await lan.says("ngắn")
    lan.reads("quá ngắn")
    await lan.presses("Chọn câu khác")
    lan.skips()
    await lan.says("ai là người ký kế hoạch 50")
    lan.skips()
    await lan.says("1")
    lan.skips()
    await lan.says("Trồng rau  trên ban công thì ai ký?")
    lan.reads("«Trồng rau trên ban công thì ai ký?»", buttons=["Gửi duyệt", "Sửa cách hỏi", "Chọn câu khác", "Hủy"])
    await lan.presses("Sửa cách hỏi")
    lan.skips()
    await lan.presses("Dùng nguyên văn")
    lan.reads(f"«{BALCONY}»", wanted.vi.question, wanted.vi.short)
    await lan.presses("Gửi duyệt")
    lan.reads("Đề xuất số 1: thêm cách hỏi", "Đã đề nghị 1")
    await lan.presses("Gửi duyệt")
    lan.reads("không còn trong quá trình gắn")
    await town.deliver()
    hoa.reads("Ai hỏi bằng cách này", f"«{BALCONY}»", wanted.vi.short, f"- {BALCONY}")
    await hoa.presses("Phê duyệt")
    hoa.skips()
    await town.deliver()
    an.reads("đã nhờ báo", wanted.vi.short)
    lan.skips()
    await town.conversation.knowledge.refresh(town.database)
    await an.says(BALCONY_PLAIN)
    an.reads(wanted.vi.short)


async def test_a_question_can_be_put_aside_and_back(town: Town) -> None:
    an, binh, lan = await citizen(town, "An"), await citizen(town, "Bình"), await editor(town, "Lan")
    await asks(an)
    await opens(lan)
    lan.skips()
    await lan.presses("Bỏ qua")
    lan.reads("Bỏ qua câu hỏi này, không trả lời?", BALCONY)
    await lan.presses("Có, bỏ qua")
    lan.reads("Đã bỏ qua", buttons=["Đưa lại vào danh sách", LIST, "Menu"])
    await asks(binh, BALCONY_PLAIN)
    await lan.presses(LIST)
    lan.reads("Hiện mọi câu hỏi đều đã có câu trả lời", buttons=["Chờ duyệt (0)", "Menu"])
    assert await groups(town) == [(BALCONY, 2, "dismissed")]
    await lan.presses("Đưa lại vào danh sách")
    lan.reads("đã trở lại danh sách", "Được hỏi 2 lần")


async def test_a_wish_after_the_answer_gets_it_at_once(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    token = await asks(an)
    await proposes(town, lan)
    hoa.skips()
    await hoa.presses("Phê duyệt")
    hoa.skips()
    await town.deliver()
    lan.skips()
    await an.sends_press(f"wish:{token}")
    an.reads(BALCONY, SHORT_VI)
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(QuestionWish)) == 0
