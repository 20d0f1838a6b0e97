"""Reports being written, shared by the focal points of an agency: each answer is stored on its own.

Whoever writes holds the lock of the obligation's row, so that answers of two people who write at once come one after
the other; ``seen`` tells whether the second has seen what it would replace.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.handing_in import ReportDraft
from bot.services.handing_in import draft_rows
from bot.services.handing_in.draft_rows import DATE, NUMBER, Draft, mark
from bot.services.reporting import obligations
from bot.services.reporting.statuses import OWED, Status


@dataclass(frozen=True, slots=True)
class Saved:
    """The draft after somebody wrote. ``clash``: keys that were left as they are, since somebody had changed them."""

    draft: Draft
    clash: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Given:
    """Answers by key; ``None`` as an answer takes out what is there."""

    figures: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Any] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        return {**self.figures, **self.parts, **self.files, **self.document}


async def load(connection: AsyncConnection, obligation_id: int, contact_id: int) -> Draft | None:
    """The draft; None when the person does not answer for the agency. Locks nothing."""
    if await obligations.find(connection, obligation_id, contact_id=contact_id) is None:
        return None
    return await draft_rows.load(connection, obligation_id)


async def save(
    connection: AsyncConnection,
    obligation_id: int,
    contact_id: int,
    *,
    figures: Mapping[str, Any],
    parts: Mapping[str, Any],
    sure: Collection[str] = (),
    seen: Mapping[str, str] | None = None,
    now: datetime,
) -> Saved | None:
    """Store figures and parts at once, as ``save_figures`` and ``save_part`` do."""
    return await _save(connection, obligation_id, contact_id, _Given(figures, parts), sure=sure, seen=seen, now=now)


async def save_figures(
    connection: AsyncConnection,
    obligation_id: int,
    contact_id: int,
    values: Mapping[str, Any],
    *,
    now: datetime,
    sure: Collection[str] = (),
    seen: Mapping[str, str] | None = None,
) -> Saved | None:
    """Store values of indicators; ``None`` as value takes one out. ``sure``: these were confirmed although unlikely.

    ``seen`` has the ``mark`` of what the writer saw there before, by key; without it what is there is replaced. None
    when the person does not answer for the agency, or the report can't be written at the moment.
    """
    return await save(connection, obligation_id, contact_id, figures=values, parts={}, sure=sure, seen=seen, now=now)


async def add_rows(
    connection: AsyncConnection,
    obligation_id: int,
    contact_id: int,
    key: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
) -> Saved | None:
    """Put rows under those that a table has by now, whoever entered these. None as for ``save_figures``."""
    draft = await _lock(connection, obligation_id, contact_id)
    if draft is None:
        return None
    there = draft.figures.get(key)
    values = {key: [*(there if isinstance(there, list) else []), *rows]}
    return await _write(connection, draft, contact_id, _Given(figures=values), now=now)


async def save_part(
    connection: AsyncConnection,
    obligation_id: int,
    contact_id: int,
    key: str,
    part: str | Mapping[str, Any] | None,
    *,
    now: datetime,
    seen: str | None = None,
) -> Saved | None:
    """Store a narrative part: a text, a file as ``{"file", "name", "size"}``, or None for nothing."""
    marks = None if seen is None else {key: seen}
    return await save(connection, obligation_id, contact_id, figures={}, parts={key: part}, seen=marks, now=now)


async def add_text(
    connection: AsyncConnection, obligation_id: int, contact_id: int, key: str, text: str, *, now: datetime
) -> Saved | None:
    """Put a paragraph under the text that a part has by now, whoever wrote that; it takes the place of a file."""
    draft = await _lock(connection, obligation_id, contact_id)
    if draft is None:
        return None
    there = draft.parts.get(key)
    whole = f"{there}\n\n{text}" if isinstance(there, str) and there else text
    return await _write(connection, draft, contact_id, _Given(parts={key: whole}), now=now)


async def save_files(
    connection: AsyncConnection,
    obligation_id: int,
    contact_id: int,
    files: Mapping[str, Mapping[str, Any] | None],
    *,
    now: datetime,
) -> Saved | None:
    """Store attachments, each as ``{"file", "name", "size"}``, or take them out."""
    return await _save(connection, obligation_id, contact_id, _Given(files=files), now=now)


async def save_document(
    connection: AsyncConnection,
    obligation_id: int,
    contact_id: int,
    *,
    number: str | None = None,
    written: date | None = None,
    now: datetime,
) -> Saved | None:
    """Store the document's number, its date, or both; None leaves what is there."""
    document = {NUMBER: number, DATE: written}
    given = {key: value for key, value in document.items() if value is not None}
    return await _save(connection, obligation_id, contact_id, _Given(document=given), now=now)


