"""Telling officers and persons of tickets, each in their own language, through the outbox.

What reaches somebody in the middle of a conversation goes at any time; what wakes an agency's
officers waits for the end of the quiet hours. Keys make each message exist once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.i18n import Translator, Translators
from bot.messages import Person, Reply
from bot.services.calendar import working_days
from bot.services.calendar.working_hours import OfficeHours
from bot.services.messages import outbox
from bot.services.messages.outbox import Notice
from bot.services.people import contacts, officers
from bot.services.people.officers import Staff
from bot.services.tickets import ticket_routing, ticket_texts
from bot.services.tickets.ticket_changes import SILENT_DAYS
from bot.services.tickets.tickets import Asked
from content.model import Content

Write = Callable[[Translator, Person], Reply]


@dataclass(frozen=True, slots=True)
class Office:
    """What it takes to work on tickets, put together once per turn or tick."""

    connection: AsyncConnection
    known: Content
    translators: Translators
    hours: OfficeHours
    staff: Staff
    now: datetime


async def open_office(
    connection: AsyncConnection, known: Content, translators: Translators, *, zone: ZoneInfo, now: datetime
) -> Office:
    """Look up who the officers are and which days are worked."""
    hours = OfficeHours(await working_days.load(connection), zone)
    return Office(connection, known, translators, hours, await officers.everyone(connection), now)


async def reachable_officers(office: Office, agency_slug: str, *, but: int) -> tuple[bool, list[Person]]:
    """Who is told of a new question: (whether the lead agency has to stand in, the people, perhaps none)."""
    own = await _people(office, officers.without(office.staff.of(agency_slug), but))
    if own:
        return False, own
    return True, await _people(office, officers.without(office.staff.leading(), but))


async def tell_of_new(office: Office, asked: Asked, people: Sequence[Person]) -> None:
    """Put a new question before the officers."""

    def write(t: Translator, person: Person) -> Reply:
        return ticket_texts.new(t, asked, _agency(office, asked.agency_slug, t), person.contact_id)

    await _tell(office, people, f"ticket:{asked.id}", write)


async def tell_of_more(office: Office, asked: Asked, text: str, message_id: int, *, also: Sequence[int] = ()) -> None:
    """Pass on what the person has said: to the officer who has the ticket, else to all who were told of it."""
    taken = asked.taken_by in office.staff.officers
    people = await _people(office, [asked.taken_by, *also]) if taken and asked.taken_by is not None else []
    if not people:
        taken = False
        people = await _people(office, [*office.staff.concerned(asked), *also])

    def write(t: Translator, person: Person) -> Reply:
        return ticket_texts.went_on(t, asked, text, person.contact_id)

    await _tell(office, people, f"ticket:{asked.id}:said-{message_id}", write, anytime=taken)


async def pass_on_answer(office: Office, asked: Asked, text: str, message_id: int, *, by: int, first: bool) -> bool:
    """Pass on what an officer has said. False when the person can't be reached."""
    return await _tell_person(
        office,
        asked,
        f"said-{message_id}",
        lambda t, _: ticket_texts.answer(t, asked, text, speaks(office, by, t), first=first),
    )


async def tell_taken(office: Office, asked: Asked, *, by: int, instead_of: int | None) -> None:
    """Tell the person which agency takes care, and the officer who had the ticket that they no longer have."""
    when = _stamp(asked.taken_at)
    await _tell_person(office, asked, f"taken-{when}", lambda t, _: ticket_texts.taken(t, asked, speaks(office, by, t)))
    if instead_of is None:
        return

    def write(t: Translator, person: Person) -> Reply:
        text = t("{name} has taken this question over from you.", name=ticket_texts.name(t, asked.taker))
        return Reply(
            text,
            t.language,
            title=ticket_texts.heading(t, asked),
            buttons=ticket_texts.actions(t, asked, person.contact_id),
            ticket=asked.id,
        )

    await _tell(office, await _people(office, [instead_of]), f"ticket:{asked.id}:over-{when}", write, anytime=True)


async def tell_closed(office: Office, asked: Asked, *, by: int) -> None:
    """Tell the other side that somebody has ended the conversation."""
    if by != asked.contact_id:
        await _tell_person(office, asked, "closed", lambda t, _: ticket_texts.closed(t, asked))
        return
    await tell_taker(office, asked, "closed", lambda t: ticket_texts.ended_for_officer(t, asked))


async def tell_taker(office: Office, asked: Asked, event: str, write: Callable[[Translator], Reply]) -> None:
    """Tell the officer who has a ticket, if any, what became of it."""
    people = await _people(office, [asked.taken_by]) if asked.taken_by is not None else []
    await _tell(office, people, f"ticket:{asked.id}:{event}", lambda t, _: write(t), anytime=True)


def fell_silent(office: Office, asked: Asked, reachable: Mapping[int, Person]) -> list[Notice]:
    """That the clock has ended a conversation: for the person, and for the officer who had it."""
    notices = []
    for contact_id in (asked.contact_id, asked.taken_by):
        person = reachable.get(contact_id) if contact_id is not None else None
        if person is None:
            continue
        t = office.translators.for_language(person.language)
        if contact_id == asked.contact_id:
            reply = ticket_texts.closed_by_time(t, asked, SILENT_DAYS)
        else:
            reply = ticket_texts.ended_for_officer(t, asked)
        notices.append(Notice(person, f"ticket:{asked.id}:closed:{contact_id}", reply))
    return notices


def waits(office: Office, asked: Asked, people: Sequence[Person]) -> list[Notice]:
    """That somebody has waited for too long, once per person, wait and step."""
    key = f"ticket:{asked.id}:waits-{_stamp(asked.waiting_since)}-{asked.escalation + 1}"
    return [
        Notice(
            person,
            f"{key}:{person.contact_id}",
            ticket_texts.waits(t, asked, _agency(office, asked.agency_slug, t), person.contact_id, office.now),
        )
        for person in people
        for t in (office.translators.for_language(person.language),)
    ]


def speaks(office: Office, officer_id: int, t: Translator) -> str:
    """The name of the agency for which an officer speaks."""
    officer = office.staff.officers.get(officer_id)
    return _agency(office, officer.speaks_for if officer else officers.LEAD, t)


async def _people(office: Office, contact_ids: Sequence[int]) -> list[Person]:
    if not contact_ids:
        return []
    return list((await contacts.reachable(office.connection, contact_ids)).values())


async def _tell(office: Office, people: Sequence[Person], key: str, write: Write, *, anytime: bool = False) -> None:
    notices = [
        Notice(person, f"{key}:{person.contact_id}", write(office.translators.for_language(person.language), person))
        for person in people
    ]
    await outbox.notify_all(office.connection, notices, now=office.now, anytime=anytime)


async def _tell_person(office: Office, asked: Asked, event: str, write: Write) -> bool:
    return await outbox.notify(
        office.connection,
        asked.contact_id,
        f"ticket:{asked.id}:{event}:{asked.contact_id}",
        lambda person: write(office.translators.for_language(person.language), person),
        now=office.now,
        anytime=True,
    )


def _agency(office: Office, agency_slug: str, t: Translator) -> str:
    return ticket_routing.name(office.known, agency_slug, t.language)


def _stamp(moment: datetime | None) -> int:
    return int(moment.timestamp() * 1000) if moment else 0
