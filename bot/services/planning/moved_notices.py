"""Tells focal points when a date changes that they have been told of before: one message to each, with all reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.models.reporting import Obligation, ReminderStep
from bot.i18n import Translator, Translators
from bot.messages import Button, Reply
from bot.services.agencies import agencies, focal_points
from bot.services.agencies.agencies import AgencyName
from bot.services.messages import outbox
from bot.services.planning import change_texts
from bot.services.planning.differences import Because, Change, Changes
from bot.services.reporting import history_texts, report_texts
from content.model import Content


async def tell(
    connection: AsyncConnection,
    changes: Changes,
    known: Content,
    translators: Translators,
    *,
    because: Because,
    today: date,
    now: datetime,
) -> None:
    """Store the messages. Who was reminded of a report, or answered, knows its date; for others it is news anyway."""
    moved = [each for each in (*changes.moved, *changes.restored, *changes.withdrawn) if _concerns(each, changes)]
    known_of = await _known_of(connection, [each.id for each in moved if each.id is not None])
    by_agency: dict[int, list[Change]] = defaultdict(list)
    for each in moved:
        if each.id in known_of:
            by_agency[each.agency_id].append(each)
    if not by_agency:
        return
    present = await focal_points.present(connection, sorted(by_agency), today)
    theirs: dict[int, list[Change]] = defaultdict(list)
    for agency_id, focal in present.items():
        for contact_id in sorted({each.contact_id for each in focal if not each.away}):
            theirs[contact_id] += by_agency[agency_id]
    names = await agencies.names(connection)
    await outbox.tell(
        connection,
        theirs,
        # With the time: what moves back and forth is news each time.
        f"dates-changed:{changes.fingerprint}:{now.timestamp():.0f}",
        lambda person, t: _message(theirs[person.contact_id], changes, known, names, because, t),
        translators=translators,
        now=now,
    )


def _concerns(change: Change, changes: Changes) -> bool:
    """Whether people notice it: another first day of the period is for the report itself to say."""
    return change not in changes.moved or change.due_from != change.due_on


async def _known_of(connection: AsyncConnection, ids: Sequence[int]) -> set[int]:
    sent = exists(
        select(ReminderStep.id).where(ReminderStep.obligation_id == Obligation.id, ReminderStep.status == "sent")
    )
    answered = or_(Obligation.acknowledged_at.is_not(None), Obligation.opened_at.is_not(None), sent)
    return set(await connection.scalars(select(Obligation.id).where(among(connection, Obligation.id, ids), answered)))


def _message(
    theirs: Sequence[Change],
    changes: Changes,
    known: Content,
    names: Mapping[int, AgencyName],
    because: Because,
    t: Translator,
) -> Reply:
    lines = []
    several = len({each.agency_id for each in theirs}) > 1
    for each in sorted(theirs, key=lambda change: (change.due_on, change.duty)):
        title = report_texts.duty_title(each.duty, known, t)
        dates = t("no longer owed") if each in changes.withdrawn else change_texts.dates(each, t)
        of = f" ({names[each.agency_id].in_language(t.language)})" if several else ""
        lines.append(f"- {title}{of}: {dates}")
    return Reply(
        text="\n\n".join([history_texts.because(because.value, t), "\n".join(lines)]),
        language=t.language,
        title=t("Dates of your reports have changed"),
        footnote=t("What was handed in, and dates that officers granted, have not changed."),
        buttons=((Button(t("Agency reports"), "do:reports"),),),
    )
