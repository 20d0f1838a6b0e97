"""Lists of participants as files: nothing in an export can run, and an import says all that is wrong first."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.i18n import Translators
from bot.services.applications.statuses import Status
from bot.services.participants import export_cells, import_check, import_columns, import_files
from bot.services.participants.import_check import Checked
from bot.services.participants.participant_rows import Participant
from bot.services.spreadsheets import sent_table, workbook
from bot.services.spreadsheets.sent_table import MOST_BYTES, MOST_ROWS, Unreadable, UnreadableList
from bot.services.spreadsheets.tables import Table
from content.form_model import Form
from content.loader import load
from content.model import Content

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FORM = load().forms["event-registration"]
NUMBER = re.compile(r"-?\d+(,\d+)?")

ATTACKS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "'=1+1",
    "＝1+1",
    '=HYPERLINK("http://evil.vn","x")',
    "=cmd|' /C calc'!A0",
    "a;=1+1",
    "a,=1+1",
    "a\t=1+1",
    '"=1+1',
    'a";=1+1;"',
    "{=1+1}",
    "http://evil.vn",
    "\ufeff=1+1",
    "x\r\n=1+1",
    "_x003D_1+1",
)


def participant(**answers: Any) -> Participant:
    business = str(answers.get("organisation", "Công ty Sông Hồng"))
    return Participant(1, "NC-7K3M-Q4", Status.CONFIRMED, 2, "0100233488", True, business, answers, NOW, NOW)


def exported(translators: Translators, *found: Participant) -> Table:
    return export_cells.applications(FORM, found, translators.vi, {})


def formulas_in_xlsx(content: bytes) -> list[str]:
    book = load_workbook(io.BytesIO(content))
    return [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def looks_like_a_formula(cell: str) -> bool:
    """What a spreadsheet program would run or take for more than a text."""
    if NUMBER.fullmatch(cell) or not cell.strip():
        return False
    return cell.lstrip(" \u00a0\ufeff\u200b\u3000").startswith(
        ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
    )


def cells_as_excel_splits_them(content: bytes) -> list[str]:
    text = content.decode("utf-8-sig")
    return [
        cell
        for separator in ";,"
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        for cell in row
    ]


TYPED = st.one_of(
    st.sampled_from(ATTACKS),
    st.text(max_size=60),
    st.builds(
        str.__add__, st.sampled_from(("=", "+", "-", "@", "\t", "\r", ";=", ",=", '"=', "'=")), st.text(max_size=30)
    ),
)


@settings(max_examples=150, deadline=None)
@given(organisation=TYPED, contact_name=TYPED, email=TYPED, need=TYPED)
def test_nothing_that_anybody_typed_can_run(
    translators: Translators, organisation: str, contact_name: str, email: str, need: str
) -> None:
    table = exported(translators, participant(organisation=organisation, contact_name=contact_name, email=email))
    extra = Table("x", (need, "=1+1"), ((need, contact_name),))
    content = workbook.xlsx([table, extra])
    assert formulas_in_xlsx(content) == []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in sheet or b"<f " in sheet or b"hyperlink" in sheet for sheet in sheets)
    for each in (table, extra):
        assert not [cell for cell in cells_as_excel_splits_them(workbook.csv_file(each)) if looks_like_a_formula(cell)]


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_known_attack_stays_a_text(translators: Translators, attack: str) -> None:
    table = exported(translators, participant(organisation=attack, contact_name=attack))
    assert formulas_in_xlsx(workbook.xlsx([table])) == []
    content = workbook.csv_file(table)
    assert not [cell for cell in cells_as_excel_splits_them(content) if looks_like_a_formula(cell)]
    # What somebody wrote is still there to read.
    row = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))[1]
    assert "1+1" not in attack or "1+1" in row[3]


def test_an_export_is_typed_and_in_vietnamese(translators: Translators) -> None:
    household = Participant(
        2, "NC-2222-22", Status.WAITLISTED, 1, "001234567812", False, "Hộ kinh doanh Lan", {}, NOW, NOW
    )
    doubtful = Participant(3, "NC-3333-33", Status.CONFIRMED, 1, "0100233489", False, "Công ty B", {}, NOW, NOW)
    lan = participant(contact_name="Nguyễn Thị Lan", phone="+84912345678", email="lan@songhong.vn")
    table = exported(translators, lan, household, doubtful)
    sheet = load_workbook(io.BytesIO(workbook.xlsx([table])))["Hồ sơ đăng ký"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == (
        "STT", "Mã hồ sơ", "Trạng thái", "Doanh nghiệp", "Mã số thuế", "Số chỗ",
        *(field.label.vi for field in FORM.fields if field.name not in ("organisation", "tax_code", "seats")),
        "Ngày đăng ký", "Thay đổi gần nhất",
    )  # fmt: skip
    assert rows[1][:6] == (1, "NC-7K3M-Q4", "đã xác nhận chỗ", "Công ty Sông Hồng", "0100233488", 2)
    assert "0912 345 678" in rows[1]
    assert rows[1][-1] == datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - a cell has no zone
    assert rows[2][2:5] == ("trong danh sách chờ", "Hộ kinh doanh Lan", "001•••••••12")
    assert rows[3][4] == "0100233489 (chưa xác minh)"
    text = workbook.csv_file(table)
    assert text.startswith(b'\xef\xbb\xbf"STT";')
    assert b"001234567812" not in text


def test_control_characters_and_very_long_texts_make_a_file_that_opens(translators: Translators) -> None:
    table = Table("x", ("a",), (("\x01\x0b\x1f" + "x" * 40_000,),))
    sheet = load_workbook(io.BytesIO(workbook.xlsx([table])))["x"]
    assert str(sheet["A2"].value).endswith("xxx")
    assert workbook.csv_file(table)


def book_of(*rows: tuple[Any, ...]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def checked(content: bytes, translators: Translators, *, form: Form = FORM, most_seats: int = 3) -> Checked:
    lines = sent_table.read(content)
    columns = import_columns.find(lines, form)
    assert columns is not None
    return import_check.check(lines, columns, form, most_seats=most_seats, today=TODAY, t=translators.vi, agencies={})


@pytest.mark.parametrize(
    "heading",
    [
        ("Tên doanh nghiệp", "Mã số thuế"),
        ("TÊN DOANH NGHIỆP (*)", "MST"),
        ("Đơn vị", "Mã số doanh nghiệp"),
        ("Name of the enterprise", "Tax code"),
        ("Company", "tax code (10 digits):"),
        ("ten don vi", "ma so thue"),
    ],
)
def test_columns_are_known_by_their_heading_in_both_languages(
    translators: Translators, heading: tuple[str, str]
) -> None:
    table = book_of(("DANH SÁCH ĐẠI BIỂU",), (), ("STT", *heading), (1, "Công ty A", "0100233488"))
    (listed,) = checked(table, translators).listed
    assert (listed.row, listed.tax_code, listed.answers["organisation"]) == (4, "0100233488", "Công ty A")


def test_a_list_without_these_columns_is_not_understood() -> None:
    assert import_columns.find(sent_table.read(book_of(("Tên", "Tuổi"), ("A", 3))), FORM) is None


def test_all_mistakes_are_named_by_row(translators: Translators) -> None:
    content = book_of(
        ("Doanh nghiệp", "MST", "Điện thoại", "Email", "Số chỗ", "Ghi chú"),
        ("Công ty A", "0100233488", "0912345678", "a@a.vn", 2, "x"),
        ("", "12345", "12", "khong", 9),
        ("Công ty B", "0100233488"),
        ("Công ty C", "0100233489"),
    )
    result = checked(content, translators)
    told = {(each.row, each.column): each.problem for each in result.wrong}
    assert list(told) == sorted(told, key=lambda place: place[0])
    assert set(told) == {
        (3, "Tên doanh nghiệp"),
        (3, "Mã số thuế"),
        (3, "Điện thoại công việc"),
        (3, "Thư điện tử công việc"),
        (3, "Số chỗ"),
        (4, "Mã số thuế"),
    }
    assert told[3, "Tên doanh nghiệp"] == "Ô này không được để trống."
    assert told[4, "Mã số thuế"] == "Mã số thuế này đã có ở dòng 2."
    assert result.ignored == ("Ghi chú",)
    assert [each.row for each in result.listed] == [2, 5]
    assert result.unverified == 1
    sheet = load_workbook(io.BytesIO(import_files.report(result.wrong, translators.vi))).worksheets[0]
    assert sheet.max_row == 7


def test_the_zero_that_spreadsheets_drop_is_put_back(translators: Translators) -> None:
    numbers = (100233488, 314409058002, 12345678901, 100233489)
    content = book_of(("Doanh nghiệp", "MST"), *((f"Công ty {number}", number) for number in numbers))
    result = checked(content, translators)
    assert [each.tax_code for each in result.listed] == ["0100233488", "0314409058002", "012345678901"]
    assert [each.row for each in result.wrong] == [5]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_in_every_dress(translators: Translators, separator: str, encoding: str) -> None:
    rows = (("Tên doanh nghiệp", "Mã số thuế", "Điện thoại"), ("Công ty Đỗ", "0100233488", "'+84912345678"))
    text = "\r\n".join(separator.join(row) for row in rows)
    (listed,) = checked(text.encode(encoding), translators).listed
    assert listed.answers["organisation"] == "Công ty Đỗ"
    assert listed.answers["phone"] == "+84912345678"


def test_the_template_is_understood(translators: Translators, known: Content) -> None:
    for t in (translators.vi, translators.en):
        lines = sent_table.read(import_files.template(FORM, t))
        columns = import_columns.find(lines, FORM)
        assert columns is not None
        assert not columns.ignored
        assert set(columns.places) == {"organisation", "tax_code", "contact_name", "phone", "email", "seats"}


def _bomb(*, declared: bool) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        if declared:
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)
        else:
            for number in range(600):
                archive.writestr(f"xl/{number}.xml", b"x")
    return buffer.getvalue()


def _with_entities(ahead: str = "", *, name: str = "xl/sharedStrings.xml", encoding: str = "utf-8") -> bytes:
    """A sound workbook but for one part, under its own name or another, which defines entities."""
    part = "xl/sharedStrings.xml"
    source = zipfile.ZipFile(io.BytesIO(book_of(("Doanh nghiệp", "MST"), ("A", "0100233488"))))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for each in source.namelist():
            content = source.read(each).replace(part.encode(), name.encode())
            content = content.replace(part.removeprefix("xl/").encode(), name.removeprefix("xl/").encode())
            if each == part:
                lol = ahead + '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
                body = content.decode().partition("?>")[2]
                content = f'<?xml version="1.0" encoding="{encoding}"?>{lol}{body}'.encode(
                    encoding, "xmlcharrefreplace"
                )
            archive.writestr(name if each == part else each, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content, why",
    [
        (b"", Unreadable.EMPTY),
        (b"\n\n;;;\n", Unreadable.EMPTY),
        (b"PK\x03\x04 not really", Unreadable.BROKEN),
        (b"\xff\xff\x00\x01", Unreadable.ENCODING),
        (b"a;b\x00c", Unreadable.BROKEN),
        (b"x" * (MOST_BYTES + 1), Unreadable.TOO_LARGE),
        (("Doanh nghiệp;MST\n" + "A;0100233488\n" * (MOST_ROWS + 20)).encode(), Unreadable.TOO_MANY_ROWS),
        (_bomb(declared=True), Unreadable.TOO_LARGE),
        (_bomb(declared=False), Unreadable.TOO_LARGE),
        (_with_entities(), Unreadable.BROKEN),
        (_with_entities(f"<!--{'x' * 5_000}-->"), Unreadable.BROKEN),
        (_with_entities(f"<!--{'x' * 500_000}-->"), Unreadable.BROKEN),
        (_with_entities(name="xl/strings.dat"), Unreadable.BROKEN),
        (_with_entities(encoding="utf-16"), Unreadable.BROKEN),
        (_with_entities(encoding="utf-32", name="xl/strings.dat"), Unreadable.BROKEN),
        (_with_entities(encoding="cp037", name="xl/strings.dat"), Unreadable.BROKEN),
        (_with_entities(encoding="gbk"), Unreadable.BROKEN),
    ],
    ids=[
        "empty",
        "blank",
        "half",
        "bytes",
        "null",
        "large",
        "rows",
        "bomb",
        "parts",
        "entities",
        "behind a comment",
        "far behind",
        "another name",
        "utf-16",
        "utf-32",
        "ebcdic",
        "gbk",
    ],
)
def test_what_is_no_list_says_why(content: bytes, why: Unreadable) -> None:
    with pytest.raises(UnreadableList) as refused:
        sent_table.read(content)
    assert refused.value.why is why


def test_too_many_rows_in_a_workbook() -> None:
    with pytest.raises(UnreadableList) as refused:
        sent_table.read(book_of(*[("A", "0100233488")] * (MOST_ROWS + 50)))
    assert refused.value.why is Unreadable.TOO_MANY_ROWS


@settings(max_examples=60, deadline=None)
@given(content=st.one_of(st.binary(max_size=300), st.binary(max_size=200).map(lambda rest: b"PK\x03\x04" + rest)))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(UnreadableList):
        assert sent_table.read(content)
