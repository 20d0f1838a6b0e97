"""Reading the figures of a report, and what is asked once more."""

from __future__ import annotations

from typing import Any

import pytest

from bot.i18n import Translators
from bot.messages import Language
from bot.services.forms.problems import Problem as Wrong
from bot.services.handing_in import figure_texts, figures
from bot.services.handing_in.figures import InTable, Problem, Unlikely
from content.duty_model import Column, Indicator, Plausible
from content.form_model import Choice
from content.written import Both, Unit

VI, EN = Language.VI, Language.EN


def indicator(kind: Any, **more: Any) -> Indicator:
    return Indicator(key="it", label=Both(vi="Số doanh nghiệp", en="Enterprises"), kind=kind, **more)


COUNT = indicator("number", whole=True, min=0, unit=Unit(vi="doanh nghiệp", en="enterprises"))
TONNES = indicator("number", unit=Unit(vi="tấn", en="tonnes"), max=5000)
SHARE, MONEY, WORDS = indicator("percentage"), indicator("money"), indicator("text")
STAGE = indicator(
    "choice",
    choices=(
        Choice(value="planned", vi="Chuẩn bị đầu tư", en="Planned"),
        Choice(value="built", vi="Đang xây dựng", en="Under construction"),
    ),
)
PROJECTS = indicator(
    "table",
    most_rows=2,
    columns=(
        Column(key="name", label=Both(vi="Tên dự án", en="Name"), kind="text"),
        Column(key="jobs", label=Both(vi="Số việc làm", en="Jobs"), kind="number"),
        Column(key="capital", label=Both(vi="Vốn", en="Capital"), kind="money"),
    ),
)


@pytest.mark.parametrize(
    "of, typed, language, value",
    [
        (COUNT, "12", VI, 12),
        (COUNT, " 12 doanh nghiệp", VI, 12),
        (COUNT, "１２", VI, 12),
        (COUNT, "1.234", VI, 1234),
        (COUNT, "1,234", EN, 1234),
        (COUNT, "1 234", VI, 1234),
        (COUNT, "1,234", VI, 1234),
        (TONNES, "1.234,5", VI, 1234.5),
        (TONNES, "1,234.5", EN, 1234.5),
        (TONNES, "12,5 tan", VI, 12.5),
        (TONNES, "0,125", VI, 0.125),
        (TONNES, "-3", VI, -3),
        (SHARE, "75", VI, 75),
        (SHARE, "75,5 %", VI, 75.5),
        (SHARE, "75 phần trăm", VI, 75),
        (SHARE, "75.5 percent", EN, 75.5),
        (SHARE, "100%", VI, 100),
        (MONEY, "3 tỷ 500 triệu", VI, 3_500_000_000),
        (MONEY, "3,5 tỷ", VI, 3_500_000_000),
        (MONEY, "1.500.000đ", VI, 1_500_000),
        (MONEY, "3.5 billion", EN, 3_500_000_000),
        (MONEY, "0", VI, 0),
        (WORDS, "  Đã ban hành \n kế hoạch ", VI, "Đã ban hành kế hoạch"),
        (STAGE, "2", VI, "built"),
        (STAGE, "dang xay dung", VI, "built"),
        (STAGE, "Planned", VI, "planned"),
        (PROJECTS, "Không có", VI, []),
        (PROJECTS, "Lò đốt; 20; 3 tỷ", VI, [{"name": "Lò đốt", "jobs": 20, "capital": 3_000_000_000}]),
        (PROJECTS, "Lò đốt\t-\t3 tỷ\n\nTrạm lọc; 5", VI,
         [{"name": "Lò đốt", "capital": 3_000_000_000}, {"name": "Trạm lọc", "jobs": 5}]),
        (PROJECTS, "Lò đốt;20;;", VI, [{"name": "Lò đốt", "jobs": 20}]),
    ],
)  # fmt: skip
def test_what_is_read(of: Indicator, typed: str, language: Language, value: object) -> None:
    read = figures.read(of, typed, language)
    assert read == value
    assert type(read) is type(value)
    assert figures.fits(of, read)


