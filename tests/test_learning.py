"""The whole way of a better answer: a question without one, an editor who writes it, another who approves, and
everybody who waits for it is told."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from bot.db.models import Contact, Delivery, FaqChange, QuestionWish
from bot.messages import Role
from bot.services import faq_changes
from content.added import NewEntry
from tests import editors
from tests.chat import PersonInTown, Town, flat
from tests.editors import (
    ANSWER_EN,
    ANSWER_VI,
    BALCONY,
    BALCONY_OTHERWISE,
    BALCONY_PLAIN,
    DOGS,
    LIST,
    QUESTION_EN,
    asks,
    citizen,
    editor,
    groups,
    opens,
    proposes,
    second_process,
    writes,
)
from tests.reporting import employ

SHORT_VI, SHORT_EN = ANSWER_VI.split("\n", maxsplit=1)[0], ANSWER_EN

FORGED = (
    "unanswered", "unanswered:page:0", "unanswered:show:1", "unanswered:dismissed:1", "attach:begin:1", "attach:send",
    "answer:begin:1", "answer:send:x", "proposal:list", "proposal:show:1", "proposal:approve:1", "proposal:reject:1",
)  # fmt: skip
STALE = (
    "unanswered", "unanswered:x", "unanswered:page:-1", "unanswered:page:999", "unanswered:show:99",
    "unanswered:show:²", "unanswered:dismissed:99", "unanswered:restore:1", "attach", "attach:begin:99",
    "attach:to:x", "attach:keep", "attach:send", "answer", "answer:begin:99", "answer:begin", "answer:send:x",
    "answer:change:preview", "proposal", "proposal:show:99", "proposal:approve:99", "proposal:reject:x",
    "proposal:withdrawn:1", "proposal:list:99999999999999999999",
)  # fmt: skip


def label(person: PersonInTown, begins: str) -> str:
    """The newest button whose label begins so."""
    for outgoing in reversed(person._received):
        for button in flat(outgoing.reply):
            if button.label.startswith(begins):
                return button.label
    raise AssertionError(f"{person.name} sees no button {begins!r}…")


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
    lan.reads("Số liệu", buttons=["Cập nhật", "Menu", LIST])
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


async def test_a_rejection_has_a_reason_and_the_question_is_open_again(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an, wish=True)
    await proposes(town, lan)
    hoa.skips()
    await hoa.presses("Từ chối")
    hoa.reads("Vì sao từ chối", BALCONY, buttons=["Không từ chối nữa"])
    await hoa.presses("Không từ chối nữa")
    hoa.reads("Đang chờ biên tập viên thứ hai")
    await hoa.says("1 2 3")  # a question again, not a reason
    hoa.skips()
    await hoa.sends_press("proposal:reject:1")
    hoa.skips()
    for wrong in ("x", "x" * 501):
        await hoa.says(wrong)
        hoa.reads("từ 3 đến 500 ký tự")
    await hoa.says("Nguồn chưa đúng.")
    hoa.reads("đã từ chối đề xuất", "Hoa đã từ chối", "Nguồn chưa đúng.")
    await town.deliver()
    lan.reads("Hoa đã từ chối đề xuất của Anh/Chị", "Nguồn chưa đúng.")
    assert await groups(town) == [(BALCONY, 1, "open")]
    await hoa.sends_press("proposal:approve:1")
    hoa.reads("Hoa đã từ chối")
    await town.deliver()
    an.nothing_unread()
    assert not await town.conversation.knowledge.refresh(town.database)
    await proposes(town, lan)
    hoa.skips()
    await hoa.presses("Phê duyệt")
    hoa.reads("Đề xuất số 2")
    await town.deliver()
    an.reads(SHORT_VI)
    lan.skips()


async def test_the_author_may_withdraw(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an)
    await proposes(town, lan)
    hoa.skips()
    await hoa.sends_press("proposal:withdrawn:1")
    hoa.reads("Đang chờ biên tập viên thứ hai")
    await lan.presses("Rút đề xuất")
    lan.reads("Rút đề xuất của Anh/Chị?", buttons=["Có, rút đề xuất", "Không, giữ nguyên"])
    await lan.presses("Có, rút đề xuất")
    lan.reads("Anh/Chị đã rút đề xuất", buttons=["Quay lại câu hỏi", "Chờ duyệt", "Menu"])
    await hoa.presses("Phê duyệt")
    hoa.reads("Người đề xuất đã rút lại")
    await hoa.presses("Từ chối")
    hoa.reads("Người đề xuất đã rút lại")
    await lan.presses("Quay lại câu hỏi")
    lan.reads("Được hỏi 1 lần", buttons=["Viết câu trả lời", "Gắn vào câu đã có", "Bỏ qua", LIST, "Menu"])
    await hoa.presses("Chờ duyệt")
    hoa.reads("Không có đề xuất nào chờ duyệt")


async def test_of_two_who_decide_at_once_one_wins(town: Town) -> None:
    an, lan = await citizen(town, "An"), await editor(town, "Lan")
    hoa, mai = await editor(town, "Hoa"), await editor(town, "Mai")
    await asks(an, wish=True)
    await proposes(town, lan)
    hoa.skips()
    mai.skips()
    await mai.presses("Từ chối")
    mai.skips()
    await asyncio.gather(hoa.presses("Phê duyệt"), mai.says("Chưa đúng nguồn."))
    told = [hoa.reads().text, mai.reads().text]
    await town.deliver()
    lan.skips()
    async with town.database.reading() as connection:
        proposal = await faq_changes.find(connection, 1)
    assert proposal is not None
    if proposal.status is faq_changes.Status.APPROVED:
        assert "trong vòng một phút" in told[0]
        assert "Hoa đã duyệt" in told[1]
        an.reads(SHORT_VI)
    else:
        assert "Mai đã từ chối" in told[0]
        assert "Anh/Chị đã từ chối" in told[1]


async def test_of_two_who_propose_for_one_question_one_wins(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an)
    await writes(lan)
    await writes(hoa)
    await asyncio.gather(lan.presses("Gửi duyệt"), hoa.presses("Gửi duyệt"))
    told = [lan.reads().text, hoa.reads().text]
    assert sum("Đã đề nghị 1 biên tập viên" in each for each in told) == 1
    assert sum("Người khác đã xử lý câu hỏi này trước" in each for each in told) == 1
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(FaqChange)) == 1
    await town.deliver()
    lan.skips()
    hoa.skips()


async def test_a_repeated_press_proposes_and_approves_once(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an, wish=True)
    await writes(lan)
    await lan.presses("Gửi duyệt")
    lan.skips()
    await lan.repeats()
    await town.deliver()
    hoa.skips()
    await hoa.presses("Phê duyệt")
    hoa.skips()
    await hoa.repeats()
    await town.deliver()
    an.reads(SHORT_VI)
    lan.reads("Hoa đã duyệt")
    async with town.database.reading() as connection:
        keys = (
            await connection.scalars(select(Delivery.key).where(Delivery.key.like("faq-%")).order_by(Delivery.key))
        ).all()
    assert [str(key).rpartition(":")[0] for key in keys] == ["faq-answer:1", "faq-approval:1", "faq-decided"]


async def test_the_draft_survives_a_restart_and_other_business(town: Town) -> None:
    an, lan = await citizen(town, "An"), await editor(town, "Lan")
    await asks(an)
    await opens(lan)
    lan.skips()
    await lan.presses("Viết câu trả lời")
    lan.skips()
    await lan.presses("Giữ nội dung này")
    lan.skips()
    await lan.says("II.2.b")
    lan.skips()
    restarted = await second_process(town)
    lan.town = restarted
    await lan.says(ANSWER_VI)
    lan.reads("Câu hỏi tiếng Anh")
    await lan.sends_press("unanswered:page:0")
    lan.reads(LIST)
    assert label(lan, "Viết tiếp") == "Viết tiếp câu trả lời đang dở"
    await lan.says("2")  # a button's number now, not the English question
    lan.reads("Được hỏi 1 lần", buttons=["Viết tiếp câu trả lời đang dở", "Gắn vào câu đã có", "Bỏ qua", LIST, "Menu"])
    await lan.presses("Gắn vào câu đã có")
    lan.reads("chưa hoàn thành")
    await lan.presses("Viết tiếp câu trả lời đang dở")
    lan.reads("Câu hỏi tiếng Anh")
    await lan.presses("Quay lại")
    lan.reads("Câu trả lời tiếng Việt", ANSWER_VI, buttons=["Giữ nội dung này", "Quay lại", "Hủy"])
    await lan.presses("Quay lại")
    lan.reads("Nguồn hiện có: II.2.b")
    await lan.presses("Hủy")
    lan.reads("Xóa nội dung Anh/Chị đã viết?", buttons=["Có, xóa bản nháp", "Không, viết tiếp"])
    await lan.presses("Không, viết tiếp")
    lan.reads("Nguồn hiện có: II.2.b")
    await lan.presses("Hủy")
    lan.skips()
    await lan.says("1")
    lan.reads("Đã xóa bản nháp", "Được hỏi 1 lần")
    await lan.sends_press("answer:continue")
    lan.reads("không còn được viết")


async def test_wrong_input_is_refused_at_once_and_what_was_typed_is_shown(town: Town) -> None:
    an, lan = await citizen(town, "An"), await editor(town, "Lan")
    taken = town.conversation.known.entries["plan-signer"].vi.question
    await asks(an)
    await opens(lan)
    lan.skips()
    await lan.presses("Viết câu trả lời")
    lan.skips()
    for wrong, told in (
        ("ngắn", "ít nhất 10 ký tự"),
        ("x" * 151, "151 ký tự"),
        ("Gọi số *** được không?", "thông tin cá nhân"),
        (taken.lower(), f"Câu «{taken}» đã có đúng cách hỏi này"),
    ):
        await lan.says(wrong)
        lan.reads("Câu hỏi tiếng Việt", told, f"Anh/Chị đã gõ:\n{wrong}")
    await lan.sends_file("a.pdf", "application/pdf", 10)
    lan.reads("không nhận tệp")
    await lan.says(BALCONY)
    lan.skips()
    for wrong, told in (
        ("II.9", "Kế hoạch không có mục II.9"),
        ("ở đâu đó", "không phải là mục của Kế hoạch"),
        ("y" * 201, "201 ký tự"),
    ):
        await lan.says(wrong)
        lan.reads("Nguồn", told)
    await lan.says("II.2.b")
    lan.skips()
    for wrong, told in (
        ("Chỉ tiêu là 70-85%.", "Con số 85 không có trong nội dung mà trợ lý ảo lưu của mục II.2.b của Kế hoạch"),
        ("Chỉ tiêu là 999 trên 1000.", "Con số 999, 1000"),
        ("Dài " * 80, "hiện có 319 ký tự; tối đa 280 ký tự"),
        ("Đoạn đầu tiên.\n" + "x" * 2000, "tối đa 2.000 ký tự"),
        ("Ngắn", "ít nhất 10 ký tự"),
    ):
        await lan.says(wrong)
        lan.reads("Câu trả lời tiếng Việt", told, "Anh/Chị đã gõ:")
    await lan.says("Xem mục II.2.b và III.3.đ: 70-80%.")
    lan.reads("Câu hỏi tiếng Anh")
    await lan.says(QUESTION_EN)
    lan.skips()
    await lan.says("The target is 70-80%.")
    lan.skips()
    await lan.says("Sở nào đó")
    lan.reads("Cơ quan hỏi thêm")
    await lan.sends_press("answer:agency:so-khong-co")
    lan.reads("chọn một trong các cơ quan")
    await lan.presses("Sở Công Thương")
    lan.skips()
    for wrong, told in (
        ("mai", "Đó không phải là ngày"),
        ("31/02/2027", "Đó không phải là ngày"),
        ("22/11/2026", "đã qua"),
        ("31/12/2099", "quá xa"),
    ):
        await lan.says(wrong)
        lan.reads("Hiệu lực đến", told)
    await lan.says("31/12/2028")
    while lan.unread:
        lan.reads()
    await lan.presses("Sửa nội dung")
    lan.reads("sửa phần nào")
    await lan.presses("Nguồn")
    lan.reads("Nguồn hiện có: II.2.b")
    await lan.says("V.3")  # which knows no 70 and 80
    lan.reads("Câu trả lời tiếng Việt", "Con số 70, 80", "mục V.3")
    await lan.says("Xem mục V.3.")
    lan.reads("Câu trả lời tiếng Anh")


async def test_a_document_as_the_source(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an, wish=True)
    await opens(lan)
    lan.skips()
    await lan.presses("Viết câu trả lời")
    lan.skips()
    await lan.presses("Giữ nội dung này")
    lan.skips()
    await lan.says("Luật Trồng trọt số 31/2018/QH14")
    lan.reads("Tên văn bản bằng tiếng Anh")
    await lan.presses("Quay lại")
    lan.reads("Nguồn hiện có: Luật Trồng trọt")
    await lan.presses("Giữ nguồn này")
    lan.skips()
    await lan.says("Crop Law No. 31/2018/QH14")
    lan.skips()
    await lan.says("Luật số 32/2018/QH14 quy định.")
    lan.reads("Con số 32", "«Luật Trồng trọt số 31/2018/QH14»")
    await lan.says("Luật số 31/2018/QH14 quy định.")
    lan.skips()
    await lan.says(QUESTION_EN)
    lan.skips()
    await lan.says("See Law No. 31/2018/QH14.")
    lan.skips()
    await lan.says("1")
    lan.skips()
    await lan.presses("31/12/2030")
    lan.skips()
    await lan.presses("Gửi duyệt")
    lan.skips()
    await hoa.sends_press("proposal:approve:1")
    hoa.skips()
    await town.deliver()
    hoa.skips()
    lan.skips()
    assert an.reads("Luật số 31/2018").footnote == "Nguồn: Luật Trồng trọt số 31/2018/QH14"


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


async def test_who_has_no_second_editor_is_told_how_to_get_one(town: Town) -> None:
    an, lan = await citizen(town, "An"), await editor(town, "Lan")
    await asks(an)
    await writes(lan)
    await lan.presses("Gửi duyệt")
    lan.reads("chưa có ai có thể duyệt", "python -m bot invite --role editor")
    hoa = await editor(town, "Hoa")
    await hoa.says("/menu")
    hoa.reads()
    await hoa.presses("Chờ duyệt")
    hoa.reads("Các đề xuất sau", buttons=[f"1. {BALCONY}", LIST, "Menu"])
    await hoa.says("1")
    hoa.reads("Đề xuất số 1", buttons=["Phê duyệt", "Từ chối", "Chờ duyệt", "Menu"])


async def test_what_no_longer_fits_can_only_be_rejected(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an)
    await proposes(town, lan)
    hoa.skips()
    async with town.database.reading() as connection:
        proposal = await faq_changes.find(connection, 1)
    assert proposal is not None
    assert isinstance(proposal.change, NewEntry)
    town.clock.set("2031-01-01T09:00+07:00")
    await hoa.presses("Phê duyệt")
    hoa.reads("hết hiệu lực từ", "chỉ có thể từ chối")
    town.clock.set("2026-11-24T09:00+07:00")
    async with town.database.transaction() as connection:
        content = {"entry": proposal.change.entry.model_dump(mode="json") | {"agency": "so-da-giai-the"}}
        await connection.execute(update(FaqChange).values(content=content))
    await hoa.presses("Phê duyệt")
    hoa.reads("Cơ quan nêu trong đề xuất không còn")
    async with town.database.transaction() as connection:
        await connection.execute(update(FaqChange).values(content={"entry": {"id": "?"}}))
    await hoa.presses("Phê duyệt")
    hoa.reads("chỉ có thể từ chối", "Không còn hiển thị được")


@pytest.mark.parametrize("role", [None, Role.VIEWER])
async def test_others_see_and_change_nothing(town: Town, role: Role | None) -> None:
    an, lan, eve = await citizen(town, "An"), await editor(town, "Lan"), await citizen(town, "Eve", language="en")
    if role:
        eve = await employ(town, "Eve", role)
    await asks(an)
    await proposes(town, lan)
    for forged in FORGED:
        await eve.sends_press(forged)
        eve.reads("Only editors can change the answers", buttons=["Menu"])
    await eve.says("/menu")
    labels = [button.label for button in flat(eve.reads())]
    assert "Unanswered questions" not in labels
    assert await groups(town) == [(BALCONY, 1, "proposed")]


@pytest.mark.parametrize("press", STALE)
async def test_forged_and_stale_presses_of_editors_get_a_sentence(town: Town, press: str) -> None:
    an, lan = await citizen(town, "An"), await editor(town, "Lan")
    await asks(an)
    await editors.gather(town)
    await lan.sends_press(press)
    assert len(lan.unread) == 1
    assert "gặp lỗi" not in lan.reads().plain
    assert await groups(town) == [(BALCONY, 1, "open")]


async def test_a_button_of_an_earlier_preview_sends_nothing(town: Town) -> None:
    an, lan = await citizen(town, "An"), await editor(town, "Lan")
    await asks(an)
    await writes(lan)
    earlier = flat(lan._received[-1].reply)[0].press
    await lan.presses("Sửa nội dung")
    lan.skips()
    await lan.presses("Câu hỏi tiếng Việt")
    lan.skips()
    await lan.says("Một câu hỏi khác hẳn về ban công?")
    lan.skips()
    await lan.sends_press(earlier)
    lan.reads()
    lan.reads()
    lan.reads("Xem trước", "thuộc bước trước")
    async with town.database.reading() as connection:
        assert await connection.scalar(select(func.count()).select_from(FaqChange)) == 0


async def test_who_is_no_editor_any_more_loses_the_dialog(town: Town) -> None:
    an, lan = await citizen(town, "An"), await editor(town, "Lan")
    await asks(an)
    await opens(lan)
    lan.skips()
    await lan.presses("Viết câu trả lời")
    lan.skips()
    async with town.database.transaction() as connection:
        await connection.execute(
            update(Contact).where(Contact.id == await editors.contact_of(town, lan)).values(role=None)
        )
    await lan.says(BALCONY)
    lan.reads("Chỉ biên tập viên")
    await lan.says("/huy")
    lan.reads("Không có việc gì đang dở")


async def test_rejecting_gives_back_what_one_was_doing(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an)
    await asks(an, "May one keep dogs in an apartment building?")
    await proposes(town, lan)
    hoa.skips()
    await opens(hoa, DOGS)
    hoa.skips()
    await hoa.presses("Viết câu trả lời")
    hoa.skips()
    await hoa.sends_press("proposal:reject:1")
    hoa.skips()
    await hoa.says("Nguồn chưa đúng.")
    hoa.reads("đã từ chối", "việc đang dở")
    await hoa.says("Có được nuôi chó trong chung cư không?")
    hoa.reads("Nguồn")
    await town.deliver()
    lan.skips()


async def test_hostile_text_stays_text(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    nasty = "<b>{title}</b> %s '; DROP TABLE question; --\u202e trồng rau thủy canh ban công"
    await an.says(nasty)
    an.skips()
    await lan.sends_press("unanswered:page:0")
    listed = lan.reads()
    assert "gặp lỗi" not in listed.plain
    await lan.sends_press("unanswered:show:1")
    lan.reads("{title}", "DROP TABLE")
    await lan.presses("Viết câu trả lời")
    lan.skips()
    await lan.says("<i>{x}</i> hỏi gì %d?")
    lan.skips()
    await lan.says("II.2.b")
    lan.skips()
    await lan.says('<script>alert()</script> {y}\n- {ý} \\ "')
    lan.skips()
    await lan.says("<i>{x}</i> asks what %d?")
    lan.skips()
    await lan.says("{y} %s and so on")
    lan.skips()
    await lan.presses("Sở Công Thương")
    lan.skips()
    await lan.presses("31/12/2030")
    lan.reads("<script>alert()</script> {y}")
    lan.skips()
    await lan.presses("Gửi duyệt")
    lan.skips()
    await town.deliver()
    hoa.reads("<script>alert()</script> {y}", "{ý}")
    await hoa.presses("Phê duyệt")
    hoa.skips()
    await town.deliver()
    lan.skips()
    await town.conversation.knowledge.refresh(town.database)
    await an.says("<i>{x}</i> hỏi gì %d?")
    an.skips()


async def test_a_restart_between_proposal_and_approval(town: Town) -> None:
    an, lan, hoa = await citizen(town, "An"), await editor(town, "Lan"), await editor(town, "Hoa")
    await asks(an, wish=True)
    await proposes(town, lan)
    hoa.skips()
    restarted = replace(await second_process(town), people=town.people)
    for person in (an, lan, hoa):
        person.town = restarted
    await hoa.presses("Phê duyệt")
    hoa.skips()
    await restarted.deliver()
    await town.deliver()
    an.reads(SHORT_VI)
    lan.skips()
