"""What happens to obligations, in words, for whoever confirms it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.i18n import Translator
from bot.services.agencies.agencies import AgencyName
from bot.services.planning.differences import Change, Changes
from bot.services.reporting import report_texts
from content.model import Content

EXAMPLES = 3


def counts(changes: Changes, t: Translator) -> list[str]:
    """How many reports are concerned, a line for each way."""
    made = sum(each.was is None for each in changes.steps)
    dropped = sum(each.becomes is None for each in changes.steps)
    moved = len(changes.steps) - made - dropped
    lines = (
        (len(changes.added), t.plural("{number} report is added", "{number} reports are added", len(changes.added))),
        (
            len(changes.moved),
            t.plural("{number} report gets other dates", "{number} reports get other dates", len(changes.moved)),
        ),
        (
            len(changes.withdrawn),
            t.plural(
                "{number} report is no longer owed", "{number} reports are no longer owed", len(changes.withdrawn)
            ),
        ),
        (
            len(changes.restored),
            t.plural("{number} report is owed again", "{number} reports are owed again", len(changes.restored)),
        ),
        (moved, t.plural("{number} reminder moves", "{number} reminders move", moved)),
        (made, t.plural("{number} reminder is added", "{number} reminders are added", made)),
        (dropped, t.plural("{number} reminder is left out", "{number} reminders are left out", dropped)),
    )
    return [f"- {line}" for number, line in lines if number]


def examples(changes: Changes, known: Content, names: Mapping[int, AgencyName], t: Translator) -> list[str]:
    """The first reports of each way, with agency and dates."""
    parts = (
        (t("Added, for example:"), changes.added),
        (t("Other dates, for example:"), changes.moved),
        (t("No longer owed, for example:"), changes.withdrawn),
        (t("Owed again, for example:"), changes.restored),
    )
    several = len({each.duty for _, part in parts for each in part}) > 1
    lines = []
    for heading, part in parts:
        if part:
            shown = [_example(each, known if several else None, names, t) for each in part[:EXAMPLES]]
            lines.append("\n".join([heading, *shown]))
    return lines


def _example(change: Change, known: Content | None, names: Mapping[int, AgencyName], t: Translator) -> str:
    """``known`` where the report has to be named."""
    agency = names[change.agency_id].in_language(t.language)
    if known is None:
        return f"- {agency}: {dates(change, t)}"
    title = report_texts.duty_title(change.duty, known, t)
    return t("- {agency}: {report}, {due}", agency=agency, report=title, due=dates(change, t))


def dates(change: Change, t: Translator) -> str:
    """The due date, or how it changes."""
    if change.due_from == change.due_on:
        return t("due {date}", date=t.date(change.due_on))
    return t("due {was}, then {becomes}", was=t.short_date(change.due_from), becomes=t.date(change.due_on))
