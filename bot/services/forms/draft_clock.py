"""What the clock does about half-filled forms: one reminder a day after the last change, gone after 14 days.

Both are only looked for outside quiet hours, so that nobody is reminded of a form that they finished in the morning.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.engine import Database
from bot.db.models.applications import Draft
from bot.db.models.offerings import Offering
from bot.i18n import Translator, Translators
from bot.messages import Button, Reply
from bot.services.forms import drafts
from bot.services.messages import outbox
from bot.services.messages.outbox import Notice
from bot.services.messages.quiet_hours import QuietHours
from bot.services.people import contacts

REMIND_AFTER = timedelta(days=1)
KEPT_FOR = timedelta(days=14)
# A reminder that could not be sent within this time is of no use any more.
USEFUL_FOR = timedelta(hours=12)
AT_ONCE = 200

_COLUMNS = (Draft.id, Draft.contact_id, Draft.changed_at, Offering.details)
_UNREMINDED = (
    select(*_COLUMNS)
    .join(Offering, Offering.id == Draft.offering_id)
    .where(Draft.reminded_at.is_(None), Draft.changed_at <= bindparam("before"), Draft.changed_at > bindparam("after"))
    .order_by(Draft.changed_at)
    .limit(AT_ONCE)
    .with_for_update(of=Draft, skip_locked=True)
)
_EXPIRED = (
    select(*_COLUMNS)
    .join(Offering, Offering.id == Draft.offering_id)
    .where(Draft.changed_at <= bindparam("before"))
    .order_by(Draft.changed_at)
    .limit(AT_ONCE)
    .with_for_update(of=Draft, skip_locked=True)
)


async def watch(database: Database, translators: Translators, *, quiet: QuietHours, now: datetime) -> list[str]:
    """Remind of what was left for a day, and drop what was left for 14; a line for each notice."""
    if quiet.covers(now):
        return []
    async with database.transaction() as connection:
        dropped = await _drop_expired(connection, translators, now)
        return dropped + await _remind(connection, translators, now)


async def _remind(connection: AsyncConnection, translators: Translators, now: datetime) -> list[str]:
    given = {"before": now - REMIND_AFTER, "after": now - KEPT_FOR}
    due = (await connection.execute(_UNREMINDED, given)).all()
    if not due:
        return []
    people = await contacts.reachable(connection, [row.contact_id for row in due])
    notices = []
    for row in due:
        person = people.get(row.contact_id)
        if person is not None:
            t = translators.for_language(person.language)
            notices.append(
                Notice(person, f"draft:{row.id}:reminder", _reminder(row.id, row.details, row.changed_at, t))
            )
    await outbox.notify_all(connection, notices, now=now, stale_after=now + USEFUL_FOR)
    await connection.execute(update(Draft).where(Draft.id.in_([row.id for row in due])).values(reminded_at=now))
    return [f"{notice.key} to {notice.person.contact_id}" for notice in notices]


async def _drop_expired(connection: AsyncConnection, translators: Translators, now: datetime) -> list[str]:
    expired = (await connection.execute(_EXPIRED, {"before": now - KEPT_FOR})).all()
    if not expired:
        return []
    people = await contacts.reachable(connection, [row.contact_id for row in expired])
    notices = []
    for row in expired:
        person = people.get(row.contact_id)
        if person is not None:
            t = translators.for_language(person.language)
            notices.append(Notice(person, f"draft:{row.id}:dropped", _dropped(row.details, t)))
    await outbox.notify_all(connection, notices, now=now)
    await drafts.remove(connection, Draft.id.in_([row.id for row in expired]))
    return [f"{notice.key} to {notice.person.contact_id}" for notice in notices]


def _reminder(draft_id: str, details: Mapping[str, Any], changed_at: datetime, t: Translator) -> Reply:
    return Reply(
        t(
            "Your registration for “{title}” is not finished yet, and nothing has been sent. What you entered is kept "
            "until {date}.",
            title=details["title"][t.language.value],
            date=t.date(changed_at + KEPT_FOR),
        ),
        t.language,
        buttons=(
            (Button(t("Continue the registration"), f"form:resume:{draft_id}"),),
            (Button(t("Delete"), f"form:drop:{draft_id}"),),
        ),
    )


def _dropped(details: Mapping[str, Any], t: Translator) -> Reply:
    return Reply(
        t(
            "Your unfinished registration for “{title}” has been deleted, since it was not changed for 14 days. "
            "Nothing was sent. You can register again at any time.",
            title=details["title"][t.language.value],
        ),
        t.language,
        buttons=((Button(t("Register"), "do:register"), Button(t("Menu"), "do:menu")),),
    )
