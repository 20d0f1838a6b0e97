"""One question of a report as people read it: what is asked, what was last period, what is there already."""

from __future__ import annotations

from typing import Any

from bot.messages import Button, Reply
from bot.services.files import file_texts
from bot.services.handing_in import figure_texts, questions, version_texts
from bot.services.handing_in.draft_rows import mark
from bot.services.handing_in.questions import Kind, Question
from bot.services.reporting import report_texts
from content.duty_model import Column, Indicator
from handlers.handing_in import hand_state
from handlers.handing_in.hand_state import Open, State, button
from handlers.turn import Turn

LONGEST_SO_FAR = 1500
LONGEST_LABEL = 60
MOST_ROWS_TO_REMOVE = 10


async def ask(turn: Turn, there: Open, question: Question, state: State, note: str = "") -> Reply:
    """Ask one question; from now on what the person says answers it."""
    seen = mark(there.draft.value(question.key))
    state = State(there.owed.id, question.key, seen=seen, whole=state.whole, cells=state.cells)
    await hand_state.remember(turn, state)
    t = turn.t
    asked = questions.of(there.duty)
    place = t("Question {place}/{all}", place=asked.index(question) + 1, all=len(asked))
    heading = question.group.title.in_language(t.language) if question.group else ""
    parts = [note, heading, *_about(turn, there, question, state), _so_far(turn, there, question)]
    return turn.say(
        "\n\n".join(part for part in parts if part),
        title=f"{place}: {label(turn, question)}",
        footnote=f"{report_texts.title(there.owed, turn.known, t)}\n{there.owed.agency.in_language(t.language)}",
        buttons=(*_choices(turn, there, question, state), *_away(turn, there, question, state)),
    )


def label(turn: Turn, question: Question) -> str:
    """What a question is called."""
    t = turn.t
    named = question.indicator or question.wanted
    if named is not None:
        return named.label.in_language(t.language)
    if question.section is not None:
        return question.section.title.in_language(t.language)
    return {
        Kind.MORE: t("Further attachments"),
        Kind.NUMBER: t("Number of the document"),
        Kind.DATE: t("Date of the document"),
    }[question.kind]


def _about(turn: Turn, there: Open, question: Question, state: State) -> list[str]:
    """What is asked, and how to answer."""
    t = turn.t
    if question.indicator is not None:
        return _about_figure(turn, there, question.indicator, state)
    if question.section is not None:
        help_ = question.section.help.in_language(t.language) if question.section.help else ""
        if question.key in there.draft.parts:
            return [help_]
        how = t(
            "Please type this part; several messages are put together. Or send it as a file. "
            "When it is complete, press “This part is done”."
        )
        return [help_, how]
    match question.kind:
        case Kind.FILE:
            return [t("Please send the file."), file_texts.accepted(t)]
        case Kind.MORE:
            return [t("Is there anything else to go with the report? Please send the files one by one.")]
        case Kind.NUMBER:
            return [t("What is the number of the report? For example 05/BC-SCT or 12/BC-UBND.")]
        case _:
            number = there.draft.document_number
            if number:
                return [t("What is the date of document {number}? Please write day/month/year.", number=number)]
            return [t("What is the date of the document? Please write day/month/year.")]


def _about_figure(turn: Turn, there: Open, indicator: Indicator, state: State) -> list[str]:
    t = turn.t
    parts = [indicator.help.in_language(t.language) if indicator.help else ""]
    last = there.last.get(indicator.key)
    if last is not None:
        shown = figure_texts.value(indicator, last, t)
        separator = "\n" if indicator.kind == "table" and last else " "
        parts.append(t("Last period:") + separator + shown)
    match indicator.kind:
        case "money":
            parts.append(t("Please write the amount in đồng, for example “3 tỷ 500 triệu” or 3.500.000.000."))
        case "percentage":
            parts.append(t("Please write a percentage from 0 to 100."))
        case "number" if indicator.unit:
            parts.append(t("Please write the number ({unit}).", unit=indicator.unit.in_language(t.language)))
        case "number":
            parts.append(t("Please write the number."))
        case "choice":
            parts.append(t("Please choose."))
        case "text":
            parts.append(t("Please type it in words."))
        case "table":
            parts.append(_about_row(turn, there, indicator, state))
    return parts


def _about_row(turn: Turn, there: Open, indicator: Indicator, state: State) -> str:
    t = turn.t
    rows = there.draft.figures.get(indicator.key) or []
    column = next_column(indicator, state)
    if state.cells:
        so_far = figure_texts.row(indicator, begun_row(indicator, state), t, cells=len(state.cells))
        return (
            t("Row {place}: {cells}", place=len(rows) + 1, cells=so_far)
            + "\n"
            + t("Now: {column}", column=_column(column, turn))
        )
    order = "; ".join(each.label.in_language(t.language) for each in indicator.columns)
    return t("Row {place}: please write {column}, or the whole row at once: {order}",
             place=len(rows) + 1, column=_column(column, turn), order=order)  # fmt: skip


def _column(column: Column, turn: Turn) -> str:
    name = column.label.in_language(turn.t.language)
    return f"{name} ({column.unit.in_language(turn.t.language)})" if column.unit else name


def next_column(indicator: Indicator, state: State) -> Column:
    """The column whose cell comes next in a row that is entered cell by cell."""
    return indicator.columns[min(len(state.cells), len(indicator.columns) - 1)]


def begun_row(indicator: Indicator, state: State) -> dict[str, Any]:
    """The cells so far as a row."""
    cells = zip(indicator.columns, state.cells, strict=False)
    return {column.key: cell for column, cell in cells if cell is not None}


