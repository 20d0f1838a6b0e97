"""Agencies that owe a report soon and have nobody who could be reminded: their receivers are told what to do.

Told once per agency and reason, until that changes: ``agency.unreachable`` is the reason last told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.engine import Database
from bot.db.job_state import one_at_a_time
from bot.db.models.people import Agency
from bot.db.models.reporting import OWED as IS_OWED
from bot.db.models.reporting import Obligation
from bot.i18n import Translator, Translators
from bot.messages import Button, Reply
from bot.services.agencies.agencies import AgencyName
from bot.services.calendar import working_days
from bot.services.duties import definitions
from bot.services.messages import outbox
from bot.services.messages.quiet_hours import QuietHours
from bot.services.reminding import addressees, reminders
from bot.services.reminding.addressees import Addressees, Gap
from bot.services.reminding.rules import Day
from content.model import Content

# Working days before a due date from which it matters that somebody can be reminded: the first step of a ladder.
AHEAD = 15
NAMED, WITH_BUTTONS = 10, 6


@dataclass(frozen=True, slots=True)
class _Concerned:
    """An agency that owes something soon: the duties, the obligations, and the reason that was last told."""

    agency: AgencyName
    told: str | None
    duties: set[str] = field(default_factory=set)
    obligations: list[int] = field(default_factory=list)


async def watch(
    database: Database,
    known: Content,
    translators: Translators,
    *,
    quiet: QuietHours,
    now: datetime,
    simulated: bool = False,
) -> list[str]:
    """The scheduled job, on working days outside the quiet hours. Returns a line per reason that was told of."""
    if quiet.covers(now):
        return []
    async with database.reading() as connection:
        known = await definitions.over(connection, known)
        day = Day(known, await working_days.load(connection), now.astimezone(quiet.zone).date(), quiet.zone)
        if not day.calendar.is_working_day(day.today):
            return []
        if not _changed(*await _look(connection, day), day):
            return []
    async with database.transaction() as connection:
        await one_at_a_time(connection, reminders.JOB, now)
        concerned, people = await _look(connection, day)
        changed = _changed(concerned, people, day)
        for gap in (*Gap, None):
            ids = [each.agency.id for each, why in changed if why is gap]
            if ids:
                reason = gap.value if gap else None
                await connection.execute(
                    update(Agency).where(among(connection, Agency.id, ids)).values(unreachable=reason)
                )
        new = [(each, gap) for each, gap in changed if gap is not None]
        await _tell(connection, new, people, day, translators, now=now, anytime=simulated)
    slugs = {gap: [each.agency.slug for each, why in new if why is gap] for gap in Gap}
    return [f"{len(those)} unreachable ({gap}): {_some(those)}" for gap, those in slugs.items() if those]


def _some(slugs: Sequence[str]) -> str:
    return ", ".join(slugs[:NAMED]) + (", …" if len(slugs) > NAMED else "")


async def _look(connection: AsyncConnection, day: Day) -> tuple[list[_Concerned], Addressees]:
    horizon = day.calendar.add_working_days(day.today, AHEAD)
    rows = await connection.execute(
        select(
            Agency.id, Agency.slug, Agency.name_vi, Agency.name_en, Agency.unreachable, Obligation.duty, Obligation.id
        )
        .join(Agency, Agency.id == Obligation.agency_id)
        .where(IS_OWED, Obligation.due_on <= horizon)
    )
    found: dict[int, _Concerned] = {}
    for id_, slug, vi, en, told, duty, obligation_id in rows:
        if duty in day.known.duties and day.known.duties[duty].enabled:
            concerned = found.setdefault(id_, _Concerned(AgencyName(id_, slug, vi, en), told))
            concerned.duties.add(duty)
            concerned.obligations.append(obligation_id)
    ids = [each for concerned in found.values() for each in concerned.obligations]
    return [found[id_] for id_ in sorted(found)], await addressees.load(connection, list(found), day.today, ids)


def _changed(concerned: Sequence[_Concerned], people: Addressees, day: Day) -> list[tuple[_Concerned, Gap | None]]:
    """What is not as it was last told; nothing is new as long as there is nobody to tell it to."""
    now = [(each, people.gap(each.agency.id, each.obligations)) for each in concerned]
    return [
        (each, gap)
        for each, gap in now
        if (gap.value if gap else None) != each.told and (gap is None or _receiving(each, people, day))
    ]


def _receiving(concerned: _Concerned, people: Addressees, day: Day) -> set[int]:
    return {contact_id for duty in concerned.duties for contact_id in people.receiving(day.known.duties[duty])}


async def _tell(
    connection: AsyncConnection,
    new: Sequence[tuple[_Concerned, Gap]],
    people: Addressees,
    day: Day,
    translators: Translators,
    *,
    now: datetime,
    anytime: bool,
) -> None:
    by_receiver: dict[int, list[tuple[AgencyName, Gap]]] = {}
    for each, gap in new:
        for contact_id in sorted(_receiving(each, people, day)):
            by_receiver.setdefault(contact_id, []).append((each.agency, gap))
    notices = []
    for contact_id, those in by_receiver.items():
        names = ",".join(f"{agency.id}:{gap}" for agency, gap in those)
        key = f"unreachable:{contact_id}:{now:%Y-%m-%dT%H:%M}:{sha256(names.encode()).hexdigest()[:16]}"
        t = translators.for_language(people.places(contact_id)[0].language)
        notices += people.notices(contact_id, key, _message(those, t))
    await outbox.notify_all(connection, notices, now=now, anytime=anytime)


def _message(those: Sequence[tuple[AgencyName, Gap]], t: Translator) -> Reply:
    sections = []
    for gap in Gap:
        names = [agency.in_language(t.language) for agency, why in those if why is gap]
        if names:
            lines = [f"- {name}" for name in names[:NAMED]]
            if len(names) > NAMED:
                lines.append(t.plural("…and {number} more agency", "…and {number} more agencies", len(names) - NAMED))
            sections.append("\n".join([_why(gap, t), *lines, _what_to_do(gap, t)]))
    buttons = [
        (Button(agency.in_language(t.language), f"focal:agency:{agency.id}"),) for agency, _ in those[:WITH_BUTTONS]
    ]
    return Reply(
        text="\n\n".join(sections),
        language=t.language,
        title=t.plural(
            "{number} agency that owes a report can't be reminded",
            "{number} agencies that owe a report can't be reminded",
            len(those),
        ),
        footnote=t("You are told once; the list of agencies always shows how things stand."),
        buttons=(*buttons, (Button(t("All agencies"), "do:agencies"),)),
    )


def _why(gap: Gap, t: Translator) -> str:
    match gap:
        case Gap.NOBODY:
            return t("Nobody is linked as focal point:")
        case Gap.BLOCKED:
            return t("None of the focal points can be written to any more:")
        case Gap.AWAY:
            return t("All focal points are away:")
        case Gap.DISOWNED:
            return t("All focal points say that a report is not theirs:")


def _what_to_do(gap: Gap, t: Translator) -> str:
    match gap:
        case Gap.NOBODY:
            return t("What to do: open the agency, make a code for a focal point and send it to the agency's office.")
        case Gap.BLOCKED:
            return t("What to do: call the agency, or make a code for another focal point.")
        case Gap.AWAY:
            return t("What to do: ask the agency for a deputy; until then the reminders go to those who are away.")
        case Gap.DISOWNED:
            return t("What to do: ask the agency who looks after the report, and make a code for them.")
