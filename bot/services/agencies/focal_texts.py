"""Focal points in words."""

from __future__ import annotations

from datetime import date

from bot.i18n import Translator
from bot.services.agencies.agencies import FocalRole
from bot.services.agencies.focal_history import Event, What
from bot.services.businesses import colleague_names


def role(of: FocalRole, t: Translator) -> str:
    """How a person answers for an agency."""
    match of:
        case FocalRole.HOLDER:
            return t("officer in charge")
        case FocalRole.DEPUTY:
            return t("deputy")
        case FocalRole.HEAD:
            return t("head of the agency")


def event(of: Event, t: Translator) -> str:
    """What changed about who answers for an agency, on one line."""
    return f"{t.short_date(of.at.astimezone(t.zone))}: {_what(of, t)}"


def _what(of: Event, t: Translator) -> str:
    name = colleague_names.who(of.name, t)
    part = role(FocalRole(of.details.get("role", FocalRole.HOLDER)), t)
    match of.what:
        case What.LINKED:
            return t("{name} became focal point ({role})", name=name, role=part)
        case What.ROLE_CHANGED:
            return t("{name} is now {role}", name=name, role=part)
        case What.CODE_ISSUED:
            return t.plural(
                "code for {number} person ({role}), issued by {by}",
                "code for {number} people ({role}), issued by {by}",
                int(of.details.get("uses", 1)),
                role=part,
                by=_by(of, t),
            )
        case What.CODES_ENDED:
            return t.plural(
                "{number} unused code withdrawn by {by}",
                "{number} unused codes withdrawn by {by}",
                int(of.details.get("number", 1)),
                by=_by(of, t),
            )
        case What.AWAY:
            start, until = (date.fromisoformat(of.details[day]) for day in ("from", "until"))
            return t("{name} away from {start} to {end}",
                     name=name, start=t.short_date(start), end=t.short_date(until))  # fmt: skip
        case What.BACK:
            return t("{name} is back", name=name)
        case What.HANDED_OVER:
            return t("{name} handed over", name=name)
        case What.LEFT:
            return t("{name} left", name=name)
        case What.REMOVED:
            return t("{name} was removed by {by}", name=name, by=_by(of, t))
        case What.NOT_MINE:
            if of.details.get("to") is None:
                return t("{name} said that a report is not theirs", name=name)
            return t("{name} passed a report on", name=name)


def _by(of: Event, t: Translator) -> str:
    return t("the command line") if of.by is None else colleague_names.who(of.by, t)
