"""The doors of an event: the link to the check-in page, the figures and the conflicts, for those who look after it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n import Translator
from bot.messages import Button, Reply
from bot.services.check_in import door_lists
from bot.services.check_in.door_lists import Conflict, Counts
from bot.services.check_in.doors import closes_at, opens_at
from bot.services.check_in.scans import Outcome
from bot.services.offerings import offerings
from bot.services.offerings.offerings import Kind, Offered
from handlers.commands import number
from handlers.deciding import desk_dialog
from handlers.menu import MENU
from handlers.turn import Turn

# More fit on no screen; the page at the door shows all of them.
CONFLICTS_SHOWN = 10


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """``door:OFFERING`` and ``door:OFFERING:conflicts``; only an officer who looks after the event gets an answer."""
    if turn.press[:1] != ("door",):
        return None
    scope = await desk_dialog.scope(turn)
    if scope is None:
        return [desk_dialog.for_officers_only(turn)]
    offering_id, what = (*turn.press[1:3], "", "")[:2]
    offering = await offerings.get(turn.connection, number(offering_id))
    if offering is None or offering.kind is not Kind.EVENT or not scope.covers(offering.agency_slug):
        text = turn.t("This event does not exist, or another agency looks after it.")
        return [turn.say(text, buttons=(desk_dialog.menu(turn),))]
    return [await _conflicts(turn, offering) if what == "conflicts" else await _page(turn, offering)]


async def _page(turn: Turn, offering: Offered) -> Reply:
    t = turn.t
    counted = await door_lists.counts(turn.connection, offering.id)
    link = turn.doors.link(offering, turn.person.contact_id, turn.now)
    lines = [_when(turn, offering, link=bool(link)), " ", *_figures(offering, counted, t)]
    rows: list[tuple[Button, ...]] = []
    if link:
        rows.append((Button(t("Open the check-in page"), url=link),))
    rows.append((Button(t("Figures again"), f"door:{offering.id}"),))
    if counted.conflicts:
        label = t("To be looked at: {number}", number=t.number(counted.conflicts))
        rows.append((Button(label, f"door:{offering.id}:conflicts"),))
    rows.append((Button(t("Back to the event"), f"manage:show:{offering.id}"), Button(t("Menu"), MENU)))
    title = t("Check-in: {title}", title=offering.title(t.language))
    return turn.say("\n".join(lines), title=title, buttons=tuple(rows), instead=True)


def _when(turn: Turn, offering: Offered, *, link: bool) -> str:
    t, opens, closes = turn.t, opens_at(offering), closes_at(offering)
    if offering.cancelled_at is not None:
        return t("The event is cancelled, so nobody is checked in.")
    if not link or opens is None or closes is None:
        return t("Check-in for this event is over.")
    how = t(
        "The link is yours alone; please do not pass it on. Open it on the phone that will be at the door while there "
        "is a network: the page then keeps the list and works without one. It scans the QR codes, and finds people by "
        "code or name."
    )
    if turn.now < opens:
        early = t("People can be checked in from {time}. Open the page before, to get ready.", time=t.moment(opens))
        return f"{early}\n\n{how}"
    if turn.now > closes:
        return t("The doors have closed. The page still takes in what a phone has kept without a network.")
    return how


def _figures(offering: Offered, counted: Counts, t: Translator) -> list[str]:
    lines = [
        t("Seats arrived: {arrived} of {expected}", arrived=counted.arrived, expected=counted.expected),
        t("Guests without registration: {number}", number=t.number(counted.walk_ins)),
    ]
    there = counted.arrived + counted.walk_ins
    if offering.capacity is not None and there > offering.capacity:
        lines.append(t("That is {number} above the capacity.", number=t.number(there - offering.capacity)))
    return lines


async def _conflicts(turn: Turn, offering: Offered) -> Reply:
    t = turn.t
    found = await door_lists.conflicts(turn.connection, offering.id, limit=CONFLICTS_SHOWN + 1)
    lines = [
        t("Let in while a phone was without a network, but refused when it was checked:"),
        *(_conflict(each, t) for each in found[:CONFLICTS_SHOWN]),
    ]
    if not found:
        lines = [t("Nothing has to be looked at: every entry fits.")]
    if len(found) > CONFLICTS_SHOWN:
        lines.append(t("The check-in page shows all of them."))
    rows = ((Button(t("Back"), f"door:{offering.id}"), Button(t("Menu"), MENU)),)
    title = t("To be looked at: {title}", title=offering.title(t.language))
    return turn.say("\n\n".join(lines), title=title, buttons=rows, instead=True)


def _conflict(conflict: Conflict, t: Translator) -> str:
    who = " · ".join(part for part in (conflict.business, conflict.code) if part) or t("a code that is not ours")
    entered = ", ".join(part for part in (t.moment(conflict.at), conflict.gate, conflict.by) if part)
    line = t("{who}: {reason} Let in at {entered}.", who=who, reason=_reason(conflict, t), entered=entered)
    if conflict.first_at is None:
        return line
    first = ", ".join(part for part in (t.moment(conflict.first_at), conflict.first_gate, conflict.first_by) if part)
    return f"{line} {t('What counts is the entry at {entered}.', entered=first)}"


def _reason(conflict: Conflict, t: Translator) -> str:
    match conflict.reason:
        case Outcome.TWICE:
            return t("let in twice.")
        case Outcome.WITHDRAWN:
            return t("the registration was withdrawn or not accepted.")
        case Outcome.CANCELLED:
            return t("the event is cancelled.")
        case Outcome.UNCONFIRMED:
            return t("the registration has no confirmed seat.")
        case Outcome.ELSEWHERE:
            return t("the code is for another event.")
        case Outcome.FORGED:
            return t("the QR code was not issued by us.")
        case Outcome.EARLY:
            return t("the doors were not open yet.")
    return t("no registration has this code.")
