"""An obligation in words: the lines that a reminder and a conversation have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.i18n import Translator
from bot.messages import Button
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.duties.windows import Period
from bot.services.reporting.extensions import Request
from bot.services.reporting.not_mine import Said
from bot.services.reporting.obligations import Deed, Owed
from bot.services.reporting.statuses import OWED, Status
from content.model import Content

LONGEST_LABEL = 60
# A reminder that comes later than this can't be put off to the afternoon any more.
LATEST_FOR_AFTERNOON = 13


def title(owed: Owed, known: Content, t: Translator) -> str:
    """Which report."""
    return duty_title(owed.duty, known, t)


def duty_title(slug: str, known: Content, t: Translator) -> str:
    """The title of a duty; its short name if it has been taken out of the content since."""
    duty = known.duties.get(slug)
    return duty.title.in_language(t.language) if duty else slug


def period(of: Period, t: Translator) -> str:
    return t("{start} to {end}", start=t.short_date(of.start), end=t.short_date(of.end))


def time_left(due_on: date, today: date, calendar: WorkingCalendar, t: Translator) -> str:
    """How long until the due date, or since, in working days."""
    if due_on == today:
        return t("due today")
    days = calendar.working_days_between(today, due_on)
    if due_on > today:
        return t.plural("{number} working day left", "{number} working days left", days)
    if days == 0:
        return t("overdue")
    return t.plural("overdue by {number} working day", "overdue by {number} working days", -days)


def last_day(owed: Owed) -> date:
    """Until when the agency has to act: for what was returned the day to correct it by."""
    return owed.correct_by if owed.status is Status.RETURNED and owed.correct_by else owed.due_on


def urgency(owed: Owed) -> tuple[bool, date, int]:
    """What to show first: what was returned, then by the day until which to act."""
    return owed.status is not Status.RETURNED, last_day(owed), owed.id


def day_off(day: date, calendar: WorkingCalendar, t: Translator) -> str:
    """That a day which was chosen is a day off, and which one would do."""
    return t(
        "{date} is a day off. The next working day is {next}.",
        date=t.date(day),
        next=t.date(calendar.next_working_day(day)),
    )


def due(owed: Owed, today: date, calendar: WorkingCalendar, t: Translator) -> str:
    """The day until which to act with its weekday, and how long that still is."""
    if owed.handed_in:
        return t("Due: {date}", date=t.date(owed.due_on))
    day = last_day(owed)
    left = time_left(day, today, calendar, t)
    if owed.status is Status.RETURNED:
        return t("To be corrected by {date} at the latest ({left})", date=t.date(day), left=left)
    return t("Due: {date} ({left})", date=t.date(day), left=left)


def who(deed: Deed, reader: int, t: Translator) -> str:
    """Who did it, as the reader would say it."""
    if deed.contact_id == reader:
        return t("you")
    return deed.name or t("a focal point of the agency")


def status(owed: Owed, reader: int, t: Translator) -> list[str]:
    """What has been done about it so far, a line each; empty for an obligation nobody has touched."""
    lines = []
    if owed.submitted:
        lines.append(
            t(
                "Handed in by {name} at {when}: document {number} of {date}.",
                name=who(owed.submitted, reader, t),
                when=t.moment(owed.submitted.at),
                number=owed.document_number,
                date=t.short_date(owed.document_date) if owed.document_date else "",
            )
        )
        lines.append(_state(owed.status, t))
    elif owed.acknowledged:
        lines.append(
            t(
                "Acknowledged by {name} at {when}.",
                name=who(owed.acknowledged, reader, t),
                when=t.moment(owed.acknowledged.at),
            )
        )
    if owed.planned_on and not owed.submitted:
        lines.append(t("Planned to be handed in on {date}.", date=t.date(owed.planned_on)))
    if owed.asked_until:
        lines.append(
            t("More time has been requested, until {date}; no decision yet.", date=t.short_date(owed.asked_until))
        )
    return lines


def not_mine(said: Sequence[Said], reader: int, t: Translator) -> list[str]:
    """Who said that a report is not theirs, a line each; whom it was passed on to."""
    return [_declined(each, reader, t) for each in said]


def _declined(said: Said, reader: int, t: Translator) -> str:
    mine = said.contact_id == reader
    name = said.name or t("a focal point of the agency")
    if said.passed_to is None and mine:
        return t("You said that it is not yours; you are not reminded of it.")
    if said.passed_to is None:
        return t("{name} said that it is not theirs.", name=name)
    to = t("you") if said.passed_to == reader else said.passed_to_name or t("a focal point of the agency")
    if mine:
        return t("You passed it on to {name}; you are not reminded of it.", name=to)
    return t("{name} passed it on to {colleague}.", name=name, colleague=to)


def _state(status: Status, t: Translator) -> str:
    if status is Status.ACCEPTED:
        return t("It has been accepted.")
    if status is Status.RETURNED:
        return t("It was returned and has to be corrected and handed in again.")
    return t("It waits for the receiving agency to check it.")


def is_default(owed: Owed, known: Content) -> bool:
    """Whether the due date is only our suggestion: the duty's is, and no officer has set another."""
    duty = known.duties.get(owed.duty)
    return duty is not None and duty.default and not owed.extended


