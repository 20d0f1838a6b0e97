"""What is stored about one person: shown to them, and taken away again where they want that and nothing forbids it.

Erasing keeps the contact and its address, but as bare numbers: without them the person could be told nothing,
and would be a stranger at the next word. Everything that says who they are or what they said goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    and_,
    delete,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application, ApplicationMessage, Draft, EventFeedback, StoredFile
from bot.db.models.businesses import Business, BusinessMember, MembershipRequest
from bot.db.models.learning import QuestionWish
from bot.db.models.messages import Delivery, ReceivedMessage, WebMessage
from bot.db.models.offerings import Offering
from bot.db.models.people import Address, Consent, Contact, EmailConfirmation, WrongCode
from bot.db.models.tickets import Ticket, TicketMessage
from bot.i18n import Translators
from bot.messages import SEVERAL, Person, Reply
from bot.packing import pack
from bot.services.agencies import agencies
from bot.services.agencies.agencies import Responsibility
from bot.services.applications.statuses import Status
from bot.services.businesses import businesses, members
from bot.services.businesses.members import going_on
from bot.services.businesses.membership_requests import VALID_FOR
from bot.services.handing_in import report_data
from bot.services.handing_in.report_data import Written
from bot.services.learning import wishes
from bot.services.people import application_data, emails, named_to_others

ERASED = "erased at the person's request"


@dataclass(frozen=True, slots=True)
class Agreement:
    """One consent as it was given, in force until it is withdrawn."""

    id: int
    purpose: str
    text_version: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Held:
    """What is stored about a person. ``businesses`` are names with their tax codes, which may be personal.

    ``going_on`` are the registrations under way that nobody else could answer for. ``messages`` are answers to what
    officers asked about registrations, ``requests`` wait for a colleague, ``opinions`` are of events, ``reports`` are
    what they did for agencies.
    """

    person: Person
    since: datetime
    channels: tuple[str, ...]
    responsibilities: tuple[Responsibility, ...]
    businesses: tuple[tuple[str, str], ...]
    registrations: int
    withdrawn: int
    going_on: int
    drafts: int
    files: int
    messages: int
    requests: int
    opinions: int
    reports: Written
    agreements: tuple[Agreement, ...]
    questions: int
    question_messages: int
    open_questions: int
    awaited_answers: int

    @property
    def can_be_erased(self) -> bool:
        """Whether nothing needs the person: no registration under way, no role, no agency's reports."""
        return not (self.person.role or self.responsibilities or self.going_on)


async def held(connection: AsyncConnection, person: Person, now: datetime) -> Held:
    """Everything that is stored about a person."""
    mine = person.contact_id
    applications = select(func.count()).where(Application.contact_id == mine)
    tickets = select(func.count()).where(Ticket.contact_id == mine)
    said = select(func.count()).join(Ticket, Ticket.id == TicketMessage.ticket_id).where(Ticket.contact_id == mine)
    about = (
        await connection.execute(
            select(
                Contact.created_at,
                _counted(Draft.contact_id == mine).label("drafts"),
                _counted(StoredFile.contact_id == mine).label("files"),
                _counted(ApplicationMessage.author_id == mine).label("messages"),
                _counted(
                    MembershipRequest.contact_id == mine,
                    MembershipRequest.status == "asked",
                    MembershipRequest.asked_at > now - VALID_FOR,
                ).label("requests"),
                _counted(EventFeedback.contact_id == mine).label("opinions"),
                select(func.count())
                .select_from(Application)
                .join(Offering, Offering.id == Application.offering_id)
                .where(_nobody_else(mine), going_on(now))
                .scalar_subquery()
                .label("going_on"),
                applications.scalar_subquery().label("registrations"),
                applications.where(Application.status == Status.WITHDRAWN).scalar_subquery().label("withdrawn"),
                tickets.scalar_subquery().label("questions"),
                said.select_from(TicketMessage).scalar_subquery().label("question_messages"),
                tickets.where(Ticket.waiting_since.is_not(None)).scalar_subquery().label("open_questions"),
            ).where(Contact.id == mine)
        )
    ).one()
    channels = await connection.execute(
        select(Address.channel).where(Address.contact_id == mine).distinct().order_by(Address.channel)
    )
    enterprises = await connection.execute(
        select(Business.name, Business.tax_code)
        .join(BusinessMember, BusinessMember.business_id == Business.id)
        .where(BusinessMember.contact_id == mine)
        .order_by(Business.id)
    )
    return Held(
        person=person,
        since=about.created_at,
        channels=tuple(channels.scalars()),
        responsibilities=tuple(await agencies.responsibilities(connection, mine)),
        businesses=tuple((name, tax_code) for name, tax_code in enterprises),
        registrations=about.registrations,
        withdrawn=about.withdrawn,
        going_on=about.going_on,
        drafts=about.drafts,
        files=about.files,
        messages=about.messages,
        requests=about.requests,
        opinions=about.opinions,
        reports=await report_data.count(connection, mine),
        agreements=tuple(await agreements(connection, mine)),
        questions=about.questions,
        question_messages=about.question_messages,
        open_questions=about.open_questions,
        awaited_answers=await wishes.count(connection, mine),
    )


