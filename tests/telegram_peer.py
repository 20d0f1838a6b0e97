"""A Telegram of our own on loopback: the Bot API as far as a bot in private chats needs it, and people to use it.

Every call is read into the aiogram method of its name (``telegram_schema``); what Telegram would
refuse as wrongly made is refused here, and remembered, so that ``check`` fails the test whatever the
bot does about it. Faults are ordered with ``fail``: 429, 5xx, connections cut before or after the
work, answers that come late.

As a process of its own, with what people do and the ledger as JSON over HTTP (``telegram_control``):
``python -m tests.telegram_peer --port N``.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from io import BytesIO
from typing import Any

from aiogram import methods
from aiogram.methods import TelegramMethod
from aiogram.types import BufferedInputFile, File
from aiohttp import web
from PIL import Image

from tests.telegram_people import BOT, SECONDS_TO_WAIT, Person, Shown
from tests.telegram_schema import WrongCall, plain, plain_text, read_call
from tests.telegram_updates import Conflict, Updates

TOKEN = "424242:test-token_of-the-peer"
# The name under which ``fail`` knows the download of a file, which is no method.
DOWNLOAD = "download"
LARGEST_DOWNLOAD = 20 * 1024 * 1024
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


class Refusal(Exception):
    """An answer with ``ok: false`` that any bot may meet."""

    def __init__(self, status: int, description: str, **parameters: object) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


class Fault(StrEnum):
    """What can go wrong with a call. The word in brackets is what ``fail`` needs besides."""

    TOO_MANY = "too_many"  # 429 (seconds)
    SERVER_ERROR = "server_error"  # (status)
    REFUSE = "refuse"  # (status, description)
    CUT_BEFORE = "cut_before"  # the connection breaks, nothing was done
    CUT_AFTER = "cut_after"  # the connection breaks, the work is done
    LATE = "late"  # the work is done, the answer comes after (seconds)


@dataclass
class PlannedFault:
    """The next ``times`` calls of a method, of one chat or of all, meet this."""

    fault: Fault
    method: str
    chat_id: int | None
    times: int
    seconds: float
    status: int
    description: str


@dataclass(frozen=True, slots=True)
class Call:
    """One line of the ledger. ``status`` is the answer's, 0 where there was none."""

    method: str
    fields: dict[str, Any]
    status: int
    at: float


