"""The clock: APScheduler runs the timetable's jobs in one process; ``tick`` runs each of them once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from scheduler.jobs import Circumstances, Job

log = structlog.get_logger(__name__)


async def keep_ticking(timetable: Sequence[Job], given: Circumstances, clock: Callable[[], datetime]) -> None:
    """Run every job at its pace until cancelled. A run that is late runs once, never several times."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    running: set[asyncio.Task[object] | None] = set()

    async def run(job: Job) -> None:
        running.add(asyncio.current_task())
        try:
            lines = await job.run(replace(given, now=clock()))
        except Exception:  # the next tick tries again; the others must not stop
            log.exception("scheduled job failed", job=job.name)
            return
        finally:
            running.discard(asyncio.current_task())
        if lines:
            log.info("scheduled job", job=job.name, count=len(lines))

    scheduler = AsyncIOScheduler(timezone="UTC")
    for job in timetable:
        scheduler.add_job(
            run,
            "interval",
            args=[job],
            seconds=job.seconds,
            name=job.name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(scheduler.timezone),
        )
    scheduler.start()
    try:
        await asyncio.Event().wait()
    finally:
        # Shutting down would cut a job off in the middle of its transaction.
        scheduler.pause()
        await asyncio.gather(*filter(None, running), return_exceptions=True)
        scheduler.shutdown(wait=False)


async def tick(timetable: Sequence[Job], given: Circumstances) -> list[tuple[str, str]]:
    """Run every job once as of ``given.now``: (job, what it queued) for each thing."""
    done: list[tuple[str, str]] = []
    for job in timetable:
        done.extend((job.name, line) for line in await job.run(given))
    return done
