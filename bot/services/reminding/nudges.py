"""Reminding agencies because an officer says so, outside of any ladder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.models.reporting import Obligation, ObligationEvent
from bot.i18n import Translator, Translators
from bot.messages import Reply
from bot.services.calendar import working_days
from bot.services.messages import outbox
from bot.services.reminding import addressees, digests
from bot.services.reminding.addressees import Addressees
from bot.services.reminding.rules import Day
from bot.services.reporting import history, obligations, receivers, report_texts
from bot.services.reporting.history import New, What
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import OWED
from content.duty_model import Addressee
from content.model import Content

BEFORE_DUE: tuple[Addressee, ...] = ("holder", "deputy")
OVERDUE: tuple[Addressee, ...] = ("holder", "deputy", "head")


@dataclass(frozen=True, slots=True)
class Nudged:
    """What became of it, as obligations: reminded now, earlier on this day, nobody there to remind, not owed any more.

    ``people`` is how many persons get a message.
    """

    reminded: tuple[Owed, ...]
    already: tuple[Owed, ...]
    unreachable: tuple[Owed, ...]
    settled: tuple[Owed, ...]
    people: int


@dataclass(frozen=True, slots=True)
class _Found:
    """Whom nudging tells of which reports, and what it comes to."""

    day: Day
    people: Addressees
    told: dict[int, list[int]]
    by_person: dict[int, list[Owed]]
    outcome: Nudged


async def preview(
    connection: AsyncConnection, obligation_ids: Sequence[int], *, known: Content, zone: ZoneInfo, now: datetime
) -> Nudged:
    """What nudging these agencies now would come to; nothing happens."""
    return (await _look(connection, sorted(set(obligation_ids)), known, zone, now)).outcome


async def nudge(
    connection: AsyncConnection,
    obligation_ids: Sequence[int],
    *,
    by: int,
    known: Content,
    translators: Translators,
    zone: ZoneInfo,
    now: datetime,
) -> Nudged:
    """Remind the agencies of these reports, one message per person, no report twice on one local day.

    ``by`` is the officer's contact id; that they may is the caller's to check. In the quiet hours the messages wait.
    """
    ids = sorted(set(obligation_ids))
    await connection.execute(
        select(Obligation.id).where(among(connection, Obligation.id, ids)).order_by(Obligation.id).with_for_update()
    )
    found = await _look(connection, ids, known, zone, now)
    notices = []
    for contact_id, theirs in found.by_person.items():
        t = translators.for_language(found.people.places(contact_id)[0].language)
        names = ",".join(str(each.id) for each in theirs)
        key = f"nudge:{contact_id}:{found.day.today}:{sha256(names.encode()).hexdigest()[:16]}"
        notices += found.people.notices(contact_id, key, _message(theirs, contact_id, found.day, now, t))
    await outbox.notify_all(connection, notices, now=now)
    await history.record_all(
        connection,
        [New(id_, What.NUDGED, {"people": len(persons)}) for id_, persons in found.told.items() if persons],
        contact_id=by,
        now=now,
    )
    return found.outcome


async def _look(
    connection: AsyncConnection, ids: Sequence[int], known: Content, zone: ZoneInfo, now: datetime
) -> _Found:
    owed = list((await obligations.by_ids(connection, ids)).values())
    day = Day(known, await working_days.load(connection), now.astimezone(zone).date(), zone)
    earlier = await _nudged_since(connection, ids, datetime.combine(day.today, time(0), zone))
    people = await addressees.load(connection, [each.agency.id for each in owed], day.today, ids)
    open_now = [each for each in owed if each.status in OWED]
    told = {
        each.id: people.of_step(each, OVERDUE if each.due_on < day.today else BEFORE_DUE)
        for each in open_now
        if each.id not in earlier
    }
    by_person: dict[int, list[Owed]] = {}
    for each in open_now:
        for contact_id in told.get(each.id, ()):
            by_person.setdefault(contact_id, []).append(each)
    outcome = Nudged(
        reminded=tuple(each for each in open_now if told.get(each.id)),
        already=tuple(each for each in open_now if each.id in earlier),
        unreachable=tuple(each for each in open_now if each.id in told and not told[each.id]),
        settled=tuple(each for each in owed if each.status not in OWED),
        people=len(by_person),
    )
    return _Found(day, people, told, by_person, outcome)


async def _nudged_since(connection: AsyncConnection, ids: Sequence[int], since: datetime) -> set[int]:
    rows = await connection.scalars(
        select(ObligationEvent.obligation_id).where(
            among(connection, ObligationEvent.obligation_id, ids),
            ObligationEvent.what == What.NUDGED.value,
            ObligationEvent.at >= since,
        )
    )
    return set(rows)


def _message(theirs: Sequence[Owed], reader: int, day: Day, now: datetime, t: Translator) -> Reply:
    ordered = sorted(theirs, key=report_texts.urgency)
    duty = day.known.duties.get(ordered[0].duty)
    asking = next((day.known.agencies.get(slug) for slug in (receivers.receiving(duty) if duty else ())), None)
    title = t("You are asked for your report")
    if asking is not None:
        title = t("{agency} asks for your report", agency=asking.name.in_language(t.language))
    if len(ordered) == 1:
        return digests.about_one(ordered[0], reader, title, day, now, t)
    return digests.about_several(ordered, (), title, day, t)
