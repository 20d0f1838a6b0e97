"""What is said of agencies' reports to those who look after them: rates, where a report stands, names of lists."""

from __future__ import annotations

from datetime import date

from bot.i18n import Translator
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.compliance.selections import EVERY_KIND, Selection, Which
from bot.services.compliance.standings import Stage, Standing
from bot.services.compliance.tallies import Tally
from bot.services.reminding.addressees import Gap
from bot.services.reporting import report_texts

_BLOCKS = 10


def share(value: float, t: Translator) -> str:
    """A rate in per cent with one decimal, never rounded up to 100 or down to 0."""
    if 0 < value < 100:
        value = min(max(value, 0.1), 99.9)
    return f"{t.number(value, decimals=1)}%"


def bar(value: float) -> str:
    """A rate as ten blocks, of which all are full only at 100 per cent."""
    full = int(value) // _BLOCKS
    return "█" * full + "░" * (_BLOCKS - full)


def rates(of: Tally, t: Translator) -> str:
    """How many have handed in, and on time, with both rates."""
    return t(
        "{count} of {all} handed in ({rate}), on time {on_time} ({on_time_rate})",
        count=t.number(of.handed_in),
        all=t.number(of.owed),
        rate=share(of.rate, t),
        on_time=t.number(of.on_time),
        on_time_rate=share(of.on_time_rate, t),
    )


def moved(of: Tally, before: Tally, t: Translator) -> str:
    """How far the rate of handing in moved since the period before, and how many of this one still have time."""
    points = round(of.rate, 1) - round(before.rate, 1)
    if abs(points) < 0.05:
        said = t("as in the period before")
    else:
        said = t(
            "{sign} {points} percentage points against the period before",
            sign="▲" if points > 0 else "▼",
            points=t.number(abs(points), decimals=1),
        )
    still = of.stages[Stage.NOT_YET]
    return f"{said} ({t.plural('{number} is not due yet', '{number} are not due yet', still)})" if still else said


def kind(of: str, t: Translator) -> str:
    """A kind of agency, several of them."""
    return {
        "department": t("Departments"),
        "ward": t("Wards"),
        "commune": t("Communes"),
        "city": t("City bodies"),
        "ministry": t("Ministries"),
        EVERY_KIND: t("All kinds of agency"),
    }[of]


def one_kind(of: str, t: Translator) -> str:
    """The kind of one agency."""
    return {
        "department": t("Department"),
        "ward": t("Ward"),
        "commune": t("Commune"),
        "city": t("City body"),
        "ministry": t("Ministry"),
    }[of]


def which(of: Which, t: Translator) -> str:
    """The name of a list."""
    return {
        Which.MISSING: t("Not handed in"),
        Which.OVERDUE: t("Overdue"),
        Which.NOT_YET: t("Not handed in, still in time"),
        Which.UNOPENED: t("Never opened"),
        Which.RETURNED: t("Returned"),
        Which.TO_REVIEW: t("Waiting for review"),
        Which.LATE: t("Handed in late"),
        Which.ON_TIME: t("Handed in on time"),
        Which.ACCEPTED: t("Accepted"),
        Which.ALL: t("All agencies of the period"),
    }[of]


def selection(of: Selection, t: Translator) -> str:
    """A list with the kind of agency, where it is of one kind."""
    name = which(of.which, t)
    return name if of.kind == EVERY_KIND else f"{name}, {kind(of.kind, t)}"


def stage(of: Stage, t: Translator) -> str:
    """Where a report stands, in a word or two."""
    return {
        Stage.OVERDUE: t("Overdue"),
        Stage.NOT_YET: t("Not handed in, still in time"),
        Stage.RETURNED: t("Returned"),
        Stage.TO_REVIEW: t("Waiting for review"),
        Stage.ACCEPTED: t("Accepted"),
    }[of]


def counts(of: Tally, t: Translator) -> list[str]:
    """Everything that is counted, a line each; the indented lines of a part add up to it."""
    return [
        t("Agencies that owe the report: {number}", number=t.number(of.owed)),
        t("Handed in: {number} ({rate})", number=t.number(of.handed_in), rate=share(of.rate, t)),
        "  – " + t("on time: {number} ({rate})", number=t.number(of.on_time), rate=share(of.on_time_rate, t)),
        "  – " + t("late: {number}", number=t.number(of.late)),
        t(
            "Of these accepted: {accepted}; waiting for review: {waiting}; returned: {returned}",
            accepted=t.number(of.stages[Stage.ACCEPTED]),
            waiting=t.number(of.stages[Stage.TO_REVIEW]),
            returned=t.number(of.stages[Stage.RETURNED]),
        ),
        t("Not handed in: {number}", number=t.number(of.missing)),
        "  – " + t("still in time: {number}", number=t.number(of.stages[Stage.NOT_YET])),
        "  – " + t("overdue: {number}", number=t.number(of.stages[Stage.OVERDUE])),
        t("Never opened: {number}", number=t.number(of.never_opened)),
    ]


def standing(of: Standing, today: date, calendar: WorkingCalendar, t: Translator) -> list[str]:
    """Where one report stands, a remark each."""
    if of.stage(today) in (Stage.OVERDUE, Stage.NOT_YET):
        return _to_come(of, today, calendar, t)
    remarks = []
    if of.stage(today) is Stage.RETURNED:
        left = report_texts.time_left(of.last_day, today, calendar, t)
        remarks.append(t("returned, to be corrected by {date} ({left})", date=t.short_date(of.last_day), left=left))
    else:
        remarks.append(stage(of.stage(today), t).lower())
    if of.late(t.zone):
        remarks.append(how_late(of, calendar, t))
    else:
        remarks.append(t("on time"))
    if of.version > 1:
        remarks.append(t("version {version}", version=of.version))
    return remarks


def _to_come(of: Standing, today: date, calendar: WorkingCalendar, t: Translator) -> list[str]:
    remarks = [report_texts.time_left(of.due_on, today, calendar, t)]
    if of.never_opened:
        remarks.append(t("never opened"))
    elif of.acknowledged_at is not None:
        remarks.append(t("acknowledged"))
    else:
        remarks.append(t("opened"))
    if of.planned_on is not None:
        remarks.append(t("planned for {date}", date=t.short_date(of.planned_on)))
    if of.asked_until is not None:
        remarks.append(t("asks for time until {date}", date=t.short_date(of.asked_until)))
    return remarks


def days_late(of: Standing, today: date, calendar: WorkingCalendar, t: Translator) -> int:
    """Working days after the due date on which the report came, or that have passed without it; 0 when in time."""
    until = of.first_on(t.zone) if of.handed_in else today
    return max(0, calendar.working_days_between(of.due_on, until)) if until else 0


def how_late(of: Standing, calendar: WorkingCalendar, t: Translator) -> str:
    """By how much a report that was handed in was late."""
    days = days_late(of, of.due_on, calendar, t)
    if not days:
        return t("late")
    return t.plural("{number} working day late", "{number} working days late", days)


def gap(of: Gap | None, t: Translator) -> str:
    """Why nobody of an agency can be reminded; empty when somebody can."""
    match of:
        case Gap.NOBODY:
            return t("no focal point")
        case Gap.BLOCKED:
            return t("no focal point can be reached")
        case Gap.AWAY:
            return t("all focal points are away")
        case Gap.DISOWNED:
            return t("all focal points say that it is not theirs")
    return ""


def other_due_dates(count: int, t: Translator) -> str:
    """How many have a due date of their own, mostly since more time was granted."""
    return t.plural("{number} agency has another due date.", "{number} agencies have another due date.", count)
