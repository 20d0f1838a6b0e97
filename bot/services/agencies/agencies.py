"""The bodies of the city, as rows that obligations and focal points refer to, and who answers for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Agency, FocalPoint
from bot.db.upsert import insert_for
from bot.messages import Language
from content.model import Content

BATCH = 500


class FocalRole(StrEnum):
    """How a person answers for an agency."""

    HOLDER = "holder"
    DEPUTY = "deputy"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class AgencyName:
    """Which agency, in both languages."""

    id: int
    slug: str
    vi: str
    en: str

    def in_language(self, language: Language) -> str:
        return self.vi if language is Language.VI else self.en


@dataclass(frozen=True, slots=True)
class Responsibility:
    """One person's part in one agency."""

    agency: AgencyName
    role: FocalRole


async def sync(connection: AsyncConnection, known: Content) -> None:
    """Make the agency table say what the content says; rows are found by slug and never removed."""
    rows = [
        {
            "slug": agency.slug,
            "code": agency.code,
            "kind": agency.kind,
            "name_vi": agency.name.vi,
            "name_en": agency.name.en,
            "owes": agency.owes,
        }
        for agency in known.agencies.values()
    ]
    for start in range(0, len(rows), BATCH):
        statement = insert_for(connection, Agency).values(rows[start : start + BATCH])
        new = statement.excluded
        changed = or_(
            Agency.code != new.code,
            Agency.kind != new.kind,
            Agency.name_vi != new.name_vi,
            Agency.name_en != new.name_en,
            Agency.owes != new.owes,
        )
        columns = {name: new[name] for name in ("code", "kind", "name_vi", "name_en", "owes")}
        await connection.execute(statement.on_conflict_do_update(index_elements=["slug"], set_=columns, where=changed))


async def ids_by_slug(connection: AsyncConnection) -> dict[str, int]:
    """The number of every agency's row."""
    return {row.slug: row.id for row in await connection.execute(select(Agency.slug, Agency.id))}


async def names(connection: AsyncConnection) -> dict[int, AgencyName]:
    """Every agency by the number of its row."""
    rows = await connection.execute(select(Agency.id, Agency.slug, Agency.name_vi, Agency.name_en))
    return {row.id: AgencyName(*row) for row in rows}


async def responsibilities(connection: AsyncConnection, contact_id: int) -> list[Responsibility]:
    """The agencies that a person answers for."""
    rows = await connection.execute(
        select(Agency.id, Agency.slug, Agency.name_vi, Agency.name_en, FocalPoint.role)
        .join(Agency, Agency.id == FocalPoint.agency_id)
        .where(FocalPoint.contact_id == contact_id)
        .order_by(Agency.id)
    )
    return [Responsibility(AgencyName(id_, slug, vi, en), FocalRole(role)) for id_, slug, vi, en, role in rows]
