"""Who is this, which language, what are they in the middle of, may we write to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.models.people import Address, Contact, EmailConfirmation
from bot.db.types import UtcTime
from bot.db.upsert import insert_or_ignore
from bot.messages import Dialog, Language, Person, Role

# Nobody writes to the assistant by e-mail: it is only for what was asked for there, see ``emails``.
EMAIL = "email"
IS_CHAT = Address.channel != EMAIL

_BY_ADDRESS = (
    select(
        Contact.id,
        Address.id,
        Address.channel,
        Address.external_id,
        Contact.language,
        Contact.name,
        Contact.role,
        Contact.dialog,
        Address.blocked_at,
        Contact.ticket_id,
        Contact.last_entry,
        Contact.last_asked_at,
    )
    .join(Address, Address.contact_id == Contact.id)
    .where(Address.channel == bindparam("channel"), Address.external_id == bindparam("external_id"))
)
_PREFERRED = (
    case((Address.channel == Contact.preferred_channel, 0), else_=1),
    Address.channel == "web_chat",
    Address.id.desc(),
)
# Rows that name a contact can still be added meanwhile, or two people who act on each other would wait for ever.
BY_ADDRESS_LOCKED = _BY_ADDRESS.with_for_update(of=Contact, key_share=True)
_SET_DIALOG = (
    update(Contact)
    .where(Contact.id == bindparam("of_contact"))
    .values(dialog=bindparam("as_stored", type_=Contact.dialog.type), dialog_at=bindparam("at", type_=UtcTime))
)


async def lock(connection: AsyncConnection, channel: str, external_id: str) -> Person | None:
    """The person at an address, locked until the transaction ends; None for somebody new."""
    row = (await connection.execute(BY_ADDRESS_LOCKED, {"channel": channel, "external_id": external_id})).one_or_none()
    return person_from(row) if row else None


async def find(connection: AsyncConnection, channel: str, external_id: str) -> Person | None:
    """The person at an address, without a lock."""
    row = (await connection.execute(_BY_ADDRESS, {"channel": channel, "external_id": external_id})).one_or_none()
    return person_from(row) if row else None


async def find_by_contact(connection: AsyncConnection, contact_id: int) -> Person | None:
    """A contact at the chat to write to.

    The channel that they prefer, if it can be used; else a messenger rather than the web page, the newest first.
    """
    row = (
        await connection.execute(
            select(*_BY_ADDRESS.selected_columns)
            .join(Address, Address.contact_id == Contact.id)
            .where(Contact.id == contact_id, Address.blocked_at.is_(None), IS_CHAT)
            .order_by(*_PREFERRED)
            .limit(1)
        )
    ).one_or_none()
    return person_from(row) if row else None


async def reachable(connection: AsyncConnection, contact_ids: Sequence[int]) -> dict[int, Person]:
    """Those of the contacts who can be written to in a chat, each where ``find_by_contact`` would."""
    rows = await connection.execute(
        select(*_BY_ADDRESS.selected_columns)
        .join(Address, Address.contact_id == Contact.id)
        .where(among(connection, Contact.id, contact_ids), Address.blocked_at.is_(None), IS_CHAT)
        .order_by(Contact.id, *_PREFERRED)
    )
    found: dict[int, Person] = {}
    for row in rows:
        found.setdefault(row[0], person_from(row))
    return found


async def emails(connection: AsyncConnection, contact_ids: Sequence[int]) -> dict[int, Person]:
    """Those of the contacts who confirmed an e-mail address for reminders, each there; not those whose mail came back.

    ``Person.external_id`` is the contact's number, a slash and the address.
    """
    to_confirm = exists(select(EmailConfirmation.contact_id).where(EmailConfirmation.address_id == Address.id))
    rows = await connection.execute(
        select(*_BY_ADDRESS.selected_columns)
        .join(Address, Address.contact_id == Contact.id)
        .where(
            among(connection, Contact.id, contact_ids),
            Address.channel == EMAIL,
            Address.blocked_at.is_(None),
            ~to_confirm,
        )
        .order_by(Contact.id, Address.id.desc())
    )
    found: dict[int, Person] = {}
    for row in rows:
        found.setdefault(row[0], person_from(row))
    return found


async def add(
    connection: AsyncConnection, channel: str, external_id: str, *, name: str, language: Language, now: datetime
) -> Person:
    """Make a contact for a new address, or lock the one that another process made meanwhile."""
    contact_id = (
        await connection.execute(
            insert(Contact).values(language=language.value, name=name[:200], created_at=now).returning(Contact.id)
        )
    ).scalar_one()
    address_id = (
        await connection.execute(
            insert_or_ignore(connection, Address)
            .values(contact_id=contact_id, channel=channel, external_id=external_id, created_at=now)
            .returning(Address.id)
        )
    ).scalar_one_or_none()
    if address_id is None:
        await connection.execute(delete(Contact).where(Contact.id == contact_id))
        found = await lock(connection, channel, external_id)
        if found is None:
            raise LookupError("the address vanished between two statements")
        return found
    return Person(contact_id, address_id, channel, external_id, language, name, is_new=True)


async def set_language(connection: AsyncConnection, contact_id: int, language: Language) -> None:
    await connection.execute(update(Contact).where(Contact.id == contact_id).values(language=language.value))


async def set_name(connection: AsyncConnection, contact_id: int, name: str) -> None:
    await connection.execute(update(Contact).where(Contact.id == contact_id).values(name=name))


async def set_dialog(connection: AsyncConnection, contact_id: int, dialog: Dialog | None, now: datetime) -> None:
    """Remember what the person is in the middle of; None ends it."""
    stored = {"kind": dialog.kind, "data": dialog.data} if dialog else None
    values = {"of_contact": contact_id, "as_stored": stored, "at": now if dialog else None}
    await connection.execute(_SET_DIALOG, values)


async def set_role(connection: AsyncConnection, contact_id: int, role: Role) -> None:
    await connection.execute(update(Contact).where(Contact.id == contact_id).values(role=role.value))


async def set_agency(connection: AsyncConnection, contact_id: int, agency_slug: str) -> None:
    """Say for which agency a member of staff works."""
    await connection.execute(update(Contact).where(Contact.id == contact_id).values(agency_slug=agency_slug))


async def set_ticket(connection: AsyncConnection, contact_id: int, ticket_id: int | None) -> None:
    """Remember in which conversation with officers the person is. For the person's own turns only."""
    await connection.execute(update(Contact).where(Contact.id == contact_id).values(ticket_id=ticket_id))


