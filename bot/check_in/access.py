"""Who is at the other end: the signed link in a cookie, and whether that officer may still do this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.people import Contact
from bot.i18n import Translator, Translators
from bot.messages import Language
from bot.services.applications import deciders
from bot.services.check_in.doors import Doors
from bot.services.offerings import offerings
from bot.services.offerings.offerings import Kind, Offered
from bot.services.people import officers

COOKIE = "door"
PATH = "/check-in"


class Denied(Exception):
    """A request that is not met; ``message`` is for the officer, ``reason`` a word for the page."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """An officer who looks after this event, as of this request."""

    contact_id: int
    name: str
    language: Language
    offering: Offered
    until: datetime


async def admitted(
    connection: AsyncConnection, token: str, doors: Doors, now: datetime, translators: Translators, hint: Language
) -> AtTheDoor:
    """Whoever holds this token, if they may still be at these doors; Denied else.

    ``hint`` is the language for somebody whom we don't know.
    """
    held = doors.read(token, now)
    if held is None:
        raise _ended(translators.for_language(hint))
    row = (
        await connection.execute(select(Contact.name, Contact.language).where(Contact.id == held.contact_id))
    ).one_or_none()
    language = Language(row.language) if row is not None else hint
    t = translators.for_language(language)
    offering = await offerings.get(connection, held.offering_id)
    staff = await officers.everyone(connection)
    officer = staff.officers.get(held.contact_id)
    if row is None or officer is None or offering is None or offering.kind is not Kind.EVENT:
        raise _not_theirs(t)
    if not deciders.scope_of(staff, officer).covers(offering.agency_slug):
        raise _not_theirs(t)
    return AtTheDoor(held.contact_id, row.name, language, offering, held.until)


def refuse_other_sites(request: web.Request, t: Translator) -> None:
    """Denied unless the page itself asks: a form of another site can neither send JSON nor claim our origin."""
    origin = request.headers.get("Origin")
    foreign = origin is not None and urlsplit(origin).netloc != request.host
    if foreign or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Denied(403, "foreign", t("This request came from another web site."))
    if request.method == "POST" and request.content_type != "application/json":
        raise Denied(415, "unreadable", t("The request could not be read. Please load the page again."))


def remember(response: web.StreamResponse, token: str, until: datetime, now: datetime, *, secure: bool) -> None:
    """Keep the token where no script can read it, and send it to these pages only."""
    seconds = max(0, int((until - now).total_seconds()))
    response.set_cookie(COOKIE, token, max_age=seconds, path=PATH, httponly=True, samesite="Strict", secure=secure)


def _ended(t: Translator) -> Denied:
    return Denied(401, "ended", t("This link is not valid or has ended. Please get a new one from the assistant."))


def _not_theirs(t: Translator) -> Denied:
    text = t("You are not, or no longer, one of the officers who look after this event.")
    return Denied(403, "not-theirs", text)
