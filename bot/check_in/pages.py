"""The check-in page for phones at the doors of an event: its routes, its files and the headers they go out with.

A link from the chat puts its signed token into a cookie and leaves no trace in the address. The page itself is the
same for everybody and holds no data; a service worker keeps it, so that it opens without a network.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from html import escape
from pathlib import Path

from aiohttp import web

from bot.check_in import access, api
from bot.check_in.access import AtTheDoor, Denied
from bot.db.engine import Database
from bot.i18n import Translators
from bot.messages import Language
from bot.services.check_in.doors import Doors
from bot.services.passes.passes import Passes

PAGE = Path(__file__).parent / "page"
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
}
LARGEST_BODY = 256 * 1024
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
}
NO_STORE = {"Cache-Control": "no-store"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The page and its HTTP interface. ``secure`` where people come by https; ``clock`` gives aware UTC times."""

    database: Database
    doors: Doors
    passes: Passes
    translators: Translators
    default_language: Language
    clock: Callable[[], datetime]
    secure: bool

    def routes(self) -> Sequence[web.RouteDef]:
        """What to add to the server. Reads the page's files once."""
        files = _files()

        async def page(_request: web.Request) -> web.StreamResponse:
            return _file(files["index.html"], "index.html")

        async def static(request: web.Request) -> web.StreamResponse:
            name = request.match_info["name"]
            if name not in files or name == "index.html":
                raise web.HTTPNotFound
            return _file(files[name], name)

        return (
            web.get("/check-in/", page),
            web.get("/check-in/worker.js", _worker(files)),
            web.get("/check-in/static/{name:[\\w./-]+}", static),
            web.get("/check-in/api/state", self._answering(self._state)),
            web.post("/check-in/api/scans", self._answering(self._scans)),
            web.get("/check-in/{token}", self._open),
        )

    async def _open(self, request: web.Request) -> web.StreamResponse:
        """The link of the chat. Opening it changes nothing, so a preview of it does no harm."""
        token, now = request.match_info["token"], self.clock()
        try:
            async with self.database.reading() as connection:
                door = await access.admitted(
                    connection, token, self.doors, now, self.translators, self._language(request)
                )
        except Denied as denied:
            return _sentence(denied)
        response = web.Response(status=303, headers={**HEADERS, **NO_STORE, "Location": "/check-in/"})
        access.remember(response, token, door.until, now, secure=self.secure)
        return response

    async def _state(self, request: web.Request) -> web.StreamResponse:
        now = self.clock()
        async with self.database.reading() as connection:
            door = await access.admitted(
                connection,
                request.cookies.get(access.COOKIE, ""),
                self.doors,
                now,
                self.translators,
                self._language(request),
            )
            asked_for = request.query.get("event", "")
            # A page that shows another event, since its link was opened in another tab, gets this one whole.
            after = request.query.get("after", "") if asked_for == str(door.offering.id) else ""
            return _json(await api.state(connection, door, after, self.translators, now))

    async def _scans(self, request: web.Request) -> web.StreamResponse:
        now, hint = self.clock(), self._language(request)
        t = self.translators.for_language(hint)
        if (request.content_length or 0) > LARGEST_BODY:
            raise Denied(413, "unreadable", t("The request could not be read. Please load the page again."))
        try:
            body = api.body_of(await request.read())
            async with self.database.transaction() as connection:
                token = request.cookies.get(access.COOKIE, "")
                door = await access.admitted(connection, token, self.doors, now, self.translators, hint)
                self._same_event(door, body)
                return _json(await api.take(connection, door, body, self.passes, now))
        except api.Unreadable:
            raise Denied(400, "unreadable", t("The request could not be read. Please load the page again.")) from None

    def _same_event(self, door: AtTheDoor, body: Mapping[str, object]) -> None:
        if body.get("event") != door.offering.id:
            t = self.translators.for_language(door.language)
            text = t("This phone is now at another event. Please open the link of this event again.")
            raise Denied(409, "another-event", text)

    def _answering(self, handler: Handler) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                access.refuse_other_sites(request, self.translators.for_language(self._language(request)))
                return await handler(request)
            except Denied as denied:
                return _json({"error": denied.message, "reason": denied.reason}, status=denied.status)

        return answer

    def _language(self, request: web.Request) -> Language:
        """The browser's, for somebody of whom we know no other."""
        asked = request.headers.get("Accept-Language", "")[:2].lower()
        return Language(asked) if asked in ("en", "vi") else self.default_language


def _files() -> dict[str, bytes]:
    return {
        path.relative_to(PAGE).as_posix(): path.read_bytes()
        for path in sorted(PAGE.rglob("*"))
        if path.suffix in TYPES and path.name != "worker.js"
    }


def _worker(files: Mapping[str, bytes]) -> Handler:
    """The service worker, which changes whenever one of the files does that it keeps."""
    version = sha256(b"\0".join([*files.values()])).hexdigest()[:12]
    kept = [f"/check-in/static/{name}" for name in files if name != "index.html" and not name.endswith(".txt")]
    script = (PAGE / "worker.js").read_text(encoding="utf-8")
    script = script.replace("{version}", version).replace('"{kept}"', ", ".join(f'"{each}"' for each in kept))

    async def worker(_request: web.Request) -> web.StreamResponse:
        return _file(script.encode(), "worker.js")

    return worker


def _file(content: bytes, name: str) -> web.Response:
    return web.Response(
        body=content,
        content_type=TYPES[Path(name).suffix],
        charset="utf-8",
        headers={**HEADERS, "Cache-Control": "no-cache"},
    )


def _json(value: Mapping[str, object], *, status: int = 200) -> web.Response:
    return web.Response(
        body=api.packed(value),
        status=status,
        content_type="application/json",
        headers={**HEADERS, **NO_STORE},
    )


def _sentence(denied: Denied) -> web.Response:
    return web.Response(
        text=(
            '<!doctype html><html><head><meta charset="utf-8"><title>Nhịp Cầu</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<link rel="icon" href="/check-in/static/icon.svg">'
            '<link rel="stylesheet" href="/check-in/static/check_in.css"></head>'
            f'<body><main class="sentence"><p>{escape(denied.message)}</p></main></body></html>'
        ),
        status=denied.status,
        content_type="text/html",
        charset="utf-8",
        headers={**HEADERS, **NO_STORE},
    )
