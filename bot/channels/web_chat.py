"""The built-in chat in a web page. It needs no token, so it is also everybody's first run.

"Sending" here is making a line readable to the page. The page and the worker may be different
processes, so this is the one channel that reads and writes the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import orjson
from aiohttp import web
from sqlalchemy import bindparam, select

from bot.channels.base import Limits, OnIncoming
from bot.channels.web_markup import own_message, to_message
from bot.channels.web_requests import NAME, BadRequest, language_hint, number, read_message
from bot.channels.web_signals import Signals
from bot.channels.web_uploads import Uploads
from bot.channels.web_visitors import Throttle, Visitors
from bot.db.engine import Database
from bot.db.models.people import Address, Contact
from bot.db.web_messages import Line, add_line, announce, lines_after
from bot.i18n import Translators
from bot.messages import Incoming, IncomingFile, Kind, Language, Outgoing
from bot.packing import pack

PAGE = Path(__file__).parent / "web_page"
HEARTBEAT_SECONDS = 15
HISTORY_LINES = 200
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}",
}


_BY_VISITOR = (
    select(Address.id, Address.last_seq, Contact.language)
    .join(Contact, Contact.id == Address.contact_id)
    .where(Address.channel == NAME, Address.external_id == bindparam("visitor"))
)


@dataclass(frozen=True, slots=True)
class _Known:
    """The address of a visitor, and the number of the last line there."""

    id: int
    last_seq: int
    language: Language


@dataclass
class WebChat:
    """The channel ``web_chat``: the page, its HTTP interface, and the lines of its conversations."""

    database: Database
    signals: Signals
    visitors: Visitors
    translators: Translators
    default_language: Language
    clock: Callable[[], datetime]
    files: Path
    uploads: Uploads
    name: str = NAME
    limits: Limits = field(default_factory=lambda: Limits(text=1_000_000, buttons=1000, in_flight=4))
    throttle: Throttle = field(default_factory=Throttle)
    _stopping: bool = False

    async def start(self, on_incoming: OnIncoming, *, receive: bool, public_url: str) -> None:
        if receive:
            self.signals.start()

    async def stop_receiving(self) -> None:
        """Let the open pages go: they ask again, and find whoever serves then."""
        self._stopping = True
        await self.signals.stop()

    async def stop(self) -> None: ...

    @property
    def public_name(self) -> str | None:
        """None: people find the page by its address."""
        return None

    async def send(self, outgoing: Outgoing) -> str:
        """Append the line to the conversation, once per delivery however often it is tried."""
        async with self.database.transaction() as connection:
            seq = await add_line(
                connection,
                outgoing.address_id,
                pack(outgoing.reply),
                from_person=False,
                now=self.clock(),
                delivery_id=outgoing.delivery_id,
            )
            await announce(connection, outgoing.address_id)
        self.signals.wake(outgoing.address_id)
        return str(seq)

    async def fetch(self, file: IncomingFile, most: int) -> bytes:
        """What the page has just uploaded."""
        return await self.uploads.read(file.reference, most)

    def routes(self, on_incoming: OnIncoming) -> Sequence[web.RouteDef]:
        async def post_message(request: web.Request) -> web.StreamResponse:
            return await self._answering(request, self._receive(request, on_incoming))

        async def become_first_admin(request: web.Request) -> web.StreamResponse:
            return await self._open_with_code(request, on_incoming)

        return (
            web.get("/", self._page),
            web.get("/first-admin/{code}", become_first_admin),
            web.get("/widget.js", self._widget),
            web.get("/static/{name}", self._static),
            web.post("/chat/messages", post_message),
            web.get("/chat/messages", self._messages),
            web.get("/chat/history", self._history),
            web.get("/chat/events", self._events),
            web.get("/chat/files/{seq}", self._attachment),
        )

    async def _page(self, request: web.Request) -> web.StreamResponse:
        embedded = request.query.get("embed") == "1"
        response = await _file("index.html", ancestors="*" if embedded else "'none'")
        self.visitors.remember(response, self.visitors.known(request) or self.visitors.new())
        response.headers["Cache-Control"] = "no-store"
        return response

    async def _open_with_code(self, request: web.Request, on_incoming: OnIncoming) -> web.StreamResponse:
        """The link that the console prints while there is no administrator: opening it uses its code.

        Codes that are passed on to others go into ``/?start=CODE`` instead, which a link preview can't use up.
        """
        visitor = self.visitors.known(request) or self.visitors.new()
        code = request.match_info["code"]
        receipt = await on_incoming(
            Incoming(
                channel=NAME,
                message_id=f"{visitor}:first-admin:{code[:60]}",
                sender=visitor,
                kind=Kind.START,
                text=code[:64],
                language_hint=language_hint(request),
            )
        )
        await receipt.delivered()
        response = web.Response(status=303, headers={"Location": "/", "Cache-Control": "no-store"})
        self.visitors.remember(response, visitor)
        return response

    async def _widget(self, _request: web.Request) -> web.StreamResponse:
        response = await _file("widget.js")
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    async def _static(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in {path.name for path in PAGE.iterdir()} or name.endswith(".html"):
            raise web.HTTPNotFound
        response = await _file(name)
        response.headers["Cache-Control"] = "no-cache"
        return response

    async def _answering(self, request: web.Request, answer: Any) -> web.StreamResponse:
        try:
            response: web.StreamResponse = await answer
        except BadRequest as problem:
            return _json({"error": problem.message}, status=problem.status)
        return response

    async def _receive(self, request: web.Request, on_incoming: OnIncoming) -> web.StreamResponse:
        visitor = self.visitors.known(request) or self.visitors.new()
        address = await self._address(visitor)
        t = self.translators.for_language(self._language(request, address))
        self._refuse_other_sites(request, t("This request came from another web site."))
        if not self.throttle.allows(visitor):
            raise BadRequest(429, t("You are writing very fast. Please wait a few seconds and try again."))
        incoming, after = await read_message(request, visitor, t, self.uploads)
        before = address.last_seq if address else 0
        if incoming.kind is Kind.PRESS and address and not incoming.shown:
            incoming = await self._with_label(incoming, address.id)
        try:
            receipt = await on_incoming(incoming)
        finally:
            await self.uploads.drop(incoming.file)
        await receipt.delivered()
        address = address or await self._address(visitor)
        messages: list[dict[str, Any]] = []
        cursor = before
        if address is not None:
            self.signals.wake(address.id)
            lines = await self._lines(address.id, before if after is None else after)
            if not lines:  # a repeat, since an answer got lost on its way: answer as the first time
                lines = await self._answers_to(incoming.message_id, address.id)
            messages = [to_message(line) for line in lines if not line.from_person]
            cursor = lines[-1].seq if lines else before
        response = _json({"messages": messages, "cursor": cursor})
        self.visitors.remember(response, visitor)
        return response

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        after = number(request.query.get("after"))
        address = await self._address(self.visitors.known(request))
        if address is None:
            return _json({"messages": [], "cursor": 0})
        lines = await self._lines(address.id, after)
        return _json(
            {
                "messages": [to_message(line) for line in lines if not line.from_person],
                "cursor": lines[-1].seq if lines else max(after, 0),
            }
        )

    async def _history(self, request: web.Request) -> web.StreamResponse:
        address = await self._address(self.visitors.known(request))
        lines = await self._lines(address.id, 0, latest=True) if address else []
        messages = []
        for line in lines:
            shown = own_message(line) if line.from_person else to_message(line)
            messages.append(shown | {"from": "person" if line.from_person else "bot", "at": line.at.isoformat()})
        language = self._language(request, address)
        return _json(
            {
                "messages": messages,
                "cursor": lines[-1].seq if lines else 0,
                "language": language.value,
                "greeted": bool(lines),
            }
        )

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        """A file that came with one of the visitor's own messages; anybody else's doesn't exist for them."""
        address = await self._address(self.visitors.known(request))
        seq = number(request.match_info["seq"])
        lines = await self._lines(address.id, seq - 1) if address and seq else []
        if not lines or lines[0].seq != seq or "attachment" not in lines[0].content:
            raise web.HTTPNotFound
        file = lines[0].content["attachment"]
        path = (self.files / file["path"]).resolve()
        if not path.is_relative_to(self.files.resolve()) or not path.is_file():
            raise web.HTTPNotFound
        disposition = f"attachment; filename*=UTF-8''{quote(file['name'])}"
        return web.FileResponse(
            path,
            headers={
                "Content-Type": file["media_type"],
                "Content-Disposition": disposition,
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "private, no-store",
            },
        )

    async def _events(self, request: web.Request) -> web.StreamResponse:
        visitor = self.visitors.known(request)
        if not visitor:
            raise web.HTTPForbidden(text="no visitor")
        after = number(request.headers.get("Last-Event-ID") or request.query.get("after"))
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream; charset=utf-8",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",
            }
        )
        await response.prepare(request)
        await response.write(b"retry: 2000\n\n")
        with suppress(ConnectionError, asyncio.CancelledError):
            while not self._stopping:
                address = await self._address(visitor)
                if address is not None:
                    for line in await self._lines(address.id, after):
                        after = line.seq
                        if not line.from_person:
                            data = orjson.dumps(to_message(line))
                            await response.write(b"event: message\nid: %d\ndata: %s\n\n" % (line.seq, data))
                # Somebody without an address has not written yet: the first POST makes one.
                await self.signals.wait(address.id if address else 0, HEARTBEAT_SECONDS if address else 2)
                await response.write(b": still here\n\n")
        return response

    async def _with_label(self, incoming: Incoming, address_id: int) -> Incoming:
        for line in reversed(await self._lines(address_id, 0, latest=True)):
            for row in line.content.get("buttons", ()):
                for button in row:
                    if button.get("press") == incoming.text:
                        return replace(incoming, shown=button["label"])
        return incoming

    async def _answers_to(self, message_id: str, address_id: int) -> list[Line]:
        lines = await self._lines(address_id, 0, latest=True)
        asked = next((i for i, line in enumerate(lines) if line.content.get("id") == message_id), len(lines))
        answers = takewhile(lambda line: not line.from_person, lines[asked + 1 :])
        return list(answers)

    async def _lines(self, address_id: int, after: int, *, latest: bool = False) -> list[Line]:
        async with self.database.glance() as connection:
            return await lines_after(connection, address_id, after, limit=HISTORY_LINES, latest=latest)

    async def _address(self, visitor: str) -> _Known | None:
        """A visitor who has written before."""
        if not visitor:
            return None
        async with self.database.glance() as connection:
            row = (await connection.execute(_BY_VISITOR, {"visitor": visitor})).one_or_none()
        return _Known(row[0], row[1], Language(row[2])) if row else None

    def _language(self, request: web.Request, address: _Known | None) -> Language:
        if address is not None:
            return address.language
        hint = language_hint(request)
        if not hint:
            return self.default_language
        return Language.EN if hint == "en" else Language.VI

    def _refuse_other_sites(self, request: web.Request, message: str) -> None:
        origin = request.headers.get("Origin")
        if origin and origin != "null" and urlsplit(origin).netloc != request.host:
            raise BadRequest(403, message)


def _json(value: Any, *, status: int = 200) -> web.Response:
    return web.Response(
        body=orjson.dumps(value),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"},
    )


async def _file(name: str, *, ancestors: str = "'none'") -> web.StreamResponse:
    response = web.FileResponse(PAGE / name)
    for header, value in SECURITY_HEADERS.items():
        response.headers[header] = value.replace("{ancestors}", ancestors)
    return response
