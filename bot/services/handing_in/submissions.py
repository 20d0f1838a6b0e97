"""Handing in: what an agency has written becomes a version that never changes again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.handing_in import Submission
from bot.db.models.reporting import Obligation
from bot.services.applications import application_codes
from bot.services.handing_in import draft_rows, questions, report_drafts, versions
from bot.services.handing_in.draft_rows import Draft
from bot.services.handing_in.versions import Version, latest_accepted
from bot.services.reminding import steps
from bot.services.reporting import extensions, history, obligations
from bot.services.reporting.history import What
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import OWED, Status
from content.duty_model import Duty

__all__ = ["Outcome", "Result", "latest_accepted", "submit"]

PREFIX = "BC"


class Outcome(StrEnum):
    """What came of handing in. CHANGED: a colleague wrote since the preview; GONE: there is nothing to hand in now."""

    DONE = "done"
    CHANGED = "changed"
    INCOMPLETE = "incomplete"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome, with the obligation as it now is, and the version that came of it."""

    outcome: Outcome
    owed: Owed
    version: Version | None = None


async def submit(
    connection: AsyncConnection,
    obligation_id: int,
    contact_id: int,
    *,
    revision: int,
    duty: Duty,
    zone: ZoneInfo,
    now: datetime,
) -> Result | None:
    """Hand in the draft as the person has seen it (``revision``): it becomes the next version, and reminding stops.

    A version that nobody has decided about yet is replaced. Where nobody reviews the duty it is accepted with that.
    None when the person does not answer for the agency. ``zone`` tells which day it is.
    """
    status = await obligations.lock(connection, obligation_id, contact_id=contact_id)
    if status is None:
        return None
    owed = await obligations.find(connection, obligation_id, contact_id=contact_id)
    if owed is None:
        return None
    draft = await draft_rows.load(connection, obligation_id)
    if status not in OWED and (status is not Status.SUBMITTED or not draft.revision):
        return Result(Outcome.GONE, owed)
    if draft.revision != revision:
        return Result(Outcome.CHANGED, owed)
    if questions.missing(duty, draft) or not draft.document_date:
        return Result(Outcome.INCOMPLETE, owed)
    version_id = await _insert(connection, owed, draft, contact_id, duty, zone, now)
    await report_drafts.remove(connection, obligation_id)
    await _close(connection, obligation_id, now)
    version = await versions.find(connection, version_id)
    after = await obligations.find(connection, obligation_id, contact_id=contact_id)
    if version is None or after is None:
        raise RuntimeError("a version that was just stored can't be found")
    await history.record(
        connection,
        obligation_id,
        What.SUBMITTED,
        contact_id=contact_id,
        now=now,
        version=version.version,
        code=version.code,
        late=version.late,
    )
    if after.status is Status.ACCEPTED:
        await history.record(connection, obligation_id, What.ACCEPTED, now=now, version=version.version, level=0)
    return Result(Outcome.DONE, after, version)


async def _insert(
    connection: AsyncConnection,
    owed: Owed,
    draft: Draft,
    contact_id: int,
    duty: Duty,
    zone: ZoneInfo,
    now: datetime,
) -> int:
    """The new version, and the obligation that now stands at it."""
    reviewed = bool(duty.reviewers)
    await connection.execute(
        update(Submission)
        .where(Submission.obligation_id == owed.id, Submission.status == "submitted")
        .values(status="replaced")
    )
    content = questions.asked_for(duty, draft)
    values = {
        "obligation_id": owed.id,
        "version": owed.version + 1,
        "status": "submitted" if reviewed else "accepted",
        "late": now.astimezone(zone).date() > (owed.correct_by or owed.due_on),
        "figures": dict(content.figures),
        "parts": dict(content.parts),
        "files": dict(content.files),
        "sure": [key for key in content.sure if key in content.figures],
        "document_number": draft.document_number,
        "document_date": draft.document_date,
        "submitted_by": contact_id,
        "submitted_at": now,
    }
    await connection.execute(
        update(Obligation)
        .where(Obligation.id == owed.id)
        .values(
            status=(Status.SUBMITTED if reviewed else Status.ACCEPTED).value,
            version=owed.version + 1,
            level=0,
            correct_by=None,
            submitted_at=now,
            submitted_by=contact_id,
            first_submitted_at=func.coalesce(Obligation.first_submitted_at, now),
            document_number=draft.document_number,
            document_date=draft.document_date,
        )
    )
    stored: int | None = await connection.scalar(
        insert(Submission).values(code=await _free_code(connection), **values).returning(Submission.id)
    )
    if stored is None:
        raise RuntimeError("a version was not stored")
    return stored


async def _free_code(connection: AsyncConnection) -> str:
    while True:
        code = application_codes.new_code(PREFIX)
        if await connection.scalar(select(Submission.id).where(Submission.code == code)) is None:
            return code


async def _close(connection: AsyncConnection, obligation_id: int, now: datetime) -> None:
    """Nobody is reminded any more, and nobody has to decide about more time."""
    await steps.stop(connection, obligation_id, "submitted", now)
    await extensions.close(connection, [obligation_id], now)
