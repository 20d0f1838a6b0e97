"""Asking to act for a business that has members: a code goes to a colleague, who compares it and decides.

Nobody learns who the members are. A request that is older than seven days counts as expired, whenever it is
looked at.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.businesses import Business, BusinessMember, MembershipRequest
from bot.db.models.people import Contact
from bot.db.upsert import insert_or_ignore
from bot.i18n import Translators
from bot.messages import Person
from bot.services.businesses import business_notices, businesses
from bot.services.businesses.business_notices import Asked
from bot.services.messages.received import READABLE

VALID_FOR = timedelta(days=7)
AT_MOST, WITHIN = 5, timedelta(days=1)
_CODE = 6


class Status(StrEnum):
    """How far a request is."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Asking(StrEnum):
    """What became of asking. ALONE: nobody acts for the business, so there is nobody to ask."""

    DONE = "done"
    OPEN = "open"
    MEMBER = "member"
    ALONE = "alone"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Request:
    """A request with the business and the person it is about. ``status`` is as of the moment it was read."""

    id: int
    business_id: int
    business_name: str
    tax_code: str
    contact_id: int
    name: str
    code: str
    status: Status
    asked_at: datetime

    @property
    def expires_at(self) -> datetime:
        return self.asked_at + VALID_FOR

    @property
    def asked(self) -> Asked:
        """What a notice about it says."""
        return Asked(self.id, self.contact_id, self.business_id, self.business_name, self.name, self.code)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of asking, and the request that there is now. With WAIT, when the person may ask again."""

    outcome: Asking
    request: Request | None = None
    wait_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The request as it is now, and whether this decision made it so."""

    request: Request
    decided: bool


async def ask(
    connection: AsyncConnection, person: Person, business_id: int, *, translators: Translators, now: datetime
) -> Answer:
    """Ask to act for a business; every member is told. There is one open request per person and business."""
    await businesses.lock(connection, business_id)
    if await businesses.is_member(connection, business_id, person.contact_id):
        return Answer(Asking.MEMBER)
    colleagues = await _members(connection, business_id)
    if not colleagues:
        return Answer(Asking.ALONE)
    await _expire(connection, business_id, now)
    there = await open_one(connection, person.contact_id, business_id, now)
    if there is not None:
        return Answer(Asking.OPEN, there)
    recent = (
        await connection.execute(
            select(func.count(), func.min(MembershipRequest.asked_at)).where(
                MembershipRequest.contact_id == person.contact_id, MembershipRequest.asked_at > now - WITHIN
            )
        )
    ).one()
    if recent[0] >= AT_MOST:
        return Answer(Asking.WAIT, wait_until=recent[1] + WITHIN)
    request_id = await connection.scalar(
        insert_or_ignore(connection, MembershipRequest)
        .values(
            business_id=business_id,
            contact_id=person.contact_id,
            code="".join(secrets.choice(READABLE) for _ in range(_CODE)),
            status=Status.ASKED.value,
            asked_at=now,
        )
        .returning(MembershipRequest.id)
    )
    request = await find(connection, request_id, now) if request_id else None
    if request is None:
        raise LookupError("a membership request vanished while its business was locked")
    await business_notices.tell_members(
        connection, request.asked, colleagues, until=request.expires_at, translators=translators, now=now
    )
    return Answer(Asking.DONE, request)


async def find(connection: AsyncConnection, request_id: int, now: datetime) -> Request | None:
    """A request, whoever made it: the caller checks who may see it."""
    [*found] = await _requests(connection, now, MembershipRequest.id == request_id)
    return found[0] if found else None


async def open_one(connection: AsyncConnection, contact_id: int, business_id: int, now: datetime) -> Request | None:
    """The person's open request to act for a business."""
    found = await _requests(
        connection,
        now,
        MembershipRequest.contact_id == contact_id,
        MembershipRequest.business_id == business_id,
        MembershipRequest.status == Status.ASKED.value,
    )
    return next((each for each in found if each.status is Status.ASKED), None)


async def open_ones(connection: AsyncConnection, contact_id: int, now: datetime) -> list[Request]:
    """All open requests of a person, the newest first."""
    found = await _requests(
        connection, now, MembershipRequest.contact_id == contact_id, MembershipRequest.status == Status.ASKED.value
    )
    return [each for each in found if each.status is Status.ASKED]


