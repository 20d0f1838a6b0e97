"""Takes out of a text what could say who wrote it: phone numbers, e-mail addresses, tax codes, long numbers.

Rather too much than too little: what stays is read by editors and, approved, by everybody. Amounts of money,
dates and the numbers of documents stay, since questions are about them.
"""

from __future__ import annotations

import re

from bot.vietnamese import clean

MASK = "***"
LONGEST_READ = 4000

_EMAIL = re.compile(r"[\w.+-]{1,64}\s?@\s?\w[\w-]{0,62}(?:\.[\w-]{1,63}){1,5}")
# Written in groups, as people write them: +84 912 345 678, (024) 3825 1234, 0912.345.678, 0100233488-001.
_JOINT = r"[ .\-–()]{0,2}"
_PHONE = re.compile(rf"(?<!\d)(?<!\d[.,-])(?:\(?\+ ?84\)?|\(?00 ?84\)?|\(?0)(?:{_JOINT}\d){{8,12}}(?!\d)")
_LONG = re.compile(r"(?<!\d)\d{9,}(?:-\d{1,5})?(?!\d)")
# Without the leading zero or an area's number: 912 345 678; 84 912 345 678. Amounts come with their unit.
_GROUPS = re.compile(
    r"(?<!\d)(?<!\d[.,/-])\d{2,4}(?:(?: \d{2,4}){2,4}|(?:\.\d{3}){2,3}|(?:-\d{3,4}){2,3})(?![\d%]|[.-]\d)"
    r"(?!\s*(?:đồng|dong|đ\b|vnđ|vnd|usd|tỷ|tỉ|triệu|nghìn|tấn|m2|m3|m²|m³|ha\b|kg|kwh|người|hộ\b|doanh nghiệp))",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?:(?:19|20)\d\d[ -]?)+")


def masked(text: str) -> str:
    """The text with ``***`` in place of what could say who wrote it."""
    text = clean(text[:LONGEST_READ])
    for pattern in (_EMAIL, _PHONE, _LONG):
        text = pattern.sub(MASK, text)
    return _GROUPS.sub(lambda found: found[0] if _YEARS.fullmatch(found[0]) else MASK, text)
