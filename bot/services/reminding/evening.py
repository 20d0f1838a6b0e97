"""What receivers are told in the evening, while a due date is near: who has not handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db import job_state
from bot.db.engine import Database
from bot.db.models.people import Agency
from bot.db.models.reporting import OWED as IS_OWED
from bot.db.models.reporting import Obligation
from bot.i18n import Translator, Translators
from bot.messages import Button, Reply
from bot.services.agencies.agencies import AgencyName
from bot.services.calendar import working_days
from bot.services.duties import definitions
from bot.services.duties.windows import Period
from bot.services.messages import outbox
from bot.services.messages.quiet_hours import QuietHours
from bot.services.reminding import addressees
from bot.services.reminding.rules import Day
from bot.services.reporting import report_texts
from bot.services.reporting.statuses import Status
from content.duty_model import Duty
from content.model import Content

AT = time(16, 30)
# Working days before a due date on which it is said.
BEFORE = 3
NAMED = 15
JOB = "evening digest"


@dataclass(frozen=True, slots=True)
class _Missing:
    """The agencies that have not handed in one report by now, of how many that owe it."""

    duty: Duty
    period: Period
    due_on: date
    agencies: tuple[AgencyName, ...]
    never_opened: int
    unreachable: int
    of: int


async def tell(
    database: Database,
    known: Content,
    translators: Translators,
    *,
    quiet: QuietHours,
    now: datetime,
    simulated: bool = False,
) -> list[str]:
    """The scheduled job: once on a working day from 16:30 on, while it is not night; later that day if it was missed.

    It is about reports due within the next three working days, today not counted. Receivers of a report that all have
    handed in hear nothing.
    """
    local = now.astimezone(quiet.zone)
    if quiet.covers(now) or local.time() < AT:
        return []
    today = local.date()
    async with database.reading() as connection:
        if await job_state.is_done(connection, JOB, today.isoformat()):
            return []
    async with database.transaction() as connection:
        if not await job_state.claim(connection, JOB, today.isoformat(), now):
            return []
        known = await definitions.over(connection, known)
        day = Day(known, await working_days.load(connection), today, quiet.zone)
        if not day.calendar.is_working_day(today):
            return []
        missing = await _missing(connection, day)
        people = await addressees.load(connection, [], today)
        by_receiver: dict[int, list[_Missing]] = {}
        for each in missing:
            for contact_id in people.receiving(each.duty):
                by_receiver.setdefault(contact_id, []).append(each)
        notices = []
        for contact_id, those in by_receiver.items():
            t = translators.for_language(people.places(contact_id)[0].language)
            notices += people.notices(contact_id, f"evening:{contact_id}:{today}", _message(those, day, now, t))
        await outbox.notify_all(connection, notices, now=now, anytime=simulated)
        return [
            f"evening digest: {each.duty.slug}, due {each.due_on}: {len(each.agencies)} of {each.of} not handed in"
            for each in missing
        ]


async def _missing(connection: AsyncConnection, day: Day) -> list[_Missing]:
    last = day.calendar.add_working_days(day.today, BEFORE)
    rows = await connection.execute(
        select(
            Obligation.duty,
            Obligation.period_start,
            Obligation.period_end,
            Obligation.due_on,
            Obligation.opened_at,
            Agency.id,
            Agency.slug,
            Agency.name_vi,
            Agency.name_en,
            Agency.unreachable,
        )
        .join(Agency, Agency.id == Obligation.agency_id)
        .where(IS_OWED, Obligation.due_on > day.today, Obligation.due_on <= last)
        .order_by(Obligation.due_on, Obligation.duty, Agency.id)
    )
    groups: dict[tuple[str, Period, date], list[tuple[AgencyName, bool, bool]]] = {}
    for duty, start, end, due_on, opened_at, id_, slug, vi, en, unreachable in rows:
        if duty in day.known.duties and day.known.duties[duty].enabled:
            those = groups.setdefault((duty, Period(start, end), due_on), [])
            those.append((AgencyName(id_, slug, vi, en), opened_at is None, unreachable is not None))
    owing = await _owing(connection, [(duty, period.end) for duty, period, _ in groups])
    return [
        _Missing(
            day.known.duties[duty],
            period,
            due_on,
            tuple(agency for agency, _, _ in those),
            sum(never for _, never, _ in those),
            sum(nobody for _, _, nobody in those),
            owing[duty, period.end],
        )
        for (duty, period, due_on), those in groups.items()
    ]


async def _owing(connection: AsyncConnection, periods: Sequence[tuple[str, date]]) -> dict[tuple[str, date], int]:
    """How many agencies owe a report at all, handed in or not."""
    if not periods:
        return {}
    rows = await connection.execute(
        select(Obligation.duty, Obligation.period_end, func.count())
        .where(
            tuple_(Obligation.duty, Obligation.period_end).in_(sorted(set(periods))),
            Obligation.status != Status.WITHDRAWN.value,
        )
        .group_by(Obligation.duty, Obligation.period_end)
    )
    return {(duty, end): count for duty, end, count in rows}


def _message(those: Sequence[_Missing], day: Day, now: datetime, t: Translator) -> Reply:
    return Reply(
        text="\n\n".join(_paragraph(each, day, t) for each in those),
        language=t.language,
        title=t("Reports due soon: who has not handed in"),
        footnote=t("As of {when}.", when=t.moment(now)),
        buttons=((Button(t("Progress of reports"), "do:progress"), Button(t("All agencies"), "do:agencies")),),
    )


def _paragraph(missing: _Missing, day: Day, t: Translator) -> str:
    left = report_texts.time_left(missing.due_on, day.today, day.calendar, t)
    count = len(missing.agencies)
    lines = [
        missing.duty.title.in_language(t.language),
        t("Period: {period}", period=report_texts.period(missing.period, t)),
        t("Due: {date} ({left})", date=t.date(missing.due_on), left=left),
        t("Not handed in: {count} of {all}", count=t.number(count), all=t.number(missing.of)),
    ]
    if missing.never_opened:
        lines.append(t("Never opened: {count}", count=t.number(missing.never_opened)))
    if missing.unreachable:
        lines.append(t("Nobody to remind: {count}", count=t.number(missing.unreachable)))
    lines += [f"- {agency.in_language(t.language)}" for agency in missing.agencies[:NAMED]]
    if count > NAMED:
        lines.append(t.plural("…and {number} more agency", "…and {number} more agencies", count - NAMED))
    return "\n".join(lines)
