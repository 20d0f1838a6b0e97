"""What staff decide about an application, and what the applicant answers to their questions.

Whether the officer may decide on it is for the caller to check. Two who press at once act once: each step looks at
the status under the lock of the offering, and tells the applicant through the outbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import ApplicationMessage
from bot.i18n import Translators
from bot.services.applications import (
    application_notices,
    deciders,
    filed_applications,
    history,
    notice_texts,
    offers,
    seats,
)
from bot.services.applications.application_notices import Concerned, Write
from bot.services.applications.applications import seat_or_waiting
from bot.services.applications.filed_applications import Filed
from bot.services.applications.history import Cause
from bot.services.applications.seats import Rules
from bot.services.applications.statuses import IN_REVIEW, STEPS, TAKES_SEATS, Status
from bot.services.calendar.working_hours import OfficeHours
from bot.services.messages import outbox
from bot.services.messages.outbox import Notice
from bot.services.offerings import offerings
from bot.services.offerings.offerings import Kind, Offered


class Decided(StrEnum):
    """What became of a decision. ALREADY: it had been taken. NOT_NOW: the application is past that. FULL: no seat."""

    DONE = "done"
    ALREADY = "already"
    NOT_NOW = "not now"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of it, and the application as it is now."""

    outcome: Decided
    filed: Filed


@dataclass(frozen=True, slots=True)
class Message:
    """A question of staff, or the applicant's answer."""

    id: int
    from_staff: bool
    author_id: int | None
    text: str
    at: datetime


async def start_review(
    connection: AsyncConnection, application_id: int, *, actor_id: int, translators: Translators, now: datetime
) -> Decision | None:
    """Say that somebody looks at it. None when there is no such application."""
    offering, filed = await _locked(connection, application_id)
    if filed is None or offering is None:
        return None
    if filed.status is Status.UNDER_REVIEW:
        return Decision(Decided.ALREADY, filed)
    # An unanswered question stays open; whoever has the answer reads that it is being looked at.
    if filed.status is not Status.SUBMITTED:
        return Decision(Decided.NOT_NOW, filed)
    lines = await _change(connection, filed, Status.UNDER_REVIEW, Cause.REVIEW_BEGUN, actor_id, now)
    return await _done(
        connection, filed, lines, lambda t, each: notice_texts.review_begun(t, each, offering), translators, now
    )


async def ask_for_more(
    connection: AsyncConnection,
    application_id: int,
    question: str,
    *,
    actor_id: int,
    translators: Translators,
    now: datetime,
) -> Decision | None:
    """Ask the applicant for more information. A second question adds to one that is still open."""
    offering, filed = await _locked(connection, application_id)
    if filed is None or offering is None:
        return None
    if filed.status not in IN_REVIEW:
        return Decision(Decided.NOT_NOW, filed)
    if filed.status is Status.MORE_INFORMATION and await _open_question(connection, filed.id) == question:
        return Decision(Decided.ALREADY, filed)
    await _say(connection, filed.id, question, from_staff=True, author_id=actor_id, now=now)
    lines = await _change(connection, filed, Status.MORE_INFORMATION, Cause.ASKED, actor_id, now, question)
    return await _done(
        connection, filed, lines, lambda t, each: notice_texts.asked(t, each, offering, question), translators, now
    )


async def answer_question(
    connection: AsyncConnection,
    contact_id: int,
    application_id: int,
    text: str,
    *,
    translators: Translators,
    now: datetime,
) -> Decision | None:
    """The applicant's answer; the application is looked at again, and the officer who asked is told.

    Where that officer does not decide on it any more or can't be written to, everybody who does is told. None when it
    is no application of one of the person's businesses.
    """
    if await filed_applications.find(connection, contact_id, application_id) is None:
        return None
    offering, filed = await _locked(connection, application_id)
    if filed is None or offering is None:
        return None
    if filed.status is not Status.MORE_INFORMATION:
        return Decision(Decided.NOT_NOW, filed)
    officer_id = await _asked_by(connection, filed.id)
    message_id = await _say(connection, filed.id, text, from_staff=False, author_id=contact_id, now=now)
    lines = await _change(connection, filed, Status.UNDER_REVIEW, Cause.ANSWERED, contact_id, now, text)
    concerned = _concerned(filed)
    await outbox.notify_all(
        connection,
        [
            Notice(
                person,
                f"application:{filed.id}:answer-{message_id}:{person.contact_id}",
                notice_texts.answered_for_officer(translators.for_language(person.language), concerned, offering, text),
            )
            for person in await deciders.reachable(connection, offering.agency_slug, officer_id)
        ],
        now=now,
    )
    return await _done(
        connection,
        filed,
        lines,
        lambda t, each: notice_texts.by_colleague(t, each, offering, Cause.ANSWERED),
        translators,
        now,
        but=contact_id,
    )