def _so_far(turn: Turn, there: Open, question: Question) -> str:
    """What has been answered already, by whom."""
    t, draft = turn.t, there.draft
    if question.kind is Kind.MORE:
        files = questions.more(draft.files)
        return (
            "\n".join([t("Already there:"), *(f"- {version_texts.file(each, t)}" for each in files.values())])
            if files
            else ""
        )
    shown = shown_answer(turn, there, question, LONGEST_SO_FAR)
    if not shown:
        return ""
    if question.kind is Kind.PART and "\n" in shown:
        shown = f"\n{shown}"
    deed = draft.authors.get(question.key)
    if deed is None:
        return t("So far: {answer}", answer=shown)
    who = report_texts.who(deed, turn.person.contact_id, t)
    return t("So far ({name}, {when}): {answer}", name=who, when=t.moment(deed.at), answer=shown)


def shown_answer(turn: Turn, there: Open, question: Question, longest: int) -> str:
    """The present answer in words, or nothing; a long text only in part."""
    t = turn.t
    value = there.draft.value(question.key)
    if not questions.answered(question, there.draft):
        return ""
    match question.kind:
        case Kind.FIGURE if question.indicator is not None:
            shown = figure_texts.value(question.indicator, value, t)
            return f"\n{shown}" if question.indicator.kind == "table" and value else shown
        case Kind.PART if isinstance(value, str):
            return report_texts.shortened(value, longest)
        case Kind.PART | Kind.FILE:
            return version_texts.file(value, t)
        case Kind.MORE:
            files = questions.more(there.draft.files)
            return ", ".join(version_texts.file(each, t) for each in files.values())
        case Kind.DATE if there.draft.document_date:
            return t.short_date(there.draft.document_date)
        case _:
            return str(value)


def _choices(turn: Turn, there: Open, question: Question, state: State) -> list[tuple[Button, ...]]:
    """The answers that are buttons."""
    t = turn.t
    there_already = questions.answered(question, there.draft)
    rows: list[tuple[Button, ...]] = []
    if question.indicator is not None:
        for place, choice in enumerate(question.indicator.choices):
            rows.append((button(choice.in_language(t.language), state, "choose", place),))
        if question.indicator.kind == "table":
            return [*rows, *_table_choices(turn, there, question, state)]
    match question.kind:
        case Kind.DATE:
            today = turn.today
            rows.append((button(t("Today, {date}", date=t.short_date(today)), state, "today"),))
        case Kind.PART if there_already:
            rows.append((button(t("This part is done"), state, "next"), button(t("Write it anew"), state, "clear")))
            return rows
        case Kind.FILE if there_already:
            rows.append((button(t("Keep the file"), state, "next"), button(t("Remove the file"), state, "clear")))
            return rows
        case Kind.MORE if there_already:
            rows.append((button(t("That is all"), state, "next"), button(t("Remove these files"), state, "clear")))
            return rows
    if there_already:
        rows.append((button(t("Keep it as it is"), state, "next"),))
    elif not question.required:
        rows.append((button(t("Skip"), state, "next"),))
    return rows


def _table_choices(turn: Turn, there: Open, question: Question, state: State) -> list[tuple[Button, ...]]:
    t = turn.t
    rows = there.draft.figures.get(question.key) or []
    if state.cells:
        return [(button(t("Leave this cell empty"), state, "empty"), button(t("Row is complete"), state, "row"))]
    if rows:
        return [(button(t("This table is done"), state, "next"), button(t("Remove a row"), state, "rows"))]
    buttons = [button(t("There are none"), state, "none")]
    if not question.required:
        buttons.append(button(t("Skip"), state, "next"))
    return [tuple(buttons)]


def _away(turn: Turn, there: Open, question: Question, state: State) -> list[tuple[Button, ...]]:
    t = turn.t
    first = questions.of(there.duty)[0].key == question.key
    back = [] if first and not state.whole else [button(t("Back"), state, "back")]
    return [
        (*back, button(t("Whole report"), state, "whole")),
        (button(t("Save and go on later"), state, "later"),),
    ]


async def remove_row(turn: Turn, there: Open, question: Question, state: State) -> Reply:
    """Which row shall go."""
    t = turn.t
    rows = there.draft.figures.get(question.key) or []
    seen = mark(there.draft.value(question.key))
    state = State(there.owed.id, question.key, seen=seen, whole=state.whole, choosing=True)
    await hand_state.remember(turn, state)
    shown = rows[-MOST_ROWS_TO_REMOVE:]
    first = len(rows) - len(shown)
    named = [
        (
            button(
                report_texts.shortened(f"{place + 1}. {figure_texts.row(question.indicator, row, t)}", LONGEST_LABEL),
                state,
                "remove",
                place,
            ),
        )
        for place, row in enumerate(shown, start=first)
        if question.indicator is not None
    ]
    return turn.say(
        t("Which row shall be removed?"),
        title=label(turn, question),
        buttons=(*named, (button(t("Back"), state, "stay"),)),
    )


async def confirm(
    turn: Turn, there: Open, question: Question, state: State, text: str, *, yes: str, no: str, pending: object
) -> Reply:
    """A value that is stored only after a yes."""
    seen = mark(there.draft.value(question.key))
    state = State(there.owed.id, question.key, seen=seen, whole=state.whole, pending=pending, choosing=True)
    await hand_state.remember(turn, state)
    return turn.say(
        text,
        title=label(turn, question),
        buttons=((button(yes, state, "yes"), button(no, state, "stay")),),
    )