class TelegramPeer:
    """The server. ``await start()``, then give ``url`` and ``token`` to the bot; ``await close()`` at the end."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.url = ""
        self.changed = asyncio.Condition()
        self.calls: list[Call] = []
        self.wrong_calls: list[str] = []
        self.updates = Updates(self.changed)
        self.menus: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.queries: dict[str, bool] = {}
        self.downloads: list[str] = []
        self._people: dict[int, Person] = {}
        self._messages: dict[int, dict[int, Shown]] = defaultdict(dict)
        self._files: dict[str, tuple[str, bytes]] = {}
        self._faults: list[PlannedFault] = []
        self._message_ids = itertools.count(101)
        self._query_ids = itertools.count(1)
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0, *routes: web.RouteDef) -> None:
        """Listen on loopback; port 0 takes any free one."""
        application = web.Application(client_max_size=60 * 1024 * 1024)
        application.add_routes(
            [
                web.route("*", "/bot{token}/{method}", self._answer),
                web.get("/file/bot{token}/{path:.+}", self._download),
                *routes,
            ]
        )
        self._runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, actual = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{actual}"

    async def close(self) -> None:
        """Stop listening and delivering."""
        await self.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def check(self) -> None:
        """Fail when the bot made a call that Telegram would refuse as wrong."""
        assert not self.wrong_calls, "calls that Telegram would refuse:\n" + "\n".join(self.wrong_calls)

    # People ----------------------------------------------------------------------------------------

    def person(
        self,
        person_id: int,
        name: str = "An",
        *,
        language: str = "vi",
        phone: str = "84912345678",
        has_started: bool = False,
    ) -> Person:
        """Somebody with this id, the same one each time. Before they write the bot can't write to them."""
        if person_id not in self._people:
            self._people[person_id] = Person(self, person_id, name, language, phone, has_started)
        return self._people[person_id]

    @property
    def people(self) -> list[Person]:
        """Everybody the test named so far."""
        return list(self._people.values())

    def sent(self, chat_id: int) -> list[Shown]:
        """Every message of the bot to a chat, oldest first, each as it is now."""
        return list(self._messages[chat_id].values())

    def calls_of(self, method: str, *, status: int | None = None) -> list[Call]:
        """The calls of one method, in order."""
        return [call for call in self.calls if call.method == method and status in (None, call.status)]

    def menu(self, language: str = "", chat_id: int | None = None) -> list[str]:
        """The names in a commands menu: of a language, or of one chat."""
        scope = json.dumps({"type": "chat", "chat_id": chat_id} if chat_id else {"type": "default"})
        return [command["command"] for command in self.menus.get((scope, language), [])]

    @property
    def unanswered_presses(self) -> int:
        """How many buttons still spin."""
        return sum(not answered for answered in self.queries.values())

    async def until_answered(self) -> None:
        """Wait until no button spins any more."""
        async with asyncio.timeout(SECONDS_TO_WAIT), self.changed:
            await self.changed.wait_for(lambda: self.unanswered_presses == 0)

    async def until_called(self, method: str, times: int = 1) -> Call:
        """Wait until a method was called so often; returns that call."""
        async with asyncio.timeout(SECONDS_TO_WAIT), self.changed:
            await self.changed.wait_for(lambda: len(self.calls_of(method)) >= times)
        return self.calls_of(method)[times - 1]

    def new_query(self) -> str:
        query_id = f"q{next(self._query_ids)}"
        self.queries[query_id] = False
        return query_id

    def next_message_id(self) -> int:
        return next(self._message_ids)

    def keep_file(self, name: str, content: bytes) -> str:
        file_id = f"file{len(self._files) + 1}"
        self._files[file_id] = (name, content)
        return file_id

    # Faults ----------------------------------------------------------------------------------------

    def fail(
        self,
        fault: Fault,
        method: str = "sendMessage",
        *,
        chat_id: int | None = None,
        times: int = 1,
        seconds: float = 1,
        status: int = 500,
        description: str = "",
    ) -> None:
        """Let the next calls of a method go wrong."""
        self._faults.append(PlannedFault(fault, method, chat_id, times, seconds, status, description))

    def stop_failing(self) -> None:
        """Whatever was planned and did not happen yet won't."""
        self._faults.clear()

    def _next_fault(self, method: str, fields: Mapping[str, Any]) -> PlannedFault | None:
        for planned in self._faults:
            same_chat = planned.chat_id is None or str(planned.chat_id) == str(fields.get("chat_id"))
            if planned.method.lower() == method.lower() and same_chat and planned.times > 0:
                planned.times -= 1
                return planned
        return None

    # The Bot API -----------------------------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        fields = await _fields(request)
        if request.match_info["token"] != self.token:
            return _answer_of(401, "Unauthorized")
        fault = self._next_fault(method, fields)
        status, answer = 0, web.Response()
        if fault is None or fault.fault in (Fault.CUT_AFTER, Fault.LATE):
            answer = await self._act(method, fields)
            status = answer.status
        if fault is not None:
            status, answer = await _with_fault(request, fault, answer)
        ledger_fields = {key: value for key, value in fields.items() if not isinstance(value, BufferedInputFile)}
        self.calls.append(Call(method, ledger_fields, status, time.time()))
        async with self.changed:
            self.changed.notify_all()
        if fault is not None and fault.fault is Fault.LATE:
            await asyncio.sleep(fault.seconds)
        return answer

    async def _act(self, method: str, fields: Mapping[str, Any]) -> web.Response:
        try:
            call = read_call(method, fields)
            result = await self._do(call)
        except WrongCall as wrong:
            self.wrong_calls.append(f"{method}: {wrong}")
            return _answer_of(400, f"Bad Request: {wrong}")
        except Refusal as refusal:
            return _answer_of(refusal.status, refusal.description, **refusal.parameters)
        return web.json_response({"ok": True, "result": result})

    async def _do(self, call: TelegramMethod[Any]) -> Any:  # noqa: C901, PLR0912 - one line for each method
        match call:
            case methods.GetMe():
                return plain(BOT)
            case methods.SendMessage() | methods.SendDocument() | methods.SendPhoto():
                return self._send(call)
            case methods.EditMessageText():
                return self._change(call)
            case methods.DeleteMessage():
                return self._delete(call)
            case methods.AnswerCallbackQuery():
                return self._answer_query(call)
            case methods.GetUpdates():
                return await self._poll(call)
            case methods.SetWebhook():
                await self.updates.set_webhook(call)
                return True
            case methods.DeleteWebhook():
                self.updates.webhook = None
                return True
            case methods.GetWebhookInfo():
                return self.updates.webhook_info()
            case methods.SetMyCommands():
                self.menus[_menu_key(call)] = [plain(command) for command in call.commands]
                return True
            case methods.GetMyCommands():
                return self.menus.get(_menu_key(call), [])
            case methods.GetFile():
                if call.file_id not in self._files:
                    raise Refusal(400, "Bad Request: wrong file_id")
                return self._file(call.file_id)
            case methods.SendChatAction():
                self._recipient(call.chat_id)
                return True
            case _:
                raise WrongCall("this peer does not know what Telegram would do")

    def _recipient(self, chat_id: object) -> Person:
        person = self._people.get(chat_id) if isinstance(chat_id, int) else None
        if person is None or not person.has_started:
            raise Refusal(400, "Bad Request: chat not found")
        if person.deactivated:
            raise Refusal(403, "Forbidden: user is deactivated")
        if person.blocks:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return person

    def _send(self, call: methods.SendMessage | methods.SendDocument | methods.SendPhoto) -> dict[str, Any]:
        person = self._recipient(call.chat_id)
        is_text = isinstance(call, methods.SendMessage)
        html = (call.text if isinstance(call, methods.SendMessage) else call.caption) or ""
        shown = Shown(
            message_id=self.next_message_id(),
            chat_id=person.id,
            text=plain_text(html, call.parse_mode),
            html=html,
            markup=plain(call.reply_markup) if call.reply_markup else None,
        )
        if not isinstance(call, methods.SendMessage):
            file = call.photo if isinstance(call, methods.SendPhoto) else call.document
            if isinstance(file, BufferedInputFile):
                shown.document = (file.filename or "", file.data)
            elif file in self._files:
                shown.document = self._files[file]
            else:
                raise Refusal(400, "Bad Request: wrong file identifier/HTTP URL specified")
            shown.is_photo = isinstance(call, methods.SendPhoto)
            if shown.is_photo and not _is_picture(shown.document[1]):
                raise Refusal(400, "Bad Request: IMAGE_PROCESS_FAILED")
        self._messages[person.id][shown.message_id] = shown
        markup = shown.markup or {}
        if "keyboard" in markup:
            person.keys = markup
        elif markup.get("remove_keyboard"):
            person.keys = None
        if not call.disable_notification:
            person.arrived.append(replace(shown))
        return _message(person, shown, is_text=is_text)

    def _change(self, call: methods.EditMessageText) -> dict[str, Any]:
        person = self._recipient(call.chat_id)
        shown = self._messages[person.id].get(call.message_id or 0)
        if shown is None or shown.deleted:
            raise Refusal(400, "Bad Request: message to edit not found")
        if shown.markup is not None and "inline_keyboard" not in shown.markup:
            raise Refusal(400, "Bad Request: message can't be edited")
        if shown.document is not None:
            raise Refusal(400, "Bad Request: there is no text in the message to edit")
        markup = plain(call.reply_markup) if call.reply_markup else None
        if (call.text, markup) == (shown.html, shown.markup):
            raise Refusal(400, f"Bad Request: {NOT_MODIFIED}")
        shown.html, shown.text = call.text or "", plain_text(call.text or "", call.parse_mode)
        shown.markup, shown.changes = markup, shown.changes + 1
        person.arrived.append(replace(shown))
        return _message(person, shown, is_text=True)

    def _delete(self, call: methods.DeleteMessage) -> bool:
        person = self._recipient(call.chat_id)
        shown = self._messages[person.id].get(call.message_id)
        if shown is None or shown.deleted:
            raise Refusal(400, "Bad Request: message to delete not found")
        shown.deleted = True
        return True

    def _answer_query(self, call: methods.AnswerCallbackQuery) -> bool:
        if self.queries.get(call.callback_query_id, True):
            raise Refusal(400, f"Bad Request: {TOO_OLD}")
        self.queries[call.callback_query_id] = True
        return True

    async def _poll(self, call: methods.GetUpdates) -> list[Any]:
        try:
            return await self.updates.poll(call)
        except Conflict as conflict:
            raise Refusal(409, f"Conflict: {conflict}") from conflict

    def _file(self, file_id: str) -> dict[str, Any]:
        size = len(self._files[file_id][1])
        if size > LARGEST_DOWNLOAD:
            raise Refusal(400, "Bad Request: file is too big")
        found = File(file_id=file_id, file_unique_id=file_id, file_size=size, file_path=f"documents/{file_id}")
        return dict(plain(found))

    async def _download(self, request: web.Request) -> web.Response:
        file_id = request.match_info["path"].removeprefix("documents/")
        if request.match_info["token"] != self.token or file_id not in self._files:
            raise web.HTTPNotFound
        self.downloads.append(file_id)
        answer = web.Response(body=self._files[file_id][1])
        fault = self._next_fault(DOWNLOAD, {})
        if fault is not None:
            _, answer = await _with_fault(request, fault, answer)
            if fault.fault is Fault.LATE:
                await asyncio.sleep(fault.seconds)
        return answer


