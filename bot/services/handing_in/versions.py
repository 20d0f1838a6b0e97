"""Reports as they were handed in: every version of one, and what was accepted for other periods.

Who may see a version is the caller's to check, except where a contact is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.applications import StoredFile
from bot.db.models.handing_in import Review, Submission
from bot.db.models.people import Contact
from bot.db.models.reporting import Obligation
from bot.messages import Attachment
from bot.services.handing_in.draft_rows import file_ids
from bot.services.reporting.obligations import Deed


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a report. ``status``: submitted, returned, accepted, replaced. Values are as in a draft."""

    id: int
    obligation_id: int
    version: int
    code: str
    status: str
    late: bool
    figures: Mapping[str, Any]
    parts: Mapping[str, Any]
    files: Mapping[str, Any]
    sure: tuple[str, ...]
    document_number: str
    document_date: date
    submitted: Deed


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a receiving agency said of a version. ``verdict``: accepted, returned."""

    version: int
    level: int
    agency_slug: str
    verdict: str
    remarks: str
    reviewed: Deed


_VERSION: Select[*tuple[Any, ...]] = select(
    Submission.id,
    Submission.obligation_id,
    Submission.version,
    Submission.code,
    Submission.status,
    Submission.late,
    Submission.figures,
    Submission.parts,
    Submission.files,
    Submission.sure,
    Submission.document_number,
    Submission.document_date,
    Submission.submitted_by,
    Submission.submitted_at,
    Contact.name,
).outerjoin(Contact, Contact.id == Submission.submitted_by)


async def find(connection: AsyncConnection, submission_id: int) -> Version | None:
    """One version."""
    row = (await connection.execute(_VERSION.where(Submission.id == submission_id))).one_or_none()
    return _version(row) if row else None


async def of_obligation(connection: AsyncConnection, obligation_id: int) -> list[Version]:
    """All versions of a report, the oldest first."""
    rows = await connection.execute(
        _VERSION.where(Submission.obligation_id == obligation_id).order_by(Submission.version)
    )
    return [_version(row) for row in rows]


async def newest(connection: AsyncConnection, obligation_id: int) -> Version | None:
    """The version handed in last; None before the first."""
    rows = await connection.execute(
        _VERSION.where(Submission.obligation_id == obligation_id).order_by(Submission.version.desc()).limit(1)
    )
    row = rows.one_or_none()
    return _version(row) if row else None


async def latest_accepted(connection: AsyncConnection, duty: str, period_end: date) -> dict[int, Version]:
    """What was accepted for a duty and period, by agency id."""
    rows = await connection.execute(
        _VERSION.add_columns(Obligation.agency_id)
        .join(Obligation, Obligation.id == Submission.obligation_id)
        .where(Obligation.duty == duty, Obligation.period_end == period_end, Submission.status == "accepted")
        .order_by(Submission.obligation_id, Submission.version)
    )
    return {row.agency_id: _version(row) for row in rows}


async def last_figures(connection: AsyncConnection, duty: str, agency_id: int, before: date) -> dict[str, Any]:
    """The figures accepted for an agency's last period that ended before a day; none where there are none."""
    found = await connection.scalar(
        select(Submission.figures)
        .join(Obligation, Obligation.id == Submission.obligation_id)
        .where(
            Obligation.agency_id == agency_id,
            Obligation.duty == duty,
            Obligation.period_end < before,
            Submission.status == "accepted",
        )
        .order_by(Obligation.period_end.desc(), Submission.version.desc())
        .limit(1)
    )
    return found or {}


async def accepted_by_year(connection: AsyncConnection, duty: str, until: date) -> list[tuple[int, dict[str, Any]]]:
    """(year of the period's end, figures) of everything accepted for a duty up to a year's end, the oldest first."""
    rows = await connection.execute(
        select(Obligation.period_end, Submission.figures)
        .join(Obligation, Obligation.id == Submission.obligation_id)
        .where(
            Obligation.duty == duty,
            Obligation.period_end <= date(until.year, 12, 31),
            Submission.status == "accepted",
        )
        .order_by(Obligation.period_end, Submission.version)
    )
    return [(end.year, figures) for end, figures in rows]


async def verdicts(connection: AsyncConnection, obligation_id: int) -> list[Verdict]:
    """What was said of every version of a report, the oldest first."""
    rows = await connection.execute(
        select(
            Submission.version,
            Review.level,
            Review.agency_slug,
            Review.verdict,
            Review.remarks,
            Review.reviewed_by,
            Review.reviewed_at,
            Contact.name,
        )
        .join(Submission, Submission.id == Review.submission_id)
        .outerjoin(Contact, Contact.id == Review.reviewed_by)
        .where(Submission.obligation_id == obligation_id)
        .order_by(Review.id)
    )
    return [
        Verdict(
            row.version,
            row.level,
            row.agency_slug,
            row.verdict,
            row.remarks,
            Deed(row.reviewed_by, row.name or "", row.reviewed_at),
        )
        for row in rows
    ]


async def attachment(connection: AsyncConnection, version: Version, file_id: int) -> Attachment | None:
    """A file of a version, to go with a reply; None when it isn't one of this version's."""
    if file_id not in file_ids({**version.parts, **version.files}):
        return None
    return await stored(connection, version.obligation_id, file_id)


async def stored(connection: AsyncConnection, obligation_id: int, file_id: int) -> Attachment | None:
    """A file of an obligation, of its draft or of a version."""
    row = (
        await connection.execute(
            select(StoredFile.name, StoredFile.media_type, StoredFile.path).where(
                StoredFile.id == file_id, StoredFile.obligation_id == obligation_id
            )
        )
    ).one_or_none()
    return Attachment(*row) if row else None


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Sequence[str]:
    """The keys whose values differ between two versions, in the order of the newer one."""
    return [key for key in {**after, **before} if before.get(key) != after.get(key)]


def _version(row: Row[Any]) -> Version:
    return Version(
        id=row.id,
        obligation_id=row.obligation_id,
        version=row.version,
        code=row.code,
        status=row.status,
        late=row.late,
        figures=row.figures,
        parts=row.parts,
        files=row.files,
        sure=tuple(row.sure),
        document_number=row.document_number,
        document_date=row.document_date,
        submitted=_deed(row.submitted_by, row.name, row.submitted_at),
    )


def _deed(contact_id: int | None, name: str | None, at: datetime) -> Deed:
    return Deed(contact_id, name or "", at)
