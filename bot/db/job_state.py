"""What scheduled jobs have in common in the database: one at a time, and remembering what was done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.models.clock import JobState
from bot.db.upsert import insert_for, insert_or_ignore


async def one_at_a_time(connection: AsyncConnection, job: str, now: datetime) -> None:
    """Hold everybody else who asks for the same job back until the transaction ends."""
    await connection.execute(insert_or_ignore(connection, JobState).values(job=job, done="", at=now))
    await connection.execute(select(JobState.job).where(JobState.job == job).with_for_update())


async def is_done(connection: AsyncConnection, job: str, what: str) -> bool:
    """Whether this is what the job did last."""
    return await connection.scalar(select(JobState.done).where(JobState.job == job)) == what


async def claim(connection: AsyncConnection, job: str, what: str, now: datetime) -> bool:
    """Remember that the job does this now; False when it did it before. Of two at once one gets True."""
    claimed = await connection.scalar(
        insert_for(connection, JobState)
        .values(job=job, done=what, at=now)
        .on_conflict_do_update(index_elements=["job"], set_={"done": what, "at": now}, where=JobState.done != what)
        .returning(JobState.job)
    )
    return claimed is not None
