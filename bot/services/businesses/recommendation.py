"""Which offerings fit a business: ranked by what their content says under `fits`, each with one reason. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# What somebody looks for tells more than what they do, and that more than how far they are. The sector alone
# recommends nothing.
_NEED, _FIELD, _FURTHER_FIELD, _STAGE, _SECTOR = 8.0, 4.0, 0.5, 3.0, 1.0


class Because(StrEnum):
    """What an offering was recommended for."""

    NEED = "need"
    FIELDS = "fields"
    STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a business: words of `fits`; empty where it is not known."""

    need: str = ""
    fields: tuple[str, ...] = ()
    sector: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Fitting:
    """An offering by its id, and the strongest reason for it; ``fields`` are those of the business that it is for."""

    offering_id: int
    because: Because
    fields: tuple[str, ...]


def rank(offered: Iterable[tuple[int, Mapping[str, Any]]], wanted: Wanted) -> list[Fitting]:
    """Those of the offerings (id and `fits`) that have a reason to be recommended, the best first."""
    found = [(score, fitting) for each in offered for score, fitting in _judged(*each, wanted)]
    return [fitting for _, fitting in sorted(found, key=lambda pair: (-pair[0], pair[1].offering_id))]


def _judged(offering_id: int, fits: Mapping[str, Any], wanted: Wanted) -> Iterable[tuple[float, Fitting]]:
    fields = tuple(field for field in wanted.fields if field in fits.get("fields", ()))
    reasons = {
        Because.NEED: _NEED if wanted.need and wanted.need in fits.get("needs", ()) else 0.0,
        Because.FIELDS: _FIELD + _FURTHER_FIELD * (len(fields) - 1) if fields else 0.0,
        Because.STAGE: _STAGE if wanted.stage and wanted.stage in fits.get("stages", ()) else 0.0,
    }
    strongest = max(reasons, key=lambda reason: reasons[reason])
    if reasons[strongest]:
        sector = _SECTOR if wanted.sector and wanted.sector in fits.get("sectors", ()) else 0.0
        yield sum(reasons.values()) + sector, Fitting(offering_id, strongest, fields)
