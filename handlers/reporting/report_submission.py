"""Record a report as handed in: document number, date, review, receipt. The answers so far are the only state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.messages import Button, Dialog, Reply
from bot.services.reporting import obligations, report_texts
from bot.services.reporting.obligations import Done, Owed
from handlers.menu import MENU
from handlers.reporting import report_answers, report_pages
from handlers.turn import Turn

DIALOG = report_pages.SUBMISSION


@dataclass(frozen=True, slots=True)
class _Answers:
    obligation: int
    number: str = ""
    date: date | None = None

    def as_dialog(self) -> Dialog:
        data: dict[str, object] = {"obligation": self.obligation, "number": self.number}
        if self.date:
            data |= {"date": self.date.isoformat(), "choosing": True}
        return Dialog(DIALOG, data)


async def begin(turn: Turn, obligation_id: int, *, anyway: bool) -> Sequence[Reply]:
    """Ask for the document's number, if there is something to hand in."""
    owed = await obligations.find(turn.connection, obligation_id, contact_id=turn.person.contact_id)
    if owed is None:
        return [report_pages.not_yours(turn)]
    if owed.handed_in:
        return [await report_pages.page(turn, owed, turn.t("This report has already been recorded as handed in."))]
    warning = None if anyway else report_pages.busy(turn, f"report:submit:{owed.id}:anyway", *report_pages.DIALOGS)
    if warning:
        return [warning]
    return await _ask(turn, owed, _Answers(owed.id))


async def go_on(turn: Turn) -> Sequence[Reply] | None:
    """The next step of a submission that the person is in the middle of; None for what is none of its answers."""
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
            complete = answers.date is not None and report_pages.number(confirmed) == owed.id
            return await _confirm(turn, answers) if complete else await _ask(turn, owed, answers)
        case ("report", "date", written) if answers.number and answers.date is None:
            return await _answer(turn, owed, answers, written)
        case ():
            return await _answer(turn, owed, answers, turn.text)
    return await _ask(turn, owed, answers)


async def _back(turn: Turn, owed: Owed, answers: _Answers) -> Sequence[Reply]:
    if answers.date:
        return await _ask(turn, owed, _Answers(owed.id, answers.number))
    if answers.number:
        return await _ask(turn, owed, _Answers(owed.id))
    await turn.end()
    return [await report_pages.page(turn, owed)]


async def _answer(turn: Turn, owed: Owed, answers: _Answers, text: str) -> Sequence[Reply]:
    t = turn.t
    if answers.date:
        return await _ask(turn, owed, answers)
    if not answers.number:
        number = report_answers.document_number(text)
        if number is None:
            problem = t(
                "That does not look like a document number. "
                "It is a number, a slash and a sign, for example 05/BC-SCT or 12/BC-UBND."
            )
            return await _ask(turn, owed, answers, problem)
        return await _ask(turn, owed, _Answers(owed.id, number))
    today = report_pages.today(turn)
    written = report_answers.day(text, today)
    if written is None:
        problem = t(
            "That is not a date. Please write day, month and year, for example {date}.", date=f"{today:%d/%m/%Y}"
        )
    elif written > today:
        problem = t(
            "{date} is still to come. A document that was handed in can't be dated later than today.",
            date=t.date(written),
        )
    elif report_answers.too_old(written, owed.period.start):
        problem = t(
            "{date} is too long ago for the period {period}. Please check the date.",
            date=t.date(written),
            period=report_texts.period(owed.period, t),
        )
    else:
        return await _ask(turn, owed, _Answers(owed.id, answers.number, written))
    return await _ask(turn, owed, answers, problem)


async def _ask(turn: Turn, owed: Owed, answers: _Answers, problem: str = "") -> Sequence[Reply]:
    """The question whose answer is missing, or the review when none is."""
    t = turn.t
    await turn.begin(answers.as_dialog())
    back, cancel = Button(t("Back"), "report:back"), Button(t("Cancel"), "cancel")
    if not answers.number:
        question = t("What is the number of the report? For example 05/BC-SCT or 12/BC-UBND.")
        rows: tuple[tuple[Button, ...], ...] = ((back, cancel),)
    elif answers.date is None:
        question = t("What is the date of document {number}? Please write day/month/year.", number=answers.number)
        today = report_pages.today(turn)
        rows = ((Button(t("Today, {date}", date=t.short_date(today)), f"report:date:{today}"),), (back, cancel))
    else:
        question = "\n".join(
            [
                report_texts.title(owed, turn.known, t),
                owed.agency.in_language(t.language),
                t("Period: {period}", period=report_texts.period(owed.period, t)),
                t("Document: {number} of {date}", number=answers.number, date=t.short_date(answers.date)),
                "",
                t("Record this report as handed in? This can't be undone here."),
            ]
        )
        rows = ((Button(t("Confirm"), f"report:confirm:{owed.id}"),), (back, cancel))
    return [
        turn.say(
            f"{problem}\n\n{question}" if problem else question,
            title=t("Recording a report as handed in"),
            buttons=rows,
        )
    ]


async def _confirm(turn: Turn, answers: _Answers) -> Sequence[Reply]:
    await turn.end()
    done = await obligations.submit(
        turn.connection,
        answers.obligation,
        contact_id=turn.person.contact_id,
        document_number=answers.number,
        document_date=answers.date or report_pages.today(turn),
        now=turn.now,
    )
    if done is None:
        return [report_pages.not_yours(turn)]
    if not done.changed:
        note = turn.t("This report has already been recorded as handed in.")
        return [await report_pages.page(turn, done.owed, note)]
    return [_receipt(turn, done)]


def _receipt(turn: Turn, done: Done) -> Reply:
    t, owed = turn.t, done.owed
    in_time = report_pages.today(turn) <= owed.due_on
    lines = [
        report_texts.title(owed, turn.known, t),
        owed.agency.in_language(t.language),
        t("Period: {period}", period=report_texts.period(owed.period, t)),
        t(
            "Document: {number} of {date}",
            number=owed.document_number,
            date=t.short_date(owed.document_date) if owed.document_date else "",
        ),
        t("Recorded: {when}", when=t.moment(turn.now)),
        t("Handed in on time.") if in_time else t("Handed in after the due date, {date}.", date=t.date(owed.due_on)),
        "",
        t("You will get no more reminders of this report."),
    ]
    return turn.say(
        "\n".join(lines),
        title=t("Receipt: report handed in"),
        buttons=((Button(t("All reports"), "do:reports"), Button(t("Menu"), MENU)),),
    )


def _read(dialog: Dialog | None) -> _Answers:
    data = dialog.data if dialog else {}
    written = data.get("date")
    return _Answers(
        obligation=report_pages.number(str(data.get("obligation", ""))),
        number=str(data.get("number", "")),
        date=date.fromisoformat(written) if isinstance(written, str) else None,
    )
