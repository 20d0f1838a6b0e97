"""How well each agency that owes reports can be reached, for those who look after all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Address, Agency
from bot.db.models.reporting import OWED as IS_OWED
from bot.db.models.reporting import Obligation
from bot.services.agencies import focal_points
from bot.services.agencies.agencies import AgencyName, FocalRole
from bot.services.agencies.focal_points import Present
from bot.services.forms import wards
from bot.services.forms.problems import Rejected
from bot.services.people import contacts
from bot.vietnamese import fold
from content.model import AgencyDefinition


class State(StrEnum):
    """How an agency stands.

    UNREACHABLE: every chat of its focal points is blocked, and there is no mailbox. AWAY: whoever is in charge is
    away, and no deputy is there.
    """

    NONE = "none"
    UNREACHABLE = "unreachable"
    AWAY = "away"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Standing:
    """One agency and how it stands today."""

    agency: AgencyName
    state: State


@dataclass(frozen=True, slots=True)
class Open:
    """What an agency has to hand in: how many reports, how many of them late, when the next is due."""

    reports: int
    late: int
    next_due: date | None


async def all_standings(connection: AsyncConnection, today: date) -> list[Standing]:
    """Every agency that owes reports, in the order of the content; four statements however many there are."""
    rows = (
        await connection.execute(
            select(Agency.id, Agency.slug, Agency.name_vi, Agency.name_en).where(Agency.owes).order_by(Agency.id)
        )
    ).all()
    people = await focal_points.present(connection, [row.id for row in rows], today)
    everybody = sorted({each.contact_id for group in people.values() for each in group})
    reachable = set(await contacts.reachable(connection, everybody)) | set(await contacts.emails(connection, everybody))
    return [Standing(AgencyName(*row), _state(people.get(row.id, []), reachable)) for row in rows]


def _state(people: Sequence[Present], reachable: set[int]) -> State:
    if not people:
        return State.NONE
    here = [each for each in people if each.contact_id in reachable]
    if not here:
        return State.UNREACHABLE
    holder_away = any(each.away and each.role is FocalRole.HOLDER for each in people)
    stands_in = any(not each.away and each.role is not FocalRole.HEAD for each in here)
    return State.AWAY if holder_away and not stands_in else State.FINE


async def find(connection: AsyncConnection, agency_id: int) -> AgencyName | None:
    """The agency of this number."""
    row = (
        await connection.execute(
            select(Agency.id, Agency.slug, Agency.name_vi, Agency.name_en).where(Agency.id == agency_id)
        )
    ).one_or_none()
    return AgencyName(*row) if row else None


async def by_slugs(connection: AsyncConnection, slugs: Sequence[str]) -> list[AgencyName]:
    """Agencies in the order in which they were asked for."""
    rows = await connection.execute(
        select(Agency.id, Agency.slug, Agency.name_vi, Agency.name_en).where(Agency.slug.in_(slugs))
    )
    found = {row.slug: AgencyName(*row) for row in rows}
    return [found[slug] for slug in slugs if slug in found]


async def open_reports(connection: AsyncConnection, agency_id: int, today: date) -> Open:
    """What the agency has to hand in."""
    late = and_(IS_OWED, Obligation.due_on < today)
    row = (
        await connection.execute(
            select(
                func.count(case((IS_OWED, 1))),
                func.count(case((late, 1))),
                func.min(case((and_(IS_OWED, Obligation.due_on >= today), Obligation.due_on))),
            ).where(Obligation.agency_id == agency_id)
        )
    ).one()
    return Open(row[0], row[1], row[2])


async def channels(connection: AsyncConnection, contact_ids: Sequence[int]) -> dict[int, list[tuple[str, bool]]]:
    """(channel, whether it is blocked) of every confirmed address of these contacts."""
    rows = await connection.execute(
        select(Address.contact_id, Address.channel, Address.blocked_at)
        .where(Address.contact_id.in_(contact_ids), contacts.IS_CHAT)
        .order_by(Address.contact_id, Address.id)
    )
    found: dict[int, list[tuple[str, bool]]] = {}
    for contact_id, channel, blocked_at in rows:
        found.setdefault(contact_id, []).append((channel, blocked_at is not None))
    for contact_id in await contacts.emails(connection, contact_ids):
        found.setdefault(contact_id, []).append((contacts.EMAIL, False))
    return found


def search(agencies: Mapping[str, AgencyDefinition], typed: str) -> list[str]:
    """Slugs of the agencies that owe reports and may be meant, the likeliest first. Pure.

    By abbreviation, by words of the name without marks, else as a ward or commune is understood anywhere else.
    """
    words = fold(typed)
    if not words:
        return []
    owing = [agency for agency in agencies.values() if agency.owes]
    exact = [each.slug for each in owing if words in _names(each)]
    if exact:
        return exact
    inside = [each.slug for each in owing if any(_holds(name, words) for name in _names(each))]
    return inside or _as_ward(agencies, typed)


def _names(agency: AgencyDefinition) -> list[str]:
    names = [agency.name.vi, agency.name.en, agency.code, agency.slug.replace("-", " "), *agency.abbreviations]
    return [fold(name) for name in [*names, agency.place] if name]


def _holds(name: str, words: str) -> bool:
    """Whether each word that was typed begins one of the name's, in this order."""
    rest = name.split()
    for word in words.split():
        place = next((place for place, each in enumerate(rest) if each.startswith(word)), None)
        if place is None:
            return False
        rest = rest[place + 1 :]
    return True


def _as_ward(agencies: Mapping[str, AgencyDefinition], typed: str) -> list[str]:
    try:
        return [wards.understood(typed, agencies)]
    except Rejected as why:
        return [*([why.doubtful] if why.doubtful else []), *(each for each in why.options if each != why.doubtful)]