async def approve(
    connection: AsyncConnection,
    application_id: int,
    *,
    actor_id: int,
    translators: Translators,
    office: OfficeHours,
    now: datetime,
) -> Decision | None:
    """Accept it: a programme's need is noted; at an event it gets its seats, or a place on the waiting list."""
    offering, filed = await _locked(connection, application_id)
    if filed is None or offering is None:
        return None
    if filed.status in (Status.APPROVED, *TAKES_SEATS, Status.WAITLISTED):
        return Decision(Decided.ALREADY, filed)
    too_late = offering.kind is Kind.EVENT and not offering.takes_place(now)
    if filed.status not in IN_REVIEW or too_late:
        return Decision(Decided.NOT_NOW, filed)
    status: Status | None = Status.APPROVED
    if offering.kind is Kind.EVENT:
        if await seats.offer_free(connection, offering, Rules(translators, office), now):
            offering = await offerings.get(connection, offering.id) or offering
        status = seat_or_waiting(offering, filed.seats)
    if status is None:
        return Decision(Decided.FULL, filed)
    settled = offering
    lines = await _change(connection, filed, status, Cause.APPROVED, actor_id, now)
    return await _done(
        connection,
        filed,
        lines,
        lambda t, each: notice_texts.approved(t, each, settled, seat=status is Status.CONFIRMED),
        translators,
        now,
    )


async def reject(
    connection: AsyncConnection,
    application_id: int,
    reason: str,
    *,
    actor_id: int,
    translators: Translators,
    office: OfficeHours,
    now: datetime,
) -> Decision | None:
    """Do not accept it, with the reason that the applicant reads; seats that it had are offered to the next."""
    offering, filed = await _locked(connection, application_id)
    if filed is None or offering is None:
        return None
    if filed.status is Status.REJECTED:
        return Decision(Decided.ALREADY, filed)
    if Status.REJECTED not in STEPS[filed.status]:
        return Decision(Decided.NOT_NOW, filed)
    lines = await _change(connection, filed, Status.REJECTED, Cause.REJECTED, actor_id, now, reason)
    decision = await _done(
        connection, filed, lines, lambda t, each: notice_texts.rejected(t, each, offering, reason), translators, now
    )
    await offers.pass_on(connection, offering.id, Rules(translators, office), now)
    return decision


async def messages(connection: AsyncConnection, application_id: int) -> list[Message]:
    """Questions and answers about an application, the first first. Who may read them is for the caller to check."""
    rows = await connection.execute(
        select(
            ApplicationMessage.id,
            ApplicationMessage.from_staff,
            ApplicationMessage.author_id,
            ApplicationMessage.text,
            ApplicationMessage.at,
        )
        .where(ApplicationMessage.application_id == application_id)
        .order_by(ApplicationMessage.id)
    )
    return [Message(*row) for row in rows]


async def _locked(connection: AsyncConnection, application_id: int) -> tuple[Offered | None, Filed | None]:
    filed = await filed_applications.for_staff(connection, application_id)
    if filed is None:
        return None, None
    offering = await offerings.lock(connection, filed.offering_id)
    return offering, await filed_applications.for_staff(connection, application_id)


async def _change(
    connection: AsyncConnection,
    filed: Filed,
    status: Status,
    cause: Cause,
    actor_id: int,
    now: datetime,
    reason: str = "",
) -> dict[int, int]:
    return await history.change(connection, [filed.id], status, cause, actor_id=actor_id, now=now, reason=reason)


async def _done(
    connection: AsyncConnection,
    filed: Filed,
    lines: dict[int, int],
    write: Write,
    translators: Translators,
    now: datetime,
    *,
    but: int | None = None,
) -> Decision:
    await application_notices.tell(
        connection, [_concerned(filed)], lines, write, translators=translators, now=now, but=but
    )
    return Decision(Decided.DONE, await filed_applications.for_staff(connection, filed.id) or filed)


def _concerned(filed: Filed) -> Concerned:
    return Concerned(filed.id, filed.code, filed.contact_id, filed.seats)


async def _say(
    connection: AsyncConnection, application_id: int, text: str, *, from_staff: bool, author_id: int, now: datetime
) -> int:
    said = await connection.execute(
        insert(ApplicationMessage)
        .values(application_id=application_id, from_staff=from_staff, author_id=author_id, text=text, at=now)
        .returning(ApplicationMessage.id)
    )
    return int(said.scalar_one())


async def _open_question(connection: AsyncConnection, application_id: int) -> str | None:
    said = await messages(connection, application_id)
    return said[-1].text if said and said[-1].from_staff else None


async def _asked_by(connection: AsyncConnection, application_id: int) -> int | None:
    said = await messages(connection, application_id)
    return said[-1].author_id if said and said[-1].from_staff else None
