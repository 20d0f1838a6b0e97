"""python-telegram-bot on aiohttp's client: what is sent, and what each way of failing is called."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError, TimedOut

from bot.channels.telegram_request import AiohttpRequest, NotSent, TooManyRequests, proxy_for

TOKEN = "123456:a-secret_token"
OK = {"ok": True, "result": True}

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def bot_at(url: str, *, read_timeout: float = 5) -> AsyncIterator[Bot]:
    request = AiohttpRequest(read_timeout)
    await request.initialize()
    try:
        yield Bot(TOKEN, base_url=f"{url}/bot", request=request, get_updates_request=request)
    finally:
        await request.shutdown()


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[str]:
    application = web.Application(client_max_size=4_000_000)
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_a_call_is_one_json_object_on_a_connection_that_stays() -> None:
    seen = []

    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        seen.append((request.path, await request.json(), request.transport.get_extra_info("peername")))
        return web.json_response(OK)

    async with server(answer) as url, bot_at(url) as bot:
        for _ in range(2):
            await bot.edit_message_text(
                "Chào <b>", 5, 6, reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="b")]])
            )
    expected = {
        "chat_id": 5,
        "message_id": 6,
        "text": "Chào <b>",
        "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]},
    }
    assert [each[:2] for each in seen] == [(f"/bot{TOKEN}/editMessageText", expected)] * 2
    assert seen[0][2] == seen[1][2]


async def test_a_file_travels_under_its_own_name() -> None:
    seen: dict[str, object] = {}

    async def answer(request: web.Request) -> web.Response:
        fields = await request.post()
        document = fields["document"]
        assert isinstance(document, web.FileField)
        seen.update(name=document.filename, content=document.file.read(), chat_id=fields["chat_id"])
        message = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}
        return web.json_response({"ok": True, "result": message})

    async with server(answer) as url, bot_at(url) as bot:
        await bot.send_document(5, InputFile(b"x" * 2_000_000, filename='sự\r\nkiện "1".ics'))
    assert seen == {"name": 'sự kiện "1".ics', "content": b"x" * 2_000_000, "chat_id": "5"}


ERRORS: list[tuple[int, str, type[TelegramError], str]] = [
    (400, '{"ok": false, "description": "Bad Request: chat not found"}', BadRequest, "Chat not found"),
    (401, '{"ok": false, "description": "Unauthorized"}', InvalidToken, "Unauthorized"),
    (413, "<html>Request Entity Too Large</html>", BadRequest, "413"),
    (429, '{"ok": false, "parameters": {"retry_after": 35}}', TooManyRequests, "retry after 35"),
    (429, '{"ok": false, "description": "Too Many Requests: retry after 7"}', TooManyRequests, "retry after 5"),
    (429, "<html>", TooManyRequests, "retry after 5"),
    (500, '{"ok": false, "description": "Internal Server Error"}', NetworkError, "Internal Server Error"),
    (502, "<html>Bad Gateway</html>", NetworkError, "Bad Gateway"),
    (200, "<html>a captive portal</html>", TelegramError, "Invalid server response"),
    (200, "[]", TelegramError, "Invalid server response"),
    (302, "", NetworkError, "302"),
]


@pytest.mark.parametrize("status, body, kind, part", ERRORS)
async def test_an_answer_becomes_an_error(status: int, body: str, kind: type[TelegramError], part: str) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body, headers={"Location": "/elsewhere"})

    async with server(answer) as url, bot_at(url) as bot:
        with pytest.raises(kind) as caught:
            await bot.get_me()
    assert type(caught.value) is kind
    assert part in caught.value.message


async def test_without_a_connection_nothing_was_sent(silent_port: int) -> None:
    async with bot_at(f"http://127.0.0.1:{silent_port}") as bot:
        with pytest.raises(NotSent) as refused:
            await bot.get_me()
    async with bot_at("http://does-not-exist.invalid") as bot:
        with pytest.raises(NotSent) as unknown:
            await bot.get_me()
    with pytest.raises(NotSent) as closed:
        await bot.get_me()
    for caught in (refused, unknown, closed):
        assert TOKEN not in repr(caught.value)


async def test_a_broken_connection_proves_nothing() -> None:
    async def answer(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async with server(answer) as url, bot_at(url) as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.get_me()
    assert type(caught.value) is NetworkError


async def test_an_answer_that_comes_late_is_a_timeout() -> None:
    never = asyncio.Event()

    async def answer(_: web.Request) -> web.Response:
        await never.wait()
        return web.Response()

    async with server(answer) as url, bot_at(url, read_timeout=0.1) as bot:
        with pytest.raises(TimedOut):
            await bot.get_me()


async def test_a_call_can_wait_longer_than_the_others() -> None:
    async def answer(_: web.Request) -> web.Response:
        await asyncio.sleep(0.15)
        return web.json_response({"ok": True, "result": []})

    async with server(answer) as url, bot_at(url, read_timeout=0.1) as bot:
        with pytest.raises(TimedOut):
            await bot.get_my_commands()
        assert await bot.get_my_commands(read_timeout=5) == ()


async def test_too_many_requests_warn_about_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert TooManyRequests(3).message == "Too Many Requests: retry after 3"


def test_a_proxy_of_the_environment_is_used_but_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "http_proxy", "no_proxy", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert proxy_for("https://api.telegram.org") is None
    monkeypatch.setenv("https_proxy", "http://10.0.0.1:3128")
    monkeypatch.setenv("http_proxy", "http://10.0.0.1:3128")
    assert proxy_for("https://api.telegram.org") == "http://10.0.0.1:3128"
    assert proxy_for("http://127.0.0.1:8081") is None
    monkeypatch.setenv("no_proxy", "telegram.org")
    assert proxy_for("https://api.telegram.org") is None
