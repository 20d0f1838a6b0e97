"""What the page asks for and reports, as JSON: the list, the figures, and scans in batches."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.check_in.access import AtTheDoor
from bot.i18n import Translators
from bot.services.check_in import attendance, door_lists, walk_ins
from bot.services.check_in.doors import closes_at, opens_at
from bot.services.check_in.scans import Guest, Method, Result, Scan, code_of
from bot.services.check_in.walk_ins import WalkIn
from bot.services.forms import fields
from bot.services.passes.passes import Passes
from bot.vietnamese import clean

MOST_SCANS = 100
MOST_SEATS = 50
LONGEST_GATE = 60
LONGEST_NAME = 200
# What another transaction was still writing when the page last asked is asked for again.
OVERLAP = timedelta(seconds=30)

_ID = re.compile(r"[\w-]{8,40}", re.ASCII)


class Unreadable(Exception):
    """A body that is not one the page would send."""


async def state(
    connection: AsyncConnection, door: AtTheDoor, after: str, translators: Translators, now: datetime
) -> dict[str, Any]:
    """Everything the page shows, or what has changed since the ``cursor`` that it got last time."""
    since = _moment(after)
    this = door.offering
    figures = await door_lists.counts(connection, this.id)
    return {
        "event": _event(door, translators),
        "officer": door.name,
        "language": door.language.value,
        "until": door.until,
        "now": now,
        "cursor": now - OVERLAP,
        "whole": since is None,
        "counts": asdict(figures),
        "guests": [_guest(each) for each in await door_lists.list_for_device(connection, this.id, since)],
        "walk_ins": [asdict(each) for each in await door_lists.walked_in(connection, this.id, since)],
        "conflicts": [asdict(each) for each in await door_lists.conflicts(connection, this.id, since)],
    }


async def take(
    connection: AsyncConnection, door: AtTheDoor, body: Mapping[str, Any], passes: Passes, now: datetime
) -> dict[str, Any]:
    """Act on a batch in its order, and answer each of it by its id."""
    scans = body.get("scans")
    if not isinstance(scans, list) or not 0 < len(scans) <= MOST_SCANS:
        raise Unreadable
    read = [_read(each, passes, now) for each in scans]
    answers = []
    for each in read:
        match each:
            case Scan():
                answers.append(_answer(each.scan_id, await _scan(connection, door, each, now)))
            case WalkIn():
                result = await walk_ins.walk_in(connection, door.offering.id, each, door.contact_id, now)
                answers.append(_answer(each.scan_id, result))
            case (scan_id, of):
                undone = await attendance.undo(connection, door.offering.id, of, door.contact_id, now)
                answers.append({"id": scan_id, "outcome": "undone" if undone else "nothing"})
    return {"answers": answers, "counts": asdict(await door_lists.counts(connection, door.offering.id)), "now": now}


async def _scan(connection: AsyncConnection, door: AtTheDoor, scan: Scan, now: datetime) -> Result:
    return await attendance.check_in(connection, door.offering.id, scan, door.contact_id, now)


def packed(value: Mapping[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def body_of(content: bytes) -> dict[str, Any]:
    """Unreadable unless it is a JSON object."""
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise Unreadable from None
    if not isinstance(body, dict):
        raise Unreadable
    return body


def tax_code_of(typed: str) -> str:
    """The tax code in what was typed; "" for anything else, which no guest at a door is kept waiting for."""
    code = re.sub(r"[\s.-]", "", typed)
    return code if re.fullmatch(r"\d{10}|\d{12,13}", code, re.ASCII) and not fields.check_failed(code) else ""


def _read(given: object, passes: Passes, now: datetime) -> Scan | WalkIn | tuple[str, str]:
    if not isinstance(given, dict):
        raise Unreadable
    scan_id, method = _id(given.get("id")), given.get("method")
    if method == "undo":
        return scan_id, _id(given.get("of"))
    at = _moment(given.get("at")) or now
    gate = clean(_text(given.get("gate")))[:LONGEST_GATE]
    try:
        method = Method(_text(method))
    except ValueError:
        raise Unreadable from None
    if method is Method.WALK_IN:
        name, seats = clean(_text(given.get("name")))[:LONGEST_NAME], given.get("seats")
        if not name or type(seats) is not int or not 1 <= seats <= MOST_SEATS:
            raise Unreadable
        return WalkIn(scan_id, name, seats, tax_code_of(_text(given.get("tax_code"))), at, gate)
    code, forged = code_of(_text(given.get("text"))[:200], passes)
    return Scan(scan_id, method, at, code, gate, forged, given.get("let_in") is True)


def _id(given: object) -> str:
    if not isinstance(given, str) or not _ID.fullmatch(given):
        raise Unreadable
    return given


def _text(given: object) -> str:
    if given is None:
        return ""
    if not isinstance(given, str):
        raise Unreadable
    return given


def _moment(given: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(given) if isinstance(given, str) and given else None
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None


def _answer(scan_id: str, result: Result) -> dict[str, Any]:
    guest = _guest(result.guest) if result.guest is not None else None
    return {"id": scan_id, "outcome": result.outcome.value, "guest": guest, "event": result.event}


def _guest(guest: Guest) -> dict[str, Any]:
    entry = guest.entry
    return {
        "code": guest.code,
        "business": guest.business,
        "person": guest.person,
        "seats": guest.seats,
        "status": guest.status.value,
        "entry": {"scan": entry.scan_id, "at": entry.at, "gate": entry.gate, "by": entry.by} if entry else None,
    }


def _event(door: AtTheDoor, translators: Translators) -> dict[str, Any]:
    this = door.offering
    return {
        "id": this.id,
        "title": this.title(door.language),
        "place": this.text("place", door.language),
        "starts_at": this.starts_at,
        "ends_at": this.ends_at,
        "opens_at": opens_at(this),
        "closes_at": closes_at(this),
        "when": translators.for_language(door.language).moment(this.starts_at) if this.starts_at else "",
        "capacity": this.capacity,
        "cancelled": this.cancelled_at is not None,
    }
