"""What may be said of a day of the working calendar, typed or in a file, and what is wrong otherwise."""

from __future__ import annotations

from datetime import date

from bot.i18n import Translator
from bot.services.calendar.working_days import WorkingCalendar
from handlers.duties import calendar_pages
from handlers.turn import Turn

LONGEST_LABEL, LONGEST_DOCUMENT, SHORTEST = 120, 200, 3


def out_of_reach(turn: Turn, day: date) -> str:
    """Why this day can't be changed; empty where it can."""
    t = turn.t
    if day < turn.today:
        return t("{date} is over; only days to come can be changed.", date=t.date(day))
    if calendar_pages.possible(turn, day.year) != day.year:
        return t("{date} is too far ahead.", date=t.date(day))
    return ""


def already(day: date, calendar: WorkingCalendar, t: Translator, *, worked: bool) -> str:
    """What to say where the day is so by now; empty where it isn't."""
    if calendar.is_working_day(day) is not worked:
        return ""
    if worked:
        return t("{date} is a working day already.", date=t.date(day))
    return t("{date} is a day off already.", date=t.date(day))


def length(text: str, longest: int, t: Translator) -> str:
    """What is wrong with how long a name or a document is."""
    if SHORTEST <= len(text) <= longest:
        return ""
    return t("Please write between {least} and {most} characters.", least=SHORTEST, most=longest)
