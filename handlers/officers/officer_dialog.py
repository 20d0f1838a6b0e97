"""What is remembered while somebody writes to an officer, or an officer writes an answer.

What the person was in the middle of before is kept aside and given back at the end.
"""

from __future__ import annotations

from bot.i18n import Translator
from bot.messages import Button, Dialog
from bot.services.announcing import broadcasts
from bot.services.tickets import ticket_notices, tickets
from bot.services.tickets.ticket_notices import Office
from handlers.menu import MENU
from handlers.turn import Turn

KIND = "officer"
# In these steps a typed number is a button, not a text.
CHOOSING = ("confirm", "agency", "check")


def read(turn: Turn) -> dict[str, object]:
    """What was said so far; empty unless the person is writing a question or an answer."""
    dialog = turn.person.dialog
    return dict(dialog.data) if dialog is not None and dialog.kind == KIND and "step" in dialog.data else {}


async def go(turn: Turn, said: dict[str, object], *, step: str, **more: object) -> None:
    """Remember one more thing. What the person was in the middle of before is kept aside with it."""
    before = turn.person.dialog
    if not said and before is not None and before.kind != KIND:
        more["before"] = {"kind": before.kind, "data": before.data}
    await turn.begin(Dialog(KIND, {**said, **more, "step": step, "choosing": step in CHOOSING}))


async def leave(turn: Turn, said: dict[str, object]) -> None:
    """Forget it; what the person was in the middle of before is theirs again."""
    before = said.get("before")
    if isinstance(before, dict):
        await turn.begin(Dialog(before["kind"], before["data"]))
    else:
        await turn.end()


def with_what_was_before(turn: Turn, said: dict[str, object], text: str) -> str:
    """``text``, and that the person can go on with what was kept aside, if anything was."""
    if "before" not in said:
        return text
    return text + "\n\n" + turn.t("You can now go on with what you were doing before.")


def drop(turn: Turn) -> tuple[Button, ...]:
    """The way out, as buttons of one row."""
    return (Button(turn.t("Cancel"), "officer:drop"),)


def menu(turn: Turn) -> tuple[tuple[Button, ...], ...]:
    """The way to the menu, as rows."""
    return ((Button(turn.t("Menu"), MENU),),)


def while_open(t: Translator) -> str:
    """What a person has to know while a conversation is open."""
    return t(
        "Until the conversation ends, the assistant is silent: what you type goes to the officers. "
        "Commands such as /menu work as always; /officer shows the conversation and ends it."
    )


async def office(turn: Turn) -> Office:
    """What it takes to work on tickets in this turn."""
    return await ticket_notices.open_office(
        turn.connection, turn.known, turn.translators, zone=turn.t.zone, now=turn.now
    )


def problem(t: Translator, text: str, longest: int, *, shortest: int = tickets.SHORTEST) -> str:
    """What is wrong with a typed text; empty when nothing is."""
    length = broadcasts.length(text)
    if length < shortest:
        return t("That is very short. Please type a whole sentence.")
    if length > longest:
        return t(
            "This text has {length} characters, but at most {limit} can be passed on. "
            "Please shorten it and send it again.",
            length=t.number(length),
            limit=t.number(longest),
        )
    return ""
