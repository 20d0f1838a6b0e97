"""Whom an announcement is for. An audience is a word, evaluated in one statement when the sending starts.

``all``; ``businesses``, who act for one or have applied for something; ``agencies``, their focal points;
``offering:12``, who applied for it and has not withdrawn. Accounts that blocked the bot are in none,
people who withdrew their consent to news in neither ``all`` nor ``businesses``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import Application
from bot.db.models.businesses import BusinessMember
from bot.db.models.offerings import Offering
from bot.db.models.people import Address, Consent, Contact, FocalPoint
from bot.services.applications.statuses import OVER
from bot.services.people import contacts
from bot.services.people.consents import NEWS

ALL, BUSINESSES, AGENCIES = "all", "businesses", "agencies"
WORDS = (ALL, BUSINESSES, AGENCIES)
_OFFERING = "offering:"


@dataclass(frozen=True, slots=True)
class AppliedFor:
    """Something that people applied for; ``details`` is its stored description."""

    offering_id: int
    slug: str
    details: Mapping[str, Any]
    applicants: int


def of_offering(offering_id: int | str) -> str:
    """The word for those who applied for one offering, which ``offering`` then looks for."""
    return f"{_OFFERING}{offering_id}"


def offering_id(audience: str) -> int | None:
    """The offering whose applicants the word stands for; None for another word."""
    number = audience.removeprefix(_OFFERING)
    return int(number) if number != audience and number.isdecimal() and len(number) < 16 else None


def recipients(audience: str) -> Select[int, str, str]:
    """(address id, channel, the contact's language) of everyone in an audience; ValueError for no such word."""
    return (
        select(Address.id, Address.channel, Contact.language)
        .join(Contact, Contact.id == Address.contact_id)
        .where(Address.blocked_at.is_(None), contacts.IS_CHAT, _belongs(audience))
    )


async def count_by_channel(connection: AsyncConnection, audience: str) -> dict[str, int]:
    """How many accounts an audience has now on each channel, the largest first."""
    found = recipients(audience).subquery()
    number = func.count()
    rows = await connection.execute(
        select(found.c.channel, number).group_by(found.c.channel).order_by(number.desc(), found.c.channel)
    )
    return dict(rows.all())


async def applied_for(connection: AsyncConnection, *, offset: int, limit: int) -> list[AppliedFor]:
    """What has applicants to write to, the newest first."""
    people = func.count(Application.contact_id.distinct())
    rows = await connection.execute(
        select(Offering.id, Offering.slug, Offering.details, people)
        .join(Application, Application.offering_id == Offering.id)
        .where(Application.status.not_in(OVER))
        .group_by(Offering.id)
        .order_by(Offering.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [AppliedFor(*row) for row in rows]


async def offering(connection: AsyncConnection, audience: str) -> AppliedFor | None:
    """The offering of an ``offering:…`` word, with or without applicants; None when there is no such."""
    wanted = offering_id(audience)
    if wanted is None:
        return None
    row = (
        await connection.execute(select(Offering.id, Offering.slug, Offering.details).where(Offering.id == wanted))
    ).one_or_none()
    return AppliedFor(row.id, row.slug, row.details, 0) if row else None


def _did_not_refuse_news() -> ColumnElement[bool]:
    """Who withdrew the consent to news gets none. What concerns an application or a duty is no news."""
    news = select(Consent.id).where(Consent.contact_id == Address.contact_id, Consent.purpose == NEWS)
    withdrawn, in_force = exists(news), exists(news.where(Consent.withdrawn_at.is_(None)))
    return or_(~withdrawn, in_force)


def _belongs(audience: str) -> ColumnElement[bool]:
    if audience == ALL:
        return _did_not_refuse_news()
    if audience == BUSINESSES:
        members = Address.contact_id.in_(union(select(BusinessMember.contact_id), select(Application.contact_id)))
        return and_(members, _did_not_refuse_news())
    if audience == AGENCIES:
        return Address.contact_id.in_(select(FocalPoint.contact_id))
    wanted = offering_id(audience)
    if wanted is None:
        raise ValueError(f"no such audience: {audience!r}")
    return Address.contact_id.in_(
        select(Application.contact_id).where(Application.offering_id == wanted, Application.status.not_in(OVER))
    )
