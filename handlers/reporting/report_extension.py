"""Ask for more time for a report: new date, reason, review. The answers so far are the only state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.messages import Button, Dialog, Reply
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.reporting import extensions, obligations, report_texts
from bot.services.reporting.extensions import Outcome, Problem
from bot.services.reporting.obligations import Owed
from handlers.commands import number
from handlers.menu import MENU
from handlers.reporting import extension_decision, report_answers, report_pages
from handlers.turn import Turn

DIALOG = report_pages.EXTENSION


@dataclass(frozen=True, slots=True)
class _Answers:
    obligation: int
    until: date | None = None
    reason: str = ""

    def as_dialog(self) -> Dialog:
        data: dict[str, object] = {"obligation": self.obligation, "reason": self.reason}
        if self.until:
            data["until"] = self.until.isoformat()
        if self.reason:
            data["choosing"] = True
        return Dialog(DIALOG, data)


async def begin(turn: Turn, obligation_id: int, *, anyway: bool) -> Sequence[Reply]:
    """Ask for the new date, if the report is still owed and no request is waiting."""
    t = turn.t
    owed = await obligations.find(turn.connection, obligation_id, contact_id=turn.person.contact_id)
    if owed is None:
        return [report_pages.not_yours(turn)]
    if owed.handed_in:
        return [await report_pages.page(turn, owed, t("This report has already been recorded as handed in."))]
    if owed.asked_until:
        return [await report_pages.page(turn, owed, t("A request for more time is already waiting for a decision."))]
    warning = None if anyway else report_pages.busy(turn, f"report:extend:{owed.id}:anyway", *report_pages.DIALOGS)
    if warning:
        return [warning]
    return await _ask(turn, owed, _Answers(owed.id))


async def go_on(turn: Turn) -> Sequence[Reply] | None:
    """The next step of a request that the person is in the middle of; None for what is none of its answers."""
    if not report_pages.goes_on(turn):
        return None
    answers = _read(turn.person.dialog)
    owed = await obligations.find(turn.connection, answers.obligation, contact_id=turn.person.contact_id)
    if owed is None:
        await turn.end()
        return [report_pages.not_yours(turn)]
    match turn.press:
        case ("report", "back"):
            return await _back(turn, owed, answers)
        case ("report", "confirm", confirmed):
            complete = bool(answers.reason) and number(confirmed) == owed.id
            return await _confirm(turn, answers) if complete else await _ask(turn, owed, answers)
        case ("report", "date", written) if answers.until is None:
            return await _answer(turn, owed, answers, written)
        case ():
            return await _answer(turn, owed, answers, turn.text)
    return await _ask(turn, owed, answers)


async def _back(turn: Turn, owed: Owed, answers: _Answers) -> Sequence[Reply]:
    if answers.reason:
        return await _ask(turn, owed, _Answers(owed.id, answers.until))
    if answers.until:
        return await _ask(turn, owed, _Answers(owed.id))
    await turn.end()
    return [await report_pages.page(turn, owed)]


async def _answer(turn: Turn, owed: Owed, answers: _Answers, text: str) -> Sequence[Reply]:
    t = turn.t
    if answers.reason:
        return await _ask(turn, owed, answers)
    if answers.until:
        reason = report_answers.reason(text)
        if reason is None:
            problem = t(
                "Please give the reason in {shortest} to {longest} characters.",
                shortest=report_answers.SHORTEST_REASON,
                longest=report_answers.LONGEST_REASON,
            )
            return await _ask(turn, owed, answers, problem)
        return await _ask(turn, owed, _Answers(owed.id, answers.until, reason))
    today = turn.today
    until = report_answers.coming_day(text, today)
    if until is None:
        problem = t(
            "That is not a date. Please write day, month and year, for example {date}.", date=f"{today:%d/%m/%Y}"
        )
        return await _ask(turn, owed, answers, problem)
    calendar = await working_days.load(turn.connection)
    problem = _problem(turn, owed, until, calendar)
    return await _ask(turn, owed, answers if problem else _Answers(owed.id, until), problem)


def _problem(turn: Turn, owed: Owed, until: date, calendar: WorkingCalendar) -> str:
    """What is wrong with the new date, in words; empty when nothing is."""
    t = turn.t
    today = turn.today
    match extensions.problem(until, owed.due_on, today, calendar):
        case None:
            return ""
        case Problem.NOT_LATER:
            return t(
                "The new date must be later than today and than the present due date, {date}.", date=t.date(owed.due_on)
            )
        case Problem.DAY_OFF:
            return report_texts.day_off(until, calendar, t)
        case Problem.TOO_FAR:
            return t(
                "At most {days} working days can be requested here, that is until {date}.",
                days=extensions.LONGEST,
                date=t.date(extensions.latest(owed.due_on, today, calendar)),
            )


async def _ask(turn: Turn, owed: Owed, answers: _Answers, problem: str = "") -> Sequence[Reply]:
    """The question whose answer is missing, or the review when none is."""
    t = turn.t
    await turn.begin(answers.as_dialog())
    last: tuple[Button, ...] = (Button(t("Back"), "report:back"), Button(t("Cancel"), "cancel"))
    rows: list[tuple[Button, ...]] = []
    if answers.until is None:
        calendar = await working_days.load(turn.connection)
        today = turn.today
        question = "\n".join(
            [
                report_texts.title(owed, turn.known, t),
                report_texts.due(owed, today, calendar, t),
                "",
                t("Until when do you need more time? Choose a day, or write day/month/year."),
            ]
        )
        rows = [(Button(t.date(day), f"report:date:{day}"),) for day in extensions.usual(owed.due_on, today, calendar)]
    elif not answers.reason:
        question = t(
            "Why do you need more time until {date}? Please write one or two sentences.", date=t.date(answers.until)
        )
    else:
        question = "\n".join(
            [
                report_texts.title(owed, turn.known, t),
                owed.agency.in_language(t.language),
                t("Present due date: {date}", date=t.date(owed.due_on)),
                t("Requested new due date: {date}", date=t.date(answers.until)),
                t("Reason: {reason}", reason=answers.reason),
                "",
                t("Send this request?"),
            ]
        )
        rows = [(Button(t("Confirm"), f"report:confirm:{owed.id}"),)]
    return [
        turn.say(
            f"{problem}\n\n{question}" if problem else question,
            title=t("Request for more time"),
            buttons=(*rows, last),
        )
    ]


async def _confirm(turn: Turn, answers: _Answers) -> Sequence[Reply]:
    t = turn.t
    await turn.end()
    owed = await obligations.find(turn.connection, answers.obligation, contact_id=turn.person.contact_id)
    if owed is None or answers.until is None:
        return [report_pages.not_yours(turn)]
    calendar = await working_days.load(turn.connection)
    # The review may have lain there for days.
    problem = _problem(turn, owed, answers.until, calendar) if not owed.handed_in else ""
    if problem:
        return await _ask(turn, owed, _Answers(owed.id), problem)
    result = await extensions.ask(
        turn.connection,
        owed.id,
        contact_id=turn.person.contact_id,
        until=answers.until,
        reason=answers.reason,
        now=turn.now,
    )
    if result is None:
        return [report_pages.not_yours(turn)]
    if result.outcome is not Outcome.DONE or result.request is None:
        note = (
            t("This report has already been recorded as handed in.")
            if result.outcome is Outcome.SUBMITTED
            else t("A request for more time is already waiting for a decision.")
        )
        return [await report_pages.page(turn, owed, note)]
    told = await extension_decision.tell_officers(turn, result.request, calendar)
    text = t("Your request has been sent. You will be told the decision; until then the present due date applies.")
    if not told:
        text = t(
            "Your request has been recorded, but nobody who could decide it can be reached at the moment. "
            "Until there is a decision the present due date applies."
        )
    return [
        turn.say(
            text,
            title=t("Request for more time"),
            buttons=((Button(t("All reports"), "do:reports"), Button(t("Menu"), MENU)),),
        )
    ]


def _read(dialog: Dialog | None) -> _Answers:
    data = dialog.data if dialog else {}
    until = data.get("until")
    return _Answers(
        obligation=number(str(data.get("obligation", ""))),
        until=date.fromisoformat(until) if isinstance(until, str) else None,
        reason=str(data.get("reason", "")),
    )
