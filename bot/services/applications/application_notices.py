"""Telling applicants what they did not do themselves: each once, in their language, where they want to be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.i18n import Translator, Translators
from bot.messages import Reply
from bot.services.messages import outbox
from bot.services.messages.outbox import Notice
from bot.services.people import contacts


@dataclass(frozen=True, slots=True)
class Concerned:
    """An application as a notice of it needs it. ``contact_id`` is None where nobody is told."""

    id: int
    code: str
    contact_id: int | None
    seats: int


Write = Callable[[Translator, Concerned], Reply]


async def tell(
    connection: AsyncConnection,
    told: Sequence[Concerned],
    lines: Mapping[int, int],
    write: Write,
    *,
    translators: Translators,
    now: datetime,
    but: int | None = None,
    stale_after: datetime | None = None,
    anytime: bool = False,
) -> None:
    """Tell who made the applications of one change, hundreds with two statements.

    ``lines`` has the change's line in the history of each, by which the notice exists once. ``but`` is who did it
    and reads it as the answer already.
    """
    keys = {each.id: str(lines[each.id]) for each in told if each.contact_id != but or but is None}
    await _tell(connection, told, keys, write, translators, now, stale_after, anytime=anytime)


async def tell_of_offering(
    connection: AsyncConnection,
    told: Sequence[Concerned],
    key: str,
    write: Write,
    *,
    translators: Translators,
    now: datetime,
    stale_after: datetime | None = None,
) -> None:
    """Tell who made the applications of a change of the offering, which is no line in their history."""
    keys = {each.id: key for each in told}
    await _tell(connection, told, keys, write, translators, now, stale_after, anytime=False)


async def _tell(
    connection: AsyncConnection,
    told: Sequence[Concerned],
    keys: Mapping[int, str],
    write: Write,
    translators: Translators,
    now: datetime,
    stale_after: datetime | None,
    *,
    anytime: bool,
) -> None:
    ids = [each.contact_id for each in told if each.contact_id is not None and each.id in keys]
    if not ids:
        return
    people = await contacts.reachable(connection, ids)
    notices = [
        Notice(
            people[each.contact_id],
            f"application:{each.id}:{keys[each.id]}",
            write(translators.for_language(people[each.contact_id].language), each),
        )
        for each in told
        if each.contact_id is not None and each.contact_id in people and each.id in keys
    ]
    await outbox.notify_all(connection, notices, now=now, stale_after=stale_after, anytime=anytime)
