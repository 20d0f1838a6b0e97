"""The Word form of a report: what it says, and what is read from it when it comes back."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.parser import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n import Translator, Translators
from bot.services.duties.windows import Period
from bot.services.filled_forms import paper_reading
from bot.services.filled_forms.office_parts import Unusable, UnusableFile
from bot.services.filled_forms.readings import Reading, Remark, Trouble
from bot.services.report_forms import report_paper
from bot.services.report_forms.blanks import Blank, outline
from content.duty_model import Duty
from content.model import Content

NOW = datetime(2026, 12, 7, tzinfo=UTC)
PARTS = {
    "direction": "Đã ban hành Kế hoạch số 12/KH-UBND.\n- Phân công 3 phòng; theo dõi hằng tháng.",
    "task_1": "Không phát sinh.",
    "problems": "Kinh phí thực hiện còn ít.\nI. Chưa có hướng dẫn.",
}
FIGURES = {
    "own_plan": "issued",
    "documents": 3,
    "enterprises_total": 1234,
    "projects": [{"name": "Nhà máy A", "stage": "Đang xây", "capital": 120_000_000_000}, {"name": "Trạm B"}],
    "classes": 0,
    "budget": 1_250_000_000,
}


@dataclass(frozen=True, repr=False)
class Forms:
    duty: Duty
    blank: Blank
    t: Translator

    def made(self, parts: dict[str, Any] | None = None, figures: dict[str, Any] | None = None) -> bytes:
        return report_paper.make(replace(self.blank, parts=parts or {}, figures=figures or {}), self.t, made_at=NOW)

    def read(self, content: bytes) -> Reading:
        return paper_reading.read(*paper_reading.open_file(content), self.duty)


@pytest.fixture(scope="session")
def forms(known: Content, translators: Translators) -> Forms:
    duty = known.duties["yearly-report-to-sct"]
    agency = known.agencies["so-khoa-hoc-va-cong-nghe"]
    period = Period(date(2025, 12, 15), date(2026, 12, 14))
    tasks = (*agency.duties, *known.everyone)
    blank = Blank(duty, agency, tasks, ("Sở Công Thương",), period, date(2026, 12, 16), {}, {}, {"classes": 10})
    return Forms(duty, blank, translators.vi)


def words(content: bytes) -> list[str]:
    return [each.text for each in Document(io.BytesIO(content)).paragraphs if each.text]


def changed(content: bytes, change: Callable[[Any], None]) -> bytes:
    document = Document(io.BytesIO(content))
    change(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def test_what_the_form_says(forms: Forms) -> None:
    said = words(forms.made())
    assert said[:7] == [
        "BÁO CÁO",
        "Kết quả thực hiện Kế hoạch số 50/KH-UBND ngày 04/02/2026 của Ủy ban nhân dân thành phố Hà Nội năm 2026",
        "Kính gửi: Sở Công Thương",
        "Căn cứ Kế hoạch số 50/KH-UBND ngày 04/02/2026 của Ủy ban nhân dân thành phố Hà Nội thực hiện Chương trình "
        "phát triển ngành công nghiệp môi trường Việt Nam giai đoạn 2025-2030 của thành phố Hà Nội;",
        "Căn cứ chế độ báo cáo: Kế hoạch số 50/KH-UBND ngày 04/02/2026, mục V.1 (báo cáo hằng năm); kỳ số liệu theo "
        "Nghị định số 09/2019/NĐ-CP.",
        "[Gợi ý: Kế hoạch không quy định biểu mẫu; đề cương, số liệu dưới đây là mặc định, chờ xác nhận. Các dòng "
        "trong ngoặc vuông là gợi ý, Anh/Chị xóa trước khi ký.]",
        "Sở Khoa học và Công nghệ báo cáo kết quả thực hiện Kế hoạch số 50/KH-UBND ngày 04/02/2026 của Ủy ban nhân dân "
        "thành phố Hà Nội năm 2026 (kỳ số liệu từ ngày 15/12/2025 đến ngày 14/12/2026) như sau:",
    ]
    assert said[7] == "I. NHIỆM VỤ ĐƯỢC GIAO TẠI MỤC V CỦA KẾ HOẠCH"
    assert said[8].startswith("- Tham mưu ban hành cơ chế khuyến khích")
    assert said[8].endswith("(mục V.3.a).")
    assert any(each.endswith("(mục V.7).") for each in said)
    headings = [each.text for each in outline(forms.duty, first=2)]
    assert [each for each in said if each in headings] == headings
    assert headings[:3] == [
        "II. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI",
        "III. KẾT QUẢ THỰC HIỆN CÁC NHÓM NHIỆM VỤ",
        "1. Hoàn thiện chính sách, thể chế về phát triển công nghiệp môi trường",
    ]
    assert headings[-1] == "VII. KIẾN NGHỊ, ĐỀ XUẤT"
    assert "(Kèm theo Báo cáo số ……/BC-SKHCN ngày … tháng … năm 2026 của Sở Khoa học và Công nghệ)" in said


def test_a_plan_is_titled_and_signed_as_one(forms: Forms, known: Content) -> None:
    plan = known.duties["yearly-implementation-plan"]
    period = Period(date(2027, 1, 1), date(2027, 12, 31))
    content = report_paper.make(replace(forms.blank, duty=plan, period=period), forms.t, made_at=NOW)
    assert words(content)[0] == "KẾ HOẠCH"
    assert words(content)[1].startswith("Triển khai thực hiện Kế hoạch số 50/KH-UBND")
    assert words(content)[1].endswith("năm 2027")
    tables = Document(io.BytesIO(content)).tables
    assert tables[1].rows[0].cells[0].text == "Số: ……/KH-SKHCN"
    assert not any(each.startswith("Kính gửi") for each in words(content))
    assert tables[2].rows[0].cells[0].text == "Nơi nhận:\n- Sở Công Thương (để báo cáo);\n- Lưu: VT."


def test_parts_and_figures_come_back(forms: Forms) -> None:
    reading = forms.read(forms.made(PARTS, FIGURES))
    assert (reading.parts, reading.figures, reading.wrong, reading.remarks) == (PARTS, FIGURES, (), ())
    assert reading.mark == forms.blank.mark


def test_an_untouched_form_says_nothing(forms: Forms) -> None:
    with pytest.raises(UnusableFile) as refused:
        forms.read(forms.made())
    assert refused.value.why is Unusable.NOTHING


lines = st.text("aÂđẾ19 :;.|-(«»[]<&", min_size=1, max_size=40).map(
    lambda each: "Nội dung " + " ".join(each.split())
).map(str.strip)  # fmt: skip
written = st.dictionaries(
    st.sampled_from(["direction", "task_1", "task_5", "funding", "problems", "proposals"]),
    st.lists(lines, min_size=1, max_size=3).map("\n".join),
    min_size=1,
)


@given(parts=written)
@settings(max_examples=8, deadline=None)
def test_whatever_is_written_comes_back_the_same(forms: Forms, parts: dict[str, str]) -> None:
    assert forms.read(forms.made(parts)).parts == parts


def heading(document: Any, title: str) -> Any:
    return next(each for each in document.paragraphs if title in each.text)


def renamed(document: Any) -> None:
    heading(document, "KIẾN NGHỊ").runs[0].text = "VII. Ý KIẾN KHÁC"


def renumbered(document: Any) -> None:
    heading(document, "KHÓ KHĂN").runs[0].text = "5/ Khó khăn, vướng mắc và nguyên nhân:"
    heading(document, "5/ Khó khăn").style = document.styles["Normal"]


def tracked(document: Any) -> None:
    paragraph = heading(document, "Không phát sinh.")
    inserted = OxmlElement("w:ins")
    inserted.append(parse_xml(
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:t> Bổ sung.</w:t></w:r>'
    ))  # fmt: skip
    deleted = parse_xml(
        '<w:del xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:r><w:delText>Bỏ.</w:delText></w:r></w:del>"
    )
    paragraph.paragraph_format.element.append(inserted)
    paragraph.paragraph_format.element.append(deleted)


def with_a_table(document: Any) -> None:
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Phường", "Kết quả"
    paragraph = heading(document, "Không phát sinh.").paragraph_format.element
    paragraph.addnext(table.rows[0].cells[0].paragraphs[0].paragraph_format.element.xpath("ancestor::w:tbl")[0])


@pytest.mark.parametrize(
    "change, parts, remarks",
    [
        (renamed, PARTS,
         ((Remark.NO_SECTION, ("Kiến nghị, đề xuất",)), (Remark.OTHER_HEADING, ("VII. Ý KIẾN KHÁC",)))),
        (renumbered, PARTS, ()),
        (tracked, PARTS | {"task_1": "Không phát sinh. Bổ sung."}, ((Remark.TRACKED, ()),)),
        (with_a_table, PARTS | {"task_1": "Không phát sinh.\nPhường | Kết quả"},
         ((Remark.TABLES, ("Hoàn thiện chính sách, thể chế về phát triển công nghiệp môi trường",)),)),
    ],
)  # fmt: skip
def test_what_people_do_to_the_form(
    forms: Forms, change: Callable[[Any], None], parts: dict[str, str], remarks: tuple[Any, ...]
) -> None:
    reading = forms.read(changed(forms.made(PARTS), change))
    assert (reading.parts, reading.remarks, reading.wrong) == (parts, remarks, ())


def cell(row: str, column: int, text: str) -> Callable[[Any], None]:
    def change(document: Any) -> None:
        for table in document.tables:
            for each in table.rows:
                if row in each.cells[1].text:
                    each.cells[column].text = text
                    return
        raise AssertionError(row)

    return change


@pytest.mark.parametrize(
    "change, figures, wrong",
    [
        (cell("Lớp đào tạo", 4, "12 lớp"), {"classes": 12}, []),
        (cell("Kinh phí từ ngân sách", 4, "1,2 tỷ"), {"budget": 1_200_000_000}, []),
        (cell("Kế hoạch của đơn vị", 4, "đang xây dựng"), {"own_plan": "drafting"}, []),
        (cell("Lớp đào tạo", 4, "khoảng mười"), {},
         [("Đào tạo, tập huấn", "Lớp đào tạo, tập huấn đã tổ chức", "number: characters", "khoảng mười")]),
        (cell("Kinh phí từ ngân sách", 2, "triệu đồng"), {"budget": 5},
         [("Kinh phí", "Kinh phí từ ngân sách nhà nước đã sử dụng", "unit", "triệu đồng")]),
    ],
)  # fmt: skip
def test_figures_in_tables(
    forms: Forms, change: Callable[[Any], None], figures: dict[str, Any], wrong: list[tuple[str, ...]]
) -> None:
    there = {"budget": 5} if wrong and wrong[0][2] == "unit" else {}
    reading = forms.read(changed(forms.made(PARTS, there), change))
    said = [
        (each.place.where, each.place.row,
         each.what.value if isinstance(each.what, Trouble) else each.what.what.value, each.value)
        for each in reading.wrong
    ]  # fmt: skip
    assert said == wrong
    assert reading.figures == ({} if wrong else figures)


def test_a_paper_without_our_mark_says_so(forms: Forms) -> None:
    def bare(document: Any) -> None:
        part = document.part.package
        gone = next(key for key, each in part.rels.items() if each.reltype.endswith("custom-properties"))
        part.rels.pop(gone)

    reading = forms.read(changed(forms.made(PARTS), bare))
    assert (reading.mark, reading.remarks, reading.parts) == (None, ((Remark.UNMARKED, ()),), PARTS)


def test_a_part_that_is_too_long_is_named(forms: Forms) -> None:
    reading = forms.read(forms.made({"direction": "dài " * 6000, "task_1": "Ngắn."}))
    assert reading.parts == {"task_1": "Ngắn."}
    assert [(each.place.where, each.what) for each in reading.wrong] == [
        ("Công tác chỉ đạo, triển khai", Trouble.TOO_LONG)
    ]
