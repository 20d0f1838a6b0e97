"""What goes with the words that a seat is confirmed."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Reply
from bot.services.applications.filed_applications import Filed
from bot.services.applications.statuses import Status
from bot.services.offerings import event_texts
from bot.services.offerings.offerings import Kind
from handlers.turn import Turn


def with_pass(turn: Turn, filed: Filed, reply: Reply) -> Reply:
    """The reply with the QR picture and a button for the calendar, if a seat at an event is confirmed."""
    if filed.status is not Status.CONFIRMED or filed.kind is not Kind.EVENT:
        return reply
    row = (event_texts.to_calendar(filed.id, turn.t),)
    return replace(reply, attachment=turn.passes.picture(filed.code), buttons=(row, *reply.buttons))
