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
from hashlib import sha256

from sqlalchemy import ColumnElement, Exists, Update, and_, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Agency, Contact, Invitation
from bot.messages import Role
from bot.services.agencies import focal_history, handovers
from bot.services.agencies.agencies import FocalRole
from bot.services.agencies.focal_history import What
from bot.services.messages.received import READABLE
from bot.vietnamese import fold

VALID_FOR = timedelta(days=14)
# Who is responsible in one agency fits on one page; a code for many more would be a code for anybody.
MOST_USES = 20

_GROUP = 5
_AS_PRINTED = re.compile(rf"[{READABLE}]{{{_GROUP}}}-[{READABLE}]{{{_GROUP}}}")


def looks_printed(text: str) -> bool:
    """Whether a text is a code exactly as it is printed, as the payload of a deep link would be."""
    return _AS_PRINTED.fullmatch(text) is not None


async def has_admin(connection: AsyncConnection) -> bool:
    return bool(await connection.scalar(select(an_admin_exists())))


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
                "code_hash": hashed(characters),
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


@dataclass(frozen=True, slots=True)
class OpenCode:
    """A code for focal points that can still be used, by so many people."""

    role: FocalRole
    left: int
    until: datetime


async def open_codes(connection: AsyncConnection, agency_id: int, now: datetime) -> list[OpenCode]:
    """The codes for focal points of an agency that can still be used, whoever made them; the first to end first."""
    rows = await connection.execute(
        select(Invitation.focal_role, Invitation.uses - Invitation.used, Invitation.expires_at)
        .where(_open(agency_id, now))
        .order_by(Invitation.expires_at, Invitation.focal_role)
    )
    return [OpenCode(FocalRole(str(role)), left, until) for role, left, until in rows]


async def withdraw(connection: AsyncConnection, agency_id: int, *, by: int, now: datetime) -> int:
    """End all codes for focal points of an agency; returns how many there were."""
    ended = await connection.execute(
        update(Invitation).where(_open(agency_id, now)).values(expires_at=now).returning(Invitation.code_hash)
    )
    number = len(ended.all())
    if number:
        await focal_history.record(
            connection, agency_id, What.CODES_ENDED, contact_id=None, by=by, now=now, number=number
        )
    return number


def _open(agency_id: int, now: datetime) -> ColumnElement[bool]:
    return and_(
        Invitation.agency_id == agency_id,
        Invitation.role.is_(None),
        Invitation.used < Invitation.uses,
        Invitation.expires_at > now,
    )


async def store(connection: AsyncConnection, *, expires_at: datetime, now: datetime, **what: object) -> str:
    """Make a code for ``what``, by columns of ``Invitation``, and return it as it is printed."""
    characters = _new_characters()
    await connection.execute(
        insert(Invitation).values(code_hash=hashed(characters), created_at=now, expires_at=expires_at, **what)
    )
    return _printed(characters)


async def use(connection: AsyncConnection, code: str, *, used_by: int, now: datetime) -> bool:
    """Mark a code as used; False when it was used up before or has expired. Of two at the last use one gets it."""
    used = await connection.execute(take(hashed(code), used_by, now).returning(Invitation.code_hash))
    return used.scalar_one_or_none() is not None


def take(code_hash: str, used_by: int, now: datetime) -> Update:
    """The statement that uses a code once, if it can still be used."""
    return (
        update(Invitation)
        .where(Invitation.code_hash == code_hash, Invitation.used < Invitation.uses, Invitation.expires_at > now)
        .values(used=Invitation.used + 1, used_at=now, used_by=used_by)
    )


def an_admin_exists() -> Exists:
    """The condition that there is an administrator."""
    return exists(select(Contact.id).where(Contact.role == Role.ADMIN.value))


def _new_characters() -> str:
    return "".join(secrets.choice(READABLE) for _ in range(2 * _GROUP))


def _printed(characters: str) -> str:
    return f"{characters[:_GROUP]}-{characters[_GROUP:]}"


def hashed(code: str) -> str:
    """The hash under which a code is kept; blanks, dashes and case as people type them make no difference."""
    characters = "".join(character for character in fold(code).upper() if character.isalnum())
    return sha256(characters.encode()).hexdigest()
