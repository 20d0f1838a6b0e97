"""A year of reminding, beside a plain calculation: ``python -m tests.simulated_year [--seed N] [--postgres]``.

Every hour from 1 January 2026 to 31 March 2027, for 126 wards and communes and the six named departments; prints the
totals, and everything that is not as the plain calculation says (then the exit code is 1).
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from bot.db.engine import Database
from bot.db.migrate import migrate
from content.loader import load
from tests import postgres
from tests.simulated_year.cast import write_story
from tests.simulated_year.comparing import differences
from tests.simulated_year.plain import calculate
from tests.simulated_year.running import Passed, run
from tests.simulated_year.story import Act, Ledger, Story

SHOWN = 40


async def main(seed: int, wards: int | None, *, on_postgres: bool) -> int:
    known = load()
    agencies = {slug: agency.kind for slug, agency in known.agencies.items() if agency.owes}
    story = write_story(seed, agencies, wards=wards)
    with _database(on_postgres=on_postgres) as url:
        database = Database(url)
        await migrate(database)
        await database.close()
        begin = perf_counter()
        passed = await run(url, known, story)
        took = perf_counter() - begin
    begin = perf_counter()
    expected = calculate(story)
    _print(seed, story, passed, expected, took, perf_counter() - begin)
    wrong = differences(expected, passed.ledger)
    wrong += [f"{passed.sent_twice} messages were sent twice"] if passed.sent_twice else []
    print(f"differences from the plain calculation: {len(wrong)}")
    for line in wrong[:SHOWN]:
        print(f"  {line}")
    return 1 if wrong else 0


@contextmanager
def _database(*, on_postgres: bool) -> Iterator[str]:
    if on_postgres:
        with postgres.server() as url:
            yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/year.db"


def _print(seed: int, story: Story, passed: Passed, expected: Ledger, took: float, reckoned: float) -> None:
    acts = Counter(each.what.value for each in story.happens if isinstance(each, Act))
    found = passed.ledger
    steps = Counter(outcome.became for outcome in found.steps.values())
    messages = Counter((each.kind, each.place) for each in found.messages)
    largest = max((len(each.own) for each in found.messages), default=0)
    escalated = sum(step >= 1 and outcome.became == "sent" for (_, step), outcome in found.steps.items())
    print(f"a simulated year, seed {seed}: {len(story.agencies)} agencies, {passed.ticks:,} ticks "
          f"({passed.doubled:,} doubled, {passed.deaths} died in the middle), {took:.1f} s "
          f"(plain calculation {reckoned:.1f} s)")  # fmt: skip
    _table("what people did", acts)
    print(f"obligations: {len({report for report, _ in found.steps})}; steps of their ladders: {len(found.steps)}")
    _table("steps", steps)
    print(f"  sent after the due date (heads and receivers hear of it): {escalated}")
    print(f"messages: {len(found.messages)} stored, {sum(each.arrived for each in found.messages)} delivered, "
          f"{sum(not each.arrived for each in found.messages)} to people who had blocked the bot")  # fmt: skip
    _table("messages", {f"{kind} ({place})": count for (kind, place), count in messages.items()})
    print(f"  reports in the longest digest: {largest}")


def _table(name: str, counts: Counter[str] | dict[str, int]) -> None:
    print(f"{name}: " + ", ".join(f"{what} {count:,}" for what, count in sorted(counts.items(), key=lambda e: -e[1])))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.simulated_year", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--wards", type=int, default=None, help="only so many wards and communes")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    given = parser.parse_args()
    sys.exit(asyncio.run(main(given.seed, given.wards, on_postgres=given.postgres)))
