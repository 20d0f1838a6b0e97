"""What tests of reports handed in do over and over: write one, hand it in, look at what is stored."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert, select

from bot.db.models.handing_in import Submission
from bot.db.models.people import Agency
from bot.db.models.reporting import Obligation
from bot.services.handing_in import report_drafts, versions
from bot.services.handing_in.draft_rows import Draft
from bot.services.handing_in.versions import Version
from bot.services.people import contacts
from content.duty_model import Duty, Indicator
from tests.chat import PersonInTown, Town
from tests.reporting import BA_DINH, REPORT, obligation

CONFIRM = "Confirm"


async def owe(town: Town, agency: str = BA_DINH, duty: str = REPORT) -> int:
    """One obligation, without laying out those of everybody else: of the year to 14 December, due on the 16th."""
    async with town.database.transaction() as connection:
        return (
            await connection.execute(
                insert(Obligation)
                .values(
                    duty=duty,
                    agency_id=select(Agency.id).where(Agency.slug == agency).scalar_subquery(),
                    period_start=date(2025, 12, 15),
                    period_end=date(2026, 12, 14),
                    due_on=date(2026, 12, 16),
                    status="open",
                )
                .returning(Obligation.id)
            )
        ).scalar_one()


async def contact_id(town: Town, person: PersonInTown) -> int:
    async with town.database.reading() as connection:
        found = await contacts.find(connection, town.channel.name, person.external_id)
    assert found is not None
    return found.contact_id


def answers(duty: Duty) -> dict[str, Any]:
    """A figure for every indicator."""
    return {key: _answer(each) for key, each in duty.figures.items()}


def _answer(indicator: Indicator) -> Any:
    match indicator.kind:
        case "choice":
            return indicator.choices[0].value
        case "table":
            return []
        case "text":
            return "Không có."
        case "money":
            return 50_000_000
        case _:
            return 5


async def write(
    town: Town, person: PersonInTown, number: int, *, duty: str = REPORT, document: str = "05/BC-UBND", **more: Any
) -> None:
    """Everything that the report needs, in the draft, as this person's words; ``more`` are other figures."""
    known = town.conversation.known.duties[duty]
    who, now = await contact_id(town, person), town.clock()
    async with town.database.transaction() as connection:
        figures = answers(known) | more
        assert await report_drafts.save_figures(connection, number, who, figures, sure=figures, now=now)
        for section in known.sections:
            assert await report_drafts.save_part(connection, number, who, section.key, "Không có.", now=now)
        today = now.astimezone(town.conversation.translators.vi.zone).date()
        assert await report_drafts.save_document(connection, number, who, number=document, written=today, now=now)


async def hand_in(town: Town, person: PersonInTown, number: int, **more: Any) -> None:
    """Write a report and hand it in, in the chat; the receipt is unread."""
    await write(town, person, number, **more)
    async with town.database.reading() as connection:
        draft = await report_drafts.load(connection, number, await contact_id(town, person))
    assert draft is not None
    await person.sends_press(f"hand:submit:{number}:{draft.revision}")


async def draft_of(town: Town, person: PersonInTown, number: int) -> Draft:
    who = await contact_id(town, person)
    async with town.database.reading() as connection:
        draft = await report_drafts.load(connection, number, who)
    assert draft is not None
    return draft


async def versions_of(town: Town, number: int) -> list[Version]:
    async with town.database.reading() as connection:
        return await versions.of_obligation(connection, number)


async def status_of(town: Town, number: int) -> str:
    async with town.database.reading() as connection:
        return str(await connection.scalar(select(Obligation.status).where(Obligation.id == number)))


async def last_year(town: Town, figures: dict[str, Any], agency: str = BA_DINH, duty: str = REPORT) -> None:
    """What was accepted for the period before."""
    async with town.database.transaction() as connection:
        agency_id = await connection.scalar(select(Agency.id).where(Agency.slug == agency))
        number = await connection.scalar(
            insert(Obligation)
            .values(
                duty=duty,
                agency_id=agency_id,
                period_start=date(2024, 12, 15),
                period_end=date(2025, 12, 14),
                due_on=date(2025, 12, 16),
                status="accepted",
                version=1,
            )
            .returning(Obligation.id)
        )
        await connection.execute(
            insert(Submission).values(
                obligation_id=number, version=1, code="BC-TEST-01", status="accepted", late=False, figures=figures,
                parts={}, files={}, sure=[], document_number="01/BC-UBND", document_date=date(2025, 12, 15),
                submitted_at=datetime(2025, 12, 15, tzinfo=UTC),
            )
        )  # fmt: skip


async def newest_obligation(town: Town, agency: str = BA_DINH, duty: str = REPORT) -> int:
    """The obligation of the period that is asked about: the one that is not over."""
    async with town.database.reading() as connection:
        found = await connection.scalar(
            select(Obligation.id)
            .join(Agency, Agency.id == Obligation.agency_id)
            .where(Agency.slug == agency, Obligation.duty == duty, Obligation.status != "accepted")
            .order_by(Obligation.due_on)
            .limit(1)
        )
    return found or await obligation(town, agency, duty)
