"""One-time codes that make a contact staff or a focal point of an agency.

Only a code's hash is kept, so a stolen backup links nobody. A code is ten characters of an alphabet
without look-alikes, for reading aloud: 31^10 of them, and a contact may guess five times an hour.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import Exists, case, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Agency, Contact, Invitation, WrongCode
from bot.db.upsert import insert_for
from bot.messages import Person, Role
from bot.services.messages.received import READABLE
from bot.services.people import contacts, focal_points
from bot.services.people.agencies import AgencyName, FocalRole
from bot.vietnamese import fold

VALID_FOR = timedelta(days=14)
GUESSES = 5
GUESSING_PAUSE = timedelta(hours=1)

_GROUP = 5
_AS_PRINTED = re.compile(rf"[{READABLE}]{{{_GROUP}}}-[{READABLE}]{{{_GROUP}}}")


class Outcome(StrEnum):
    """What became of a code that a person gave."""

    LINKED = "linked"
    UNKNOWN = "unknown"
    USED = "used"
    USED_BY_YOU = "used by you"
    EXPIRED = "expired"
    ADMIN_EXISTS = "admin exists"
    WAIT = "wait"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What happened to a code. With LINKED, ``role`` or ``agency`` and ``focal_role`` say what the person now is.

    ``agency`` with ``role`` is the one that a member of staff works for. With WAIT, ``wait_until`` says
    when the person may try again. With ACCOUNT nothing has been done yet: the code makes a chat account part of the
    contact ``account_of``, see ``accounts``.
    """

    outcome: Outcome
    role: Role | None = None
    agency: AgencyName | None = None
    focal_role: FocalRole | None = None
    wait_until: datetime | None = None
    account_of: int | None = None


def looks_printed(text: str) -> bool:
    """Whether a text is a code exactly as it is printed, as the payload of a deep link would be."""
    return _AS_PRINTED.fullmatch(text) is not None


async def has_admin(connection: AsyncConnection) -> bool:
    return bool(await connection.scalar(select(_an_admin_exists())))


async def create(
    connection: AsyncConnection,
    *,
    role: Role | None = None,
    agency_slug: str | None = None,
    focal_role: str | None = None,
    first_admin: bool = False,
    now: datetime,
) -> str:
    """Make a code for a role, for a role in an agency, or for a focal point of an agency, and return it.

    ``first_admin`` makes it an administrator's that works while there is none, and ends the ones
    like it made before. Raises ValueError, with a sentence for whoever asked, when there is no such
    agency or already an administrator.
    """
    role = Role.ADMIN if first_admin else role
    if role is None and agency_slug is None:
        raise ValueError("an invitation is for a role or for an agency")
    agency_id = None
    if agency_slug is not None:
        agency_id = await connection.scalar(select(Agency.id).where(Agency.slug == agency_slug))
        if agency_id is None:
            raise ValueError(f"there is no agency {agency_slug!r}")
        focal_role = None if role else FocalRole(focal_role or FocalRole.HOLDER).value
    if first_admin:
        if await has_admin(connection):
            raise ValueError("there already is an administrator, who can invite others")
        await connection.execute(
            update(Invitation).where(Invitation.first_admin, Invitation.used_at.is_(None)).values(expires_at=now)
        )
    return await store(
        connection,
        role=role.value if role else None,
        agency_id=agency_id,
        focal_role=focal_role,
        first_admin=first_admin,
        expires_at=now + VALID_FOR,
        now=now,
    )


async def store(connection: AsyncConnection, *, expires_at: datetime, now: datetime, **what: object) -> str:
    """Make a code for ``what``, by columns of ``Invitation``, and return it as it is printed."""
    characters = "".join(secrets.choice(READABLE) for _ in range(2 * _GROUP))
    await connection.execute(
        insert(Invitation).values(code_hash=_hashed(characters), created_at=now, expires_at=expires_at, **what)
    )
    return f"{characters[:_GROUP]}-{characters[_GROUP:]}"


