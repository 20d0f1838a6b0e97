"""Words about applications that several pages and notices share."""

from __future__ import annotations

from bot.i18n import Translator
from bot.services.applications.history import BY_STAFF, Cause, Step
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


def step(step: Step, t: Translator, *, reader_id: int | None = None, names: bool = False) -> str:
    """One line of an application's history: when, what, by whom and why.

    ``names`` is for staff, who read who it was; an applicant (``reader_id``) reads that it was a colleague or an
    officer.
    """
    what = cause(step, t)
    who = _who(step, t, reader_id, names=names)
    line = f"- {t.moment(step.at)}: {what}" + (f" ({who})" if who else "")
    shown = step.reason and step.cause not in (Cause.CHANGED, Cause.EARLIER)
    return line + (f"\n    {step.reason}" if shown else "")


def cause(step: Step, t: Translator) -> str:
    """What happened, in words."""
    now = status(step.status, t)
    words = {
        Cause.EARLIER: now,
        Cause.SIGNED_UP: t("registered") + f", {now}",
        Cause.IMPORTED: t("entered from a list") + f", {now}",
        Cause.WALKED_IN: t("registered at the entrance"),
        Cause.CHANGED: t("answers changed"),
        Cause.REVIEW_BEGUN: t("being looked at"),
        Cause.ASKED: t("more information asked for"),
        Cause.ANSWERED: t("question answered"),
        Cause.APPROVED: now if step.status is Status.APPROVED else t("accepted") + f", {now}",
        Cause.REJECTED: t("not accepted"),
        Cause.SEAT_FREE: t("a seat became free and was offered"),
        Cause.ACCEPTED: t("offer accepted, seat confirmed"),
        Cause.DECLINED: t("offer declined"),
        Cause.EXPIRED: t("offer not accepted in time"),
        Cause.NO_SEAT: t("no seat before the event began"),
        Cause.WITHDRAWN: t("withdrawn"),
        Cause.EVENT_CANCELLED: t("event cancelled"),
        Cause.CHECKED_IN: t("checked in"),
        Cause.CHECK_IN_UNDONE: t("check-in undone"),
        Cause.NOT_SEEN: t("did not come"),
    }
    return words[step.cause]


def _who(step: Step, t: Translator, reader_id: int | None, *, names: bool) -> str:
    if step.actor_id is None:
        return ""
    if names:
        return step.actor_name
    if step.cause in BY_STAFF:
        return t("an officer")
    return t("you") if step.actor_id == reader_id else t("a colleague")
