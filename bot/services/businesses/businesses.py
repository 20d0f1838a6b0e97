"""Businesses and who acts for them. One is found or made by its normalised tax code.

Nothing but a colleague's word proves that somebody acts for a business: who brings a new tax code is its
first member, everybody after them is let in by a member (``membership_requests``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.businesses import Business, BusinessEvent, BusinessMember
from bot.db.upsert import for_both, insert_or_ignore
from bot.services.forms import fields


@dataclass(frozen=True, slots=True)
class Mine:
    """A business that somebody acts for. ``profile`` holds what forms ask of every business, without the tax code."""

    id: int
    tax_code: str
    name: str
    profile: Mapping[str, Any]

    def answers(self) -> dict[str, Any]:
        """What a form that asks for the profile may take from it: also the tax code and the name."""
        return dict(self.profile) | {"tax_code": self.tax_code, "organisation": self.name}


@dataclass(frozen=True, slots=True)
class Found:
    """A business as somebody may know it who only knows its tax code."""

    id: int
    has_members: bool
    is_member: bool


_MAKE = for_both(Business, lambda insert: insert.on_conflict_do_nothing().returning(Business.id))
_JOIN = insert(BusinessMember)
_NOTE = insert(BusinessEvent)
_MINE = (
    select(Business.id, Business.tax_code, Business.name, Business.profile)
    .join(BusinessMember, BusinessMember.business_id == Business.id)
    .where(BusinessMember.contact_id == bindparam("of_contact"), Business.id == bindparam("of_business"))
)


async def of_contact(connection: AsyncConnection, contact_id: int) -> list[Mine]:
    """The businesses that the person acts for, the one they joined first in front."""
    rows = await connection.execute(
        select(Business.id, Business.tax_code, Business.name, Business.profile)
        .join(BusinessMember, BusinessMember.business_id == Business.id)
        .where(BusinessMember.contact_id == contact_id)
        .order_by(BusinessMember.since, Business.id)
    )
    return [Mine(*row) for row in rows]


async def mine(connection: AsyncConnection, contact_id: int, business_id: int) -> Mine | None:
    """A business, if the person acts for it."""
    values = {"of_contact": contact_id, "of_business": business_id}
    row = (await connection.execute(_MINE, values)).one_or_none()
    return Mine(*row) if row else None


async def by_tax_code(connection: AsyncConnection, code: str, contact_id: int) -> Found | None:
    """The business with a normalised tax code; None when there is none yet."""
    row = (
        await connection.execute(
            select(
                Business.id,
                exists().where(BusinessMember.business_id == Business.id),
                exists().where(BusinessMember.business_id == Business.id, BusinessMember.contact_id == contact_id),
            ).where(Business.tax_code == code)
        )
    ).one_or_none()
    return Found(row[0], bool(row[1]), bool(row[2])) if row else None


async def is_member(connection: AsyncConnection, business_id: int, contact_id: int) -> bool:
    return bool(
        await connection.scalar(
            select(exists().where(BusinessMember.business_id == business_id, BusinessMember.contact_id == contact_id))
        )
    )


async def lock(connection: AsyncConnection, business_id: int) -> bool:
    """Hold a business until the transaction ends: its members and its profile then change by nobody else."""
    return (
        await connection.scalar(select(Business.id).where(Business.id == business_id).with_for_update(key_share=True))
    ) is not None


async def make_or_join(
    connection: AsyncConnection, contact_id: int, tax_code: str, profile: Mapping[str, Any], now: datetime
) -> int | None:
    """The business with this tax code, of which the person is a member then; None when only others are.

    A new one takes over ``profile``, and so does one that nobody acts for any more.
    """
    new_id = await _make(connection, contact_id, tax_code, profile, now)
    if new_id is not None:
        return new_id
    business_id = int(
        (
            await connection.execute(
                select(Business.id).where(Business.tax_code == tax_code).with_for_update(key_share=True)
            )
        ).scalar_one()
    )
    if await is_member(connection, business_id, contact_id):
        return business_id
    if await count_members(connection, business_id):
        return None
    await add_member(connection, business_id, contact_id, actor_id=contact_id, now=now)
    await save_profile(connection, business_id, contact_id, profile, now)
    return business_id


async def _make(
    connection: AsyncConnection, contact_id: int, tax_code: str, profile: Mapping[str, Any], now: datetime
) -> int | None:
    """A new business with its first member; None when there is one with this tax code already."""
    kept = {name: value for name, value in profile.items() if value is not None and name != "tax_code"}
    new_id = await connection.scalar(
        _MAKE[connection.dialect.name],
        {
            "tax_code": tax_code,
            "name": kept.get("organisation", ""),
            "verified": not fields.is_personal(tax_code) and not fields.check_failed(tax_code),
            "profile": kept,
            "created_at": now,
        },
    )
    if new_id is None:
        return None
    await connection.execute(_JOIN, {"business_id": new_id, "contact_id": contact_id, "since": now})
    # Who entered a detail is known from then on; the name belongs to the making.
    entered = [("changed", None, name) for name in kept if name != "organisation"]
    events = [("made", None, ""), ("joined", contact_id, ""), *entered]
    await connection.execute(
        _NOTE,
        [
            {
                "business_id": new_id,
                "actor_id": contact_id,
                "subject_id": subject_id,
                "what": what,
                "field": field,
                "at": now,
            }
            for what, subject_id, field in events
        ],
    )
    return int(new_id)


async def save_profile(
    connection: AsyncConnection, business_id: int, contact_id: int, changed: Mapping[str, Any], now: datetime
) -> tuple[str, ...]:
    """Keep what a member changed of the profile, None for what was left empty; returns what is different now.

    The tax code is what a business is: it stays. Nothing changes for somebody who is no member.
    """
    await lock(connection, business_id)
    business = await mine(connection, contact_id, business_id)
    if business is None:
        return ()
    profile = business.answers()
    different = tuple(name for name, value in changed.items() if name != "tax_code" and profile.get(name) != value)
    if not different:
        return ()
    profile |= {name: changed[name] for name in different}
    name = str(profile.get("organisation") or business.name)
    kept = {each: value for each, value in profile.items() if value is not None and each != "tax_code"}
    await connection.execute(update(Business).where(Business.id == business_id).values(profile=kept, name=name))
    await connection.execute(
        insert(BusinessEvent),
        [
            {"business_id": business_id, "actor_id": contact_id, "what": "changed", "field": each, "at": now}
            for each in different
        ],
    )
    return different


async def count_members(connection: AsyncConnection, business_id: int) -> int:
    counted = select(func.count()).select_from(BusinessMember).where(BusinessMember.business_id == business_id)
    return int((await connection.execute(counted)).scalar_one())


async def add_member(
    connection: AsyncConnection, business_id: int, contact_id: int, *, actor_id: int | None, now: datetime
) -> None:
    """Let somebody act for a business, by the word of ``actor_id``. Who does already stays so since then."""
    added = await connection.scalar(
        insert_or_ignore(connection, BusinessMember)
        .values(business_id=business_id, contact_id=contact_id, since=now)
        .returning(BusinessMember.contact_id)
    )
    if added is not None:
        await record(connection, [business_id], "joined", actor_id=actor_id, subject_id=contact_id, now=now)


async def record(
    connection: AsyncConnection,
    business_ids: Iterable[int],
    what: str,
    *,
    actor_id: int | None,
    subject_id: int | None = None,
    now: datetime,
) -> None:
    """Keep who did what to each of the businesses (``what`` as ``BusinessEvent`` has it)."""
    await connection.execute(
        insert(BusinessEvent),
        [
            {"business_id": each, "actor_id": actor_id, "subject_id": subject_id, "what": what, "at": now}
            for each in business_ids
        ],
    )
