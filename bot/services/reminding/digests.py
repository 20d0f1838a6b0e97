"""The words of a reminder: one report with everything about it, several as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from bot.i18n import Translator, Translators
from bot.messages import Button, Person, Reply
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.messages.outbox import Notice
from bot.services.reminding.addressees import Reminder
from bot.services.reporting import report_texts
from bot.services.reporting.obligations import Owed
from content.model import Content


@dataclass(frozen=True, slots=True)
class Texts:
    """What the wording of a reminder depends on besides its reader."""

    known: Content
    translators: Translators
    calendar: WorkingCalendar
    today: date


def notice(person: Person, reminders: Sequence[Reminder], texts: Texts) -> Notice:
    steps = ",".join(str(reminder.step.id) for reminder in sorted(reminders, key=lambda each: each.step.id))
    key = f"reminder:{person.contact_id}:{texts.today}:{sha256(steps.encode()).hexdigest()[:16]}"
    t = texts.translators.for_language(person.language)
    owed = sorted((reminder.owed for reminder in reminders), key=lambda each: (each.due_on, each.id))
    reply = _about_one(owed[0], person, texts, t) if len(owed) == 1 else _digest(owed, texts, t)
    return Notice(person, key, reply)


def _about_one(owed: Owed, person: Person, texts: Texts, t: Translator) -> Reply:
    left = report_texts.time_left(owed.due_on, texts.today, texts.calendar, t)
    lines = [
        report_texts.title(owed, texts.known, t),
        owed.agency.in_language(t.language),
        t("Period: {period}", period=report_texts.period(owed.period, t)),
        report_texts.due(owed, texts.today, texts.calendar, t),
        report_texts.recipients(owed, texts.known, t),
        *report_texts.status(owed, person.contact_id, t),
    ]
    return Reply(
        text="\n".join(line for line in lines if line),
        language=t.language,
        title=t("Report reminder: {left}", left=left),
        footnote=report_texts.basis(owed, texts.known, t),
        buttons=report_texts.actions(owed, t),
    )


def _digest(owed: Sequence[Owed], texts: Texts, t: Translator) -> Reply:
    items = [
        f"{number}. {report_texts.title(each, texts.known, t)}\n{each.agency.in_language(t.language)}\n"
        + report_texts.due(each, texts.today, texts.calendar, t)
        for number, each in enumerate(owed, start=1)
    ]
    footnote = ""
    if any(report_texts.is_default(each, texts.known) for each in owed):
        footnote = t("Due dates are defaults awaiting confirmation: the plan itself fixes no day.")
    return Reply(
        text="\n\n".join(items),
        language=t.language,
        title=t.plural("{number} report to hand in", "{number} reports to hand in", len(owed)),
        footnote=footnote,
        buttons=((Button(t("Agency reports"), "do:reports"),),),
    )
