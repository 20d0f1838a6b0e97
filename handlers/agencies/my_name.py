"""A focal point's name, so that colleagues and staff know who is who: chat accounts of the web page have none."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Dialog, Reply
from bot.services.people import contacts
from bot.vietnamese import clean
from handlers.agencies import focal_pages
from handlers.commands import number
from handlers.reporting import report_pages
from handlers.turn import Turn

DIALOG = "focal_name"
SHORTEST, LONGEST = 2, 60


async def begin(turn: Turn, agency_id: int, *, anyway: bool) -> Reply:
    """Ask for the name."""
    if await focal_pages.mine(turn, agency_id) is None:
        return focal_pages.not_yours(turn)
    warning = None if anyway else report_pages.busy(turn, f"focal:name:{agency_id}:anyway", DIALOG)
    return warning or await _ask(turn, agency_id)


async def go_on(turn: Turn) -> Sequence[Reply] | None:
    """The name that was typed; None for anything else."""
    dialog = turn.person.dialog
    if turn.press or turn.command or not turn.text or dialog is None:
        return None
    t, agency_id = turn.t, number(str(dialog.data.get("agency", "")))
    name = read(turn.text)
    if name is None:
        problem = t("Please type your name with letters only, at most {longest} of them.", longest=LONGEST)
        return [await _ask(turn, agency_id, problem)]
    await turn.end()
    await contacts.set_name(turn.connection, turn.person.contact_id, name)
    return [await focal_pages.page(turn, agency_id, t("Thank you. Your name is noted."))]


def read(typed: str) -> str | None:
    """A person's name in one line; None for what is none."""
    name = " ".join(clean(typed).split())
    usable = all(character.isalpha() or character in " .'’-" for character in name)
    letters = sum(character.isalpha() for character in name)
    return name if usable and letters >= SHORTEST and len(name) <= LONGEST else None


async def _ask(turn: Turn, agency_id: int, problem: str = "") -> Reply:
    t = turn.t
    await turn.begin(Dialog(DIALOG, {"agency": agency_id}))
    question = t(
        "What is your full name? Your colleagues in the agency and the staff of the Department of Industry and Trade "
        "see it with the agency's reports."
    )
    return turn.say(
        f"{problem}\n\n{question}" if problem else question,
        title=t("Your name"),
        buttons=((Button(t("Cancel"), "cancel"),),),
    )
