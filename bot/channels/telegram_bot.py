"""Telegram: python-telegram-bot's Bot, without its application, handlers or queues.

Translation is in ``telegram_updates`` (in) and ``telegram_markup`` (out), the calls that one reply
needs in ``telegram_sending``, when to ask for updates in ``telegram_receiving``; here is the
channel's life, its webhook and its commands menu.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import orjson
import structlog
from aiohttp import web
from telegram import Bot, BotCommand, BotCommandScopeChat, Update
from telegram.error import TelegramError

from bot.channels.base import Limits, OnIncoming
from bot.channels.telegram_errors import delivery_error
from bot.channels.telegram_files import fetch_file
from bot.channels.telegram_markup import LIMITS
from bot.channels.telegram_receiving import RawUpdate, keep_polling, until_done
from bot.channels.telegram_request import AiohttpRequest, proxy_for
from bot.channels.telegram_sending import send_reply
from bot.channels.telegram_updates import CHANNEL, WANTED, incoming_from, incoming_from_raw
from bot.errors import DeliveryError, TryLater
from bot.messages import EVERYONE, IncomingFile, Language, Outgoing, Role

log = structlog.get_logger(__name__)

WEBHOOK_PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LARGEST_UPDATE = 1024 * 1024
MOST_WEBHOOK_CONNECTIONS = 40
READ_SECONDS = 20.0
FIRST_PAUSE_SECONDS = 1.0
STOP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class MenuCommand:
    """One line of the commands menu; with ``role`` only for staff of that role and above."""

    name: str
    description: str
    role: Role | None = None


Menus = Mapping[Language, Sequence[MenuCommand]]


class TelegramBot:
    """The channel ``telegram``. Opened by ``start``, closed by ``stop``; holds no state of any conversation."""

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        mode: Literal["polling", "webhook"],
        webhook_secret: str,
        files: Path,
        menus: Menus,
        default_language: Language,
        read_seconds: float = READ_SECONDS,
        first_pause: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        # PTB writes the token and every text into its debug log.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self._mode = mode
        self._secret = webhook_secret.encode()
        self._files = files
        self._menus = menus
        self._default_language = default_language
        self._first_pause = first_pause
        self._request = AiohttpRequest(read_seconds, proxy_for(api_url))
        self._bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self._public_name: str | None = None
        self._receiving: list[asyncio.Task[None]] = []
        self._background: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        """The word stored with every address."""
        return CHANNEL

    @property
    def limits(self) -> Limits:
        """What one message may hold."""
        return LIMITS

    @property
    def public_name(self) -> str | None:
        """The bot's user name, for links such as ``https://t.me/NAME?start=CODE``; None until Telegram told it."""
        return self._public_name

    def routes(self, on_incoming: OnIncoming) -> Sequence[web.RouteDef]:
        """The webhook; none when the bot polls, since without a secret anybody could speak for anybody."""
        if self._mode != "webhook" or not self._secret:
            return ()

        async def webhook(request: web.Request) -> web.Response:
            return await self._webhook(request, on_incoming)

        return (web.post(WEBHOOK_PATH, webhook),)

    async def start(self, on_incoming: OnIncoming, *, receive: bool, public_url: str) -> None:
        """Open the session. With ``receive`` also begin, in the background, to take updates.

        Returns at once: the rest of the program runs while Telegram is out of reach.
        """
        await self._request.initialize()
        if receive:
            receiving = self._set_webhook(public_url) if self._mode == "webhook" else self._poll(on_incoming)
            self._receiving = [
                asyncio.create_task(receiving, name="telegram: receive"),
                asyncio.create_task(self._introduce(), name="telegram: name and menu"),
            ]

    async def stop_receiving(self) -> None:
        """Take no more updates by polling; sending goes on."""
        tasks, self._receiving = self._receiving, []
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def stop(self) -> None:
        """Stop receiving, finish what runs in the background, close the connections."""
        await self.stop_receiving()
        if self._background:
            _, late = await asyncio.wait(self._background, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
        await self._request.shutdown()

    async def send(self, outgoing: Outgoing) -> str:
        """Hand one reply to Telegram; returns the id of its last message."""
        if not self._request.is_open:
            raise TryLater("the channel is not started, or stopping")
        try:
            message_id = await send_reply(self._bot, self._files, outgoing)
        except TelegramError as error:
            raise delivery_error(error) from error
        if outgoing.reply.commands_for:
            self._in_background(self._fit_commands(outgoing))
        return message_id

    async def fetch(self, file: IncomingFile, most: int) -> bytes:
        """The content of a document or photo; Telegram keeps it for later, too."""
        return await fetch_file(self._bot, self._request, file, most)

    async def _fit_commands(self, outgoing: Outgoing) -> None:
        reply = outgoing.reply
        role = None if reply.commands_for == EVERYONE else Role(reply.commands_for)
        try:
            await self.show_commands(outgoing.external_id, reply.language, role)
        except DeliveryError as error:  # a list that doesn't fit is no reason to send the reply again
            log.warning("commands menu not fitted to a person", reason=error.reason)

    async def show_commands(self, external_id: str, language: Language, role: Role | None) -> None:
        """The commands menu of one person, in the language they chose and with what their role may do.

        Raises what ``send`` raises.
        """
        commands = self._menu(language, role)
        try:
            await self._bot.set_my_commands(commands, scope=BotCommandScopeChat(int(external_id)))
        except TelegramError as error:
            raise delivery_error(error) from error

    async def _webhook(self, request: web.Request, on_incoming: OnIncoming) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=401)
        body = await _read_at_most(request, LARGEST_UPDATE)
        if body is None:
            return web.Response(status=413)
        try:
            raw = orjson.loads(body)
        except orjson.JSONDecodeError:
            return web.Response(status=400)
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            return web.Response(status=400)
        try:
            await self._take(raw, on_incoming)
        except Exception as error:  # noqa: BLE001 - any answer but 2xx makes Telegram repeat the update
            # No trace: a statement that failed quotes what the person wrote.
            log.error("update could not be stored", update_id=raw["update_id"], error=type(error).__name__)  # noqa: TRY400
            return web.Response(status=500)
        return web.Response()

    async def _take(self, raw: RawUpdate, on_incoming: OnIncoming) -> None:
        """Pass on what an update says. One that can't be read is put aside: repeating it would help nobody."""
        plain = incoming_from_raw(raw)
        if plain is not None:
            await on_incoming(plain)
            return
        try:
            update = Update.de_json(dict(raw), None)
            incoming = incoming_from(update)
        except Exception as error:  # noqa: BLE001 - PTB fails in any way on what is not as documented
            # No trace: it would quote what the person wrote.
            log.error("update could not be read", update_id=raw.get("update_id"), error=type(error).__name__)  # noqa: TRY400
            return
        if update.callback_query is not None:
            # At once and beside the turn: until then the button seems stuck to the person.
            self._in_background(self._answer_press(update.callback_query.id))
        if incoming is not None:
            await on_incoming(incoming)

    async def _answer_press(self, query_id: str) -> None:
        try:
            await self._bot.answer_callback_query(query_id)
        except TelegramError as error:  # answered before, or too old: the button has long stopped waiting
            log.debug("press not answered", error=error.message)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _set_webhook(self, public_url: str) -> None:
        # All of it every time: what is left out is removed (the secret) or kept as it was (the kinds).
        await until_done(
            "set the webhook",
            lambda: self._bot.set_webhook(
                f"{public_url}{WEBHOOK_PATH}",
                secret_token=self._secret.decode(),
                allowed_updates=WANTED,
                max_connections=MOST_WEBHOOK_CONNECTIONS,
            ),
            self._first_pause,
        )
        log.info("Telegram sends updates to the webhook")

    async def _poll(self, on_incoming: OnIncoming) -> None:
        await until_done("remove the webhook", self._bot.delete_webhook, self._first_pause)
        log.info("polling Telegram for updates")
        await keep_polling(self._bot, lambda raw: self._take(raw, on_incoming), self._first_pause)

    async def _introduce(self) -> None:
        user = await until_done("tell the bot's name", self._bot.get_me, self._first_pause)
        self._public_name = user.username
        # A list for one language hides the general list wholly, so each is complete.
        lists = {language.value: self._menu(language, None) for language in self._menus}
        lists[""] = self._menu(self._default_language, None)
        for code, commands in lists.items():
            await until_done("set the commands menu", partial(self._set_menu, code, commands), self._first_pause)

    async def _set_menu(self, language_code: str, commands: Sequence[BotCommand]) -> None:
        known = await self._bot.get_my_commands(language_code=language_code or None)
        if list(known) != list(commands):
            await self._bot.set_my_commands(commands, language_code=language_code or None)

    def _menu(self, language: Language, role: Role | None) -> list[BotCommand]:
        return [
            BotCommand(each.name, each.description)
            for each in self._menus[language]
            if each.role is None or (role is not None and role.includes(each.role))
        ]


async def _read_at_most(request: web.Request, most: int) -> bytes | None:
    """The body, or None when it is longer."""
    if (request.content_length or 0) > most:
        return None
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)
