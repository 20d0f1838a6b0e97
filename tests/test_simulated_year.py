"""The simulated year: the program reminds exactly as a separately written, plain calculation says it must."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from bot import app
from bot.db.engine import Database
from bot.db.migrate import migrate
from content.model import Content
from tests.conftest import MONDAY_MORNING
from tests.simulated_year.cast import Window
from tests.simulated_year.year import WHOLE, simulate

# The turn of the year, with two reports due on one day, on the wall clock of an office.
WINTER = Window(datetime(2026, 11, 10), datetime(2027, 1, 5))  # noqa: DTZ001


@pytest.mark.timeout(300)
async def test_a_year_of_reminders_is_as_worked_out_by_hand(tmp_path: Path, known: Content) -> None:
    database = Database(f"sqlite:///{tmp_path}/year.db")
    await migrate(database)
    await app.sync_content(database, known, now=MONDAY_MORNING)
    await database.close()
    outcome = await simulate(database.url.render_as_string(), known, 1, WHOLE)
    assert outcome.differences == []
    sent = outcome.office.totals()
    assert sent["sent"] > 2000
    assert all(
        sent[why] for why in ("acknowledged", "nobody to remind", "planned for a later day", "stale", "superseded")
    )


async def test_a_winter_of_reminders_on_either_database(database_url: str, known: Content) -> None:
    outcome = await simulate(database_url, known, 2, WINTER)
    assert outcome.differences == []
    assert outcome.office.totals()["sent"] > 500
