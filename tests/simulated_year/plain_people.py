"""Who can be told of what an agency owes, worked out by hand: parts, absences, blocked chats, mailboxes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.simulated_year.ladders import CITY, LEAD
from tests.simulated_year.story import Act, Officer, What


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

    def addressed(self, agency: str, wanted: tuple[str, ...], today: date) -> list[str]:
        """Those in the wanted roles who are there. The deputies where no holder is; whoever is there if nobody.

        Whoever stands in for a holder who is away is a holder that day. Where all are away they are told all the same.
        """
        parts = [part for part in self.parts[agency] if self.known[part.who].can_be_told()]
        there = [part for part in parts if not part.is_away(today)] or parts
        stand_ins = self._stand_ins(agency, today)
        roles = {part.who: "holder" if part.who in stand_ins else part.role for part in there}
        chosen = {who for who, role in roles.items() if role in wanted}
        if "holder" not in roles.values():
            chosen |= {who for who, role in roles.items() if role == "deputy"}
        return sorted(chosen) or sorted(roles)

    def _stand_ins(self, agency: str, today: date) -> set[str]:
        return {part.stand_in for part in self.parts[agency] if part.role == "holder" and part.is_away(today)}

    def in_place_of(self, agency: str, who: str, today: date) -> list[str]:
        """The person, or whom a first step would go to if they have left, are away or can't be told."""
        for part in self.parts[agency]:
            if part.who == who and not part.is_away(today) and self.known[who].can_be_told():
                return [who]
        return self.addressed(agency, ("holder",), today)

    def receivers(self, duty: str) -> list[str]:
        """The receiving agency's officers; for one without any those of the lead agency and of none."""
        agency = CITY if duty == "consolidated-report" else LEAD
        own = [each.name for each in self.officers if each.agency == agency]
        leading = [each.name for each in self.officers if each.agency in ("", LEAD)]
        return [who for who in own or leading if self.known[who].can_be_told()]

    def gap(self, agency: str, today: date) -> str:
        parts = self.parts[agency]
        told = [part for part in parts if self.known[part.who].can_be_told()]
        if not parts:
            return "nobody"
        if not told:
            return "blocked"
        return "away" if all(part.is_away(today) for part in told) else ""

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
                self._goes(act.agency, mine)
            case What.HANDS_OVER if mine:
                self.known.setdefault(act.other, Person(act.other))
                parts.append(Part(act.other, mine.role))
                self._goes(act.agency, mine)
            case _:
                raise AssertionError(act)

    def _goes(self, agency: str, mine: Part) -> None:
        self.parts[agency].remove(mine)
        if not any(part.who == mine.who for parts in self.parts.values() for part in parts):
            self.known[mine.who].mailbox = False
        for part in self.parts[agency]:
            if part.stand_in == mine.who:
                part.stand_in = ""
