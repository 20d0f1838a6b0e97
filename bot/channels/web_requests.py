"""What the chat page, or a script in its place, may ask for: request -> Incoming."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
from aiohttp import BodyPartReader, web

from bot.channels.web_uploads import Uploads
from bot.errors import FileTooLarge
from bot.i18n import Translator
from bot.messages import LARGEST_FILE, Incoming, IncomingFile, Kind

NAME = "web_chat"
LONGEST_TEXT = 200_000
LONGEST_SHOWN = 4000
LONGEST_NAME = 150
LONGEST_TYPE = 100
MESSAGE_ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)
# The page sends this by itself, so the person doesn't see it as their own words.
HIDDEN = "/start"


class BadRequest(Exception):
    """A request that can't be met; ``message`` is for the person, ``status`` for the page."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


async def read_message(
    request: web.Request, visitor: str, t: Translator, uploads: Uploads
) -> tuple[Incoming, int | None]:
    """The message of ``POST /chat/messages`` and, if the page said so, the number of the last line it has.

    A file lies among the uploads until the caller drops it.
    """
    if request.content_type == "multipart/form-data":
        return await _read_file(request, visitor, t, uploads), None
    try:
        body = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise BadRequest(400, t("The message could not be read. Please send it again."))
    after = body.get("after")
    return _read_body(body, request, visitor, t), after if isinstance(after, int) else None


def _read_body(body: dict[str, Any], request: web.Request, visitor: str, t: Translator) -> Incoming:
    text, press, label = body.get("text"), body.get("press"), body.get("label")
    what = text if press is None else press
    if not isinstance(what, str) or not what.strip():
        raise BadRequest(400, t("The message is empty. Please type something."))
    if len(what) > LONGEST_TEXT:
        raise BadRequest(413, t("The message is far too long. Please shorten it."))
    kind, shown = Kind.PRESS, label if isinstance(label, str) else ""
    if press is None:
        kind, shown = Kind.TEXT, "" if what.startswith(HIDDEN) else what
        if what.split(maxsplit=1)[0] == "/start":
            kind, what = Kind.START, what.strip().removeprefix("/start").strip()
    return Incoming(
        channel=NAME,
        message_id=_message_id(body.get("id"), visitor, t),
        sender=visitor,
        kind=kind,
        text=what,
        language_hint=language_hint(request),
        shown=shown[:LONGEST_SHOWN],
    )


async def _read_file(request: web.Request, visitor: str, t: Translator, uploads: Uploads) -> Incoming:
    message_id, file = "", None
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            if part.name == "id":
                message_id = (await part.read_chunk(200)).decode(errors="replace")
            elif part.name == "file" and file is None:
                reference, size = await uploads.take(part, LARGEST_FILE)
                name = Path(part.filename or "file").name[:LONGEST_NAME]
                file = IncomingFile(name, part.headers.get("Content-Type", "")[:LONGEST_TYPE], size, reference)
        if file is None:
            raise BadRequest(400, t("The message could not be read. Please send it again."))
        key = _message_id(message_id, visitor, t)
    except FileTooLarge:
        raise BadRequest(413, t("The file is larger than 10 MB. Please send a smaller one.")) from None
    except BaseException:
        await uploads.drop(file)
        raise
    return Incoming(
        channel=NAME,
        message_id=key,
        sender=visitor,
        kind=Kind.FILE,
        file=file,
        language_hint=language_hint(request),
        shown=file.name,
    )


def _message_id(given: object, visitor: str, t: Translator) -> str:
    if not isinstance(given, str) or not MESSAGE_ID.fullmatch(given):
        raise BadRequest(400, t("Every message needs an id of at most 100 letters and digits."))
    return f"{visitor}:{given}"


def language_hint(request: web.Request) -> str:
    """``en`` when the browser prefers English, ``vi`` when Vietnamese; "" leaves it to the setting."""
    asked: str = request.query.get("lang", "") or request.headers.get("Accept-Language", "")
    first = asked[:2].lower()
    return first if first in ("en", "vi") else ""


def number(value: str | None) -> int:
    """A line number from outside; anything else counts as 0, the beginning."""
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 10 else 0
