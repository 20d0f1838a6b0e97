"""The accepted figures as a workbook: a sheet per group of indicators, a row per agency with its document.

All cells are values, the sums too: nothing that an agency wrote can become a formula.
"""

from __future__ import annotations

from bot.i18n import Translator
from bot.services.consolidating import sums
from bot.services.consolidating.gathering import KINDS, Gathered, Reporter
from bot.services.handing_in import figures
from bot.services.handing_in.versions import Version
from bot.services.papers import period_names
from bot.services.report_forms import figure_sheets
from bot.services.spreadsheets import workbook
from bot.services.spreadsheets.tables import Cell, Table
from content.duty_model import Indicator, IndicatorGroup

_SOURCE = ("TT", "Cơ quan", "Loại", "Số văn bản", "Ngày văn bản", "Mã nộp", "Bản")


def make(gathered: Gathered, vietnamese: Translator) -> bytes:
    """The file."""
    tables = [_together(gathered)]
    for number, group in enumerate(gathered.duty.indicators, start=1):
        single = [each for each in group.indicators if each.kind != "table"]
        if single:
            tables.append(_group(gathered, group, single, number))
        tables += [_rows(gathered, each, number) for each in group.indicators if each.kind == "table"]
    tables.append(_reporters(gathered, vietnamese))
    return workbook.xlsx(tables)


def _together(gathered: Gathered) -> Table:
    """What it comes to, with the period and how complete it is ahead."""
    made = (
        ("Kỳ báo cáo", period_names.name(gathered.duty, gathered.period)),
        ("Số cơ quan có báo cáo được tiếp nhận", f"{len(gathered.accepted)}/{len(gathered.reporters)}"),
    )
    rows: list[tuple[Cell, ...]] = [(label, value, None, None, None, None, None, None) for label, value in made]
    for group in gathered.duty.indicators:
        for indicator in group.indicators:
            if indicator.numeric:
                total = sums.total(indicator, gathered)
                rows.append(
                    (
                        group.title.vi,
                        indicator.label.vi,
                        figure_sheets.unit(indicator),
                        total.value,
                        total.of,
                        total.before,
                        total.difference,
                        total.per_cent,
                    )
                )
    heading = ("Nhóm", "Chỉ tiêu", "Đơn vị tính", "Kỳ này", "Số cơ quan", "Kỳ trước", "Tăng, giảm", "Tăng, giảm (%)")
    return Table("Tổng hợp", heading, tuple(rows))


def _group(gathered: Gathered, group: IndicatorGroup, indicators: list[Indicator], number: int) -> Table:
    heading = (*_SOURCE, *(_label(each) for each in indicators))
    rows: list[tuple[Cell, ...]] = [
        (*_source(place, reporter, version), *(_cell(each, version) for each in indicators))
        for place, (reporter, version) in enumerate(gathered.accepted, start=1)
    ]
    totals = [sums.total(each, gathered).value if each.numeric else None for each in indicators]
    rows.append((None, "Cộng / bình quân", None, None, None, None, None, *totals))
    return Table(_sheet(number, group.title.vi), heading, tuple(rows))


def _rows(gathered: Gathered, indicator: Indicator, number: int) -> Table:
    heading = (*_SOURCE, *(figure_sheets.column_label(column) for column in indicator.columns))
    rows = [
        (*_source(place, row.reporter, row.version), *(row.cells.get(column.key) for column in indicator.columns))
        for place, row in enumerate(sums.rows(indicator, gathered), start=1)
    ]
    return Table(_sheet(number, indicator.label.vi), heading, tuple(rows))


def _reporters(gathered: Gathered, t: Translator) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            place,
            each.agency.vi,
            KINDS.get(each.kind, each.kind),
            "được tiếp nhận" if each.accepted else "chưa có",
            each.handed_in.astimezone(t.zone).replace(tzinfo=None) if each.handed_in else None,
            None if each.handed_in is None else "muộn" if each.late else "đúng hạn",
        )
        for place, each in enumerate(gathered.reporters, start=1)
    )
    return Table("Cơ quan", ("TT", "Cơ quan", "Loại", "Báo cáo", "Nộp lúc", "Thời hạn"), rows)


def _source(place: int, reporter: Reporter, version: Version) -> tuple[Cell, ...]:
    return (
        place,
        reporter.agency.vi,
        KINDS.get(reporter.kind, reporter.kind),
        version.document_number,
        version.document_date,
        version.code,
        version.version,
    )


def _cell(indicator: Indicator, version: Version) -> Cell:
    value = version.figures.get(indicator.key)
    if not figures.fits(indicator, value):
        return None
    if indicator.kind == "choice":
        return next((each.vi for each in indicator.choices if each.value == value), None)
    return value if isinstance(value, str | int | float) else None


def _label(indicator: Indicator) -> str:
    unit = figure_sheets.unit(indicator)
    return f"{indicator.label.vi} ({unit})" if unit else indicator.label.vi


def _sheet(number: int, title: str) -> str:
    return figure_sheets.NOT_IN_A_SHEETS_NAME.sub(" ", f"{number}. {title}")[:31]
