"""Roman numerals, which number the parts of official papers and the quarters of a year."""

from __future__ import annotations

_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


def roman(number: int) -> str:
    """Up to 89."""
    tens, ones = divmod(number, 10)
    return ("L" if tens >= 5 else "XL" if tens == 4 else "") + "X" * (tens % 5 if tens != 4 else 0) + _ROMAN[ones]
