"""The promises, held against the evidence: each function returns a line for every one that was broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.kill.evidence import Evidence
from tests.kill.scene import Account


def broken(evidence: Evidence) -> list[str]:
    """Every promise that was not kept."""
    return [
        *(f"Telegram would refuse: {call}" for call in evidence.wrong_calls),
        *_outbox(evidence),
        *_everybody_got_it(evidence),
        *_repeats(evidence),
        *_questions(evidence),
    ]


def report(evidence: Evidence) -> list[str]:
    """The figures."""
    of = Counter(kill.of for kill in evidence.kills)
    repeats = _repeated(evidence)
    return [
        f"kills: {len(evidence.kills)} ({', '.join(f'{count} {what}' for what, count in sorted(of.items()))})",
        *(_figures(evidence, channel) for channel in ("telegram", "web_chat")),
        f"repeats on Telegram: {sum(repeats.values())} to {len(repeats)} accounts, allowed are {evidence.allowed:.0f}",
        f"questions asked meanwhile: {len(evidence.acted)}, acted on once: {_count(evidence.acted.values(), 1)}, "
        f"answered: {sum(map(bool, evidence.answered.values()))}, "
        f"answered twice: {_count(evidence.answered.values(), 2)}",
    ]


def _outbox(evidence: Evidence) -> list[str]:
    wrong = [f"{_name(account)}: {status}" for account, status in evidence.recipients.items() if status != "sent"]
    if evidence.broadcast_status != "finished":
        wrong.append(f"the announcement is {evidence.broadcast_status}")
    if evidence.reports != 1:
        wrong.append(f"there are {evidence.reports} final reports")
    return wrong


def _everybody_got_it(evidence: Evidence) -> list[str]:
    return [f"{_name(account)} got nothing" for account, times in evidence.got.items() if not times]


def _repeats(evidence: Evidence) -> list[str]:
    """In the web chat there is none at all; on Telegram only what was in flight at a kill may come again."""
    chances = _chances(evidence)
    wrong = [
        f"{_name(account)} got it {times} times, in flight at {chances[account]} kills"
        for account, times in evidence.got.items()
        if times > 1 and (account[0] == "web_chat" or times > 1 + chances[account])
    ]
    repeats = sum(_repeated(evidence).values())
    if repeats > evidence.allowed:
        wrong.append(f"{repeats} repeats, more than {evidence.allowed:.0f}")
    return wrong


def _questions(evidence: Evidence) -> list[str]:
    chances = _chances(evidence)
    return [
        f"{_name(account)} asked once, {evidence.acted[account]} answers were stored, {times} came, "
        f"in flight at {chances[account]} kills"
        for account, times in evidence.answered.items()
        if evidence.acted[account] != 1 or not 1 <= times <= 1 + chances[account]
    ]


def _chances(evidence: Evidence) -> Counter[Account]:
    return Counter(account for kill in evidence.kills for account in kill.in_flight)


def _repeated(evidence: Evidence) -> dict[Account, int]:
    return {account: times - 1 for account, times in evidence.got.items() if times > 1 and account[0] == "telegram"}


def _figures(evidence: Evidence, channel: str) -> str:
    got = [times for account, times in evidence.got.items() if account[0] == channel]
    at_kills = [sum(account[0] == channel for account in kill.in_flight) for kill in evidence.kills]
    return (
        f"{channel}: {sum(map(bool, got))} of {len(got)} accounts got it, {_count(got, 1)} exactly once; "
        f"in flight at {sum(map(bool, at_kills))} kills, {sum(at_kills)} messages in all"
    )


def _count(values: Iterable[int], wanted: int) -> int:
    return sum(value == wanted for value in values)


def _name(account: Account) -> str:
    return " ".join(account)
