"""One's enterprises: their profile, who acts for them, and joining one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Reply
from bot.services.businesses import businesses
from handlers.businesses import business_pages, colleagues, fitting, joining, profile_edit
from handlers.commands import number
from handlers.turn import Turn

_DIALOGS = (joining.DIALOG, profile_edit.DIALOG, fitting.DIALOG)
# What is pressed in the middle of a question of ours, which then goes on.
_WITHIN = frozenset({"pick", "picked", "empty", "option", "keep", "done", "skip", "back"})
_ELSEWHERE = frozenset({"help", "unknown", "language", "cancel"})


async def step_aside(turn: Turn) -> Turn:
    """The turn as everybody should see it: whoever turns to something else has left our question, and loses nothing."""
    dialog = turn.person.dialog
    if dialog is None or dialog.kind not in _DIALOGS or turn.command in _ELSEWHERE or not (turn.command or turn.press):
        return turn
    if turn.press[:1] in (("language",), ("cancel",)):
        return turn
    if turn.press[:1] in (("biz",), ("fit",)) and _WITHIN.intersection(turn.press[1:2]):
        return turn
    await turn.end()
    return replace(turn, person=replace(turn.person, dialog=None))


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """Every ``biz:…`` button, and what is typed while one of its questions is open."""
    match turn.press:
        case ("biz", "list"):
            return [await business_pages.overview(turn)]
        case ("biz", "others"):
            return [await business_pages.others(turn)]
        case ("biz", "show", business_id):
            business = await businesses.mine(turn.connection, turn.person.contact_id, number(business_id))
            return [await business_pages.page(turn, business) if business else business_pages.not_yours(turn)]
    for subject in (joining.handle, colleagues.handle, profile_edit.handle):
        replies = await subject(turn)
        if replies is not None:
            return replies
    return None
