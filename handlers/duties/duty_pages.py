"""The list of duties, one duty with everything it says, and who changed it when."""

from __future__ import annotations

from hashlib import sha256

from bot.messages import Button, Reply
from bot.services.applications.deciders import Scope
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.duties import definitions, due_dates, duty_texts
from bot.services.duties.definitions import CONTENT_FILES
from bot.services.duties.due_dates import DuePeriod
from bot.services.reporting import report_texts
from bot.services.reporting.report_texts import shortened
from content.duty_model import Duty
from content.model import Content
from handlers.deciding import desk_dialog
from handlers.duties import rights
from handlers.turn import Turn

# The next date of a duty that is owed is looked for this far ahead.
YEARS_AHEAD = 2
HISTORY_SHOWN = 15


def reference(slug: str) -> str:
    """A duty in a button: names may be longer than a button can carry."""
    return sha256(slug.encode()).hexdigest()[:10]


def find(known: Content, given: str) -> Duty | None:
    """The duty that a button means."""
    return next((duty for slug, duty in known.duties.items() if reference(slug) == given), None)


def button(label: str, verb: str, *parts: str) -> Button:
    return Button(label, ":".join(("duty", verb, *parts)))


async def listed(turn: Turn, known: Content, scope: Scope | None, note: str = "") -> Reply:
    """Every duty with its next due date."""
    t = turn.t
    calendar = await working_days.load(turn.connection)
    lines = [note] if note else []
    rows: list[tuple[Button, ...]] = []
    for number, duty in enumerate(known.duties.values(), start=1):
        lines.append("\n".join([f"{number}. {duty_texts.title(duty, t)}", *_summary(turn, duty, known, calendar)]))
        label = shortened(f"{number}. {duty_texts.title(duty, t)}")
        rows.append((button(label, "page", reference(duty.slug)),))
    if not known.duties:
        lines.append(t("There are no duties yet. Send a file to make the first."))
    if scope is not None:
        rows.append((button(t("Send a file with duties"), "file"), button(t("What would change"), "pending")))
    rows.append((Button(t("Working calendar"), "do:calendar"), *desk_dialog.menu(turn)))
    return turn.say(
        "\n\n".join(lines),
        title=t("Duties to report"),
        footnote=t("The plan fixes no dates. What is marked as a default awaits confirmation."),
        buttons=tuple(rows),
        instead=not note,
    )


async def page(turn: Turn, known: Content, scope: Scope | None, duty: Duty, note: str = "") -> Reply:
    """One duty with everything it says."""
    t = turn.t
    calendar = await working_days.load(turn.connection)
    versions = await definitions.history(turn.connection, duty.slug)
    may_change = rights.may_change(scope, duty)
    blocks = [note] if note else []
    blocks.append("\n".join(_state(turn, duty, calendar)))
    blocks.append("\n".join(_terms(turn, duty, known)))
    blocks.append("\n".join([t("Reminders:"), *(f"- {duty_texts.reminder(step, t)}" for step in duty.reminders)]))
    blocks += _content(turn, duty)
    ref = reference(duty.slug)
    rows: list[tuple[Button, ...]] = [
        (button(t("Download its file"), "get", ref), button(t("Who changed what"), "history", ref))
    ]
    if may_change:
        switch = button(t("Switch off"), "off", ref) if duty.enabled else button(t("Switch on"), "on", ref)
        rows.append((button(t("Send the changed file"), "file"), switch))
    rows.append((button(t("All duties"), "list"),))
    last = versions[-1] if versions else None
    return turn.say(
        "\n\n".join(blocks),
        title=duty_texts.title(duty, t),
        footnote=t("Last changed by {name} at {when}.", name=last.by or t("staff"), when=t.moment(last.at))
        if last
        else "",
        buttons=tuple(rows),
        instead=not note,
    )


