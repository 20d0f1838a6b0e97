"""Files that people sent, as rows: of a draft first, then of the application that came of it.

Who asks is checked by the caller: the members of an application's business see its files, and the officers who
decide about it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import StoredFile
from bot.messages import Attachment, IncomingFile, Person
from bot.services.files.folder import path_of

__all__ = [
    "Stored",
    "attachment",
    "drop",
    "drop_replaced",
    "give_answers",
    "give_to_application",
    "keep",
    "of_application",
    "path_of",
]

_SHOWN = (StoredFile.id, StoredFile.field, StoredFile.name, StoredFile.media_type, StoredFile.size, StoredFile.path)
_OF_APPLICATION = (
    select(*_SHOWN).where(StoredFile.application_id == bindparam("application_id")).order_by(StoredFile.id)
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored file; ``field`` is the question it answers, ``path`` leads to it inside the folder of stored files."""

    id: int
    field: str
    name: str
    media_type: str
    size: int
    path: str


async def keep(
    connection: AsyncConnection,
    person: Person,
    file: IncomingFile,
    *,
    draft_id: str = "",
    obligation_id: int | None = None,
    field: str = "",
    now: datetime,
) -> int:
    """Remember a file that was taken in (``file.path`` is set); returns its id.

    In a draft of a form it takes the place of what answered the same question before. Without a draft and an
    obligation it belongs to nothing, and is forgotten after two days unless it is given to an application.
    """
    if not file.path:
        raise ValueError("only a file that was taken in can be kept")
    if draft_id:
        await drop(connection, draft_id, field)
    return (
        await connection.execute(
            insert(StoredFile)
            .values(
                contact_id=person.contact_id,
                draft_id=draft_id or None,
                obligation_id=obligation_id,
                field=field,
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                path=file.path,
                created_at=now,
            )
            .returning(StoredFile.id)
        )
    ).scalar_one()


async def drop(connection: AsyncConnection, draft_id: str, field: str) -> None:
    """Forget what answered a question of a draft; the clock removes it from the disk."""
    await connection.execute(
        delete(StoredFile).where(
            StoredFile.draft_id == draft_id, StoredFile.field == field, StoredFile.application_id.is_(None)
        )
    )


async def give_to_application(connection: AsyncConnection, draft_id: str, application_id: int) -> None:
    """All files of a draft belong to the application from now on. The caller knows whose draft it is."""
    await connection.execute(
        update(StoredFile)
        .where(StoredFile.draft_id == draft_id, StoredFile.application_id.is_(None))
        .values(application_id=application_id)
    )


async def give_answers(
    connection: AsyncConnection, draft_id: str, application_id: int, answers: Mapping[str, Any]
) -> None:
    """The same for a form: only the files that its answers name, not one whose question was skipped in the end."""
    named = _named(answers)
    if named:
        await connection.execute(
            update(StoredFile)
            .where(StoredFile.draft_id == draft_id, StoredFile.application_id.is_(None), StoredFile.id.in_(named))
            .values(application_id=application_id)
        )


async def drop_replaced(
    connection: AsyncConnection, application_id: int, questions: Collection[str], answers: Mapping[str, Any]
) -> None:
    """Forget the files that an application had as answers to these questions and that its answers no longer name.

    The clock removes them from the disk. What was sent along with an answer to an officer is no answer to a question
    of the form, and stays.
    """
    if questions:
        await connection.execute(
            delete(StoredFile).where(
                StoredFile.application_id == application_id,
                StoredFile.field.in_(questions),
                StoredFile.id.not_in(_named(answers)),
            )
        )


async def of_application(connection: AsyncConnection, application_id: int) -> list[Stored]:
    """The files of an application in the order in which they came."""
    rows = await connection.execute(_OF_APPLICATION, {"application_id": application_id})
    return [Stored(*row) for row in rows]


def _named(answers: Mapping[str, Any]) -> list[int]:
    """The ids in the answers to questions for a file."""
    return [int(value["file"]) for value in answers.values() if isinstance(value, Mapping) and "file" in value]


async def attachment(connection: AsyncConnection, application_id: int, file_id: int) -> Attachment | None:
    """A file of an application, to go with a reply; None when it isn't one of this application's.

    Whoever asks must be somebody who may see the application.
    """
    row = (
        await connection.execute(
            select(StoredFile.name, StoredFile.media_type, StoredFile.path).where(
                StoredFile.id == file_id, StoredFile.application_id == application_id
            )
        )
    ).one_or_none()
    return Attachment(*row) if row else None
