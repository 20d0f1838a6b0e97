"""Reply -> what Telegram shows: HTML text and a keyboard. The one place where text for Telegram is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from bot.channels.base import Limits, fit, utf16_length
from bot.messages import Attachment, Button, Reply

# Limits of the Bot API, counted after the markup is taken away, in UTF-16 units.
LIMITS = Limits(text=4096, buttons=100, in_flight=32)
LONGEST_CAPTION = 1024
MOST_BUTTONS_IN_A_ROW = 8


REMOVE_KEYBOARD: dict[str, Any] = {"remove_keyboard": True}


@dataclass(frozen=True, slots=True)
class Rendered:
    """One message: its text with and without markup, its keyboard as JSON values, its file.

    ``is_inline`` says that the message can be changed later, which Telegram allows only when what
    hangs on it is nothing or buttons of its own. ``end_ask_phone`` asks for the keyboard below the
    text field to be taken away, by a message before this one.
    """

    html: str
    plain: str
    keyboard: dict[str, Any] | None
    is_inline: bool
    attachment: Attachment | None
    end_ask_phone: bool

    @property
    def fits_caption(self) -> bool:
        """Whether the text can stand under its file."""
        return utf16_length(self.plain) <= LONGEST_CAPTION


@lru_cache(maxsize=64)
def render(reply: Reply) -> tuple[Rendered, ...]:
    """The messages that make up a reply, in order.

    Remembered for the last few replies, since a broadcast sends the same one many thousand times.
    """
    pieces = fit(_links_as_text(reply), LIMITS)
    return tuple(_render_one(piece, is_first=index == 0) for index, piece in enumerate(pieces))


def _render_one(piece: Reply, *, is_first: bool) -> Rendered:
    parts = []
    if piece.title:
        parts.append(f"<b>{_escaped(piece.title)}</b>")
    if piece.text:
        parts.append(_escaped(piece.text))
    if piece.footnote:
        parts.append(f"<i>{_escaped(piece.footnote)}</i>")
    end_ask_phone = is_first and piece.end_ask_phone and not piece.ask_phone
    keyboard = _below_the_text_field(piece) if piece.ask_phone else _under_the_message(piece.buttons)
    if end_ask_phone and keyboard is None:
        keyboard, end_ask_phone = REMOVE_KEYBOARD, False
    return Rendered(
        html="\n\n".join(parts),
        plain=_writable(piece.plain),
        keyboard=keyboard,
        is_inline=keyboard is None or "inline_keyboard" in keyboard,
        attachment=piece.attachment,
        end_ask_phone=end_ask_phone,
    )


def _escaped(text: str) -> str:
    return escape(_writable(text), quote=False)


def _writable(text: str) -> str:
    """The text without lone halves of surrogate pairs: with one in it the whole request would fail."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _under_the_message(rows: Sequence[Sequence[Button]]) -> dict[str, Any] | None:
    keyboard = [
        [
            {"text": _writable(button.label), "callback_data": button.press}
            if button.press
            else {"text": _writable(button.label), "url": button.url}
            for button in row[start : start + MOST_BUTTONS_IN_A_ROW]
        ]
        for row in rows
        for start in range(0, len(row), MOST_BUTTONS_IN_A_ROW)
    ]
    return {"inline_keyboard": keyboard} if keyboard else None


def _below_the_text_field(reply: Reply) -> dict[str, Any]:
    """Only this keyboard can share a phone number, and a message has one keyboard.

    So the other buttons become keys of it. A key sends its label as text, which counts as a press.
    """
    rows = [[{"text": _writable(button.label)} for button in row] for row in reply.buttons]
    return {
        "keyboard": [[{"text": _writable(reply.ask_phone), "request_contact": True}], *rows],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }


def _links_as_text(reply: Reply) -> Reply:
    """The reply with those links in its text that no button can hold here.

    Keys below the text field can't open links, and Telegram refuses a whole message for a button to this machine.
    """
    links = {
        button
        for row in reply.buttons
        for button in row
        if button.url and (reply.ask_phone or _is_only_here(button.url))
    }
    if not links:
        return reply
    lines = [f"{button.label}: {button.url}" for row in reply.buttons for button in row if button in links]
    rows = [tuple(button for button in row if button not in links) for row in reply.buttons]
    text = "\n".join(lines)
    return replace(reply, text=f"{reply.text}\n\n{text}", buttons=tuple(row for row in rows if row))


def _is_only_here(url: str) -> bool:
    """Whether a link leads to a machine without a public name: itself, or one of its own network."""
    host = urlsplit(url).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host
