"""One report of an agency with what can be done about it, and what all conversations about reports share."""

from __future__ import annotations

from bot.i18n import Translator
from bot.messages import Button, Reply
from bot.services.calendar import working_days
from bot.services.reporting import not_mine, obligations, report_texts
from bot.services.reporting.obligations import Owed
from bot.services.reporting.statuses import OWED, Status
from handlers.menu import MENU
from handlers.turn import Turn

# Leaving one of these conversations for another loses a line or two, which nobody minds.
EXTENSION, PLANNING, REFUSAL = DIALOGS = ("report_extension", "report_planning", "extension_refusal")


async def page(turn: Turn, owed: Owed, note: str = "", *, instead: bool = True) -> Reply:
    """One obligation with what can be done about it; ``note`` says what has just happened."""
    t = turn.t
    await obligations.opened(turn.connection, owed, contact_id=turn.person.contact_id, now=turn.now)
    calendar = await working_days.load(turn.connection)
    said = await not_mine.said(turn.connection, owed.id) if owed.status in OWED else []
    mine = all(each.contact_id != turn.person.contact_id for each in said)
    lines = [
        owed.agency.in_language(t.language),
        t("Period: {period}", period=report_texts.period(owed.period, t)),
        report_texts.due(owed, turn.today, calendar, t),
        report_texts.recipients(owed, turn.known, t),
        *report_texts.status(owed, turn.person.contact_id, t),
        *report_texts.not_mine(said, turn.person.contact_id, t),
    ]
    text = "\n".join(line for line in lines if line)
    return turn.say(
        f"{note}\n\n{text}" if note else text,
        title=report_texts.title(owed, turn.known, t),
        footnote=report_texts.basis(owed, turn.known, calendar, t),
        buttons=(*_buttons(owed, t, mine=mine), (Button(t("All reports"), "do:reports"), Button(t("Menu"), MENU))),
        instead=instead,
    )


def _buttons(owed: Owed, t: Translator, *, mine: bool) -> tuple[tuple[Button, ...], ...]:
    history = Button(t("Report history"), f"report:history:{owed.id}")
    seen = [(Button(t("See what was handed in"), f"hand:newest:{owed.id}"),)] if owed.version else []
    if owed.status is Status.SUBMITTED:
        seen.append((Button(t("Correct what was handed in"), f"hand:reopen:{owed.id}"),))
    if owed.status not in OWED:
        return (*seen, (history,))
    rows = [*report_texts.actions(owed, t), *seen]
    if owed.status is Status.ACKNOWLEDGED:
        label = t("Change the planned day") if owed.planned_on else t("Plan a day")
        rows.append((Button(label, f"report:plan:{owed.id}"),))
    rows.append((Button(t("Word and Excel forms"), f"paper:forms:{owed.id}"),))
    whose = Button(t("Not mine"), f"focal:notmine:{owed.id}")
    rows.append((history, whose if mine else Button(t("It is mine after all"), f"focal:mineagain:{owed.id}")))
    return tuple(rows)


def not_yours(turn: Turn) -> Reply:
    """For a button of an obligation that is no business of the person's, or that no longer exists."""
    t = turn.t
    return turn.say(
        t("This report belongs to an agency that you do not answer for, or it no longer exists."),
        buttons=((Button(t("Agency reports"), "do:reports"), Button(t("Menu"), MENU)),),
    )


def goes_on(turn: Turn) -> bool:
    """Whether this is an answer to a question about a report, or one of the buttons under it."""
    match turn.press:
        case ():
            return bool(turn.text) and not turn.command
        case ("report", "back" | "date" | "confirm", *_):
            return True
    return False


def busy(turn: Turn, anyway: str, *own: str) -> Reply | None:
    """A warning before something else that the person is in the middle of would be lost; None when nothing would.

    ``anyway`` is the action that goes on regardless, ``own`` the dialogs that may be left without asking.
    """
    t = turn.t
    if turn.person.dialog is None or turn.person.dialog.kind in own:
        return None
    return turn.say(
        t("You have not finished what you were doing before. If you go on here, what you entered there is lost.")
        + "\n\n"
        + t("To finish it first, simply answer its last question."),
        buttons=((Button(t("Go on here"), anyway),),),
    )
