"""Changing an offering: each change is typed, shown with what follows from it, confirmed, and made once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.messages import Button, Reply
from bot.services.applications import concerns
from bot.services.applications.concerns import Concern
from bot.services.calendar import working_days
from bot.services.calendar.working_hours import OfficeHours
from bot.services.offerings import offering_changes, offering_texts
from bot.services.offerings.offering_changes import LONGEST_REASON, Change, Changed
from bot.services.offerings.offerings import Kind, Offered
from bot.vietnamese import clean, fold
from handlers.deciding import desk_dialog, manage_pages
from handlers.deciding.desk_dialog import MANAGE, Said
from handlers.deciding.manage_pages import button
from handlers.deciding.typed_time import parse_span
from handlers.turn import Turn

MOST_SEATS = 100_000
SHORTEST_REASON, LONGEST_PLACE = 5, 200
EXAMPLE = "19/01/2027 08:30-11:30"
NO_LIMIT = ("khong gioi han", "no limit", "unlimited")
OF_EVENTS = ("capacity", "move", "cancel")


async def ask(turn: Turn, offering: Offered, verb: str) -> Reply:
    """Ask for what a change needs."""
    t = turn.t
    if verb in OF_EVENTS and (offering.kind is not Kind.EVENT or not offering.takes_place(turn.now)):
        return await manage_pages.page(turn, offering, _too_late(turn))
    await desk_dialog.ask(turn, MANAGE, verb, offering.id)
    keep: tuple[tuple[Button, ...], ...] = ()
    match verb:
        case "capacity":
            now = t("no limit") if offering.capacity is None else t.number(offering.capacity)
            text = t(
                "There are {now} seats, {taken} are taken. Please type the new number, or “no limit”.",
                now=now,
                taken=t.number(offering.taken),
            )
            title = t("Number of seats")
        case "move":
            text = t("Please type date, beginning and end in Hanoi, for example {example}.", example=EXAMPLE)
            title = t("Time and place")
            keep = ((button(t("Keep the time"), "keep", offering.id),),)
        case _:
            text = t("Why does the event not take place? Please type it; everybody concerned reads it.")
            title = t("Cancel the event")
    lines = [*offering_texts.time_and_place(offering.details, offering.starts_at, offering.ends_at, t), "", text]
    return turn.say(
        "\n".join(lines),
        title=title,
        footnote=offering.title(t.language),
        buttons=(*keep, (button(t("Cancel"), "drop", offering.id),)),
    )


async def typed(turn: Turn, said: Said, offering: Offered, text: str) -> Sequence[Reply]:
    """What was typed for a change: show what follows from it, or say what is wrong."""
    match said.verb:
        case "capacity":
            return [await _capacity(turn, said, offering, text)]
        case "move":
            return [await _time(turn, offering, text)]
        case "place":
            return [await _place(turn, said, offering, clean(text))]
    return [await _reason(turn, said, offering, clean(text))]


async def keep(turn: Turn, said: Said | None, offering: Offered) -> Reply:
    """The time, or the place, stays as it is."""
    if said is not None and said.about == offering.id and offering.starts_at is not None:
        if said.verb == "move":
            return await _ask_place(turn, offering, offering.starts_at, offering.ends_at)
        if said.verb == "place":
            return await _check_move(turn, said, offering, "")
    return await manage_pages.page(turn, offering)


async def confirmed(turn: Turn, said: Said, offering: Offered) -> Reply:
    """Make the change that was shown."""
    t, connection, me = turn.t, turn.connection, turn.person.contact_id
    translators, now = turn.translators, turn.now
    match said.verb:
        case "capacity":
            capacity = int(said.text) if said.text else None
            office = OfficeHours(await working_days.load(connection), t.zone)
            change = await offering_changes.set_capacity(
                connection, offering.id, capacity, actor_id=me, translators=translators, office=office, now=now
            )
            done = t("The number of seats has been changed.")
            if change is not None and change.offered:
                done += " " + t.plural(
                    "{number} seat has been offered to those who wait.",
                    "{number} seats have been offered to those who wait.",
                    change.offered,
                )
        case "move":
            starts_at, ends_at = _times(said.more)
            place = _both(said.text) if said.text else offering.details.get("place")
            change = await offering_changes.move(
                connection, offering.id, starts_at=starts_at, ends_at=ends_at, place=place, actor_id=me,
                translators=translators, now=now,
            )  # fmt: skip
            told = _people(turn, change.told if change is not None else 0)
            done = t("The event has been moved; {told} are told.", told=told)
        case _:
            change = await offering_changes.cancel(
                connection, offering.id, said.text, actor_id=me, translators=translators, now=now
            )
            told = _people(turn, change.told if change is not None else 0)
            done = t("The event has been cancelled; {told} are told.", told=told)
    return await _after(turn, change, done)


async def at_once(turn: Turn, offering: Offered, verb: str) -> Reply:
    """Close sign-up, or open it again: both can be taken back by the other."""
    t = turn.t
    if verb == "close":
        change = await offering_changes.close_sign_up(
            turn.connection, offering.id, actor_id=turn.person.contact_id, now=turn.now
        )
        return await _after(turn, change, t("Sign-up is closed. Who has a seat or waits for one keeps that."))
    change = await offering_changes.reopen(turn.connection, offering.id, actor_id=turn.person.contact_id, now=turn.now)
    return await _after(turn, change, t("Sign-up is open again."))


async def _capacity(turn: Turn, said: Said, offering: Offered, text: str) -> Reply:
    t = turn.t
    plain = text.replace(".", "").replace(",", "").replace(" ", "")
    if fold(text) in NO_LIMIT:
        capacity = None
    elif plain.isascii() and plain.isdecimal() and 1 <= int(plain[:9]) <= MOST_SEATS and len(plain) < 9:
        capacity = int(plain)
    else:
        problem = t("Please type a whole number from 1 to {most}, or “no limit”.", most=t.number(MOST_SEATS))
        return await _once_more(turn, offering, "capacity", problem)
    if capacity == offering.capacity:
        return await _once_more(turn, offering, "capacity", t("That is the number of seats already."))
    checked = await desk_dialog.check(turn, said, "" if capacity is None else str(capacity))
    before = t("no limit") if offering.capacity is None else t.number(offering.capacity)
    after = t("no limit") if capacity is None else t.number(capacity)
    lines = [t("Seats so far: {before}; from now on: {after}.", before=before, after=after)]
    if capacity is not None and capacity < offering.taken:
        lines.append(
            t(
                "{taken} seats are taken, {beyond} more than that. Nobody loses a seat; "
                "none is given out until enough have become free.",
                taken=t.number(offering.taken),
                beyond=t.number(offering.taken - capacity),
            )
        )
    elif offering.waiting and (capacity is None or capacity > (offering.capacity or 0)):
        lines.append(
            t.plural(
                "{number} application is waiting: the free seats are offered in order of arrival at once.",
                "{number} applications are waiting: the free seats are offered in order of arrival at once.",
                offering.waiting,
            )
        )
    return _confirmation(turn, offering, checked, t("Number of seats"), "\n".join(lines), t("Yes, change it"))


async def _time(turn: Turn, offering: Offered, text: str) -> Reply:
    t = turn.t
    span = parse_span(text, t.zone)
    if span is None:
        problem = t("That is not a date with a beginning and an end after it.")
        return await _once_more(turn, offering, "move", problem)
    starts_at, ends_at = span
    if starts_at <= turn.now:
        return await _once_more(turn, offering, "move", t("{time} has already passed.", time=t.moment(starts_at)))
    if ends_at is None and offering.starts_at is not None and offering.ends_at is not None:
        ends_at = starts_at + (offering.ends_at - offering.starts_at)
    return await _ask_place(turn, offering, starts_at, ends_at)


async def _ask_place(turn: Turn, offering: Offered, starts_at: datetime, ends_at: datetime | None) -> Reply:
    t = turn.t
    more = f"{starts_at.isoformat()}|{ends_at.isoformat() if ends_at else ''}"
    await desk_dialog.ask(turn, MANAGE, "place", offering.id, more)
    place = offering.text("place", t.language)
    lines = [
        t("Time: {time}", time=offering_texts.time(starts_at, ends_at, t)),
        t("Place so far: {place}", place=place) if place else t("So far no place is given."),
        "",
        t("If the place changes, please type it: Vietnamese, then | and English, such as {example}.",
          example="Hội trường A, 12 Lê Lai | Hall A, 12 Le Lai"),
    ]  # fmt: skip
    return turn.say(
        "\n".join(lines),
        title=t("Time and place"),
        footnote=offering.title(t.language),
        buttons=((button(t("Keep the place"), "keep", offering.id),), (button(t("Cancel"), "drop", offering.id),)),
    )


async def _place(turn: Turn, said: Said, offering: Offered, text: str) -> Reply:
    t = turn.t
    if not any(letter.isalnum() for letter in text) or len(text) > LONGEST_PLACE:
        starts_at, ends_at = _times(said.more)
        again = await _ask_place(turn, offering, starts_at, ends_at)
        problem = t("Please type a place of at most {most} characters.", most=LONGEST_PLACE)
        return replace(again, text=f"{problem}\n\n{again.text}")
    return await _check_move(turn, said, offering, text)


async def _check_move(turn: Turn, said: Said, offering: Offered, place: str) -> Reply:
    t = turn.t
    starts_at, ends_at = _times(said.more)
    checked = await desk_dialog.check(turn, replace(said, verb="move"), place, said.more)
    concern = await concerns.of_offering(turn.connection, offering.id)
    details = {**offering.details, "place": _both(place)} if place else offering.details
    lines = [
        t("So far:"),
        *offering_texts.time_and_place(offering.details, offering.starts_at, offering.ends_at, t),
        "",
        t("From now on:"),
        *offering_texts.time_and_place(details, starts_at, ends_at, t),
        "",
        t("{told} are told at once, and calendars are updated.", told=_people(turn, concern.told)),
        *_not_told(turn, concern),
    ]
    return _confirmation(turn, offering, checked, t("Time and place"), "\n".join(lines), t("Yes, move it"))


async def _reason(turn: Turn, said: Said, offering: Offered, text: str) -> Reply:
    t = turn.t
    if not SHORTEST_REASON <= len(text) <= LONGEST_REASON or not any(letter.isalpha() for letter in text):
        problem = t(
            "Please type a reason of {shortest} to {longest} characters.",
            shortest=SHORTEST_REASON,
            longest=t.number(LONGEST_REASON),
        )
        return await _once_more(turn, offering, "cancel", problem)
    concern = await concerns.of_offering(turn.connection, offering.id)
    checked = await desk_dialog.check(turn, said, text)
    lines = [
        t("The event is cancelled for good, with this reason:"),
        text,
        "",
        t("{told} are told at once. This can't be taken back.", told=_people(turn, concern.told)),
        *_not_told(turn, concern),
    ]
    return _confirmation(turn, offering, checked, t("Cancel the event"), "\n".join(lines), t("Yes, cancel the event"))


def _confirmation(turn: Turn, offering: Offered, checked: Said, title: str, text: str, yes: str) -> Reply:
    t = turn.t
    again = "move" if checked.verb == "place" else checked.verb
    return turn.say(
        text,
        title=title,
        footnote=offering.title(t.language),
        buttons=(
            (button(yes, "yes", offering.id, checked.token),),
            (button(t("Type it again"), again, offering.id), button(t("No, back"), "drop", offering.id)),
        ),
    )


async def _once_more(turn: Turn, offering: Offered, verb: str, problem: str) -> Reply:
    again = await ask(turn, offering, verb)
    return replace(again, text=f"{problem}\n\n{again.text}", instead=False)


async def _after(turn: Turn, change: Change | None, done: str) -> Reply:
    t = turn.t
    if change is None:
        return manage_pages.no_such(turn)
    match change.outcome:
        case Changed.DONE:
            note = done
        case Changed.SAME:
            note = t("It was so already; nothing was changed and nobody was told.")
        case Changed.NOT_NOW:
            note = _too_late(turn)
    return await manage_pages.page(turn, change.offering, note)


def _not_told(turn: Turn, concern: Concern) -> list[str]:
    """Who came by a list has no chat account to be told in."""
    if not concern.not_told:
        return []
    return [
        turn.t.plural(
            "{number} application was entered by staff and has no chat account: please tell them yourselves.",
            "{number} applications were entered by staff and have no chat account: please tell them yourselves.",
            concern.not_told,
        )
    ]


def _people(turn: Turn, number: int) -> str:
    return turn.t.plural("{number} applicant", "{number} applicants", number)


def _too_late(turn: Turn) -> str:
    return turn.t("The event has begun, is cancelled or is no longer offered, so this can't be changed any more.")


def _times(more: str) -> tuple[datetime, datetime | None]:
    start, _, end = more.partition("|")
    return datetime.fromisoformat(start), datetime.fromisoformat(end) if end else None


def _both(typed: str) -> dict[str, str]:
    """``Vietnamese | English``; one text alone serves in both languages."""
    vi, _, en = (part.strip() for part in typed.partition("|"))
    return {"vi": vi or en, "en": en or vi}
