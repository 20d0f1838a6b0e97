"""Several chat accounts of one person: a one-time code made in one of them makes another part of the same contact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application, Draft
from bot.db.models.businesses import BusinessMember, MembershipRequest
from bot.db.models.every import METADATA
from bot.db.models.learning import QuestionWish
from bot.db.models.messages import Delivery
from bot.db.models.people import Address, Contact, FocalPoint, Invitation, WrongCode
from bot.db.models.tickets import Ticket
from bot.messages import Person
from bot.services.forms import drafts
from bot.services.handing_in import report_data
from bot.services.people import contacts, invitations, redeeming
from bot.services.people.redeeming import Outcome

# Long enough to change from one device to another.
VALID_FOR = timedelta(minutes=30)


class Obstacle(StrEnum):
    """Why a chat account can't become part of another contact: what it has already."""

    SAME = "same"
    STAFF = "staff"
    FOCAL_POINT = "focal point"
    BUSINESS = "business"
    REGISTRATIONS = "registrations"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Account:
    """One chat account of a person. ``blocked``: the bot can't write there any more."""

    channel: str
    blocked: bool


@dataclass(frozen=True, slots=True)
class Accounts:
    """All chat accounts of a person; ``preferred`` is the channel on which they want to be told things."""

    accounts: tuple[Account, ...]
    preferred: str | None

    @property
    def channels(self) -> list[str]:
        return list(dict.fromkeys(each.channel for each in self.accounts))


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of a code: an obstacle, what was wrong with the code, or the contact that the account is part of now.

    ``told`` is the contact as it could be written to before, to be told of the new account.
    """

    outcome: Outcome
    obstacle: Obstacle | None = None
    contact_id: int | None = None
    told: Person | None = None


async def of_contact(connection: AsyncConnection, contact_id: int) -> Accounts:
    """The person's chat accounts, the oldest first."""
    rows = await connection.execute(
        select(Address.channel, Address.blocked_at)
        .where(Address.contact_id == contact_id, contacts.IS_CHAT)
        .order_by(Address.id)
    )
    preferred = await connection.scalar(select(Contact.preferred_channel).where(Contact.id == contact_id))
    return Accounts(tuple(Account(channel, blocked is not None) for channel, blocked in rows), preferred)


async def prefer(connection: AsyncConnection, contact_id: int, channel: str) -> bool:
    """Tell the person things on this channel from now on; False when they have no account there."""
    if channel not in (await of_contact(connection, contact_id)).channels:
        return False
    await connection.execute(update(Contact).where(Contact.id == contact_id).values(preferred_channel=channel))
    return True


async def new_code(connection: AsyncConnection, contact_id: int, now: datetime) -> str:
    """A code that works once within ``VALID_FOR``; an earlier one of the person works no more."""
    await connection.execute(
        update(Invitation)
        .where(Invitation.contact_id == contact_id, Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(expires_at=now)
    )
    return await invitations.store(connection, contact_id=contact_id, expires_at=now + VALID_FOR, now=now)


async def obstacle(connection: AsyncConnection, person: Person, contact_id: int) -> Obstacle | None:
    """What keeps this person's account from becoming part of the contact."""
    mine = person.contact_id
    if mine == contact_id:
        return Obstacle.SAME
    if person.role is not None:
        return Obstacle.STAFF
    row = (
        await connection.execute(
            select(
                exists().where(FocalPoint.contact_id == mine),
                exists().where(BusinessMember.contact_id == mine),
                exists().where(Application.contact_id == mine),
                exists().where(Ticket.contact_id == mine, Ticket.closed_at.is_(None)),
            )
        )
    ).one()
    found = (Obstacle.FOCAL_POINT, Obstacle.BUSINESS, Obstacle.REGISTRATIONS, Obstacle.TICKET)
    return next((each for each, there in zip(found, row, strict=True) if there), None)


async def join(connection: AsyncConnection, person: Person, code: str, now: datetime) -> Joined:
    """Make the account from which the code was given part of the contact that made it, with all it has."""
    redeemed = await redeeming.redeem(connection, person, code, now)
    if redeemed.outcome is not Outcome.ACCOUNT or redeemed.account_of is None:
        return Joined(redeemed.outcome)
    contact_id = redeemed.account_of
    in_the_way = await obstacle(connection, person, contact_id)
    if in_the_way is not None:
        return Joined(Outcome.ACCOUNT, in_the_way)
    # Whoever else has the same code waits here, and then finds it used.
    await connection.execute(select(Contact.id).where(Contact.id == contact_id).with_for_update(key_share=True))
    if not await invitations.use(connection, code, used_by=contact_id, now=now):
        return Joined(Outcome.USED)
    told = await contacts.find_by_contact(connection, contact_id)
    await _move(connection, person.contact_id, contact_id)
    return Joined(Outcome.LINKED, contact_id=contact_id, told=told)


async def _move(connection: AsyncConnection, fresh: int, contact_id: int) -> None:
    """Everything of the fresh contact becomes the other's; what that one has already, it keeps."""
    await connection.execute(delete(WrongCode).where(WrongCode.contact_id == fresh))
    await drafts.remove(
        connection,
        Draft.contact_id == fresh,
        Draft.offering_id.in_(select(Draft.offering_id).where(Draft.contact_id == contact_id)),
    )
    await connection.execute(
        delete(QuestionWish).where(
            QuestionWish.contact_id == fresh,
            QuestionWish.question_id.in_(select(QuestionWish.question_id).where(QuestionWish.contact_id == contact_id)),
        )
    )
    await connection.execute(delete(MembershipRequest).where(MembershipRequest.contact_id == fresh))
    await report_data.move(connection, fresh, contact_id)
    await connection.execute(update(Delivery).where(Delivery.about_id == fresh).values(about_id=contact_id))
    for table in METADATA.sorted_tables:
        for column in table.columns:
            if any(key.column.table.name == Contact.__tablename__ for key in column.foreign_keys):
                await connection.execute(update(table).where(column == fresh).values({column: contact_id}))
    await connection.execute(delete(Contact).where(Contact.id == fresh))
