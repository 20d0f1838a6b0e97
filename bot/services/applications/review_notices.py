"""Telling officers that there is something to decide: once per application, all that is new in one message each.

In the quiet hours nothing is said; what came in the night is one message in the morning. What an applicant answers
goes at once to the officer who asked (``decisions``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.engine import Database
from bot.db.models.applications import Application
from bot.db.models.businesses import Business
from bot.db.models.offerings import Offering
from bot.i18n import Translator, Translators
from bot.messages import Button, Language, Reply
from bot.services.applications import deciders
from bot.services.messages import outbox
from bot.services.messages.outbox import Notice
from bot.services.messages.quiet_hours import QuietHours
from bot.services.offerings.offerings import Kind
from bot.services.people import contacts, officers

AT_ONCE = 500
NAMED = 5

# In the words of the index ix_application_news_for_staff, so that both databases use it.
_NEWS = (
    select(Application.id, Application.code, Business.name, Offering.agency_slug, Offering.details, Offering.id)
    .join(Offering, Offering.id == Application.offering_id)
    .join(Business, Business.id == Application.business_id)
    .where(
        Application.status == literal_column("'submitted'"),
        Application.staff_told_at.is_(None),
        or_(Offering.kind == Kind.PROGRAMME.value, Offering.needs_approval.is_(True)),
        Offering.cancelled_at.is_(None),
    )
    .order_by(Application.id)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class _New:
    """One application that nobody was told of yet."""

    id: int
    code: str
    business: str
    agency_slug: str
    title_vi: str
    title_en: str
    offering_id: int

    def title(self, language: Language) -> str:
        return self.title_vi if language is Language.VI else self.title_en


async def tell_of_new(database: Database, translators: Translators, *, quiet: QuietHours, now: datetime) -> list[str]:
    """Tell the officers concerned of what has come in; returns a line per message."""
    if quiet.covers(now):
        return []
    async with database.transaction() as connection:
        new = await _claimed(connection, now)
        if not new:
            return []
        staff = await officers.everyone(connection)
        by_officer: dict[int, list[_New]] = {}
        for each in new:
            for contact_id in deciders.deciding(staff, each.agency_slug):
                by_officer.setdefault(contact_id, []).append(each)
        people = await contacts.reachable(connection, sorted(by_officer))
        notices = [
            Notice(
                person,
                f"desk:{contact_id}:{by_officer[contact_id][-1].id}",
                _notice(by_officer[contact_id], translators.for_language(person.language)),
            )
            for contact_id, person in people.items()
        ]
        await outbox.notify_all(connection, notices, now=now)
        return [
            f"told officer {notice.person.contact_id} of {len(by_officer[notice.person.contact_id])} new applications"
            for notice in notices
        ]


async def _claimed(connection: AsyncConnection, now: datetime) -> list[_New]:
    """What is new, marked as told; of two processes that look at once one gets each."""
    rows = (await connection.execute(_NEWS, {"most": AT_ONCE})).all()
    if not rows:
        return []
    claimed = set(
        (
            await connection.execute(
                update(Application)
                .where(among(connection, Application.id, [row[0] for row in rows]), Application.staff_told_at.is_(None))
                .values(staff_told_at=now)
                .returning(Application.id)
            )
        ).scalars()
    )
    return [
        _New(id_, code, business, slug, details["title"]["vi"], details["title"]["en"], offering_id)
        for id_, code, business, slug, details, offering_id in rows
        if id_ in claimed
    ]


def _notice(new: Sequence[_New], t: Translator) -> Reply:
    queue = (Button(t("Applications to decide"), "desk:list:0"),)
    if len(new) == 1:
        (only,) = new
        return Reply(
            text="\n".join([only.business, only.title(t.language), t("Code: {code}", code=only.code)]),
            language=t.language,
            title=t("A new application is to be decided"),
            buttons=((Button(t("Open the application"), f"desk:show:{only.id}"),), queue),
        )
    counts: dict[int, list[_New]] = {}
    for each in new:
        counts.setdefault(each.offering_id, []).append(each)
    lines = [f"- {those[0].title(t.language)}: {t.number(len(those))}" for those in counts.values()]
    if len(lines) > NAMED:
        rest = len(lines) - NAMED
        lines = [*lines[:NAMED], t.plural("…and {number} more", "…and {number} more", rest)]
    title = t.plural(
        "{number} new application is to be decided", "{number} new applications are to be decided", len(new)
    )
    return Reply(text="\n".join(lines), language=t.language, title=title, buttons=(queue,))
