"""Reports written in the Word form and the workbook: they go out, come back, and are taken over."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from docx import Document

from bot.messages import Reply
from bot.services.handing_in import report_drafts
from tests.chat import PersonInTown, Town
from tests.handing_in import contact_id, draft_of, hand_in, last_year, newest_obligation, write
from tests.reporting import appoint, plan
from tests.sample_files import PDF, docx, xlsx

AFTER = ["Gửi tệp khác", "Quay lại báo cáo"]


async def writing(town: Town, name: str = "Lan", *, language: str = "vi") -> tuple[PersonInTown, int]:
    """The holder of Ba Đình on 10 December and the number of the report that is due."""
    town.clock.set("2026-12-10T09:00+07:00")
    person = await appoint(town, name, language=language)
    await plan(town)
    return person, await newest_obligation(town)


async def form(town: Town, person: PersonInTown, number: int, kind: str) -> bytes:
    """A form, as its press brings it."""
    await person.sends_press(f"paper:{kind}:{number}")
    return content_of(town, person.reads("rồi gửi" if person.language == "vi" else "then send"))


def content_of(town: Town, reply: Reply) -> bytes:
    assert reply.attachment is not None
    return (town.files / reply.attachment.path).read_bytes()


def filled(content: bytes, **cells: dict[str, Any]) -> bytes:
    """The workbook with these cells entered, by a word of the sheet's name."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for word, values in cells.items():
        sheet = next(each for each in book.worksheets if word in each.title.lower().split())
        for cell, value in values.items():
            sheet[cell] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def written(content: bytes, change: Callable[[Any], None]) -> bytes:
    document = Document(io.BytesIO(content))
    change(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def some_workbook() -> bytes:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def some_document() -> bytes:
    buffer = io.BytesIO()
    document = Document()
    document.add_paragraph("Kính gửi các đồng chí")
    document.save(buffer)
    return buffer.getvalue()


def under(document: Any, heading: str, text: str) -> None:
    """Replace the dots below a heading."""
    paragraphs = iter(document.paragraphs)
    next(each for each in paragraphs if heading in each.text)
    next(each for each in paragraphs if each.text.startswith("……")).text = text


async def test_the_workbook_goes_out_and_comes_back(town: Town) -> None:
    lan, number = await writing(town)
    await last_year(town, {"participants": 100, "classes": 5})
    await lan.sends_press(f"report:open:{number}")
    lan.reads("Báo cáo hằng năm")
    await lan.presses("Biểu mẫu Word, Excel")
    lan.reads(
        "Nghị định số 30/2020/NĐ-CP",
        "mặc định, chờ xác nhận",
        buttons=["Mẫu Word", "Bảng Excel", "Gửi tệp đã điền", "Trả lời trong khung chat", "Tất cả báo cáo"],
    )
    await lan.presses("Bảng Excel")
    reply = lan.reads(
        "bang-so-lieu-ba-dinh-2026-12-14.xlsx", "ô màu vàng", buttons=["Gửi tệp đã điền", "Quay lại báo cáo"]
    )
    book = content_of(town, reply)
    sheet = openpyxl.load_workbook(io.BytesIO(book))["Đào tạo, tập huấn"]
    assert [cell.value for cell in sheet["D"]][5:7] == [5, 100]

    # Typed words are no file.
    await lan.says("xong rồi")
    lan.reads("Ở bước này cần một tệp", buttons=["Tải biểu mẫu", "Quay lại báo cáo"])

    back = filled(book, đào={"E6": 6, "E7": 15}, phí={"E6": "1,2 tỷ", "E7": "không rõ"})
    await lan.sends_file("so-lieu.xlsx", back)
    lan.reads(
        "Từ tệp «so-lieu.xlsx»",
        "Ủy ban nhân dân phường Ba Đình",
        "1 chỗ cần sửa, tạm thời chưa chép:\n- Trang «Kinh phí», ô E7: «không rõ».",
        "- Lớp đào tạo, tập huấn đã tổ chức: 6 lớp\n- Lượt người tham dự: 15 lượt người\n"
        "- Kinh phí từ ngân sách nhà nước đã sử dụng: 1.200.000.000 đồng",
        "nghĩa là Anh/Chị xác nhận các số sau là đúng:\n- Lượt người tham dự: Giảm 85% so với kỳ trước",
        buttons=["Chép phần đúng", *AFTER],
    )
    assert (await draft_of(town, lan, number)).figures == {}
    await lan.presses("Chép phần đúng")
    lan.reads("Đã chép 3 nội dung vào báo cáo.", "Lớp đào tạo, tập huấn đã tổ chức: 6 lớp")
    draft = await draft_of(town, lan, number)
    assert draft.figures == {"classes": 6, "participants": 15, "budget": 1_200_000_000}
    assert draft.sure == ("participants",)

    # A second press of the same button changes nothing.
    await lan.presses("Chép phần đúng")
    lan.reads("Tệp này đã được chép vào báo cáo")
    assert (await draft_of(town, lan, number)).revision == draft.revision


async def test_the_word_form_goes_out_and_comes_back_while_answering(town: Town) -> None:
    lan, number = await writing(town)
    book = await form(town, lan, number, "docx")

    def change(document: Any) -> None:
        under(document, "CÔNG TÁC CHỈ ĐẠO", "Đã ban hành Kế hoạch số 12/KH-UBND.")
        under(document, "KHÓ KHĂN", "Kinh phí còn hạn chế.")
        table = next(
            each for each in document.tables if len(each.rows) > 1 and "Lớp đào tạo" in each.rows[1].cells[1].text
        )
        table.rows[1].cells[4].text = "6"

    back = written(book, change)
    await lan.sends_press(f"hand:begin:{number}")
    lan.reads("Câu 1/27")
    await lan.sends_file("bao-cao.docx", back)
    lan.reads(
        "Số liệu:\n- Lớp đào tạo, tập huấn đã tổ chức: 6 lớp",
        "Nội dung:\n- Công tác chỉ đạo, triển khai: «Đã ban hành Kế hoạch số 12/KH-UBND.»\n"
        "- Khó khăn, vướng mắc và nguyên nhân: «Kinh phí còn hạn chế.»",
        buttons=["Chép vào báo cáo", *AFTER],
    )
    await lan.says("1")
    lan.reads("Đã chép 3 nội dung vào báo cáo.")
    draft = await draft_of(town, lan, number)
    assert draft.parts == {
        "direction": "Đã ban hành Kế hoạch số 12/KH-UBND.",
        "problems": "Kinh phí còn hạn chế.",
    }

    # What was taken over stands in the next form; the same file again brings nothing.
    text = "\n".join(each.text for each in Document(io.BytesIO(await form(town, lan, number, "docx"))).paragraphs)
    assert "Kinh phí còn hạn chế." in text
    await lan.sends_file("bao-cao.docx", back)
    lan.reads("3 nội dung đã có sẵn trong bản nháp.", "không có gì để chép", buttons=AFTER)


async def test_what_a_colleague_changed_since_stays(town: Town) -> None:
    lan, number = await writing(town)
    minh = await appoint(town, "Minh", focal_role="deputy", language="vi")
    back = filled(await form(town, lan, number, "xlsx"), đào={"E6": 6, "E7": 50})
    await lan.sends_file("so-lieu.xlsx", back)
    lan.reads("6 lớp")
    async with town.database.transaction() as connection:
        who = await contact_id(town, minh)
        await report_drafts.save_figures(connection, number, who, {"classes": 9}, now=town.clock())
    await lan.presses("Chép vào báo cáo")
    lan.reads("Đã chép 1 nội dung vào báo cáo.", "giữ nguyên: «Lớp đào tạo, tập huấn đã tổ chức».")
    assert (await draft_of(town, lan, number)).figures == {"classes": 9, "participants": 50}

    # Seen once more, the difference is shown and can be chosen.
    await lan.sends_press(f"paper:send:{number}")
    lan.reads("Anh/Chị gửi biểu mẫu Word hoặc Excel đã điền")
    await lan.sends_file("so-lieu.xlsx", back)
    lan.reads("6 lớp (bản nháp hiện có: 9 lớp)")
    await lan.presses("Quay lại báo cáo")
    lan.reads("9 lớp")
    assert (await draft_of(town, lan, number)).figures["classes"] == 9


async def test_an_older_preview_takes_nothing_over(town: Town) -> None:
    lan, number = await writing(town)
    book = await form(town, lan, number, "xlsx")
    await lan.sends_file("a.xlsx", filled(book, đào={"E6": 6}))
    older = lan.reads("6 lớp").buttons[0][0].press
    await lan.sends_file("b.xlsx", filled(book, đào={"E6": 7}))
    lan.reads("7 lớp")
    await lan.sends_press(older)
    lan.reads("hoặc đã có tệp khác được gửi sau đó")
    assert (await draft_of(town, lan, number)).revision == 0


async def test_forms_of_others_and_files_of_other_kinds(town: Town) -> None:
    lan, number = await writing(town)
    khoa = await appoint(town, "Khoa", "so-khoa-hoc-va-cong-nghe", language="vi")
    theirs = await newest_obligation(town, "so-khoa-hoc-va-cong-nghe")
    plan_ = await newest_obligation(town, duty="yearly-implementation-plan")
    foreign = await form(town, khoa, theirs, "xlsx")
    other = await form(town, lan, plan_, "xlsx")
    await lan.sends_press(f"paper:send:{number}")
    lan.reads("Anh/Chị gửi biểu mẫu")
    for name, content, said in (
        ("a.xlsx", foreign, "cơ quan khác: Sở Khoa học và Công nghệ"),
        ("b.xlsx", other, "chế độ báo cáo khác: Kế hoạch hằng năm"),
        ("c.xlsx", some_workbook(), "không phải bảng số liệu của báo cáo này"),
        ("d.docx", some_document(), "Chưa có gì để chép"),
        ("d2.docx", docx(), "Không mở được tệp"),
        ("e.pdf", PDF, "«e.pdf» không phải mẫu Word hay bảng Excel"),
        ("f.xlsx", xlsx({"xl/vbaProject.bin": b"x"}), "macro"),
        ("g.xlsx", b"PK\x03\x04 broken", "hỏng"),
    ):
        await lan.sends_file(name, content)
        lan.reads(said, "Anh/Chị gửi biểu mẫu Word hoặc Excel đã điền", buttons=["Tải biểu mẫu", "Quay lại báo cáo"])
    assert (await draft_of(town, lan, number)).revision == 0

    # Somebody else's report, by a forged press.
    for press in ("forms", "docx", "xlsx", "send", "back"):
        await khoa.sends_press(f"paper:{press}:{number}")
        khoa.reads("cơ quan mà Anh/Chị không phụ trách")
    await khoa.sends_press(f"paper:yes:{number}:00000000")
    khoa.reads("cơ quan mà Anh/Chị không phụ trách")


async def test_many_mistakes_come_as_a_list(town: Town) -> None:
    lan, number = await writing(town)
    rows = {f"{column}{row}": "?" for row in range(11, 16) for column in "BD"}
    back = filled(await form(town, lan, number, "xlsx"), doanh=rows)
    await lan.sends_file("so-lieu.xlsx", back)
    reply = lan.reads("10 chỗ cần sửa", "ô B11", "Tệp kèm theo ghi đủ", buttons=AFTER)
    sheet = openpyxl.load_workbook(io.BytesIO(content_of(town, reply))).active
    assert sheet is not None
    assert sheet.max_row == 11
    assert sheet["B2"].value == "Doanh nghiệp và dự án công, B11"


async def test_what_was_handed_in_is_not_written_over(town: Town) -> None:
    lan, number = await writing(town)
    back = filled(await form(town, lan, number, "xlsx"), đào={"E6": 6})
    await lan.sends_file("so-lieu.xlsx", back)
    lan.reads("6 lớp")
    await write(town, lan, number)
    await hand_in(town, lan, number)
    lan.skips()
    await lan.presses("Chép vào báo cáo")
    lan.reads("đã được ghi nhận là đã nộp")


async def test_leaving_a_form_and_going_on_elsewhere(town: Town) -> None:
    lan, number = await writing(town)
    await form(town, lan, number, "xlsx")
    await lan.says("/huy")
    lan.reads("Chưa chép gì từ tệp.")
    await form(town, lan, number, "xlsx")
    await lan.says("/trogiup")
    lan.skips()
    await lan.says("/baocao")
    lan.reads("phường Ba Đình")
    await lan.sends_file("so-lieu.xlsx", xlsx())
    reply = lan.reads("của báo cáo nào", "gửi lại tệp")
    assert reply.buttons[0][0].press == f"paper:send:{number}"
    await lan.sends_file("anh.pdf", PDF)
    lan.reads("Lúc này hệ thống chưa cần tệp")
    stranger = town.person("Bình")
    await stranger.sends_file("so-lieu.xlsx", xlsx())
    stranger.reads("Lúc này hệ thống chưa cần tệp")
    assert (await draft_of(town, lan, number)).revision == 0


async def test_in_english(town: Town) -> None:
    lan, number = await writing(town, language="en")
    await lan.sends_press(f"paper:forms:{number}")
    lan.reads("Decree No. 30/2020/NĐ-CP", buttons=[
        "Word form", "Excel workbook", "Send a filled-in form", "Answer in the chat", "All reports"])  # fmt: skip
    back = filled(await form(town, lan, number, "xlsx"), đào={"E6": 6, "E7": "=1+1"})
    await lan.sends_file("figures.xlsx", back)
    lan.reads(
        "From the file «figures.xlsx»",
        "1 place has to be put right, and is left out until then:\n"
        "- Sheet «Đào tạo, tập huấn», cell E7: a formula stands here.",
        "Training classes held: 6 classes",
        "What the form leaves empty stays as it is.",
        buttons=["Take over what is right", "Send another file", "Back to the report"],
    )
    await lan.presses("Take over what is right")
    lan.reads("1 answer was taken over.")


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
async def test_a_form_sent_as_the_signed_report_is_kept_as_a_file(town: Town, kind: str) -> None:
    lan, number = await writing(town)
    content = await form(town, lan, number, kind)
    await write(town, lan, number)
    await lan.sends_press(f"hand:begin:{number}")
    lan.skips()
    await lan.presses("Sửa câu trả lời")
    lan.skips()
    await lan.says("24")
    lan.reads("Câu 24/27: Báo cáo đã ký")
    await lan.sends_file(f"da-ky.{kind}", content)
    lan.reads(f"Đã lưu: «da-ky.{kind}»")
