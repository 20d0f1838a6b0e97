"""Towns whose agencies have handed in, for the tests of what is put together from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.handing_in import Submission
from bot.db.models.people import Agency
from bot.db.models.reporting import Obligation


@dataclass(frozen=True, slots=True)
class Given:
    """What one agency handed in. ``status`` is the obligation's: accepted, submitted, open, …"""

    agency: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Any] = field(default_factory=dict)
    status: str = "accepted"
    number: str = "05/BC-UBND"


async def hand_in(
    connection: AsyncConnection,
    duty: str,
    period: tuple[date, date],
    due_on: date,
    reports: Sequence[Given],
    *,
    at: datetime,
) -> None:
    """Store obligations of one period with what was handed in, as if reviewed already."""
    slugs = {slug: id_ for id_, slug in await connection.execute(select(Agency.id, Agency.slug))}
    for place, report in enumerate(reports, start=1):
        came = report.status not in ("open", "acknowledged")
        obligation_id = await connection.scalar(
            insert(Obligation)
            .values(
                duty=duty,
                agency_id=slugs[report.agency],
                period_start=period[0],
                period_end=period[1],
                due_on=due_on,
                status=report.status,
                version=1 if came else 0,
                submitted_at=at if came else None,
                first_submitted_at=at if came else None,
                document_number=report.number if came else None,
                document_date=at.date() if came else None,
            )
            .returning(Obligation.id)
        )
        if came:
            await connection.execute(
                insert(Submission).values(
                    obligation_id=obligation_id,
                    version=1,
                    code=f"BC-{period[1]:%y%m}-{duty[:2]}{place:03}",
                    status=report.status,
                    late=False,
                    figures=dict(report.figures),
                    parts=dict(report.parts),
                    files={},
                    sure=[],
                    document_number=report.number,
                    document_date=at.date(),
                    submitted_at=at,
                )
            )
