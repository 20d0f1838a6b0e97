"""E-mail addresses of focal points, for reminders as well as in the chat: given, confirmed with a code, removed.

Nobody gets mail who did not show that the mailbox is theirs. How many codes a person may have sent in a day is
limited, since the address may be a stranger's.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Address, EmailConfirmation
from bot.db.upsert import insert_for
from bot.messages import Person
from bot.services.people.contacts import EMAIL

VALID_FOR = timedelta(minutes=30)
TRIES = 5
CODES_A_DAY = 5
DAY = timedelta(days=1)
LONGEST = 254

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"[a-z0-9!#$%&'*+/=?^_`{{|}}~.-]{{1,64}}@(?:{_LABEL}\.)+[a-z]{{2,63}}")


class Outcome(StrEnum):
    """What became of a code."""

    CONFIRMED = "confirmed"
    WRONG = "wrong"
    TOO_OFTEN = "too often"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What a person gave. ``refused`` is why the mail server would not take mail for it, for a person to read."""

    address: str
    confirmed: bool
    refused: str


def read(typed: str) -> str | None:
    """The address as it is written, in small letters; None for what no mail can be sent to."""
    text = "".join(typed.split()).removeprefix("mailto:").strip("<>;,").lower()
    local = text.partition("@")[0]
    if len(text) > LONGEST or not _ADDRESS.fullmatch(text) or ".." in text or local[:1] == "." or local[-1:] == ".":
        return None
    return text


def address_of(external_id: str) -> str:
    """The address in what ``Address.external_id`` holds for e-mail."""
    return external_id.partition("/")[2]


async def of_contact(connection: AsyncConnection, contact_id: int) -> list[Mailbox]:
    """The confirmed address and the one that waits for its code, whichever there are."""
    rows = await connection.execute(
        select(Address.external_id, Address.blocked_reason, EmailConfirmation.contact_id)
        .outerjoin(EmailConfirmation, EmailConfirmation.address_id == Address.id)
        .where(Address.contact_id == contact_id, Address.channel == EMAIL)
        .order_by(Address.id)
    )
    return [Mailbox(address_of(external), waits is None, reason or "") for external, reason, waits in rows]


async def ask_to_confirm(
    connection: AsyncConnection, person: Person, address: str, now: datetime
) -> tuple[Person, str] | None:
    """A fresh code for an address, and where to send it; None when too many were sent since yesterday.

    Replaces what waited before; a confirmed address stays in use until the new one is confirmed. An address that is
    confirmed already waits for its code again.
    """
    asked = (
        await connection.execute(
            select(EmailConfirmation.sent, EmailConfirmation.since)
            .where(EmailConfirmation.contact_id == person.contact_id)
            .with_for_update()
        )
    ).one_or_none()
    counts = asked is not None and asked.since > now - DAY
    if asked is not None and counts and asked.sent >= CODES_A_DAY:
        return None
    external_id = f"{person.contact_id}/{address}"
    await _forget_unconfirmed(connection, person.contact_id, but=external_id)
    address_id = await connection.scalar(
        insert_for(connection, Address)
        .values(contact_id=person.contact_id, channel=EMAIL, external_id=external_id, created_at=now)
        .on_conflict_do_update(
            index_elements=["channel", "external_id"], set_={"blocked_at": None, "blocked_reason": None}
        )
        .returning(Address.id)
    )
    if address_id is None:
        raise LookupError("the address vanished between two statements")
    code = f"{secrets.randbelow(10**6):06}"
    values = {
        "address_id": address_id,
        "code_hash": _hashed(person.contact_id, code),
        "tries": 0,
        "expires_at": now + VALID_FOR,
        "sent": asked.sent + 1 if asked is not None and counts else 1,
        "since": asked.since if asked is not None and counts else now,
    }
    await connection.execute(
        insert_for(connection, EmailConfirmation)
        .values(contact_id=person.contact_id, **values)
        .on_conflict_do_update(index_elements=["contact_id"], set_=values)
    )
    there = Person(person.contact_id, address_id, EMAIL, external_id, person.language, person.name)
    return there, code


async def confirm(connection: AsyncConnection, contact_id: int, code: str, now: datetime) -> Outcome:
    """What came of a code. With the right one the address is in use, and an earlier one gone."""
    asked = (
        await connection.execute(
            select(
                EmailConfirmation.address_id,
                EmailConfirmation.code_hash,
                EmailConfirmation.tries,
                EmailConfirmation.expires_at,
            )
            .where(EmailConfirmation.contact_id == contact_id, EmailConfirmation.address_id.is_not(None))
            .with_for_update()
        )
    ).one_or_none()
    if asked is None or asked.expires_at <= now:
        return Outcome.OVER
    if asked.tries >= TRIES:
        return Outcome.TOO_OFTEN
    right = compare_digest(asked.code_hash, _hashed(contact_id, "".join(code.split())))
    changed = {"address_id": None} if right else {"tries": asked.tries + 1}
    await connection.execute(
        update(EmailConfirmation).where(EmailConfirmation.contact_id == contact_id).values(changed)
    )
    if not right:
        return Outcome.TOO_OFTEN if asked.tries + 1 >= TRIES else Outcome.WRONG
    await connection.execute(
        delete(Address).where(
            Address.contact_id == contact_id, Address.channel == EMAIL, Address.id != asked.address_id
        )
    )
    return Outcome.CONFIRMED


async def remove(connection: AsyncConnection, contact_id: int) -> bool:
    """Forget a person's addresses and what was sent there; False when there was none."""
    gone = await connection.execute(
        delete(Address).where(Address.contact_id == contact_id, Address.channel == EMAIL).returning(Address.id)
    )
    return bool(gone.all())


async def forget_unconfirmed(connection: AsyncConnection, now: datetime) -> None:
    """Once a day: addresses that nobody confirmed in a day are not kept, nor who asked for how many codes."""
    over = EmailConfirmation.since <= now - DAY
    await connection.execute(
        delete(Address).where(
            Address.id.in_(select(EmailConfirmation.address_id).where(over)), Address.channel == EMAIL
        )
    )
    await connection.execute(delete(EmailConfirmation).where(over))


async def _forget_unconfirmed(connection: AsyncConnection, contact_id: int, *, but: str) -> None:
    waiting = select(EmailConfirmation.address_id).where(EmailConfirmation.contact_id == contact_id)
    await connection.execute(delete(Address).where(Address.id.in_(waiting), Address.external_id != but))


def _hashed(contact_id: int, code: str) -> str:
    return sha256(f"{contact_id}:{code}".encode()).hexdigest()
