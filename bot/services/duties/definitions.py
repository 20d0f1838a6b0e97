"""Duties that staff sent as files: every version is kept, the newest of each name counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import aliased

from bot.db.models.handing_in import DutyDefinition
from bot.db.models.people import Contact
from content.added_duties import with_duties
from content.duty_model import Duty
from content.model import Content

CONTENT_FILES = "content/duties"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a duty. ``file_name`` is empty where a button was pressed; ``duty`` None: it can't be read now.

    The first may be that of the content files.
    """

    by: str
    at: datetime
    file_name: str
    duty: Duty | None


_first = aliased(DutyDefinition)
_LAST = select(func.max(DutyDefinition.id)).group_by(DutyDefinition.slug)
_NEWEST = (
    select(DutyDefinition.definition)
    .where(DutyDefinition.id.in_(_LAST))
    .order_by(select(func.min(_first.id)).where(_first.slug == DutyDefinition.slug).scalar_subquery())
)


async def version(connection: AsyncConnection) -> int:
    """A number that is another one as soon as anything more is stored."""
    return await connection.scalar(select(func.max(DutyDefinition.id))) or 0


async def newest(connection: AsyncConnection) -> list[dict[str, Any]]:
    """The newest version of every duty that staff sent, in the order in which they first came."""
    return list(await connection.scalars(_NEWEST))


async def over(connection: AsyncConnection, known: Content) -> Content:
    """The content with what staff sent up to this moment, for whoever can't wait until the process takes it in."""
    content, _ = with_duties(known, await newest(connection))
    return content


async def keep(
    connection: AsyncConnection,
    duties: Sequence[Duty],
    before: Mapping[str, Duty],
    *,
    file_name: str,
    contact_id: int,
    now: datetime,
) -> None:
    """Store new versions. Under the first of a duty lies what the content files said, so that the history is whole."""
    slugs = [duty.slug for duty in duties]
    there = set(await connection.scalars(select(DutyDefinition.slug).where(DutyDefinition.slug.in_(slugs))))
    first = [before[slug] for slug in slugs if slug in before and slug not in there]
    rows = [(each, CONTENT_FILES, None) for each in first] + [(each, file_name, contact_id) for each in duties]
    if rows:
        await connection.execute(
            insert(DutyDefinition),
            [
                {
                    "slug": duty.slug,
                    "definition": duty.model_dump(mode="json", by_alias=True),
                    "file_name": name,
                    "added_by": by,
                    "added_at": now,
                }
                for duty, name, by in rows
            ],
        )


async def history(connection: AsyncConnection, slug: str) -> list[Version]:
    """Every change of a duty by staff, the oldest first."""
    rows = await connection.execute(
        select(Contact.name, DutyDefinition.added_at, DutyDefinition.file_name, DutyDefinition.definition)
        .outerjoin(Contact, Contact.id == DutyDefinition.added_by)
        .where(DutyDefinition.slug == slug)
        .order_by(DutyDefinition.id)
    )
    return [Version(name or "", at, file_name, _read(definition)) for name, at, file_name, definition in rows]


def _read(definition: dict[str, Any]) -> Duty | None:
    try:
        return Duty.model_validate(definition)
    except ValidationError:
        return None
