"""Returning a report: the remarks, the day to correct it by, a last look, and the agency is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.messages import Button, Dialog, Reply
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.handing_in import hand_in_notices, reviews
from bot.services.handing_in.reviews import LONGEST_REMARKS, SHORTEST_REMARKS, Outcome, ToReview
from bot.services.reporting import receivers, report_texts
from bot.services.reporting.receivers import Receivers
from handlers.commands import number
from handlers.receiving import reviewing_pages
from handlers.reporting import report_answers
from handlers.reporting.report_pages import busy
from handlers.turn import Turn

DIALOG = "rev"
# Working days from today that are offered, and how many there may be.
OFFERED, LONGEST = (2, 5, 10), 40


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said so far of a version at a level."""

    submission: int
    level: int
    remarks: str = ""
    by: date | None = None


async def pressed(turn: Turn, who: Receivers, verb: str, *arguments: str) -> Sequence[Reply]:
    """The buttons of returning."""
    so_far = _read(turn)
    match verb, *arguments:
        case "return", submission, level, *anyway:
            said = _Said(number(submission), number(level))
            return [await _begin(turn, who, said, anyway=anyway == ["anyway"])]
        case "by", written if so_far is not None and so_far.remarks:
            return [await _day(turn, who, so_far, written)]
        case "anew", *_ if so_far is not None:
            return [
                await _ask(turn, who, replace(so_far, remarks="" if so_far.by is None else so_far.remarks, by=None))
            ]
        case "returned", submission, level if so_far is not None and so_far.by is not None:
            if (so_far.submission, so_far.level) == (number(submission), number(level)):
                return [await _return(turn, who, so_far)]
    if so_far is not None:
        return [await _ask(turn, who, so_far)]
    about = number(arguments[0]) if arguments else 0
    found = await reviews.find(turn.connection, about, turn.person.contact_id, who, turn.known)
    return [await reviewing_pages.page(turn, found, who) if found else reviewing_pages.not_yours(turn)]


async def leave(turn: Turn) -> None:
    """Turn to something else without returning anything."""
    if _read(turn) is not None:
        await turn.end()


async def go_on(turn: Turn) -> Sequence[Reply] | None:
    """What is typed in the middle of returning a report."""
    so_far = _read(turn)
    if so_far is None or not turn.text or turn.command or turn.press:
        return None
    who = await receivers.load(turn.connection)
    if so_far.by is not None:
        return [await _ask(turn, who, so_far, turn.t("Please choose one of the buttons, or type its text."))]
    if so_far.remarks:
        return [await _day(turn, who, so_far, turn.text)]
    remarks = turn.text
    if not SHORTEST_REMARKS <= len(remarks) <= LONGEST_REMARKS:
        problem = turn.t(
            "Please write the remarks in {shortest} to {longest} characters.",
            shortest=turn.t.number(SHORTEST_REMARKS),
            longest=turn.t.number(LONGEST_REMARKS),
        )
        return [await _ask(turn, who, so_far, problem)]
    return [await _ask(turn, who, replace(so_far, remarks=remarks))]


async def _begin(turn: Turn, who: Receivers, said: _Said, *, anyway: bool) -> Reply:
    about = await reviews.find(turn.connection, said.submission, turn.person.contact_id, who, turn.known)
    if about is None:
        return reviewing_pages.not_yours(turn)
    if not about.current or about.level != said.level:
        return await reviewing_pages.page(turn, about, who, reviewing_pages.over(turn))
    if reviews.is_own(about, turn.person.contact_id, who):
        return await reviewing_pages.page(turn, about, who)
    warning = None if anyway else busy(turn, f"rev:return:{said.submission}:{said.level}:anyway", DIALOG)
    return warning or await _ask(turn, who, said)


async def _day(turn: Turn, who: Receivers, said: _Said, typed: str) -> Reply:
    today = turn.today
    day = report_answers.coming_day(typed, today)
    problem = _wrong_day(turn, day, today, await working_days.load(turn.connection))
    return await _ask(turn, who, said if problem else replace(said, by=day), problem)


