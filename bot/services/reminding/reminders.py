"""Reminders that are due: each step of each obligation once, one digest per person and day.

The truth is in ``reminder_step`` and ``personal_reminder``: a row leaves ``planned`` in the same transaction that
stores its message, and ticks queue on one row, so it makes no difference how often or where the clock ticks.

A step of a ladder comes up at the first tick after its moment (08:00 of its working day) that is not before 08:00, in
the quiet hours, or on a day off. Then it is

* dropped, if ``rules.fate`` says so;
* held, that is left planned, if any of the people it goes to has had a digest on this local day: so it comes up again
  on the next working day, together with what is due then;
* dropped as "nobody to remind", if of the people it goes to (``Addressees.of_step``, and the receivers where the step
  addresses them) nobody can be written to;
* sent: part of the one digest of this day to each of these people.

A reminder of one person comes up in the same way and is never held: it is part of that person's digest if there is one
in the same tick, else a message of its own. It goes to who stands in for a person that can't be told any more, and is
dropped when the agency has nothing to do any more, when it has gone stale, or when there is nobody.

Messages are of use on their day. One that could not be sent until it is over (its messenger was out of order), or that
went to somebody who has blocked the bot, is made again at the next tick that reminds (``under_way``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.job_state import one_at_a_time
from bot.db.models.messages import Delivery
from bot.i18n import Translators
from bot.services.calendar import working_days
from bot.services.duties import definitions
from bot.services.messages import outbox
from bot.services.messages.quiet_hours import QuietHours
from bot.services.reminding import addressees, digests, rules, steps, under_way
from bot.services.reminding.addressees import Addressees
from bot.services.reminding.digests import Told
from bot.services.reminding.rules import NOBODY, Day
from bot.services.reminding.steps import Personal, Step
from bot.services.reminding.under_way import Left, New
from bot.services.reporting import obligations
from bot.services.reporting.obligations import Owed
from content.model import Content

JOB = "reminders"
# Keys per question, far below what either database takes.
KEYS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Ladder:
    """A step to send, and whom to."""

    step: Step
    owed: Owed
    people: Sequence[int]
    receivers: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The due reminders of one person about one obligation, and whom to remind."""

    contact_id: int
    ids: Sequence[int]
    owed: Owed
    people: Sequence[int]


async def remind(
    database: Database,
    known: Content,
    translators: Translators,
    *,
    quiet: QuietHours,
    now: datetime,
    simulated: bool = False,
) -> list[str]:
    """The scheduled job: one indexed query when nothing is due. Returns a line per step and reminder sent or dropped.

    ``simulated`` is a tick at a made-up time: its messages go out whatever the real hour is.
    """
    if quiet.covers(now) or now.astimezone(quiet.zone).time() < steps.MORNING:
        return []
    async with database.reading() as connection:
        if not await steps.anything_due(connection, now):
            return []
    async with database.transaction() as connection:
        known = await definitions.over(connection, known)
        return await queue_due(connection, known, translators, quiet=quiet, now=now, simulated=simulated)


async def queue_due(
    connection: AsyncConnection,
    known: Content,
    translators: Translators,
    *,
    quiet: QuietHours,
    now: datetime,
    simulated: bool = False,
) -> list[str]:
    """Store a message to everyone who is to be reminded now, and settle what is due."""
    day = Day(known, await working_days.load(connection), now.astimezone(quiet.zone).date(), quiet.zone)
    if quiet.covers(now) or not day.calendar.is_working_day(day.today):
        return []
    await one_at_a_time(connection, JOB, now)
    left = await under_way.look(connection, now)
    due, personal = await steps.due(connection, now)
    concerned = {step.obligation_id for step in due} | {each.obligation_id for each in personal}
    concerned |= {each.step.obligation_id for each in left}
    owed = await obligations.by_ids(connection, sorted(concerned))
    people = await addressees.load(connection, [each.agency.id for each in owed.values()], day.today, list(owed))

    dropped: dict[int, str] = {}
    found: list[_Ladder] = []
    for obligation_id, group in groupby(due, key=lambda step: step.obligation_id):
        fate = rules.fate(list(group), owed[obligation_id], day)
        dropped |= fate.dropped
        if fate.send is not None:
            found.append(_addressed(fate.send, owed[obligation_id], people, day))
    dropped |= {each.step.id: NOBODY for each in found if not each.people and not each.receivers}
    for_one = {each.id: _left(each, owed[each.step.obligation_id], people, day) for each in left}
    found += [each for each in for_one.values() if each is not None]
    told_today = await _told_today(connection, _everybody(found), day.today)
    ladder = [
        each for each in found if each.step.id not in dropped and told_today.isdisjoint((*each.people, *each.receivers))
    ]
    asked = _asked(personal, owed, people, day)
    wanted = [each for each in asked if each.people]

    keys = await _store(
        connection,
        _by_person(ladder, wanted),
        people,
        day,
        translators,
        now=now,
        anytime=simulated,
        stale_after=None if simulated else _end_of(day),
    )
    await under_way.end(connection, [id_ for id_, each in for_one.items() if each is None or each in ladder])
    await under_way.begin(connection, _on_their_way(ladder, wanted, keys))
    await steps.settle(connection, [each.step.id for each in ladder], "sent", None, now)
    for note in sorted(set(dropped.values())):
        await steps.settle(connection, [id_ for id_, why in dropped.items() if why == note], "dropped", note, now)
    sent = {id_ for each in wanted for id_ in each.ids}
    await steps.settle_personal(connection, sorted(sent), "sent", now)
    gone = [each.id for each in personal if each.id not in sent]
    await steps.settle_personal(connection, gone, "dropped", now)
    return _lines(ladder, wanted, dropped, len(gone))


