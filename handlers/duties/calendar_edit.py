"""Changing the working calendar step by step: which day, its name, which document says so; then the preview.

Only whoever may change the calendar gets here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.messages import Button, Reply
from bot.services.calendar import day_list, working_days
from bot.services.calendar.day_list import Edit
from bot.services.planning import calendar_changes, change_texts
from handlers.deciding import desk_dialog
from handlers.deciding.desk_dialog import CALENDAR, Said
from handlers.duties import calendar_pages, duty_files
from handlers.duties.calendar_pages import button
from handlers.reporting import report_answers
from handlers.turn import Turn

LONGEST_LABEL, LONGEST_DOCUMENT, SHORTEST = 120, 200, 3
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
    if not SHORTEST <= len(text) <= longest:
        told = t("Please write between {least} and {most} characters.", least=SHORTEST, most=longest)
        return await ask(turn, said, told)
    more = f"{said.more}\n{text}"
    if said.about == LABEL:
        return await ask(turn, replace(said, about=DOCUMENT, more=more))
    return await _preview(turn, replace(said, more=more))


async def back(turn: Turn, said: Said) -> Reply:
    """One step back; what was answered there is asked for anew."""
    if said.verb in ("announce", "remove") or (said.about == DAY and said.step != "check"):
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
    return await _preview(turn, Said(CALENDAR, "remove", DOCUMENT, more=day.isoformat()))


async def confirmed(turn: Turn, said: Said) -> Reply:
    """Do what was shown; where it would be something else by now, show it once more."""
    t = turn.t
    if said.verb == "announce":
        year, document = said.more.split("\n")
        await day_list.confirm_year(
            turn.connection, int(year), document=document, contact_id=turn.person.contact_id, now=turn.now
        )
        note = t("Done. The dates of this year no longer count as provisional.")
        return await calendar_pages.page(turn, int(year), note, may_change=True)
    edit = _edit(said)
    changes = await calendar_changes.confirm(
        turn.connection,
        turn.known,
        [edit],
        seen=said.seen,
        translators=turn.translators,
        zone=t.zone,
        contact_id=turn.person.contact_id,
        now=turn.now,
    )
    if changes is None:
        note = t("In the meantime something has changed, so nothing was done. This is how it would be now:")
        return await _preview(turn, said, note)
    lines = [t("Done."), *(change_texts.counts(changes, t) or [t("No report that exists is concerned.")])]
    return await calendar_pages.page(turn, edit.day.year, "\n".join(lines), may_change=True)


async def _preview(turn: Turn, said: Said, note: str = "") -> Reply:
    t = turn.t
    parts = [note] if note else []
    if said.verb == "announce":
        year, document = said.more.split("\n")
        checked = await desk_dialog.check(turn, said, "", said.more)
        parts.append(t("Year {year}, announced by: {document}", year=year, document=document))
        parts.append(t("Dates of this year would no longer be marked as provisional. No date moves by that."))
    else:
        edit = _edit(said)
        changes, seen = await calendar_changes.propose(turn.connection, turn.known, [edit], zone=t.zone, now=turn.now)
        checked = await desk_dialog.check(turn, said, "", said.more, seen)
        parts.append(_in_words(turn, edit))
        names = await duty_files.agency_names(turn, turn.known)
        parts += duty_files.consequences(turn, changes, turn.known, names)
    return turn.say("\n\n".join(parts), title=t("What would change"), buttons=_decide(turn, checked))


async def _again(turn: Turn, said: Said, problem: str) -> Reply:
    return turn.say(problem, title=_title(turn, said), buttons=_decide(turn, said))


def _decide(turn: Turn, checked: Said) -> tuple[tuple[Button, ...], ...]:
    t = turn.t
    one_back = () if checked.verb == "remove" else (button(t("Back"), "back"),)
    return (
        (button(t("Yes, do it"), "yes", checked.token),),
        (*one_back, button(t("Cancel"), "drop")),
    )


def _edit(said: Said) -> Edit:
    day, label, document = (*said.more.split("\n"), "", "")[:3]
    worked = None if said.verb == "remove" else said.verb == "work"
    return Edit(date.fromisoformat(day), worked, label, document)


def _in_words(turn: Turn, edit: Edit) -> str:
    t = turn.t
    when = t.date(edit.day)
    if edit.worked is None:
        return t("{date}: what was entered is taken out; the day is again as the law has it.", date=when)
    line = t("{date} is worked: {label}") if edit.worked else t("{date} is a day off: {label}")
    return "\n".join([line.format(date=when, label=edit.label), t("Document: {document}", document=edit.document)])


async def _wrong_day(turn: Turn, said: Said, day: date | None) -> str:
    t = turn.t
    if day is None:
        return t("That is no date. Please write it like 11/02/2027.")
    if day < turn.today:
        return t("{date} is over; only days to come can be changed.", date=t.date(day))
    if calendar_pages.possible(turn, day.year) != day.year:
        return t("{date} is too far ahead.", date=t.date(day))
    worked = (await working_days.load(turn.connection)).is_working_day(day)
    if worked and said.verb == "work":
        return t("{date} is a working day already.", date=t.date(day))
    if not worked and said.verb == "off":
        return t("{date} is a day off already.", date=t.date(day))
    return ""


def _question(turn: Turn, said: Said) -> str:
    t = turn.t
    if said.about == DAY:
        return t("Which day? Write it like 11/02/2027.")
    if said.about == LABEL:
        day = t.date(date.fromisoformat(said.more))
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
