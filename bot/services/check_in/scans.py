"""What a phone at the door reports, and what became of it: the words that both sides share. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.services.applications import application_codes
from bot.services.applications.statuses import Status
from bot.services.passes.passes import Passes


class Method(StrEnum):
    """How somebody was recognised."""

    CAMERA = "camera"
    CODE = "code"
    NAME = "name"
    WALK_IN = "walk-in"


class Outcome(StrEnum):
    """What became of a scan. Everything but ACCEPTED is a refusal, and may be a conflict's reason."""

    ACCEPTED = "accepted"
    TWICE = "twice"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    UNCONFIRMED = "unconfirmed"
    ELSEWHERE = "elsewhere"
    FORGED = "forged"
    UNKNOWN = "unknown"
    EARLY = "early"


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan. ``scan_id`` is the device's own, ``at`` by its clock; ``code`` is "" where none could be read.

    ``forged``: it says that we signed it, and we did not. ``let_in``: the device was without a network and has said
    yes already, so a refusal now is a conflict that people have to look at.
    """

    scan_id: str
    method: Method
    at: datetime
    code: str = ""
    gate: str = ""
    forged: bool = False
    let_in: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """When and where somebody came in, and whom they were let in by."""

    scan_id: str
    at: datetime
    gate: str
    by: str


@dataclass(frozen=True, slots=True)
class Guest:
    """What the door needs to know of an application, and nothing else. ``entry`` while they are in."""

    id: int
    offering_id: int
    code: str
    status: Status
    seats: int
    business: str
    person: str
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a scan. ``guest`` has the entry that counts; None where the code is nobody's at this event.

    ``event`` is the title of the other event that the code is for, in both languages.
    """

    outcome: Outcome
    guest: Guest | None = None
    event: dict[str, str] | None = None


def code_of(text: str, passes: Passes) -> tuple[str, bool]:
    """(code, forged) of what was scanned or typed; the code is "" when it can't be one."""
    parts = text.strip().upper().split(".")
    if parts[0] != "NC1" or len(parts) != 3:
        return application_codes.read(text) or "", False
    signed = passes.read(text)
    return (signed, False) if signed is not None else (application_codes.read(parts[1]) or "", True)
