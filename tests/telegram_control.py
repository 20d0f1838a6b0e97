"""The peer as a process of its own: ``python -m tests.telegram_peer --port 8443``, then JSON over HTTP.

    POST /control/people   {"first": 1000, "count": 2000}        people who have started the bot
    POST /control/do       {"id": 1000, "does": "writes", "with": ["xin chào"]}   any verb of Person
    POST /control/fail     {"fault": "too_many", "times": 3, "seconds": 1}        arguments of ``fail``
    POST /control/wait     {"id": 1000, "count": 1}              until so many unread messages; reads them
    POST /control/called  {"method": "sendMessage", "more": 5}   until it was called so often from now on
    GET  /control/sent?id=1000     messages to one person, or without id to everybody by person
    GET  /control/counts           how many messages with which text each person got
    GET  /control/calls?method=sendMessage
    GET  /control/state            calls so far, wrong calls, buttons that still spin

It prints one line, ``{"url": …, "token": …}``, when it listens.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
from collections import Counter
from dataclasses import asdict
from typing import Any

from aiohttp import web

from tests.telegram_peer import TOKEN, Fault, TelegramPeer
from tests.telegram_people import SECONDS_TO_WAIT, Person, Shown

VERBS = frozenset(
    {
        "writes", "starts", "presses", "sends_press", "shares_contact", "passes_on_contact", "sends_sticker",
        "blocks_the_bot", "unblocks_the_bot",
    }
)  # fmt: skip


class Control:
    """The JSON side of one peer."""

    def __init__(self, peer: TelegramPeer) -> None:
        self._peer = peer

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/control/people", self._people),
            web.post("/control/do", self._do),
            web.post("/control/fail", self._fail),
            web.post("/control/wait", self._wait),
            web.post("/control/called", self._called),
            web.get("/control/sent", self._sent),
            web.get("/control/counts", self._counts),
            web.get("/control/calls", self._calls),
            web.get("/control/state", self._state),
        ]

    async def _people(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        for person_id in range(wanted["first"], wanted["first"] + wanted["count"]):
            self._peer.person(person_id, f"Người {person_id}", has_started=True)
        return web.json_response({})

    async def _do(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        if wanted["does"] not in VERBS:
            raise web.HTTPBadRequest(text=f"people know {sorted(VERBS)}")
        try:
            update = await getattr(self._person(wanted), wanted["does"])(*wanted.get("with", ()))
        except AssertionError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        return web.json_response({"update_id": update.update_id})

    async def _fail(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        self._peer.fail(Fault(wanted.pop("fault")), **wanted)
        return web.json_response({})

    async def _wait(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        try:
            read = await self._person(wanted).waits_for(wanted.get("count", 1))
        except AssertionError as error:
            raise web.HTTPRequestTimeout(text=str(error)) from error
        return web.json_response([_line(shown) for shown in read])

    async def _called(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        seen, made = len(self._peer.calls), 0

        def often_enough() -> bool:
            nonlocal seen, made
            made += sum(call.method == wanted["method"] for call in self._peer.calls[seen:])
            seen = len(self._peer.calls)
            return bool(made >= int(wanted["more"]))

        try:
            async with asyncio.timeout(SECONDS_TO_WAIT), self._peer.changed:
                await self._peer.changed.wait_for(often_enough)
        except TimeoutError as error:
            raise web.HTTPRequestTimeout(text=f"{wanted['method']} was called {made} times") from error
        return web.json_response({})

    async def _sent(self, request: web.Request) -> web.Response:
        if "id" in request.query:
            return web.json_response([_line(shown) for shown in self._peer.sent(int(request.query["id"]))])
        return web.json_response(
            {person.id: [_line(shown) for shown in self._peer.sent(person.id)] for person in self._peer.people}
        )

    async def _counts(self, _: web.Request) -> web.Response:
        return web.json_response(
            {person.id: Counter(shown.text for shown in self._peer.sent(person.id)) for person in self._peer.people}
        )

    async def _calls(self, request: web.Request) -> web.Response:
        method = request.query.get("method")
        return web.json_response([asdict(call) for call in self._peer.calls if method in (None, call.method)])

    async def _state(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "calls": Counter(f"{call.method} {call.status}" for call in self._peer.calls),
                "wrong_calls": self._peer.wrong_calls,
                "unanswered_presses": self._peer.unanswered_presses,
            }
        )

    def _person(self, wanted: dict[str, Any]) -> Person:
        details = {key: wanted[key] for key in ("name", "language", "phone") if key in wanted}
        return self._peer.person(wanted["id"], **details)


def _line(shown: Shown) -> dict[str, Any]:
    return {
        "message_id": shown.message_id,
        "text": shown.text,
        "buttons": shown.buttons,
        "changes": shown.changes,
        "deleted": shown.deleted,
        "document": shown.document[0] if shown.document else None,
    }


async def _serve(port: int, token: str) -> None:
    peer = TelegramPeer(token)
    await peer.start(port, *Control(peer).routes())
    print(json.dumps({"url": peer.url, "token": peer.token}), flush=True)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
    await peer.close()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="A Bot API server for tests, on loopback")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--token", default=TOKEN)
    options = parser.parse_args()
    asyncio.run(_serve(options.port, options.token))
