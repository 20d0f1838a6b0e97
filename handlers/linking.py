"""Link with a code: ``/lienket CODE``, a deep link, or the code typed when asked for it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n import Translator
from bot.messages import Button, Dialog, Reply, Role
from bot.services.agencies import focal_notices, focal_texts
from bot.services.agencies.agencies import AgencyName
from bot.services.agencies.focal_notices import Teller
from bot.services.people import invitations, redeeming
from bot.services.people.redeeming import Outcome, Redeemed
from handlers.agencies import my_name
from handlers.menu import MENU
from handlers.personal_data import accounts
from handlers.personal_data.codes import why_not
from handlers.turn import Turn

DIALOG = "link"


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The link command and its question; a start with a code, but no other start."""
    if turn.command == "link":
        return await _redeem(turn, turn.argument) if turn.argument else await _ask(turn)
    if turn.command == "start" and invitations.looks_printed(turn.argument):
        return await _redeem(turn, turn.argument)
    asked = turn.person.dialog is not None and turn.person.dialog.kind == DIALOG
    if asked and turn.text and not turn.command:
        return await _redeem(turn, turn.text)
    return None


async def _ask(turn: Turn) -> Sequence[Reply]:
    t = turn.t
    if turn.person.dialog is not None and turn.person.dialog.kind != DIALOG:
        return [turn.say(t("Please type /link followed by your code, for example /link ABCDE-23456."))]
    await turn.begin(Dialog(DIALOG, {}))
    return [
        turn.say(
            t("Please type the code you were given, for example ABCDE-23456. Capitals and dashes do not matter.")
            + "\n\n"
            + t(
                "Codes are issued by the staff of the Department of Industry and Trade "
                "or by the focal point before you."
            ),
            title=t("Link your account"),
            buttons=((Button(t("Cancel"), "cancel"),),),
        )
    ]


async def _redeem(turn: Turn, code: str) -> Sequence[Reply]:
    redeemed = await redeeming.redeem(turn.connection, turn.person, code, turn.now)
    in_dialog = turn.person.dialog is not None and turn.person.dialog.kind == DIALOG
    if redeemed.outcome is Outcome.LINKED:
        if in_dialog:
            await turn.end()
        return [await _linked(turn, redeemed)]
    if redeemed.outcome is Outcome.ACCOUNT and redeemed.account_of is not None:
        if in_dialog:
            await turn.end()
        return [await accounts.ask(turn, code, redeemed.account_of)]
    text = why_not(turn, redeemed.outcome, redeemed.wait_until)
    if in_dialog and redeemed.outcome is Outcome.UNKNOWN:
        return [turn.say(text, buttons=((Button(turn.t("Cancel"), "cancel"),),))]
    if in_dialog:
        await turn.end()
    return [turn.say(text, buttons=((Button(turn.t("Menu"), MENU),),))]


async def _linked(turn: Turn, redeemed: Redeemed) -> Reply:
    t = turn.t
    if redeemed.agency is not None and redeemed.focal_role is not None:
        agency = redeemed.agency.in_language(t.language)
        text = t(
            "You are now focal point of {agency} ({role}).",
            agency=agency,
            role=focal_texts.role(redeemed.focal_role, t),
        )
        can = t(
            "I will remind you of its reports before they are due. Type /reports to see what it owes, "
            "to acknowledge a report, to write and hand it in or to ask for more time."
        )
        if redeemed.took_over_from is not None:
            can = await _taken_over(turn, redeemed.agency, redeemed.took_over_from)
        named_for = redeemed.agency.id
        buttons = [Button(t("Agency reports"), "do:reports"), Button(t("Menu"), MENU)]
    else:
        role = redeemed.role or Role.VIEWER
        if redeemed.agency is not None:
            agency = redeemed.agency.in_language(t.language)
            text = t("You are now {role}, for {agency}.", role=staff_role(role, t), agency=agency)
        else:
            text = t("You are now {role}.", role=staff_role(role, t))
        can = _may(role, t)
        named_for = my_name.OF_STAFF
        buttons = [Button(t("Menu"), MENU)]
    if not turn.person.name:
        buttons.insert(0, Button(t("Say my name"), f"focal:name:{named_for}"))
    return turn.say(
        f"{text}\n\n{can}",
        title=t("Account linked"),
        buttons=(tuple(buttons),),
        commands_for=redeemed.role.value if redeemed.role else "",
    )


async def _taken_over(turn: Turn, agency: AgencyName, former: int) -> str:
    """Tell the one whose place was taken; what the successor finds open."""
    teller = Teller(turn.connection, turn.known, turn.translators, turn.now)
    await focal_notices.tell_former(teller, former, turn.person, agency)
    owed = await focal_notices.open_reports(teller, turn.person.contact_id, agency.id)
    return await focal_notices.listed(teller, owed, turn.t)


def staff_role(role: Role, t: Translator) -> str:
    """What a member of staff is, in words."""
    match role:
        case Role.VIEWER:
            return t("a member of staff who may see figures")
        case Role.EDITOR:
            return t("a member of staff who edits content")
        case Role.OPERATOR:
            return t("a member of staff who handles requests")
        case Role.ADMIN:
            return t("an administrator")


def _may(role: Role, t: Translator) -> str:
    match role:
        case Role.VIEWER:
            return t("You can follow the figures of the programme.")
        case Role.EDITOR:
            return t("With /stats you see the figures, and there you answer what the assistant could not.")
        case Role.OPERATOR:
            return t(
                "You will receive people's questions, see them all with /officer, and answer them here. "
                "What agencies hand in to yours, and their requests for more time, you find under /reports; "
                "who has handed in, under /progress."
            )
        case Role.ADMIN:
            return t(
                "You can send announcements with /broadcast, answer questions with /officer, see the figures "
                "with /stats, and decide agencies' requests for more time."
            )
