"""Reminders on their way to people: what reached nobody is planned again.

A step that was stored for several people has happened as soon as one of them got it. Who did not, because their
messenger was out of order until the day was over, finds it in their next digest; who can't be written to any more
does not. A step that reached nobody is planned again, and goes to whom it is addressed to then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.db.among import among
from bot.db.models.reporting import ReminderUnderWay
from bot.services.messages import fates
from bot.services.messages.fates import Became
from bot.services.reminding import steps
from bot.services.reminding.addressees import keys_of
from bot.services.reminding.steps import Step

_LOST = ":lost:"


@dataclass(frozen=True, slots=True)
class New:
    """A message that reminds a contact of a step of a ladder or of something they asked for."""

    key: str
    contact_id: int
    step_id: int | None = None
    personal_id: int | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """A step that somebody else got, and that this contact is still to be told of."""

    id: int
    contact_id: int
    step: Step


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    step_id: int | None
    personal_id: int | None
    contact_id: int
    key: str


async def begin(connection: AsyncConnection, new: Sequence[New]) -> None:
    """Remember messages that have just been stored."""
    if new:
        await connection.execute(
            insert(ReminderUnderWay),
            [
                {
                    "key": each.key,
                    "contact_id": each.contact_id,
                    "step_id": each.step_id,
                    "personal_id": each.personal_id,
                }
                for each in new
            ],
        )


async def end(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """Nothing has to be known of these any more."""
    if ids:
        await connection.execute(delete(ReminderUnderWay).where(among(connection, ReminderUnderWay.id, ids)))


async def look(connection: AsyncConnection, now: datetime) -> list[Left]:
    """Plan again what reached nobody, forget what arrived; what is left for single people, until ``end`` is called.

    The caller is the only one who reminds at this moment.
    """
    columns = (
        ReminderUnderWay.id,
        ReminderUnderWay.step_id,
        ReminderUnderWay.personal_id,
        ReminderUnderWay.contact_id,
        ReminderUnderWay.key,
    )
    rows = [_Row(*row) for row in await connection.execute(select(*columns).order_by(ReminderUnderWay.id))]
    if not rows:
        return []
    found = await fates.became(connection, [name for row in rows for name in keys_of(row.key)], now)
    by_key = {row.key: _together(row.key, found) for row in rows}
    await _free(connection, [key for key, fate in by_key.items() if fate in (Became.LOST, Became.TOO_LATE)], now)
    over: list[int] = []
    again: list[_Row] = []
    late: list[_Row] = []
    for those in _by_reminder(rows):
        became = [by_key[row.key] for row in those]
        if Became.WAITS in became:
            continue
        left = [row for row, fate in zip(those, became, strict=True) if fate is Became.TOO_LATE and row.step_id]
        if Became.ARRIVED not in became:
            again.append(those[0])
        elif left:
            late += left
            continue
        over += [row.id for row in those]
    await end(connection, over)
    await steps.plan_again(
        connection,
        [row.step_id for row in again if row.step_id],
        [row.personal_id for row in again if row.personal_id],
    )
    known = await steps.by_ids(connection, [row.step_id for row in late if row.step_id])
    return [Left(row.id, row.contact_id, known[row.step_id]) for row in late if row.step_id]


def _together(key: str, found: Mapping[str, Became]) -> Became:
    """What became of a message and its copy: one that is gone, as when an account was erased, is lost."""
    both = [found.get(name, Became.LOST) for name in keys_of(key) if name in found or name == key]
    order = (Became.ARRIVED, Became.WAITS, Became.TOO_LATE, Became.LOST)
    return min(both, key=order.index)


def _by_reminder(rows: Sequence[_Row]) -> Iterable[list[_Row]]:
    groups: dict[tuple[int | None, int | None], list[_Row]] = {}
    for row in rows:
        groups.setdefault((row.step_id, row.personal_id), []).append(row)
    return groups.values()


async def _free(connection: AsyncConnection, keys: Sequence[str], now: datetime) -> None:
    """Let whoever did not get a message have another one of the same day."""
    others = {key: f"{key}{_LOST}{now:%Y%m%dT%H%M}" for key in keys if _LOST not in key}
    if others:
        pairs = others.items()
        both = {old: new for key, other in pairs for old, new in zip(keys_of(key), keys_of(other), strict=True)}
        await fates.rename(connection, both)
        await connection.execute(
            update(ReminderUnderWay).where(ReminderUnderWay.key == bindparam("old")).values(key=bindparam("new")),
            [{"old": key, "new": other} for key, other in pairs],
        )
