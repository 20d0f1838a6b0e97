"""The whole program on its embedded database, killed and started again and again while it sends an announcement."""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from bot.db.migrate import migrate
from tests.kill.evidence import Evidence, gather
from tests.kill.peer import Peer, peer_process
from tests.kill.scene import (
    AUTHOR,
    FIRST_ASKER,
    QUESTION,
    Kill,
    Standing,
    opened,
    repeats_per_kill,
    seed,
    settings,
    standing,
)
from tests.program import Program, start

# One kill in so many falls into the start of the program, which takes about this long.
ONE_STARTING_IN = 6
START_SECONDS = 1.0
MOMENT_SECONDS = 0.05


async def kill_embedded(
    folder: Path, chance: random.Random, *, kills: int, telegram: int, web: int, rate: float
) -> Evidence:
    """Start and kill the program so often, then let it finish."""
    url = f"sqlite:///{folder}/nhipcau.db"
    async with opened(url) as database:
        await migrate(database)
    await seed(url, telegram=telegram, web=web)
    async with peer_process(folder) as peer:
        await peer.has_people(AUTHOR, telegram)
        program = partial(start, "bot", folder=folder, settings=settings(peer, url, rate))
        made: list[Kill] = []
        askers = [FIRST_ASKER + number for number in range(kills)]
        left = telegram
        for lives, asker in zip(range(kills, 0, -1), askers, strict=True):
            await peer.writes(asker, QUESTION)
            # So long a life that all the kills, and the end, fall into the announcement.
            messages = 1 + int(2 * chance.random() * left / (lives + 1))
            kill, left = await _one_life(folder, peer, await program(), chance, messages)
            made.append(kill)
        await _last_life(peer, await program(), askers)
        return await gather(url, peer, made, askers, allowed=kills * repeats_per_kill(rate))


async def _one_life(
    folder: Path, peer: Peer, program: Program, chance: random.Random, messages: int
) -> tuple[Kill, int]:
    """Kill the program at a random moment: returns what it had in flight, and how much is left to send."""
    starting = chance.randrange(ONE_STARTING_IN) == 0
    try:
        if starting:
            await asyncio.sleep(chance.random() * START_SECONDS)
        else:
            await peer.until_sent(messages)
            await asyncio.sleep(chance.random() * MOMENT_SECONDS)
    finally:
        await program.kill()
    stands = await _standing_of_a_copy(folder, program.process.pid)
    return Kill("while it started" if starting else "while it ran", stands.in_flight), stands.left


async def _last_life(peer: Peer, program: Program, askers: Sequence[int]) -> None:
    try:
        await peer.until_reported(AUTHOR)
        for asker in askers:
            await peer.until_answered(asker)
        assert await program.stop() == 0, program.log
    finally:
        await program.kill()


async def _standing_of_a_copy(folder: Path, process: int) -> Standing:
    # Whoever opens the database first repairs it after a crash: that shall be the program, not we.
    with tempfile.TemporaryDirectory() as copy:
        for name in ("nhipcau.db", "nhipcau.db-wal"):
            with suppress(FileNotFoundError):
                shutil.copy(folder / name, copy)
        return await standing(f"sqlite:///{copy}/nhipcau.db", process=process)
