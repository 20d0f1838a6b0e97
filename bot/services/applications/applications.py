"""Sign-ups: hand in, change, withdraw. Seats are exact because every change of one locks its offering first.

Which business signs up, and that the person is one of its members, is settled before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.db.upsert import for_both
from bot.i18n import Translators
from bot.messages import Person
from bot.services.applications import (
    application_codes,
    application_notices,
    filed_applications,
    history,
    notice_texts,
    offers,
    seats,
)
from bot.services.applications.application_notices import Concerned
from bot.services.applications.filed_applications import Filed
from bot.services.applications.history import Cause
from bot.services.applications.seats import Rules
from bot.services.applications.statuses import IN_REVIEW, OVER, TAKES_SEATS, Status
from bot.services.calendar.working_hours import OfficeHours
from bot.services.files import files
from bot.services.offerings import offerings
from bot.services.offerings.offerings import Kind, Offered
from bot.services.people import consents
from bot.services.people.consents import Given


class Outcome(StrEnum):
    """What became of handing in a form.

    THERE_ALREADY: the business has an application. FULL: not so many seats, and no waiting list. TOO_MANY: more seats
    than one business can have.
    """

    DONE = "done"
    REPEATED = "repeated"
    THERE_ALREADY = "there already"
    FULL = "full"
    TOO_MANY = "too many"
    NOT_YET = "not yet"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of it, and the application that there is now. ``most`` seats can be asked for now."""

    outcome: Outcome
    filed: Filed | None = None
    most: int = 0


@dataclass(frozen=True, slots=True)
class SignUp:
    """A form filled in to the end."""

    draft_id: str
    offering_id: int
    business_id: int
    answers: Mapping[str, Any]
    consents: tuple[Given, ...]
    seats: int = 1


class Edit(StrEnum):
    """What became of changing an application. NO_ROOM: for more seats than it has."""

    DONE = "done"
    SAME = "same"
    NO_ROOM = "no room"
    TOO_LATE = "too late"


@dataclass(frozen=True, slots=True)
class Edited:
    outcome: Edit
    filed: Filed


_EXISTING = select(Application.id, Application.draft_id).where(
    or_(
        and_(
            Application.offering_id == bindparam("offering"),
            Application.business_id == bindparam("business"),
            Application.status.not_in(OVER),
        ),
        and_(Application.business_id == bindparam("business"), Application.draft_id == bindparam("draft")),
    )
)
_INSERT = for_both(
    Application, lambda made: made.on_conflict_do_nothing(index_elements=["code"]).returning(Application.id)
)


async def submit(
    connection: AsyncConnection,
    person: Person,
    sign_up: SignUp,
    *,
    translators: Translators,
    office: OfficeHours,
    now: datetime,
) -> Submission:
    """Hand in a form once: seats or a place on the waiting list of an event, else an application to be decided on."""
    offering = await offerings.lock(connection, sign_up.offering_id)
    there = await _existing(connection, sign_up)
    if there is not None:
        outcome, application_id = there
        return Submission(outcome, await filed_applications.find(connection, person.contact_id, application_id))
    if offering is None or not offering.is_open(now):
        early = offering is not None and offering.opens_later(now)
        return Submission(Outcome.NOT_YET if early else Outcome.CLOSED)
    if not 1 <= sign_up.seats <= offering.most_seats:
        return Submission(Outcome.TOO_MANY, most=offering.most_seats)
    if await seats.offer_free(connection, offering, Rules(translators, office), now):
        offering = await offerings.get(connection, offering.id) or offering
    status = first_status(offering, sign_up.seats)
    if status is None:
        return Submission(Outcome.FULL, most=offering.free or 0)
    values = {
        "offering_id": sign_up.offering_id,
        "business_id": sign_up.business_id,
        "contact_id": person.contact_id,
        "draft_id": sign_up.draft_id,
        "status": status.value,
        "seats": sign_up.seats,
        "answers": dict(sign_up.answers),
    }
    application_id = await insert(connection, values, now)
    await history.record(connection, [application_id], status, Cause.SIGNED_UP, actor_id=person.contact_id, now=now)
    await files.give_answers(connection, sign_up.draft_id, application_id, sign_up.answers)
    await consents.record(connection, person.contact_id, sign_up.consents)
    return Submission(Outcome.DONE, await filed_applications.find(connection, person.contact_id, application_id))


def first_status(offering: Offered, wanted: int) -> Status | None:
    """What a new application is; None when there is neither a seat nor a waiting list."""
    if offering.kind is Kind.PROGRAMME or offering.needs_approval:
        return Status.SUBMITTED
    return seat_or_waiting(offering, wanted)


def seat_or_waiting(offering: Offered, wanted: int) -> Status | None:
    """Confirmed if there is room and nobody waits, else waitlisted if there is a waiting list, else None."""
    if offering.free is None or offering.free >= wanted:
        return Status.CONFIRMED
    return Status.WAITLISTED if offering.waitlist else None


