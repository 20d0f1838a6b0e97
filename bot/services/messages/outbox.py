"""The outbox: every message to a person is stored here with the change that caused it, and sent later.

Storing is this module and belongs to the caller's transaction; ``bot.services.messages.sending`` claims what
is stored and records what became of it. Texts are finished when they are stored, in the recipient's
language, so that anyone can see afterwards exactly what was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, bindparam, case, exists, insert, literal_column, or_, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db import web_messages
from bot.db.models.messages import Delivery
from bot.db.types import UtcTime
from bot.db.upsert import insert_or_ignore
from bot.i18n import Translator, Translators
from bot.messages import Button, Person, Reply
from bot.packing import pack, unpack
from bot.services.people import contacts

REPLY, NOTICE, BULK = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell one person, once per ``key``. ``about`` is the contact whom it names, somebody else.

    Where that contact has their data erased, the name goes from the notice too.
    """

    person: Person
    key: str
    reply: Reply
    about: int | None = None


_earlier = aliased(Delivery)
_SOMEBODY_ELSE_STILL_SENDS = exists(
    select(_earlier.id).where(
        _earlier.address_id == bindparam("to_address"),
        _earlier.priority == literal_column(str(REPLY)),
        _earlier.status.in_([literal_column("'pending'"), literal_column("'sending'")]),
        or_(
            _earlier.owner.is_(None), _earlier.owner != bindparam("me"), _earlier.status == literal_column("'pending'")
        ),
    )
)
# A reply belongs at once to the process that stores it, unless another process is not yet done
# with an earlier reply to the same address: then it waits its turn for the worker.
_STORE_REPLY = (
    insert(Delivery)
    .values(
        address_id=bindparam("to_address"),
        channel=bindparam("to_channel"),
        priority=REPLY,
        status=case((_SOMEBODY_ELSE_STILL_SENDS, "pending"), else_="sending"),
        attempts=case((_SOMEBODY_ELSE_STILL_SENDS, 0), else_=1),
        owner=bindparam("me"),
        lease_until=bindparam("lease", type_=UtcTime),
        content=bindparam("packed", type_=Delivery.content.type),
        language=bindparam("spoken"),
        replaces=bindparam("replaced"),
        ticket_id=bindparam("of_ticket"),
        created_at=bindparam("at", type_=UtcTime),
    )
    .returning(Delivery.id, type_coerce(Delivery.status, String))
)

_STORE_SHOWN = (
    insert(Delivery)
    .values(
        address_id=bindparam("to_address"),
        channel=bindparam("to_channel"),
        priority=REPLY,
        status="sent",
        attempts=1,
        # Defaults are not filled in where this is part of another statement.
        replaces="",
        anytime=False,
        content=bindparam("packed", type_=Delivery.content.type),
        language=bindparam("spoken"),
        ticket_id=bindparam("of_ticket"),
        created_at=bindparam("at", type_=UtcTime),
        settled_at=bindparam("at", type_=UtcTime),
    )
    .returning(Delivery.id)
)
_SHOW_AT_ONCE = web_messages.put_with_delivery(_STORE_SHOWN.cte("stored"))
_NEWEST = (
    select(Delivery.content)
    .where(Delivery.address_id == bindparam("to_address"), Delivery.broadcast_id.is_(None))
    .order_by(Delivery.id.desc())
    .limit(1)
)


async def store_reply(
    connection: AsyncConnection,
    person: Person,
    reply: Reply,
    *,
    owner: str,
    lease_until: datetime,
    now: datetime,
    replaces: str = "",
) -> int | None:
    """Store a reply to what a person just did, and claim it for this process.

    Returns the delivery's id for the caller to send after the commit; None when an earlier reply
    to the same address is still with another process, so that the worker will send this one.
    """
    row = (
        await connection.execute(
            _STORE_REPLY,
            {
                "to_address": person.address_id,
                "to_channel": person.channel,
                "me": owner,
                "lease": lease_until,
                "packed": pack(reply),
                "spoken": reply.language.value,
                "replaced": replaces if reply.instead else "",
                "of_ticket": reply.ticket,
                "at": now,
            },
        )
    ).one()
    return row[0] if row[1] == "sending" else None


