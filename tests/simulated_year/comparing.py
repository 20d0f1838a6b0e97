"""What the program did beside what the plain calculation says, both ways, in words."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from tests.simulated_year.story import Ledger, Message, Outcome, Report


def differences(expected: Ledger, found: Ledger) -> list[str]:
    """A line for every step and every message that is not as it should be: missing, extra, twice, or otherwise."""
    lines = []
    for report, step in sorted({*expected.steps, *found.steps}):
        wanted, got = expected.steps.get((report, step)), found.steps.get((report, step))
        if wanted != got:
            lines.append(f"step {step:+d} of {_report(report)}: should be {_outcome(wanted)}, is {_outcome(got)}")
    wanted_messages, found_messages = Counter(expected.messages), Counter(found.messages)
    wrong = [(each, "missing") for each in (wanted_messages - found_messages).elements()]
    wrong += [(each, "too many") for each in (found_messages - wanted_messages).elements()]
    lines += [f"{what}: {_message(each)}" for each, what in sorted(wrong, key=_order)]
    digests = Counter((each.who, each.place, each.at.date()) for each in found.messages if each.kind == "digest")
    lines += [f"{count} digests on one day: {who}, {day}" for (who, _, day), count in digests.items() if count > 1]
    return lines


def _order(each: tuple[Message, str]) -> tuple[datetime, str, str]:
    return each[0].at, each[0].who, each[1]


def _report(report: Report) -> str:
    return f"{report.duty} ({report.agency}, up to {report.period_end})"


def _outcome(outcome: Outcome | None) -> str:
    return f"{outcome.became} {outcome.at:%Y-%m-%d %H:%M}" if outcome else "not there"


def _message(each: Message) -> str:
    about = ", ".join(f"{duty} of {agency}" for duty, agency in sorted(each.own))
    told = " ".join(str(line) for line in each.told)
    parts = [f"{each.at:%Y-%m-%d %H:%M}", each.kind, f"to {each.who}", each.place, about, told]
    return "; ".join(part for part in parts if part) + ("" if each.arrived else " (not delivered)")
