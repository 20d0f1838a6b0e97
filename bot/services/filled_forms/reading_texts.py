"""What is said about a form that was sent back: why it can't be used, what is wrong where, what to know about it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n import Translator
from bot.services.filled_forms.office_parts import Unusable, UnusableFile
from bot.services.filled_forms.readings import Kind, Place, Remark, Trouble, Wrong
from bot.services.handing_in import figure_texts
from bot.services.handing_in.figures import Problem
from bot.services.handing_in.questions import LONGEST_PART
from bot.services.reporting import report_texts
from content.model import Content


def unusable(error: UnusableFile, known: Content, t: Translator) -> str:
    """Why nothing can be taken over, and what to do."""
    match error.why:
        case Unusable.BROKEN:
            return t("The file can't be opened. Please open it in Word or Excel, save it as DOCX or XLSX, "
                     "and send it again.")  # fmt: skip
        case Unusable.TOO_LARGE:
            return t("The file unpacks to far more than the form has. Please send the form itself, without pictures.")
        case Unusable.TOO_MANY_ROWS:
            return t("The workbook has far more rows than the form. Please put the figures into the form you got "
                     "here, and send that.")  # fmt: skip
        case Unusable.NOT_OURS:
            return t("This is not the workbook of this report, or its hidden sheet was removed. Please get the "
                     "workbook here, put the figures into it, and send that.")  # fmt: skip
        case Unusable.OTHER_AGENCY:
            return t("This form was made for another agency: {names}. Please send the one of this report.",
                     names=_names(error, known, t))  # fmt: skip
        case Unusable.OTHER_DUTY:
            return t("This form belongs to another report: {names}. Please send the one of this report.",
                     names=_names(error, known, t))  # fmt: skip
        case Unusable.OTHER_PERIOD:
            return t("This form is for another period, the one that ends on {names}. Please send the one of this "
                     "period.", names=_names(error, known, t))  # fmt: skip
        case Unusable.NOTHING:
            return t("There is nothing to take over yet: every place to fill in is empty.")


def _names(error: UnusableFile, known: Content, t: Translator) -> str:
    """What the file is for instead: the agency, the report or the end of the period."""
    mark = error.mark
    if mark is None:
        return ""
    if error.why is Unusable.OTHER_PERIOD:
        return t.short_date(mark.period_end)
    if error.why is Unusable.OTHER_AGENCY:
        agency = known.agencies.get(mark.agency)
        return agency.name.in_language(t.language) if agency else mark.agency
    return report_texts.duty_title(mark.duty, known, t)


def wrong(found: Wrong, t: Translator) -> str:
    """One thing that is not taken over: where, what, what to do."""
    said = _problem(found, t)
    place, where = found.place, found.place.where
    if not where:
        return said
    match place.kind:
        case Kind.SECTION:
            return t("Section «{section}»: {problem}", section=where, problem=said)
        case Kind.TABLE if place.row:
            return t("Table «{table}», row «{row}»: {problem}", table=where, row=place.row, problem=said)
        case Kind.TABLE:
            return t("Table «{table}»: {problem}", table=where, problem=said)
    if place.cell:
        return t("Sheet «{sheet}», cell {cell}: {problem}", sheet=where, cell=place.cell, problem=said)
    if place.row:
        return t("Sheet «{sheet}», row {row}: {problem}", sheet=where, row=place.row, problem=said)
    return t("Sheet «{sheet}»: {problem}", sheet=where, problem=said)


def location(place: Place) -> str:
    """Where it is, for a cell of the list of everything wrong."""
    return ", ".join(each for each in (place.where, place.cell or place.row) if each)


def remark(what: Remark, about: Sequence[str], t: Translator) -> str:
    """What people should know about a file that can be used."""
    named = "; ".join(f"«{each}»" for each in about)
    match what:
        case Remark.OLDER:
            return t("The form was made before the questions of this report were changed. What still fits is taken "
                     "over; please check the rest.")  # fmt: skip
        case Remark.UNMARKED:
            return t("The file doesn't say which agency and period it was made for. Please check that it is the "
                     "right one.")  # fmt: skip
        case Remark.NO_SECTION:
            return t("These headings were not found, so nothing is taken over for them: {headings}.", headings=named)
        case Remark.OTHER_HEADING:
            return t("These headings are not in the outline, so what stands below them is left out: {headings}.",
                     headings=named)  # fmt: skip
        case Remark.PICTURES:
            return t("Pictures are not taken over; please send them as attachments. They stand in: {sections}.",
                     sections=named)  # fmt: skip
        case Remark.TABLES:
            return t("Tables within the text become lines of text in: {sections}.", sections=named)
        case Remark.TRACKED:
            return t("The document still tracks changes: what was inserted counts, what was deleted doesn't.")


def _problem(found: Wrong, t: Translator) -> str:
    if isinstance(found.what, Problem):
        said = figure_texts.problem(found.what, t)
        column = f"{found.about}: " if found.about else ""
        return f"{column}«{found.value}». {said}" if found.value else f"{column}{said}"
    return _trouble(found.what, found, t)


def _trouble(what: Trouble, found: Wrong, t: Translator) -> str:
    match what:
        case Trouble.FORMULA:
            return t("a formula stands here. Please put its value there: copy the cell, then choose Paste Special, "
                     "Values.")  # fmt: skip
        case Trouble.ERROR:
            return t("the error {value} stands here. Please enter the figure itself.", value=found.value)
        case Trouble.MERGED:
            return t("cells are merged here. Please split them, and enter each figure in its own cell.")
        case Trouble.TRUTH:
            return t("TRUE or FALSE stands here. Please enter the figure itself.")
        case Trouble.CHANGED:
            return t("«{about}» has been changed since this form was made. Please enter it in the chat, or get a new "
                     "form.", about=found.about)  # fmt: skip
        case Trouble.GONE:
            return t("The row «{about}» is no longer in the workbook. Please enter it in the chat, or get a new form.",
                     about=found.about)  # fmt: skip
        case Trouble.TWICE:
            return t("«{about}» stands in the workbook twice, so neither was taken over.", about=found.about)
        case Trouble.NO_COLUMN:
            return t("the column «{about}» is no longer there. Please get a new form.", about=found.about)
        case Trouble.TOO_MANY_ROWS:
            return t.plural(
                "At most {number} row is possible here. Please put the smaller ones together.",
                "At most {number} rows are possible here. Please put the smaller ones together.",
                int(found.value),
            )
        case Trouble.TOO_LONG:
            return t("the text has more than {limit} characters. Please shorten it, or send this part as a file of "
                     "its own in the chat.", limit=t.number(LONGEST_PART))  # fmt: skip
        case Trouble.UNIT:
            return t("the unit has become «{value}». Please give the figure in the unit of the form.",
                     value=found.value)  # fmt: skip
