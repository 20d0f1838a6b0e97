"""The program as people meet it: the real one in a process of its own, and Chromium with its chat page open."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright, expect

from tests import program

PATIENCE = 20_000  # milliseconds, on a machine that has much else to do
expect.set_options(timeout=PATIENCE)
FEW_KEYS = 30
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK = (1280, 800)
PHONE = (390, 844)
# Chromium's own line for every request that found nobody, which a page can't prevent.
NOBODY_THERE = "Failed to load resource: net::ERR_"
WHERE = """() => {
    const here = document.activeElement;
    return here.localName === "button" ? here.innerText : here.localName;
}"""
REMEMBER_VIOLATIONS = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) =>
        window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@dataclass
class Service:
    """``python -m bot`` with nothing configured, in a folder of its own."""

    folder: Path
    running: program.Program
    url: str

    async def command(self, *arguments: str) -> str:
        """What a command of the program says while the program runs."""
        process = await program.start("bot", *arguments, folder=self.folder, settings=self._settings)
        first_line = await process.ready()
        async with asyncio.timeout(program.STOP_SECONDS):
            await process.process.wait()
        assert await process.stop() == 0, process.log
        return first_line

    async def is_killed(self) -> None:
        """All at once, as in a power cut."""
        await self.running.kill()

    async def comes_back(self) -> None:
        """Under the same address."""
        self.running = await program.start("bot", folder=self.folder, settings=self._settings)
        await self.running.ready()

    @property
    def _settings(self) -> Mapping[str, str]:
        return {"PORT": self.url.rpartition(":")[2]}


@asynccontextmanager
async def service(folder: Path) -> AsyncIterator[Service]:
    """The program, until the block ends."""
    running = await program.start("bot", folder=folder, settings={"PORT": "0"})
    serving = Service(folder, running, "")
    try:
        serving.url = (await running.ready()).removeprefix("Chat:").strip().rstrip("/")
        yield serving
    finally:
        await serving.running.kill()


@asynccontextmanager
async def chromium(*more_flags: str) -> AsyncIterator[Browser]:
    """The system's Chromium: the tests need it, so without it they fail."""
    path = shutil.which("chromium")
    assert path, "chromium is not installed: apt-get install chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*FLAGS, *more_flags])
        yield browser
        await browser.close()


@dataclass
class Reader:
    """Somebody in front of the page. ``complaints`` is what the browser found wrong with it so far."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    async def says(self, words: str) -> None:
        """Type into the field and send."""
        await self.page.locator("#message").fill(words)
        await self.page.locator("#message").press("Enter")

    async def presses(self, label: str) -> None:
        """Click the button of this name that came last."""
        await self.page.locator(".choice").get_by_text(label, exact=True).last.click(timeout=PATIENCE)

    async def reads(self, *parts: str) -> None:
        """The newest message of the bot has, or soon has, these parts."""
        newest = self.page.locator(".bot .bubble").last
        for part in parts:
            await expect(newest).to_contain_text(part, timeout=PATIENCE)

    async def types(self, words: str) -> None:
        """By keyboard alone: go on to the field, type, send."""
        await self._go_to("textarea", "Tab")
        await self.page.keyboard.type(words)
        await self.page.keyboard.press("Enter")

    async def goes_back_to(self, label: str) -> None:
        """By keyboard alone: from the field back to the button of this name, and press it."""
        await self._go_to("textarea", "Tab")
        await self._go_to(label, "Shift+Tab")
        await self.page.keyboard.press("Enter")

    async def conversation(self) -> list[str]:
        """Everything on the screen, in order."""
        return await self.page.locator(".message .bubble").all_inner_texts()

    async def _go_to(self, wanted: str, key: Literal["Tab", "Shift+Tab"]) -> None:
        passed = []
        for _ in range(FEW_KEYS):
            here = await self.page.evaluate(WHERE)
            if here == wanted:
                return
            passed.append(here)
            await self.page.keyboard.press(key)
        raise AssertionError(f"{key} does not reach {wanted!r}, but {passed}")


@asynccontextmanager
async def visiting(
    browser: Browser,
    url: str,
    *,
    size: tuple[int, int] = DESK,
    language: str = "vi-VN",
    without_server: bool = False,
) -> AsyncIterator[Reader]:
    """Somebody who opens the page, and to whom it must not give any reason to complain.

    ``without_server`` allows for requests that find nobody, while the program is away.
    """
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale=language, reduced_motion="reduce"
    )
    await context.add_init_script(REMEMBER_VIOLATIONS)
    page = await context.new_page()
    reader = Reader(page)
    parts = urlsplit(url)
    own = f"{parts.scheme}://{parts.netloc}"

    def heard(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and not (without_server and said.text.startswith(NOBODY_THERE)):
            reader.complaints.append(f"console: {said.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((f"{own}/", "data:")):
            reader.complaints.append(f"request: {request.url}")

    page.on("pageerror", lambda error: reader.complaints.append(f"error: {error}"))
    page.on("console", heard)
    page.on("request", asked)
    await page.goto(url)
    yield reader
    reader.complaints += await page.evaluate("() => window.violations")
    await context.close()
    assert not reader.complaints, reader.complaints
