"""Who must be told what on which day: worked out once more, by a calculation that shares nothing with the program.

Days off are written out from the announcements and the labour code; nothing here knows a database, a calendar library
or the program's rules. It walks through the script from beginning to end, the way an office would with a card index.

The rules, in words:

* A step of the ladder stands for a working day, counted from the due date; it comes up at 08:00 of that day, at the
  first tick after that which is neither between 21:00 and 07:30 nor on a day off.
* Of several steps of one report that have come up together only the last is sent. One more than two working days old
  is not sent.
* Nothing is sent any more once the report was handed in; after an acknowledgement only the steps of the short ladder;
  before a day that was announced nothing at all.
* A step goes to the roles it names: to those who can be written to and are not away. Where no holder is among those,
  deputies are told too; where nobody with such a role is left, whoever is there; where all are away, they are told all
  the same. Whoever stands in for an absent holder counts as holder.
* Five days after the due date the officers of the receiving agency are told as well.
* One digest per person and day: a step that finds one of its people already told on this day waits for the next.
* A reminder that a person asked for comes at the next tick after its time, whatever else came that day, while the
  report is owed, and not when it is more than two working days old; in their absence whoever a first step would go to
  gets it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.simulated_year.script import (
    Acknowledges,
    AsksForTime,
    Blocks,
    Deed,
    GetsBack,
    GoesAway,
    HandsIn,
    HandsOver,
    Leaves,
    Links,
    Report,
    Script,
    Snoozes,
    Tick,
    Unblocks,
)

DAYS_OFF = {
    *(date(2026, 1, day) for day in (1, 2)),
    *(date(2026, 2, day) for day in (16, 17, 18, 19, 20)),
    date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1),
    date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2), date(2026, 11, 24),
    date(2027, 1, 1), *(date(2027, 2, day) for day in (4, 5, 6, 7, 8, 9, 10)),
    date(2027, 4, 16), date(2027, 4, 30), date(2027, 5, 3),
    date(2027, 9, 2), date(2027, 9, 3), date(2027, 11, 24),
    date(2028, 1, 3), *(date(2028, 1, day) for day in (24, 25, 26, 27, 28)),
}  # fmt: skip
WORKED_SATURDAYS = {date(2026, 1, 10), date(2026, 8, 22)}

LADDER = (-15, -7, -3, -1, 0, 1, 3, 5)
LONGER = {"consolidated-report": (-15, -10, -7, -3, -1, 0, 1, 3, 5)}
AFTER_ACKNOWLEDGEMENT = (-1, 0, 1, 3, 5)
CORRECTION = (-3, -1, 0, 1, 3)
HOLDER, DEPUTY, HEAD = "holder", "deputy", "head"
MORNING, AFTERNOON = time(8), time(14)


def works(day: date) -> bool:
    """Whether offices are open."""
    return day in WORKED_SATURDAYS or (day.weekday() < 5 and day not in DAYS_OFF)


def counted(day: date, count: int) -> date:
    """The working day so many working days after a day, or before it."""
    one = timedelta(days=1 if count > 0 else -1)
    while count:
        day += one
        if works(day):
            count += -1 if count > 0 else 1
    return day


def reckoned(day: date) -> date:
    """The day from which steps are counted: the day itself, or the working day before it."""
    while not works(day):
        day -= timedelta(days=1)
    return day


def old(planned: date, today: date) -> bool:
    """Whether more than two working days have passed since."""
    days = (planned + timedelta(days=ahead) for ahead in range(1, (today - planned).days + 1))
    return sum(works(day) for day in days) > 2


def roles(step: int) -> set[str]:
    """Whom a step addresses."""
    if step <= -15:
        return {HOLDER, HEAD}
    if step < -3:
        return {HOLDER}
    if step <= 0:
        return {HOLDER, DEPUTY}
    return {HOLDER, DEPUTY, HEAD}


@dataclass
class Part:
    """Somebody's part in an agency."""

    role: str
    away: tuple[date, date] | None = None
    stand_in: str = ""

    def is_away(self, day: date) -> bool:
        return self.away is not None and self.away[0] <= day <= self.away[1]


