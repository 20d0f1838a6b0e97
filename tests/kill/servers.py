"""The program as several processes on PostgreSQL, one of them killed at a time while they send an announcement."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tests.kill.evidence import Evidence, gather
from tests.kill.peer import peer_process
from tests.kill.scene import AUTHOR, FIRST_ASKER, QUESTION, Kill, repeats_per_kill, seed, settings, standing
from tests.program import Program, start

PROCESSES = {"web": "web", "worker 1": "worker", "worker 2": "worker", "scheduler": "scheduler"}

Crew = dict[str, Program]


async def kill_servers(
    folder: Path, chance: random.Random, url: str, *, kills: int, telegram: int, web: int, rate: float
) -> Evidence:
    """Kill one of the processes so often, each time starting it again, then let them finish. The schema is there."""
    await seed(url, telegram=telegram, web=web)
    async with peer_process(folder) as peer:
        await peer.has_people(AUTHOR, telegram)
        made: list[Kill] = []
        askers = [FIRST_ASKER + number for number in range(kills)]
        left = telegram
        async with working(folder, settings(peer, url, rate)) as crew:
            for lives, asker in zip(range(kills, 0, -1), askers, strict=True):
                await peer.writes(asker, QUESTION)
                # So long that all the kills, and the end, fall into the announcement.
                await asyncio.sleep(2 * chance.random() * left / rate / (lives + 1))
                kill, left = await _kill(crew, chance.choice(list(PROCESSES)), url)
                made.append(kill)
                crew[kill.of] = await _start(folder, PROCESSES[kill.of], settings(peer, url, rate))
            await peer.until_reported(AUTHOR)
            for asker in askers:
                await peer.until_answered(asker)
            for program in crew.values():
                # One that was killed last may still be starting, and then ends by the bare signal.
                assert await program.stop() in (0, -signal.SIGTERM), program.log
        return await gather(url, peer, made, askers, allowed=kills * repeats_per_kill(rate))


@asynccontextmanager
async def working(folder: Path, given: Mapping[str, str]) -> AsyncIterator[Crew]:
    """All the processes; whatever happens, none is left at the end."""
    crew = {name: await _start(folder, command, given) for name, command in PROCESSES.items()}
    try:
        await crew["web"].ready()
        yield crew
    finally:
        for program in crew.values():
            await program.kill()


async def _start(folder: Path, command: str, given: Mapping[str, str]) -> Program:
    return await start("bot", command, folder=folder, settings=given)


async def _kill(crew: Crew, name: str, url: str) -> tuple[Kill, int]:
    """What the process had in flight, and how much is left to send. Frozen before, so that nobody changes that."""
    program = crew[name]
    program.freeze()
    stands = await standing(url, process=program.process.pid)
    await program.kill()
    return Kill(name, stands.in_flight), stands.left
