"""An event with few seats, and the answers of those who want one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select

from bot.db.engine import Database
from bot.db.models.applications import Application
from bot.db.models.offerings import Offering
from tests.signing_up import tax_codes

TITLE = "Ví dụ: Hội nghị nhiều người mong đợi"


def answers(count: int) -> list[Mapping[str, str]]:
    """What so many people of so many businesses answer, by the names of the questions."""
    return [
        {
            "Đồng ý xử lý dữ liệu cá nhân": "đồng ý",
            "Nhận tin về Kế hoạch": "không",
            "Tên doanh nghiệp": f"Công ty Môi trường số {number + 1}",
            "Mã số thuế": code,
            "Người liên hệ": "Nguyễn Thị Lan",
            "Điện thoại công việc": "0912345678",
            "Thư điện tử công việc": f"lan{number + 1}@songhong.vn",
        }
        for number, code in enumerate(tax_codes(count))
    ]


async def make_event(database: Database, seats: int) -> int:
    """Add the event; returns its id."""
    both = {"vi": TITLE, "en": "Example: A meeting that many look forward to"}
    starts_at = datetime.now(UTC) + timedelta(days=60)
    async with database.transaction() as connection:
        made = await connection.execute(
            insert(Offering)
            .values(
                slug="example-rush",
                kind="event",
                agency_slug="so-cong-thuong",
                form="event-registration",
                details={
                    "title": both,
                    "summary": both,
                    "note": both,
                    "place": both,
                    "source": "",
                    "owner_named": True,
                },
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=3),
                capacity=seats,
                sample=True,
                active=True,
                origin="chat",
            )
            .returning(Offering.id)
        )
        return int(made.scalar_one())


@dataclass(frozen=True, slots=True)
class Outcome:
    """The applications in the order in which they arrived, and how often each business has one."""

    codes: tuple[str, ...]
    statuses: tuple[str, ...]
    businesses: int


async def outcome(database: Database, event: int) -> Outcome:
    async with database.reading() as connection:
        rows = (
            await connection.execute(
                select(Application.code, Application.status)
                .where(Application.offering_id == event)
                .order_by(Application.id)
            )
        ).all()
        businesses = await connection.scalar(
            select(func.count(Application.business_id.distinct())).where(Application.offering_id == event)
        )
    return Outcome(tuple(row[0] for row in rows), tuple(row[1] for row in rows), businesses or 0)
