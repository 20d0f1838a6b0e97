"""What a focal point answers to a reminder short of the report: acknowledge it, say a day for it, put it off."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.messages import Button, Dialog, Reply
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.reminding import steps
from bot.services.reporting import obligations, report_texts, responses
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import Status
from handlers.commands import number
from handlers.reporting import report_answers, report_pages
from handlers.turn import Turn

DIALOG = report_pages.PLANNING
# Working days from today that are offered for handing in, and after which nobody believes it once it is overdue.
OFFERED = (1, 3, 5)
FURTHEST_WHEN_OVERDUE = 10
# What is meant as a day, and told what is wrong with it where it is none.
LIKE_A_DAY = re.compile(r"\s*(ngày\s+)?\d[\d\s./-]*", re.IGNORECASE)


async def pressed(turn: Turn) -> Sequence[Reply] | None:
    """The buttons that acknowledge, say a day, or put a reminder off."""
    match turn.press:
        case ("report", "ack", obligation):
            return await acknowledge(turn, number(obligation))
        case ("report", "plan", obligation):
            return await ask_day(turn, number(obligation))
        case ("report", "planned", obligation, day):
            return await plan(turn, number(obligation), day)
        case ("snooze", "afternoon" | "tomorrow" as when, obligation):
            return await snooze(turn, number(obligation), when)
    return None


async def acknowledge(turn: Turn, obligation_id: int) -> Sequence[Reply]:
    """Record that the agency knows, then ask for which day it plans to hand in; that may be left open."""
    t = turn.t
    done = await responses.acknowledge(
        turn.connection, obligation_id, contact_id=turn.person.contact_id, known=turn.known, now=turn.now
    )
    if done is None:
        return [report_pages.not_yours(turn)]
    if done.changed:
        return [await _ask(turn, done.owed, t("Thank you. It is recorded that your agency knows of this report."))]
    if done.owed.status is Status.ACKNOWLEDGED:
        return [await report_pages.page(turn, done.owed, t("This had been acknowledged before."))]
    return [await report_pages.page(turn, done.owed, _no_longer(turn, done.owed))]


async def ask_day(turn: Turn, obligation_id: int, problem: str = "") -> Sequence[Reply]:
    """The question for which day the report is planned."""
    owed = await obligations.find(turn.connection, obligation_id, contact_id=turn.person.contact_id)
    if owed is None:
        return [report_pages.not_yours(turn)]
    if owed.status is Status.OPEN:
        return await acknowledge(turn, obligation_id)
    if owed.status is not Status.ACKNOWLEDGED:
        return [await report_pages.page(turn, owed, _no_longer(turn, owed))]
    return [await _ask(turn, owed, problem)]


async def go_on(turn: Turn) -> Sequence[Reply] | None:
    """A typed day. Whatever else is typed was not meant for this question, which stays open beside it."""
    dialog = turn.person.dialog
    if dialog is None or not turn.text or turn.command:
        return None
    obligation_id = number(str(dialog.data.get("obligation", "")))
    if report_answers.coming_day(turn.text, turn.today) is None and not LIKE_A_DAY.fullmatch(turn.text):
        return None
    return await plan(turn, obligation_id, turn.text)


async def plan(turn: Turn, obligation_id: int, written: str) -> Sequence[Reply]:
    """Record the day, if it is one on which the report can still be in time, and end the question."""
    t = turn.t
    owed = await obligations.find(turn.connection, obligation_id, contact_id=turn.person.contact_id)
    if owed is None:
        await leave(turn)
        return [report_pages.not_yours(turn)]
    today = turn.today
    day = report_answers.coming_day(written, today)
    calendar = await working_days.load(turn.connection)
    problem = _problem(turn, owed, day, calendar)
    if day is None or problem:
        return await ask_day(turn, obligation_id, problem)
    await leave(turn)
    done = await responses.plan_for(
        turn.connection, obligation_id, day, contact_id=turn.person.contact_id, zone=t.zone, now=turn.now
    )
    if done is None:
        return [report_pages.not_yours(turn)]
    if done.owed.status is not Status.ACKNOWLEDGED:
        return [await report_pages.page(turn, done.owed, _no_longer(turn, done.owed))]
    if day == today:
        note = t("Recorded: you plan to hand in the report today.")
    elif owed.due_on < today:
        note = t("Recorded. You will be reminded on {date}.", date=t.date(day))
    else:
        note = t("Recorded. You will be reminded on {date}, and not before.", date=t.date(day))
    return [await report_pages.page(turn, done.owed, note)]


async def snooze(turn: Turn, obligation_id: int, when: str) -> Sequence[Reply]:
    """Remind the person once more, this afternoon or on the next working morning."""
    t = turn.t
    calendar = await working_days.load(turn.connection)
    moment = steps.this_afternoon if when == "afternoon" else steps.next_morning
    until = moment(turn.now, calendar, t.zone)
    done = await responses.snooze(
        turn.connection, obligation_id, until, contact_id=turn.person.contact_id, now=turn.now
    )
    if done is None:
        return [report_pages.not_yours(turn)]
    if not done.changed:
        return [await report_pages.page(turn, done.owed, _no_longer(turn, done.owed))]
    return [
        turn.say(
            report_texts.title(done.owed, turn.known, t),
            title=t("You will be reminded at {when}", when=t.moment(until)),
            buttons=((Button(t("Open the report"), f"report:open:{done.owed.id}"),),),
        )
    ]


async def _ask(turn: Turn, owed: Owed, note: str) -> Reply:
    t = turn.t
    await obligations.opened(turn.connection, owed, contact_id=turn.person.contact_id, now=turn.now)
    if turn.person.dialog is None or turn.person.dialog.kind in report_pages.DIALOGS:
        await turn.begin(Dialog(DIALOG, {"obligation": owed.id, "choosing": True}))
    today = turn.today
    calendar = await working_days.load(turn.connection)
    text = "\n".join(
        [
            report_texts.title(owed, turn.known, t),
            owed.agency.in_language(t.language),
            report_texts.due(owed, today, calendar, t),
            *report_texts.status(owed, turn.person.contact_id, t),
            "",
            t(
                "For which day do you plan to hand it in? You will be reminded on that day instead of before. "
                "Choose, or write day/month/year."
            ),
        ]
    )
    days = [(Button(t.date(day), f"report:planned:{owed.id}:{day}"),) for day in _offered(owed, today, calendar)]
    return turn.say(
        f"{note}\n\n{text}" if note else text,
        buttons=(*days, (Button(t("I don't know yet"), f"report:open:{owed.id}"),)),
        instead=True,
    )


def _offered(owed: Owed, today: date, calendar: WorkingCalendar) -> list[date]:
    """Some days within the time there is, the last one among them."""
    days = {calendar.add_working_days(today, count) for count in OFFERED}
    if calendar.is_working_day(today):
        days.add(today)
    if owed.due_on < today:
        return sorted(days)
    return sorted({day for day in days if day <= owed.due_on} | {calendar.previous_working_day(owed.due_on)})


def _problem(turn: Turn, owed: Owed, day: date | None, calendar: WorkingCalendar) -> str:
    """What is wrong with a planned day, in words; empty when nothing is."""
    t = turn.t
    today = turn.today
    if day is None:
        return t("That is not a date. Please write day, month and year, for example {date}.", date=f"{today:%d/%m/%Y}")
    if day < today:
        return t("{date} is over. Please choose today or a later day.", date=t.date(day))
    if today <= owed.due_on < day:
        return t(
            "{date} is after the due date, {due}. If the report can't be ready by then, ask for more time instead.",
            date=t.date(day),
            due=t.date(owed.due_on),
        )
    if day > calendar.add_working_days(max(today, owed.due_on), FURTHEST_WHEN_OVERDUE):
        return t("{date} is too far off: the report is overdue already.", date=t.date(day))
    if not calendar.is_working_day(day):
        return report_texts.day_off(day, calendar, t)
    return ""


def _no_longer(turn: Turn, owed: Owed) -> str:
    """Why there is nothing to answer any more."""
    t = turn.t
    if owed.handed_in:
        return t("This report has already been recorded as handed in.")
    if owed.status is Status.WITHDRAWN:
        return t("This report is no longer owed.")
    return t("This report was returned: what is needed now is the corrected report.")


async def leave(turn: Turn) -> None:
    """End the question for a day, if the person was asked it: it may stay open."""
    if turn.person.dialog is not None and turn.person.dialog.kind == DIALOG:
        await turn.end()
