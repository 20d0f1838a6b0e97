"""Who signed up to an offering: rows for staff, who see every business. Whoever asks has been checked by the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.db.models.businesses import Business
from bot.db.models.check_in import CheckIn
from bot.services.applications import application_codes
from bot.services.applications.statuses import IN_REVIEW, OVER, Status


class Part(StrEnum):
    """Which of the applications: everybody, or those of a few statuses."""

    ALL = "all"
    SEATS = "seats"
    WAITING = "waiting"
    REVIEW = "review"
    OVER = "over"


STATUSES: Mapping[Part, tuple[Status, ...]] = {
    Part.ALL: tuple(Status),
    Part.SEATS: (Status.APPROVED, Status.CONFIRMED, Status.ATTENDED, Status.NO_SHOW),
    Part.WAITING: (Status.WAITLISTED, Status.OFFERED),
    Part.REVIEW: IN_REVIEW,
    Part.OVER: OVER,
}


@dataclass(frozen=True, slots=True)
class Participant:
    """One application with its business. ``verified``: the tax code's check digit fits."""

    id: int
    code: str
    status: Status
    seats: int
    tax_code: str
    verified: bool
    business: str
    answers: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who came in, with a seat (``code``) or as a walk-in."""

    code: str
    name: str
    seats: int
    method: str
    gate: str
    at: datetime


async def count(connection: AsyncConnection, offering_id: int, part: Part, typed: str = "") -> int:
    """How many applications there are, of those that fit what was typed."""
    return (
        await connection.scalar(
            select(func.count())
            .select_from(Application)
            .join(Business, Business.id == Application.business_id)
            .where(*_wanted(offering_id, part, typed))
        )
    ) or 0


async def page(
    connection: AsyncConnection, offering_id: int, part: Part, typed: str = "", *, offset: int = 0, limit: int = 8
) -> list[Participant]:
    """A page of the applications, the first that came first. ``typed``: a code, a tax code or part of a name."""
    rows = await connection.execute(
        _participants().where(*_wanted(offering_id, part, typed)).order_by(Application.id).offset(offset).limit(limit)
    )
    return [_one(row) for row in rows]


async def everyone(connection: AsyncConnection, offering_id: int, part: Part) -> list[Participant]:
    """All of them, for an export."""
    rows = await connection.execute(_participants().where(*_wanted(offering_id, part, "")).order_by(Application.id))
    return [_one(row) for row in rows]


async def entries(connection: AsyncConnection, offering_id: int) -> list[Entry]:
    """Who came in and was not taken back, in the order of the doors."""
    rows = await connection.execute(
        select(
            func.coalesce(Application.code, ""),
            func.coalesce(Business.name, CheckIn.name),
            CheckIn.seats,
            CheckIn.method,
            CheckIn.gate,
            CheckIn.at,
        )
        .outerjoin(Application, Application.id == CheckIn.application_id)
        .outerjoin(Business, Business.id == Application.business_id)
        .where(CheckIn.offering_id == offering_id, CheckIn.undone_at.is_(None))
        .order_by(CheckIn.id)
    )
    return [Entry(*row) for row in rows]


def _wanted(offering_id: int, part: Part, typed: str) -> list[ColumnElement[bool]]:
    wanted = [Application.offering_id == offering_id]
    if part is not Part.ALL:
        wanted.append(Application.status.in_([status.value for status in STATUSES[part]]))
    if not typed:
        return wanted
    code = application_codes.read(typed)
    if code is not None:
        return [*wanted, Application.code == code]
    digits = "".join(character for character in typed if character.isdecimal())
    # A personal number is masked on every page, so it can't be found by a part of it either.
    by_number = [Business.tax_code == digits] if digits else []
    # SQLite folds only ASCII, so the name is looked for as typed as well as with a capital.
    words = {typed, typed.lower(), typed.upper(), typed.title()}
    by_name = [Business.name.icontains(word, autoescape=True) for word in sorted(words)]
    return [*wanted, or_(*by_number, *by_name)]


def _participants() -> Select[*tuple[Any, ...]]:
    return select(
        Application.id,
        Application.code,
        Application.status,
        Application.seats,
        Business.tax_code,
        Business.verified,
        Business.name,
        Application.answers,
        Application.created_at,
        Application.updated_at,
    ).join(Business, Business.id == Application.business_id)


def _one(row: Row[*tuple[Any, ...]]) -> Participant:
    id_, code, status, *others = row
    return Participant(id_, code, Status(status), *others)
