"""Who can be told of what an agency owes, worked out by hand: parts, absences, blocked chats, mailboxes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.simulated_year.ladders import CITY, LEAD
from tests.simulated_year.story import Act, Officer, Report, What


@dataclass
class Person:
    """Somebody who can be written to."""

    name: str
    blocks: bool = False
    known_to_block: bool = False
    mailbox: bool = False

    def can_be_told(self) -> bool:
        return self.mailbox or not self.known_to_block


@dataclass
class Part:
    """Somebody's part in an agency."""

    who: str
    role: str
    away_from: date = date.max
    away_until: date = date.min
    stand_in: str = ""

    def is_away(self, today: date) -> bool:
        return self.away_from <= today <= self.away_until


class People:
    """Everybody at a point of the story."""

    def __init__(self, officers: tuple[Officer, ...], agencies: dict[str, str]) -> None:
        self.officers = officers
        self.known = {each.name: Person(each.name) for each in officers}
        self.parts: dict[str, list[Part]] = {agency: [] for agency in agencies}
        self.not_theirs: dict[Report, dict[str, str]] = {}  # who said so, and whom they named

    def addressed(self, report: Report, wanted: tuple[str, ...], today: date) -> list[str]:
        """Those in the wanted roles who are there. The deputies where no holder is; whoever is there if nobody.

        Whoever stands in for a holder who is away is a holder that day, whoever was named as the right one for the
        report is one for it. Where all are away they are told all the same. Who said that it is not theirs is not.
        """
        said = self.not_theirs.get(report, {})
        parts = [part for part in self.parts[report.agency]
                 if part.who not in said and self.known[part.who].can_be_told()]  # fmt: skip
        there = [part for part in parts if not part.is_away(today)] or parts
        holders = self._stand_ins(report.agency, today) | set(said.values())
        roles = {part.who: "holder" if part.who in holders else part.role for part in there}
        chosen = {who for who, role in roles.items() if role in wanted}
        if "holder" not in roles.values():
            chosen |= {who for who, role in roles.items() if role == "deputy"}
        return sorted(chosen) or sorted(roles)

    def _stand_ins(self, agency: str, today: date) -> set[str]:
        return {part.stand_in for part in self.parts[agency] if part.role == "holder" and part.is_away(today)}

    def in_place_of(self, report: Report, who: str, today: date) -> list[str]:
        """The person; whom a first step would go to if it is not theirs, they have left, are away or can't be told."""
        theirs = who not in self.not_theirs.get(report, {}) and self.known[who].can_be_told()
        for part in self.parts[report.agency]:
            if theirs and part.who == who and not part.is_away(today):
                return [who]
        return self.addressed(report, ("holder",), today)

    def receivers(self, duty: str) -> list[str]:
        """The receiving agency's officers; for one without any those of the lead agency and of none."""
        agency = CITY if duty == "consolidated-report" else LEAD
        own = [each.name for each in self.officers if each.agency == agency]
        leading = [each.name for each in self.officers if each.agency in ("", LEAD)]
        return [who for who in own or leading if self.known[who].can_be_told()]

    def gap(self, agency: str, reports: list[Report], today: date) -> str:
        parts = self.parts[agency]
        told = [part for part in parts if self.known[part.who].can_be_told()]
        if not parts:
            return "nobody"
        if not told:
            return "blocked"
        if all(part.is_away(today) for part in told):
            return "away"
        for report in reports:
            if all(part.who in self.not_theirs.get(report, {}) for part in told):
                return "disowned"
        return ""

    def act(self, act: Act) -> None:
        """Somebody comes, goes, is away or can't be written to any more."""
        parts = self.parts.get(act.agency, [])
        mine = next((part for part in parts if part.who == act.who), None)
        match act.what:
            case What.LINKS:
                self.known.setdefault(act.who, Person(act.who))
                parts.append(Part(act.who, act.role))
            case What.CONFIRMS_MAILBOX:
                self.known[act.who].mailbox = True
            case What.BLOCKS:
                self.known[act.who].blocks = True
            case What.COMES_BACK:
                self.known[act.who].blocks = self.known[act.who].known_to_block = False
            case What.IS_AWAY if mine and act.day and act.until:
                mine.away_from, mine.away_until, mine.stand_in = act.day, act.until, act.other
            case What.IS_BACK if mine:
                mine.away_from, mine.away_until, mine.stand_in = date.max, date.min, ""
            case What.LEAVES if mine:
                self._goes(act.agency, mine, "")
            case What.HANDS_OVER if mine:
                self.known.setdefault(act.other, Person(act.other))
                parts.append(Part(act.other, mine.role))
                self._goes(act.agency, mine, act.other)
            case _:
                raise AssertionError(act)

    def about(self, report: Report, act: Act) -> None:
        """Somebody says that a report is not theirs, or does what shows that it is."""
        said = self.not_theirs.setdefault(report, {})
        match act.what:
            case What.NOT_MINE:
                said[act.who] = act.other
                said.pop(act.other, None)
            case What.TAKES_BACK:
                del said[act.who]
            case What.PLANS | What.SNOOZES:
                said.pop(act.who, None)

    def _goes(self, agency: str, mine: Part, successor: str) -> None:
        for report, said in self.not_theirs.items():
            if report.agency == agency:
                said.pop(mine.who, None)
                for who, named in said.items():
                    if named == mine.who:
                        said[who] = successor
        self.parts[agency].remove(mine)
        if not any(part.who == mine.who for parts in self.parts.values() for part in parts):
            self.known[mine.who].mailbox = False
        for part in self.parts[agency]:
            if part.stand_in == mine.who:
                part.stand_in = ""
