"""A Bot API that says yes to everything as fast as it can, and counts: the same for every program measured."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

ME = {"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}


@dataclass
class Stub:
    """Counts messages; ``reached(n)`` waits until ``n`` of them have come."""

    url: str = ""
    sent: int = 0
    _goal: int = 0
    _done: asyncio.Event = field(default_factory=asyncio.Event)
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    async def answer(self, request: web.Request) -> web.Response:
        method = request.path.rsplit("/", 1)[-1]
        await request.read()
        if method == "sendMessage":
            self.sent += 1
            if self.sent >= self._goal:
                self._done.set()
            chat = {"id": 1, "type": "private", "first_name": "A"}
            result: Any = {"message_id": next(self._ids), "date": 1, "chat": chat, "text": "x"}
        elif method == "getMe":
            result = ME
        elif method in ("getUpdates", "getMyCommands"):
            result = []
        else:
            result = True
        return web.Response(body=orjson.dumps({"ok": True, "result": result}), content_type="application/json")

    async def reached(self, goal: int, seconds: float) -> None:
        self._goal = goal
        self._done.clear()
        if self.sent < goal:
            await asyncio.wait_for(self._done.wait(), seconds)


@asynccontextmanager
async def stub() -> AsyncIterator[Stub]:
    """A running stub on a free port."""
    made = Stub()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", made.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
    finally:
        await runner.cleanup()
