"""The words of reminders: one report with everything about it, several as a list; and what a receiver is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.i18n import Translator
from bot.messages import Button, Language, Reply
from bot.services.reminding.rules import Day
from bot.services.reporting import report_texts
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import Status

# Reports with a button of their own under a digest, and agencies named to a receiver per report.
WITH_BUTTONS, NAMED = 8, 12


@dataclass(slots=True)
class Told:
    """What one message tells one person: ``own`` reports, by the ladder or as asked for, and what others owe them.

    ``asked`` are the obligations of which the person wanted to be reminded, ``personal`` the ids of these reminders.
    """

    own: dict[int, Owed] = field(default_factory=dict)
    received: dict[int, Owed] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)
    personal: list[int] = field(default_factory=list)
    by_ladder: bool = False


def write(told: Told, reader: int, day: Day, now: datetime, t: Translator) -> Reply:
    """The message to a contact, in their language."""
    own = sorted(told.own.values(), key=report_texts.urgency)
    received = sorted(told.received.values(), key=lambda each: (each.due_on, each.duty, each.agency.id))
    if not own:
        return _to_receiver(received, day, t)
    if len(own) == 1 and not received:
        return about_one(own[0], reader, _heading(own[0], own[0].id in told.asked, day, t), day, now, t)
    title = t.plural("{number} report to hand in", "{number} reports to hand in", len(own))
    return about_several(own, received, title, day, t)


def about_one(owed: Owed, reader: int, title: str, day: Day, now: datetime, t: Translator) -> Reply:
    """A message about one report, with all that can be done about it."""
    lines = [
        report_texts.title(owed, day.known, t),
        owed.agency.in_language(t.language),
        t("Period: {period}", period=report_texts.period(owed.period, t)),
        report_texts.due(owed, day.today, day.calendar, t),
        report_texts.recipients(owed, day.known, t),
        *report_texts.status(owed, reader, t),
    ]
    return Reply(
        text="\n".join(line for line in lines if line),
        language=t.language,
        title=title,
        footnote=report_texts.basis(owed, day.known, day.calendar, t),
        buttons=report_texts.reminder_actions(owed, now, t),
    )


def _heading(owed: Owed, asked: bool, day: Day, t: Translator) -> str:
    last_day = owed.correct_by if owed.status is Status.RETURNED and owed.correct_by else owed.due_on
    left = report_texts.time_left(last_day, day.today, day.calendar, t)
    if owed.status is Status.RETURNED:
        return t("Report to be corrected: {left}", left=left)
    if owed.planned_on == day.today:
        return t("You planned to hand in this report today: {left}", left=left)
    if asked:
        return t("The reminder you asked for: {left}", left=left)
    return t("Report reminder: {left}", left=left)


def about_several(own: Sequence[Owed], received: Sequence[Owed], title: str, day: Day, t: Translator) -> Reply:
    """A message about several reports, each with a button that leads to it."""
    items = [
        f"{number}. {report_texts.title(each, day.known, t)}\n{each.agency.in_language(t.language)}\n"
        + report_texts.due(each, day.today, day.calendar, t)
        for number, each in enumerate(own, start=1)
    ]
    footnote = ""
    if any(report_texts.is_default(each, day.known) for each in own):
        footnote = t("Due dates are defaults awaiting confirmation: the plan itself fixes no day.")
    if received:
        items += [t("You are also told as the receiving agency. Not handed in yet:"), *_not_handed_in(received, day, t)]
    several = len({each.agency.id for each in own}) > 1
    buttons = [
        (Button(report_texts.label(each, day.known, t, with_agency=several), f"report:open:{each.id}"),)
        for each in own[:WITH_BUTTONS]
    ]
    return Reply(
        text="\n\n".join(items),
        language=t.language,
        title=title,
        footnote=footnote,
        buttons=(*buttons, (Button(t("Agency reports"), "do:reports"),)),
    )


def _to_receiver(received: Sequence[Owed], day: Day, t: Translator) -> Reply:
    return Reply(
        text="\n\n".join(_not_handed_in(received, day, t)),
        language=t.language,
        title=t.plural(
            "{number} report has not been handed in", "{number} reports have not been handed in", len(received)
        ),
        footnote=t("You are told because your agency receives these reports."),
        buttons=((Button(t("Agency reports"), "do:reports"),),),
    )


def _not_handed_in(received: Sequence[Owed], day: Day, t: Translator) -> list[str]:
    """Per report and due date a paragraph with the agencies that owe it."""
    groups: dict[tuple[str, object, object], list[Owed]] = {}
    for each in received:
        groups.setdefault((each.duty, each.period, each.due_on), []).append(each)
    return [
        "\n".join(
            [
                report_texts.title(those[0], day.known, t),
                report_texts.due(those[0], day.today, day.calendar, t),
                *agencies_of(those, t.language),
                *_others(those, t),
            ]
        )
        for those in groups.values()
    ]


def agencies_of(those: Sequence[Owed], language: Language) -> list[str]:
    """The first agencies, a line each."""
    return [f"- {each.agency.in_language(language)}" for each in those[:NAMED]]


def _others(those: Sequence[Owed], t: Translator) -> list[str]:
    rest = len(those) - NAMED
    return [t.plural("…and {number} more", "…and {number} more", rest)] if rest > 0 else []
