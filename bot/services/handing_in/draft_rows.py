"""The draft of a report as a row: what an agency has written, who wrote what, and the files that belong to it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Row, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.models.applications import StoredFile
from bot.db.models.handing_in import ReportDraft, Submission
from bot.db.models.people import Contact
from bot.db.upsert import insert_for
from bot.services.reporting.obligations import Deed

NUMBER, DATE = "document_number", "document_date"


@dataclass(frozen=True, slots=True)
class Draft:
    """What an agency has written of a report. Values are as in the table; ``authors`` says who wrote what last, by key.

    ``revision`` is 0 while nothing has been stored: then the content is that of the version handed in before, if any.
    """

    obligation_id: int
    figures: Mapping[str, Any]
    parts: Mapping[str, Any]
    files: Mapping[str, Any]
    sure: tuple[str, ...]
    document_number: str
    document_date: date | None
    revision: int
    authors: Mapping[str, Deed]
    changed: Deed | None

    @property
    def empty(self) -> bool:
        return not (self.figures or self.parts or self.files or self.document_number or self.document_date)

    def value(self, key: str) -> Any:
        """What was answered to one question; None when nothing was."""
        if key == NUMBER:
            return self.document_number or None
        if key == DATE:
            return self.document_date.isoformat() if self.document_date else None
        return next((kind[key] for kind in (self.figures, self.parts, self.files) if key in kind), None)


def mark(value: Any) -> str:
    """A short sign of a value, for ``seen``: another value has another one."""
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]


async def load(connection: AsyncConnection, obligation_id: int) -> Draft:
    """The draft, or what it would begin with. Who may see it is the caller's to check."""
    row = (
        await connection.execute(select(ReportDraft).where(ReportDraft.obligation_id == obligation_id))
    ).one_or_none()
    if row is None:
        return await _from_version(connection, obligation_id)
    ids = {int(each[0]) for each in row.authors.values()} | ({row.changed_by} if row.changed_by else set())
    return _draft(row, await _names(connection, ids))


async def _names(connection: AsyncConnection, ids: Collection[int]) -> dict[int, str]:
    """What people are called; those who have been forgotten are left out."""
    if not ids:
        return {}
    rows = await connection.execute(select(Contact.id, Contact.name).where(among(connection, Contact.id, sorted(ids))))
    return {each.id: each.name for each in rows}


def _draft(row: Row[Any], names: Mapping[int, str]) -> Draft:
    return Draft(
        obligation_id=row.obligation_id,
        figures=row.figures,
        parts=row.parts,
        files=row.files,
        sure=tuple(row.sure),
        document_number=row.document_number or "",
        document_date=row.document_date,
        revision=row.revision,
        authors={
            key: Deed(id_ if id_ in names else None, names.get(id_, ""), datetime.fromisoformat(at))
            for key, (id_, at) in row.authors.items()
        },
        changed=Deed(row.changed_by, names.get(row.changed_by, ""), row.changed_at),
    )


async def _from_version(connection: AsyncConnection, obligation_id: int) -> Draft:
    """What the newest version has, to be corrected; nothing where there is none yet."""
    row = (
        await connection.execute(
            select(Submission)
            .where(Submission.obligation_id == obligation_id)
            .order_by(Submission.version.desc())
            .limit(1)
        )
    ).one_or_none()
    if row is None:
        return Draft(obligation_id, {}, {}, {}, (), "", None, 0, {}, None)
    return Draft(
        obligation_id,
        row.figures,
        row.parts,
        row.files,
        tuple(row.sure),
        row.document_number,
        row.document_date,
        0,
        {},
        None,
    )


async def store(
    connection: AsyncConnection, draft: Draft, contact_id: int, written: Sequence[str], now: datetime
) -> Draft:
    """One revision more, with whoever wrote it."""
    authors = {key: [deed.contact_id, deed.at.isoformat()] for key, deed in draft.authors.items() if deed.contact_id}
    authors |= {key: [contact_id, now.isoformat()] for key in written}
    values = {
        "figures": dict(draft.figures),
        "parts": dict(draft.parts),
        "files": dict(draft.files),
        "sure": list(draft.sure),
        "authors": authors,
        "document_number": draft.document_number or None,
        "document_date": draft.document_date,
        "revision": draft.revision + 1,
        "changed_by": contact_id,
        "changed_at": now,
    }
    stored = await connection.execute(
        insert_for(connection, ReportDraft)
        .values(obligation_id=draft.obligation_id, **values)
        .on_conflict_do_update(index_elements=["obligation_id"], set_=values)
        .returning(*ReportDraft.__table__.columns)
    )
    names = {deed.contact_id: deed.name for deed in draft.authors.values() if deed.contact_id}
    if contact_id not in names:
        names |= await _names(connection, [contact_id])
    return _draft(stored.one(), names)


async def files_of(connection: AsyncConnection, obligation_id: int, contact_id: int | None = None) -> set[int]:
    """The stored files of an obligation, or those that one person sent."""
    sent = [] if contact_id is None else [StoredFile.contact_id == contact_id]
    return set(await connection.scalars(select(StoredFile.id).where(StoredFile.obligation_id == obligation_id, *sent)))


async def drop_unused(connection: AsyncConnection, obligation_id: int, ids: Collection[int]) -> None:
    """Forget these files of the obligation, but for what a version has; the clock takes them off the disk."""
    if not ids:
        return
    versions = await connection.execute(
        select(Submission.parts, Submission.files).where(Submission.obligation_id == obligation_id)
    )
    kept = {each for parts, files in versions for each in file_ids({**parts, **files})}
    gone = sorted(set(ids) - kept)
    if gone:
        ours = StoredFile.obligation_id == obligation_id
        await connection.execute(delete(StoredFile).where(ours, among(connection, StoredFile.id, gone)))


def file_ids(values: Mapping[str, Any]) -> list[int]:
    """The stored files that parts or attachments name."""
    return [int(each["file"]) for each in values.values() if isinstance(each, Mapping) and "file" in each]