async def _fields(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        fields = await request.json()
        return dict(fields)
    fields = dict(request.query)
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            fields[name] = BufferedInputFile(value.file.read(), filename=value.filename)
        else:
            fields[name] = value
    return fields


def _answer_of(status: int, description: str, **parameters: object) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=status)


async def _with_fault(request: web.Request, planned: PlannedFault, answer: web.Response) -> tuple[int, web.Response]:
    match planned.fault:
        case Fault.TOO_MANY:
            seconds = int(planned.seconds)
            return 429, _answer_of(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        case Fault.SERVER_ERROR:
            return planned.status, _answer_of(planned.status, "Internal Server Error")
        case Fault.REFUSE:
            return planned.status, _answer_of(planned.status, planned.description)
        case Fault.CUT_BEFORE | Fault.CUT_AFTER:
            if request.transport is not None:
                request.transport.abort()
            return 0, answer
        case Fault.LATE:
            return answer.status, answer


def _message(person: Person, shown: Shown, *, is_text: bool) -> dict[str, Any]:
    message: dict[str, Any] = {
        "message_id": shown.message_id,
        "from": plain(BOT),
        "chat": plain(person.chat),
        "date": int(time.time()),
        "text" if is_text else "caption": shown.text,
    }
    if shown.document is not None and shown.is_photo:
        name = shown.document[0]
        message["photo"] = [{"file_id": name, "file_unique_id": name, "width": 90, "height": 90}]
    elif shown.document is not None:
        name, content = shown.document
        message["document"] = {
            "file_id": name, "file_unique_id": name, "file_name": name, "file_size": len(content)
        }  # fmt: skip
    if shown.markup is not None and "inline_keyboard" in shown.markup:
        message["reply_markup"] = shown.markup
    return message


def _is_picture(content: bytes) -> bool:
    try:
        with Image.open(BytesIO(content)) as image:
            image.load()
            return sum(image.size) <= 10_000 and max(image.size) <= 20 * min(image.size)
    except OSError:
        return False


def _menu_key(call: methods.SetMyCommands | methods.GetMyCommands) -> tuple[str, str]:
    scope = plain(call.scope) if call.scope else {"type": "default"}
    return json.dumps(scope), call.language_code or ""


if __name__ == "__main__":
    from tests.telegram_control import main

    main()
