"""One simulated year from a seed: the script, the plain calculation, the program, and what is different."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from content.model import Content
from tests.simulated_year import cast, compare, plain, reports, run
from tests.simulated_year.cast import Window
from tests.simulated_year.plain import Office
from tests.simulated_year.run import Year

WHOLE = Window(datetime(2026, 1, 1), datetime(2027, 3, 31, 23))  # noqa: DTZ001 - what clocks on a wall show


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. ``seconds`` is what the program took."""

    office: Office
    year: Year
    differences: list[str]
    seconds: float


async def simulate(url: str, known: Content, seed: int, window: Window = WHOLE) -> Outcome:
    """Run the window on a migrated database that has the content's agencies."""
    content = reports.content(known)
    owed = reports.owed(known, window.start.date(), window.end.date())
    script = cast.script(owed, window, seed)
    office = plain.work_out(script)
    begun = perf_counter()
    year = await run.run(url, content, script, seed)
    return Outcome(office, year, list(compare.differences(year, office, known)), perf_counter() - begun)
