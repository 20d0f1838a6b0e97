"""Compares what the program did with the plain calculation, both ways, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from content.model import Content
from tests.simulated_year.plain import Message, Office
from tests.simulated_year.run import Sent, Year
from tests.simulated_year.script import Report


def differences(year: Year, office: Office, known: Content) -> Iterator[str]:
    """A sentence for every step and every message that is not as it must be."""
    yield from _steps(year, office)
    wanted = {(each.person, each.at): each for each in office.messages}
    found: dict[tuple[str, datetime], list[Sent]] = {}
    for sent in year.messages:
        found.setdefault((sent.person, sent.at), []).append(sent)
    for (person, at), message in wanted.items():
        if (person, at) not in found:
            yield f"{person} was not told at {at}: {_list(message)}"
    for (person, at), those in found.items():
        if (person, at) not in wanted:
            yield f"{person} was told at {at}, but should not have been: {those[0].text[:200]!r}"
        elif len(those) > 1:
            yield f"{person} was told {len(those)} times at {at}"
        else:
            yield from _content(those[0], wanted[person, at], known)


def _steps(year: Year, office: Office) -> Iterator[str]:
    reports = {number: report for report, number in year.obligation.items()}
    wanted = {
        (year.obligation[report], step): settled
        for report, card in office.cards.items()
        for step, settled in card.settled.items()
    }
    found = {place: settled for place, settled in year.steps.items() if place[0] in reports}
    for place in sorted(wanted.keys() | found.keys()):
        if wanted.get(place) != found.get(place):
            report, step = reports[place[0]], place[1]
            yield f"{report} step {step:+d}: should be {wanted.get(place)}, is {found.get(place)}"


def _content(sent: Sent, message: Message, known: Content) -> Iterator[str]:
    """It arrived once, and speaks of each report that it should."""
    if sent.arrived != 1:
        yield f"the message to {sent.person} of {sent.at} arrived {sent.arrived} times"
        return
    for report in message.own:
        title, agency = known.duties[report.duty].title.vi, known.agencies[report.agency].name.vi
        if title not in sent.text or agency not in sent.text:
            yield f"{sent.person} was told at {sent.at}, but nothing of {report}"
    if len(message.own) > 1 and f"{len(message.own)} báo cáo" not in sent.text:
        yield f"{sent.person} was told at {sent.at} of another number of reports than {len(message.own)}"


def _list(message: Message) -> str:
    return ", ".join(_named(report) for report in sorted(message.own | message.received, key=_named))


def _named(report: Report) -> str:
    return f"{report.duty} of {report.agency} due {report.due}"
