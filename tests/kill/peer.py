"""The Telegram peer in a process of its own, which outlives the program that is killed: its ledger is the judge."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.program import start

REPORT_SECONDS = 120
TEXT = "Mời Anh/Chị dự hội thảo về công nghiệp môi trường."


@dataclass(frozen=True, slots=True)
class Peer:
    """Its HTTP interface."""

    url: str
    token: str
    client: aiohttp.ClientSession

    async def has_people(self, first: int, count: int) -> None:
        """People who have started the bot, with these ids."""
        await self._post("people", {"first": first, "count": count})

    async def writes(self, person: int, text: str) -> None:
        """Somebody writes to the bot, whether it runs or not."""
        await self._post("do", {"id": person, "does": "writes", "with": [text]})

    async def until_reported(self, author: int) -> None:
        """Wait until the author of the announcement has the final report, which comes after everything else."""
        async with asyncio.timeout(REPORT_SECONDS):
            while await self._read_next(author) in ("", TEXT):
                pass

    async def until_answered(self, person: int) -> None:
        """Wait until somebody who asked has an answer, however long the program needs to start."""
        async with asyncio.timeout(REPORT_SECONDS):
            while not await self._read_next(person):
                pass

    async def until_sent(self, more: int) -> None:
        """Wait until the bot has sent so many more messages."""
        await self._post("called", {"method": "sendMessage", "more": more})

    async def counts(self) -> dict[int, dict[str, int]]:
        """How often each person got which text."""
        async with self.client.get(f"{self.url}/control/counts") as answer:
            return {int(person): texts for person, texts in (await answer.json()).items()}

    async def wrong_calls(self) -> list[str]:
        """Calls that Telegram would refuse as wrongly made."""
        async with self.client.get(f"{self.url}/control/state") as answer:
            return list((await answer.json())["wrong_calls"])

    async def _read_next(self, person: int) -> str:
        """The next message to somebody; empty when none came for a while."""
        async with self.client.post(f"{self.url}/control/wait", json={"id": person}) as answer:
            return str((await answer.json())[0]["text"]) if answer.status == 200 else ""

    async def _post(self, what: str, value: dict[str, Any]) -> Any:
        async with self.client.post(f"{self.url}/control/{what}", json=value) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()


@asynccontextmanager
async def peer_process(folder: Path) -> AsyncIterator[Peer]:
    """A running peer."""
    program = await start("tests.telegram_peer", folder=folder, settings={})
    try:
        where = json.loads(await program.ready())
        async with aiohttp.ClientSession() as client:
            yield Peer(where["url"], where["token"], client)
    finally:
        await program.stop()
