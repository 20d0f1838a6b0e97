"""Many people sign up for few seats at once, over the web chat of one or several processes."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.db.engine import Database
from tests.program import Program, start
from tests.rush.scene import TITLE, Outcome, answers, make_event, outcome
from tests.rush.visitor import SignedUp, Visitor

SECRET = "a key that signs nothing of value"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the visitors were told and the database has; ``took`` are (step, seconds).

    ``cpu_seconds`` is what the processes that serve the chat have used meanwhile.
    """

    told: tuple[SignedUp, ...]
    stored: Outcome
    took: tuple[tuple[str, float], ...]
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class Pace:
    """How long people take for each step, in seconds.

    ``confirming`` is over how long they confirm once all are ready; None when nobody waits for the others.
    """

    shortest: float
    longest: float
    confirming: float | None = None


async def rush(
    folder: Path, url: str, commands: Sequence[str], *, people: int, seats: int, pace: Pace | None = None
) -> Evidence:
    """Let so many people fill in the form and confirm it, all at the same moment unless their ``pace`` is another.

    ``commands`` are the processes, as in the Procfile ("" for everything in one). The schema is there. Without a
    ``pace`` nobody thinks, and everybody's next message is there as soon as the one before is answered.
    """
    chance = random.Random(people)

    async def think() -> None:
        if pace is not None:
            await asyncio.sleep(chance.uniform(pace.shortest, pace.longest))

    database = Database(url)
    try:
        async with serving(folder, url, commands) as programs, client() as http:
            event = await make_event(database, seats)
            turns = itertools.cycle([await address(program) for program in programs])
            used = sum(program.cpu_seconds for program in programs)
            visitors = [
                Visitor(http, lambda: next(turns), f"visitor-{number}", said, think)
                for number, said in enumerate(answers(people))
            ]
            ready = asyncio.Barrier(people)

            async def sign_up(visitor: Visitor) -> SignedUp:
                await visitor.fills_in(await visitor.opens_the_form(TITLE))
                if pace is None or pace.confirming is not None:
                    await ready.wait()
                if pace is not None:
                    await asyncio.sleep(chance.uniform(0, pace.confirming or pace.longest))
                return await visitor.confirms()

            told = await asyncio.gather(*(sign_up(visitor) for visitor in visitors))
            used = sum(program.cpu_seconds for program in programs) - used
        took = tuple(step for visitor in visitors for step in visitor.took)
        return Evidence(tuple(told), await outcome(database, event), took, used)
    finally:
        await database.close()


def broken(evidence: Evidence, *, people: int, seats: int) -> list[str]:
    """Every promise that was not kept: exactly the seats are given out, the rest waits in the order of arrival."""
    problems = []
    stored = evidence.stored
    if list(stored.statuses) != ["confirmed"] * seats + ["waitlisted"] * (people - seats):
        problems.append("not the first to arrive have the seats, or not exactly so many")
    if stored.businesses != people:
        problems.append(f"{stored.businesses} businesses have an application, not {people}")
    place_of = {code: place for place, code in enumerate(stored.codes[seats:], start=1)}
    problems += [
        f"{told.code} was told place {told.place}, and has {place_of.get(told.code)}"
        for told in evidence.told
        if told.place != place_of.get(told.code)
    ]
    return problems


@asynccontextmanager
async def serving(folder: Path, url: str, commands: Sequence[str]) -> AsyncIterator[list[Program]]:
    """The processes; yields those that serve the chat."""
    settings = {"DATABASE_URL": url, "PORT": "0", "SECRET_KEY": SECRET, "LANGUAGE": "vi"}
    async with AsyncExitStack() as stack:
        programs = []
        for command in commands:
            program = await start("bot", *filter(None, [command]), folder=folder, settings=settings)
            stack.push_async_callback(program.kill)
            if command in ("", "web"):
                programs.append(program)
        yield programs


async def address(program: Program) -> str:
    """Where a program serves the chat, once it does."""
    return (await program.ready()).split()[-1].rstrip("/")


def client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Accept-Language": "vi"},
        timeout=aiohttp.ClientTimeout(total=60),
    )
