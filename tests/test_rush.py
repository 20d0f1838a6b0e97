"""Many people sign up for few seats at once, over HTTP: the short form of ``python -m tests.rush``."""

from __future__ import annotations

from pathlib import Path

from tests.rush.rush import broken, rush


async def test_exactly_the_seats_are_given_out_and_the_rest_waits_in_the_order_of_arrival(
    tmp_path: Path, database_url: str
) -> None:
    commands = ("",) if database_url.startswith("sqlite") else ("web", "web", "worker")
    evidence = await rush(tmp_path, database_url, commands, people=60, seats=12)
    assert not broken(evidence, people=60, seats=12)
