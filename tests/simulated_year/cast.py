"""Who works in the agencies, with their habits, and everything that goes wrong in a year: by a seed.

Whatever people do is written down beforehand, so that the program and the plain calculation are told the same story.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from tests.simulated_year.days import is_worked, worked_day
from tests.simulated_year.habits import Desk, report_acts
from tests.simulated_year.ladders import LEAD, due_dates
from tests.simulated_year.story import ZONE, Act, Officer, Story, Tick, What

FIRST, LAST = date(2026, 1, 1), date(2027, 3, 31)
LAN, MINH, ADMIN = "Lan, who is also the lead agency's holder", "Minh", "the administrator"
OFFICERS = (Officer(LAN, LEAD), Officer(MINH, LEAD), Officer(ADMIN, admin=True))
SHARED = "somebody who answers for ten communes"
# (from, to): nothing of the program runs. Chosen to lie over ladders, one of them longer than what stays of use.
OUTAGES = (
    ("2026-01-28T06:30", "2026-01-30T09:30"),
    ("2026-06-08T20:30", "2026-06-09T11:30"),
    ("2026-06-17T07:30", "2026-06-29T10:30"),
    ("2026-12-07T05:30", "2026-12-07T16:40"),
    ("2026-12-15T12:30", "2026-12-17T08:30"),
    ("2027-01-15T03:30", "2027-01-21T07:40"),
)
# (real time, what the clock shows for one tick).
WRONG_CLOCKS = (
    ("2026-01-15T10:00", "2026-01-16T12:00"),
    ("2026-06-10T09:00", "2026-06-05T09:00"),
    ("2026-12-10T11:00", "2026-12-11T09:00"),
    ("2026-12-11T15:00", "2026-12-09T17:00"),
    ("2027-01-27T18:00", "2027-01-28T17:00"),
)
MOST_STATEMENTS = 60


@dataclass(frozen=True, slots=True)
class _Stay:
    """Somebody's time in an agency; ``gone`` is when they left, ``silent`` from when to when they block the bot."""

    who: str
    role: str
    since: datetime
    gone: datetime
    silent: tuple[datetime, datetime]


def write_story(
    seed: int, agencies: Mapping[str, str], *, start: date = FIRST, end: date = LAST, wards: int | None = None
) -> Story:
    """A year of these agencies (slug to kind); with ``wards`` only so many of those that are no departments."""
    random = Random(seed)
    departments = [slug for slug, kind in agencies.items() if kind == "department"]
    others = [slug for slug, kind in agencies.items() if kind != "department"]
    chosen = departments + others[:wards]
    agencies = {slug: agencies[slug] for slug in chosen}
    shared = set(others[:10])
    outages = [(_at(begin), _at(over)) for begin, over in OUTAGES]
    acts: list[Act] = []
    for slug in agencies:
        staff, comings = _people(random, slug, start, end, outages, shared=slug in shared)
        desk = _desk(random, slug, staff, outages)
        acts += comings
        for report, due in due_dates(worked_day(start, 16), end, {slug: agencies[slug]}).items():
            acts += report_acts(random, desk, report, due)
    # The stable order keeps what one person does in a row.
    in_time = sorted((each for each in acts if start <= each.at.date() <= end), key=lambda each: each.at)
    ticks = _ticks(random, start, end, outages)
    in_order: list[tuple[datetime, int, Act | Tick]] = [(at, 0, tick) for at, tick in ticks]
    in_order += [(act.at, 1, act) for act in in_time]
    in_order.sort(key=lambda each: each[:2])
    return Story(OFFICERS, agencies, tuple(each for _, _, each in in_order))


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZONE)


def _after_outage(moment: datetime, outages: list[tuple[datetime, datetime]]) -> datetime:
    """Nobody can do anything in the chat while it is down; they try again afterwards."""
    for begin, over in outages:
        if begin <= moment < over:
            return over + (moment - begin) / 100
    return moment


def _ticks(
    random: Random, start: date, end: date, outages: list[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, Tick]]:
    """(when it really happens, the tick): every hour, sometimes by two schedulers, sometimes one dies over it."""
    wrong = {_at(real): _at(shown) for real, shown in WRONG_CLOCKS}
    moment = datetime.combine(start, time(0), ZONE)
    while moment.date() <= end:
        if not any(begin <= moment < over for begin, over in outages):
            busy = is_worked(moment.date()) and moment.hour in (8, 14, 17)
            dies = random.randint(1, MOST_STATEMENTS) if random.random() < (0.06 if busy else 0.002) else 0
            yield moment, Tick(moment, doubled=random.random() < (0.5 if busy else 0.1), dies=dies)
            if moment in wrong:
                yield moment + timedelta(minutes=1), Tick(wrong[moment], doubled=random.random() < 0.5)
        moment += timedelta(hours=1)


