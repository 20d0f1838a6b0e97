"""How things stand, in figures: each a grouped count in the database, none of them a question per row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, case, exists, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.db.models.messages import Delivery, ReceivedMessage
from bot.db.models.offerings import Offering
from bot.db.models.people import Address, Agency, FocalPoint
from bot.db.models.reporting import Obligation
from bot.db.models.tickets import Ticket
from bot.messages import Language
from bot.services.applications.statuses import Status
from bot.services.offerings.offerings import Kind
from bot.services.people import contacts
from bot.services.reporting.statuses import OWED

DAYS_AHEAD = 60
DAYS_BACK = 7
AGENCIES_NAMED = 10
REASONS_NAMED = 5
OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Reach:
    """The accounts of one channel."""

    channel: str
    reachable: int
    blocked: int


@dataclass(frozen=True, slots=True)
class Unsent:
    """How many messages could not be delivered for one reason; an empty reason is an unknown one."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All of it, counted at one moment.

    ``due`` counts what is due in the next days by status; under OVERDUE, whatever is late, however long.
    ``unattended`` counts agencies that owe reports without a focal point, ``names`` are the first of them.
    ``reasons`` are the most frequent ones of the ``unsent``.
    """

    reach: tuple[Reach, ...]
    registrations: Mapping[Kind, Mapping[Status, int]]
    due: Mapping[str, int]
    unattended: int
    names: tuple[str, ...]
    open_questions: int
    oldest_question: datetime | None
    unsent: int
    reasons: tuple[Unsent, ...]
    set_aside: int


async def count(connection: AsyncConnection, language: Language, *, today: date, now: datetime) -> Figures:
    """Count everything. ``today`` is the local date; names are in ``language``."""
    unattended, names = await _unattended_agencies(connection, language)
    open_questions, oldest = await _open_questions(connection)
    unsent, reasons = await _unsent(connection, now - timedelta(days=DAYS_BACK))
    set_aside = await connection.scalar(
        select(func.count()).select_from(ReceivedMessage).where(ReceivedMessage.failure_id.is_not(None))
    )
    return Figures(
        reach=await _reach(connection),
        registrations=await _registrations(connection),
        due=await _due(connection, today),
        unattended=unattended,
        names=names,
        open_questions=open_questions,
        oldest_question=oldest,
        unsent=unsent,
        reasons=reasons,
        set_aside=set_aside or 0,
    )


async def _reach(connection: AsyncConnection) -> tuple[Reach, ...]:
    total, blocked = func.count(), func.count(Address.blocked_at)
    rows = await connection.execute(
        select(Address.channel, total - blocked, blocked)
        .where(contacts.IS_CHAT)
        .group_by(Address.channel)
        .order_by(total.desc(), Address.channel)
    )
    return tuple(Reach(*row) for row in rows)


async def _registrations(connection: AsyncConnection) -> dict[Kind, dict[Status, int]]:
    rows = await connection.execute(
        select(Offering.kind, Application.status, func.count())
        .join(Application, Application.offering_id == Offering.id)
        .group_by(Offering.kind, Application.status)
    )
    found: dict[Kind, dict[Status, int]] = {kind: {} for kind in Kind}
    for kind, status, number in rows:
        found[Kind(kind)][Status(status)] = number
    return found


async def _due(connection: AsyncConnection, today: date) -> dict[str, int]:
    late = and_(Obligation.due_on < today, Obligation.status.in_([each.value for each in OWED]))
    status = case((late, OVERDUE), else_=Obligation.status).label("stands")
    rows = await connection.execute(
        select(status, func.count())
        .where(or_(late, Obligation.due_on.between(today, today + timedelta(days=DAYS_AHEAD))))
        .group_by(literal_column("stands"))
    )
    return dict(rows.all())


async def _unattended_agencies(connection: AsyncConnection, language: Language) -> tuple[int, tuple[str, ...]]:
    name = Agency.name_vi if language is Language.VI else Agency.name_en
    attended = exists(select(FocalPoint.contact_id).where(FocalPoint.agency_id == Agency.id))
    rows = (
        await connection.execute(
            select(name, func.count().over()).where(Agency.owes, ~attended).order_by(Agency.id).limit(AGENCIES_NAMED)
        )
    ).all()
    return (rows[0][1], tuple(row[0] for row in rows)) if rows else (0, ())


async def _open_questions(connection: AsyncConnection) -> tuple[int, datetime | None]:
    # The status is written out so that SQLite, too, may use an index of what is not closed.
    row = (
        await connection.execute(
            select(func.count(Ticket.waiting_since), func.min(Ticket.waiting_since)).where(
                Ticket.status != literal_column("'closed'")
            )
        )
    ).one()
    return row[0], row[1]


async def _unsent(connection: AsyncConnection, since: datetime) -> tuple[int, tuple[Unsent, ...]]:
    # In the words of the index ix_delivery_troubled, or SQLite would read the whole outbox.
    troubled = Delivery.status.in_([literal_column(f"'{word}'") for word in ("failed", "undeliverable", "dropped")])
    number, reason = func.count(), func.coalesce(Delivery.error, "")
    rows = (
        await connection.execute(
            select(reason, number, func.sum(number).over())
            .where(troubled, Delivery.status != literal_column("'dropped'"), Delivery.settled_at >= since)
            .group_by(reason)
            .order_by(number.desc(), reason)
            .limit(REASONS_NAMED)
        )
    ).all()
    return (int(rows[0][2]), tuple(Unsent(row[0], row[1]) for row in rows)) if rows else (0, ())