async def history(turn: Turn, duty: Duty) -> Reply:
    """Who changed what, the newest first."""
    t = turn.t
    versions = await definitions.history(turn.connection, duty.slug)
    lines = []
    for number, version in enumerate(versions):
        if version.file_name == CONTENT_FILES:
            lines.append(t("Before: as the content files say."))
            continue
        previous = versions[number - 1].duty if number else None
        head = t("{when}, {name}", when=t.moment(version.at), name=version.by or t("staff"))
        what = t("This version can't be read any more.")
        if version.duty is not None:
            what = ", ".join(duty_texts.changed(previous, version.duty, t)) or t("nothing")
        lines.append("\n".join([head, what, *([version.file_name] if version.file_name else [])]))
    text = "\n\n".join(reversed(lines[-HISTORY_SHOWN:]))
    if not lines:
        text = t("Nobody has changed this duty in the chat; it is as the content files say.")
    return turn.say(
        text,
        title=t("History: {title}", title=duty_texts.title(duty, t)),
        buttons=((button(t("Back"), "page", reference(duty.slug)), button(t("All duties"), "list")),),
        instead=True,
    )


def _next_due(turn: Turn, duty: Duty, calendar: WorkingCalendar) -> DuePeriod | None:
    today = turn.today
    found = due_dates.due_between(duty, today, today.replace(year=today.year + YEARS_AHEAD, day=1), calendar)
    return min(found, key=lambda each: each.due_on, default=None)


def _summary(turn: Turn, duty: Duty, known: Content, calendar: WorkingCalendar) -> list[str]:
    t = turn.t
    owing = t.plural("{number} agency", "{number} agencies", len(due_dates.owing(duty, known)))
    lines = [f"{duty_texts.frequency(duty, t).capitalize()} · {owing}"]
    if not duty.enabled:
        return [*lines, t("Switched off")]
    following = _next_due(turn, duty, calendar)
    if following is not None:
        lines.append(t("Next due: {date}", date=t.date(following.due_on)) + _default(turn, duty))
    return lines


def _default(turn: Turn, duty: Duty) -> str:
    return f" ({turn.t('default, awaiting confirmation')})" if duty.default else ""


def _state(turn: Turn, duty: Duty, calendar: WorkingCalendar) -> list[str]:
    t = turn.t
    lines = [t("Switched on") if duty.enabled else t("Switched off")]
    if duty.default:
        lines.append(t("Default, awaiting confirmation: the plan fixes no date, form or outline."))
    following = _next_due(turn, duty, calendar)
    if following is not None:
        label = t("Next due: {date}") if duty.enabled else t("Would be due next: {date}")
        lines.append(label.format(date=t.date(following.due_on)))
        lines.append(t("For the period: {period}", period=report_texts.period(following.period, t)))
        if calendar.is_provisional(following.due_on):
            lines.append(report_texts.provisional(following.due_on, t))
    return lines


def _terms(turn: Turn, duty: Duty, known: Content) -> list[str]:
    t = turn.t
    received = ", ".join(duty_texts.names(duty.received_by, known, t))
    lines = [
        t("Basis: {document}", document=duty.legal_basis.in_language(t.language)),
        t("Section of the plan: {section}", section=duty.source),
        t("Frequency: {frequency}", frequency=duty_texts.frequency(duty, t)),
        t("Periods: {window}", window=duty_texts.window(duty, t)),
        t("Due date: {rule}", rule=duty_texts.due_rule(duty, t)),
        t("Owed by: {who}", who=duty_texts.owed_by(duty, known, t)),
    ]
    if received:
        lines.append(t("Received by: {names}", names=received))
    return [*lines, t("Checked by: {names}", names=duty_texts.review(duty, known, t))]


def _content(turn: Turn, duty: Duty) -> list[str]:
    t = turn.t
    blocks = []
    if duty.sections:
        lines = [t("Outline:")]
        for number, each in enumerate(duty.sections, start=1):
            lines.append(f"{number}. {_marked(turn, each.title.in_language(t.language), required=each.required)}")
        blocks.append("\n".join(lines))
    if duty.indicators:
        lines = [t("Figures:")]
        for group in duty.indicators:
            labels = "; ".join(each.label.in_language(t.language) for each in group.indicators)
            lines.append(f"- {group.title.in_language(t.language)}: {labels}")
        blocks.append("\n".join(lines))
    if duty.attachments:
        lines = [t("Attachments:")]
        for file in duty.attachments:
            lines.append(f"- {_marked(turn, file.label.in_language(t.language), required=file.required)}")
        blocks.append("\n".join(lines))
    return blocks


def _marked(turn: Turn, name: str, *, required: bool) -> str:
    return turn.t("{name} (required)", name=name) if required else name
