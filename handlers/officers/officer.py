"""Seeing an officer: who gets the command, each button, and what is typed on the way.

Asking is ``officer_ask``, the person's side of an open conversation ``officer_talk``, the officers'
side ``officer_desk`` and ``officer_answers``.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Kind, Reply
from bot.services.people.officers import is_officer
from handlers.officers import officer_answers, officer_ask, officer_desk, officer_talk
from handlers.officers import officer_dialog as dialog
from handlers.turn import Turn


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The command, every ``officer:…`` button, and what is typed while a question or answer is written."""
    said = dialog.read(turn)
    if turn.command == "officer":
        return await _called(turn, said)
    if turn.command == "cancel" and turn.person.dialog is None:
        return await officer_talk.ask_to_end(turn)
    if turn.press[:1] == ("officer",):
        return await _pressed(turn, said, *(*turn.press[1:4], "", "", "")[:3])
    if not said or turn.command or turn.press:
        return None
    if turn.incoming.kind is not Kind.TEXT:
        text = turn.t("Please type it as text; files can't be passed on yet.")
        return [turn.say(text, buttons=(dialog.drop(turn),))]
    match said["step"]:
        case "question":
            return [await officer_ask.typed(turn, said, turn.text)]
        case "answer":
            return await officer_answers.typed(turn, said)
        case "check":
            return [await officer_answers.checked(turn, said)]
    return [officer_ask.shown_once_more(turn, said)]


async def _called(turn: Turn, said: dict[str, object]) -> Sequence[Reply]:
    if turn.argument:
        return await officer_talk.add(turn, turn.argument) or [await officer_ask.typed(turn, said, turn.argument)]
    if is_officer(turn.person):
        return [await officer_desk.open_tickets(turn, said)]
    return await officer_talk.page(turn) or [await officer_ask.ask(turn, said)]


async def _pressed(turn: Turn, said: dict[str, object], verb: str, argument: str, more: str) -> Sequence[Reply]:
    match verb:
        case "send" if said.get("step") == "confirm" and turn.person.ticket_id is not None:
            replies = await _add_to_conversation(turn, said)
        case "ask" | "last" | "send" | "agency" | "agencies" | "confirm" | "change":
            # Somebody in a conversation says in it what they want to say; an old button shows it to them.
            replies = await officer_talk.page(turn) or await officer_ask.pressed(turn, said, verb, argument)
        case "mine":
            replies = await officer_talk.page(turn) or [await officer_ask.ask(turn, said)]
        case "end":
            replies = await officer_talk.ask_to_end(turn, argument)
        case "ended":
            replies = await officer_talk.end(turn, argument)
        case "drop" if said:
            replies = [await _drop(turn, said)]
        case _:
            replies = None
    if replies is not None:
        return replies
    if not is_officer(turn.person):
        return [no_longer_valid(turn)]
    if verb in ("answer", "rewrite", "reply"):
        return await officer_answers.pressed(turn, said, verb, argument)
    return await officer_desk.pressed(turn, said, verb, argument, more)


async def _add_to_conversation(turn: Turn, said: dict[str, object]) -> Sequence[Reply] | None:
    """Another question of somebody who is in a conversation goes there; if that has ended, it begins a new one."""
    replies = await officer_talk.add(turn, str(said["question"]))
    if replies is None:
        return await officer_ask.pressed(turn, said, "send", "")
    await dialog.leave(turn, said)
    return replies


async def _drop(turn: Turn, said: dict[str, object]) -> Reply:
    await dialog.leave(turn, said)
    text = turn.t("Discarded. Nothing was sent.")
    return turn.say(dialog.with_what_was_before(turn, said, text), buttons=dialog.menu(turn), instead=True)


def no_longer_valid(turn: Turn) -> Reply:
    """The answer to a button that leads nowhere any more."""
    text = turn.t("This button is no longer valid. You can ask an officer a new question at any time.")
    return turn.say(text, buttons=((Button(turn.t("Ask an officer"), "officer:ask"),), *dialog.menu(turn)))
