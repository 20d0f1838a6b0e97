"""A version of a report in words: its figures beside those of the last period, what has changed, how timely it was."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bot.i18n import Translator
from bot.services.files import file_texts
from bot.services.handing_in import figure_texts, figures, questions, versions
from bot.services.handing_in.questions import Question
from bot.services.handing_in.versions import Verdict, Version
from bot.services.reporting import report_texts
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import Status
from content.duty_model import Duty, Indicator
from content.model import Content

SHORT_PART = 220


def timeliness(owed: Owed, t: Translator) -> str:
    """Whether the agency was in time with its first version, and whether it has corrected it since."""
    if owed.first_submitted_at is None:
        return ""
    first = owed.first_submitted_at.astimezone(t.zone).date()
    if first <= owed.due_on:
        said = t("Handed in on time.")
    else:
        said = t("Handed in after the due date, {date}.", date=t.date(owed.due_on))
    if owed.version > 1:
        said += " " + t("Corrected since: this is version {version}.", version=owed.version)
    return said


def status(version: Version, t: Translator) -> str:
    """What has become of a version."""
    return {
        "submitted": t("waits for review"),
        "returned": t("returned for correction"),
        "accepted": t("accepted"),
        "replaced": t("replaced by a newer version"),
    }[version.status]


def head(owed: Owed, version: Version, reader: int, t: Translator) -> list[str]:
    """The lines that say which report it is and how it was handed in."""
    return [
        owed.agency.in_language(t.language),
        t("Period: {period}", period=report_texts.period(owed.period, t)),
        t("Document: {number} of {date}", number=version.document_number, date=t.short_date(version.document_date)),
        t(
            "Version {version}, code {code}: {status}.",
            version=version.version,
            code=version.code,
            status=status(version, t),
        ),
        t(
            "Handed in by {name} at {when}.",
            name=report_texts.who(version.submitted, reader, t),
            when=t.moment(version.submitted.at),
        ),
        timeliness(owed, t),
    ]


def figure_lines(
    duty: Duty, values: Mapping[str, Any], last: Mapping[str, Any], t: Translator, *, new: Collection[str] = ()
) -> list[str]:
    """The figures under their headings, with the last period's and how far they moved; ``new`` are marked."""
    lines: list[str] = []
    for group in duty.indicators:
        shown = [each for each in group.indicators if each.key in values]
        if shown:
            lines += ["", group.title.in_language(t.language)]
            lines += [_figure(each, values, last, t, new=each.key in new) for each in shown]
    return lines


def _figure(
    indicator: Indicator, values: Mapping[str, Any], last: Mapping[str, Any], t: Translator, *, new: bool
) -> str:
    value = values[indicator.key]
    said = figure_texts.value(indicator, value, t)
    separator = "\n" if indicator.kind == "table" and value else " "
    mark = "● " if new else "- "
    line = f"{mark}{indicator.label.in_language(t.language)}:{separator}{said}"
    compared = compare(indicator, value, last.get(indicator.key), t)
    return f"{line} {compared}" if compared else line


def compare(indicator: Indicator, value: Any, last: Any, t: Translator) -> str:
    """The last period's figure in brackets, and how far it moved; empty where nothing can be compared."""
    if not indicator.numeric or last is None or not figures.fits(indicator, last):
        return ""
    was = figure_texts.value(indicator, last, t)
    if not last or value == last or not isinstance(value, int | float):
        return t("(last period: {value})", value=was)
    change = figures.per_cent_change(value, last)
    arrow = "▲" if change > 0 else "▼"
    size = t.number(abs(change), decimals=0 if abs(change) >= 10 else 1)
    return t("(last period: {value}, {arrow} {size}%)", value=was, arrow=arrow, size=size)


def part_lines(duty: Duty, version: Version, t: Translator, *, new: Collection[str] = ()) -> list[str]:
    """The narrative parts, each in short."""
    titles = {each.key: each.title.in_language(t.language) for each in duty.sections}
    return [
        f"{'● ' if key in new else '- '}{titles.get(key, key)}: {part_in_short(part, t)}"
        for key, part in version.parts.items()
    ]


def part_in_short(part: Any, t: Translator) -> str:
    """The beginning of a text, or the file that stands for it."""
    if isinstance(part, Mapping):
        return file(part, t)
    return report_texts.shortened(" ".join(str(part).split()), SHORT_PART)


def file(of: Mapping[str, Any], t: Translator) -> str:
    """The name and the size of a file."""
    return f"«{of['name']}» ({file_texts.size(t, int(of['size']))})"


def file_label(duty: Duty | None, key: str, t: Translator) -> str:
    """What a file was asked for as."""
    wanted = {each.key: each.label.in_language(t.language) for each in duty.attachments} if duty else {}
    if key in wanted:
        return wanted[key]
    sections = {each.key: each.title.in_language(t.language) for each in duty.sections} if duty else {}
    return sections.get(key) or t("Further attachment")


def file_lines(duty: Duty, files: Mapping[str, Any], t: Translator) -> list[str]:
    """The attachments, a line each."""
    return [f"- {file_label(duty, key, t)}: {file(each, t)}" for key, each in files.items()]


def changed(before: Version, after: Version) -> list[str]:
    """The keys of everything that differs between two versions."""
    kinds = ((before.figures, after.figures), (before.parts, after.parts), (before.files, after.files))
    return [key for old, new in kinds for key in versions.changed(old, new)]


def change_lines(duty: Duty, before: Version, after: Version, t: Translator) -> list[str]:
    """What a version has that the one before had otherwise, a line each."""
    changes = [(t("Document"), _document(before, t), _document(after, t))]
    for question in questions.of(duty):
        old, new = (_answer(question, each, t) for each in (before, after))
        if question.indicator is not None:
            changes.append((question.indicator.label.in_language(t.language), old, new))
        elif question.section is not None:
            changes.append((question.section.title.in_language(t.language), old, new))
    for key in versions.changed(before.files, after.files):
        old, new = (file(each.files[key], t) if key in each.files else t("(not given)") for each in (before, after))
        changes.append((file_label(duty, key, t), old, new))
    return [
        t("- {label}: {new} (before: {old})", label=label, old=old, new=new)
        for label, old, new in changes
        if old != new
    ]


def _document(version: Version, t: Translator) -> str:
    return t("{number} of {date}", number=version.document_number, date=t.short_date(version.document_date))


def _answer(question: Question, version: Version, t: Translator) -> str:
    """What a version has for a question, whole, so that any difference shows."""
    if question.indicator is not None:
        return figure_texts.value(question.indicator, version.figures.get(question.key), t)
    part = version.parts.get(question.key)
    if part is None:
        return t("(not given)")
    return file(part, t) if isinstance(part, Mapping) else str(part)


def verdict(said: Verdict, known: Content, reader: int, t: Translator) -> str:
    """What a receiving agency said of a version, when."""
    agency = known.agencies.get(said.agency_slug)
    name = agency.name.in_language(t.language) if agency else said.agency_slug
    who = t("you") if said.reviewed.contact_id == reader else name
    when = t.moment(said.reviewed.at)
    if said.verdict == Status.ACCEPTED.value:
        return t("Version {version}: accepted by {who} at {when}.", version=said.version, who=who, when=when)
    return t(
        "Version {version}: returned by {who} at {when}. Remarks: {remarks}",
        version=said.version,
        who=who,
        when=when,
        remarks=said.remarks,
    )
