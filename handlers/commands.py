"""What a message asks for: a command in either language, or the button that a typed number stands for."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Incoming, Kind, Person
from bot.services.messages import outbox
from bot.vietnamese import fold

NAMES = {
    "start": "start", "batdau": "start",
    "menu": "menu",
    "trogiup": "help", "help": "help",
    "dangky": "register", "register": "register",
    "sukien": "events", "events": "events",
    "hoso": "applications", "applications": "applications",
    "baocao": "reports", "reports": "reports",
    "lienket": "link", "link": "link",
    "canbo": "officer", "officer": "officer",
    "dulieu": "privacy", "privacy": "privacy",
    "ngonngu": "language", "language": "language",
    "huy": "cancel", "cancel": "cancel",
    "thongbao": "broadcast", "broadcast": "broadcast",
    "thongke": "stats", "stats": "stats",
    "duyet": "review", "review": "review",
    "quanly": "manage", "manage": "manage",
    "tonghop": "consolidate", "consolidate": "consolidate",
    "tinhhinh": "progress", "progress": "progress",
    "coquan": "agencies", "agencies": "agencies",
    "chedo": "duties", "duties": "duties",
    "lich": "calendar", "calendar": "calendar",
}  # fmt: skip

# Typed in place of a button only when it is this short: anything longer is a question.
LONGEST_TYPED_CHOICE = 40
# Any number this long can be asked for in the database, where ids have 64 bits.
LONGEST_NUMBER = 18


def parse(incoming: Incoming) -> tuple[str, str]:
    """(command, argument) of a message; ``("", "")`` when it is no command.

    Without the slash a command counts only when it is the whole message, or is ``link CODE``.
    """
    if incoming.kind is Kind.START:
        return "start", incoming.text.strip()
    if incoming.kind is not Kind.TEXT:
        return "", ""
    text = incoming.text.strip()
    if text.startswith("/"):
        word, _, argument = text[1:].partition(" ")
        return NAMES.get(fold(word.partition("@")[0]), "unknown"), argument.strip()
    if len(text) > LONGEST_TYPED_CHOICE:
        return "", ""
    whole = fold(text).replace(" ", "")
    if whole in NAMES:
        return NAMES[whole], ""
    word, _, argument = text.partition(" ")
    if NAMES.get(fold(word)) == "link" and argument and " " not in argument.strip():
        return "link", argument.strip()
    return "", ""


def from_press(press: tuple[str, ...]) -> tuple[str, str]:
    """The command of a button ``do:COMMAND``; ``("", "")`` for any other button."""
    if len(press) == 2 and press[0] == "do" and press[1] in NAMES.values():
        return press[1], ""
    return "", ""


def number(text: str) -> int:
    """A number as it comes back in a button; 0, which nothing has, for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else 0


async def pressed(connection: AsyncConnection, incoming: Incoming, person: Person) -> tuple[str, ...]:
    """The parts of a pressed button's action, also when its number or label was typed instead.

    In the middle of a dialog a number may be an answer, so only the label counts there, unless the
    dialog's data says ``choosing``.
    """
    if incoming.kind is Kind.PRESS:
        return tuple(incoming.text.split(":"))
    text = incoming.text.strip()
    if incoming.kind is not Kind.TEXT or not text or len(text) > LONGEST_TYPED_CHOICE:
        return ()
    if text.startswith("/") or text.endswith("?"):
        return ()
    buttons = [button for button in await outbox.last_buttons(connection, person.address_id) if button.press]
    choosing = person.dialog is None or person.dialog.data.get("choosing") is True
    if text.isdecimal() and choosing and 1 <= int(text) <= len(buttons):
        return tuple(buttons[int(text) - 1].press.split(":"))
    typed = fold(text)
    for button in buttons:
        if fold(button.label) == typed:
            return tuple(button.press.split(":"))
    return ()
