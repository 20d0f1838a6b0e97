"""Tells the administrators when the obligations there are no longer fit the content files or the calendar.

The program adds what is missing by itself, but moves and withdraws nothing before a person has seen it.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db import job_state
from bot.db.engine import Database
from bot.i18n import Translators
from bot.messages import Button, Person, Reply, Role
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.duties import definitions
from bot.services.messages import outbox
from bot.services.messages.quiet_hours import QuietHours
from bot.services.people import contacts
from bot.services.planning import change_texts, obligation_plan, regeneration
from bot.services.planning.differences import Changes
from content.model import Content

JOB = "differing obligations"


async def watch(
    database: Database, known: Content, translators: Translators, *, quiet: QuietHours, now: datetime
) -> list[str]:
    """The scheduled job: look once a day, and when duties, agencies or the calendar are others than last time."""
    today = now.astimezone(quiet.zone).date()
    async with database.reading() as connection:
        known = await definitions.over(connection, known)
        calendar = await working_days.load(connection)
        asked_for = _what_is_asked(known, calendar)
        done = f"{today} {asked_for}"
        if await job_state.is_done(connection, JOB, done):
            return []
        changes = await regeneration.preview(connection, known, calendar, today, zone=quiet.zone)
    told = 0
    async with database.transaction() as connection:
        if changes.touches:
            told = await _tell(connection, changes, asked_for, translators, now)
        await job_state.claim(connection, JOB, done, now)
    return [f"obligations differ from what is asked: {told} told"] if told else []


async def _tell(
    connection: AsyncConnection, changes: Changes, asked_for: str, translators: Translators, now: datetime
) -> int:
    told = 0
    for contact_id in await contacts.staff(connection, Role.ADMIN):
        key = f"obligations-differ:{asked_for}:{contact_id}"
        told += await outbox.notify(connection, contact_id, key, partial(_notice, changes, translators), now=now)
    return told


def _notice(changes: Changes, translators: Translators, person: Person) -> Reply:
    t = translators.for_language(person.language)
    text = t(
        "Duties to report or the calendar are no longer those by which the open reports were laid out. Nothing has "
        "been changed. Please look at what would change, and confirm it."
    )
    return Reply(
        text="\n".join([text, *change_texts.counts(changes, t)]),
        language=t.language,
        title=t("Open reports to be adjusted"),
        buttons=((Button(t("See what would change"), "duty:pending"),),),
    )


def _what_is_asked(known: Content, calendar: WorkingCalendar) -> str:
    days = repr(sorted(calendar.overrides.items()))
    return sha256(f"{obligation_plan.fingerprint(known)} {days}".encode()).hexdigest()[:16]