async def mark_blocked(connection: AsyncConnection, address_id: int, reason: str, now: datetime) -> None:
    """Stop writing to an address; any message from it lifts this again."""
    await connection.execute(
        update(Address).where(Address.id == address_id).values(blocked_at=now, blocked_reason=reason)
    )


async def mark_reachable(connection: AsyncConnection, address_id: int) -> None:
    await connection.execute(
        update(Address).where(Address.id == address_id).values(blocked_at=None, blocked_reason=None)
    )


async def staff(connection: AsyncConnection, role: Role) -> list[int]:
    """Contact ids of everyone whose role includes ``role``."""
    roles = [each.value for each in Role if each.includes(role)]
    return list(
        (await connection.execute(select(Contact.id).where(Contact.role.in_(roles)).order_by(Contact.id))).scalars()
    )


def person_from(row: Sequence[Any]) -> Person:
    """The person in a row of ``BY_ADDRESS_LOCKED``."""
    contact_id, address_id, channel, external_id, language, name, role, dialog, *rest = row
    blocked_at, ticket_id, last_entry, last_asked_at = rest
    return Person(
        contact_id,
        address_id,
        channel,
        external_id,
        Language(language),
        name,
        Role(role) if role else None,
        Dialog(dialog["kind"], dialog["data"]) if dialog else None,
        blocked_at,
        ticket_id,
        last_entry,
        last_asked_at,
    )
