"""The timetable: what happens without anyone writing. Each job asks the database what is due.

Every job may run at any time, in any number of processes, any number of times: what it stores is
unique in the database. A job returns a line for each thing that it queued.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.db.engine import Database
from bot.i18n import Translators
from bot.services.announcing import broadcast_runs
from bot.services.applications import event_beginning, offers, review_notices
from bot.services.files import cleaning
from bot.services.forms import draft_clock
from bot.services.learning import question_groups, question_log
from bot.services.messages import received
from bot.services.messages.quiet_hours import QuietHours
from bot.services.offerings import event_notices, event_steps
from bot.services.people import emails, retention
from bot.services.planning import difference_notices, obligation_plan
from bot.services.reminding import evening, reminders, unreachable
from bot.services.tickets import ticket_clock
from content.model import Content

BATCHES = 50


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a job is given. ``simulated``: somebody asked what would happen as of ``now``.

    ``question_days`` is how long the question log is kept, ``files`` the folder of stored files; None in a rehearsal,
    since what was removed from the disk can't be taken back.
    """

    database: Database
    known: Content
    translators: Translators
    quiet: QuietHours
    now: datetime
    simulated: bool = False
    question_days: int = question_log.KEPT_DAYS
    files: Path | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One line of the timetable; ``seconds`` is the pause between two runs."""

    name: str
    seconds: int
    run: Callable[[Circumstances], Awaitable[list[str]]]


class Watch(Protocol):
    """A service that looks at what is due and tells people of it."""

    async def __call__(
        self,
        database: Database,
        known: Content,
        translators: Translators,
        *,
        quiet: QuietHours,
        now: datetime,
        simulated: bool = False,
    ) -> list[str]: ...


def _watching(watch: Watch) -> Callable[[Circumstances], Awaitable[list[str]]]:
    """The job that runs a service of this kind."""

    async def run(given: Circumstances) -> list[str]:
        return await watch(
            given.database,
            given.known,
            given.translators,
            quiet=given.quiet,
            now=given.now,
            simulated=given.simulated,
        )

    return run


async def _plan_obligations(given: Circumstances) -> list[str]:
    return await obligation_plan.generate_ahead(given.database, given.known, zone=given.quiet.zone, now=given.now)


async def _watch_differences(given: Circumstances) -> list[str]:
    return await difference_notices.watch(
        given.database, given.known, given.translators, quiet=given.quiet, now=given.now
    )


async def _pass_on_seats(given: Circumstances) -> list[str]:
    return await offers.expire(
        given.database, given.translators, zone=given.quiet.zone, now=given.now, anytime=given.simulated
    )


async def _end_waiting(given: Circumstances) -> list[str]:
    return await event_beginning.end_waiting(given.database, given.translators, now=given.now, anytime=given.simulated)


async def _plan_event_notices(given: Circumstances) -> list[str]:
    return await event_steps.plan_all(given.database, zone=given.quiet.zone, now=given.now)


async def _send_event_notices(given: Circumstances) -> list[str]:
    return await event_notices.send_due(given.database, given.translators, now=given.now, simulated=given.simulated)


async def _tell_deciding_officers(given: Circumstances) -> list[str]:
    return await review_notices.tell_of_new(given.database, given.translators, quiet=given.quiet, now=given.now)


async def _start_broadcasts(given: Circumstances) -> list[str]:
    return await broadcast_runs.queue_due(given.database, given.now)


async def _watch_broadcasts(given: Circumstances) -> list[str]:
    paused = await broadcast_runs.pause_failing(given.database, given.translators, given.now)
    return paused + await broadcast_runs.finish_done(given.database, given.translators, given.now)


async def _watch_drafts(given: Circumstances) -> list[str]:
    return await draft_clock.watch(given.database, given.translators, quiet=given.quiet, now=given.now)


async def _forget_old_messages(given: Circumstances) -> list[str]:
    async with given.database.transaction() as connection:
        await received.forget_old(connection, given.now)
    return []


async def _gather_questions(given: Circumstances) -> list[str]:
    async with given.database.transaction() as connection:
        await question_groups.gather(connection, given.known, given.now)
    return []


async def _forget_old_questions(given: Circumstances) -> list[str]:
    for _ in range(BATCHES):
        async with given.database.transaction() as connection:
            if not await question_log.forget_old(connection, given.now, kept_days=given.question_days):
                break
    return []


async def _forget_files(given: Circumstances) -> list[str]:
    await cleaning.forget_loose(given.database, given.now)
    if given.files is not None and not given.simulated:
        await cleaning.sweep(given.database, given.files, given.now)
    return []


async def _forget_old_registrations(given: Circumstances) -> list[str]:
    for _ in range(BATCHES):
        async with given.database.transaction() as connection:
            if not await retention.forget_old(connection, given.now):
                break
    async with given.database.transaction() as connection:
        await retention.forget_walk_ins(connection, given.now)
    return []


async def _forget_unconfirmed_addresses(given: Circumstances) -> list[str]:
    async with given.database.transaction() as connection:
        await emails.forget_unconfirmed(connection, given.now)
    return []


TIMETABLE = (
    Job("plan obligations", 600, _plan_obligations),
    Job("compare obligations", 600, _watch_differences),
    Job("remind of reports", 60, _watching(reminders.remind)),
    Job("watch focal points", 300, _watching(unreachable.watch)),
    Job("tell receivers of reports", 60, _watching(evening.tell)),
    Job("watch tickets", 60, _watching(ticket_clock.watch)),
    Job("pass on seats", 20, _pass_on_seats),
    Job("end what waits in vain", 60, _end_waiting),
    Job("plan event notices", 60, _plan_event_notices),
    Job("send event notices", 30, _send_event_notices),
    Job("tell deciding officers", 120, _tell_deciding_officers),
    Job("watch half-filled forms", 300, _watch_drafts),
    Job("start broadcasts", 2, _start_broadcasts),
    Job("watch broadcasts", 3, _watch_broadcasts),
    Job("forget old messages", 3600, _forget_old_messages),
    Job("gather questions", 60, _gather_questions),
    Job("forget old questions", 3600, _forget_old_questions),
    Job("forget files", 3600, _forget_files),
    Job("forget old registrations", 86400, _forget_old_registrations),
    Job("forget addresses not confirmed", 86400, _forget_unconfirmed_addresses),
)
