"""What a channel is: two translations, vendor payload -> Incoming and Reply -> vendor call. No decisions."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from aiohttp import web

from bot.messages import Button, Incoming, IncomingFile, Outgoing, Reply

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message of a channel may hold. ``text`` counts UTF-16 units, as vendors do."""

    text: int
    buttons: int
    in_flight: int


class Receipt(Protocol):
    """The answer to an incoming message that was committed."""

    async def delivered(self) -> None:
        """Wait until this process has handed the replies of that message to their channel."""


OnIncoming = Callable[[Incoming], Awaitable[Receipt]]


class Sender(Protocol):
    """What delivery needs of a channel."""

    @property
    def limits(self) -> Limits: ...

    async def send(self, outgoing: Outgoing) -> str:
        """Hand one reply to the vendor; returns the vendor's message id.

        Raises TryLater, MessageRefused, RecipientGone or ChannelClosed (``bot.errors``).
        """


class Channel(Sender, Protocol):
    """One way to reach people."""

    @property
    def name(self) -> str:
        """The word stored with every address, such as ``telegram``."""

    def routes(self, on_incoming: OnIncoming) -> Sequence[web.RouteDef]:
        """HTTP routes of the vendor's webhook, or of the channel's own page."""

    async def start(self, on_incoming: OnIncoming, *, receive: bool, public_url: str) -> None:
        """Open connections. With ``receive``, also begin to take messages (webhook set, or polling)."""

    async def stop_receiving(self) -> None:
        """Take no more messages; sending goes on until ``stop``."""

    async def stop(self) -> None: ...

    async def fetch(self, file: IncomingFile, most: int) -> bytes:
        """The content of a file that came through this channel, of at most ``most`` bytes.

        Raises FileTooLarge or FileNotFetched (``bot.errors``).
        """

    @property
    def public_name(self) -> str | None:
        """Under which name people find the bot there, once that is known."""


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, which is how Telegram and browsers count."""
    return len(text) + sum(character > "\uffff" for character in text)


def split_text(text: str, limit: int) -> list[str]:
    """Cut a text into pieces of at most ``limit`` UTF-16 units, at paragraph, line or word ends where possible."""
    pieces: list[str] = []
    rest = text
    while utf16_length(rest) > limit:
        window = _longest_prefix(rest, limit)
        cut = max(window.rfind("\n\n"), 0) or max(window.rfind("\n"), 0) or max(window.rfind(" "), 0)
        if cut < len(window) // 3:  # a far too short piece reads worse than a cut word
            cut = len(window)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    pieces.append(rest)
    return [piece for piece in pieces if piece] or [""]


def fit(reply: Reply, limits: Limits) -> list[Reply]:
    """The reply as messages the channel accepts: long text split, surplus buttons turned into numbered lines.

    Buttons, attachment and footnote go with the last piece, the title with the first.
    """
    flat = [button for row in reply.buttons for button in row]
    if len(flat) > limits.buttons:
        log.warning("reply has %d buttons, the channel takes %d: shown as numbers", len(flat), limits.buttons)
        reply = replace(reply, text=f"{reply.text}\n\n{numbered(flat)}", buttons=())
    room = limits.text - utf16_length(reply.title) - utf16_length(reply.footnote) - 8
    pieces = split_text(reply.text, max(room, 200))
    last = len(pieces) - 1
    return [
        replace(
            reply,
            text=piece,
            title=reply.title if index == 0 else "",
            footnote=reply.footnote if index == last else "",
            buttons=reply.buttons if index == last else (),
            attachment=reply.attachment if index == last else None,
            ask_phone=reply.ask_phone if index == last else "",
        )
        for index, piece in enumerate(pieces)
    ]


def numbered(buttons: Sequence[Button]) -> str:
    """Buttons as lines ``1. …`` that a person answers with the number."""
    return "\n".join(
        f"{number}. {button.label}" + (f": {button.url}" if button.url else "")
        for number, button in enumerate(buttons, start=1)
    )


def _longest_prefix(text: str, limit: int) -> str:
    units = 0
    for index, character in enumerate(text):
        units += 2 if character > "\uffff" else 1
        if units > limit:
            return text[:index]
    return text
