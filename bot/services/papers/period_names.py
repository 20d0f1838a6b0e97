"""What an official paper calls a period: ``năm 2026``, ``quý III năm 2026``, ``tháng 02 năm 2026``. Vietnamese."""

from __future__ import annotations

from bot.services.duties.windows import Period
from bot.services.papers.numerals import roman
from content.duty_model import Duty


def name(duty: Duty, period: Period) -> str:
    """The period by its name; by its days where the duty has no regular periods."""
    year, month = period.end.year, period.end.month
    match duty.frequency:
        case "yearly":
            return f"năm {year}"
        case "nine-month":
            return f"9 tháng năm {year}"
        case "six-month":
            return f"6 tháng {'đầu' if month <= 6 else 'cuối'} năm {year}"
        case "quarterly":
            return f"quý {roman((month + 2) // 3)} năm {year}"
        case "monthly":
            return f"tháng {month:02} năm {year}" if month < 3 else f"tháng {month} năm {year}"
    return days(period)


def days(period: Period) -> str:
    """``từ ngày 15/12/2025 đến ngày 14/12/2026``."""
    return f"từ ngày {period.start:%d/%m/%Y} đến ngày {period.end:%d/%m/%Y}"
