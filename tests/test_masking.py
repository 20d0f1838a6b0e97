"""What the question log never keeps."""

from __future__ import annotations

import pytest

from bot.services.learning.masking import MASK, masked


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("gọi tôi 0912 345 678 nhé", "gọi tôi *** nhé"),
        ("gọi 0912345678/0987 654 321", "gọi ***/***"),
        ("sđt:0912.345.678", "sđt:***"),
        ("-0912-345-678.", "-***."),
        ("máy bàn (024) 3825 1234", "máy bàn ***"),
        ("+84 912 345 678", "***"),
        ("+84912345678", "***"),
        ("84 912 345 678", "***"),
        ("số 912 345 678", "số ***"),
        ("viết cho lan.nguyen+x@songhong.com.vn nhé", "viết cho *** nhé"),
        ("lan @ songhong.vn", "***"),
        ("MST 0100233488-001", "MST ***"),
        ("mã số thuế 0100233488", "mã số thuế ***"),
        ("mã số thuế 01 0023 3488", "mã số thuế ***"),
        ("CCCD 001234567812", "CCCD ***"),
        ("CCCD 001 234 567 812", "CCCD ***"),
        ("CMND 123456789", "CMND ***"),
        ("tài khoản 1234567890123456", "tài khoản ***"),
        ("0912\u200b345\u200b678", "***"),
        ("０９１２３４５６７８", "***"),
    ],
)
def test_what_says_who_wrote_it_goes(typed: str, kept: str) -> None:
    assert masked(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "giai đoạn 2025-2030 đạt 70-80%",
        "Kế hoạch số 50/KH-UBND ngày 04/02/2026",
        "Quyết định số 1894/QĐ-TTg ngày 04/9/2025",
        "vốn 1.894.000.000 đồng",
        "hỗ trợ 500.000.000 VND",
        "từ 01/01/2026 đến 31/12/2030",
        "năm 2025 2026 2027 thì sao",
        "xử lý 500 - 1000 tấn một ngày",
        "126 phường, xã",
    ],
)
def test_what_a_question_is_about_stays(typed: str) -> None:
    assert masked(typed) == typed


def test_a_huge_text_takes_no_time_and_is_cut() -> None:
    for hostile in ("0 " * 50_000, "a@" * 50_000, "a." * 50_000, "1 2 " * 50_000, "(" * 50_000, "+84" * 50_000):
        assert len(masked(hostile)) <= 4000
    assert masked("x" * 3990 + " 0912345678") == "x" * 3990 + " " + MASK
