"""What people of the story do, done through the program's services as the chat does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.models.handing_in import Submission
from bot.db.models.people import Address, Agency
from bot.db.models.reporting import Extension, Obligation
from bot.messages import Language, Role
from bot.services.agencies import focal_points, handovers
from bot.services.agencies.agencies import FocalRole
from bot.services.agencies.focal_points import Absence
from bot.services.calendar import working_days
from bot.services.handing_in import report_drafts, reviews, submissions
from bot.services.people import contacts
from bot.services.reporting import extensions, not_mine, receivers, responses
from content.model import Content
from tests.simulated_year.story import Act, Officer, Report, What

CHAT = "telegram"


@dataclass
class Actors:
    """Who is who in the database. ``blocking``: those to whom the messenger delivers nothing."""

    known: Content
    zone: ZoneInfo
    agencies: dict[str, int]
    blocking: set[str] = field(default_factory=set)
    contacts: dict[str, int] = field(default_factory=dict)
    reports: dict[Report, int] = field(default_factory=dict)

    async def employ(self, connection: AsyncConnection, officer: Officer, now: datetime) -> None:
        """Make somebody a member of staff."""
        await self._meet(connection, officer.name, Language.EN, now)
        contact_id = self.contacts[officer.name]
        await contacts.set_role(connection, contact_id, Role.ADMIN if officer.admin else Role.OPERATOR)
        if officer.agency:
            await contacts.set_agency(connection, contact_id, officer.agency)

    async def do(self, database: Database, act: Act) -> None:
        """Do it; whatever the program refuses is a fault of the story or of the program."""
        if act.what is What.BLOCKS:
            self.blocking.add(act.who)  # the program learns of it when it writes
            return
        async with database.transaction() as connection:
            if act.report is None:
                done = await self._in_agency(connection, act)
            elif act.what in (What.GRANTS, What.REFUSES, What.ACCEPTS, What.RETURNS):
                done = await self._as_officer(connection, act, await self._number(connection, act.report))
            else:
                done = await self._about_report(connection, act, await self._number(connection, act.report))
        if not done:
            raise AssertionError(f"the program refused: {act}")

    async def _meet(self, connection: AsyncConnection, who: str, language: Language, now: datetime) -> None:
        if who not in self.contacts:
            person = await contacts.add(connection, CHAT, who, name=who, language=language, now=now)
            self.contacts[who] = person.contact_id

    async def _number(self, connection: AsyncConnection, report: Report) -> int:
        if report not in self.reports:
            rows = await connection.execute(
                select(Obligation.duty, Agency.slug, Obligation.period_end, Obligation.id).join(
                    Agency, Agency.id == Obligation.agency_id
                )
            )
            self.reports = {Report((duty, slug, end)): number for duty, slug, end, number in rows}
        return self.reports[report]

    async def _in_agency(self, connection: AsyncConnection, act: Act) -> bool:
        agency = self.agencies[act.agency]
        language = Language.VI if agency % 2 else Language.EN
        match act.what:
            case What.LINKS:
                await self._meet(connection, act.who, language, act.at)
                await focal_points.appoint(connection, agency, self.contacts[act.who], FocalRole(act.role), act.at)
                return True
            case What.HANDS_OVER:
                await self._meet(connection, act.other, language, act.at)
                return (
                    await handovers.succeed(
                        connection, agency, self.contacts[act.who], self.contacts[act.other], act.at
                    )
                    is not None
                )
        who = self.contacts[act.who]
        match act.what:
            case What.CONFIRMS_MAILBOX:
                await connection.execute(
                    insert(Address).values(contact_id=who, channel=contacts.EMAIL, external_id=f"{who}/{who}@hanoi.vn",
                                           created_at=act.at)
                )  # fmt: skip
                return True
            case What.COMES_BACK:
                self.blocking.discard(act.who)
                person = await contacts.find(connection, CHAT, act.who)
                assert person is not None
                await contacts.mark_reachable(connection, person.address_id)
                return True
            case What.IS_AWAY:
                assert act.day
                assert act.until
                absence = Absence(act.day, act.until, self.contacts[act.other] if act.other else None)
                return await focal_points.be_away(connection, agency, who, absence, act.at)
            case What.IS_BACK:
                return await focal_points.be_back(connection, agency, who, act.at)
            case What.LEAVES:
                return await handovers.leave(connection, agency, who, by=who, now=act.at)
            case _:
                raise AssertionError(act)

    async def _about_report(self, connection: AsyncConnection, act: Act, number: int) -> bool:
        who = self.contacts[act.who]
        match act.what:
            case What.ACKNOWLEDGES:
                done = await responses.acknowledge(connection, number, contact_id=who, known=self.known, now=act.at)
            case What.PLANS:
                assert act.day
                done = await responses.plan_for(connection, number, act.day, contact_id=who, zone=self.zone, now=act.at)
                return done is not None
            case What.SNOOZES:
                assert act.moment
                done = await responses.snooze(connection, number, act.moment, contact_id=who, now=act.at)
            case What.NOT_MINE:
                named = self.contacts[act.other] if act.other else None
                await not_mine.say(connection, number, who, passed_to=named, now=act.at)
                return True
            case What.TAKES_BACK:
                return await not_mine.take_back(connection, number, who, act.at)
            case What.ASKS:
                assert act.day
                asked = await extensions.ask(
                    connection, number, contact_id=who, until=act.day, reason="much to do", now=act.at
                )
                return asked is not None and asked.outcome is extensions.Outcome.DONE
            case What.SUBMITS:
                return await self._submit(connection, number, who, act)
            case _:
                raise AssertionError(act)
        return done is not None and done.changed

    async def _submit(self, connection: AsyncConnection, number: int, who: int, act: Act) -> bool:
        assert act.report is not None
        today: date = act.at.date()
        saved = await report_drafts.save_document(connection, number, who, number="05/BC", written=today, now=act.at)
        assert saved is not None, act
        result = await submissions.submit(
            connection, number, who, revision=saved.draft.revision, duty=self.known.duties[act.report.duty],
            zone=self.zone, now=act.at,
        )  # fmt: skip
        return result is not None and result.outcome is submissions.Outcome.DONE

    async def _as_officer(self, connection: AsyncConnection, act: Act, number: int) -> bool:
        who = self.contacts[act.who]
        if act.what in (What.GRANTS, What.REFUSES):
            asked = await connection.scalar(
                select(Extension.id).where(Extension.obligation_id == number, Extension.status == "asked")
            )
            assert asked is not None, act
            result = await extensions.decide(
                connection, asked, contact_id=who, granted=act.what is What.GRANTS, known=self.known,
                calendar=await working_days.load(connection), zone=self.zone, now=act.at,
            )  # fmt: skip
            return result is not None and result.outcome is extensions.Outcome.DONE
        version = await connection.scalar(
            select(Submission.id).where(Submission.obligation_id == number, Submission.status == "submitted")
        )
        assert version is not None, act
        staff = await receivers.load(connection)
        if act.what is What.ACCEPTS:
            review = await reviews.accept(connection, version, who, level=0, who=staff, known=self.known, now=act.at)
        else:
            assert act.day
            review = await reviews.return_(
                connection, version, who, level=0, remarks="Please add the figures.", correct_by=act.day, who=staff,
                known=self.known, zone=self.zone, now=act.at,
            )  # fmt: skip
        return review is not None and review.outcome is reviews.Outcome.DONE
