"""Words about applications for those who decide on them: what an applicant reads in the second person, and history."""

from __future__ import annotations

from bot.i18n import Translator
from bot.services.applications import application_texts
from bot.services.applications.history import Cause, Step
from bot.services.applications.statuses import Status


def status(status: Status, t: Translator) -> str:
    """How far an application is, as staff see it."""
    if status is Status.MORE_INFORMATION:
        return t("waiting for the applicant's answer")
    return application_texts.status(status, t)


def step(step: Step, t: Translator, *, longest: int) -> str:
    """One line of the history: when, what, who, and why; a reason is cut to ``longest`` characters."""
    line = f"{t.moment(step.at)}: {cause(step.cause, step.status, t)} ({_who(step, t)})"
    if step.reason:
        line += "\n  " + (step.reason if len(step.reason) <= longest else step.reason[: longest - 1] + "…")
    return line


def _who(step: Step, t: Translator) -> str:
    """Whose doing it was; accounts of the chat page have no name."""
    if step.actor_id is None:
        return t("automatically")
    return step.actor_name or t("account no. {number}", number=step.actor_id)


def cause(cause: Cause, status_since: Status, t: Translator) -> str:
    """What happened, in words."""
    match cause:
        case Cause.SIGNED_UP:
            return t("signed up: {status}", status=status(status_since, t))
        case Cause.IMPORTED:
            return t("taken over from a list: {status}", status=status(status_since, t))
        case Cause.APPROVED if status_since is Status.APPROVED:
            return t("accepted")
        case Cause.APPROVED:
            return t("approved: {status}", status=status(status_since, t))
    words = _of_review(t) | _of_seats(t) | _at_the_door(t)
    return words.get(cause) or status(status_since, t)


def _of_review(t: Translator) -> dict[Cause, str]:
    return {
        Cause.CHANGED: t("answers changed"),
        Cause.REVIEW_BEGUN: t("review begun"),
        Cause.ASKED: t("more information asked for"),
        Cause.ANSWERED: t("the applicant answered"),
        Cause.REJECTED: t("not accepted"),
        Cause.WITHDRAWN: t("withdrawn by the applicant"),
    }


def _of_seats(t: Translator) -> dict[Cause, str]:
    return {
        Cause.SEAT_FREE: t("a free seat was offered"),
        Cause.ACCEPTED: t("the offered seat was taken"),
        Cause.DECLINED: t("the offered seat was declined"),
        Cause.EXPIRED: t("the offer of a seat expired"),
        Cause.EVENT_CANCELLED: t("the event was cancelled"),
    }


def _at_the_door(t: Translator) -> dict[Cause, str]:
    return {
        Cause.WALKED_IN: t("came without having signed up"),
        Cause.CHECKED_IN: t("came to the event"),
        Cause.CHECK_IN_UNDONE: t("check-in undone"),
        Cause.NOT_SEEN: t("did not come"),
    }
