"""Codes that make a contact staff or a focal point of an agency, once or for several people.

Only a code's hash is kept, so a stolen backup links nobody. A code is ten characters of an alphabet
without look-alikes, for reading aloud: 31^10 of them, and a contact may guess five times an hour.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import Exists, Update, delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Agency, Contact, Invitation, InvitationUse
from bot.db.upsert import insert_or_ignore
from bot.messages import Person, Role
from bot.services.messages.received import READABLE
from bot.services.people import contacts, focal_history, focal_points, handovers, wrong_codes
from bot.services.people.agencies import AgencyName, FocalRole
from bot.services.people.focal_history import What
from bot.vietnamese import fold

VALID_FOR = timedelta(days=14)
# Who is responsible in one agency fits on one page; a code for many more would be a code for anybody.
MOST_USES = 20

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
    uses: int = 1,
    valid_for: timedelta = VALID_FOR,
    created_by: int | None = None,
    handed_over_by: int | None = None,
    now: datetime,
) -> str:
    """Make a code for a role, for a role in an agency, or for focal points of an agency, and return it.

    ``first_admin`` makes it an administrator's that works while there is none, and ends the ones
    like it made before. With ``handed_over_by`` whoever uses it takes that focal point's place; their earlier codes
    of this kind end. Raises ValueError, with a sentence for whoever asked, when there is no such
    agency, already an administrator, or the number of uses doesn't fit.
    """
    role = Role.ADMIN if first_admin else role
    if role is None and agency_slug is None:
        raise ValueError("an invitation is for a role or for an agency")
    if uses != 1 and (role is not None or not 1 <= uses <= MOST_USES):
        raise ValueError(f"only a code for focal points can be used several times, at most {MOST_USES}")
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
    if handed_over_by is not None and agency_id is not None:
        await handovers.call_off(connection, agency_id, handed_over_by, now)
    if agency_id is not None and focal_role is not None:
        await focal_history.record(
            connection, agency_id, What.CODE_ISSUED, contact_id=None, by=created_by, now=now,
            role=focal_role, uses=uses,
        )  # fmt: skip
    return await store(
        connection,
        role=role.value if role else None,
        agency_id=agency_id,
        focal_role=focal_role,
        first_admin=first_admin,
        uses=uses,
        created_by=created_by,
        handed_over_by=handed_over_by,
        expires_at=now + valid_for,
        now=now,
    )


async def create_for_agencies(
    connection: AsyncConnection,
    agency_ids: Sequence[int],
    focal_role: FocalRole,
    *,
    uses: int,
    valid_for: timedelta,
    created_by: int,
    now: datetime,
) -> dict[int, str]:
    """A code for focal points of each of these agencies, by agency, with two statements."""
    codes = {agency_id: _new_characters() for agency_id in agency_ids}
    if not codes:
        return {}
    await connection.execute(
        insert(Invitation),
        [
            {
                "code_hash": _hashed(characters),
                "agency_id": agency_id,
                "focal_role": focal_role.value,
                "uses": uses,
                "created_by": created_by,
                "created_at": now,
                "expires_at": now + valid_for,
            }
            for agency_id, characters in codes.items()
        ],
    )
    await focal_history.record_all(
        connection, list(codes), What.CODE_ISSUED, contact_id=None, by=created_by, now=now,
        role=focal_role.value, uses=uses,
    )  # fmt: skip
    return {agency_id: _printed(characters) for agency_id, characters in codes.items()}


async def store(connection: AsyncConnection, *, expires_at: datetime, now: datetime, **what: object) -> str:
    """Make a code for ``what``, by columns of ``Invitation``, and return it as it is printed."""
    characters = _new_characters()
    await connection.execute(
        insert(Invitation).values(code_hash=_hashed(characters), created_at=now, expires_at=expires_at, **what)
    )
    return _printed(characters)


async def use(connection: AsyncConnection, code: str, *, used_by: int, now: datetime) -> bool:
    """Mark a code as used; False when it was used up before or has expired. Of two at the last use one gets it."""
    used = await connection.execute(_take(_hashed(code), used_by, now).returning(Invitation.code_hash))
    return used.scalar_one_or_none() is not None


async def redeem(connection: AsyncConnection, person: Person, code: str, now: datetime) -> Redeemed:
    """Give the person what the code is for. Of more people than a code has uses, the first ones get it."""
    wait_until = await wrong_codes.pause(connection, person.contact_id, now)
    if wait_until is not None:
        return Redeemed(Outcome.WAIT, wait_until=wait_until)
    code_hash = _hashed(code)
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
            _take(code_hash, person.contact_id, now)
            .where(or_(~Invitation.first_admin, ~_an_admin_exists()))
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


def _take(code_hash: str, used_by: int, now: datetime) -> Update:
    return (
        update(Invitation)
        .where(Invitation.code_hash == code_hash, Invitation.used < Invitation.uses, Invitation.expires_at > now)
        .values(used=Invitation.used + 1, used_at=now, used_by=used_by)
    )


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


def _an_admin_exists() -> Exists:
    return exists(select(Contact.id).where(Contact.role == Role.ADMIN.value))


def _new_characters() -> str:
    return "".join(secrets.choice(READABLE) for _ in range(2 * _GROUP))


def _printed(characters: str) -> str:
    return f"{characters[:_GROUP]}-{characters[_GROUP:]}"


def _hashed(code: str) -> str:
    """The hash under which a code is kept; blanks, dashes and case as people type them make no difference."""
    characters = "".join(character for character in fold(code).upper() if character.isalnum())
    return sha256(characters.encode()).hexdigest()
