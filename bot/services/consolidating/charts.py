"""Native charts in a Word file, with their figures in a workbook inside, so that an office can go on editing them.

The chart's own description and its workbook are made by python-pptx, since Word and PowerPoint share that format
(DrawingML, ECMA-376 part 1, section 21.2); putting it into a Word file is ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.document import Document as Paper
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from docx.shared import Mm
from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.chart.xmlwriter import ChartXmlWriter
from pptx.enum.chart import XL_CHART_TYPE

from bot.services.papers.plain_text import one_line
from bot.services.papers.typesetting import CENTER, FONT, TEXT_WIDTH, line

BARS, LINES = XL_CHART_TYPE.BAR_CLUSTERED, XL_CHART_TYPE.LINE_MARKERS
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_COLOURS = ("1F6B4F", "B7C9C0", "C98B2B", "7A8FA6", "A23B3B")
_LONGEST_LABEL = 60
_WHOLE, _FRACTIONS = "[$-42A]#,##0", "[$-42A]#,##0.0#"  # 42A: Vietnamese
_WORKBOOK = "rId1"


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures; None leaves a gap."""

    name: str
    values: Sequence[float | None]


def add(
    document: Paper,
    caption: str,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    kind: Any = BARS,
    height: float = 70,
) -> None:
    """Put a chart with its caption at the end of the document. ``height`` in millimetres."""
    data = CategoryChartData(number_format=_number_format(series, kind))
    data.categories = [_label(each) for each in categories]
    for each in series:
        data.add_series(one_line(each.name), each.values)
    number = sum(1 for part in document.part.package.iter_parts() if part.content_type == _CHART_TYPE) + 1
    relation = _attach(document, data, kind, number)
    paragraph = line(document.add_paragraph(), "", align=CENTER, before=6)
    paragraph.add_run().element.append(_drawing(relation, number, caption, int(Mm(TEXT_WIDTH)), int(Mm(height))))
    paragraph.paragraph_format.keep_with_next = True
    line(document.add_paragraph(), caption, italic=True, size=13, align=CENTER, after=6)


def _number_format(series: Sequence[Series], kind: Any) -> str:
    """As Vietnamese offices write numbers, wherever the file is opened; an axis has round ones."""
    values = [value for each in series for value in each.values if value is not None]
    return _WHOLE if kind == LINES or all(value == int(value) for value in values) else _FRACTIONS


def _attach(document: Paper, data: CategoryChartData, kind: Any, number: int) -> str:
    """Add the chart and its workbook to the package; the id by which the document refers to it."""
    package = document.part.package
    described = _described(ChartXmlWriter(kind, data).xml, kind)
    chart = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART_TYPE, described, package)
    content = CategoryWorkbookWriter(data).xlsx_blob
    workbook = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), _WORKBOOK_TYPE, content, package)
    if chart.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE) != _WORKBOOK:
        raise RuntimeError("a chart's first relation is not called as its description has it")
    return document.part.relate_to(chart, RELATIONSHIP_TYPE.CHART)


def _described(written: str, kind: Any) -> bytes:
    """The chart's description with our colours, figures at the bars, the legend below and its workbook."""
    root = parse_xml(written.encode())
    for place, series in enumerate(root.iter(f"{{{_C}}}ser")):
        _colour(series, _COLOURS[place % len(_COLOURS)], line=kind == LINES)
    plot = root.find(f".//{{{_C}}}plotArea")
    if plot is not None:
        legend = parse_xml(f'<c:legend xmlns:c="{_C}"><c:legendPos val="b"/><c:overlay val="0"/></c:legend>')
        for old in root.findall(f".//{{{_C}}}legend"):
            old.getparent().remove(old)
        plot.addnext(legend)
        for lines in plot.findall(f".//{{{_C}}}majorGridlines"):
            lines.getparent().remove(lines)
        if kind == BARS:
            _figures_at_bars(plot)
    for old in root.findall(f"{{{_C}}}txPr"):
        root.remove(old)
    chart = root.find(f"{{{_C}}}chart")
    chart.addnext(
        parse_xml(
            f'<c:txPr xmlns:c="{_C}" xmlns:a="{_A}"><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1000">'
            f'<a:latin typeface="{FONT}"/></a:defRPr></a:pPr><a:endParaRPr lang="vi-VN"/></a:p></c:txPr>'
        )
    )
    root.append(
        parse_xml(
            f'<c:externalData xmlns:c="{_C}" xmlns:r="{_R}" r:id="{_WORKBOOK}"><c:autoUpdate val="0"/></c:externalData>'
        )
    )
    return serialize_part_xml(root)


def _colour(series: Any, colour: str, *, line: bool) -> None:
    fill = f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'
    inner = f'<a:ln w="28575">{fill}</a:ln>' if line else fill
    shape = parse_xml(f'<c:spPr xmlns:c="{_C}" xmlns:a="{_A}">{inner}</c:spPr>')
    for old in series.findall(f"{{{_C}}}spPr"):
        series.remove(old)
    series.find(f"{{{_C}}}tx").addnext(shape)


def _figures_at_bars(plot: Any) -> None:
    bars = plot.find(f"{{{_C}}}barChart")
    labels = parse_xml(
        f'<c:dLbls xmlns:c="{_C}"><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
        '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
    )
    for old in bars.findall(f"{{{_C}}}dLbls"):
        bars.remove(old)
    bars.findall(f"{{{_C}}}ser")[-1].addnext(labels)
    # What stands first is drawn first, not at the bottom; the scale says nothing more than the figures do.
    plot.find(f"{{{_C}}}catAx/{{{_C}}}scaling/{{{_C}}}orientation").set("val", "maxMin")
    plot.find(f"{{{_C}}}valAx/{{{_C}}}delete").set("val", "1")


def _drawing(relation: str, number: int, description: str, width: int, height: int) -> Any:
    """The frame in the text that shows the chart; what it shows is said for those who can't see it."""
    drawing = parse_xml(
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
        f' xmlns:a="{_A}" xmlns:c="{_C}" xmlns:r="{_R}">'
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{1000 + number}" name="Chart {number}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{_C}"><c:chart r:id="{relation}"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )
    for properties in drawing.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"):
        properties.set("descr", one_line(description))
    return drawing


def _label(text: str) -> str:
    words = one_line(text)
    return words if len(words) <= _LONGEST_LABEL else f"{words[: _LONGEST_LABEL - 1].rstrip()}…"
