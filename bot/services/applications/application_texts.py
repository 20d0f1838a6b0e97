"""Words about applications that several pages and notices share."""

from __future__ import annotations

from bot.i18n import Translator
from bot.services.applications.statuses import Status


def status(status: Status, t: Translator) -> str:
    """How far an application is, in words."""
    match status:
        case Status.SUBMITTED:
            return t("received")
        case Status.UNDER_REVIEW:
            return t("being looked at")
        case Status.MORE_INFORMATION:
            return t("more information needed from you")
        case Status.APPROVED:
            return t("accepted")
        case Status.REJECTED:
            return t("not accepted")
        case Status.WITHDRAWN:
            return t("withdrawn")
        case Status.WAITLISTED:
            return t("on the waiting list")
        case Status.OFFERED:
            return t("a seat is offered")
        case Status.CONFIRMED:
            return t("seat confirmed")
        case Status.ATTENDED:
            return t("attended")
        case Status.NO_SHOW:
            return t("did not come")