async def to_decide(connection: AsyncConnection, business_id: int, now: datetime) -> list[Request]:
    """The open requests to act for a business, the newest first: for its members."""
    found = await _requests(
        connection, now, MembershipRequest.business_id == business_id, MembershipRequest.status == Status.ASKED.value
    )
    return [each for each in found if each.status is Status.ASKED]


async def for_member(connection: AsyncConnection, contact_id: int, request_id: int, now: datetime) -> Request | None:
    """A request that the person may decide because they act for the business; None for everybody else."""
    request = await find(connection, request_id, now)
    if request is None or not await businesses.is_member(connection, request.business_id, contact_id):
        return None
    return request


async def decide(
    connection: AsyncConnection,
    contact_id: int,
    request_id: int,
    *,
    accept: bool,
    translators: Translators,
    now: datetime,
) -> Decision | None:
    """Let somebody in or not; who asked is told, the other members too. Of two members who decide at once one does.

    None when the person does not act for the business (any more), or there is no such request.
    """
    request = await for_member(connection, contact_id, request_id, now)
    if request is None:
        return None
    await businesses.lock(connection, request.business_id)
    request = await for_member(connection, contact_id, request_id, now)
    if request is None:
        return None
    if request.status is not Status.ASKED:
        return Decision(request, decided=False)
    status = Status.ACCEPTED if accept else Status.REFUSED
    await _settle(connection, [request.id], status, contact_id, now)
    others = [each for each in await _members(connection, request.business_id) if each != contact_id]
    if accept:
        await businesses.add_member(connection, request.business_id, request.contact_id, actor_id=contact_id, now=now)
    await business_notices.tell_decision(
        connection, request.asked, others, accepted=accept, translators=translators, now=now
    )
    decided = await find(connection, request_id, now)
    return Decision(decided or request, decided=True)


async def withdraw(connection: AsyncConnection, contact_id: int, request_id: int, now: datetime) -> Decision | None:
    """Take one's own request back. None when it is somebody else's."""
    request = await find(connection, request_id, now)
    if request is None or request.contact_id != contact_id:
        return None
    await businesses.lock(connection, request.business_id)
    request = await find(connection, request_id, now)
    if request is None or request.status is not Status.ASKED:
        return Decision(request, decided=False) if request else None
    await _settle(connection, [request.id], Status.WITHDRAWN, contact_id, now)
    return Decision(request, decided=True)


async def _members(connection: AsyncConnection, business_id: int) -> list[int]:
    found = await connection.execute(select(BusinessMember.contact_id).where(BusinessMember.business_id == business_id))
    return list(found.scalars())


async def _expire(connection: AsyncConnection, business_id: int, now: datetime) -> None:
    """Make room for new requests: an expired one would still count as open in the table's index."""
    await connection.execute(
        update(MembershipRequest)
        .where(
            MembershipRequest.business_id == business_id,
            MembershipRequest.status == Status.ASKED.value,
            MembershipRequest.asked_at <= now - VALID_FOR,
        )
        .values(status=Status.EXPIRED.value)
    )


async def _settle(
    connection: AsyncConnection, ids: Sequence[int], status: Status, contact_id: int, now: datetime
) -> None:
    await connection.execute(
        update(MembershipRequest)
        .where(MembershipRequest.id.in_(ids), MembershipRequest.status == Status.ASKED.value)
        .values(status=status.value, decided_by=contact_id, decided_at=now)
    )


async def _requests(connection: AsyncConnection, now: datetime, *which: object) -> list[Request]:
    rows = await connection.execute(
        select(
            MembershipRequest.id,
            MembershipRequest.business_id,
            Business.name,
            Business.tax_code,
            MembershipRequest.contact_id,
            Contact.name,
            MembershipRequest.code,
            MembershipRequest.status,
            MembershipRequest.asked_at,
        )
        .join(Business, Business.id == MembershipRequest.business_id)
        .join(Contact, Contact.id == MembershipRequest.contact_id)
        .where(*which)  # type: ignore[arg-type]
        .order_by(MembershipRequest.id.desc())
    )
    return [_one(*row, now=now) for row in rows]


def _one(
    id_: int,
    business_id: int,
    business_name: str,
    tax_code: str,
    contact_id: int,
    name: str,
    code: str,
    status: str,
    asked_at: datetime,
    *,
    now: datetime,
) -> Request:
    current = Status(status)
    if current is Status.ASKED and asked_at + VALID_FOR <= now:
        current = Status.EXPIRED
    return Request(id_, business_id, business_name, tax_code, contact_id, name, code, current, asked_at)