@dataclass
class Card:
    """The card of one report: its days, by step, and what became of each."""

    due: date
    status: str = "open"
    planned: dict[int, date] = field(default_factory=dict)
    settled: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    asked: set[tuple[str, datetime]] = field(default_factory=set)

    @property
    def owed(self) -> bool:
        return self.status in ("open", "acknowledged", "returned")

    def settle(self, steps: list[int], why: str, now: datetime) -> None:
        for step in steps:
            del self.planned[step]
            self.settled[step] = (why, now)


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person: about their own reports, and about those that others owe them."""

    person: str
    at: datetime
    own: frozenset[Report]
    received: frozenset[Report]


@dataclass
class Office:
    """The card index. ``messages`` and the cards' ``settled`` are what the program must have done."""

    officers: tuple[str, ...]
    cards: dict[Report, Card]
    parts: dict[str, dict[str, Part]] = field(default_factory=lambda: defaultdict(dict))
    blocked: set[str] = field(default_factory=set)
    told: set[tuple[str, date]] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)

    def totals(self) -> Counter[str]:
        return Counter(why for card in self.cards.values() for why, _ in card.settled.values())


def work_out(script: Script) -> Office:
    """Walk through the script."""
    office = Office(script.officers, {report: _card(report) for report in script.reports})
    for moment in script.moments:
        if isinstance(moment.what, Tick):
            _tick(office, moment.shown)
        else:
            _happens(office, moment.what, moment.at)
    return office


def _card(report: Report) -> Card:
    steps = LONGER.get(report.duty, LADDER)
    return Card(report.due, planned={step: counted(reckoned(report.due), step) for step in steps})


def _happens(office: Office, deed: Deed, now: datetime) -> None:
    match deed:
        case Links(person, agency, role):
            office.parts[agency][person] = Part(role)
        case Leaves(person, agency):
            _leave(office, agency, person)
        case HandsOver(person, agency, successor):
            role = office.parts[agency][person].role
            office.parts[agency][successor] = Part(role)
            for report, card in office.cards.items():
                if report.agency == agency:
                    card.asked = {(successor if who == person else who, at) for who, at in card.asked}
            _leave(office, agency, person)
        case Blocks(person):
            office.blocked.add(person)
        case Unblocks(person):
            office.blocked.discard(person)
        case GoesAway(person, agency, start, end, stand_in):
            part = office.parts[agency][person]
            part.away, part.stand_in = (start, end), stand_in
        case Acknowledges(_, report, _) | Snoozes(_, report, _) | AsksForTime(_, report, _, _):
            _answer(office.cards[report], deed, now)
        case HandsIn(_, report):
            card = office.cards[report]
            card.status = "submitted"
            card.settle(list(card.planned), "submitted", now)
            card.asked.clear()
        case GetsBack(report, correct_by):
            _get_back(office, report, correct_by, now)


def _leave(office: Office, agency: str, person: str) -> None:
    del office.parts[agency][person]
    for part in office.parts[agency].values():
        if part.stand_in == person:
            part.stand_in = ""
    for report, card in office.cards.items():
        if report.agency == agency:
            card.asked = {(who, at) for who, at in card.asked if who != person}


def _answer(card: Card, deed: Acknowledges | Snoozes | AsksForTime, now: datetime) -> None:
    match deed:
        case Acknowledges(person, _, planned):
            card.status = "acknowledged"
            card.settle([step for step in card.planned if step not in AFTER_ACKNOWLEDGEMENT], "acknowledged", now)
            if planned is not None:
                earlier = [step for step, day in card.planned.items() if step <= 0 and day < planned]
                card.settle(earlier, "planned for a later day", now)
                to_come = [at for at in (MORNING, AFTERNOON) if datetime.combine(planned, at) > now]
                card.asked |= {(person, datetime.combine(planned, at)) for at in to_come[:1]}
        case Snoozes(person, _, until):
            card.asked.add((person, until))
        case AsksForTime(_, _, until, granted):
            if granted:
                card.due = until
                card.planned = {step: counted(reckoned(until), step) for step in card.planned}


