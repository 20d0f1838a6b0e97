"""Obligations after a duty, an agency or the calendar changed: what would change, and doing exactly that.

``preview`` is shown to a person; ``apply`` does it only if it would still be the same, and in one transaction with
whatever caused it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.job_state import one_at_a_time
from bot.db.models.reporting import Extension, Obligation, PersonalReminder, ReminderStep
from bot.services.agencies import agencies
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.duties import due_dates, windows
from bot.services.duties.windows import Period
from bot.services.planning import obligation_plan, reminder_changes
from bot.services.planning.differences import Because, Change, Changes, Existing, Key, Rules, Wanted, compare, together
from bot.services.reminding import steps
from bot.services.reporting import extensions, history
from bot.services.reporting.history import New, What
from bot.services.reporting.statuses import PENDING, Status
from content.model import Content

LOCK = "obligations changed"
_PENDING = [each.value for each in PENDING]
_STATUS = {each.value: each for each in Status}


async def preview(
    connection: AsyncConnection, known: Content, calendar: WorkingCalendar, today: date, *, zone: ZoneInfo
) -> Changes:
    """What would change if duties, agencies and calendar were these."""
    agency_ids = await agencies.ids_by_slug(connection)
    of_period = _of_period(known, agency_ids, calendar)
    ladders = cache(lambda slug, due: obligation_plan.ladder(known.duties[slug], due, calendar, zone))
    no_longer_known = (known.model_copy(update={"duties": {}}), Obligation.duty.not_in(known.duties))
    one_by_one = [
        (known.model_copy(update={"duties": {slug: duty}}), Obligation.duty == slug)
        for slug, duty in known.duties.items()
    ]
    parts = []
    for these, of_these in (*one_by_one, no_longer_known):
        asked_for = obligation_plan.wanted(these, agency_ids, calendar, today)
        rules = Rules(today, asked_for, of_period)
        existing = await _existing(connection, asked_for, of_these)
        changes = compare(existing, await obligation_plan.keys_of(connection, asked_for), rules)
        reminders = await reminder_changes.find(connection, existing, changes, rules, ladders, of_these)
        parts.append(replace(changes, steps=reminders))
        # SQLite works in the event loop: between two duties others get their turn.
        await asyncio.sleep(0)
    return together(parts)


async def apply(
    connection: AsyncConnection,
    known: Content,
    calendar: WorkingCalendar,
    today: date,
    *,
    zone: ZoneInfo,
    fingerprint: str,
    because: Because,
    contact_id: int,
    now: datetime,
) -> Changes | None:
    """Do what a preview with this fingerprint showed. None when that is something else by now: nothing is done."""
    await one_at_a_time(connection, LOCK, now)
    changes = await preview(connection, known, calendar, today, zone=zone)
    if changes.fingerprint != fingerprint or not await _still_so(connection, changes):
        return None
    await obligation_plan.add(connection, known, _added(changes), calendar, zone=zone)
    await _withdraw(connection, changes.withdrawn, now)
    await _change_obligations(connection, [*changes.moved, *changes.restored])
    await _restore(connection, changes.restored)
    await reminder_changes.apply(connection, changes.steps)
    await history.record_all(connection, _events(changes, because), contact_id=contact_id, now=now)
    return changes


def _added(changes: Changes) -> dict[Key, Wanted]:
    """What is to be added, as generating obligations has it."""
    return {(each.duty, each.agency_id, each.period.end): Wanted(each.period, each.due_on) for each in changes.added}


def _of_period(
    known: Content, agency_ids: Mapping[str, int], calendar: WorkingCalendar
) -> Callable[[Key], Wanted | None]:
    owing = {
        duty.slug: {agency_ids[each.slug] for each in due_dates.owing(duty, known) if each.slug in agency_ids}
        for duty in known.duties.values()
        if duty.enabled
    }

    @cache
    def of_duty(slug: str, end: date) -> Wanted | None:
        duty = known.duties[slug]
        period = next((each for each in windows.periods(duty, end.year, end.year) if each.end == end), None)
        return Wanted(period, due_dates.due_on(duty, period, calendar)) if period else None

    def of_period(key: Key) -> Wanted | None:
        slug, agency_id, end = key
        return of_duty(slug, end) if agency_id in owing.get(slug, ()) else None

    return of_period


async def _existing(
    connection: AsyncConnection, asked_for: Mapping[Key, Wanted], of_these: ColumnElement[bool]
) -> list[Existing]:
    """What is still owed, and what was withdrawn among the periods that are asked for."""
    may_change: ColumnElement[bool] = Obligation.status.in_(_PENDING)
    if asked_for:
        ends = [end for _, _, end in asked_for]
        in_time = Obligation.period_end.between(min(ends), max(ends))
        may_change = or_(may_change, and_(Obligation.status == Status.WITHDRAWN.value, in_time))
    has_extension = exists(
        select(Extension.id).where(Extension.obligation_id == Obligation.id, Extension.status == "granted")
    )
    rows = await connection.execute(
        select(
            Obligation.id,
            Obligation.duty,
            Obligation.agency_id,
            Obligation.period_start,
            Obligation.period_end,
            Obligation.due_on,
            Obligation.status,
            has_extension.label("extended"),
        )
        .where(of_these, may_change)
        .order_by(Obligation.id)
    )
    # Thousands of reports have the same period: one object for all of them.
    period = cache(Period)
    return [
        Existing(id_, (duty, agency_id, end), period(start, end), due_on, _STATUS[status], extended=bool(extended))
        for id_, duty, agency_id, start, end, due_on, status, extended in rows
    ]


async def _still_so(connection: AsyncConnection, changes: Changes) -> bool:
    """Lock what changes, and look whether it is as it was read: somebody may be handing in at this moment."""
    of_steps = {each.obligation_id for each in changes.steps}
    by_id = {each.id: each for each in (*changes.moved, *changes.withdrawn, *changes.restored) if each.id is not None}
    back = {each.id for each in changes.restored}
    rows = await connection.execute(
        select(Obligation.id, Obligation.status, Obligation.due_on)
        .where(among(connection, Obligation.id, sorted(of_steps | set(by_id))))
        .order_by(Obligation.id)
        .with_for_update()
    )
    for id_, status, due_on in rows:
        if status not in ([Status.WITHDRAWN.value] if id_ in back else _PENDING):
            return False
        if id_ in by_id and by_id[id_].due_from != due_on:
            return False
    return True


async def _withdraw(connection: AsyncConnection, withdrawn: Sequence[Change], now: datetime) -> None:
    ids = _ids(withdrawn)
    if not ids:
        return
    await connection.execute(
        update(Obligation).where(among(connection, Obligation.id, ids)).values(status=Status.WITHDRAWN.value)
    )
    # They are planned anew if the report should be owed again.
    await connection.execute(
        delete(ReminderStep).where(among(connection, ReminderStep.obligation_id, ids), ReminderStep.status == "planned")
    )
    await steps.drop_personal(connection, among(connection, PersonalReminder.obligation_id, ids), now)
    await extensions.close(connection, ids, now)


async def _change_obligations(connection: AsyncConnection, changes: Sequence[Change]) -> None:
    if changes:
        await connection.execute(
            update(Obligation)
            .where(Obligation.id == bindparam("of_id"))
            .values(due_on=bindparam("to_day"), period_start=bindparam("from_day")),
            [{"of_id": each.id, "to_day": each.due_on, "from_day": each.period.start} for each in changes],
        )


async def _restore(connection: AsyncConnection, restored: Sequence[Change]) -> None:
    for acknowledged, status in ((False, Status.OPEN), (True, Status.ACKNOWLEDGED)):
        known_of = Obligation.acknowledged_at.is_not(None) if acknowledged else Obligation.acknowledged_at.is_(None)
        await connection.execute(
            update(Obligation)
            .where(among(connection, Obligation.id, _ids(restored)), known_of)
            .values(status=status.value)
        )


def _events(changes: Changes, because: Because) -> list[New]:
    why = because.value
    return [
        *(New(each.id, What.WITHDRAWN, {"because": why}) for each in changes.withdrawn if each.id is not None),
        *(New(each.id, What.RESTORED, {"because": why}) for each in changes.restored if each.id is not None),
        *(
            New(
                each.id,
                What.DUE_MOVED,
                {"from": each.due_from.isoformat(), "to": each.due_on.isoformat(), "because": why},
            )
            for each in (*changes.moved, *changes.restored)
            if each.id is not None and each.due_from != each.due_on
        ),
    ]


def _ids(changes: Sequence[Change]) -> list[int]:
    return [each.id for each in changes if each.id is not None]
