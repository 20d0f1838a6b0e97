"""The smallest conversation with a file in it, in the place of everything else that the bot can talk about."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Dialog, Kind, Reply
from bot.services.files import file_texts, files
from handlers import router
from handlers.turn import Turn

DRAFT = "draft1"


async def asks_for_a_file(turn: Turn) -> Sequence[Reply]:
    """``begin`` asks for a file, ``/cancel`` leaves; a file sent with the word ``fail`` breaks the turn."""
    if turn.command == "cancel":
        await turn.end()
        return [turn.say("left")]
    if turn.text == "begin":
        await turn.begin(Dialog("trying", {}))
        return [turn.say("your file?")]
    file = turn.incoming.file
    if turn.person.dialog is None or turn.incoming.kind is not Kind.FILE or file is None:
        return await router.replies_to(turn)
    if not file.path:
        return [turn.say(file_texts.problem(turn.t, file))]
    if turn.incoming.text == "fail":
        raise RuntimeError("the handler broke")
    number = await files.keep(turn.connection, turn.person, file, draft_id=DRAFT, field="plan", now=turn.now)
    return [turn.say(f"kept {number}: {file.name}, {file_texts.size(turn.t, file.size)}, {file.media_type}")]
