"""``python -m tests.simulated_year [SEED]``: runs the year on SQLite and prints the totals."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime

from bot import app
from bot.db.engine import Database
from bot.db.migrate import migrate
from content.loader import load
from tests.simulated_year.year import Outcome, simulate


async def main(seed: int) -> int:
    known = load()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/year.db"
        database = Database(url)
        await migrate(database)
        await app.sync_content(database, known, now=datetime(2025, 12, 31, tzinfo=UTC))
        await database.close()
        outcome = await simulate(url, known, seed)
    _print(outcome)
    return 1 if outcome.differences else 0


def _print(outcome: Outcome) -> None:
    office, year = outcome.office, outcome.year
    print(f"{year.ticks} ticks, {len(office.cards)} reports, {outcome.seconds:.0f} s")
    for why, count in sorted(office.totals().items()):
        print(f"  steps {why}: {count}")
    sizes = Counter("digest" if len(each.own) + len(each.received) > 1 else "single" for each in office.messages)
    print(f"  messages: {len(office.messages)}, of several reports {sizes['digest']}")
    print(f"  messages to the receiving agency: {sum(bool(each.received) for each in office.messages)}")
    for subject, count in sorted(year.others.items()):
        print(f"  other messages, {subject}: {count}")
    print(f"{len(outcome.differences)} differences between the program and the plain calculation")
    for sentence in outcome.differences[:20]:
        print(f"  {sentence}")


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)))
