"""How large a business is in the sense of Decree 80/2021/NĐ-CP, article 5. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

_BILLION = 1_000_000_000
# The choice of the profile's `sector` that the second column of the decree is about; all others are in the first.
_TRADE_AND_SERVICES = "services"


class SizeClass(StrEnum):
    """The classes of the decree, and what is above them."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


# (class, people, revenue of a year in VND): at most so many of both.
_PRODUCTION = (
    (SizeClass.MICRO, 10, 3 * _BILLION),
    (SizeClass.SMALL, 100, 50 * _BILLION),
    (SizeClass.MEDIUM, 200, 200 * _BILLION),
)
_TRADE = (
    (SizeClass.MICRO, 10, 10 * _BILLION),
    (SizeClass.SMALL, 50, 100 * _BILLION),
    (SizeClass.MEDIUM, 100, 300 * _BILLION),
)


def size_class(profile: Mapping[str, Any]) -> SizeClass | None:
    """The class by ``sector``, ``headcount`` (people in social insurance) and ``revenue`` (VND a year).

    None while one of them is not known. The decree lets a business count its capital instead of its
    revenue, which nobody is asked for: so the class is an upper bound. It counts a household business alike.
    """
    sector, headcount, revenue = (profile.get(name) for name in ("sector", "headcount", "revenue"))
    if sector is None or headcount is None or revenue is None:
        return None
    classes = _TRADE if sector == _TRADE_AND_SERVICES else _PRODUCTION
    for name, people, money in classes:
        if headcount <= people and revenue <= money:
            return name
    return SizeClass.LARGE
