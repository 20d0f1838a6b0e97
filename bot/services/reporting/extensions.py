"""More time for a report: an agency asks, an officer of the receiving agency decides, the due date moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.among import among
from bot.db.models.people import Contact
from bot.db.models.reporting import Extension, Obligation
from bot.db.upsert import insert_or_ignore
from bot.messages import Role
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.planning import obligation_plan
from bot.services.reminding import steps
from bot.services.reporting import history, obligations, receivers
from bot.services.reporting.history import What
from bot.services.reporting.obligations import Deed, Owed
from bot.services.reporting.receivers import Receivers
from bot.services.reporting.statuses import OWED
from content.model import Content

LONGEST = 30
USUAL = (3, 5, 10)


class Problem(StrEnum):
    """Why a date can't be the new due date."""

    NOT_LATER = "not later"
    DAY_OFF = "day off"
    TOO_FAR = "too far"


class Outcome(StrEnum):
    """What became of asking or deciding."""

    DONE = "done"
    ALREADY = "already"
    SUBMITTED = "submitted"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Request:
    """One request for more time. ``refused_because`` is empty where no reason was given."""

    id: int
    owed: Owed
    until: date
    reason: str
    status: str
    asked: Deed
    decided: Deed | None
    refused_because: str


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome, with the request as it now is (None when the report had been handed in before asking)."""

    outcome: Outcome
    request: Request | None


def problem(until: date, due_on: date, today: date, calendar: WorkingCalendar) -> Problem | None:
    """What is wrong with a new due date: it must be a working day, later, and not too far off."""
    start = max(due_on, today)
    if until <= start:
        return Problem.NOT_LATER
    if until > latest(due_on, today, calendar):
        return Problem.TOO_FAR
    return None if calendar.is_working_day(until) else Problem.DAY_OFF


def latest(due_on: date, today: date, calendar: WorkingCalendar) -> date:
    """The last day that may be asked for."""
    return calendar.add_working_days(max(due_on, today), LONGEST)


def usual(due_on: date, today: date, calendar: WorkingCalendar) -> list[date]:
    """Days to offer as a choice."""
    return [calendar.add_working_days(max(due_on, today), days) for days in USUAL]


async def ask(
    connection: AsyncConnection, obligation_id: int, *, contact_id: int, until: date, reason: str, now: datetime
) -> Result | None:
    """Store a request; None when the person does not answer for the agency. One may be open at a time."""
    status = await obligations.lock(connection, obligation_id, contact_id=contact_id)
    if status is None:
        return None
    if status not in OWED:
        return Result(Outcome.SUBMITTED, None)
    stored = await connection.scalar(
        insert_or_ignore(connection, Extension)
        .values(
            obligation_id=obligation_id, until=until, reason=reason, status="asked", asked_by=contact_id, asked_at=now
        )
        .returning(Extension.id)
    )
    if stored:
        await history.record(
            connection,
            obligation_id,
            What.EXTENSION_ASKED,
            contact_id=contact_id,
            now=now,
            until=until.isoformat(),
            reason=reason,
        )
    condition = Extension.id == stored if stored else Extension.status == "asked"
    (request,) = await _requests(connection, _REQUEST.where(Extension.obligation_id == obligation_id, condition))
    return Result(Outcome.DONE if stored else Outcome.ALREADY, request)


async def decide(
    connection: AsyncConnection,
    extension_id: int,
    *,
    contact_id: int,
    granted: bool,
    because: str = "",
    known: Content,
    calendar: WorkingCalendar,
    zone: ZoneInfo,
    now: datetime,
) -> Result | None:
    """Grant or refuse a request; granting moves the due date and the reminders not yet sent.

    None when there is no such request or the person may not decide. Nobody decides what they asked
    for themselves, unless nobody else could. ``because`` is the reason of a refusal, if one is given.
    """
    staff = await receivers.load(connection)
    request = await _one(connection, extension_id)
    if request is None or contact_id not in deciders(staff, request.owed, known):
        return None
    await obligations.lock(connection, request.owed.id)
    if request.asked.contact_id == contact_id and deciders(staff, request.owed, known) != [contact_id]:
        return Result(Outcome.OWN, request)
    decided = await connection.scalar(
        update(Extension)
        .where(Extension.id == extension_id, Extension.status == "asked")
        .values(
            status="granted" if granted else "refused",
            decided_by=contact_id,
            decided_at=now,
            refused_because=None if granted else because,
        )
        .returning(Extension.id)
    )
    if decided and granted:
        duty = known.duties.get(request.owed.duty)
        await obligation_plan.move_due_date(
            connection, request.owed.id, request.until, duty=duty, calendar=calendar, zone=zone
        )
        if request.asked.contact_id is not None:
            await steps.plan_for_extension(
                connection,
                request.owed.id,
                request.asked.contact_id,
                request.until,
                calendar=calendar,
                zone=zone,
                now=now,
            )
    if decided:
        what = What.EXTENSION_GRANTED if granted else What.EXTENSION_REFUSED
        details = {"until": request.until.isoformat()} if granted else {"why": because}
        await history.record(connection, request.owed.id, what, contact_id=contact_id, now=now, **details)
    after = await _one(connection, extension_id)
    if decided:
        return Result(Outcome.DONE, after)
    return Result(Outcome.SUBMITTED if after and after.status == "closed" else Outcome.ALREADY, after)


async def close(connection: AsyncConnection, obligation_ids: Sequence[int], now: datetime) -> None:
    """Nobody has to decide about more time for these reports any more."""
    await connection.execute(
        update(Extension)
        .where(among(connection, Extension.obligation_id, obligation_ids), Extension.status == "asked")
        .values(status="closed", decided_at=now)
    )


async def find(connection: AsyncConnection, extension_id: int, *, contact_id: int, known: Content) -> Request | None:
    """One request, for somebody who may decide it."""
    request = await _one(connection, extension_id)
    if request is None or contact_id not in deciders(await receivers.load(connection), request.owed, known):
        return None
    return request


async def waiting(connection: AsyncConnection, *, contact_id: int, known: Content) -> list[Request]:
    """The requests that wait for a decision of this person, the oldest first."""
    staff = await receivers.load(connection)
    officer = staff.staff.officers.get(contact_id)
    if officer is None:
        return []
    statement = _REQUEST.where(Extension.status == literal_column("'asked'")).order_by(Extension.id)
    if officer.role is not Role.ADMIN:
        slugs = [duty.slug for duty in staff.duties_of(contact_id, known)]
        statement = statement.join(Obligation, Obligation.id == Extension.obligation_id).where(
            Obligation.duty.in_(slugs)
        )
    return await _requests(connection, statement)


def deciders(staff: Receivers, owed: Owed, known: Content) -> list[int]:
    """Contact ids of all who may decide: who looks after the duty, and administrators."""
    duty = known.duties.get(owed.duty)
    slugs = receivers.receiving(duty) if duty else ()
    admins = staff.staff.admins()
    return [
        contact_id
        for contact_id in staff.staff.officers
        if contact_id in admins or any(staff.may_act_for(contact_id, slug) for slug in slugs)
    ]


def told(staff: Receivers, request: Request, known: Content) -> list[int]:
    """Contact ids of those to whom a new request is put: the receiving agency's officers, not the asker.

    Where only the asker would be left it is all others who may decide, and the asker if there is nobody else.
    """
    duty = known.duties.get(request.owed.duty)
    first = receivers.receiving(duty)[:1] if duty else ()
    asker = request.asked.contact_id
    everybody = deciders(staff, request.owed, known)
    for group in ([each for slug in first for each in staff.told(slug)], everybody):
        others = [each for each in group if each != asker]
        if others:
            return others
    return everybody


async def _one(connection: AsyncConnection, extension_id: int) -> Request | None:
    found = await _requests(connection, _REQUEST.where(Extension.id == extension_id))
    return found[0] if found else None


_asker = aliased(Contact)
_decider = aliased(Contact)
_REQUEST: Select[*tuple[Any, ...]] = (
    select(
        Extension.id,
        Extension.obligation_id,
        Extension.until,
        Extension.reason,
        Extension.status,
        Extension.asked_by,
        Extension.asked_at,
        _asker.name.label("asker"),
        Extension.decided_by,
        Extension.decided_at,
        _decider.name.label("decider"),
        Extension.refused_because,
    )
    .outerjoin(_asker, _asker.id == Extension.asked_by)
    .outerjoin(_decider, _decider.id == Extension.decided_by)
)


async def _requests(connection: AsyncConnection, statement: Select[*tuple[Any, ...]]) -> list[Request]:
    rows = (await connection.execute(statement)).all()
    if not rows:
        return []
    owed = await obligations.by_ids(connection, [row.obligation_id for row in rows])
    return [_request(row, owed[row.obligation_id]) for row in rows]


def _request(row: Row[Any], owed: Owed) -> Request:
    return Request(
        id=row.id,
        owed=owed,
        until=row.until,
        reason=row.reason,
        status=row.status,
        asked=Deed(row.asked_by, row.asker or "", row.asked_at),
        decided=Deed(row.decided_by, row.decider or "", row.decided_at) if row.decided_at else None,
        refused_because=row.refused_because or "",
    )
