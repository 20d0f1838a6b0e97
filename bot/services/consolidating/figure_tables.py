"""The figures of one group in the consolidated report: what they come to, beside the period before, and by kind.

Money is written in millions of đồng, as reports to the city do; the workbook has it to the đồng.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docx.document import Document as Paper

from bot.i18n import Translator
from bot.services.consolidating import charts, sums
from bot.services.consolidating.charts import Series
from bot.services.consolidating.gathering import Gathered
from bot.services.consolidating.sums import Number, Total
from bot.services.papers import decree_30
from bot.services.papers.typesetting import TEXT_WIDTH
from bot.services.report_forms import figure_sheets
from content.duty_model import Column, Indicator, IndicatorGroup

DECIMALS = 6
NOTHING = "-"
MILLIONS = "triệu đồng"
_WIDTHS = (11, 47, 22, 26, 20, 20, 19)


def write(document: Paper, gathered: Gathered, group: IndicatorGroup, kinds: Mapping[str, str], t: Translator) -> None:
    """The group's tables and chart; of tables that agencies filled in only how many rows there are."""
    totals = [sums.total(each, gathered) for each in group.indicators if each.numeric]
    summed = [each for each in totals if each.indicator.sums != "none"]
    if summed:
        _beside_before(document, gathered, group, summed, t)
        _by_kind(document, gathered, summed, kinds, t)
        _chart(document, gathered, group, summed)
    for indicator in group.indicators:
        if indicator.kind == "choice":
            _choices(document, gathered, indicator, t)
        elif indicator.kind == "table":
            _rows(document, gathered, indicator, t)


def _beside_before(
    document: Paper, gathered: Gathered, group: IndicatorGroup, totals: Sequence[Total], t: Translator
) -> None:
    rows = [
        (
            str(place),
            _name(each),
            number(_shown(each, each.value), t),
            _of(each, gathered, t),
            number(_shown(each, each.before), t),
            signed(_shown(each, each.difference), t),
            f"{signed(each.per_cent, t)}%" if each.per_cent is not None else NOTHING,
        )
        for place, each in enumerate(totals, start=1)
    ]
    agencies = "Số cơ quan có số liệu" + (" (kỳ trước)" if gathered.previous else "")
    heading = ("TT", group.title.vi, "Kỳ này", agencies, "Kỳ trước", "Tăng, giảm", "Tỷ lệ")
    decree_30.table(document, "", heading, rows, _WIDTHS, numbers=frozenset({2, 3, 4, 5, 6}))


def _by_kind(
    document: Paper, gathered: Gathered, totals: Sequence[Total], kinds: Mapping[str, str], t: Translator
) -> None:
    there = [kind for kind in kinds if any(each.kind == kind for each in gathered.reporters)]
    if len(there) < 2:
        return
    rows = [
        (str(place), _name(each), *(number(_shown(each, each.by_kind.get(kind)), t) for kind in there))
        for place, each in enumerate(totals, start=1)
    ]
    width = (TEXT_WIDTH - 83) / len(there)
    heading = ("TT", "Kỳ này, theo loại cơ quan", *(kinds[kind] for kind in there))
    numbers = frozenset(range(2, 2 + len(there)))
    decree_30.table(document, "", heading, rows, (11, 72, *(width for _ in there)), numbers=numbers)


def _chart(document: Paper, gathered: Gathered, group: IndicatorGroup, totals: Sequence[Total]) -> None:
    """Bars of what is counted in pieces; money would dwarf it and has a chart of its own."""
    for money in (False, True):
        those = [each for each in totals if (each.indicator.kind == "money") == money and each.value is not None]
        if not those:
            continue
        series = [Series("Kỳ này", [_shown(each, each.value) for each in those])]
        if gathered.previous is not None and any(each.before is not None for each in those):
            series.append(Series("Kỳ trước", [_shown(each, each.before) for each in those]))
        caption = f"Biểu đồ: {group.title.vi}" + (" (triệu đồng)" if money else "")
        names = [each.indicator.label.vi for each in those]
        charts.add(document, caption, names, series, height=28 + 9 * len(those) * len(series))


def _choices(document: Paper, gathered: Gathered, indicator: Indicator, t: Translator) -> None:
    counted = sums.chosen(indicator, gathered)
    if counted:
        said = "; ".join(f"{each.vi.lower()}: {t.number(counted[each.value])}" for each in indicator.choices)
        decree_30.body(document, f"{indicator.label.vi} (số cơ quan): {said}.")


def _rows(document: Paper, gathered: Gathered, indicator: Indicator, t: Translator) -> None:
    found = sums.rows(indicator, gathered)
    if not found:
        decree_30.body(document, f"{indicator.label.vi}: chưa có số liệu.")
        return
    said = [f"{t.number(len(found))} mục, chi tiết tại Phụ lục 3"]
    for column in indicator.columns:
        if column.kind != "text":
            whole = sum(row.cells[column.key] for row in found if isinstance(row.cells.get(column.key), int | float))
            said.append(f"{column.label.vi.lower()} {_with_unit(column, whole, t)}")
    decree_30.body(document, f"{indicator.label.vi}: {'; '.join(said)}.")


def _with_unit(column: Column, value: Number, t: Translator) -> str:
    if column.kind == "money":
        return f"{number(in_millions(value), t)} {MILLIONS}"
    return f"{number(value, t)} {column.unit.vi}" if column.unit else number(value, t)


def number(value: Number | None, t: Translator) -> str:
    """A figure as an office writes it, a dash where there is none."""
    return NOTHING if value is None else t.number(value, decimals=DECIMALS)


def signed(value: Number | None, t: Translator) -> str:
    """A difference with its sign."""
    return NOTHING if value is None else f"{'+' if value > 0 else ''}{t.number(value, decimals=DECIMALS)}"


def _of(total: Total, gathered: Gathered, t: Translator) -> str:
    """How many agencies the sums are of: more of them in one period may be all that has grown."""
    now = t.number(total.of)
    return f"{now} ({t.number(total.of_before)})" if gathered.previous else now


def _name(total: Total) -> str:
    unit = MILLIONS if total.indicator.kind == "money" else figure_sheets.unit(total.indicator)
    together = " (bình quân)" if total.indicator.sums == "average" else ""
    return f"{total.indicator.label.vi}{together}" + (f" ({unit})" if unit else "")


def _shown(total: Total, value: Number | None) -> Number | None:
    """The value in the unit in which the paper writes it."""
    return value if value is None or total.indicator.kind != "money" else in_millions(value)


def in_millions(value: Number) -> Number:
    """đồng as millions of đồng, to two places."""
    return round(value / 1_000_000, 2)
