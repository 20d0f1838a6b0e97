"""Why a code did not work, in words."""

from __future__ import annotations

from datetime import datetime

from bot.services.people.redeeming import Outcome
from handlers.turn import Turn


def why_not(turn: Turn, outcome: Outcome, wait_until: datetime | None) -> str:
    """The sentence for a code that does nothing."""
    t = turn.t
    match outcome:
        case Outcome.USED_BY_YOU:
            return t("You have already used this code; your account is linked.")
        case Outcome.USED:
            return t("This code has already been used by somebody else. Please ask for a new one.")
        case Outcome.OWN_HANDOVER:
            return t("You made this code yourself, for your successor. Please pass it on to them.")
        case Outcome.EXPIRED:
            return t("This code has expired. Please ask for a new one.")
        case Outcome.ADMIN_EXISTS:
            return t("There is an administrator already, who can invite you.")
        case Outcome.WAIT if wait_until is not None:
            return t("Too many wrong codes. Please try again after {when}.", when=t.moment(wait_until))
        case _:
            return t("There is no such code. Please check it and type it again.")