def _counted(*which: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).where(*which).scalar_subquery()


def _nobody_else(contact_id: int) -> ColumnElement[bool]:
    """The applications of businesses that only this person acts for, or of ones without members that they made."""
    members = select(BusinessMember.contact_id).where(BusinessMember.business_id == Application.business_id)
    return and_(
        or_(
            Application.contact_id == contact_id,
            exists(members.where(BusinessMember.contact_id == contact_id).correlate(Application)),
        ),
        not_(exists(members.where(BusinessMember.contact_id != contact_id).correlate(Application))),
    )


async def agreements(connection: AsyncConnection, contact_id: int) -> list[Agreement]:
    """Everything the person ever agreed to, the newest first."""
    rows = await connection.execute(
        select(Consent.id, Consent.purpose, Consent.text_version, Consent.given_at, Consent.withdrawn_at)
        .where(Consent.contact_id == contact_id)
        .order_by(Consent.id.desc())
    )
    return [Agreement(*row) for row in rows]


def in_force(given: Sequence[Agreement]) -> list[Agreement]:
    """The newest consent of each purpose that has not been withdrawn; ``given`` has the newest first."""
    newest: dict[str, Agreement] = {}
    for each in given:
        if each.withdrawn_at is None:
            newest.setdefault(each.purpose, each)
    return list(newest.values())