async def withdraw(
    connection: AsyncConnection,
    contact_id: int,
    application_id: int,
    *,
    translators: Translators,
    office: OfficeHours,
    now: datetime,
) -> Filed | None:
    """Withdraw an application of one's business; its seats are offered to the first who wait, who are told.

    None when the person's businesses have no such application. One that is over, or whose event has begun, stays
    as it is.
    """
    offering, filed = await _locked(connection, contact_id, application_id)
    if filed is None or offering is None or not filed.can_be_withdrawn(now):
        return filed
    lines = await history.change(
        connection, [filed.id], Status.WITHDRAWN, Cause.WITHDRAWN, actor_id=contact_id, now=now
    )
    await _tell_colleague(connection, filed, offering, lines, Cause.WITHDRAWN, contact_id, translators, now)
    if filed.status in (*TAKES_SEATS, Status.WAITLISTED):
        # Who waited for many seats may have held up others.
        await offers.pass_on(connection, offering.id, Rules(translators, office), now)
    return await filed_applications.find(connection, contact_id, application_id)


async def change_answers(
    connection: AsyncConnection,
    contact_id: int,
    application_id: int,
    answers: Mapping[str, Any],
    *,
    wanted: int,
    consents_given: Mapping[str, Given] = MappingProxyType({}),
    translators: Translators,
    office: OfficeHours,
    now: datetime,
) -> Edited | None:
    """Put other answers, and ``wanted`` seats, into an application of one's business until its deadline.

    Fewer seats free the others. More are only given where there is room and nobody waits; who waits may ask for
    more and keeps the place. Of ``consents_given``, by question, those are recorded whose
    answer is another one now. None when the person's businesses have no such application.
    """
    offering, filed = await _locked(connection, contact_id, application_id)
    if filed is None or offering is None:
        return None
    if not filed.can_be_edited(now):
        return Edited(Edit.TOO_LATE, filed)
    changed = sorted(name for name in {*filed.answers, *answers} if filed.answers.get(name) != answers.get(name))
    if wanted != filed.seats:
        changed.append("seats")
        if not _has_room(offering, filed, wanted):
            return Edited(Edit.NO_ROOM, filed)
    if not changed:
        return Edited(Edit.SAME, filed)
    await connection.execute(
        update(Application)
        .where(Application.id == filed.id)
        .values(answers=dict(answers), seats=wanted, updated_at=now)
    )
    lines = await history.record(
        connection,
        [filed.id],
        filed.status,
        Cause.CHANGED,
        actor_id=contact_id,
        now=now,
        reason=", ".join(dict.fromkeys(changed)),
    )
    await consents.record(connection, contact_id, [each for name, each in consents_given.items() if name in changed])
    await _tell_colleague(connection, filed, offering, lines, Cause.CHANGED, contact_id, translators, now)
    if wanted != filed.seats:
        await offers.pass_on(connection, offering.id, Rules(translators, office), now)
    return Edited(Edit.DONE, await filed_applications.find(connection, contact_id, application_id) or filed)


def _has_room(offering: Offered, filed: Filed, wanted: int) -> bool:
    if not 1 <= wanted <= offering.most_seats:
        return 1 <= wanted <= filed.seats
    if wanted < filed.seats or filed.status in (*IN_REVIEW, Status.WAITLISTED):
        return True
    return offering.free is None or offering.free >= wanted - filed.seats


async def _locked(
    connection: AsyncConnection, contact_id: int, application_id: int
) -> tuple[Offered | None, Filed | None]:
    """The application as it is once nobody else can change it, with its offering."""
    filed = await filed_applications.find(connection, contact_id, application_id)
    if filed is None:
        return None, None
    offering = await offerings.lock(connection, filed.offering_id)
    return offering, await filed_applications.find(connection, contact_id, application_id)


async def _existing(connection: AsyncConnection, sign_up: SignUp) -> tuple[Outcome, int] | None:
    """What this form became before, or the application that the business has to the same offering."""
    rows = (
        await connection.execute(
            _EXISTING,
            {"offering": sign_up.offering_id, "business": sign_up.business_id, "draft": sign_up.draft_id},
        )
    ).all()
    for row in rows:
        if row.draft_id == sign_up.draft_id:
            return Outcome.REPEATED, row.id
    return (Outcome.THERE_ALREADY, rows[0].id) if rows else None


async def insert(connection: AsyncConnection, values: Mapping[str, Any], now: datetime) -> int:
    """Store an application under a code that is free; returns its id."""
    while True:
        made = {"code": application_codes.new_code(), "created_at": now, "updated_at": now}
        application_id = await connection.scalar(_INSERT[connection.dialect.name], {**values, **made})
        if application_id is not None:
            return int(application_id)


async def _tell_colleague(
    connection: AsyncConnection,
    filed: Filed,
    offering: Offered,
    lines: Mapping[int, int],
    cause: Cause,
    actor_id: int,
    translators: Translators,
    now: datetime,
) -> None:
    """Tell who made the application that a colleague did something with it."""
    await application_notices.tell(
        connection,
        [Concerned(filed.id, filed.code, filed.contact_id, filed.seats)],
        lines,
        lambda t, each: notice_texts.by_colleague(t, each, offering, cause),
        translators=translators,
        now=now,
        but=actor_id,
    )
