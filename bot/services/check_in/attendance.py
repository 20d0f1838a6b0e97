"""Who came in at the doors of an event: let in once, taken back, walked in without a registration.

Every scan has an id of its phone's making, so that one which is sent again counts once. Of two scans of one code the
one that reaches us first counts, also when a phone without a network made the other earlier: by then the first guest
has been told yes, and no clock of a phone is good enough to take that back. The other becomes a conflict, which names
both, for people to look at. Everything here locks the event, so that two phones act one after the other.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Row, Select, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.db.models.businesses import Business
from bot.db.models.check_in import CheckIn, CheckInConflict
from bot.db.models.offerings import Offering
from bot.db.models.people import Contact
from bot.db.upsert import insert_or_ignore
from bot.services.applications import history
from bot.services.applications.history import Cause
from bot.services.applications.statuses import OVER, Status
from bot.services.check_in.doors import opens_at, plausible
from bot.services.check_in.scans import Entry, Guest, Method, Outcome, Result, Scan
from bot.services.offerings import offerings
from bot.services.offerings.offerings import Offered

# Somebody who was entered as a no-show and is there after all is let in like everybody with a seat.
WITH_A_SEAT = (Status.CONFIRMED, Status.ATTENDED, Status.NO_SHOW)


async def check_in(connection: AsyncConnection, offering_id: int, scan: Scan, by_id: int, now: datetime) -> Result:
    """Let somebody in, once. LookupError when there is no such offering."""
    offering = await _locked(connection, offering_id)
    repeated = await repeat_of(connection, offering_id, scan.scan_id)
    if repeated is not None:
        return repeated
    row = (await connection.execute(_BY_CODE, {"wanted": scan.code})).one_or_none() if scan.code else None
    guest = guest_from(row) if row is not None else None
    refused = _refusal(offering, guest, scan, now)
    if refused is None and guest is not None:
        if await _enter(connection, offering, scan, guest, by_id, now):
            return Result(Outcome.ACCEPTED, await find(connection, guest.id))
        guest, refused = await find(connection, guest.id), Outcome.TWICE
    refused = refused or Outcome.UNKNOWN
    if scan.let_in:
        await _note_conflict(connection, offering, scan, guest, refused, by_id, now)
    if refused is Outcome.ELSEWHERE and row is not None:
        return Result(refused, None, dict(row.details["title"]))
    return Result(refused, guest)


async def undo(connection: AsyncConnection, offering_id: int, scan_id: str, by_id: int, now: datetime) -> bool:
    """Take an entry back, as if they had not come; False when there is none that still counts.

    Who did so stays on record. A walk-in who got an application by coming loses that, too; once the attendance is
    closed, everybody else is a no-show. An application that has ended meanwhile stays as it is.
    """
    await _locked(connection, offering_id)
    taken_back = (
        await connection.execute(
            update(CheckIn)
            .where(CheckIn.scan_id == scan_id, CheckIn.offering_id == offering_id, CheckIn.undone_at.is_(None))
            .values(undone_at=now, undone_by=by_id)
            .returning(CheckIn.application_id, CheckIn.method)
        )
    ).one_or_none()
    if taken_back is None:
        return False
    if taken_back.application_id is not None:
        await _not_there(connection, taken_back.application_id, taken_back.method, by_id, now)
    return True


async def _not_there(connection: AsyncConnection, application_id: int, method: str, by_id: int, now: datetime) -> None:
    row = (
        await connection.execute(
            select(Application.status, Offering.attendance_closed_at)
            .join(Offering, Offering.id == Application.offering_id)
            .where(Application.id == application_id)
        )
    ).one()
    if row.status != Status.ATTENDED:
        return
    status = Status.CONFIRMED if row.attendance_closed_at is None else Status.NO_SHOW
    if method == Method.WALK_IN:
        status = Status.WITHDRAWN
    await history.change(connection, [application_id], status, Cause.CHECK_IN_UNDONE, actor_id=by_id, now=now)


async def find(connection: AsyncConnection, application_id: int) -> Guest | None:
    """An application as the door sees it."""
    row = (await connection.execute(_BY_ID, {"wanted": application_id})).one_or_none()
    return guest_from(row) if row is not None else None


async def repeat_of(connection: AsyncConnection, offering_id: int, scan_id: str) -> Result | None:
    """What a scan that is sent again was told; None for a new one, as for one that was refused."""
    row = (
        await connection.execute(select(CheckIn.offering_id, CheckIn.application_id).where(CheckIn.scan_id == scan_id))
    ).one_or_none()
    if row is None:
        return None
    if row.offering_id != offering_id:
        return Result(Outcome.UNKNOWN)
    return Result(Outcome.ACCEPTED, await find(connection, row.application_id) if row.application_id else None)


def guests() -> Select[*tuple[object, ...]]:
    """Every application with its entry, if they are in; ``guest_from`` reads a row."""
    return (
        select(
            Application.id,
            Application.offering_id,
            Application.code,
            Application.status,
            Application.seats,
            Business.name.label("business"),
            Application.answers,
            CheckIn.scan_id,
            CheckIn.at,
            CheckIn.gate,
            Contact.name.label("by"),
            Offering.details,
        )
        .join(Business, Business.id == Application.business_id)
        .join(Offering, Offering.id == Application.offering_id)
        .outerjoin(CheckIn, (CheckIn.application_id == Application.id) & CheckIn.undone_at.is_(None))
        .outerjoin(Contact, Contact.id == CheckIn.by_id)
    )


def guest_from(row: Row[*tuple[object, ...]]) -> Guest:
    entry = Entry(row.scan_id, row.at, row.gate, row.by or "") if row.scan_id else None
    person = str(row.answers.get("contact_name") or "")
    status = Status(row.status)
    return Guest(row.id, row.offering_id, row.code, status, row.seats, row.business, person, entry)


async def locked_open(connection: AsyncConnection, offering_id: int, now: datetime) -> tuple[Offered, Outcome | None]:
    """The event, locked, and why nobody can be let in there now, if so."""
    offering = await _locked(connection, offering_id)
    return offering, _closed(offering, now)


async def _locked(connection: AsyncConnection, offering_id: int) -> Offered:
    offering = await offerings.lock(connection, offering_id)
    if offering is None:
        raise LookupError(offering_id)
    return offering


def _closed(offering: Offered, now: datetime) -> Outcome | None:
    opens = opens_at(offering)
    if offering.cancelled_at is not None:
        return Outcome.CANCELLED
    return Outcome.EARLY if opens is None or now < opens else None


def _refusal(offering: Offered, guest: Guest | None, scan: Scan, now: datetime) -> Outcome | None:
    closed = _closed(offering, now)
    if closed is not None:
        return closed
    if scan.forged:
        return Outcome.FORGED
    if guest is None:
        return Outcome.UNKNOWN
    if guest.offering_id != offering.id:
        return Outcome.ELSEWHERE
    if guest.entry is not None:
        return Outcome.TWICE
    if guest.status in OVER:
        return Outcome.WITHDRAWN
    return None if guest.status in WITH_A_SEAT else Outcome.UNCONFIRMED


async def _enter(
    connection: AsyncConnection, offering: Offered, scan: Scan, guest: Guest, by_id: int, now: datetime
) -> bool:
    """False when somebody else has let them in meanwhile, which the index on current entries decides."""
    entered = await connection.scalar(
        insert_or_ignore(connection, CheckIn)
        .values(
            scan_id=scan.scan_id,
            offering_id=offering.id,
            application_id=guest.id,
            seats=guest.seats,
            method=scan.method.value,
            gate=scan.gate,
            by_id=by_id,
            at=plausible(offering, scan.at, now),
            received_at=now,
        )
        .returning(CheckIn.id)
    )
    if entered is None:
        return False
    await history.change(connection, [guest.id], Status.ATTENDED, Cause.CHECKED_IN, actor_id=by_id, now=now)
    return True


async def _note_conflict(
    connection: AsyncConnection,
    offering: Offered,
    scan: Scan,
    guest: Guest | None,
    reason: Outcome,
    by_id: int,
    now: datetime,
) -> None:
    first = None
    if reason is Outcome.TWICE and guest is not None and guest.entry is not None:
        first = await connection.scalar(select(CheckIn.id).where(CheckIn.scan_id == guest.entry.scan_id))
    await connection.execute(
        insert_or_ignore(connection, CheckInConflict).values(
            scan_id=scan.scan_id,
            offering_id=offering.id,
            application_id=guest.id if guest is not None else None,
            code=scan.code,
            reason=reason.value,
            first_id=first,
            gate=scan.gate,
            by_id=by_id,
            at=plausible(offering, scan.at, now),
            received_at=now,
        )
    )


_BY_CODE = guests().where(Application.code == bindparam("wanted"))
_BY_ID = guests().where(Application.id == bindparam("wanted"))
