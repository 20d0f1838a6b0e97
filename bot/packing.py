"""A reply as JSON values, as the outbox and the web page's history keep it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.messages import Attachment, Button, Language, Reply


def pack(reply: Reply) -> dict[str, Any]:
    """A reply as JSON values, without what is empty."""
    packed: dict[str, Any] = {"text": reply.text, "language": reply.language.value}
    if reply.title:
        packed["title"] = reply.title
    if reply.footnote:
        packed["footnote"] = reply.footnote
    if reply.buttons:
        packed["buttons"] = [
            [{"label": b.label, "press": b.press} if b.press else {"label": b.label, "url": b.url} for b in row]
            for row in reply.buttons
        ]
    if reply.attachment:
        file = reply.attachment
        packed["attachment"] = {"name": file.name, "media_type": file.media_type, "path": file.path}
    if reply.ask_phone:
        packed["ask_phone"] = reply.ask_phone
    if reply.end_ask_phone:
        packed["end_ask_phone"] = True
    if reply.commands_for:
        packed["commands_for"] = reply.commands_for
    return packed


def unpack(packed: Mapping[str, Any]) -> Reply:
    """The reply that was packed."""
    return Reply(
        text=packed["text"],
        language=Language(packed["language"]),
        title=packed.get("title", ""),
        footnote=packed.get("footnote", ""),
        buttons=tuple(tuple(Button(**button) for button in row) for row in packed.get("buttons", ())),
        attachment=Attachment(**packed["attachment"]) if "attachment" in packed else None,
        ask_phone=packed.get("ask_phone", ""),
        end_ask_phone=packed.get("end_ask_phone", False),
        commands_for=packed.get("commands_for", ""),
    )
