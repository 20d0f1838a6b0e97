"""A simulated winter, every hour of it: what is sent is exactly what a plain calculation says.

The whole year of the whole city is ``python -m tests.simulated_year``; here are fewer communes, in the months in which
most is due.
"""

from __future__ import annotations

from datetime import date

import pytest

from content.model import Content
from tests.simulated_year.cast import write_story
from tests.simulated_year.comparing import differences
from tests.simulated_year.ladders import ladder
from tests.simulated_year.plain import calculate
from tests.simulated_year.running import run

SEED = 50


@pytest.mark.timeout(300)  # on a machine that has much else to do
async def test_a_simulated_winter_goes_as_the_plain_calculation_says(database_url: str, known: Content) -> None:
    agencies = {slug: agency.kind for slug, agency in known.agencies.items() if agency.owes}
    wards, end = (30, date(2027, 2, 10)) if database_url.startswith("sqlite") else (10, date(2027, 1, 22))
    story = write_story(SEED, agencies, start=date(2026, 11, 23), end=end, wards=wards)

    passed = await run(database_url, known, story)

    expected = calculate(story)
    assert differences(expected, passed.ledger) == []
    assert passed.sent_twice == 0
    # The story has what may go wrong in it.
    assert passed.deaths
    assert passed.doubled
    became = {outcome.became for outcome in expected.steps.values()}
    assert became >= {"sent", "submitted", "acknowledged", "superseded"}
    assert {each.kind for each in expected.messages} >= {"digest", "as asked", "evening", "unreachable"}


def test_the_plain_calculation_counts_as_a_calendar_on_the_wall_does() -> None:
    # 24 November is Vietnam Culture Day, and the days before 16 December 2026 go back over it.
    assert ladder("yearly-report-to-sct", date(2026, 12, 16)) == {
        -15: date(2026, 11, 25),
        -7: date(2026, 12, 7),
        -3: date(2026, 12, 11),
        -1: date(2026, 12, 15),
        0: date(2026, 12, 16),
        1: date(2026, 12, 17),
        3: date(2026, 12, 21),
        5: date(2026, 12, 23),
    }