def _addressed(step: Step, owed: Owed, people: Addressees, day: Day) -> _Ladder:
    duty = day.known.duties[owed.duty]
    to = rules.addressed(duty, step.day)
    focal = people.of_step(owed, to)
    receiving = people.receiving(duty) if addressees.RECEIVER in to else []
    return _Ladder(step, owed, focal, [each for each in receiving if each not in focal])


def _left(left: Left, owed: Owed, people: Addressees, day: Day) -> _Ladder | None:
    """The step for the one person who did not get it, if it is still of use to them."""
    if rules.fate([left.step], owed, day).send is None:
        return None
    if any(each.contact_id == left.contact_id for each in people.answering(owed)):
        return _Ladder(left.step, owed, [left.contact_id], [])
    receives = left.contact_id in people.receiving(day.known.duties[owed.duty])
    return _Ladder(left.step, owed, [], [left.contact_id]) if receives else None


def _asked(personal: Sequence[Personal], owed: dict[int, Owed], people: Addressees, day: Day) -> list[_Asked]:
    found = []
    for (obligation_id, contact_id), group in groupby(personal, key=lambda each: (each.obligation_id, each.contact_id)):
        those, about = list(group), owed[obligation_id]
        if any(rules.still_wanted(each.due_at, about, day) for each in those):
            told = people.in_place_of(about, contact_id)
            found.append(_Asked(contact_id, [each.id for each in those], about, told))
    return found


def _everybody(found: Iterable[_Ladder]) -> list[int]:
    return sorted({contact_id for each in found for contact_id in (*each.people, *each.receivers)})


async def _told_today(connection: AsyncConnection, contact_ids: Sequence[int], today: date) -> set[int]:
    """Those of the contacts who have had a digest on this day."""
    keys = {_key(contact_id, today): contact_id for contact_id in contact_ids}
    names = list(keys)
    found: set[int] = set()
    for start in range(0, len(names), KEYS_AT_ONCE):
        there = await connection.scalars(
            select(Delivery.key).where(Delivery.key.in_(names[start : start + KEYS_AT_ONCE]))
        )
        found |= {keys[key] for key in there if key}
    return found


def _key(contact_id: int, today: date) -> str:
    return f"reminder:{contact_id}:{today}"


def _by_person(ladder: Iterable[_Ladder], asked: Iterable[_Asked]) -> dict[int, Told]:
    found: dict[int, Told] = {}
    for each in ladder:
        for contact_id in each.people:
            told = found.setdefault(contact_id, Told())
            told.own[each.owed.id] = each.owed
            told.by_ladder = True
        for contact_id in each.receivers:
            told = found.setdefault(contact_id, Told())
            told.received[each.owed.id] = each.owed
            told.by_ladder = True
    for request in asked:
        for contact_id in request.people:
            told = found.setdefault(contact_id, Told())
            told.own[request.owed.id] = request.owed
            told.personal += request.ids
            if contact_id == request.contact_id:
                told.asked.add(request.owed.id)
    return found


async def _store(
    connection: AsyncConnection,
    by_person: dict[int, Told],
    people: Addressees,
    day: Day,
    translators: Translators,
    *,
    now: datetime,
    anytime: bool,
    stale_after: datetime | None,
) -> dict[int, str]:
    """One message each, in the chat or by e-mail; whoever confirmed a mailbox gets a copy there. Returns their keys."""
    notices = []
    keys = {}
    for contact_id, told in by_person.items():
        key = _key(contact_id, day.today)
        if not told.by_ladder:
            ids = ",".join(map(str, sorted(told.personal)))
            key = f"remind:{contact_id}:{sha256(ids.encode()).hexdigest()[:16]}"
        t = translators.for_language(people.places(contact_id)[0].language)
        reply = digests.write(told, contact_id, day, now, t)
        notices += people.notices(contact_id, key, reply)
        keys[contact_id] = key
    await outbox.notify_all(connection, notices, now=now, anytime=anytime, stale_after=stale_after)
    return keys


def _on_their_way(ladder: Iterable[_Ladder], asked: Iterable[_Asked], keys: Mapping[int, str]) -> list[New]:
    new = [
        New(keys[contact_id], contact_id, step_id=each.step.id)
        for each in ladder
        for contact_id in (*each.people, *each.receivers)
    ]
    return new + [
        New(keys[contact_id], contact_id, personal_id=id_)
        for each in asked
        for contact_id in each.people
        for id_ in each.ids
    ]


def _end_of(day: Day) -> datetime:
    return datetime.combine(day.today + timedelta(days=1), time(0), day.zone)


def _lines(ladder: Sequence[_Ladder], asked: Sequence[_Asked], dropped: dict[int, str], gone: int) -> list[str]:
    lines = [
        f"reminder {each.step.day:+d}: {each.owed.agency.slug}, {each.owed.duty}, due {each.owed.due_on}, "
        f"to {_people(len(each.people) + len(each.receivers))}"
        for each in ladder
    ]
    lines += [
        f"reminder as asked: {each.owed.agency.slug}, {each.owed.duty}, to {_people(len(each.people))}"
        for each in asked
    ]
    counts = Counter(dropped.values())
    lines += [f"reminders dropped: {count} ({note})" for note, count in sorted(counts.items())]
    return lines + ([f"reminders as asked dropped: {gone}"] if gone else [])


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"
