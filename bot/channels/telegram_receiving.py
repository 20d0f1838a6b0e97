"""How updates reach the bot: a long poll, or a webhook that Telegram is told of. Both never give up.

Here is when and how often to ask Telegram; what an update means is ``telegram_updates``.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import structlog
from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, TelegramError

from bot.channels.telegram_request import TooManyRequests
from bot.channels.telegram_updates import WANTED

log = structlog.get_logger(__name__)

POLL_SECONDS = 30
CHATS_AT_ONCE = 16
LONGEST_PAUSE_SECONDS = 60.0
# Another program polls with this token, or the token is wrong: only a person can mend that.
PAUSE_FOR_HELP_SECONDS = 60.0
GRACE_SECONDS = 0.7

RawUpdate = Mapping[str, Any]
Take = Callable[[RawUpdate], Awaitable[None]]
Result = TypeVar("Result")


class Pauses:
    """How long to wait after failures in a row: doubling, with jitter, and as long as Telegram asks."""

    def __init__(self, first_seconds: float) -> None:
        self._first_seconds = first_seconds
        self._failures = 0

    def succeeded(self) -> None:
        """The next failure is the first again."""
        self._failures = 0

    def after(self, error: BaseException) -> float:
        """Seconds to wait after this failure."""
        self._failures += 1
        if isinstance(error, TooManyRequests):
            return error.seconds
        if isinstance(error, InvalidToken | EndPointNotFound | Conflict):
            return PAUSE_FOR_HELP_SECONDS
        doubled = self._first_seconds * 2.0 ** min(self._failures - 1, 10)
        return min(doubled, LONGEST_PAUSE_SECONDS) * random.uniform(0.5, 1.0)  # noqa: S311 - not a secret


async def until_done(what: str, call: Callable[[], Awaitable[Result]], first_pause: float) -> Result:
    """Make a call to Telegram again and again until it works."""
    pauses = Pauses(first_pause)
    while True:
        try:
            return await call()
        except TelegramError as error:
            pause = pauses.after(error)
            log.warning("Telegram did not do it, trying again", what=what, error=error.message, seconds=round(pause, 1))
        await asyncio.sleep(pause)


async def keep_polling(bot: Bot, take: Take, first_pause: float) -> None:
    """Ask for updates and take each until cancelled.

    Telegram is told that an update is done by the next question, so what was not taken when the
    process died, or failed, comes again.
    """
    pauses = Pauses(first_pause)
    offset = 0
    while True:
        try:
            # The bare JSON: one update that PTB can't read must not stop all that follow.
            updates = await bot.do_api_request(
                "get_Updates",
                {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": list(WANTED)},
                read_timeout=POLL_SECONDS + 10,
            )
            failed = await _finish(asyncio.create_task(_take_all(updates, take)))
            if updates:
                offset = max(update["update_id"] for update in updates) + 1
        except Exception as error:  # noqa: BLE001 - whatever an answer holds, the bot must go on listening
            seconds = pauses.after(error)
            level = log.error if seconds >= PAUSE_FOR_HELP_SECONDS else log.warning
            what = error.message if isinstance(error, TelegramError) else type(error).__name__
            level("no updates from Telegram, trying again", error=what, seconds=round(seconds, 1))
            await asyncio.sleep(seconds)
            continue
        if not failed:
            pauses.succeeded()
            continue
        offset = min(failed)
        seconds = pauses.after(failed[offset])
        log.error(
            "updates could not be stored, trying again",
            count=len(failed),
            error=type(failed[offset]).__name__,
            seconds=round(seconds, 1),
        )
        await asyncio.sleep(seconds)


async def _finish(work: asyncio.Task[Result]) -> Result:
    """The result of work that is given a moment to end when this is cancelled."""
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work], timeout=GRACE_SECONDS)
        work.cancel()
        raise


async def _take_all(updates: list[RawUpdate], take: Take) -> dict[int, Exception]:
    """Take updates: those of one chat in order, of a few chats at a time. Returns the first failure of each chat."""
    by_chat: defaultdict[object, list[RawUpdate]] = defaultdict(list)
    for update in updates:
        by_chat[chat_of(update)].append(update)
    slots = asyncio.Semaphore(CHATS_AT_ONCE)
    failed: dict[int, Exception] = {}

    async def take_in_order(of_one_chat: list[RawUpdate]) -> None:
        async with slots:
            for update in of_one_chat:
                try:
                    await take(update)
                except Exception as error:  # noqa: BLE001 - whatever it was, Telegram keeps the update for another try
                    failed[update["update_id"]] = error
                    return

    async with asyncio.TaskGroup() as group:
        for each in by_chat.values():
            group.create_task(take_in_order(each))
    return failed


def chat_of(update: RawUpdate) -> object:
    """The person whose turn an update is; its own number where that can't be told."""
    for kind in WANTED:
        match update.get(kind):
            case {"from": {"id": person}}:
                return person
    return update["update_id"]
