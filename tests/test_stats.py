"""The figures that members of staff see in the chat."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, insert, select, text, update

from bot.db.engine import Database
from bot.db.models.applications import Application
from bot.db.models.businesses import Business
from bot.db.models.messages import Delivery, ReceivedMessage
from bot.db.models.offerings import Offering
from bot.db.models.people import Address, Agency, Contact
from bot.db.models.reporting import Obligation
from bot.db.models.tickets import Ticket
from bot.messages import Language, Role
from bot.services import figures
from tests.chat import PersonInTown, Town
from tests.reporting import appoint, employ, plan


async def registers(town: Town, kind: str, *statuses: str) -> None:
    """Applications of these statuses, each of a business of its own."""
    now = town.clock()
    async with town.database.transaction() as connection:
        contact = await connection.scalar(select(func.min(Contact.id)))
        offering = await connection.scalar(select(func.min(Offering.id)).where(Offering.kind == kind))
        for place, status in enumerate(statuses):
            business = await connection.scalar(
                insert(Business)
                .values(tax_code=f"{kind}{place}", name="X", verified=False, created_at=now)
                .returning(Business.id)
            )
            await connection.execute(
                insert(Application).values(
                    code=f"{kind}{place}",
                    offering_id=offering,
                    business_id=business,
                    contact_id=contact,
                    status=status,
                    answers={},
                    created_at=now,
                    updated_at=now,
                )
            )


async def fails(
    town: Town, person: PersonInTown, *errors: str | None, status: str = "failed", days_ago: int = 1
) -> None:
    """Messages to the person that could not be delivered."""
    settled = town.clock() - timedelta(days=days_ago)
    async with town.database.transaction() as connection:
        address = await connection.scalar(select(Address.id).where(Address.external_id == person.external_id))
        for error in errors:
            await connection.execute(
                insert(Delivery).values(
                    address_id=address,
                    channel="telegram",
                    priority=1,
                    status=status,
                    language="vi",
                    error=error,
                    content={"text": "x", "language": "vi"},
                    created_at=settled,
                    settled_at=settled,
                )
            )


async def test_only_staff_see_figures(town: Town) -> None:
    bob = town.person("Bob", language="en")
    await bob.says("/menu")
    bob.skips()
    await bob.says("/stats")
    bob.reads("Only members of staff can see the figures.", buttons=["Menu"])
    await bob.sends_press("stats:refresh")
    bob.reads("Only members of staff can see the figures.")


async def test_the_figures_of_an_empty_town(town: Town) -> None:
    hoa = await employ(town, "Hoa", Role.VIEWER)
    await hoa.says("/stats")
    hoa.reads(
        "- Telegram: 1 can be reached, 0 blocked the assistant",
        "- Support programmes: none yet",
        "- Events: none yet",
        "Reports due in the next 60 days",
        "- not yet acknowledged: 0",
        "Questions to officers without an answer: 0",
        "could not be delivered in the last 7 days: 0",
        "were set aside: 0",
        "As of 09:00 Monday 23 November 2026",
        buttons=["Refresh", "Menu", "Progress of reports"],
    )


async def test_the_figures_of_a_busy_town(town: Town) -> None:
    hoa = await employ(town, "Hoa", Role.VIEWER)
    lan = await appoint(town, "Lan", "so-cong-thuong")
    bob = town.person("Bob", language="en")
    await bob.says("/officer Which papers does a recycler need?")
    bob.skips()
    await bob.presses("Send this question")
    bob.skips()
    await bob.blocks_the_bot()
    await registers(town, "programme", "submitted", "submitted", "withdrawn")
    await registers(town, "event", "confirmed", "waitlisted")
    await plan(town)
    await lan.says("/reports")
    lan.skips()
    await _changes_obligations(town)
    await fails(town, bob, *["unknown format"] * 3, *"abcd", None)
    await fails(town, bob, "gave up: no answer, again and again", status="undeliverable")
    await fails(town, bob, "stale: its time had passed", status="dropped")
    await fails(town, bob, "long ago", days_ago=8)
    async with town.database.transaction() as connection:
        await connection.execute(
            insert(ReceivedMessage).values(
                channel="telegram", message_id="f", received_at=town.clock(), failure_id="F1", failure="x", incoming={}
            )
        )
        owing = await connection.scalar(select(func.count()).select_from(Agency).where(Agency.owes)) or 0

    town.clock.advance(hours=2)
    await hoa.says("/thongke")
    shown = hoa.reads(
        "- Telegram: 2 can be reached, 1 blocked the assistant",
        "- Support programmes: received 2, withdrawn 1",
        "- Events: on the waiting list 1, seat confirmed 1",
        "- acknowledged, not yet handed in: 1",
        "- handed in, being checked: 2",
        "- overdue, however long: 1",
        f"Agencies without a focal point: {owing - 1}",
        f"…and {owing - 11} more",
        "Questions to officers without an answer: 1, the oldest since 09:00 Monday 23 November 2026",
        "could not be delivered in the last 7 days: 9",
        "- unknown format: 3\n- no reason given: 1\n- a: 1",
        "- other reasons: 2",
        "were set aside: 1",
    )
    assert "stale" not in shown.plain
    assert "long ago" not in shown.plain
    await hoa.presses("Refresh")
    hoa.reads("As of 11:00")


async def _changes_obligations(town: Town) -> None:
    """Of those due soon two handed in, one acknowledged, one already late; one handed in long ago."""
    today = town.clock().date()
    async with town.database.transaction() as connection:
        soon = list(
            (
                await connection.execute(
                    select(Obligation.id)
                    .where(Obligation.due_on.between(today, today + timedelta(days=figures.DAYS_AHEAD)))
                    .order_by(Obligation.id)
                    .limit(5)
                )
            ).scalars()
        )
        for obligation, status, due in (
            (soon[0], "submitted", today),
            (soon[1], "submitted", today + timedelta(days=figures.DAYS_AHEAD)),
            (soon[2], "acknowledged", today),
            (soon[3], "acknowledged", today - timedelta(days=1)),
            (soon[4], "submitted", today - timedelta(days=1)),
        ):
            await connection.execute(
                update(Obligation).where(Obligation.id == obligation).values(status=status, due_on=due)
            )


async def test_the_figures_in_vietnamese(town: Town) -> None:
    an = await employ(town, "An", Role.ADMIN, language="vi")
    await an.says("/thongke")
    buttons = ["Cập nhật", "Menu", "Tình hình nộp báo cáo", "Câu hỏi chưa có câu trả lời"]
    an.reads("Số liệu", "- Telegram: 1 liên lạc được", buttons=buttons)
    await an.says("1")
    an.reads("Số liệu")


async def test_questions_and_failures_are_counted_by_their_indexes(database: Database, town: Town) -> None:
    """On SQLite, which says plainly how it will find the rows, and never guesses from an empty table."""
    if not database.is_sqlite:
        return
    statements: list[str] = []
    async with database.reading() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        raw.driver_connection.set_trace_callback(statements.append)
        await figures.count(connection, Language.VI, today=town.clock().date(), now=town.clock())
        raw.driver_connection.set_trace_callback(None)
        plans = []
        for statement in statements:
            if statement.startswith("SELECT"):
                rows = await connection.execute(text("EXPLAIN QUERY PLAN " + statement.replace(":", r"\:")))
                plans.append(" ".join(str(row[3]) for row in rows))
    for table, indexes in ((Delivery, {"ix_delivery_troubled"}), (Ticket, {"ix_ticket_open", "uq_ticket_current"})):
        (plan_of,) = [each for each in plans if f" {table.__tablename__} " in each]
        assert indexes & set(plan_of.split())
