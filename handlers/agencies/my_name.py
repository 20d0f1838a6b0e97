"""A focal point's or an officer's name, so that people know who is who: chat accounts of the web page have none."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Dialog, Reply
from bot.services.people import contacts
from bot.vietnamese import clean
from handlers.agencies import focal_pages
from handlers.commands import number
from handlers.menu import MENU
from handlers.reporting import report_pages
from handlers.turn import Turn

DIALOG = "focal_name"
SHORTEST, LONGEST = 2, 60


# In place of the agency's number, for members of staff.
OF_STAFF = 0


async def begin(turn: Turn, agency_id: int, *, anyway: bool) -> Reply:
    """Ask for the name: a focal point of the agency, or with ``OF_STAFF`` a member of staff."""
    of_staff = agency_id == OF_STAFF and turn.person.role is not None
    if not of_staff and await focal_pages.mine(turn, agency_id) is None:
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
    noted = t("Thank you. Your name is noted.")
    if agency_id == OF_STAFF:
        return [turn.say(noted, buttons=((Button(t("Menu"), MENU),),))]
    return [await focal_pages.page(turn, agency_id, noted)]


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
    if agency_id == OF_STAFF:
        question = t("What is your full name? Your colleagues see it with what you decide and change here.")
    return turn.say(
        f"{problem}\n\n{question}" if problem else question,
        title=t("Your name"),
        buttons=((Button(t("Cancel"), "cancel"),),),
    )
