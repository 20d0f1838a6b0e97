"""Who looks after all agencies: administrators, and officers of the agency that leads the plan. What others read."""

from __future__ import annotations

from bot.messages import Button, Reply, Role
from bot.services.people import officers
from handlers.menu import MENU
from handlers.turn import Turn


async def refusal(turn: Turn) -> Reply | None:
    """What to say to somebody who may not; None when they may."""
    t = turn.t
    if turn.person.role is Role.ADMIN:
        return None
    if officers.is_officer(turn.person):
        officer = (await officers.everyone(turn.connection)).officers.get(turn.person.contact_id)
        if officer is not None and officer.leads:
            return None
    return turn.say(
        t("Only officers of the Department of Industry and Trade and administrators can do this.")
        + "\n\n"
        + t("If you answer for an agency yourself, you find its focal points under “Agency reports”."),
        title=t("Agencies"),
        buttons=((Button(t("Agency reports"), "do:reports"), Button(t("Menu"), MENU)),),
    )


def no_such_agency(turn: Turn) -> Reply:
    """For the button of an agency that the content no longer has."""
    t = turn.t
    return turn.say(
        t("There is no such agency any more."),
        buttons=((Button(t("All agencies"), "focal:overview"), Button(t("Menu"), MENU)),),
    )