@pytest.mark.parametrize(
    "of, typed, language, what, sentence",
    [
        (COUNT, "một ít", VI, Wrong.NUMBER_CHARACTERS, "25 doanh nghiệp"),
        (COUNT, "12,5", VI, Wrong.NUMBER_FRACTION, "số nguyên"),
        (COUNT, "-1", VI, Wrong.NUMBER_SMALL, "tối thiểu là 0 doanh nghiệp"),
        (COUNT, "   ", VI, Wrong.EMPTY, "chỉ gõ số"),
        (TONNES, "1,234", VI, Wrong.NUMBER_FORM, "phần thập phân"),
        (TONNES, "1.234 tonnes", EN, Wrong.NUMBER_FORM, "thousands and the decimals"),
        (TONNES, "5001", EN, Wrong.NUMBER_LARGE, "at most 5,000 tonnes"),
        (TONNES, "9" * 16, VI, Wrong.NUMBER_LONG, "15"),
        (SHARE, "101", VI, Wrong.NUMBER_LARGE, "100%"),
        (SHARE, "-1", VI, Wrong.NUMBER_SMALL, "0%"),
        (MONEY, "500", VI, Wrong.MONEY_UNIT, "đơn vị"),
        (MONEY, "500 USD", VI, Wrong.MONEY_CURRENCY, "đồng"),
        (MONEY, "-5.000.000", VI, Wrong.NUMBER_SMALL, "0 đồng"),
        (WORDS, "...", VI, Wrong.ONLY_SIGNS, "viết bằng lời"),
        (WORDS, "a" * 1001, EN, Wrong.TOO_LONG, "1,001 characters"),
        (STAGE, "3", VI, Wrong.CHOICE_NUMBER, "1 đến 2"),
        (STAGE, "hoàn thành", VI, Wrong.CHOICE_UNKNOWN, ""),
        (PROJECTS, "A; 1; 2 tỷ; thừa", EN, InTable.TOO_MANY_CELLS, "Line 1: This line has 4 parts"),
        (PROJECTS, "A; 1\nB; hai", EN, Wrong.NUMBER_CHARACTERS, "Line 2, Jobs: "),
        (PROJECTS, "A; -1", EN, Wrong.NUMBER_SMALL, "Line 1, Jobs: "),
        (PROJECTS, "A\nB\nC", EN, InTable.TOO_MANY_ROWS, "At most 2 rows"),
        (PROJECTS, "- ; -", EN, InTable.EMPTY_ROW, "Name; Jobs; Capital"),
    ],
)  # fmt: skip
def test_what_is_not_read(
    translators: Translators, of: Indicator, typed: str, language: Language, what: object, sentence: str
) -> None:
    read = figures.read(of, typed, language)
    assert isinstance(read, Problem)
    assert read.what == what
    assert sentence in figure_texts.problem(read, translators.for_language(language))


@pytest.mark.parametrize(
    "of, number, value",
    [(COUNT, 12.0, 12), (TONNES, 1.234, 1.234), (SHARE, 75.5, 75.5), (MONEY, 3e9, 3_000_000_000)],
)
def test_numbers_of_a_workbook(of: Indicator, number: float, value: float) -> None:
    assert figures.take(of, number) == value


@pytest.mark.parametrize(
    "of, number, what",
    [
        (COUNT, 1.5, Wrong.NUMBER_FRACTION),
        (MONEY, 0.5, Wrong.NUMBER_FRACTION),
        (SHARE, 100.1, Wrong.NUMBER_LARGE),
        (TONNES, float("nan"), Wrong.NUMBER_CHARACTERS),
        (MONEY, 1e300, Wrong.NUMBER_LONG),
    ],
)
def test_numbers_of_a_workbook_that_can_not_be(of: Indicator, number: float, what: Wrong) -> None:
    taken = figures.take(of, number)
    assert isinstance(taken, Problem)
    assert taken.what is what


@pytest.mark.parametrize(
    "of, value",
    [(COUNT, 1.5), (COUNT, True), (COUNT, "12"), (SHARE, 101), (STAGE, "gone"), (WORDS, ""), (MONEY, 1.5),
     (PROJECTS, [{"gone": 1}]), (PROJECTS, [{"jobs": "many"}]), (PROJECTS, "none"), (PROJECTS, [{}, {}, {}])],
)  # fmt: skip
def test_what_does_not_fit_any_more(of: Indicator, value: object) -> None:
    assert not figures.fits(of, value)


LIKELY = indicator("number", whole=True, plausible=Plausible(min=10, max=500), change=50)


@pytest.mark.parametrize(
    "value, last, what, vietnamese",
    [
        (100, 100, None, ""),
        (100, 67, None, ""),
        (40, 200, Unlikely.CHANGED, "Giảm 80% so với kỳ trước (kỳ trước 200, kỳ này 40), đúng không?"),
        (300, 199, Unlikely.CHANGED, "Tăng 51% so với kỳ trước (kỳ trước 199, kỳ này 300), đúng không?"),
        (9, None, Unlikely.SMALL, "9 nhỏ bất thường; thông thường ít nhất là 10. Số này đúng không?"),
        (501, 501, Unlikely.LARGE, "501 lớn bất thường; thông thường nhiều nhất là 500. Số này đúng không?"),
        (40, 0, None, ""),
        (40, None, None, ""),
    ],
)
def test_doubts(translators: Translators, value: int, last: int | None, what: Unlikely | None, vietnamese: str) -> None:
    found = figures.doubt(LIKELY, value, last)
    assert (found.what if found else None) is what
    if found:
        assert figure_texts.doubt(found, LIKELY, translators.vi) == vietnamese


def test_below_zero_is_doubtful() -> None:
    found = figures.doubt(TONNES, -3, None)
    assert found is not None
    assert found.what is Unlikely.NEGATIVE


def test_values_in_words(translators: Translators) -> None:
    rows = [{"name": "Lò đốt", "capital": 3_000_000_000}]
    assert figure_texts.value(PROJECTS, rows, translators.vi) == "(1) Lò đốt; -; 3.000.000.000 đồng"
    assert figure_texts.value(PROJECTS, [], translators.vi) == "không có"
    assert figure_texts.value(SHARE, 75.5, translators.vi) == "75,5%"
    assert figure_texts.value(COUNT, 1234, translators.en) == "1,234 enterprises"
    assert figure_texts.value(STAGE, "built", translators.en) == "Under construction"
    assert figure_texts.value(STAGE, "gone", translators.en) == "gone"
