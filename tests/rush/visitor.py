"""Somebody at the chat page who signs up for an event, over real HTTP.

They answer whatever the form asks by the name of the question, and send a message again, under the same id, when
its answer got lost: as the page does.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

LOST = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, asyncio.TimeoutError)
AGAIN_SECONDS = 0.05
PATIENCE_SECONDS = 60
QUESTION = re.compile(r"Câu \d+/\d+: (?P<label>.+)")
REVIEW, DONE = "Mời Anh/Chị kiểm tra lại thông tin", re.compile(r"Mã hồ sơ: (?P<code>NC-\w{4}-\w{2})")
PLACE = re.compile(r"vị trí số (?P<place>[\d.]+)")


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What the visitor was told at the end; ``place`` counts from 1 on the waiting list, None with a seat."""

    code: str
    place: int | None


async def _at_once() -> None:
    """Somebody who need not think."""


@dataclass
class Visitor:
    """``where`` gives the address of a web process for each request; ``took`` has the seconds of each step.

    ``thinks`` takes the time that the person needs before typing an answer.
    """

    client: aiohttp.ClientSession
    where: Callable[[], str]
    name: str
    answers: Mapping[str, str]
    thinks: Callable[[], Awaitable[None]] = _at_once
    took: list[tuple[str, float]] = field(default_factory=list)
    _cookie: str = ""
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    async def says(self, text: str) -> str:
        """Type something; returns all that the bot says to it."""
        await self.thinks()
        return await self._send({"text": text}, "says")

    async def presses(self, label: str) -> str:
        """Press the button of this label under the last message, by typing its label."""
        return await self._send({"text": label}, label)

    async def opens_the_form(self, event: str) -> str:
        """From nothing to the first question of the event with this title."""
        listed = await self.says("/sukien")
        found = re.search(rf"^(\d+)\. {re.escape(event)}", listed, re.MULTILINE)
        assert found, listed
        await self.says(found[1])
        return await self.says("Đăng ký")

    async def fills_in(self, question: str) -> str:
        """Answer question after question; returns the review page."""
        while (asked := QUESTION.search(question)) is not None:
            question = await self.answers_one(asked["label"])
        assert REVIEW in question, question
        return question

    async def answers_one(self, label: str) -> str:
        """Answer the question of this name."""
        return await self.says(self.answers[label])

    async def confirms(self) -> SignedUp:
        """Hand the form in."""
        told = await self.presses("Xác nhận")
        code, place = DONE.search(told), PLACE.search(told)
        assert code, told
        return SignedUp(code["code"], int(place["place"].replace(".", "")) if place else None)

    async def _send(self, body: dict[str, Any], step: str) -> str:
        body["id"] = f"{self.name}-{next(self._numbers)}"
        began = time.perf_counter()
        answer = await self._insist(lambda: self._post(body))
        while not answer["messages"]:
            # Another process is still busy with the answer before, so a worker sends this one.
            await asyncio.sleep(AGAIN_SECONDS)
            cursor = answer["cursor"]
            answer = await self._insist(lambda: self._get(cursor))  # noqa: B023 - called at once
        self.took.append((step, time.perf_counter() - began))
        return "\n\n".join(message["text"] for message in answer["messages"])

    async def _insist(self, ask: Callable[[], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return await ask()
            except LOST:
                # Without a cookie the visitor would be somebody else at the next try.
                if not self._cookie or time.monotonic() > deadline:
                    raise
                await asyncio.sleep(AGAIN_SECONDS)

    async def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        async with self.client.post(f"{self.where()}/chat/messages", json=body, headers=self._headers) as answer:
            return await self._read(answer)

    async def _get(self, cursor: int) -> dict[str, Any]:
        url = f"{self.where()}/chat/messages?after={cursor}"
        async with self.client.get(url, headers=self._headers) as answer:
            return await self._read(answer)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Cookie": self._cookie} if self._cookie else {}

    async def _read(self, answer: aiohttp.ClientResponse) -> dict[str, Any]:
        assert answer.status == 200, f"{self.name}: {answer.status} {await answer.text()}"
        for cookie in answer.cookies.values():
            self._cookie = f"{cookie.key}={cookie.value}"
        return dict(await answer.json())
