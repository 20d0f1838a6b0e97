"""What is remembered while a member of staff types something: about an application, an offering, a duty, the calendar.

What they were in the middle of before is kept aside and given back at the end.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from bot.messages import Button, Dialog, Reply
from bot.services.applications import deciders
from bot.services.applications.deciders import Scope
from bot.services.applications.filed_applications import Filed
from bot.services.businesses import businesses
from bot.services.people import officers
from bot.services.people.officers import is_officer
from handlers.menu import MENU
from handlers.turn import Turn

DESK, MANAGE, DUTIES, CALENDAR = "desk", "manage", "duties", "calendar"
KINDS = (DESK, MANAGE, DUTIES, CALENDAR)
# In these steps a typed number is a button, not a text.
_CHOOSING = ("check",)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said so far. ``about`` is the application's or the offering's id, ``text`` what was typed.

    ``more`` is what else was settled before, in words of the verb, ``seen`` stands for what a preview showed.
    ``step`` is ``type`` or ``check``; ``token`` belongs to one preview, so that an older button does nothing.
    """

    kind: str
    verb: str
    about: int
    step: str = "type"
    text: str = ""
    token: str = ""
    more: str = ""
    seen: str = ""


def read(turn: Turn) -> Said | None:
    """What the officer is in the middle of here, if anything."""
    dialog = turn.person.dialog
    if dialog is None or dialog.kind not in KINDS:
        return None
    data = dialog.data
    about = data.get("about")
    return Said(
        dialog.kind,
        str(data.get("verb", "")),
        about if isinstance(about, int) else 0,
        str(data.get("step", "")),
        str(data.get("text", "")),
        str(data.get("token", "")),
        str(data.get("more", "")),
        str(data.get("seen", "")),
    )


async def ask(turn: Turn, kind: str, verb: str, about: int, more: str = "") -> None:
    """Wait for a text, or a file, from the officer."""
    await _remember(turn, Said(kind, verb, about, more=more))


async def check(turn: Turn, said: Said, text: str, more: str = "", seen: str = "") -> Said:
    """Remember what was typed until it is confirmed; the returned ``token`` is what the button has to carry."""
    checked = Said(said.kind, said.verb, said.about, "check", text, secrets.token_hex(4), more, seen)
    await _remember(turn, checked)
    return checked


async def leave(turn: Turn) -> None:
    """Forget it; what the officer was in the middle of before is theirs again."""
    dialog = turn.person.dialog
    if dialog is None or dialog.kind not in KINDS:
        return
    before = dialog.data.get("before")
    if isinstance(before, dict):
        await turn.begin(Dialog(before["kind"], before["data"]))
    else:
        await turn.end()


async def scope(turn: Turn) -> Scope | None:
    """What this officer decides on; None for anybody else."""
    if not is_officer(turn.person):
        return None
    staff = await officers.everyone(turn.connection)
    officer = staff.officers.get(turn.person.contact_id)
    return deciders.scope_of(staff, officer) if officer else None


async def is_own(turn: Turn, filed: Filed) -> bool:
    """Whether the officer acts for the business themselves, so that another one has to decide, where there is one."""
    if not await businesses.is_member(turn.connection, filed.business_id, turn.person.contact_id):
        return False
    staff = await officers.everyone(turn.connection)
    others = {*deciders.deciding(staff, filed.agency_slug), *staff.admins()}
    return bool(others - {turn.person.contact_id})


def for_officers_only(turn: Turn) -> Reply:
    """The answer to somebody who is no officer."""
    t = turn.t
    text = t("Only officers can do this. Whoever has a staff code links it with /link.")
    return turn.say(text, buttons=(menu(turn),))


async def cancelled(turn: Turn) -> Reply:
    """The answer to the command that leaves whatever one is in."""
    t = turn.t
    await leave(turn)
    rows = ((Button(t("Applications to decide"), "do:review"), Button(t("Manage offerings"), "do:manage")), menu(turn))
    return turn.say(t("Cancelled. Nothing was sent."), buttons=rows)


def menu(turn: Turn) -> tuple[Button, ...]:
    """The way to the menu, as buttons of one row."""
    return (Button(turn.t("Menu"), MENU),)


async def _remember(turn: Turn, said: Said) -> None:
    dialog = turn.person.dialog
    data: dict[str, object] = {
        "verb": said.verb,
        "about": said.about,
        "step": said.step,
        "text": said.text,
        "token": said.token,
        "more": said.more,
        "seen": said.seen,
        "choosing": said.step in _CHOOSING,
    }
    if dialog is not None and dialog.kind in KINDS:
        if "before" in dialog.data:
            data["before"] = dialog.data["before"]
    elif dialog is not None:
        data["before"] = {"kind": dialog.kind, "data": dialog.data}
    await turn.begin(Dialog(said.kind, data))
