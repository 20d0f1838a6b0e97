"""The calendar of a year as a file, and a file that changes it: checked line by line, shown, confirmed, done."""

from __future__ import annotations

from bot.messages import Reply
from bot.services.calendar import day_list, day_table
from bot.services.calendar.day_table import HEADING, KINDS
from bot.services.files import made_files
from bot.services.files.kinds import Found
from bot.services.spreadsheets import workbook
from handlers.deciding import desk_dialog, file_mistakes, sent_lists
from handlers.deciding.desk_dialog import CALENDAR, Said
from handlers.duties import calendar_pages, calendar_preview, calendar_rows
from handlers.duties.calendar_pages import button
from handlers.duties.calendar_rows import Checked
from handlers.turn import Turn

FILE = "file"


async def download(turn: Turn, year: int, *, may_change: bool) -> Reply:
    """The days of a year as CSV, ready for Excel."""
    t = turn.t
    year = calendar_pages.possible(turn, year)
    days = await day_list.of_year(turn.connection, year, t.language)
    content = workbook.csv_file(day_table.table(days, year, t.language))
    attachment = await made_files.keep(
        turn.connection,
        turn.person,
        turn.files,
        content,
        name=t("working-calendar-{year}", year=year),
        kind=Found.CSV,
        now=turn.now,
    )
    text = t("The days off and worked weekends of {year}, one per row; Excel opens the file.", year=year)
    change = (button(t("Send the changed file"), FILE, str(year)),) if may_change else ()
    if may_change:
        text += " " + t("You can change rows, or add some, save the file and send it here.")
    return turn.say(
        text,
        title=t("Working calendar {year}", year=year),
        attachment=attachment,
        buttons=((*change, button(t("Back"), "year", str(year))),),
    )


async def ask(turn: Turn, year: int, problem: str = "") -> Reply:
    """Ask for the file; ``year`` is the one that it can be got for as a model."""
    t = turn.t
    await desk_dialog.ask(turn, CALENDAR, FILE, year)
    text = t(
        "Please send the CSV or Excel (XLSX) file with the columns {columns}, one day per row. The kind is {kinds}. "
        "Days that are not in the file stay as they are. You see what would change first; nothing happens before you "
        "confirm.",
        columns=", ".join(each.in_language(t.language) for each in HEADING),
        kinds=", ".join(f"“{each.in_language(t.language)}”" for each in KINDS.values()),
    )
    return turn.say(
        f"{problem}\n\n{text}" if problem else text,
        title=_title(turn),
        buttons=(
            (button(t("Get {year} as CSV", year=year), "get", str(year)), button(t("Cancel"), "drop", str(year))),
        ),
    )


async def received(turn: Turn, said: Said) -> Reply:
    """The file came: its mistakes by line, or what it would do."""
    t = turn.t
    file = turn.incoming.file
    if said.step == "check" and file is None:
        problem = t("Please press one of the buttons, or send another file.")
        return turn.say(problem, title=_title(turn), buttons=calendar_preview.decide(turn, said))
    unfit = sent_lists.unfit(turn)
    if unfit or file is None:
        return await ask(turn, said.about, unfit)
    checked = await _checked(turn, file.path)
    if isinstance(checked, str):
        return await ask(turn, said.about, checked)
    if not checked.edits:
        return await ask(turn, said.about, t("The file says what is stored already; there is nothing to change."))
    asked = Said(CALENDAR, FILE, said.about, text=file.path, more=file.name)
    return await calendar_preview.show(turn, asked, checked.edits)


async def confirmed(turn: Turn, said: Said) -> Reply:
    """Do what was shown, unless the file, read once more, says something else of the calendar by now."""
    checked = await _checked(turn, said.text)
    if isinstance(checked, str):
        return await ask(turn, said.about, checked)
    if not checked.edits:
        note = turn.t("In the meantime the calendar has become what the file says; there is nothing left to do.")
        return await calendar_pages.page(turn, said.about, note, may_change=True)
    return await calendar_preview.carry_out(turn, said, checked.edits)


async def _checked(turn: Turn, path: str) -> Checked | str:
    """What the file changes, or why it can't be taken over."""
    t = turn.t
    lines = await sent_lists.read(turn, path)
    if isinstance(lines, str):
        return lines
    rows = day_table.rows(lines)
    if rows is None:
        columns = ", ".join(each.in_language(t.language) for each in HEADING)
        return t("There is no line with the headings {columns}.", columns=columns)
    checked = await calendar_rows.check(turn, rows)
    if checked.mistakes:
        return "\n".join(file_mistakes.listed(checked.mistakes, calendar_rows.said, t))
    return checked


def _title(turn: Turn) -> str:
    return turn.t("Change the calendar by a file")