def _people(
    random: Random, slug: str, start: date, end: date, outages: list[tuple[datetime, datetime]], *, shared: bool
) -> tuple[list[_Stay], list[Act]]:
    """Who comes and goes in an agency."""
    first = datetime.combine(start, time(0, 30), ZONE)
    never = datetime.max.replace(tzinfo=ZONE)
    fate = random.random()
    if slug == LEAD:
        fate = 1.0
    if fate < 0.04:
        return [], []  # they never had anybody
    length = (end - start).days
    since = first + timedelta(days=random.randint(length // 20, length // 2)) if fate < 0.1 else first
    roles = ["holder"] + ["deputy"] * (random.random() < 0.6) + ["head"] * (random.random() < 0.4)

    def some_day() -> datetime:
        day = first + timedelta(days=random.randint(5, length - 5), hours=random.randint(7, 17), minutes=40)
        return _after_outage(max(day, since + timedelta(days=1)), outages)

    staff, acts = [], []
    for role in roles:
        who = f"{role} of {slug}"
        if role == "holder" and (shared or slug == LEAD):
            who = SHARED if shared else LAN
        gone, silent = never, (never, never)
        acts.append(Act(since, What.LINKS, who, agency=slug, role=role))
        luck = random.random()
        settled = who in (SHARED, LAN)
        if luck < 0.12 and not settled:
            back = some_day()
            silent = (some_day(), never)
            acts.append(Act(silent[0], What.BLOCKS, who, agency=slug))
            if back > silent[0]:
                silent = (silent[0], back)
                acts.append(Act(back, What.COMES_BACK, who, agency=slug))
        elif luck < 0.2 and not settled:
            gone = some_day()
            acts.append(Act(gone, What.LEAVES, who, agency=slug))
        elif luck < 0.28 and not settled:
            gone = some_day()
            successor = f"successor of the {role} of {slug}"
            acts.append(Act(gone, What.HANDS_OVER, who, agency=slug, other=successor))
            staff.append(_Stay(successor, role, gone, never, (never, never)))
        if random.random() < 0.1 and not settled:
            acts.append(Act(since + timedelta(minutes=5), What.CONFIRMS_MAILBOX, who, agency=slug))
        staff.append(_Stay(who, role, since, gone, silent))
    acts += _absences(random, slug, staff, outages)
    return staff, acts


def _absences(random: Random, slug: str, staff: list[_Stay], outages: list[tuple[datetime, datetime]]) -> Iterator[Act]:
    """Leave and travel, most of it when reports are due; with somebody who stands in, or without."""
    for stay in staff:
        if random.random() > 0.4 or stay.who == SHARED:
            continue
        due = random.choice((date(2026, 2, 2), date(2026, 6, 16), date(2026, 12, 16), date(2026, 12, 16),
                             date(2027, 2, 1)))  # fmt: skip
        away = worked_day(due, random.randint(-16, 4))
        said = _after_outage(datetime.combine(worked_day(away, -2), time(15, 10), ZONE), outages)
        until = away + timedelta(days=random.randint(0, 14))
        others = [each.who for each in staff
                  if each.role == "deputy" and each.who != stay.who and each.since <= said < each.gone]  # fmt: skip
        other = others[0] if others and random.random() < 0.6 else ""
        if not stay.since < said < stay.gone:
            continue
        yield Act(said, What.IS_AWAY, stay.who, agency=slug, day=away, until=until, other=other)
        back = _after_outage(datetime.combine(until - timedelta(days=1), time(9, 10), ZONE), outages)
        if random.random() < 0.2 and back > said and back < stay.gone:
            yield Act(back, What.IS_BACK, stay.who, agency=slug)


def _desk(random: Random, slug: str, staff: list[_Stay], outages: list[tuple[datetime, datetime]]) -> Desk:
    """Who is at an agency's desk at a moment."""

    def somebody(moment: datetime) -> str:
        there = [each.who for each in staff
                 if each.since < moment < each.gone and not each.silent[0] <= moment < each.silent[1]]  # fmt: skip
        return random.choice(there) if there else ""

    def everybody(moment: datetime) -> list[str]:
        return [each.who for each in staff if each.since < moment < each.gone]

    return Desk(slug, somebody, everybody, lambda moment: _after_outage(moment, outages), MINH, ADMIN)
