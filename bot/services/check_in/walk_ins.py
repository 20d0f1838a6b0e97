"""Who comes without a registration: let in whatever the capacity, and counted apart.

With a tax code they become an application that has attended, so that a certificate can be made out. Where their
business is registered for a seat after all, that registration is what counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.db.models.businesses import Business
from bot.db.models.check_in import CheckIn
from bot.db.upsert import insert_or_ignore
from bot.services.applications import applications, history
from bot.services.applications.history import Cause
from bot.services.applications.statuses import OVER, Status
from bot.services.check_in import attendance
from bot.services.check_in.doors import plausible
from bot.services.check_in.scans import Method, Outcome, Result, Scan
from bot.services.forms import fields


@dataclass(frozen=True, slots=True)
class WalkIn:
    """``name`` of a business or person; ``tax_code`` as a form reads it, or ""."""

    scan_id: str
    name: str
    seats: int
    tax_code: str
    at: datetime
    gate: str = ""


async def walk_in(connection: AsyncConnection, offering_id: int, guest: WalkIn, by_id: int, now: datetime) -> Result:
    """Let somebody in who is not on the list. LookupError when there is no such offering."""
    offering, closed = await attendance.locked_open(connection, offering_id, now)
    repeated = await attendance.repeat_of(connection, offering_id, guest.scan_id)
    if repeated is not None:
        return repeated
    if closed is not None:
        return Result(closed)
    registered = await _registered(connection, offering_id, guest.tax_code) if guest.tax_code else None
    if registered is not None and registered.status in attendance.WITH_A_SEAT:
        scan = Scan(guest.scan_id, Method.NAME, guest.at, registered.code, guest.gate)
        return await attendance.check_in(connection, offering_id, scan, by_id, now)
    application_id = None
    if guest.tax_code and registered is None:
        application_id = await _apply(connection, offering_id, guest, now)
    entered = await connection.scalar(
        insert_or_ignore(connection, CheckIn)
        .values(
            scan_id=guest.scan_id,
            offering_id=offering_id,
            application_id=application_id,
            name=guest.name,
            seats=guest.seats,
            method=Method.WALK_IN.value,
            gate=guest.gate,
            by_id=by_id,
            at=plausible(offering, guest.at, now),
            received_at=now,
        )
        .returning(CheckIn.id)
    )
    if entered is not None and application_id is not None:
        await history.record(connection, [application_id], Status.ATTENDED, Cause.WALKED_IN, actor_id=by_id, now=now)
    return Result(Outcome.ACCEPTED, await attendance.find(connection, application_id) if application_id else None)


@dataclass(frozen=True, slots=True)
class _Registered:
    code: str
    status: Status


async def _registered(connection: AsyncConnection, offering_id: int, tax_code: str) -> _Registered | None:
    """The business's application that is not over."""
    row = (
        await connection.execute(
            select(Application.code, Application.status)
            .join(Business, Business.id == Application.business_id)
            .where(
                Application.offering_id == offering_id,
                Business.tax_code == tax_code,
                Application.status.not_in([each.value for each in OVER]),
            )
        )
    ).one_or_none()
    return _Registered(row.code, Status(row.status)) if row else None


async def _apply(connection: AsyncConnection, offering_id: int, guest: WalkIn, now: datetime) -> int:
    await connection.execute(
        insert_or_ignore(connection, Business).values(
            tax_code=guest.tax_code,
            name=guest.name,
            verified=not fields.is_personal(guest.tax_code) and not fields.check_failed(guest.tax_code),
            profile={},
            created_at=now,
        )
    )
    business_id = (
        await connection.execute(select(Business.id).where(Business.tax_code == guest.tax_code))
    ).scalar_one()
    values = {
        "offering_id": offering_id,
        "business_id": business_id,
        "status": Status.ATTENDED.value,
        "seats": guest.seats,
        "answers": {"organisation": guest.name, "tax_code": guest.tax_code},
    }
    return await applications.insert(connection, values, now)
