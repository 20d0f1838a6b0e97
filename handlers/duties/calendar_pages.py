"""The working calendar as a page: the days of a year that are not what their weekday says."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.calendar import day_list
from bot.services.calendar.day_list import CULTURE_DAY, Listed, Year
from handlers.deciding import desk_dialog
from handlers.turn import Turn

FIRST_YEAR, YEARS_AHEAD = 2025, 5
REMOVABLE = 12


def button(label: str, verb: str, *parts: str) -> Button:
    return Button(label, ":".join(("calendar", verb, *parts)))


def possible(turn: Turn, year: int) -> int:
    """A year that can be shown: this one for anything else."""
    this_year = turn.today.year
    return year if FIRST_YEAR <= year <= this_year + YEARS_AHEAD else this_year


async def page(turn: Turn, year: int, note: str = "", *, may_change: bool) -> Reply:
    """One year; whoever may change it finds the buttons for that."""
    t = turn.t
    year = possible(turn, year)
    days = await day_list.of_year(turn.connection, year, t.language)
    said = await day_list.year(turn.connection, year)
    off = [each for each in days if not each.worked]
    worked = [each for each in days if each.worked]
    blocks = [note] if note else []
    blocks.append(_certainty(turn, year, said))
    blocks.append("\n".join([t("Days off:"), *(_line(turn, each) for each in off)]))
    if worked:
        blocks.append("\n".join([t("Weekend days that are worked:"), *(_line(turn, each) for each in worked)]))
    rows = [_turning(turn, year)]
    if may_change:
        rows += _editing(turn, year, days, said)
    if turn.person.role is not None:
        rows.append((button(t("Get as CSV"), "get", str(year)), button(t("Who changed what"), "history", str(year))))
    duties = (Button(t("Duties to report"), "do:duties"),) if turn.person.role is not None else ()
    rows.append((*duties, *desk_dialog.menu(turn)))
    return turn.say(
        "\n\n".join(blocks),
        title=t("Working calendar {year}", year=year),
        footnote=t("Public offices work Monday to Friday; due dates and reminders go by these days."),
        buttons=tuple(rows),
        instead=not note,
    )


def _certainty(turn: Turn, year: int, said: Year) -> str:
    t = turn.t
    if not said.announced:
        return t(
            "Provisional: the days off of {year} have not been announced yet. What is shown follows from the law and "
            "may move.",
            year=year,
        )
    if said.document:
        return t("Announced: {document} (entered by {name}).", document=said.document, name=said.by or t("staff"))
    return t("The days off of this year have been announced.")


def _line(turn: Turn, each: Listed) -> str:
    t = turn.t
    line = f"- {t.date(each.day)}"
    if each.label:
        line += f": {each.label}"
    if each.document:
        line += f" ({each.document})"
    if (each.day.month, each.day.day) == CULTURE_DAY and not each.entered:
        line += " (" + t("by the resolution 80-NQ/TW, to be confirmed") + ")"
    return line


def _turning(turn: Turn, year: int) -> tuple[Button, ...]:
    around = (year - 1, year + 1)
    return tuple(button(str(each), "year", str(each)) for each in around if possible(turn, each) == each)


def _editing(turn: Turn, year: int, days: list[Listed], said: Year) -> list[tuple[Button, ...]]:
    t = turn.t
    rows: list[tuple[Button, ...]] = [
        (button(t("Add a day off"), "off", str(year)), button(t("Add a worked day"), "work", str(year))),
        (button(t("Send a file with days"), "file", str(year)),),
    ]
    entered = [each for each in days if each.entered and each.day >= turn.today][:REMOVABLE]
    rows += [
        (button(t("Take out {date}", date=t.short_date(each.day)), "remove", each.day.isoformat()),) for each in entered
    ]
    if not said.announced:
        rows.append((button(t("{year} has been announced", year=year), "announce", str(year)),))
    elif said.document:
        rows.append((button(t("{year} has not been announced", year=year), "unannounce", str(year)),))
    return rows
