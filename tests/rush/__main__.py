"""500 people sign up for 100 seats at once: ``python -m tests.rush``. Prints how long the steps took.

On PostgreSQL with two web processes, a worker and a scheduler; on SQLite in one process. First at the pace of people
who type fast; then the same with all of them confirming within two seconds; at last with nobody thinking at all, which
shows how much the program can take. The load runs on the same processors as what it measures.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot.db.engine import Database
from bot.db.migrate import migrate
from tests import postgres
from tests.rush.rush import Evidence, Pace, broken, rush

PEOPLE, SEATS = 500, 100
SERVERS = ("web", "web", "worker", "scheduler")
PACES = {
    "at the pace of people": Pace(shortest=2, longest=6),
    "at the pace of people, confirming within two seconds": Pace(shortest=2, longest=6, confirming=2),
    "without a pause": None,
}


async def main() -> int:
    failed = 0
    for manner, pace in PACES.items():
        with postgres.server(durable=True) as url, tempfile.TemporaryDirectory() as folder:
            for name, address, commands in (
                ("PostgreSQL, 4 processes", url, SERVERS),
                ("SQLite, 1 process", f"sqlite:///{folder}/rush.db", ("",)),
            ):
                failed += len(await _measured(Path(folder), f"{name}, {manner}", address, commands, pace))
    return 1 if failed else 0


async def _measured(folder: Path, name: str, url: str, commands: Sequence[str], pace: Pace | None) -> list[str]:
    database = Database(url)
    await migrate(database)
    await database.close()
    evidence = await rush(folder, url, commands, people=PEOPLE, seats=SEATS, pace=pace)
    problems = broken(evidence, people=PEOPLE, seats=SEATS)
    print(f"{name}: {PEOPLE} people, {SEATS} seats, {len(problems)} promises broken")
    for problem in problems[:5]:
        print(f"  {problem}")
    _print(evidence)
    return problems


def _print(evidence: Evidence) -> None:
    steps = {
        "every step": [seconds for _, seconds in evidence.took],
        "confirming": [seconds for step, seconds in evidence.took if step == "Xác nhận"],
    }
    for step, seconds in steps.items():
        cuts = statistics.quantiles(seconds, n=100)
        print(f"  {step:<24} p50 {cuts[49]:.2f} s  p95 {cuts[94]:.2f} s  p99 {cuts[98]:.2f} s  of {len(seconds)}")
    spent = evidence.cpu_seconds / len(evidence.took)
    print(f"  processor time of the web processes: {spent * 1000:.1f} ms a step")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
