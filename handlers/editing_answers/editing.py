"""Making the answers better, for editors: who gets each press, and what is typed meanwhile.

The list of questions without an answer and a group's page are ``unanswered``; ``attach`` and ``answer_compose``
make a proposal of a group; ``proposals`` is where a second editor decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Button, Reply
from handlers.editing_answers import answer_compose, answer_draft, attach, proposals, unanswered
from handlers.menu import MENU, is_editor
from handlers.turn import Turn

SUBJECTS = ("unanswered", "attach", "answer", "proposal")
DIALOGS = (attach.DIALOG, answer_draft.DIALOG, proposals.DIALOG)


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """Every button of editors, and what is typed while they write something."""
    subject = turn.press[0] if turn.press[:1] and turn.press[0] in SUBJECTS else ""
    dialog = turn.person.dialog
    ours = dialog.kind if dialog is not None and dialog.kind in DIALOGS else ""
    draft = answer_draft.read(dialog)
    if not subject and (not ours or turn.command or turn.press or (draft is not None and draft.parked)):
        return None
    if not is_editor(turn.person):
        if ours:
            await turn.end()
        text = turn.t("Only editors can change the answers. Whoever has a staff code links it with /link.")
        return [turn.say(text, buttons=((Button(turn.t("Menu"), MENU),),))]
    if not subject:
        return await _typed(turn, ours)
    verb, argument = (*turn.press[1:3], "", "")[:2]
    if subject == "attach":
        return await attach.pressed(turn, verb, argument)
    if subject == "answer":
        return await answer_compose.pressed(turn, draft, verb, argument)
    if draft is not None:
        # Looking at something else: a number typed there is not meant for the answer.
        await turn.begin(replace(draft, parked=True).as_dialog())
    elif ours == proposals.DIALOG:
        await proposals.leave(turn)
    elif ours:
        await turn.end()
    if subject == "unanswered":
        return await unanswered.act(turn, draft, verb, argument)
    return await proposals.act(turn, verb, argument)


async def _typed(turn: Turn, ours: str) -> Sequence[Reply]:
    if ours == attach.DIALOG:
        return await attach.typed(turn)
    if ours == proposals.DIALOG:
        return await proposals.typed(turn)
    return await answer_compose.typed(turn)
