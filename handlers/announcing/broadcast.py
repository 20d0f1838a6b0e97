"""Announcements in the chat, for administrators only: the entry, the list, and who gets each press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Button, Reply, Role
from bot.services.announcing import broadcasts
from handlers.announcing import broadcast_compose, broadcast_draft, broadcast_progress
from handlers.announcing.broadcast_draft import Draft, button
from handlers.menu import MENU
from handlers.turn import Turn

LISTED = 10
OF_WRITING = {
    "continue", "drop", "back", "to", "offering", "offerings", "keep", "skip", "now", "at", "anyway", "morning",
    "edit", "audience", "test", "send", "confirm",
}  # fmt: skip
OF_ONE = {"show", "approve", "reject", "pause", "resume", "stop", "stopped", "text"}


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The command, every ``broadcast:…`` button, and what is typed while an announcement is written."""
    draft = broadcast_draft.read(turn.person.dialog)
    is_asked_for = turn.command == "broadcast" or turn.press[:1] == ("broadcast",)
    if not is_asked_for and (draft is None or draft.parked or turn.command or turn.press):
        return None
    if turn.person.role is not Role.ADMIN:
        if draft is not None:
            await turn.end()
        text = turn.t("Only administrators can send announcements.")
        return [turn.say(text, buttons=((Button(turn.t("Menu"), MENU),),))]
    if not is_asked_for and draft is not None:
        return await broadcast_compose.typed(turn, draft)
    verb, argument = (*turn.press[1:3], "", "")[:2]
    if verb in OF_WRITING:
        return await broadcast_compose.pressed(turn, draft, verb, argument)
    if verb in ("new", "anew"):
        return await broadcast_compose.begin(turn, draft, anew=verb == "anew")
    if draft is not None and not draft.parked:
        # Looking at something else: a number typed there is not the text of the announcement.
        draft = replace(draft, parked=True)
        await turn.begin(draft.as_dialog())
    if verb in OF_ONE:
        return await broadcast_progress.act(turn, verb, argument)
    if verb == "list":
        return [await _list(turn)]
    if verb == "help":
        return [_help(turn)]
    return [_menu(turn, draft)]


def _menu(turn: Turn, draft: Draft | None) -> Reply:
    t = turn.t
    rows = [
        (button(t("New announcement"), "new"),),
        (button(t("Running and earlier"), "list"),),
        (button(t("How announcements work"), "help"), Button(t("Menu"), MENU)),
    ]
    text = t("You can write to everyone who uses the assistant, or to a part of them.")
    if draft is not None:
        text += "\n\n" + t("You have an announcement that is not finished.")
        rows.insert(0, (button(t("Go on with it"), "continue"), button(t("Discard it"), "drop")))
    return turn.say(text, title=t("Announcements"), buttons=tuple(rows), instead=True)


async def _list(turn: Turn) -> Reply:
    t = turn.t
    found = await broadcasts.recent(turn.connection, limit=LISTED)
    back = (button(t("New announcement"), "new"), button(t("Announcements"), "menu"))
    if not found:
        text = t("There are no announcements yet. Choose «New announcement» to write the first one.")
        return turn.say(text, buttons=(back,), instead=True)
    rows = [
        (
            button(
                t(
                    "No. {number}, {date}: {status}",
                    number=each.id,
                    date=t.short_date(each.created_at.astimezone(t.zone).date()),
                    status=broadcast_progress.status_name(t, each.status),
                ),
                "show",
                each.id,
            ),
        )
        for each in found
    ]
    return turn.say(
        t("The latest announcements. Choose one to see how far it is, or to pause or cancel it."),
        title=t("Running and earlier"),
        buttons=(*rows, back),
        instead=True,
    )


def _help(turn: Turn) -> Reply:
    t = turn.t
    lines = [
        t("You choose who gets the announcement, type it in Vietnamese, English or both, and say when."),
        t("You then see a preview exactly as recipients get it, and can send a test to yourself."),
        t("Nothing goes out before you have confirmed and, if there are several administrators, another one approves."),
        t("Who gets it is fixed when the sending starts. In quiet hours it rests, unless you chose otherwise."),
        t("While it is being sent you can pause, resume or cancel it. At the end you get a report."),
    ]
    return turn.say(
        "\n\n".join(lines),
        title=t("How announcements work"),
        buttons=((button(t("Announcements"), "menu"),),),
        instead=True,
    )
