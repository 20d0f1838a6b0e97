"""The whole program on its embedded database, killed and started again and again while it sends an announcement."""

from __future__ import annotations

import asyncio
import random
import shutil
from pathlib import Path

from bot.db.engine import Database
from bot.db.migrate import migrate
from tests.kill.evidence import Evidence, gather
from tests.kill.peer import Peer, peer_process
from tests.kill.scene import AUTHOR, FIRST_ASKER, QUESTION, Kill, Standing, seed, settings, standing
from tests.program import Program, start

RATE = 400
# One kill in so many falls into the start of the program, which takes about this long.
ONE_STARTING_IN = 6
START_SECONDS = 1.0
MOMENT_SECONDS = 0.05
# Besides what is in flight at once, what was sent since outcomes were written last may be sent again:
# they are written every 0.05 seconds, and writing takes its time.
REPEATS_PER_KILL = RATE * 0.1 + 32


async def kill_embedded(folder: Path, chance: random.Random, *, kills: int, telegram: int, web: int) -> Evidence:
    """Start and kill the program so often, then let it finish."""
    url = f"sqlite:///{folder}/nhipcau.db"
    database = Database(url)
    await migrate(database)
    await database.close()
    await seed(url, telegram=telegram, web=web)
    async with peer_process(folder) as peer:
        await peer.has_people(AUTHOR, telegram)
        made: list[Kill] = []
        askers = [FIRST_ASKER + number for number in range(kills)]
        left = telegram
        for lives, asker in zip(range(kills, 0, -1), askers, strict=True):
            await peer.writes(asker, QUESTION)
            # So long a life that all the kills, and the end, fall into the announcement.
            messages = 1 + int(2 * chance.random() * left / (lives + 1))
            kill, left = await _one_life(folder, peer, url, chance, messages)
            made.append(kill)
        await _last_life(folder, peer, url)
        return await gather(url, peer, made, askers, allowed=kills * REPEATS_PER_KILL)


async def _one_life(folder: Path, peer: Peer, url: str, chance: random.Random, messages: int) -> tuple[Kill, int]:
    """Start the program and kill it at a random moment: returns what it had in flight, and how much is left."""
    starting = chance.randrange(ONE_STARTING_IN) == 0
    program = await _start(folder, peer, url)
    try:
        if starting:
            await asyncio.sleep(chance.random() * START_SECONDS)
        else:
            try:
                await peer.until_sent(messages)
            except AssertionError as error:
                raise AssertionError(f"{error}; the program:\n{program.log}") from None
            await asyncio.sleep(chance.random() * MOMENT_SECONDS)
    finally:
        await program.kill()
    stands = await _standing_of_a_copy(folder, program.process.pid)
    return Kill("while it started" if starting else "while it ran", stands.in_flight), stands.left


async def _last_life(folder: Path, peer: Peer, url: str) -> None:
    program = await _start(folder, peer, url)
    try:
        await peer.until_reported(AUTHOR)
        assert await program.stop() == 0, program.log
    finally:
        await program.kill()


async def _start(folder: Path, peer: Peer, url: str) -> Program:
    return await start("bot", folder=folder, settings=settings(peer, url, RATE))


async def _standing_of_a_copy(folder: Path, process: int) -> Standing:
    # Whoever opens the database first repairs it after a crash: that shall be the program, not we.
    copy = folder / "copy"
    copy.mkdir()
    for file in folder.glob("nhipcau.db*"):
        if not file.name.endswith("-shm"):
            shutil.copy(file, copy)
    stands = await standing(f"sqlite:///{copy}/nhipcau.db", process=process)
    shutil.rmtree(copy)
    return stands
