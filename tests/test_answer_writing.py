"""Writing an answer in the chat: every step, what is refused, who may, and what survives a restart."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from bot.db.models.learning import FaqChange
from bot.db.models.people import Contact
from bot.messages import Role
from tests import editors, sample_files
from tests.chat import Town, flat
from tests.editors import (
    ANSWER_VI,
    BALCONY,
    LIST,
    QUESTION_EN,
    asks,
    citizen,
    editor,
    groups,
    label,
    opens,
    proposes,
    second_process,
    writes,
)
from tests.reporting import employ
from tests.ticketing import contact_of

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
    await lan.sends_file("a.pdf", sample_files.PDF)
    lan.reads("không nhận tệp")
    await lan.says(BALCONY)
    lan.skips()
    for wrong, told in (
        ("II.9", "Kế hoạch không có mục II.9"),
        ("ở đâu đó", "không phải là mục của Kế hoạch"),
        ("Trồng cây gì trên ban công năm 2026?", "không phải là mục của Kế hoạch"),
        ("Quyết định của Thủ tướng về việc này", "không phải là mục của Kế hoạch"),
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
        ("The plan does not deal with this.", "có vẻ không phải tiếng Việt"),
    ):
        await lan.says(wrong)
        lan.reads("Câu trả lời tiếng Việt", told, "Anh/Chị đã gõ:")
    await lan.says("Xem mục II.2.b và III.3.đ: 70-80%.")
    lan.reads("Câu hỏi tiếng Anh")
    await lan.says(QUESTION_EN)
    lan.skips()
    await lan.says("Kế hoạch không quy định việc này.")
    lan.reads("có vẻ không phải tiếng Anh", "Anh/Chị đã gõ:")
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
        await connection.execute(update(Contact).where(Contact.id == await contact_of(town, lan)).values(role=None))
    await lan.says(BALCONY)
    lan.reads("Chỉ biên tập viên")
    await lan.says("/huy")
    lan.reads("Không có việc gì đang dở")


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
    await lan.says('<script>alert()</script> {y} là câu trả lời của cán bộ\n- {ý} \\ "')
    lan.skips()
    await lan.says("<i>{x}</i> asks what %d?")
    lan.skips()
    await lan.says("{y} %s is the answer of the officer")
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
