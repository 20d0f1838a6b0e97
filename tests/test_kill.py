"""Kill -9 in the middle of an announcement: the short form of ``python -m tests.kill``."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bot.messages import Language, Reply
from bot.services.messages import outbox, sending
from bot.services.people import contacts
from tests.chat import Town
from tests.kill.embedded import kill_embedded
from tests.kill.evidence import Evidence
from tests.kill.form import kill_at_every_other_step
from tests.kill.judgement import broken, report
from tests.kill.servers import kill_servers

pytestmark = pytest.mark.timeout(300)  # on a machine that has much else to do


@pytest.fixture
def seed() -> int:
    """Where chance begins: shown when the test fails."""
    chosen = random.SystemRandom().randrange(10**6)
    print(f"seed {chosen}")
    return chosen


def assert_kept(evidence: Evidence) -> None:
    """Every promise."""
    assert not broken(evidence), "\n".join([*report(evidence), *broken(evidence)[:20]])


async def test_everybody_is_reached_though_the_whole_program_is_killed(seed: int, tmp_path: Path) -> None:
    assert_kept(await kill_embedded(tmp_path, random.Random(seed), kills=3, telegram=240, web=240, rate=100))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_everybody_is_reached_though_single_processes_are_killed(
    seed: int, tmp_path: Path, database_url: str
) -> None:
    chance = random.Random(seed)
    assert_kept(await kill_servers(tmp_path, chance, database_url, kills=4, telegram=120, web=200, rate=25))


async def test_what_died_with_its_process_is_never_given_up(town: Town) -> None:
    an = town.person("An")
    await an.says("/menu")
    an.skips()
    async with town.database.transaction() as connection:
        person = await contacts.find(connection, "telegram", an.external_id)
        assert person is not None
        await outbox.notify(
            connection, person.contact_id, "1", lambda _: Reply("still here", Language.VI), now=town.clock()
        )
    for life in range(2 * sending.MAX_ATTEMPTS):
        async with town.database.transaction() as connection:
            claimed = await sending.claim(
                connection,
                "telegram",
                owner=f"elsewhere/1/{life}",
                now=town.clock(),
                limit=5,
                quiet=False,
                texts={},
                bulk_after={},
            )
        assert len(claimed) == 1
        town.clock.advance(seconds=61)
        async with town.database.transaction() as connection:
            assert await sending.take_back_abandoned(connection, now=town.clock(), alive=town.delivery.owner) == 1
    await town.deliver()
    an.reads("still here")


@pytest.mark.parametrize("database_url, first", [("sqlite", 1), ("postgresql", 2)], indirect=["database_url"])
async def test_nothing_acknowledged_is_lost_when_the_program_dies_at_a_step_of_a_form(
    seed: int, tmp_path: Path, database_url: str, first: int
) -> None:
    """Every start of the program takes seconds, so one database has the odd questions and the other the even ones."""
    filled = await kill_at_every_other_step(tmp_path, database_url, random.Random(seed), first)
    assert filled.kills >= 4
    for answer in ("Công ty Môi trường số 1", "Nguyễn Thị Lan", "0912 345 678", "lan1@songhong.vn", "đồng ý"):
        assert answer in filled.review, filled.review
    assert filled.stored.statuses == ("confirmed",)
    assert filled.stored.codes == (filled.told.code,)
    assert filled.told.place is None
