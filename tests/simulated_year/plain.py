"""The plain calculation: which step of which report is sent when, and who reads what, worked out by hand.

Written from the rules and not from the program, to be checked by reading: nothing of ``bot`` is imported. It goes
through the story from beginning to end and keeps what is known in plain lists. It knows nothing of transactions,
restarts or several schedulers: however often the program ticks at a moment, once is what must be seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.simulated_year.days import is_worked, or_previous, worked_day, worked_since
from tests.simulated_year.ladders import AFTER_ACKNOWLEDGEMENT, CORRECTION, due_dates, is_quiet, ladder, named_by
from tests.simulated_year.plain_people import People
from tests.simulated_year.story import ZONE, Act, Ledger, Line, Message, Officer, Outcome, Report, Story, Tick, What

MORNING, AFTERNOON, EVENING = time(8), time(14), time(16, 30)
USEFUL_FOR = 2
OWED = ("open", "acknowledged", "returned")


@dataclass
class Sent:
    """What was said of a report that came up at ``moment``, until it is known whether it reached anybody.

    A ``step`` of its ladder, or what ``asker`` had asked for.
    """

    owed: Owed
    to: list[str]
    at: datetime
    moment: datetime
    step: int | None = None
    asker: str = ""


@dataclass
class Owed:
    """A report that an agency owes."""

    report: Report
    due: date
    planned: dict[int, date]
    settled: dict[int, Outcome] = field(default_factory=dict)
    asker: str = ""
    status: str = "open"
    planned_on: date | None = None
    personal: set[tuple[str, datetime]] = field(default_factory=set)

    def drop(self, which: list[int], why: str, now: datetime) -> None:
        for step in which:
            del self.planned[step]
            self.settled[step] = Outcome(why, now)


def calculate(story: Story) -> Ledger:
    """Everything that must come of a story."""
    year = _Year(story.officers, story.agencies)
    for each in story.happens:
        if isinstance(each, Tick):
            year.tick(each.now)
        else:
            year.act(each)
    steps = {(owed.report, step): outcome for owed in year.owed.values() for step, outcome in owed.settled.items()}
    for owed in year.owed.values():
        steps |= {(owed.report, step): Outcome("planned", _at(day, MORNING)) for step, day in owed.planned.items()}
    return Ledger(steps, tuple(year.messages))


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, ZONE)


class _Year:
    """What is known at a point of the story."""

    def __init__(self, officers: tuple[Officer, ...], agencies: dict[str, str]) -> None:
        self.agencies = agencies
        self.people = People(officers, agencies)
        self.owed: dict[Report, Owed] = {}
        self.laid_out: date | None = None
        self.messages: list[Message] = []
        self.sent: list[Sent] = []
        self.had_digest: set[tuple[str, date]] = set()
        self.had_evening: set[tuple[str, date]] = set()
        self.evening_of: date | None = None
        self.said_unreachable: dict[str, str] = {}
        self.looked_on: date | None = None  # nothing has happened since then that could concern reachability
        self.next_due: datetime | None = None  # when something planned comes up; None: to be looked up

    # --- the clock ---

    def tick(self, now: datetime) -> None:
        today = now.date()
        before = len(self.messages)
        self._lay_out(today)
        if is_quiet(now):
            return
        if is_worked(today):
            self._remind(now)
            self._watch(now)
        if now.time() >= EVENING and self.evening_of != today:
            self.evening_of = today
            if is_worked(today):
                self._evening(now)
        # What could not be delivered teaches that the person blocks the bot: from the next tick on.
        for message in self.messages[before:]:
            if not message.arrived:
                self.people.known[message.who].known_to_block = True
                self.looked_on = None

    def _lay_out(self, today: date) -> None:
        """Once a day what is due within thirteen months is laid out."""
        if self.laid_out == today:
            return
        self.laid_out = today
        thirteen_months_on = date(today.year + (today.month + 12) // 12, today.month % 12 + 1, min(today.day, 28))
        for report, due in due_dates(today, thirteen_months_on, self.agencies).items():
            if report not in self.owed:
                self.owed[report] = Owed(report, due, ladder(report.duty, due))
        self.next_due = self.looked_on = None

    def _remind(self, now: datetime) -> None:
        if now.time() < MORNING:
            return
        self._again()
        if self.next_due is None:
            days = [min(owed.planned.values()) for owed in self.owed.values() if owed.planned]
            moments = [moment for owed in self.owed.values() for _, moment in owed.personal]
            moments += [_at(min(days), MORNING)] if days else []
            self.next_due = min(moments, default=now + timedelta(days=1))
        if self.next_due > now:
            return
        self.next_due = self.looked_on = None
        own: dict[str, set[tuple[str, str]]] = {}
        others: dict[str, int] = {}
        for owed in self.owed.values():
            people, receivers = self._by_ladder(owed, now)
            for who in people:
                own.setdefault(who, set()).add(owed.report[:2])
            for who in receivers:
                others[who] = others.get(who, 0) + 1
        with_digest = {*own, *others}
        self.had_digest |= {(who, now.date()) for who in with_digest}
        for owed in self.owed.values():
            for who in self._as_asked(owed, now):
                own.setdefault(who, set()).add(owed.report[:2])
        for who in {*own, *others}:
            kind = "digest" if who in with_digest else "as asked"
            told = ((others[who],),) if who in others else ()
            self._tell(now, who, kind, frozenset(own.get(who, ())), told)

    def _again(self) -> None:
        """What reached nobody is planned again; who did not get a digest may have one on that day."""
        for sent in self.sent:
            got = {each.who for each in self.messages
                   if each.arrived and each.at == sent.at and each.kind in ("digest", "as asked")}  # fmt: skip
            self.had_digest -= {(who, sent.at.date()) for who in sent.to if who not in got}
            if got.isdisjoint(sent.to):
                self.next_due = None
                if sent.step is None:
                    sent.owed.personal.add((sent.asker, sent.moment))
                else:
                    del sent.owed.settled[sent.step]
                    sent.owed.planned[sent.step] = sent.moment.date()
        self.sent = []

    def _by_ladder(self, owed: Owed, now: datetime) -> tuple[list[str], list[str]]:
        """(of the agency, as receivers) who are reminded of a report now, by its ladder."""
        step = self._step_to_send(owed, now)
        if step is None:
            return [], []
        people = self.people.addressed(owed.report, named_by(step), now.date())
        receivers = self.people.receivers(owed.report.duty) if step >= 5 else []
        receivers = [each for each in receivers if each not in people]
        if not people and not receivers:
            owed.drop([step], "nobody to remind", now)
            return [], []
        if any((who, now.date()) in self.had_digest for who in (*people, *receivers)):
            return [], []  # it waits for the next worked day
        self.sent.append(Sent(owed, [*people, *receivers], now, _at(owed.planned[step], MORNING), step))
        owed.drop([step], "sent", now)
        return people, receivers

    def _step_to_send(self, owed: Owed, now: datetime) -> int | None:
        """Of the steps whose time has come only the last counts, unless its day is more than two worked days ago."""
        due = [step for step, day in owed.planned.items() if _at(day, MORNING) <= now]
        if owed.status not in ("open", "acknowledged"):
            owed.drop(due, owed.status, now)
            return None
        if owed.status == "acknowledged":
            owed.drop([step for step in due if step not in AFTER_ACKNOWLEDGEMENT], "acknowledged", now)
            if owed.planned_on is not None and owed.planned_on <= owed.due:
                early = [step for step in due if step in owed.planned and step <= 0]
                owed.drop([s for s in early if owed.planned[s] < owed.planned_on], "planned for a later day", now)
            due = [step for step in due if step in owed.planned]
        due.sort(key=lambda step: (owed.planned[step], step))
        if not due:
            return None
        *earlier, last = due
        owed.drop(earlier, "superseded", now)
        if worked_since(owed.planned[last], now.date()) > USEFUL_FOR:
            owed.drop([last], "stale", now)
            return None
        return last

    def _as_asked(self, owed: Owed, now: datetime) -> set[str]:
        """Whom the reminders that people asked for go to. They are over with that."""
        due = {(who, moment) for who, moment in owed.personal if moment <= now}
        owed.personal -= due
        today = now.date()
        wanted = {who for who, moment in due if worked_since(moment.date(), today) <= USEFUL_FOR}
        if owed.status not in OWED:
            return set()
        told: set[str] = set()
        for who, moment in due:
            to = self.people.in_place_of(owed.report, who, today) if who in wanted else []
            if to:
                self.sent.append(Sent(owed, to, now, moment, asker=who))
                told.update(to)
        return told

    def _watch(self, now: datetime) -> None:
        """Whoever owes something within fifteen worked days should have somebody who can be reminded."""
        today = now.date()
        if self.looked_on == today:
            return
        self.looked_on = today
        horizon = worked_day(today, 15)
        soon: dict[str, list[Report]] = {}
        for owed in self.owed.values():
            if owed.status in OWED and owed.due <= horizon:
                soon.setdefault(owed.report.agency, []).append(owed.report)
        news: dict[str, int] = {}
        for agency, reports in soon.items():
            why = self.people.gap(agency, reports, today)
            receivers = {who for report in reports for who in self.people.receivers(report.duty)}
            if why == self.said_unreachable.get(agency, "") or (why and not receivers):
                continue
            self.said_unreachable[agency] = why
            for who in receivers if why else ():
                news[who] = news.get(who, 0) + 1
        for who, count in news.items():
            self._tell(now, who, "unreachable", frozenset(), ((count,),))

    def _evening(self, now: datetime) -> None:
        """In the last three worked days before a due date receivers hear who has not handed in."""
        today = now.date()
        last = worked_day(today, 3)
        missing: dict[tuple[date, str, date], list[Owed]] = {}
        for owed in self.owed.values():
            if owed.status in OWED and today < owed.due <= last:
                missing.setdefault((owed.due, owed.report.duty, owed.report.period_end), []).append(owed)
        lines: dict[str, list[Line]] = {}
        for (_, duty, end), those in sorted(missing.items()):
            of = sum(each.report.duty == duty and each.report.period_end == end for each in self.owed.values())
            unreachable = sum(bool(self.said_unreachable.get(each.report.agency)) for each in those)
            for who in self.people.receivers(duty):
                lines.setdefault(who, []).append((duty, len(those), of, unreachable))
        for who, theirs in lines.items():
            if (who, today) not in self.had_evening:
                self.had_evening.add((who, today))
                self._tell(now, who, "evening", frozenset(), tuple(theirs))

    def _tell(
        self,
        now: datetime,
        who: str,
        kind: str,
        own: frozenset[tuple[str, str]],
        told: tuple[Line, ...],
    ) -> None:
        person = self.people.known[who]
        if not person.known_to_block:
            self.messages.append(Message(now, who, "chat", kind, own, told, arrived=not person.blocks))
        if person.mailbox:
            self.messages.append(Message(now, who, "mailbox", kind, own, told, arrived=True))

    # --- what people do ---

    def act(self, act: Act) -> None:
        self.next_due = self.looked_on = None
        if act.report is not None:
            self._about_a_report(act, self.owed[act.report])
            return
        self.people.act(act)
        if act.what is What.HANDS_OVER:
            for owed in self._of(act.agency):
                owed.personal |= {(act.other, moment) for who, moment in owed.personal if who == act.who}
        if act.what in (What.HANDS_OVER, What.LEAVES):
            for owed in self._of(act.agency):
                owed.personal = {(who, moment) for who, moment in owed.personal if who != act.who}

    def _of(self, agency: str) -> list[Owed]:
        return [owed for owed in self.owed.values() if owed.report.agency == agency]

    def _about_a_report(self, act: Act, owed: Owed) -> None:
        now, today = act.at, act.at.date()
        self.people.about(owed.report, act)
        match act.what:
            case What.ACKNOWLEDGES:
                assert owed.status == "open", act
                owed.status = "acknowledged"
                owed.drop([step for step in owed.planned if step not in AFTER_ACKNOWLEDGEMENT], "acknowledged", now)
            case What.PLANS if act.day:
                assert owed.status == "acknowledged", act
                if owed.planned_on is not None:
                    owed.personal = {each for each in owed.personal if each[1] != _at(owed.planned_on, MORNING)}
                owed.planned_on = act.day
                before = [step for step, day in owed.planned.items() if step <= 0 and day < act.day]
                owed.drop(before, "planned for a later day", now)
                hours = [hour for hour in (MORNING, AFTERNOON) if _at(act.day, hour) > now]
                owed.personal |= {(act.who, _at(act.day, hour)) for hour in hours[:1]}
            case What.SNOOZES if act.moment:
                assert owed.status in OWED, act
                owed.personal.add((act.who, act.moment))
            case What.GRANTS if act.day:
                owed.due = act.day
                moved = ladder(owed.report.duty, act.day)
                owed.planned = {step: moved[step] for step in owed.planned}
                if not any(step <= 0 for step in owed.planned):
                    days = [worked_day(or_previous(act.day), count) for count in (-1, 0)]
                    owed.personal |= {(owed.asker, _at(day, MORNING)) for day in days if _at(day, MORNING) > now}
            case What.ASKS:
                assert owed.status in OWED, act
                owed.asker = act.who
            case What.REFUSES | What.NOT_MINE | What.TAKES_BACK:
                assert owed.status in OWED, act
            case What.SUBMITS:
                assert owed.status in OWED, act
                owed.status = "accepted" if owed.report.duty == "consolidated-report" else "submitted"
                owed.drop(list(owed.planned), "submitted", now)
                owed.personal = set()
            case What.ACCEPTS:
                assert owed.status == "submitted", act
                owed.status = "accepted"
            case What.RETURNS if act.day:
                assert owed.status == "submitted", act
                owed.status = "returned"
                days = [worked_day(or_previous(act.day), count) for count in CORRECTION]
                moments = [_at(day, MORNING) for day in days if _at(day, MORNING) > now]
                there = [part.who for part in self.people.parts[owed.report.agency] if not part.is_away(today)]
                owed.personal = {(who, moment) for who in there for moment in moments}
            case _:
                raise AssertionError(act)
