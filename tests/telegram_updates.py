"""How updates get from Telegram to the bot: polled, or pushed to a webhook until it takes them."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import defaultdict, deque
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp
from aiogram.methods import GetUpdates, SetWebhook
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update

from tests.telegram_schema import plain

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_POLL_SECONDS = 50
FIRST_REPEAT_SECONDS = 0.05
LONGEST_REPEAT_SECONDS = 1.0
SECONDS_TO_WAIT = 10.0


class Conflict(Exception):
    """Two receivers for one token."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One request to the webhook and what it was answered; 0 when the connection failed."""

    update_id: int
    status: int


@dataclass
class Webhook:
    """What the bot set."""

    url: str
    secret: str | None


class Updates:
    """The updates of one bot. While ``holding``, they pile up until ``release``."""

    def __init__(self, changed: asyncio.Condition) -> None:
        self.webhook: Webhook | None = None
        self.allowed: list[str] = []
        self.deliveries: list[Delivered] = []
        self.holding = False
        self._changed = changed
        self._ids = itertools.count(900_001)
        self._held: list[Update] = []
        self._waiting: deque[Update] = deque()
        self._once_more: deque[Update] = deque()
        self._poll_number = 0
        self._to_push: dict[int, deque[Update]] = defaultdict(deque)
        self._pushers: dict[int, asyncio.Task[None]] = {}
        self._client: aiohttp.ClientSession | None = None

    async def add(
        self,
        *,
        message: Message | None = None,
        callback_query: CallbackQuery | None = None,
        my_chat_member: ChatMemberUpdated | None = None,
    ) -> Update:
        """Queue an update for the bot; those of one chat arrive in order."""
        contents = {"message": message, "callback_query": callback_query, "my_chat_member": my_chat_member}
        update = Update.model_validate(
            {"update_id": next(self._ids)} | {kind: value for kind, value in contents.items() if value is not None}
        )
        if self.holding:
            self._held.append(update)
        else:
            await self._queue(update)
        return update

    async def repeat(self, update: Update) -> None:
        """Deliver an update once more under its old id, as Telegram does when it missed the answer."""
        if self.webhook is None:
            self._once_more.append(update)
            await self._notify()
        else:
            await self._queue(update)

    async def release(self, *, backwards: bool = False) -> None:
        """Deliver what was held back, in the wrong order if wanted."""
        self.holding = False
        held, self._held = self._held, []
        for update in reversed(held) if backwards else held:
            await self._queue(update)

    async def push(self, body: bytes, secret: str | None = None) -> int:
        """Send anything to the webhook; returns the status of the answer."""
        assert self.webhook is not None, "there is no webhook"
        if self._client is None:
            self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        headers = {"Content-Type": "application/json"} | ({SECRET_HEADER: secret} if secret is not None else {})
        async with self._client.post(self.webhook.url, data=BytesIO(body), headers=headers) as response:
            return response.status

    async def until_taken(self, update: Update) -> None:
        """Wait until the webhook took an update, or a later poll confirmed it."""
        async with asyncio.timeout(SECONDS_TO_WAIT), self._changed:
            if self.webhook is None:
                await self._changed.wait_for(lambda: update not in self._waiting)
            else:
                await self._changed.wait_for(lambda: Delivered(update.update_id, 200) in self.deliveries)

    async def until_webhook(self) -> Webhook:
        """Wait until the bot set its webhook."""
        async with asyncio.timeout(SECONDS_TO_WAIT), self._changed:
            await self._changed.wait_for(lambda: self.webhook is not None)
        assert self.webhook is not None
        return self.webhook

    async def set_webhook(self, call: SetWebhook) -> None:
        """What is left out counts as Telegram counts it: no secret any more, the same kinds as before."""
        self.webhook = Webhook(call.url, call.secret_token)
        if call.allowed_updates is not None:
            self.allowed = call.allowed_updates
        waiting, self._waiting = self._waiting, deque()
        for update in waiting:
            await self._queue(update)

    def webhook_info(self) -> dict[str, Any]:
        """The answer to ``getWebhookInfo``."""
        pending = len(self._waiting) + sum(map(len, self._to_push.values()))
        url = self.webhook.url if self.webhook else ""
        return {"url": url, "has_custom_certificate": False, "pending_update_count": pending}

    async def poll(self, call: GetUpdates) -> list[Any]:
        """The answer to ``getUpdates``; an offset confirms everything before it."""
        if self.webhook is not None:
            raise Conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete it first")
        if call.allowed_updates is not None:
            self.allowed = call.allowed_updates
        self._waiting = deque(each for each in self._waiting if each.update_id >= (call.offset or 0))
        self._poll_number += 1
        number = self._poll_number
        await self._notify()  # the poll before this one ends
        try:
            async with asyncio.timeout(min(call.timeout or 0, LONGEST_POLL_SECONDS)), self._changed:
                await self._changed.wait_for(lambda: self._waiting or self._once_more or number != self._poll_number)
        except TimeoutError:
            return []
        if number != self._poll_number:
            raise Conflict("terminated by other getUpdates request")
        found = [*self._once_more, *self._waiting][: call.limit or 100]
        self._once_more.clear()
        return [plain(update) for update in found]

    async def close(self) -> None:
        """Stop delivering."""
        for task in self._pushers.values():
            task.cancel()
        await asyncio.gather(*self._pushers.values(), return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    async def _queue(self, update: Update) -> None:
        if self.allowed and update.event_type not in self.allowed:
            return
        if self.webhook is None:
            self._waiting.append(update)
            await self._notify()
            return
        person = _person_of(update)
        self._to_push[person].append(update)
        pusher = self._pushers.get(person)
        if pusher is None or pusher.done():
            self._pushers[person] = asyncio.create_task(self._push_all(person))

    async def _push_all(self, person: int) -> None:
        queue = self._to_push[person]
        while queue:
            update = queue.popleft()
            pause = FIRST_REPEAT_SECONDS
            while not await self._push_once(update):
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_REPEAT_SECONDS)

    async def _push_once(self, update: Update) -> bool:
        if self.webhook is None:  # removed meanwhile
            self._waiting.append(update)
            return True
        try:
            status = await self.push(json.dumps(plain(update)).encode(), self.webhook.secret)
        except (aiohttp.ClientError, TimeoutError):
            status = 0
        self.deliveries.append(Delivered(update.update_id, status))
        await self._notify()
        return 200 <= status < 300

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _person_of(update: Update) -> int:
    content = update.message or update.callback_query or update.my_chat_member
    assert content is not None
    assert content.from_user is not None
    return content.from_user.id