async def show_reply(connection: AsyncConnection, person: Person, reply: Reply, *, now: datetime) -> None:
    """Store a reply to somebody at the chat page, which reads its lines from this database: stored is sent."""
    packed = pack(reply)
    values = {
        "to_address": person.address_id,
        "to_channel": person.channel,
        "packed": packed,
        "spoken": reply.language.value,
        "of_ticket": reply.ticket,
        "at": now,
    }
    if connection.dialect.name == "postgresql":
        (await connection.execute(_SHOW_AT_ONCE, values)).one()
        return
    delivery_id = await connection.scalar(_STORE_SHOWN, values)
    await web_messages.add_line(
        connection, person.address_id, packed, from_person=False, now=now, delivery_id=delivery_id
    )


async def notify(
    connection: AsyncConnection,
    contact_id: int,
    key: str,
    write: Callable[[Person], Reply],
    *,
    now: datetime,
    stale_after: datetime | None = None,
    anytime: bool = False,
    about: int | None = None,
) -> bool:
    """Store a notice to a contact, in their language, once per ``key`` however often it is called.

    Not sent after ``stale_after`` but recorded as dropped. ``anytime`` ignores quiet hours, for
    what the person is waiting for; ``about`` as in ``Notice``. Returns whether a notice was stored:
    False when the contact has no address that can be written to, or already has this notice.
    """
    person = await contacts.find_by_contact(connection, contact_id)
    if person is None:
        return False
    reply = write(person)
    stored = await connection.execute(
        insert_or_ignore(connection, Delivery)
        .values(
            address_id=person.address_id,
            channel=person.channel,
            priority=NOTICE,
            status="pending",
            key=key,
            content=pack(reply),
            language=reply.language.value,
            anytime=anytime,
            stale_after=stale_after,
            ticket_id=reply.ticket,
            about_id=about,
            created_at=now,
        )
        .returning(Delivery.id)
    )
    return stored.scalar_one_or_none() is not None


async def notify_all(
    connection: AsyncConnection,
    notices: Sequence[Notice],
    *,
    now: datetime,
    stale_after: datetime | None = None,
    anytime: bool = False,
) -> None:
    """Store many notices with one statement, each once per key as ``notify`` does."""
    if not notices:
        return
    await connection.execute(
        insert_or_ignore(connection, Delivery),
        [
            {
                "address_id": notice.person.address_id,
                "channel": notice.person.channel,
                "priority": NOTICE,
                "status": "pending",
                "key": notice.key,
                "content": pack(notice.reply),
                "language": notice.reply.language.value,
                "anytime": anytime,
                "stale_after": stale_after,
                "ticket_id": notice.reply.ticket,
                "about_id": notice.about,
                "created_at": now,
            }
            for notice in notices
        ],
    )


async def tell(
    connection: AsyncConnection,
    contact_ids: Iterable[int],
    key: str,
    write: Callable[[Person, Translator], Reply],
    *,
    translators: Translators,
    now: datetime,
    stale_after: datetime | None = None,
    anytime: bool = False,
    about: int | None = None,
) -> set[int]:
    """Tell the same to each of these contacts in their own language, to each once per ``key``.

    Returns those who can be written to.
    """
    people = await contacts.reachable(connection, list(dict.fromkeys(contact_ids)))
    notices = [
        Notice(person, f"{key}:{contact_id}", write(person, translators.for_language(person.language)), about)
        for contact_id, person in people.items()
    ]
    await notify_all(connection, notices, now=now, stale_after=stale_after, anytime=anytime)
    return set(people)


async def last_buttons(connection: AsyncConnection, address_id: int) -> list[Button]:
    """The buttons of the newest message to an address, for whoever types a number or a label instead."""
    content = await connection.scalar(_NEWEST, {"to_address": address_id})
    return [button for row in unpack(content).buttons for button in row] if content else []