def basis(owed: Owed, known: Content, calendar: WorkingCalendar, t: Translator) -> str:
    """The legal basis, and how certain the due date is."""
    lines = []
    duty = known.duties.get(owed.duty)
    if duty:
        lines.append(t("Basis: {document}", document=duty.legal_basis.in_language(t.language)))
        if is_default(owed, known):
            lines.append(t("The due date is a default awaiting confirmation: the plan itself fixes no day."))
    if not owed.handed_in and calendar.is_provisional(owed.due_on):
        lines.append(provisional(owed.due_on, t))
    return "\n".join(lines)


def provisional(day: date, t: Translator) -> str:
    """Why a date may still move."""
    return t("The public holidays of {year} have not been announced yet; the date may move.", year=day.year)


def recipients(owed: Owed, known: Content, t: Translator) -> str:
    """Who receives the report, or nothing where the content doesn't say."""
    duty = known.duties.get(owed.duty)
    names = [
        known.agencies[slug].name.in_language(t.language)
        for slug in (duty.received_by if duty else ())
        if slug in known.agencies
    ]
    return t("Received by: {names}", names=", ".join(names)) if names else ""


def request(asked: Request, known: Content, today: date, calendar: WorkingCalendar, t: Translator) -> str:
    """A request for more time, for whoever decides it."""
    owed = asked.owed
    return "\n".join(
        [
            t("{agency} asks for more time.", agency=owed.agency.in_language(t.language)),
            t("Report: {title}", title=title(owed, known, t)),
            t("Period: {period}", period=period(owed.period, t)),
            due(owed, today, calendar, t),
            t("Requested new due date: {date}", date=t.date(asked.until)),
            t("Reason: {reason}", reason=asked.reason),
            t("Requested by {name} at {when}.", name=who(asked.asked, 0, t), when=t.moment(asked.asked.at)),
        ]
    )


def actions(owed: Owed, t: Translator) -> tuple[tuple[Button, ...], ...]:
    """What a focal point can do about an obligation now."""
    if owed.status not in OWED:
        return ()
    rows: list[tuple[Button, ...]] = []
    if owed.status is Status.OPEN:
        rows.append((Button(t("Acknowledge"), f"report:ack:{owed.id}"),))
    rows.append((Button(_hand_in(owed, t), f"hand:begin:{owed.id}"),))
    if owed.asked_until is None and owed.status is not Status.RETURNED:
        rows.append((Button(t("Ask for more time"), f"report:extend:{owed.id}"),))
    return tuple(rows)


def reminder_actions(owed: Owed, now: datetime, t: Translator) -> tuple[tuple[Button, ...], ...]:
    """The same under a reminder: it can be put off, and passed on to whom it concerns."""
    later = [Button(t("Remind me this afternoon"), f"snooze:afternoon:{owed.id}")]
    if now.astimezone(t.zone).hour >= LATEST_FOR_AFTERNOON:
        later = []
    later.append(Button(t("Remind me tomorrow morning"), f"snooze:tomorrow:{owed.id}"))
    return (*actions(owed, t), tuple(later), (Button(t("Not mine"), f"focal:notmine:{owed.id}"),))


def label(owed: Owed, known: Content, t: Translator, *, with_agency: bool) -> str:
    """A button that leads to it."""
    text = title(owed, known, t)
    if with_agency:
        text = f"{owed.agency.in_language(t.language)}: {text}"
    return shortened(f"{t.short_date(last_day(owed))}: {text}")


def _hand_in(owed: Owed, t: Translator) -> str:
    if owed.status is Status.RETURNED:
        return t("Correct the report")
    return t("Go on with the report") if owed.begun else t("Hand in the report")


def shortened(text: str, longest: int = LONGEST_LABEL) -> str:
    """The text cut at the end of a word."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
