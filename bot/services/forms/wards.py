"""Reads the name of a ward or commune of Hanoi, and recognises districts, which ended on 1 July 2025.

The present units are the agencies of the kinds ward and commune. Of the 30 districts all but Bắc and Nam Từ Liêm
have given their name to a present unit too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.services.forms.problems import Circumstances, Problem, Rejected
from bot.services.forms.texts import plain
from bot.vietnamese import fold
from content.form_model import FormField
from content.model import AgencyDefinition

KINDS = ("ward", "commune")
MOST_OPTIONS = 6
# In a shorter name two slips of the finger leave too little to go by.
SHORT_NAME = 10

_DISTRICTS = {
    **dict.fromkeys(
        (
            "Ba Đình", "Hoàn Kiếm", "Tây Hồ", "Long Biên", "Cầu Giấy", "Đống Đa", "Hai Bà Trưng", "Hoàng Mai",
            "Thanh Xuân", "Hà Đông", "Bắc Từ Liêm", "Nam Từ Liêm",
        ),
        "quận",
    ),
    **dict.fromkeys(
        (
            "Sóc Sơn", "Đông Anh", "Gia Lâm", "Thanh Trì", "Mê Linh", "Ba Vì", "Phúc Thọ", "Đan Phượng", "Hoài Đức",
            "Quốc Oai", "Thạch Thất", "Chương Mỹ", "Thanh Oai", "Thường Tín", "Phú Xuyên", "Ứng Hòa", "Mỹ Đức",
        ),
        "huyện",
    ),
    "Sơn Tây": "thị xã",
}  # fmt: skip
_BY_NAME = {fold(name): f"{kind} {name}" for name, kind in _DISTRICTS.items()}

_WARD = re.compile(r"^(?:(?:ubnd|uy ban nhan dan)\s+)?(phuong|p|ward)\b[\s.]*|\s+(ward)$")
_COMMUNE = re.compile(r"^(?:(?:ubnd|uy ban nhan dan)\s+)?(xa|x|commune)\b[\s.]*|\s+(commune)$")
_DISTRICT = re.compile(r"^(quan|q|huyen|h|thi xa|tx|district)\b[\s.]*|\s+(district)$")
_BETWEEN = re.compile(r"[,;]| - (?=(?:quan|q|huyen|h|thi xa|tx|thanh pho|tp|ha noi|hanoi|hn)\b)")
_CITY = re.compile(r"^(?:(?:thanh pho|tp|t\.p)[\s.]*)?(?:ha noi|hanoi|hn)$")


def ward(_: FormField, typed: str, around: Circumstances) -> str:
    """The slug of a ward or commune."""
    return understood(typed, around.agencies)


def understood(typed: str, agencies: Mapping[str, AgencyDefinition]) -> str:
    """The slug of a ward or commune; Rejected where it is none, or only nearly one."""
    names, whole = _names(agencies), fold(plain(typed))
    parts = [part.strip() for part in ([whole] if whole in names else _BETWEEN.split(whole)) if part.strip()]
    parts = [part for part in parts if not _CITY.match(part)] or parts
    first, *others = parts or [""]
    if _DISTRICT.search(first):
        raise _district(_DISTRICT.sub("", first), names)
    for kind, prefix in (("ward", _WARD), ("commune", _COMMUNE)):
        if prefix.search(first):
            return _of_kind(prefix.sub("", first), kind, names, agencies)
    if first in _codes(agencies):
        return _codes(agencies)[first]
    slug = names.get(first)
    if slug is None:
        if first in _BY_NAME:
            raise _district(first, names)
        raise _near(first, names)
    if first in _BY_NAME and not others:
        raise Rejected(Problem.WARD_CONFIRM, doubtful=slug, options=(slug,), said=_BY_NAME[first])
    return slug


def is_unit(agencies: Mapping[str, AgencyDefinition], slug: str) -> bool:
    """Whether this is the slug of a present ward or commune."""
    return slug in agencies and agencies[slug].kind in KINDS


def _of_kind(name: str, kind: str, names: Mapping[str, str], agencies: Mapping[str, AgencyDefinition]) -> str:
    slug = names.get(name)
    if slug is None:
        raise _near(name, names)
    if agencies[slug].kind != kind:
        raise Rejected(Problem.WARD_NEAR, options=(slug,))
    return slug


def _district(name: str, names: Mapping[str, str]) -> Rejected:
    called = _BY_NAME.get(name)
    if called is None:
        near = [each for each in _BY_NAME if _distance(name, each) <= 1]
        called = _BY_NAME[near[0]] if near else ""
        name = near[0] if near else name
    if not called:
        return _near(name, names)
    # A district without a namesake is at least near to one: Từ Liêm for Bắc Từ Liêm.
    slug = names.get(name) or names.get(re.sub(r"^(bac|nam) ", "", name))
    return Rejected(Problem.WARD_DISTRICT, options=(slug,) if slug else (), said=called)


def _near(name: str, names: Mapping[str, str]) -> Rejected:
    """What may have been meant: a beginning of the name, or one with a slip of the finger in it."""
    begun = [slug for each, slug in names.items() if len(name) >= 3 and f"{each} ".startswith(f"{name} ")]
    allowed = 1 if len(name) < SHORT_NAME else 2
    slips = sorted((_distance(name, each), slug) for each, slug in names.items())
    close = [slug for distance, slug in slips if distance <= allowed]
    options = tuple(dict.fromkeys([*begun, *close]))[:MOST_OPTIONS]
    return Rejected(Problem.WARD_NEAR if options else Problem.WARD_UNKNOWN, options=options)


def _names(agencies: Mapping[str, AgencyDefinition]) -> dict[str, str]:
    """Every name without marks and without its kind, and its slug."""
    names: dict[str, str] = {}
    for agency in agencies.values():
        if agency.kind in KINDS:
            name = fold(agency.place)
            names[name] = names[name.replace(" - ", " ")] = agency.slug
    return names


def _codes(agencies: Mapping[str, AgencyDefinition]) -> dict[str, str]:
    return {agency.code: agency.slug for agency in agencies.values() if agency.kind in KINDS}


def _distance(one: str, other: str) -> int:
    """How many letters were left out, added, changed or swapped with the next, at most 3."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        following = [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        before, row = row, following
    return min(row[-1], 3)
