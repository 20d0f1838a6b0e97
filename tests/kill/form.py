"""The program killed at one step of a form after the other, while somebody fills it in over the web chat.

Each answer is on its way when the program dies: it may have been stored or not. The page sends it again, under the
same id, to the program that is started next.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from dataclasses import dataclass
from pathlib import Path

from bot.db.engine import Database
from tests.program import Program, start
from tests.rush.rush import SECRET, address, client
from tests.rush.scene import TITLE, Outcome, answers, make_event, outcome
from tests.rush.visitor import QUESTION, SignedUp, Visitor

LONGEST_SECONDS = 0.04


@dataclass(frozen=True, slots=True)
class Filled:
    """The review page, what the person was told at the end, and what is stored."""

    review: str
    told: SignedUp
    stored: Outcome
    kills: int


@dataclass
class _Mortal:
    """The web process, which can be killed and started again; ``address`` is that of the one that lives."""

    folder: Path
    url: str
    command: str
    chance: random.Random
    program: Program
    address: str = ""
    kills: int = 0

    async def lives(self) -> None:
        self.address = await address(self.program)

    async def dies_soon(self) -> None:
        """Kill it in a moment, and start it again."""
        await asyncio.sleep(self.chance.random() * LONGEST_SECONDS)
        await self.program.kill()
        self.kills += 1
        self.program = await _start(self.folder, self.url, self.command)
        await self.lives()


async def kill_at_every_other_step(folder: Path, url: str, chance: random.Random, first: int) -> Filled:
    """Fill in a form to the end, with kills at every other question from the ``first`` on, and at the confirmation.

    On PostgreSQL it is the web process that dies; a worker lives on, and sends what the dead had stored.
    """
    database = Database(url)
    command = "" if database.is_sqlite else "web"
    mortal = _Mortal(folder, url, command, chance, await _start(folder, url, command))
    worker = None if database.is_sqlite else await _start(folder, url, "worker")
    try:
        await mortal.lives()
        event = await make_event(database, seats=1)
        async with client() as http:
            visitor = Visitor(http, lambda: mortal.address, "visitor", answers(1)[0])
            said = await visitor.opens_the_form(TITLE)
            for number in itertools.count(1):
                if (asked := QUESTION.search(said)) is None:
                    break
                answer = visitor.answers_one(asked["label"])
                dies = (number - first) % 2 == 0
                said = (await asyncio.gather(answer, mortal.dies_soon()))[0] if dies else await answer
            told, _ = await asyncio.gather(visitor.confirms(), mortal.dies_soon())
        return Filled(said, told, await outcome(database, event), mortal.kills)
    finally:
        await mortal.program.kill()
        if worker is not None:
            await worker.kill()
        await database.close()


async def _start(folder: Path, url: str, command: str) -> Program:
    settings = {"DATABASE_URL": url, "PORT": "0", "SECRET_KEY": SECRET, "LANGUAGE": "vi"}
    return await start("bot", *filter(None, [command]), folder=folder, settings=settings)