def _wrong_day(turn: Turn, day: date | None, today: date, calendar: WorkingCalendar) -> str:
    t = turn.t
    if day is None:
        offered = calendar.add_working_days(today, OFFERED[0])
        return t(
            "That is not a date. Please write day, month and year, for example {date}.", date=f"{offered:%d/%m/%Y}"
        )
    latest = calendar.add_working_days(today, LONGEST)
    if not today < day <= latest:
        return t("Please choose a day after today, at the latest {date}.", date=t.date(latest))
    if not calendar.is_working_day(day):
        return report_texts.day_off(day, calendar, t)
    return ""


async def _ask(turn: Turn, who: Receivers, said: _Said, problem: str = "") -> Reply:
    """The remarks, then the day, then everything once more."""
    t = turn.t
    about = await reviews.find(turn.connection, said.submission, turn.person.contact_id, who, turn.known)
    if about is None or not about.current or about.level != said.level:
        await turn.end()
        if about is None:
            return reviewing_pages.not_yours(turn)
        return await reviewing_pages.page(turn, about, who, reviewing_pages.over(turn))
    await _remember(turn, said)
    parts = [problem] if problem else []
    rows: list[tuple[Button, ...]] = []
    if not said.remarks:
        parts += ["\n".join(reviewing_pages.summary(turn, about)), t("What has to be corrected? Please write it down.")]
        last = [Button(t("Back"), f"rev:show:{said.submission}")]
    elif said.by is None:
        parts.append(t("Until when shall it be corrected? Choose a day, or write day/month/year."))
        calendar, today = await working_days.load(turn.connection), turn.today
        days = [calendar.add_working_days(today, count) for count in OFFERED]
        rows += [(Button(t.date(day), f"rev:by:{day.isoformat()}"),) for day in days]
        last = [Button(t("Back"), "rev:anew")]
    else:
        parts.append("\n".join([*reviewing_pages.summary(turn, about), *_what(turn, said)]))
        parts.append(t("Return this report to the agency?"))
        rows.append((Button(t("Confirm"), f"rev:returned:{said.submission}:{said.level}"),))
        last = [Button(t("Back"), "rev:anew")]
    return turn.say(
        "\n\n".join(parts),
        title=t("Returning a report for correction"),
        buttons=(*rows, (*last, Button(t("Cancel"), "do:cancel"))),
    )


def _what(turn: Turn, said: _Said) -> list[str]:
    t = turn.t
    return [
        t("Remarks: {remarks}", remarks=said.remarks),
        t("To be corrected by {date}.", date=t.date(said.by)) if said.by else "",
    ]


async def _return(turn: Turn, who: Receivers, said: _Said) -> Reply:
    t = turn.t
    if said.by is None:
        raise ValueError("a report is returned with a day to correct it by")
    await turn.end()
    result = await reviews.return_(
        turn.connection,
        said.submission,
        turn.person.contact_id,
        level=said.level,
        remarks=said.remarks,
        correct_by=said.by,
        who=who,
        known=turn.known,
        zone=t.zone,
        now=turn.now,
    )
    if result is None:
        return reviewing_pages.not_yours(turn)
    if result.outcome is not Outcome.DONE:
        return await reviewing_pages.refused(turn, who, result)
    about: ToReview = result.about
    await hand_in_notices.returned(
        turn.connection,
        about.owed,
        about.version,
        said.remarks,
        known=turn.known,
        translators=turn.translators,
        now=turn.now,
    )
    text = t("Returned. The agency has been told what is to be corrected, and until when.")
    return reviewing_pages.done(turn, about, "\n".join([text, *_what(turn, said)]))


def _read(turn: Turn) -> _Said | None:
    dialog = turn.person.dialog
    if dialog is None or dialog.kind != DIALOG:
        return None
    data = dialog.data
    by = data.get("by")
    return _Said(
        submission=number(str(data["submission"])),
        level=number(str(data["level"])),
        remarks=str(data["remarks"]),
        by=date.fromisoformat(by) if isinstance(by, str) else None,
    )


async def _remember(turn: Turn, said: _Said) -> None:
    data: dict[str, object] = {
        "submission": said.submission,
        "level": said.level,
        "remarks": said.remarks,
        "by": said.by.isoformat() if said.by else None,
        "choosing": bool(said.remarks),
    }
    await turn.begin(Dialog(DIALOG, data))
