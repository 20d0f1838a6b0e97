"""A reply as the web page shows it: the one place where text becomes HTML, and everything is escaped."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from bot.db.web_messages import Line

# Only addresses that begin like this become links; the last character is no punctuation of the sentence.
_LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]")


def to_html(title: str, text: str, footnote: str) -> str:
    """Paragraphs, lines beginning with ``- `` as lists, web addresses as links."""
    parts = [f"<p><b>{_inline(title)}</b></p>"] if title else []
    for block in re.split(r"\n{2,}", text.strip()):
        parts.extend(_block(block.split("\n")))
    if footnote:
        parts.append(f"<p><i>{_lines(footnote.split(chr(10)))}</i></p>")
    return "".join(parts)


def to_message(line: Line) -> dict[str, Any]:
    """One of the bot's lines in the form of ``GET /chat/messages``."""
    packed = line.content
    title, text, footnote = packed.get("title", ""), packed["text"], packed.get("footnote", "")
    attachment = packed.get("attachment")
    return {
        "id": line.seq,
        "at": line.at.isoformat(),
        "text": "\n\n".join(part for part in (title, text, footnote) if part),
        "html": to_html(title, text, footnote),
        "buttons": [button for row in packed.get("buttons", ()) for button in row],
        "attachment": attachment
        and {"name": attachment["name"], "type": attachment["media_type"], "url": f"/chat/files/{line.seq}"},
        "language": packed["language"],
    }


def _block(lines: list[str]) -> list[str]:
    parts: list[str] = []
    while lines:
        is_item = lines[0].startswith("- ")
        count = next((i for i, line in enumerate(lines) if line.startswith("- ") != is_item), len(lines))
        run, lines = lines[:count], lines[count:]
        if is_item:
            parts.append("<ul>" + "".join(f"<li>{_inline(line[2:])}</li>" for line in run) + "</ul>")
        else:
            parts.append(f"<p>{_lines(run)}</p>")
    return parts


def _lines(lines: list[str]) -> str:
    return "<br>".join(_inline(line) for line in lines)


def _inline(text: str) -> str:
    parts: list[str] = []
    end = 0
    for link in _LINK.finditer(text):
        address = escape(link[0])
        parts.append(escape(text[end : link.start()]) + f'<a href="{address}">{address}</a>')
        end = link.end()
    return "".join(parts) + escape(text[end:])
