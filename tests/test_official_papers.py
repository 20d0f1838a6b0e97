"""Official papers are laid out as Decree 30/2020/NĐ-CP, Appendix I, asks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as Paper
from docx.oxml.ns import qn

from bot.services.papers import decree_30, issuers, typesetting
from content.model import Content

NOW = datetime(2026, 12, 7, tzinfo=UTC)


def paper(known: Content, agency: str, day: date | None = None) -> Paper:
    issuer = issuers.issuer(known.agencies[agency])
    document = decree_30.new("Báo cáo", made_at=NOW)
    decree_30.head(document, issuer, kind="BC", day=day, year=2026)
    decree_30.title(document, "Báo cáo", "Kết quả thực hiện Kế hoạch năm 2026")
    decree_30.addressed_to(document, ["Sở Công Thương"])
    decree_30.legal_bases(document, ["Căn cứ Kế hoạch số 50/KH-UBND", "Căn cứ Nghị định số 09/2019/NĐ-CP;"])
    decree_30.heading(document, "I. CHỈ ĐẠO, TRIỂN KHAI")
    decree_30.body(document, "Một.\nHai.")
    decree_30.table(document, "Bảng 1", ["STT", "Chỉ tiêu"], [["1", "Số lớp"]], [15, 100])
    decree_30.foot(document, issuer, ["Như trên", "Lưu: VT"])
    return Document(BytesIO(typesetting.content_of(document)))


def cell(document: Paper, table: int, column: int) -> list[str]:
    return [each.text for each in document.tables[table].rows[0].cells[column].paragraphs if each.text]


def test_the_page(known: Content) -> None:
    document = paper(known, "so-cong-thuong")
    section = document.sections[0]
    sizes = (
        section.page_width, section.page_height,
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin,
    )  # fmt: skip
    width, height, top, bottom, left, right = (round(each.mm) for each in sizes if each is not None)
    assert (width, height) == (210, 297)
    assert 20 <= top <= 25
    assert 20 <= bottom <= 25
    assert 30 <= left <= 35
    assert 15 <= right <= 20
    assert section.different_first_page_header_footer
    assert not "".join(each.text for each in section.first_page_header.paragraphs)
    number = section.header.paragraphs[0]
    assert number.alignment == typesetting.CENTER
    assert "PAGE" in number.runs[0].font.element.xml
    for style in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
        fonts = document.styles[style].element.rPr.rFonts
        assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
        assert not [name for name in fonts.attrib if name.endswith("Theme")]


@pytest.mark.parametrize(
    "agency, issuing, bold, number, dated, signs",
    [
        ("so-cong-thuong", ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ HÀ NỘI", "SỞ CÔNG THƯƠNG"], [False, False, True],
         "Số: ……/BC-SCT", "Hà Nội, ngày … tháng … năm 2026", ["GIÁM ĐỐC"]),
        ("phuong-ba-dinh", ["ỦY BAN NHÂN DÂN", "PHƯỜNG BA ĐÌNH"], [True, True],
         "Số: ……/BC-UBND", "Ba Đình, ngày … tháng … năm 2026", ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]),
        ("xa-tran-phu", ["ỦY BAN NHÂN DÂN", "XÃ TRẦN PHÚ"], [True, True],
         "Số: ……/BC-UBND", "Xã Trần Phú, ngày … tháng … năm 2026", ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]),
    ],
)  # fmt: skip
def test_head_and_foot_of_each_kind_of_agency(
    known: Content, agency: str, issuing: list[str], bold: list[bool], number: str, dated: str, signs: list[str]
) -> None:
    document = paper(known, agency)
    assert cell(document, 0, 0) == issuing
    left = document.tables[0].rows[0].cells[0].paragraphs
    assert [each.runs[0].bold for each in left if each.text] == bold
    assert cell(document, 0, 1) == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert cell(document, 1, 0) == [number]
    assert cell(document, 1, 1) == [dated]
    assert document.tables[1].rows[0].cells[1].paragraphs[0].runs[0].italic
    assert cell(document, 3, 0) == ["Nơi nhận:", "- Như trên;", "- Lưu: VT."]
    assert cell(document, 3, 1) == signs


@pytest.mark.parametrize(
    "day, said",
    [
        (date(2027, 1, 5), "ngày 05 tháng 01 năm 2027"),
        (date(2027, 2, 28), "ngày 28 tháng 02 năm 2027"),
        (date(2027, 3, 9), "ngày 09 tháng 3 năm 2027"),
        (date(2026, 12, 16), "ngày 16 tháng 12 năm 2026"),
    ],
)
def test_zeros_lead_days_below_ten_and_the_first_two_months(day: date, said: str) -> None:
    assert decree_30.place_and_date("Hà Nội", day, day.year) == f"Hà Nội, {said}"


def test_title_bases_and_headings(known: Content) -> None:
    document = paper(known, "phuong-ba-dinh")
    words = [each.text for each in document.paragraphs if each.text]
    assert words == [
        "BÁO CÁO",
        "Kết quả thực hiện Kế hoạch năm 2026",
        "Kính gửi: Sở Công Thương",
        "Căn cứ Kế hoạch số 50/KH-UBND;",
        "Căn cứ Nghị định số 09/2019/NĐ-CP.",
        "I. CHỈ ĐẠO, TRIỂN KHAI",
        "Một.",
        "Hai.",
        "Bảng 1",
    ]
    by_text = {each.text: each for each in document.paragraphs}
    assert by_text["Căn cứ Kế hoạch số 50/KH-UBND;"].runs[0].italic
    assert [each.text for each in document.paragraphs if each.style == document.styles["Heading 1"]] == [
        "I. CHỈ ĐẠO, TRIỂN KHAI"
    ]
    indent = by_text["Một."].paragraph_format.first_line_indent
    assert indent is not None
    assert round(indent.mm, 1) == 12.7
    assert by_text["Một."].alignment == typesetting.JUSTIFIED
