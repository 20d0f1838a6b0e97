"""Kill the program again and again while it sends an announcement, and judge: ``python -m tests.kill --kills 30``."""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.kill.embedded import kill_embedded
from tests.kill.judgement import broken, report


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="kill -9 in the middle of an announcement, again and again")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--telegram", type=int, default=1000, help="accounts on Telegram")
    parser.add_argument("--web", type=int, default=1000, help="accounts in the web chat")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        evidence = asyncio.run(
            kill_embedded(
                Path(folder),
                random.Random(options.seed),
                kills=options.kills,
                telegram=options.telegram,
                web=options.web,
            )
        )
    print(*report(evidence), f"{time.monotonic() - began:.0f} s", sep="\n")
    wrong = broken(evidence)
    print(*wrong[:20], f"{len(wrong)} promises broken" if wrong else "every promise kept", sep="\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
