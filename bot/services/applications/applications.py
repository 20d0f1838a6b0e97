"""Sign-ups: hand in, see, withdraw. Seats are exact because every change of one locks its offering first.

A business is found or made by its tax code. Nothing proves yet that somebody acts for a business, so
only the person who brought it becomes its member, and everybody sees no more than their own applications.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application, ApplicationEvent
from bot.db.models.businesses import Business, BusinessMember
from bot.db.upsert import insert_for, insert_or_ignore
from bot.i18n import Translators
from bot.messages import Person
from bot.services.applications import application_codes, application_notices
from bot.services.applications.filed_applications import Filed, by_draft, find
from bot.services.applications.statuses import Status
from bot.services.forms import fields
from bot.services.offerings import offerings
from bot.services.offerings.offerings import Kind, Offered
from bot.services.people import consents
from bot.services.people.consents import Given


class Outcome(StrEnum):
    """What became of handing in a form. OTHERS: the business has an application, of somebody else."""

    DONE = "done"
    REPEATED = "repeated"
    YOURS = "yours"
    COLLEAGUES = "colleague's"
    OTHERS = "others'"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of it, and the application that there is now, if the person may know it."""

    outcome: Outcome
    filed: Filed | None = None


@dataclass(frozen=True, slots=True)
class SignUp:
    """A form filled in to the end."""

    draft_id: str
    offering_id: int
    answers: Mapping[str, Any]
    consents: tuple[Given, ...]


async def submit(
    connection: AsyncConnection, person: Person, sign_up: SignUp, *, translators: Translators, now: datetime
) -> Submission:
    """Hand in a form once: a seat or a place on the waiting list of an event, an entry for a programme."""
    before = await by_draft(connection, person.contact_id, sign_up.draft_id)
    if before is not None:
        return Submission(Outcome.REPEATED, before)
    offering = await offerings.lock(connection, sign_up.offering_id)
    if offering is None or not offering.is_open(now):
        return Submission(Outcome.CLOSED)
    business_id = await _business(connection, person, sign_up.answers, now)
    there = await _active(connection, offering.id, business_id)
    if there is not None:
        return await _there_already(connection, person, business_id, there)
    taken = offering.taken + await _give_out_seats(connection, offering, person.contact_id, translators, now)
    status = Status.SUBMITTED
    if offering.kind is Kind.EVENT:
        full = offering.capacity is not None and taken >= offering.capacity
        status = Status.WAITLISTED if full else Status.CONFIRMED
    application_id = await _insert(connection, person, sign_up, business_id, status, now)
    await _record(connection, [application_id], status, person.contact_id, "", now)
    await consents.record(connection, person.contact_id, sign_up.consents)
    return Submission(Outcome.DONE, await find(connection, person.contact_id, application_id))


async def withdraw(
    connection: AsyncConnection, contact_id: int, application_id: int, *, translators: Translators, now: datetime
) -> Filed | None:
    """Withdraw one's own application; its seat goes to the first who waits, who is told.

    None when the person has no such application. One that was withdrawn before, or whose event has
    begun, stays as it is.
    """
    filed = await find(connection, contact_id, application_id)
    if filed is None or filed.has_begun(now):
        return filed
    await offerings.lock(connection, filed.offering_id)
    withdrawn = await connection.execute(
        update(Application)
        .where(Application.id == filed.id, Application.status != Status.WITHDRAWN)
        .values(status=Status.WITHDRAWN, updated_at=now)
        .returning(Application.id)
    )
    if withdrawn.scalar_one_or_none() is not None:
        await _record(connection, [filed.id], Status.WITHDRAWN, contact_id, "withdrawn by the applicant", now)
        offering = await offerings.get(connection, filed.offering_id)
        if offering is not None:
            await _give_out_seats(connection, offering, contact_id, translators, now)
    return await find(connection, contact_id, application_id)


async def _business(connection: AsyncConnection, person: Person, answers: Mapping[str, Any], now: datetime) -> int:
    code = str(answers["tax_code"])
    new_id = await connection.scalar(
        insert_or_ignore(connection, Business)
        .values(
            tax_code=code,
            name=answers["organisation"],
            verified=not fields.is_personal(code) and not fields.check_failed(code),
            created_at=now,
        )
        .returning(Business.id)
    )
    if new_id is None:
        return int((await connection.execute(select(Business.id).where(Business.tax_code == code))).scalar_one())
    await connection.execute(insert(BusinessMember).values(business_id=new_id, contact_id=person.contact_id, since=now))
    return int(new_id)


async def _active(connection: AsyncConnection, offering_id: int, business_id: int) -> tuple[int, int] | None:
    """(id, contact) of the business's application to the offering that is not withdrawn."""
    row = (
        await connection.execute(
            select(Application.id, Application.contact_id).where(
                Application.offering_id == offering_id,
                Application.business_id == business_id,
                Application.status != Status.WITHDRAWN,
            )
        )
    ).one_or_none()
    return (row.id, row.contact_id) if row else None


async def _there_already(
    connection: AsyncConnection, person: Person, business_id: int, there: tuple[int, int]
) -> Submission:
    application_id, applicant = there
    if applicant == person.contact_id:
        return Submission(Outcome.YOURS, await find(connection, applicant, application_id))
    is_member = await connection.scalar(
        select(BusinessMember.contact_id).where(
            BusinessMember.business_id == business_id, BusinessMember.contact_id == person.contact_id
        )
    )
    if is_member is None:
        return Submission(Outcome.OTHERS)
    return Submission(Outcome.COLLEAGUES, await find(connection, applicant, application_id))


async def _insert(
    connection: AsyncConnection, person: Person, sign_up: SignUp, business_id: int, status: Status, now: datetime
) -> int:
    while True:
        application_id = await connection.scalar(
            insert_for(connection, Application)
            .values(
                code=application_codes.new_code(),
                offering_id=sign_up.offering_id,
                business_id=business_id,
                contact_id=person.contact_id,
                draft_id=sign_up.draft_id,
                status=status,
                answers=dict(sign_up.answers),
                created_at=now,
                updated_at=now,
            )
            .on_conflict_do_nothing(index_elements=["code"])
            .returning(Application.id)
        )
        if application_id is not None:
            return int(application_id)


async def _give_out_seats(
    connection: AsyncConnection, offering: Offered, actor_id: int, translators: Translators, now: datetime
) -> int:
    """Confirm as many who wait as there are free seats, first come first served, and tell them; returns how many."""
    if offering.capacity is None or not offering.waiting or not offering.is_open(now):
        return 0
    free = offering.capacity - offering.taken
    if free <= 0:
        return 0
    first = (
        await connection.execute(
            select(Application.id, Application.contact_id, Application.code)
            .where(Application.offering_id == offering.id, Application.status == Status.WAITLISTED)
            .order_by(Application.id)
            .limit(free)
        )
    ).all()
    promoted = [row.id for row in first]
    await connection.execute(
        update(Application).where(Application.id.in_(promoted)).values(status=Status.CONFIRMED, updated_at=now)
    )
    await _record(connection, promoted, Status.CONFIRMED, actor_id, "a seat became free", now)
    for row in first:
        await application_notices.tell_of_seat(
            connection, row.contact_id, row.id, row.code, offering, translators=translators, now=now
        )
    return len(promoted)


async def _record(
    connection: AsyncConnection, ids: list[int], status: Status, actor_id: int, reason: str, now: datetime
) -> None:
    await connection.execute(
        insert(ApplicationEvent),
        [
            {"application_id": each, "actor_id": actor_id, "status": status.value, "reason": reason, "at": now}
            for each in ids
        ],
    )
