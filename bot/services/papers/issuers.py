"""How an agency's own papers are headed and signed."""

from __future__ import annotations

from bot.services.papers.decree_30 import Issuer
from content.model import AgencyDefinition

CITY = "Hà Nội"
_COMMITTEE = "Ủy ban nhân dân"
# Units that bear a person's name: a place and date names these in full ("Phường Hai Bà Trưng", not "Hai Bà Trưng").
_BEARS_A_PERSONS_NAME = frozenset({"Hai Bà Trưng", "Trần Phú"})


def issuer(agency: AgencyDefinition) -> Issuer:
    """Who issues the papers of an agency that reports.

    A department names the committee of the city above itself, since it belongs to that. A committee of a ward or
    commune is elected by the unit's own council and has no body above it, so only its own name stands there. Its
    place is the unit's own name, that of a department the city.
    """
    if agency.kind in ("ward", "commune"):
        unit = agency.name.vi.removeprefix(_COMMITTEE).strip()
        place = unit[0].upper() + unit[1:] if agency.place in _BEARS_A_PERSONS_NAME else agency.place
        return Issuer((), (_COMMITTEE.upper(), unit.upper()), "UBND", place, ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"))
    above = (_COMMITTEE.upper(), f"THÀNH PHỐ {CITY.upper()}")
    return Issuer(above, (agency.name.vi.upper(),), agency.code, CITY, ("GIÁM ĐỐC",))
