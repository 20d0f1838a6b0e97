"""A reply as the web page shows it: the one place where text becomes HTML, and everything is escaped."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from bot.db.web_messages import Line

# Only addresses that begin like this become links; the last character is no punctuation of the sentence.
_LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]")


def to_html(title: str, text: str, footnote: str) -> str:
    """Paragraphs; lines beginning with ``- ``, or counted from ``1. ``, as lists; web addresses as links."""
    parts = [f"<p><b>{_inline(title)}</b></p>"] if title else []
    for block in _blocks(text):
        parts.extend(_block(block))
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
        "rows": [len(row) for row in packed.get("buttons", ())],
        "attachment": attachment
        and {"name": attachment["name"], "type": attachment["media_type"], "url": f"/chat/files/{line.seq}"},
        "language": packed["language"],
    }


def own_message(line: Line) -> dict[str, Any]:
    """One of the person's lines in the same form. A file of theirs is named, but not served back."""
    words = line.content["text"]
    return {"id": line.seq, "text": words, "html": "", "buttons": [], "attachment": line.content.get("file")}


def _blocks(text: str) -> list[list[str]]:
    """The text cut at empty lines, except between the items of a counted list."""
    blocks: list[list[str]] = []
    for block in re.split(r"\n{2,}", text.strip()):
        lines = block.split("\n")
        counted = _count(blocks[-1]) if blocks else 0
        if counted and lines[0].startswith(f"{counted + 1}. "):
            blocks[-1] += lines
        else:
            blocks.append(lines)
    return blocks


def _count(lines: list[str]) -> int:
    """How many items the counted list has that ends these lines."""
    count = 0
    for line in lines:
        if line.startswith(f"{count + 1}. "):
            count += 1
        elif line.startswith("- "):
            count = 0
    return count


def _block(lines: list[str]) -> list[str]:
    parts: list[str] = []
    while lines:
        if lines[0].startswith("1. "):
            items, lines = _counted(lines)
            parts.append("<ol>" + "".join(f"<li>{_lines(item)}</li>" for item in items) + "</ol>")
            continue
        is_item = lines[0].startswith("- ")
        count = next((i for i, line in enumerate(lines) if i and _begins(line) != _begins(lines[0])), len(lines))
        run, lines = lines[:count], lines[count:]
        if is_item:
            parts.append("<ul>" + "".join(f"<li>{_inline(line[2:])}</li>" for line in run) + "</ul>")
        else:
            parts.append(f"<p>{_lines(run)}</p>")
    return parts


def _begins(line: str) -> str:
    """What a line begins that is no plain text: "-" an item, "1" a counted list."""
    return line[0] if line.startswith(("- ", "1. ")) else ""


def _counted(lines: list[str]) -> tuple[list[list[str]], list[str]]:
    """The items of a list that begins with ``1. ``, each with the lines that go with it, and what follows."""
    items: list[list[str]] = []
    for place, line in enumerate(lines):
        number = f"{len(items) + 1}. "
        if line.startswith(number):
            items.append([line.removeprefix(number)])
        elif line.startswith("- "):
            return items, lines[place:]
        else:
            items[-1].append(line)
    return items, []


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
