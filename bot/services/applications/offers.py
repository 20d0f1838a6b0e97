"""An offered seat: accepted, declined, or expired; whatever is not taken passes on at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.models.applications import Application
from bot.i18n import Translators
from bot.services.applications import (
    application_notices,
    event_beginning,
    filed_applications,
    history,
    notice_texts,
    seats,
)
from bot.services.applications.application_notices import Concerned
from bot.services.applications.filed_applications import Filed
from bot.services.applications.history import Cause
from bot.services.applications.seats import Rules
from bot.services.applications.statuses import Status
from bot.services.calendar import working_days
from bot.services.calendar.working_hours import OfficeHours
from bot.services.offerings import offerings
from bot.services.offerings.offerings import Offered

AT_ONCE = 50


class Answer(StrEnum):
    """What became of answering an offer. LAPSED: it had expired, or was withdrawn by somebody."""

    DONE = "done"
    ALREADY = "already"
    LAPSED = "lapsed"
    NO_OFFER = "no offer"


@dataclass(frozen=True, slots=True)
class Answered:
    outcome: Answer
    filed: Filed


async def accept(
    connection: AsyncConnection,
    contact_id: int,
    application_id: int,
    *,
    translators: Translators,
    office: OfficeHours,
    now: datetime,
) -> Answered | None:
    """Take the seats that are offered. None when it is no application of one of the person's businesses."""
    return await _answer(connection, contact_id, application_id, True, Rules(translators, office), now)


async def decline(
    connection: AsyncConnection,
    contact_id: int,
    application_id: int,
    *,
    translators: Translators,
    office: OfficeHours,
    now: datetime,
) -> Answered | None:
    """Do without the seats that are offered: the application is withdrawn, the seats go to the next."""
    return await _answer(connection, contact_id, application_id, False, Rules(translators, office), now)


async def expire(
    database: Database, translators: Translators, *, zone: ZoneInfo, now: datetime, anytime: bool = False
) -> list[str]:
    """The scheduled job: what was not accepted in time passes on. One indexed query when nothing is due."""
    async with database.reading() as connection:
        due = (
            await connection.execute(
                select(Application.offering_id)
                .where(Application.status == Status.OFFERED, Application.offered_until <= now)
                .distinct()
                .limit(AT_ONCE)
            )
        ).scalars()
        offering_ids = list(due)
    lines = []
    for offering_id in offering_ids:
        async with database.transaction() as connection:
            rules = Rules(translators, OfficeHours(await working_days.load(connection), zone))
            offering = await offerings.lock(connection, offering_id)
            if offering is not None:
                lines += await _expire_of(connection, offering, rules, now, anytime=anytime)
    return lines


async def _expire_of(
    connection: AsyncConnection, offering: Offered, rules: Rules, now: datetime, *, anytime: bool = False
) -> list[str]:
    rows = await connection.execute(
        select(Application.id, Application.code, Application.contact_id, Application.seats).where(
            Application.offering_id == offering.id,
            Application.status == Status.OFFERED,
            Application.offered_until <= now,
        )
    )
    lapsed = [Concerned(*row) for row in rows]
    if not lapsed:
        return []
    if offering.has_begun(now) and offering.active:
        return await event_beginning.end(connection, offering, rules.translators, now, anytime=anytime)
    written = await history.change(
        connection, [each.id for each in lapsed], Status.WITHDRAWN, Cause.EXPIRED, actor_id=None, now=now
    )
    if offering.active:  # what is no longer offered went to nobody, and says nothing any more
        await application_notices.tell(
            connection,
            lapsed,
            written,
            lambda t, each: notice_texts.offer_expired(t, each, offering, open_=offering.is_open(now)),
            translators=rules.translators,
            now=now,
            anytime=anytime,
        )
    await pass_on(connection, offering.id, rules, now)
    return [f"offer of {each.seats} to application {each.code} has expired" for each in lapsed]


async def pass_on(connection: AsyncConnection, offering_id: int, rules: Rules, now: datetime) -> None:
    """Offer what has become free, within the transaction that holds the offering's lock."""
    offering = await offerings.get(connection, offering_id)
    if offering is not None:
        await seats.offer_free(connection, offering, rules, now)


async def _answer(
    connection: AsyncConnection, contact_id: int, application_id: int, yes: bool, rules: Rules, now: datetime
) -> Answered | None:
    filed = await filed_applications.find(connection, contact_id, application_id)
    if filed is None:
        return None
    offering = await offerings.lock(connection, filed.offering_id)
    filed = await filed_applications.find(connection, contact_id, application_id)
    if filed is None or offering is None:
        return None
    outcome = await _outcome(connection, filed, offering, contact_id, yes, rules, now)
    return Answered(outcome, await filed_applications.find(connection, contact_id, application_id) or filed)


async def _outcome(
    connection: AsyncConnection,
    filed: Filed,
    offering: Offered,
    contact_id: int,
    yes: bool,
    rules: Rules,
    now: datetime,
) -> Answer:
    if filed.status is not Status.OFFERED:
        if yes and filed.status is Status.CONFIRMED:
            return Answer.ALREADY
        return Answer.LAPSED if filed.status is Status.WITHDRAWN else Answer.NO_OFFER
    if filed.offered_until is None or filed.offered_until <= now:
        await _expire_of(connection, offering, rules, now)
        return Answer.LAPSED
    status, cause = (Status.CONFIRMED, Cause.ACCEPTED) if yes else (Status.WITHDRAWN, Cause.DECLINED)
    lines = await history.change(connection, [filed.id], status, cause, actor_id=contact_id, now=now)
    await application_notices.tell(
        connection,
        [Concerned(filed.id, filed.code, filed.contact_id, filed.seats)],
        lines,
        lambda t, each: notice_texts.by_colleague(t, each, offering, cause),
        translators=rules.translators,
        now=now,
        but=contact_id,
    )
    if not yes:
        await pass_on(connection, offering.id, rules, now)
    return Answer.DONE
