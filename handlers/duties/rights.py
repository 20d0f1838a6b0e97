"""Who may look at duties and the calendar, and who may change them."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.applications.deciders import Scope
from bot.services.people.officers import LEAD
from bot.services.reporting import receivers
from content.duty_model import Duty
from handlers.deciding import desk_dialog, offering_files
from handlers.turn import Turn


async def scope(turn: Turn) -> Scope | None:
    """For whose duties this person may speak; None: they may only look."""
    return await offering_files.scope_of_editor(turn)


def may_change(given: Scope | None, duty: Duty) -> bool:
    """Whether a duty is theirs: they edit for the agency that receives its reports, or stand in for it."""
    first = next(iter(receivers.receiving(duty)), LEAD)
    return given is not None and given.covers(first)


def may_change_calendar(given: Scope | None) -> bool:
    """The calendar is everybody's: editors of the lead agency, and administrators."""
    return given is not None and given.leads


def for_staff_only(turn: Turn) -> Reply:
    t = turn.t
    text = t("Duties to report are looked after by staff. Reports of your own agency are under “Agency reports”.")
    return turn.say(text, buttons=((Button(t("Agency reports"), "do:reports"), *desk_dialog.menu(turn)),))
