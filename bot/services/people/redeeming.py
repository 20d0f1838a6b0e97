"""What becomes of a code that somebody gives: staff, a focal point, a successor, or the reason why nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Agency, Invitation, InvitationUse
from bot.db.upsert import insert_or_ignore
from bot.messages import Person, Role
from bot.services.agencies import focal_points, handovers
from bot.services.agencies.agencies import AgencyName, FocalRole
from bot.services.people import contacts, invitations, wrong_codes


class Outcome(StrEnum):
    """What became of a code that a person gave."""

    LINKED = "linked"
    UNKNOWN = "unknown"
    USED = "used"
    USED_BY_YOU = "used by you"
    EXPIRED = "expired"
    ADMIN_EXISTS = "admin exists"
    OWN_HANDOVER = "own handover"
    WAIT = "wait"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What happened to a code. With LINKED, ``role`` or ``agency`` and ``focal_role`` say what the person now is.

    ``agency`` with ``role`` is the one that a member of staff works for. With WAIT, ``wait_until`` says
    when the person may try again. With ACCOUNT nothing has been done yet: the code makes a chat account part of the
    contact ``account_of``, see ``accounts``. ``took_over_from`` is the focal point whose place the person has taken.
    """

    outcome: Outcome
    role: Role | None = None
    agency: AgencyName | None = None
    focal_role: FocalRole | None = None
    wait_until: datetime | None = None
    account_of: int | None = None
    took_over_from: int | None = None


async def redeem(connection: AsyncConnection, person: Person, code: str, now: datetime) -> Redeemed:
    """Give the person what the code is for. Of more people than a code has uses, the first ones get it."""
    wait_until = await wrong_codes.pause(connection, person.contact_id, now)
    if wait_until is not None:
        return Redeemed(Outcome.WAIT, wait_until=wait_until)
    code_hash = invitations.hashed(code)
    found = (
        await connection.execute(
            select(
                Invitation.first_admin,
                Invitation.contact_id,
                Invitation.handed_over_by,
                Invitation.used,
                Invitation.uses,
                Invitation.expires_at,
            ).where(Invitation.code_hash == code_hash)
        )
    ).one_or_none()
    if found is None:
        await wrong_codes.count(connection, person.contact_id, now)
        return Redeemed(Outcome.UNKNOWN)
    if found.contact_id is not None:
        if found.used >= found.uses or found.expires_at <= now:
            return await _why_not(connection, person, code_hash, now)
        return Redeemed(Outcome.ACCOUNT, account_of=found.contact_id)
    if found.handed_over_by == person.contact_id:
        return Redeemed(Outcome.OWN_HANDOVER)
    if found.first_admin:
        # Two codes could make two first administrators at once: they queue on the same rows.
        await connection.execute(
            select(Invitation.code_hash).where(Invitation.first_admin).order_by(Invitation.code_hash).with_for_update()
        )
    by_them = await connection.execute(
        insert_or_ignore(connection, InvitationUse)
        .values(code_hash=code_hash, contact_id=person.contact_id, at=now)
        .returning(InvitationUse.code_hash)
    )
    if by_them.scalar_one_or_none() is None:
        return Redeemed(Outcome.USED_BY_YOU)
    taken = (
        await connection.execute(
            invitations.take(code_hash, person.contact_id, now)
            .where(or_(~Invitation.first_admin, ~invitations.an_admin_exists()))
            .returning(
                Invitation.role,
                Invitation.agency_id,
                Invitation.focal_role,
                Invitation.created_by,
                Invitation.handed_over_by,
            )
        )
    ).one_or_none()
    if taken is None:
        await connection.execute(
            delete(InvitationUse).where(
                InvitationUse.code_hash == code_hash, InvitationUse.contact_id == person.contact_id
            )
        )
        return await _why_not(connection, person, code_hash, now)
    await wrong_codes.forget(connection, person.contact_id)
    agency = await _agency(connection, taken.agency_id) if taken.agency_id is not None else None
    if taken.role is not None:
        return await _made_staff(connection, person, Role(taken.role), agency)
    if agency is None:
        raise LookupError("an invitation for neither a role nor an agency")
    return await _made_focal_point(
        connection, person, agency, FocalRole(taken.focal_role), taken.created_by, taken.handed_over_by, now
    )


async def _made_focal_point(
    connection: AsyncConnection,
    person: Person,
    agency: AgencyName,
    role: FocalRole,
    created_by: int | None,
    handed_over_by: int | None,
    now: datetime,
) -> Redeemed:
    if handed_over_by is not None:
        took = await handovers.succeed(connection, agency.id, handed_over_by, person.contact_id, now)
        if took is not None:
            return Redeemed(Outcome.LINKED, agency=agency, focal_role=took, took_over_from=handed_over_by)
    await focal_points.appoint(connection, agency.id, person.contact_id, role, now, by=created_by)
    return Redeemed(Outcome.LINKED, agency=agency, focal_role=role)


async def _made_staff(
    connection: AsyncConnection, person: Person, granted: Role, agency: AgencyName | None
) -> Redeemed:
    if person.role is not None and person.role.includes(granted):
        granted = person.role
    await contacts.set_role(connection, person.contact_id, granted)
    if agency is not None:
        await contacts.set_agency(connection, person.contact_id, agency.slug)
    return Redeemed(Outcome.LINKED, role=granted, agency=agency)


async def _agency(connection: AsyncConnection, agency_id: int) -> AgencyName:
    found = await connection.execute(
        select(Agency.id, Agency.slug, Agency.name_vi, Agency.name_en).where(Agency.id == agency_id)
    )
    return AgencyName(*found.one())


async def _why_not(connection: AsyncConnection, person: Person, code_hash: str, now: datetime) -> Redeemed:
    used_by, used, uses, expires_at = (
        await connection.execute(
            select(Invitation.used_by, Invitation.used, Invitation.uses, Invitation.expires_at).where(
                Invitation.code_hash == code_hash
            )
        )
    ).one()
    if used >= uses:
        return Redeemed(Outcome.USED_BY_YOU if used_by == person.contact_id else Outcome.USED)
    return Redeemed(Outcome.EXPIRED if expires_at <= now else Outcome.ADMIN_EXISTS)