async def reopen(connection: AsyncConnection, obligation_id: int, contact_id: int, *, now: datetime) -> Draft | None:
    """Go on writing at a version that waits for review, to replace it; None when it doesn't, or isn't the person's."""
    status = await obligations.lock(connection, obligation_id, contact_id=contact_id)
    if status is not Status.SUBMITTED:
        return None
    draft = await draft_rows.load(connection, obligation_id)
    return draft if draft.revision else await draft_rows.store(connection, draft, contact_id, (), now)


async def discard(connection: AsyncConnection, obligation_id: int, contact_id: int) -> bool:
    """Throw away what was written since the last version; False when the person does not answer for the agency."""
    if await obligations.lock(connection, obligation_id, contact_id=contact_id) is None:
        return False
    await remove(connection, obligation_id)
    return True


async def remove(connection: AsyncConnection, obligation_id: int) -> None:
    """Remove the draft, and the files that no version has. The caller holds the lock of the obligation."""
    await connection.execute(delete(ReportDraft).where(ReportDraft.obligation_id == obligation_id))
    await draft_rows.drop_unused(connection, obligation_id, await draft_rows.files_of(connection, obligation_id))


async def _save(
    connection: AsyncConnection,
    obligation_id: int,
    contact_id: int,
    given: _Given,
    *,
    sure: Collection[str] = (),
    seen: Mapping[str, str] | None = None,
    now: datetime,
) -> Saved | None:
    draft = await _lock(connection, obligation_id, contact_id)
    return None if draft is None else await _write(connection, draft, contact_id, given, sure=sure, seen=seen, now=now)


async def _write(
    connection: AsyncConnection,
    before: Draft,
    contact_id: int,
    given: _Given,
    *,
    sure: Collection[str] = (),
    seen: Mapping[str, str] | None = None,
    now: datetime,
) -> Saved:
    """Store answers in a draft that is locked."""
    values = given.values
    clash = tuple(
        key
        for key, new in values.items()
        if seen is not None and mark(before.value(key)) not in (seen.get(key, mark(None)), mark(_plain(new)))
    )
    after = replace(
        before,
        figures=_merged(before.figures, given.figures, clash),
        parts=_merged(before.parts, given.parts, clash),
        files=_merged(before.files, given.files, clash),
        sure=_sure(before.sure, given.figures, sure, clash),
        document_number=given.document.get(NUMBER, before.document_number),
        document_date=given.document.get(DATE, before.document_date),
    )
    written = [key for key in values if key not in clash]
    stored = await draft_rows.store(connection, after, contact_id, written, now) if written else before
    if given.parts or given.files:
        # What a person was asked about and left aside; a colleague may have been asked just now.
        own = await draft_rows.files_of(connection, before.obligation_id, contact_id)
        left = own - set(draft_rows.file_ids(values))
        await draft_rows.drop_unused(connection, before.obligation_id, (_files(before) | left) - _files(after))
    return Saved(stored, clash)


def _files(draft: Draft) -> set[int]:
    return set(draft_rows.file_ids({**draft.parts, **draft.files}))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _merged(before: Mapping[str, Any], given: Mapping[str, Any], clash: Collection[str]) -> dict[str, Any]:
    changed = {key: value for key, value in given.items() if key not in clash}
    return {key: value for key, value in {**before, **changed}.items() if value is not None}


def _sure(
    before: Sequence[str], given: Mapping[str, Any], sure: Collection[str], clash: Collection[str]
) -> tuple[str, ...]:
    kept = [key for key in before if key not in given or key in clash]
    return tuple(dict.fromkeys([*kept, *(key for key in sure if key not in clash)]))


async def _lock(connection: AsyncConnection, obligation_id: int, contact_id: int) -> Draft | None:
    """The draft, which nobody else can change until the transaction ends; None where the person can't write now.

    What waits for review is written again only once somebody said so (``reopen``).
    """
    status = await obligations.lock(connection, obligation_id, contact_id=contact_id)
    if status is None or (status not in OWED and status is not Status.SUBMITTED):
        return None
    draft = await draft_rows.load(connection, obligation_id)
    return draft if status in OWED or draft.revision else None
