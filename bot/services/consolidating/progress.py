"""How far the plan's targets are met: each accepted figure over the years beside the target, as chart and table."""

from __future__ import annotations

from collections.abc import Callable

from docx.document import Document as Paper

from bot.i18n import Translator
from bot.services.consolidating import charts
from bot.services.consolidating.charts import LINES, Series
from bot.services.consolidating.gathering import Gathered
from bot.services.papers import decree_30
from bot.services.papers.typesetting import TEXT_WIDTH
from content.duty_model import Duty, Indicator, IndicatorGroup

FIRST_YEAR = 2026


def is_progress(group: IndicatorGroup) -> bool:
    """Whether a group is about targets only, which have a part of the report to themselves."""
    return all(each.target is not None for each in group.indicators)


def targets(gathered: Gathered, above: Duty | None) -> list[Indicator]:
    """The indicators with a target, of the duty and of the one that consolidates it."""
    return [
        indicator
        for duty in (gathered.duty, above)
        if duty is not None
        for indicator in duty.figures.values()
        if indicator.target is not None
    ]


def write(
    document: Paper, gathered: Gathered, above: Duty | None, heading: Callable[[str], None], t: Translator
) -> None:
    """The part about targets; nothing where no indicator has one."""
    wanted = targets(gathered, above)
    if not wanted:
        return
    last = max(each.target.year for each in wanted if each.target)
    heading(f"Tiến độ thực hiện mục tiêu đến năm {last}")
    decree_30.body(
        document,
        "Mục tiêu theo mục II.2.b của Kế hoạch (các mức «khoảng»); Kế hoạch không quy định cách đo, số liệu do cơ quan "
        "báo cáo cung cấp.",
    )
    years = list(range(min(FIRST_YEAR, *_years(gathered), gathered.period.end.year), last + 1))
    _table(document, gathered, wanted, [year for year in years if year <= gathered.period.end.year], t)
    shown = [each for each in wanted if gathered.progress.get(each.key)]
    if not shown:
        decree_30.body(document, "Chưa có số liệu được tiếp nhận của chỉ tiêu nào, nên chưa có biểu đồ tiến độ.")
    for each in shown:
        _chart(document, gathered, each, years)


def _years(gathered: Gathered) -> set[int]:
    return {year for values in gathered.progress.values() for year in values} or {FIRST_YEAR}


def _table(document: Paper, gathered: Gathered, wanted: list[Indicator], years: list[int], t: Translator) -> None:
    rows = [
        (
            str(place),
            f"{each.label.vi} (%)",
            _range(each, t),
            *(_value(gathered.progress.get(each.key, {}).get(year), t) for year in years),
        )
        for place, each in enumerate(wanted, start=1)
    ]
    shown = years[-4:]
    rows = [(*row[:3], *row[3 + len(years) - len(shown) :]) for row in rows]
    width = (TEXT_WIDTH - 11 - 70 - 30) / len(shown)
    heading = ("TT", "Chỉ tiêu", "Mục tiêu (mục)", *(f"Năm {year}" for year in shown))
    numbers = frozenset(range(3, 3 + len(shown)))
    decree_30.table(document, "", heading, rows, (11, 70, 30, *(width for _ in shown)), numbers=numbers)


def _chart(document: Paper, gathered: Gathered, indicator: Indicator, years: list[int]) -> None:
    target, values = indicator.target, gathered.progress[indicator.key]
    if target is None:
        return
    series = [Series("Kết quả", [values.get(year) for year in years])]
    low = [target.low for _ in years]
    if target.low == target.high:
        series.append(Series(f"Mục tiêu năm {target.year}", low))
    else:
        series.append(Series(f"Mục tiêu năm {target.year}: mức thấp", low))
        series.append(Series(f"Mục tiêu năm {target.year}: mức cao", [target.high for _ in years]))
    caption = f"Biểu đồ: {indicator.label.vi} (%)"
    charts.add(document, caption, [str(year) for year in years], series, kind=LINES, height=60)


def _range(indicator: Indicator, t: Translator) -> str:
    target = indicator.target
    if target is None:
        return "-"
    low, high = t.number(target.low), t.number(target.high)
    span = f"{low}%" if low == high else f"{low}-{high}%"
    return f"{span} ({target.source})"


def _value(value: float | None, t: Translator) -> str:
    return "-" if value is None else t.number(value, decimals=2)
