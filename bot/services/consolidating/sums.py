"""What the figures of many agencies come to: sums and averages, by kind of agency, beside the period before. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.services.consolidating.gathering import Gathered, Reporter
from bot.services.handing_in import figures
from bot.services.handing_in.versions import Version
from content.duty_model import Indicator

Number = int | float


@dataclass(frozen=True, slots=True)
class Total:
    """One indicator over all agencies. ``of`` is how many gave a figure; ``value`` is None where nobody did.

    ``before`` and ``of_before`` are the same for the period before.
    """

    indicator: Indicator
    value: Number | None
    of: int
    by_kind: Mapping[str, Number]
    before: Number | None
    of_before: int

    @property
    def difference(self) -> Number | None:
        """By how much it has grown; None where there is nothing to compare."""
        return None if self.value is None or self.before is None else _exact(self.value - self.before)

    @property
    def per_cent(self) -> float | None:
        """The same in per cent of the value before; None where that was nothing or zero."""
        if self.value is None or not self.before:
            return None
        return round(figures.per_cent_change(self.value, self.before), 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One row that an agency gave in a table, in the version that counts."""

    reporter: Reporter
    version: Version
    cells: Mapping[str, Any]


def total(indicator: Indicator, gathered: Gathered) -> Total:
    """An indicator of numbers put together as it says: ``sum``, ``average``, or nothing (``none``)."""
    now = {
        reporter.agency.id: (reporter.kind, version.figures.get(indicator.key))
        for reporter, version in gathered.accepted
    }
    given = [(kind, value) for kind, value in now.values() if _counts(indicator, value)]
    before = [values.get(indicator.key) for values in gathered.before.values()]
    given_before = [value for value in before if _counts(indicator, value)]
    kinds = sorted({kind for kind, _ in given})
    by_kind = {kind: together(indicator, [value for of, value in given if of == kind]) for kind in kinds}
    return Total(
        indicator=indicator,
        value=together(indicator, [value for _, value in given]),
        of=len(given),
        by_kind={kind: value for kind, value in by_kind.items() if value is not None},
        before=together(indicator, given_before),
        of_before=len(given_before),
    )


def together(indicator: Indicator, values: Iterable[Any]) -> Number | None:
    """Many figures as one; None where there are none, or where they don't add up to anything."""
    numbers = list(values)
    if not numbers or indicator.sums == "none":
        return None
    whole = _exact(sum(numbers))
    return whole if indicator.sums == "sum" else round(whole / len(numbers), 2)


def chosen(indicator: Indicator, gathered: Gathered) -> Counter[str]:
    """How often each choice was made, by its value."""
    values = (version.figures.get(indicator.key) for _, version in gathered.accepted)
    return Counter(value for value in values if isinstance(value, str) and figures.fits(indicator, value))


def rows(indicator: Indicator, gathered: Gathered) -> list[Row]:
    """All rows of a table, agency after agency."""
    return [
        Row(reporter, version, cells)
        for reporter, version in gathered.accepted
        if figures.fits(indicator, version.figures.get(indicator.key))
        for cells in version.figures.get(indicator.key) or ()
    ]


def _counts(indicator: Indicator, value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and figures.fits(indicator, value)


def _exact(value: Number) -> Number:
    """Without the dust of binary fractions: what people enter has at most six decimals."""
    return value if isinstance(value, int) else round(value, 6)