def _get_back(office: Office, report: Report, correct_by: date, now: datetime) -> None:
    card = office.cards[report]
    card.status = "returned"
    there = [who for who, part in office.parts[report.agency].items() if not part.is_away(now.date())]
    moments = [datetime.combine(counted(reckoned(correct_by), count), MORNING) for count in CORRECTION]
    card.asked |= {(who, moment) for who in there for moment in moments if moment > now}


def _tick(office: Office, now: datetime) -> None:
    today = now.date()
    if now.time() >= time(21) or now.time() < time(7, 30) or not works(today):
        return
    own: dict[str, set[Report]] = defaultdict(set)
    received: dict[str, set[Report]] = defaultdict(set)
    for report, card in office.cards.items():
        step = _step_to_send(card, today, now)
        if step is not None:
            _send_step(office, report, step, now, own, received)
    # Whom the ladder told has had the digest of the day; what somebody asked for themselves does not count as one.
    digests = {(each, today) for each in (*own, *received)}
    for report, card in office.cards.items():
        for person in sorted({who for who, at in card.asked if at <= now}):
            moments = {at for who, at in card.asked if who == person and at <= now}
            card.asked -= {(person, at) for at in moments}
            if card.owed and any(not old(at.date(), today) for at in moments):
                for each in _in_place_of(office, report.agency, person, today):
                    own[each].add(report)
    office.told |= digests
    for each in sorted({*own, *received}):
        office.messages.append(Message(each, now, frozenset(own[each]), frozenset(received[each])))


def _send_step(
    office: Office,
    report: Report,
    step: int,
    now: datetime,
    own: dict[str, set[Report]],
    received: dict[str, set[Report]],
) -> None:
    """Send a step, or wait for the next day with it, or give it up."""
    card, today = office.cards[report], now.date()
    people = _addressed(office, report.agency, roles(step), today)
    officers = [each for each in office.officers if each not in office.blocked and each not in people]
    officers = officers if step >= 5 else []
    if not people and not officers:
        card.settle([step], "nobody to remind", now)
    elif not any((each, today) in office.told for each in (*people, *officers)):
        card.settle([step], "sent", now)
        for each in people:
            own[each].add(report)
        for each in officers:
            received[each].add(report)


def _step_to_send(card: Card, today: date, now: datetime) -> int | None:
    """The step that has come up and counts; what does not count any more is settled."""
    up = sorted(
        (step for step, day in card.planned.items() if datetime.combine(day, MORNING) <= now),
        key=lambda step: (card.planned[step], step),
    )
    if not up:
        return None
    if card.status not in ("open", "acknowledged"):
        card.settle(up, card.status, now)
        return None
    *earlier, last = up
    card.settle(earlier, "superseded", now)
    if old(card.planned[last], today):
        card.settle([last], "stale", now)
        return None
    return last


def _addressed(office: Office, agency: str, wanted: set[str], today: date) -> list[str]:
    parts = office.parts[agency]
    standing_in = {part.stand_in for part in parts.values() if part.role == HOLDER and part.is_away(today)} - {""}
    reachable = [who for who in parts if who not in office.blocked]
    there = [who for who in reachable if not parts[who].is_away(today)] or reachable
    role = {who: HOLDER if who in standing_in else parts[who].role for who in there}
    chosen = {who for who in there if role[who] in wanted}
    if HOLDER in wanted and HOLDER not in role.values():
        chosen |= {who for who in there if role[who] == DEPUTY}
    return sorted(chosen or there)


def _in_place_of(office: Office, agency: str, person: str, today: date) -> list[str]:
    part = office.parts[agency].get(person)
    if part is not None and not part.is_away(today) and person not in office.blocked:
        return [person]
    return _addressed(office, agency, {HOLDER}, today)
