"""Say that one will be away: from when, until when, who stands in, review. The answers so far are the only state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.messages import Button, Dialog, Reply
from bot.services.agencies import focal_notices, focal_points
from bot.services.agencies.focal_points import Absence, FocalPerson
from bot.services.businesses import colleague_names
from handlers.agencies import focal_pages
from handlers.commands import number
from handlers.reporting import report_answers, report_pages
from handlers.turn import Turn

DIALOG = "focal_absence"
LONGEST = timedelta(days=366)
FRIDAY, WEEK = 4, 7


@dataclass(frozen=True, slots=True)
class _Answers:
    """``stand_in`` is 0 for nobody in particular, None as long as it was not asked."""

    agency: int
    start: date | None = None
    end: date | None = None
    stand_in: int | None = None

    def as_dialog(self) -> Dialog:
        data: dict[str, object] = {"agency": self.agency, "choosing": True}
        data |= {name: day.isoformat() for name, day in (("start", self.start), ("end", self.end)) if day}
        if self.stand_in is not None:
            data["stand_in"] = self.stand_in
        return Dialog(DIALOG, data)


async def begin(turn: Turn, agency_id: int, *, anyway: bool) -> Reply:
    """Ask from when."""
    me = await focal_pages.mine(turn, agency_id)
    if me is None:
        return focal_pages.not_yours(turn)
    warning = None if anyway else report_pages.busy(turn, f"focal:away:{agency_id}:anyway", DIALOG)
    return warning or await _ask(turn, me, _Answers(agency_id))


async def go_on(turn: Turn) -> Sequence[Reply] | None:
    """The next step; None for what is none of its answers."""
    typed = not turn.press and bool(turn.text) and not turn.command
    if not typed and turn.press[:2] not in {("focal", each) for each in ("day", "standin", "confirm", "back")}:
        return None
    answers = _read(turn.person.dialog)
    me = await focal_pages.mine(turn, answers.agency)
    if me is None:
        await turn.end()
        return [focal_pages.not_yours(turn)]
    match turn.press:
        case ("focal", "back"):
            return [await _back(turn, me, answers)]
        case ("focal", "confirm") if answers.stand_in is not None:
            return [await _confirm(turn, me, answers)]
        case ("focal", "day", written) if answers.end is None:
            return [await _day(turn, me, answers, written)]
        case ("focal", "standin", contact) if answers.end is not None and answers.stand_in is None:
            return [await _stand_in(turn, me, answers, number(contact))]
        case () if answers.end is None:
            return [await _day(turn, me, answers, turn.text)]
    return [await _ask(turn, me, answers)]


async def _back(turn: Turn, me: FocalPerson, answers: _Answers) -> Reply:
    if answers.stand_in is not None and await _colleagues(turn, me, answers):
        return await _ask(turn, me, replace(answers, stand_in=None))
    if answers.end is not None:
        return await _ask(turn, me, _Answers(answers.agency, answers.start))
    if answers.start is not None:
        return await _ask(turn, me, _Answers(answers.agency))
    await turn.end()
    return await focal_pages.page(turn, answers.agency)


async def _day(turn: Turn, me: FocalPerson, answers: _Answers, text: str) -> Reply:
    t = turn.t
    now = turn.today
    day = report_answers.coming_day(text, now)
    if day is None:
        problem = t("That is not a date. Please write day, month and year, for example {date}.", date=f"{now:%d/%m/%Y}")
    elif answers.start is None:
        problem = "" if now <= day <= now + LONGEST else t(
            "The first day must be from today on and within a year. {date} is not.", date=t.date(day)
        )  # fmt: skip
        answers = answers if problem else replace(answers, start=day)
    else:
        problem = _end_problem(turn, answers.start, day)
        answers = answers if problem else replace(answers, end=day)
    return await _ask(turn, me, answers, problem)


def _end_problem(turn: Turn, start: date, end: date) -> str:
    t = turn.t
    if end < start or end < turn.today:
        return t("The last day can't be before {date}.", date=t.date(max(start, turn.today)))
    if end > start + LONGEST:
        return t("An absence can be a year long at most. For longer, please hand over to a colleague.")
    return ""


async def _stand_in(turn: Turn, me: FocalPerson, answers: _Answers, contact_id: int) -> Reply:
    colleagues = {each.contact_id for each in await _colleagues(turn, me, answers)}
    if contact_id and contact_id not in colleagues:
        return await _ask(turn, me, answers, turn.t("This colleague can't stand in. Please choose again."))
    return await _ask(turn, me, replace(answers, stand_in=contact_id))


async def _colleagues(turn: Turn, me: FocalPerson, answers: _Answers) -> list[FocalPerson]:
    """Who could stand in: not somebody who is away in these days too."""
    return [
        each
        for each in await focal_pages.others(turn, me)
        if not (
            each.absence is not None
            and answers.start is not None
            and answers.end is not None
            and each.absence.start <= answers.end
            and each.absence.end >= answers.start
        )
    ]


async def _ask(turn: Turn, me: FocalPerson, answers: _Answers, problem: str = "") -> Reply:
    """The question whose answer is missing, or the review when none is."""
    t = turn.t
    colleagues = await _colleagues(turn, me, answers) if answers.end is not None else []
    if answers.end is not None and answers.stand_in is None and not colleagues:
        answers = replace(answers, stand_in=0)
    await turn.begin(answers.as_dialog())
    rows: list[tuple[Button, ...]]
    if answers.start is None:
        question = t("From which day are you away? Choose a day, or write day/month/year.")
        rows = _days(turn, _first_days(turn.today))
    elif answers.end is None:
        question = t(
            "You are away from {date}. Which is the last day? Choose a day, or write day/month/year.",
            date=t.date(answers.start),
        )
        rows = _days(turn, _last_days(answers.start))
    elif answers.stand_in is None:
        question = t("Who stands in for you?")
        rows = [(Button(focal_pages.colleague(turn, each), f"focal:standin:{each.contact_id}"),) for each in colleagues]
        rows.append((Button(t("Nobody in particular"), "focal:standin:0"),))
    else:
        question = _review(turn, me, answers.start, answers.end, answers.stand_in, colleagues)
        rows = [(Button(t("Confirm"), "focal:confirm"),)]
    return turn.say(
        f"{problem}\n\n{question}" if problem else question,
        title=t("Away"),
        buttons=(*rows, (Button(t("Back"), "focal:back"), Button(t("Cancel"), "cancel"))),
    )


def _review(turn: Turn, me: FocalPerson, start: date, end: date, stand_in: int, colleagues: list[FocalPerson]) -> str:
    t = turn.t
    named = next((each for each in colleagues if each.contact_id == stand_in), None)
    lines = [
        me.agency.in_language(t.language),
        t("Away from {start} to {end}", start=t.date(start), end=t.date(end)),
    ]
    if named is not None:
        lines.append(t("Standing in: {name}", name=colleague_names.listed(named.name, t)))
        lines += ["", t("On these days reminders go to this colleague instead of you.")]
    elif colleagues:
        lines += ["", t("On these days reminders go to the deputy, or to whoever else of the agency is there.")]
    else:
        lines += [
            "",
            t(
                "Nobody else answers for the agency on these days, so nobody would see the reminders. Better have a "
                "colleague in first."
            ),
        ]
    return "\n".join([*lines, "", t("Is that right?")])


async def _confirm(turn: Turn, me: FocalPerson, answers: _Answers) -> Reply:
    t = turn.t
    if answers.start is None or answers.end is None:
        return await _ask(turn, me, answers)
    # The review may have lain there for days, and the colleague may have gone.
    problem = _end_problem(turn, answers.start, answers.end)
    if problem:
        return await _ask(turn, me, _Answers(answers.agency, answers.start), problem)
    if answers.stand_in and answers.stand_in not in {e.contact_id for e in await _colleagues(turn, me, answers)}:
        problem = t("This colleague can't stand in. Please choose again.")
        return await _ask(turn, me, replace(answers, stand_in=None), problem)
    await turn.end()
    absence = Absence(answers.start, answers.end, answers.stand_in or None)
    await focal_points.be_away(turn.connection, me.agency.id, me.contact_id, absence, turn.now)
    note = t("It is noted that you will be away.")
    if absence.stand_in is not None:
        told = await focal_notices.tell_stand_in(focal_pages.teller(turn), me, absence)
        note += " " + (
            t("Your colleague has been told.") if told else t("Your colleague can't be reached here: please tell them.")
        )
    return await focal_pages.page(turn, me.agency.id, note)


async def come_back(turn: Turn, agency_id: int) -> Reply:
    """End an absence early, or call it off."""
    t = turn.t
    me = await focal_pages.mine(turn, agency_id)
    if me is None:
        return focal_pages.not_yours(turn)
    if not await focal_points.be_back(turn.connection, agency_id, me.contact_id, turn.now):
        return await focal_pages.page(turn, agency_id, t("You are not noted as away."))
    if me.absence is not None and me.absence.stand_in is not None and me.absence.end >= turn.today:
        await focal_notices.tell_back(focal_pages.teller(turn), me, me.absence.stand_in)
    note = (
        t("Welcome back. From now on you are reminded again.")
        if me.away(turn.today)
        else t("It is noted that you will be there.")
    )
    return await focal_pages.page(turn, agency_id, note)


def _first_days(now: date) -> list[date]:
    monday = now + timedelta(days=WEEK - now.weekday())
    return list(dict.fromkeys([now, now + timedelta(days=1), monday]))


def _last_days(start: date) -> list[date]:
    friday = start + timedelta(days=(FRIDAY - start.weekday()) % WEEK)
    return list(dict.fromkeys([start, friday, friday + timedelta(days=WEEK), friday + timedelta(days=2 * WEEK)]))


def _days(turn: Turn, days: list[date]) -> list[tuple[Button, ...]]:
    return [(Button(turn.t.date(day), f"focal:day:{day}"),) for day in days]


def _read(dialog: Dialog | None) -> _Answers:
    data = dialog.data if dialog else {}
    start, end, stand_in = data.get("start"), data.get("end"), data.get("stand_in")
    return _Answers(
        agency=number(str(data.get("agency", ""))),
        start=date.fromisoformat(start) if isinstance(start, str) else None,
        end=date.fromisoformat(end) if isinstance(end, str) else None,
        stand_in=stand_in if isinstance(stand_in, int) else None,
    )
