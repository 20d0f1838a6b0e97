"""Changing the working calendar step by step: which day, its name, which document says so; then the preview.

Only whoever may change the calendar gets here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.messages import Reply
from bot.services.calendar import day_list, working_days
from bot.services.calendar.day_list import Edit
from handlers.deciding import desk_dialog
from handlers.deciding.desk_dialog import CALENDAR, Said
from handlers.duties import calendar_pages, calendar_preview, calendar_rules
from handlers.duties.calendar_pages import button
from handlers.duties.calendar_rules import LONGEST_DOCUMENT, LONGEST_LABEL
from handlers.reporting import report_answers
from handlers.turn import Turn

# What is asked for, in order; ``about`` counts them. ``more`` has a line for each answer so far.
DAY, LABEL, DOCUMENT = range(3)


async def begin(turn: Turn, verb: str, year: int) -> Reply:
    """Begin with a day, or with the document that announces a year."""
    said = Said(CALENDAR, verb, DOCUMENT, more=str(year)) if verb == "announce" else Said(CALENDAR, verb, DAY)
    return await ask(turn, said)


async def ask(turn: Turn, said: Said, problem: str = "") -> Reply:
    """The question of this step."""
    t = turn.t
    if said.step == "check":
        return await _again(turn, said, problem)
    await desk_dialog.ask(turn, CALENDAR, said.verb, said.about, said.more)
    rows = [(button(t("Cancel"), "drop"),)]
    if said.about > DAY and said.verb != "announce":
        rows.insert(0, (button(t("Back"), "back"),))
    text = _question(turn, said)
    return turn.say(f"{problem}\n\n{text}" if problem else text, title=_title(turn, said), buttons=tuple(rows))


async def typed(turn: Turn, said: Said) -> Reply:
    """An answer; the last one leads to the preview."""
    t = turn.t
    text = " ".join(turn.text.split())
    if said.step == "check":
        return await _again(turn, said, t("Please press one of the buttons."))
    if said.about == DAY:
        day = report_answers.day(text, turn.today)
        problem = await _wrong_day(turn, said, day)
        if day is None or problem:
            return await ask(turn, said, problem)
        return await ask(turn, replace(said, about=LABEL, more=day.isoformat()))
    longest = LONGEST_LABEL if said.about == LABEL else LONGEST_DOCUMENT
    if problem := calendar_rules.length(text, longest, t):
        return await ask(turn, said, problem)
    more = f"{said.more}\n{text}"
    if said.about == LABEL:
        return await ask(turn, replace(said, about=DOCUMENT, more=more))
    return await _preview(turn, replace(said, more=more))


async def back(turn: Turn, said: Said) -> Reply:
    """One step back; what was answered there is asked for anew."""
    if said.verb not in ("off", "work") or (said.about == DAY and said.step != "check"):
        await desk_dialog.leave(turn)
        return await calendar_pages.page(turn, 0, turn.t("Nothing was changed."), may_change=True)
    about = said.about if said.step == "check" else said.about - 1
    more = "\n".join(said.more.split("\n")[:about])
    return await ask(turn, Said(CALENDAR, said.verb, about, more=more))


async def remove(turn: Turn, day: date | None) -> Reply:
    """Show what taking a day out would do."""
    if day is None:
        return await calendar_pages.page(turn, 0, may_change=True)
    entered = await day_list.of_year(turn.connection, day.year, turn.t.language)
    if not any(each.entered and each.day == day for each in entered):
        note = turn.t("This day is not entered any more.")
        return await calendar_pages.page(turn, day.year, note, may_change=True)
    if over := calendar_rules.out_of_reach(turn, day):
        return await calendar_pages.page(turn, day.year, over, may_change=True)
    return await _preview(turn, Said(CALENDAR, "remove", DOCUMENT, more=day.isoformat()))


async def confirmed(turn: Turn, said: Said) -> Reply:
    """Do what was shown; where it would be something else by now, show it once more."""
    if said.verb == "announce":
        year, document = said.more.split("\n")
        await day_list.confirm_year(
            turn.connection, int(year), document=document, contact_id=turn.person.contact_id, now=turn.now
        )
        note = turn.t("Done. The dates of this year no longer count as provisional.")
        return await calendar_pages.page(turn, int(year), note, may_change=True)
    edit = _edit(said)
    # A preview may have been left open until its day was over.
    if over := calendar_rules.out_of_reach(turn, edit.day):
        return await calendar_pages.page(turn, edit.day.year, over, may_change=True)
    return await calendar_preview.carry_out(turn, said, [edit])


async def _preview(turn: Turn, said: Said) -> Reply:
    t = turn.t
    if said.verb != "announce":
        return await calendar_preview.show(turn, said, [_edit(said)])
    year, document = said.more.split("\n")
    checked = await desk_dialog.check(turn, said, "", said.more)
    parts = [
        t("Year {year}, announced by: {document}", year=year, document=document),
        t("Dates of this year would no longer be marked as provisional. No date moves by that."),
    ]
    buttons = calendar_preview.decide(turn, checked)
    return turn.say("\n\n".join(parts), title=t("What would change"), buttons=buttons)


async def _again(turn: Turn, said: Said, problem: str) -> Reply:
    return turn.say(problem, title=_title(turn, said), buttons=calendar_preview.decide(turn, said))


def _edit(said: Said) -> Edit:
    day, label, document = (*said.more.split("\n"), "", "")[:3]
    worked = None if said.verb == "remove" else said.verb == "work"
    return Edit(date.fromisoformat(day), worked, label, document)


async def _wrong_day(turn: Turn, said: Said, day: date | None) -> str:
    t = turn.t
    if day is None:
        return t("That is not a date. Please write it like 11/02/2027.")
    calendar = await working_days.load(turn.connection)
    worked = said.verb == "work"
    return calendar_rules.out_of_reach(turn, day) or calendar_rules.already(day, calendar, t, worked=worked)


def _question(turn: Turn, said: Said) -> str:
    t = turn.t
    if said.about == DAY:
        return t("Which day? Write it like 11/02/2027.")
    if said.about == LABEL:
        day = t.date(date.fromisoformat(said.more))
        if said.verb == "work":
            return t("What is {date} called? For example: worked in exchange for 11 February 2027.", date=day)
        return t("What is {date} called? For example: day off in exchange, Lunar New Year 2027.", date=day)
    if said.verb == "announce":
        return t("Which document announces the days off of {year}? Number, body and date.", year=said.more)
    return t("Which document says so? Number, body and date.")


def _title(turn: Turn, said: Said) -> str:
    t = turn.t
    match said.verb:
        case "off":
            return t("Add a day off")
        case "work":
            return t("Add a worked day")
        case "remove":
            return t("Take a day out")
    return t("Year announced")
