"""The doors of an event: when they are open, and the signed link that lets an officer stand at them. Pure.

The link names the event, the officer and when it ends; that the officer may still do this is looked up at every use.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.services.offerings.offerings import Kind, Offered

# Nobody is counted earlier: a trial on the day before would tell people that they have attended.
OPEN_BEFORE = timedelta(hours=6)
# An event without an end is taken to be over by then.
WITHOUT_END = timedelta(hours=12)
CLOSE_AFTER = timedelta(hours=12)
# A phone that was without a network until then can still hand in what it kept, by a link that ends soon.
HAND_IN_UNTIL = timedelta(days=7)
SHORT_LINK = timedelta(hours=2)

_TOKEN = re.compile(r"(\d{1,18})-(\d{1,18})-(\d{1,12})-([0-9a-f]{40})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pass:
    """Who may stand at which doors, and until when."""

    offering_id: int
    contact_id: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Doors:
    """Makes and reads links. ``address`` is where people reach the program, without a slash at the end."""

    secret: bytes
    address: str

    def link(self, offering: Offered, contact_id: int, now: datetime) -> str:
        """The link for one officer to one event; "" when there is nothing to count any more."""
        closes = closes_at(offering)
        if closes is None or offering.cancelled_at is not None or now > closes + HAND_IN_UNTIL:
            return ""
        return f"{self.address}/check-in/{self.token(Pass(offering.id, contact_id, max(closes, now + SHORT_LINK)))}"

    def token(self, held: Pass) -> str:
        """The signed part of the link."""
        said = f"{held.offering_id}-{held.contact_id}-{int(held.until.timestamp())}"
        return f"{said}-{self._signature(said)}"

    def read(self, token: str, now: datetime) -> Pass | None:
        """What a token of ours says; None for any other, and for one that has ended."""
        found = _TOKEN.fullmatch(token)
        if found is None or not hmac.compare_digest(found[4], self._signature(token.rpartition("-")[0])):
            return None
        until = datetime.fromtimestamp(int(found[3]), UTC)
        return Pass(int(found[1]), int(found[2]), until) if now <= until else None

    def _signature(self, said: str) -> str:
        key = hmac.digest(self.secret, b"check-in links", "sha256")
        return hmac.digest(key, said.encode(), "sha256").hex()[:40]


def opens_at(offering: Offered) -> datetime | None:
    """From when on people are counted; None where there are no doors, as at a programme."""
    if offering.kind is not Kind.EVENT or offering.starts_at is None:
        return None
    return offering.starts_at - OPEN_BEFORE


def closes_at(offering: Offered) -> datetime | None:
    """Until when people are counted: what is later happened at the latest then."""
    if offering.kind is not Kind.EVENT or offering.starts_at is None:
        return None
    return (offering.ends_at or offering.starts_at + WITHOUT_END) + CLOSE_AFTER


def plausible(offering: Offered, at: datetime, now: datetime) -> datetime:
    """When a scan happened, by a phone's clock that may be wrong: not in the future, not while doors were closed."""
    opens, closes = opens_at(offering), closes_at(offering)
    if closes is not None:
        at = min(at, closes)
    if opens is not None:
        at = max(at, opens)
    return min(at, now)
