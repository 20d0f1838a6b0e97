"""Kill the program again and again while it sends an announcement, and judge.

``python -m tests.kill --kills 30`` kills the whole program on its embedded database; with
``--servers`` one process at a time of a web, two workers and a scheduler on PostgreSQL.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

from tests import postgres
from tests.kill.embedded import kill_embedded
from tests.kill.evidence import Evidence
from tests.kill.judgement import broken, report
from tests.kill.servers import kill_servers
from tests.program import start


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="kill -9 in the middle of an announcement, again and again")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--telegram", type=int, default=1000, help="accounts on Telegram")
    parser.add_argument("--web", type=int, default=1000, help="accounts in the web chat")
    parser.add_argument("--rate", type=float, help="messages per second on Telegram; 400, or 25 with --servers")
    parser.add_argument("--servers", action="store_true", help="several processes on PostgreSQL")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        evidence = _on_servers(Path(folder), options) if options.servers else _embedded(Path(folder), options)
    print(*report(evidence), f"{time.monotonic() - began:.0f} s", sep="\n")
    wrong = broken(evidence)
    print(*wrong[:20], f"{len(wrong)} promises broken" if wrong else "every promise kept", sep="\n")
    sys.exit(bool(wrong))


def _embedded(folder: Path, options: argparse.Namespace) -> Evidence:
    return asyncio.run(
        kill_embedded(
            folder,
            random.Random(options.seed),
            kills=options.kills,
            telegram=options.telegram,
            web=options.web,
            rate=options.rate or 400,
        )
    )


def _on_servers(folder: Path, options: argparse.Namespace) -> Evidence:
    async def migrate_and_kill(url: str) -> Evidence:
        given = {"DATABASE_URL": url, "SECRET_KEY": "a key that signs nothing of value"}
        migrating = await start("bot", "migrate", folder=folder, settings=given)
        assert await migrating.ends() == 0, migrating.log
        return await kill_servers(
            folder,
            random.Random(options.seed),
            url,
            kills=options.kills,
            telegram=options.telegram,
            web=options.web,
            rate=options.rate or 25,
        )

    with postgres.server(durable=True) as url:
        return asyncio.run(migrate_and_kill(url))


if __name__ == "__main__":
    main()
