"""A duty in words: how often, until when, by whom, to whom, and what has to be said."""

from __future__ import annotations

from collections.abc import Iterable

from bot.i18n import Translator
from bot.services.duties import due_dates
from content.duty_model import Addressee, DatedPeriod, DueRule, Duty, LadderStep, OwnCutOff
from content.model import Content


def title(duty: Duty, t: Translator) -> str:
    return duty.title.in_language(t.language)


def frequency(duty: Duty, t: Translator) -> str:
    match duty.frequency:
        case "weekly":
            return t("every week")
        case "monthly":
            return t("every month")
        case "quarterly":
            return t("every quarter")
        case "six-month":
            return t("every six months")
        case "nine-month":
            return t("nine months, once a year")
        case "yearly":
            return t("every year")
        case "once":
            return t("once")
        case "dates":
            return t("on listed dates")


def window(duty: Duty, t: Translator) -> str:
    """By which windows of data a duty goes."""
    if duty.periods:
        return "; ".join(_listed(each, t) for each in duty.periods)
    if isinstance(duty.cut_off, OwnCutOff):
        if duty.cut_off.weekday is not None:
            return t("weeks that end on {weekday}", weekday=t.weekday(duty.cut_off.weekday))
        return t("up to day {day} of the last month", day=duty.cut_off.day)
    if duty.cut_off == "calendar":
        return t("by calendar months and years")
    return t("by Decree 09/2019/NĐ-CP (a month runs from the 15th to the 14th, the year from 15 December)")


def due_rule(duty: Duty, t: Translator) -> str:
    """When a duty is due, with what happens on a day off."""
    parts = [_rule(duty.due, t)] if duty.due else []
    match duty.on_day_off:
        case "next":
            parts.append(t("on a day off: the next working day"))
        case "previous":
            parts.append(t("on a day off: the working day before"))
        case "none":
            parts.append(t("also on a day off"))
    return "; ".join(parts)


def owed_by(duty: Duty, known: Content, t: Translator) -> str:
    """Who owes a duty, and how many agencies that is."""
    by = duty.owed_by
    groups = [t("all agencies that report")] if by.all else [_kind(each, t) for each in by.kinds]
    words = ", ".join([*groups, *names(by.agencies, known, t)])
    number = len(due_dates.owing(duty, known))
    line = t.plural("{who} ({number} agency)", "{who} ({number} agencies)", number, who=words)
    if by.exclude:
        line += "; " + t("except {names}", names=", ".join(names(by.exclude, known, t)))
    return line


def names(slugs: Iterable[str], known: Content, t: Translator) -> list[str]:
    """Names of agencies; the slug of one that is gone."""
    return [known.agencies[slug].name.in_language(t.language) if slug in known.agencies else slug for slug in slugs]


def review(duty: Duty, known: Content, t: Translator) -> str:
    if not duty.reviewers:
        return t("nobody: handing in completes it")
    return " → ".join(names(duty.reviewers, known, t))


def reminder(step: LadderStep, t: Translator) -> str:
    """One reminder: its day and whom it goes to."""
    who = ", ".join(addressee(each, t) for each in step.to)
    if step.day == 0:
        return t("on the day: {who}", who=who)
    if step.day < 0:
        return t.plural("{number} working day before: {who}", "{number} working days before: {who}", -step.day, who=who)
    return t.plural("{number} working day late: {who}", "{number} working days late: {who}", step.day, who=who)


def addressee(who: Addressee, t: Translator) -> str:
    match who:
        case "holder":
            return t("holder")
        case "deputy":
            return t("deputy")
        case "head":
            return t("head")
        case "receiver":
            return t("receiving agency")


def changed(before: Duty | None, after: Duty, t: Translator) -> list[str]:
    """Which parts of a duty are others than before; everything is new where there was none."""
    if before is None:
        return [t("a new duty")]
    words = {
        "title": t("name"),
        "document": t("type of paper"),
        "subject": t("subject of the paper"),
        "legal_basis": t("legal basis"),
        "source": t("section of the plan"),
        "frequency": t("frequency"),
        "cut_off": t("window of data"),
        "periods": t("periods"),
        "due": t("due date"),
        "on_day_off": t("rule for days off"),
        "owed_by": t("who owes it"),
        "received_by": t("who receives it"),
        "review": t("review"),
        "reminders": t("reminders"),
        "after_acknowledgement": t("reminders after acknowledgement"),
        "sections": t("outline"),
        "indicators": t("figures"),
        "attachments": t("attachments"),
        "default": t("marked as awaiting confirmation") if after.default else t("no longer awaiting confirmation"),
        "enabled": t("switched on") if after.enabled else t("switched off"),
    }
    return [word for name, word in words.items() if getattr(before, name) != getattr(after, name)]


def _listed(period: DatedPeriod, t: Translator) -> str:
    dates = {"start": t.short_date(period.start), "end": t.short_date(period.end)}
    if period.due is None:
        return t("{start} to {end}", **dates)
    return t("{start} to {end}, due {due}", due=t.short_date(period.due), **dates)


def _rule(rule: DueRule, t: Translator) -> str:
    if rule.working_days_after_cut_off is not None:
        return t.plural(
            "{number} working day after the data cut-off",
            "{number} working days after the data cut-off",
            rule.working_days_after_cut_off,
        )
    if rule.date is not None:
        month, day = rule.date.split("-")
        return t("on {day}/{month} of the year in which the period ends", day=day, month=month)
    if rule.months_later:
        return t.plural(
            "on day {day}, {number} month after the period's last month",
            "on day {day}, {number} months after the period's last month",
            rule.months_later,
            day=rule.day_of_month,
        )
    return t("on day {day} of the period's last month", day=rule.day_of_month)


def _kind(kind: str, t: Translator) -> str:
    words = {
        "department": t("departments"),
        "ward": t("wards"),
        "commune": t("communes"),
        "city": t("the City People's Committee"),
        "ministry": t("ministries"),
    }
    return words.get(kind, kind)
