"""The workbook for indicators: what is written into it comes back the same, and what is wrong is said by cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n import Translator, Translators
from bot.services.duties.windows import Period
from bot.services.filled_forms import workbook_reading
from bot.services.filled_forms.office_parts import Unusable, UnusableFile
from bot.services.filled_forms.readings import Reading, Remark, Trouble
from bot.services.report_forms import figure_workbook
from bot.services.report_forms.blanks import Blank
from content.duty_model import Duty
from content.model import Content

INDICATORS: list[dict[str, Any]] = [
    {"key": "policy", "title": {"vi": "Chính sách: kế hoạch/văn bản", "en": "Policy"}, "indicators": [
        {"key": "own_plan", "label": {"vi": "Kế hoạch", "en": "Plan"}, "kind": "choice", "choices": [
            {"value": "issued", "vi": "Đã ban hành", "en": "Issued"},
            {"value": "drafting", "vi": "Đang xây dựng", "en": "Being drafted"},
        ]},
        {"key": "note", "label": {"vi": "Ghi chú", "en": "Note"}, "kind": "text", "required": False},
    ]},
    {"key": "figures", "title": {"vi": "Số liệu", "en": "Figures"}, "indicators": [
        {"key": "classes", "label": {"vi": "Số lớp", "en": "Classes"}, "kind": "number", "whole": True, "min": 0,
         "unit": {"vi": "lớp", "en": "classes"}},
        {"key": "area", "label": {"vi": "Diện tích", "en": "Area"}, "kind": "number",
         "unit": {"vi": "ha", "en": "ha"}},
        {"key": "met", "label": {"vi": "Mức đáp ứng", "en": "Demand met"}, "kind": "percentage"},
        {"key": "budget", "label": {"vi": "Kinh phí", "en": "Funding"}, "kind": "money"},
        {"key": "projects", "label": {"vi": "Dự án", "en": "Projects"}, "kind": "table", "most_rows": 3, "columns": [
            {"key": "name", "label": {"vi": "Tên dự án", "en": "Project"}, "kind": "text"},
            {"key": "hectares", "label": {"vi": "Diện tích", "en": "Area"}, "kind": "number",
             "unit": {"vi": "ha", "en": "ha"}},
            {"key": "capital", "label": {"vi": "Vốn", "en": "Capital"}, "kind": "money"},
        ]},
    ]},
]  # fmt: skip
FIGURES = {
    "own_plan": "drafting",
    "note": "=1+1 @A1",
    "classes": 12,
    "area": 3.25,
    "met": 70.5,
    "budget": 1_250_000_000,
    "projects": [{"name": "Nhà máy A", "capital": 120_000_000_000}, {"name": "B", "hectares": 0.5, "capital": 7}],
}


@dataclass(frozen=True, repr=False)
class Forms:
    """The workbook of one report; without a representation, which hypothesis would write out."""

    duty: Duty
    blank: Blank
    t: Translator

    def made(self, figures: dict[str, Any] | None = None) -> bytes:
        return figure_workbook.make(replace(self.blank, figures=figures or {}), self.t)

    def read(self, content: bytes) -> Reading:
        return workbook_reading.read(*workbook_reading.open_file(content), self.duty)

    def filled(self, change: Callable[[Any], None], sheet: str = "Số liệu") -> Reading:
        """What is read after somebody did something to a sheet in a spreadsheet program."""
        return self.read(changed(self.made(), lambda book: change(book[sheet])))


@pytest.fixture(scope="session")
def forms(known: Content, translators: Translators) -> Forms:
    duty = duty_with(known, INDICATORS)
    period = Period(date(2025, 12, 15), date(2026, 12, 14))
    agency = known.agencies["phuong-ba-dinh"]
    blank = Blank(duty, agency, (), (), period, date(2026, 12, 16), {}, {}, {"classes": 10})
    return Forms(duty, blank, translators.vi)


def duty_with(known: Content, indicators: Any) -> Duty:
    written = known.duties["yearly-report-to-sct"].model_dump(by_alias=True)
    return Duty.model_validate(written | {"indicators": indicators, "attachments": ()})


def changed(content: bytes, change: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def said(reading: Reading) -> list[tuple[str, str, str]]:
    """(cell or row, what, value) of everything wrong."""
    return [
        (each.place.cell or each.place.row, each.what.value if isinstance(each.what, Trouble) else each.what.what.value,
         each.value) for each in reading.wrong
    ]  # fmt: skip


def test_what_was_entered_comes_back(forms: Forms) -> None:
    reading = forms.read(forms.made(FIGURES))
    assert reading.figures == FIGURES
    assert (reading.wrong, reading.remarks) == ((), ())
    assert reading.mark == forms.blank.mark


def test_an_empty_workbook_says_nothing(forms: Forms) -> None:
    reading = forms.read(forms.made())
    assert (reading.figures, reading.wrong) == ({}, ())


numbers = st.integers(-(10**12), 10**12) | st.decimals(-(10**6), 10**6, places=3).map(float).map(
    lambda each: int(each) if each == int(each) else each
)
texts = (
    st.text("aÂđẾ19 =+@-;'\"<&]", min_size=1, max_size=30)
    .map(lambda each: " ".join(each.split()))
    .filter(lambda it: any(map(str.isalnum, it)))
)
amounts = st.integers(0, 10**14)
rows = st.fixed_dictionaries({"name": texts}, optional={"hectares": st.integers(0, 10**6), "capital": amounts})
values = st.fixed_dictionaries(
    {},
    optional={
        "note": texts,
        "own_plan": st.sampled_from(["issued", "drafting"]),
        "classes": st.integers(0, 10**9),
        "area": numbers,
        "met": st.integers(0, 10000).map(lambda each: each // 100 if each % 100 == 0 else each / 100),
        "budget": amounts,
        "projects": st.lists(rows, min_size=1, max_size=3),
    },
)


@given(figures=values)
@settings(max_examples=40, deadline=None)
def test_any_figures_come_back_the_same(forms: Forms, figures: dict[str, Any]) -> None:
    reading = forms.read(forms.made(figures))
    assert reading.wrong == ()
    assert reading.figures == figures


def enter(**cells: Any) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        for cell, value in cells.items():
            sheet[cell] = value

    return change


# On the sheet «Số liệu»: rows 6-9 are classes, area, met, budget; E is «Kỳ này»; the table has rows 13-15.
@pytest.mark.parametrize(
    "cells, figures",
    [
        ({"E6": "12"}, {"classes": 12}),
        ({"E6": 12.0}, {"classes": 12}),
        ({"E6": " 12 lớp "}, {"classes": 12}),
        ({"E7": "3,5"}, {"area": 3.5}),
        ({"E7": "1.234,5 ha"}, {"area": 1234.5}),
        ({"E8": 0.7}, {"met": 70}),
        ({"E8": 0.07}, {"met": 7}),
        ({"E8": "70,5%"}, {"met": 70.5}),
        ({"E8": "70"}, {"met": 70}),
        ({"E9": "1,2 tỷ"}, {"budget": 1_200_000_000}),
        ({"E9": 0}, {"budget": 0}),
        ({"E9": "   "}, {}),
        (
            {"B14": "Nhà máy A", "C14": "-", "D14": "3 triệu"},
            {"projects": [{"name": "Nhà máy A", "capital": 3_000_000}]},
        ),
        ({"B15": 2026}, {"projects": [{"name": "2026"}]}),
    ],
)
def test_what_people_type_is_understood(forms: Forms, cells: dict[str, Any], figures: dict[str, Any]) -> None:
    reading = forms.filled(enter(**cells))
    assert (reading.figures, said(reading)) == (figures, [])


def merge(sheet: Any) -> None:
    sheet["E6"] = 5
    sheet.merge_cells("E6:E7")


@pytest.mark.parametrize(
    "change, wrong, figures",
    [
        (enter(E6="=1+1"), [("E6", "formula", "=1+1")], {}),
        (enter(E6="khoảng 10"), [("E6", "number: characters", "khoảng 10")], {}),
        (enter(E6=2.5), [("E6", "number: fraction", "2,5")], {}),
        (enter(E6=-1), [("E6", "number: small", "-1")], {}),
        (enter(E6=True), [("E6", "truth", "True")], {}),
        (enter(E6="#N/A"), [("E6", "error", "#N/A")], {}),
        (enter(E6=date(2026, 12, 1)), [("E6", "number: characters", "01/12/2026")], {}),
        (enter(E8=1.7, E9=5), [("E8", "number: large", "170%")], {"budget": 5}),
        (enter(E9=1.5), [("E9", "number: fraction", "1,5")], {}),
        (enter(B13="A", D13="nhiều"), [("D13", "money: words", "nhiều")], {}),
        (merge, [("E6", "merged", "5"), ("E7", "merged", "")], {}),
        (enter(E5="Số mới"), [("", "no column", "")] * 4, {}),
        (enter(B12="Tên"), [("", "no column", "")], {}),
        (lambda sheet: sheet.delete_rows(6), [("", "gone", "")], {}),
        (enter(A7="nhipcau|figure|classes|" + "0" * 8), [("7", "twice", ""), ("", "gone", "")], {}),
        (enter(A6="nhipcau|figure|classes|" + "0" * 8, E6=1), [("6", "changed", "")], {}),
    ],
)
def test_what_is_wrong_is_named_by_cell_and_the_rest_is_taken(
    forms: Forms, change: Callable[[Any], None], wrong: list[tuple[str, str, str]], figures: dict[str, Any]
) -> None:
    reading = forms.filled(change)
    assert (said(reading), reading.figures) == (wrong, figures)


def test_rows_and_columns_that_were_moved_are_found(forms: Forms) -> None:
    def move(book: openpyxl.Workbook) -> None:
        book["Số liệu"].title = "Trang khác"
        sheet = book["Trang khác"]
        sheet.insert_cols(1, 2)
        sheet.insert_rows(1, 3)

    reading = forms.read(changed(forms.made(FIGURES), move))
    assert (reading.figures, said(reading)) == (FIGURES, [])


def test_a_form_of_an_earlier_definition_says_so_and_gives_what_still_fits(known: Content, forms: Forms) -> None:
    fewer = [INDICATORS[0], INDICATORS[1] | {"indicators": INDICATORS[1]["indicators"][:2]}]
    reading = replace(forms, duty=duty_with(known, fewer)).read(forms.made({"classes": 3, "budget": 5}))
    assert (reading.figures, said(reading), reading.remarks) == ({"classes": 3}, [], ((Remark.OLDER, ()),))


def many_rows(book: openpyxl.Workbook) -> None:
    for row in range(20, 10_020):
        book["Số liệu"].cell(row, 2, "dòng")


def packed(**parts: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return buffer.getvalue()


def with_entities(content: bytes) -> bytes:
    """A sound workbook that defines an entity, behind a comment that is longer than what a glance would see."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/workbook.xml":
                head, _, rest = part.partition(b"?>")
                part = head + b"?><!--" + b"x" * 5000 + b'--><!DOCTYPE workbook [<!ENTITY a "b">]>' + rest
            new.writestr(name, part)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "spoil, why",
    [
        (lambda _: b"no zip at all", Unusable.BROKEN),
        (lambda content: content[: len(content) // 2], Unusable.BROKEN),
        (lambda content: changed(content, many_rows), Unusable.TOO_MANY_ROWS),
        (lambda content: changed(content, lambda book: book.remove(book["nhipcau"])), Unusable.NOT_OURS),
        (lambda _: packed(xl__workbook=b"<a><b></a>"), Unusable.BROKEN),
        (lambda _: packed(xl__workbook=b"<a>" + b" " * 30_000_000 + b"</a>"), Unusable.TOO_LARGE),
        (lambda _: packed(xl__workbook=b"<a>" + b"<b/>" * 500_000 + b"</a>"), Unusable.TOO_LARGE),
        (lambda _: packed(**{f"p{number}": b"<a/>" for number in range(600)}), Unusable.TOO_LARGE),
        (with_entities, Unusable.BROKEN),
    ],
)  # fmt: skip
def test_hostile_and_foreign_files_are_refused(forms: Forms, spoil: Callable[[bytes], bytes], why: Unusable) -> None:
    with pytest.raises(UnusableFile) as refused:
        forms.read(spoil(forms.made(FIGURES)))
    assert refused.value.why is why


def test_only_cells_to_be_filled_in_are_open_and_nothing_is_a_formula(forms: Forms) -> None:
    book = openpyxl.load_workbook(io.BytesIO(forms.made(FIGURES)))
    assert book.sheetnames == ["Hướng dẫn", "Chính sách kế hoạch văn bản", "Số liệu", "nhipcau"]
    assert book["nhipcau"].sheet_state == "veryHidden"
    unlocked = []
    for sheet in book.worksheets:
        assert sheet.protection.sheet
        assert not sheet.merged_cells.ranges
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)
        unlocked += [cell.coordinate for cell in cells if not cell.protection.locked]
    assert unlocked == [
        "E6",
        "E7",
        "E6",
        "E7",
        "E8",
        "E9",
        *(f"{column}{row}" for row in (13, 14, 15) for column in "BCD"),
    ]
    assert book["Số liệu"]["D6"].value == 10
    assert [cell.value for cell in book["Số liệu"][5]][1:] == [
        "Chỉ tiêu",
        "Đơn vị tính",
        "Kỳ trước",
        "Kỳ này",
        "Ghi chú",
    ]
    rules = {str(each.sqref): (each.type, each.formula1, each.formula2)
             for each in book["Số liệu"].data_validations.dataValidation}  # fmt: skip
    assert rules["E6"] == ("whole", "0", "1000000000000000")
    assert rules["E8"] == ("decimal", "0.0", "1.0")
    assert rules["D13"] == ("whole", "0", None)
