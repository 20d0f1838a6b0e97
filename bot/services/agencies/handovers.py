"""Focal points who go: hand over to a successor, leave, or are removed, and what becomes of what they had to do.

Reports belong to the agency, so they stay; reminders that somebody asked for themselves, requests for more time that
wait for an answer, and codes for a successor are theirs.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.models.people import FocalPoint, Invitation
from bot.db.models.reporting import OWED as IS_OWED
from bot.db.models.reporting import Extension, Obligation, PersonalReminder
from bot.services.agencies import focal_history, focal_points
from bot.services.agencies.agencies import FocalRole
from bot.services.agencies.focal_history import What
from bot.services.people import emails
from bot.services.reminding import steps
from bot.services.reporting import history, not_mine


async def succeed(
    connection: AsyncConnection, agency_id: int, former: int, successor: int, now: datetime
) -> FocalRole | None:
    """Put somebody in a focal point's place; the role they have then. None when the former is none any more.

    What the agency owes, the reminders the former asked for and their open requests for more time go along.
    """
    await focal_points.lock(connection, agency_id)
    before = await focal_points.find(connection, former, agency_id)
    if before is None or former == successor:
        return None
    own = await focal_points.find(connection, successor, agency_id)
    role = FocalRole.HOLDER if own is not None and own.role is FocalRole.HOLDER else before.role
    await focal_points.appoint(connection, agency_id, successor, role, now, by=former)
    await _pass_reminders(connection, agency_id, former, successor)
    owed = list((await connection.scalars(_owed(agency_id))).all())
    await connection.execute(
        update(Extension)
        .where(
            Extension.obligation_id.in_(_owed(agency_id)),
            Extension.status == literal_column("'asked'"),
            Extension.asked_by == former,
        )
        .values(asked_by=successor)
    )
    await history.record_all(
        connection,
        [history.New(each, history.What.HANDED_OVER, {"from": former, "to": successor}) for each in owed],
        contact_id=former,
        now=now,
    )
    await focal_history.record(
        connection, agency_id, What.HANDED_OVER, contact_id=former, by=former, now=now, to=successor
    )
    await not_mine.leaves(connection, agency_id, former, successor=successor)
    await _go(connection, agency_id, former, now)
    return role


async def leave(connection: AsyncConnection, agency_id: int, contact_id: int, *, by: int, now: datetime) -> bool:
    """End somebody's part in an agency, at their own wish or an officer's; False when they had none.

    Of who is removed the codes end too: they must not come back by one that they made themselves.
    """
    await focal_points.lock(connection, agency_id)
    if await focal_points.find(connection, contact_id, agency_id) is None:
        return False
    what = What.LEFT if by == contact_id else What.REMOVED
    await focal_history.record(connection, agency_id, what, contact_id=contact_id, by=by, now=now)
    if what is What.REMOVED:
        await connection.execute(
            update(Invitation)
            .where(
                Invitation.created_by == contact_id,
                Invitation.agency_id == agency_id,
                Invitation.role.is_(None),
                Invitation.expires_at > now,
            )
            .values(expires_at=now)
        )
    await _go(connection, agency_id, contact_id, now)
    return True


async def call_off(connection: AsyncConnection, agency_id: int, contact_id: int, now: datetime) -> bool:
    """End the codes for a successor that nobody used yet; False when there is none."""
    ended = await connection.execute(
        update(Invitation)
        .where(_waiting(agency_id, contact_id, now))
        .values(expires_at=now)
        .returning(Invitation.code_hash)
    )
    return bool(ended.all())


async def waiting_until(connection: AsyncConnection, agency_id: int, contact_id: int, now: datetime) -> datetime | None:
    """Until when the code works that a focal point made for a successor; None when there is none."""
    found: datetime | None = await connection.scalar(
        select(Invitation.expires_at).where(_waiting(agency_id, contact_id, now))
    )
    return found


def _waiting(agency_id: int, contact_id: int, now: datetime) -> ColumnElement[bool]:
    return and_(
        Invitation.handed_over_by == contact_id,
        Invitation.agency_id == agency_id,
        Invitation.used < Invitation.uses,
        Invitation.expires_at > now,
    )


def _owed(agency_id: int) -> Select[int]:
    return select(Obligation.id).where(Obligation.agency_id == agency_id, IS_OWED)


def _theirs(agency_id: int, contact_id: int) -> ColumnElement[bool]:
    of_agency = select(Obligation.id).where(Obligation.agency_id == agency_id)
    return and_(PersonalReminder.contact_id == contact_id, PersonalReminder.obligation_id.in_(of_agency))


async def _pass_reminders(connection: AsyncConnection, agency_id: int, former: int, successor: int) -> None:
    same = aliased(PersonalReminder)
    has_it = exists(
        select(same.id).where(
            same.contact_id == successor,
            same.obligation_id == PersonalReminder.obligation_id,
            same.due_at == PersonalReminder.due_at,
        )
    )
    await connection.execute(
        update(PersonalReminder)
        .where(_theirs(agency_id, former), steps.PERSONAL_PLANNED, ~has_it)
        .values(contact_id=successor)
    )


async def _go(connection: AsyncConnection, agency_id: int, contact_id: int, now: datetime) -> None:
    await call_off(connection, agency_id, contact_id, now)
    await steps.drop_personal(connection, _theirs(agency_id, contact_id), now)
    await not_mine.leaves(connection, agency_id, contact_id)
    await focal_points.end(connection, agency_id, contact_id)
    if await connection.scalar(select(FocalPoint.agency_id).where(FocalPoint.contact_id == contact_id)) is None:
        # It was for reminders, and there are none any more.
        await emails.remove(connection, contact_id)