async def withdraw(connection: AsyncConnection, contact_id: int, purpose: str, now: datetime) -> None:
    """End every consent to a purpose; that it was given, and until when, stays as proof."""
    await connection.execute(
        update(Consent)
        .where(Consent.contact_id == contact_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )


async def open_registrations(connection: AsyncConnection, contact_id: int) -> list[str]:
    """The codes of the person's registrations that are not withdrawn, the newest first."""
    codes = await connection.execute(
        select(Application.code)
        .where(Application.contact_id == contact_id, Application.status != Status.WITHDRAWN)
        .order_by(Application.id.desc())
    )
    return list(codes.scalars())


async def all_codes(connection: AsyncConnection, contact_id: int) -> list[str]:
    """The codes of everything that the person signed up for, for whoever keeps files made for these."""
    return list(await connection.scalars(select(Application.code).where(Application.contact_id == contact_id)))


async def erase(
    connection: AsyncConnection, person: Person, *, keep_last_line: bool, translators: Translators, now: datetime
) -> None:
    """Forget who a person is and what they said. The caller has asked ``Held.can_be_erased`` in the same turn.

    Registrations that are over are emptied, unless colleagues act for the enterprise: then those have them on.

    ``keep_last_line`` spares the newest line of this web chat, which is the very wish to be forgotten: a page
    that asks for the answer again finds it by that line.
    """
    mine = person.contact_id
    addresses = select(Address.id).where(Address.contact_id == mine)
    await _leave_businesses(connection, person, translators=translators, now=now)
    await named_to_others.forget(connection, person, translators)
    await application_data.forget_authorship(connection, mine)
    await report_data.forget(connection, mine)
    # Officers have been told the person's words, and have looked at them, perhaps in a list with those of others.
    repeats = list((await connection.execute(select(Ticket.id).where(Ticket.contact_id == mine))).scalars())
    if repeats:
        to_officers = Delivery.ticket_id.in_([SEVERAL, *repeats])
        await connection.execute(
            delete(WebMessage).where(WebMessage.delivery_id.in_(select(Delivery.id).where(to_officers)))
        )
        await _make_empty(connection, to_officers, person, now)
    await _make_empty(connection, Delivery.address_id.in_(addresses), person, now)
    lines: ColumnElement[bool] = WebMessage.address_id.in_(addresses)
    if keep_last_line:
        last = select(Address.last_seq).where(Address.id == person.address_id).scalar_subquery()
        lines = and_(lines, ~and_(WebMessage.address_id == person.address_id, WebMessage.seq == last))
    await connection.execute(delete(WebMessage).where(lines))
    await _forget_failed_messages(connection, mine)
    await emails.remove(connection, mine)
    for table in (Ticket, Consent, WrongCode, QuestionWish, EmailConfirmation):
        await connection.execute(delete(table).where(table.contact_id == mine))
    await connection.execute(
        update(Contact)
        .where(Contact.id == mine)
        .values(
            name="",
            dialog=None,
            dialog_at=None,
            last_question=None,
            last_entry=None,
            last_asked_at=None,
            ticket_id=None,
            preferred_channel=None,
        )
    )


async def _leave_businesses(
    connection: AsyncConnection, person: Person, *, translators: Translators, now: datetime
) -> None:
    mine = person.contact_id
    alone = list((await connection.execute(select(Application.id).where(_nobody_else(mine)))).scalars())
    shared = list(
        (
            await connection.execute(
                select(Application.id).where(Application.contact_id == mine, not_(_nobody_else(mine)))
            )
        ).scalars()
    )
    acted_for = await businesses.of_contact(connection, mine)
    await application_data.forget_contact_person(connection, mine, [each.id for each in acted_for])
    for business in acted_for:
        await members.leave(connection, business, mine, translators=translators, now=now)
    await application_data.forget_in_answers(connection, shared)
    await application_data.empty(connection, alone, now)


async def _make_empty(connection: AsyncConnection, which: ColumnElement[bool], person: Person, now: datetime) -> None:
    """Take the text out of deliveries, and call off those not sent: an empty message must not go out."""
    unsettled = Delivery.status.in_([literal_column(f"'{status}'") for status in ("pending", "sending", "held")])
    await connection.execute(
        update(Delivery)
        .where(which, unsettled)
        .values(status="cancelled", error=ERASED, owner=None, lease_until=None, settled_at=now)
    )
    await connection.execute(
        update(Delivery).where(which, Delivery.broadcast_id.is_(None)).values(content=pack(Reply("", person.language)))
    )


async def _forget_failed_messages(connection: AsyncConnection, contact_id: int) -> None:
    """Of messages that were set aside only the key stays, which recognises a repeat."""
    sender = ReceivedMessage.incoming["sender"].as_string()
    of_person = exists(
        select(Address.id).where(
            Address.contact_id == contact_id,
            Address.channel == ReceivedMessage.channel,
            Address.external_id == sender,
        )
    )
    await connection.execute(
        update(ReceivedMessage)
        .where(ReceivedMessage.failure_id.is_not(None), of_person)
        .values(failure_id=None, failure=None, incoming=None)
    )
