"""Who looks after all agencies: administrators, and officers of the agency that leads the plan. What others read."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.agencies import agency_states
from bot.services.agencies.agencies import AgencyName
from handlers.deciding import desk_dialog
from handlers.menu import MENU
from handlers.turn import Turn


async def refusal(turn: Turn) -> Reply | None:
    """What to say to somebody who may not; None when they may."""
    t = turn.t
    scope = await desk_dialog.scope(turn)
    if scope is not None and scope.leads:
        return None
    return turn.say(
        t("Only officers of the Department of Industry and Trade and administrators can do this.")
        + "\n\n"
        + t("If you answer for an agency yourself, you find its focal points under “Agency reports”."),
        title=t("Agencies"),
        buttons=((Button(t("Agency reports"), "do:reports"), Button(t("Menu"), MENU)),),
    )


async def agency(turn: Turn, agency_id: int) -> AgencyName | Reply:
    """The agency that a button names; what to say to somebody who may not, or where the content no longer has it."""
    refused = await refusal(turn)
    if refused is not None:
        return refused
    return await agency_states.find(turn.connection, agency_id) or _no_such_agency(turn)


def _no_such_agency(turn: Turn) -> Reply:
    t = turn.t
    return turn.say(
        t("There is no such agency any more."),
        buttons=((Button(t("All agencies"), "focal:overview"), Button(t("Menu"), MENU)),),
    )