async def use(connection: AsyncConnection, code: str, *, used_by: int, now: datetime) -> bool:
    """Mark a code as used; False when it was used before or has expired. Of two who use it at once one does."""
    used = await connection.execute(
        update(Invitation)
        .where(Invitation.code_hash == _hashed(code), Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(used_at=now, used_by=used_by)
        .returning(Invitation.code_hash)
    )
    return used.scalar_one_or_none() is not None


async def redeem(connection: AsyncConnection, person: Person, code: str, now: datetime) -> Redeemed:
    """Give the person what the code is for. Of two people with one code, one gets it."""
    wait_until = await _guessing_pause(connection, person.contact_id, now)
    if wait_until is not None:
        return Redeemed(Outcome.WAIT, wait_until=wait_until)
    code_hash = _hashed(code)
    found = (
        await connection.execute(
            select(Invitation.first_admin, Invitation.contact_id, Invitation.used_at, Invitation.expires_at).where(
                Invitation.code_hash == code_hash
            )
        )
    ).one_or_none()
    if found is None:
        await _count_guess(connection, person.contact_id, now)
        return Redeemed(Outcome.UNKNOWN)
    if found.contact_id is not None:
        if found.used_at is not None or found.expires_at <= now:
            return await _why_not(connection, person, code_hash, now)
        return Redeemed(Outcome.ACCOUNT, account_of=found.contact_id)
    if found.first_admin:
        # Two codes could make two first administrators at once: they queue on the same rows.
        await connection.execute(
            select(Invitation.code_hash).where(Invitation.first_admin).order_by(Invitation.code_hash).with_for_update()
        )
    taken = (
        await connection.execute(
            update(Invitation)
            .where(
                Invitation.code_hash == code_hash,
                Invitation.used_at.is_(None),
                Invitation.expires_at > now,
                or_(~Invitation.first_admin, ~_an_admin_exists()),
            )
            .values(used_at=now, used_by=person.contact_id)
            .returning(Invitation.role, Invitation.agency_id, Invitation.focal_role)
        )
    ).one_or_none()
    if taken is None:
        return await _why_not(connection, person, code_hash, now)
    await connection.execute(delete(WrongCode).where(WrongCode.contact_id == person.contact_id))
    agency = await _agency(connection, taken.agency_id) if taken.agency_id is not None else None
    if taken.role is not None:
        return await _made_staff(connection, person, Role(taken.role), agency)
    if agency is None:
        raise LookupError("an invitation for neither a role nor an agency")
    focal_role = FocalRole(taken.focal_role)
    await focal_points.appoint(connection, agency.id, person.contact_id, focal_role, now)
    return Redeemed(Outcome.LINKED, agency=agency, focal_role=focal_role)


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
    used_by, used_at, expires_at = (
        await connection.execute(
            select(Invitation.used_by, Invitation.used_at, Invitation.expires_at).where(
                Invitation.code_hash == code_hash
            )
        )
    ).one()
    if used_at is not None:
        return Redeemed(Outcome.USED_BY_YOU if used_by == person.contact_id else Outcome.USED)
    return Redeemed(Outcome.EXPIRED if expires_at <= now else Outcome.ADMIN_EXISTS)


async def _guessing_pause(connection: AsyncConnection, contact_id: int, now: datetime) -> datetime | None:
    """Until when the contact must wait after too many wrong codes; None when they may try."""
    since: datetime | None = await connection.scalar(
        select(WrongCode.since).where(
            WrongCode.contact_id == contact_id, WrongCode.count >= GUESSES, WrongCode.since > now - GUESSING_PAUSE
        )
    )
    return since + GUESSING_PAUSE if since else None


async def _count_guess(connection: AsyncConnection, contact_id: int, now: datetime) -> None:
    over = WrongCode.since <= now - GUESSING_PAUSE
    await connection.execute(
        insert_for(connection, WrongCode)
        .values(contact_id=contact_id, since=now, count=1)
        .on_conflict_do_update(
            index_elements=["contact_id"],
            set_={
                "since": case((over, now), else_=WrongCode.since),
                "count": case((over, 1), else_=WrongCode.count + 1),
            },
        )
    )


def _an_admin_exists() -> Exists:
    return exists(select(Contact.id).where(Contact.role == Role.ADMIN.value))


def _hashed(code: str) -> str:
    """The hash under which a code is kept; blanks, dashes and case as people type them make no difference."""
    characters = "".join(character for character in fold(code).upper() if character.isalnum())
    return sha256(characters.encode()).hexdigest()
