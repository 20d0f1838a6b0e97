"""What a page or a list says about an offering: when, where, how many seats, who may sign up and until when."""

from __future__ import annotations

from bot.services.offerings import offering_texts
from bot.services.offerings.offerings import Kind, Offered
from handlers.signing_up import form_pages
from handlers.turn import Turn


def in_short(turn: Turn, place: int, event: Offered) -> str:
    """An event in a list: its title, when it is, and whether there is room."""
    t = turn.t
    when = offering_texts.time(event.starts_at, event.ends_at, t) if event.starts_at else ""
    parts = [when, _room(turn, event)]
    if event.cancelled_at is not None:
        parts = [when, t("cancelled")]
    elif event.opens_later(turn.now) and event.opens_at is not None:
        parts.append(t("registration opens at {moment}", moment=t.moment(event.opens_at)))
    elif event.closes_at is not None:
        parts.append(t("registration until {moment}", moment=t.moment(event.closes_at)))
    details = "; ".join(part for part in parts if part)
    return f"{place}. {event.title(t.language)}" + (f"\n{details}" if details else "")


def facts(turn: Turn, offering: Offered) -> list[str]:
    """The lines about an offering on its own page."""
    t = turn.t
    lines = offering_texts.time_and_place(offering.details, offering.starts_at, offering.ends_at, t)
    name = form_pages.agency(turn, offering.agency_slug)
    if offering.kind is Kind.PROGRAMME:
        lines.append(t("This is a registration of need, not an approval."))
        lines.append(t("Registrations go to: {agency}", agency=name))
    else:
        room = _room(turn, offering)
        lines += [t("Seats: {seats}", seats=room)] if room else []
        if offering.most_seats > 1:
            lines.append(
                t.plural(
                    "One enterprise can take {number} seat.",
                    "One enterprise can take up to {number} seats.",
                    offering.most_seats,
                )
            )
        lines.append(t("Held by: {agency}", agency=name))
    if offering.opens_at is not None and offering.opens_at > turn.now:
        lines.append(t("Registration opens: {moment}", moment=t.moment(offering.opens_at)))
    if offering.closes_at is not None:
        lines.append(t("Registration closes: {moment}", moment=t.moment(offering.closes_at)))
    if offering.edit_until is not None:
        lines.append(t("Answers can be changed until: {moment}", moment=t.moment(offering.edit_until)))
    if offering.needs_approval:
        lines.append(t("The agency decides on each registration; a seat is yours only when it is approved."))
    return lines


def closed(turn: Turn, offering: Offered) -> str:
    """Why nobody can sign up now; empty when one can."""
    t = turn.t
    if offering.cancelled_at is not None:
        if offering.cancel_reason:
            return t("This event has been cancelled. Reason: {reason}", reason=offering.cancel_reason)
        return t("This event has been cancelled.")
    if offering.opens_later(turn.now) and offering.opens_at is not None:
        return t("Registration has not opened yet. It opens at {moment}.", moment=t.moment(offering.opens_at))
    if not offering.is_open(turn.now):
        return t("Registration has closed.")
    if _is_full(offering) and not offering.waitlist:
        return t("All seats are taken, and there is no waiting list. If a seat becomes free, you can register again.")
    return ""


def join_label(turn: Turn, offering: Offered) -> str:
    """The words on the button that leads into the form."""
    if offering.kind is Kind.PROGRAMME:
        return turn.t("Register a need")
    return turn.t("Join the waiting list") if _is_full(offering) else turn.t("Register")


def _is_full(offering: Offered) -> bool:
    return offering.kind is Kind.EVENT and offering.free == 0


def _room(turn: Turn, offering: Offered) -> str:
    t = turn.t
    if offering.capacity is None or offering.free is None:
        return ""
    if offering.free:
        return t.plural(
            "{number} free seat of {capacity}", "{number} free seats of {capacity}", offering.free,
            capacity=t.number(offering.capacity),
        )  # fmt: skip
    if not offering.waitlist:
        return t("full, no waiting list")
    return t("full, waiting list open ({waiting} waiting)", waiting=t.number(offering.waiting))
