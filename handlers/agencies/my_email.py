"""A focal point's own e-mail address for reminders: given, confirmed with the code sent there, removed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.messages import Button, Dialog, Person, Reply
from bot.services.messages import outbox
from bot.services.messages.outbox import Notice
from bot.services.people import emails
from bot.services.people.emails import Outcome
from handlers.agencies import focal_pages
from handlers.commands import number
from handlers.menu import MENU
from handlers.reporting import report_pages
from handlers.turn import Turn

DIALOG = "focal_email"
MINUTES = int(emails.VALID_FOR.total_seconds() // 60)


async def page(turn: Turn, agency_id: int, note: str = "") -> Reply:
    """The address that is in use, and what can be done."""
    t = turn.t
    if await focal_pages.mine(turn, agency_id) is None:
        return focal_pages.not_yours(turn)
    boxes = await emails.of_contact(turn.connection, turn.person.contact_id)
    lines = [note, ""] if note else []
    for box in boxes:
        if box.refused:
            lines.append(t("{address}: the mail server refused this address. Please correct it.", address=box.address))
        elif box.confirmed:
            lines.append(t("Reminders also go to {address}.", address=box.address))
        else:
            lines.append(t("{address}: not confirmed yet.", address=box.address))
    if not boxes:
        lines.append(t("No address is stored."))
    lines += ["", t("Your reminders come in the chat in any case. By e-mail you get them as well; nothing else.")]
    rows: list[tuple[Button, ...]] = []
    if turn.email:
        label = t("Use another address") if boxes else t("Enter an address")
        rows.append((Button(label, f"focal:emailask:{agency_id}"),))
    else:
        lines.append(t("At the moment no e-mail is sent from here."))
    if boxes:
        rows.append((Button(t("Remove my address"), f"focal:emailoff:{agency_id}"),))
    rows.append((Button(t("Back"), f"focal:page:{agency_id}"), Button(t("Menu"), MENU)))
    return turn.say("\n".join(lines), title=t("E-mail for reminders"), buttons=tuple(rows), instead=True)


async def begin(turn: Turn, agency_id: int, *, anyway: bool) -> Reply:
    """Ask for the address."""
    if await focal_pages.mine(turn, agency_id) is None:
        return focal_pages.not_yours(turn)
    if not turn.email:
        return await page(turn, agency_id)
    warning = None if anyway else report_pages.busy(turn, f"focal:emailask:{agency_id}:anyway", DIALOG)
    return warning or await _ask_address(turn, agency_id)


async def go_on(turn: Turn) -> Sequence[Reply] | None:
    """An address or a code that was typed, or the wish for another code; None for anything else."""
    dialog = turn.person.dialog
    agency_id = number(str(dialog.data.get("agency", ""))) if dialog else 0
    again = turn.press == ("focal", "emailagain")
    if not again and (turn.press or turn.command or not turn.text):
        return None
    if await focal_pages.mine(turn, agency_id) is None or not turn.email:
        await turn.end()
        return [focal_pages.not_yours(turn)]
    address = dialog.data.get("address") if dialog else None
    if again:
        known = isinstance(address, str)
        return [await _send(turn, agency_id, str(address)) if known else await _ask_address(turn, agency_id)]
    if isinstance(address, str) and "@" not in turn.text:
        return [await _code(turn, agency_id, address)]
    return [await _address(turn, agency_id)]


async def remove(turn: Turn, agency_id: int) -> Reply:
    """Forget the address, and what was sent there."""
    t = turn.t
    if await focal_pages.mine(turn, agency_id) is None:
        return focal_pages.not_yours(turn)
    gone = await emails.remove(turn.connection, turn.person.contact_id)
    if turn.person.dialog is not None and turn.person.dialog.kind == DIALOG:
        await turn.end()
    return await page(turn, agency_id, t("Your address has been removed.") if gone else "")


async def _ask_address(turn: Turn, agency_id: int, problem: str = "") -> Reply:
    t = turn.t
    await turn.begin(Dialog(DIALOG, {"agency": agency_id}))
    question = t("To which e-mail address should reminders go as well? Please type it, for example {example}.",
                 example="ten@hanoi.gov.vn")  # fmt: skip
    return turn.say(
        f"{problem}\n\n{question}" if problem else question,
        title=t("E-mail for reminders"),
        buttons=((Button(t("Cancel"), "cancel"),),),
    )


async def _address(turn: Turn, agency_id: int) -> Reply:
    t = turn.t
    address = emails.read(turn.text)
    if address is None:
        return await _ask_address(
            turn,
            agency_id,
            t("This is not an e-mail address that mail can be sent to. It has one @, and letters without marks."),
        )
    boxes = await emails.of_contact(turn.connection, turn.person.contact_id)
    if any(each.address == address and each.confirmed and not each.refused for each in boxes):
        await turn.end()
        return await page(turn, agency_id, t("This address is confirmed already."))
    return await _send(turn, agency_id, address)


async def _send(turn: Turn, agency_id: int, address: str) -> Reply:
    t = turn.t
    asked = await emails.ask_to_confirm(turn.connection, turn.person, address, turn.now)
    if asked is None:
        await turn.end()
        return await page(turn, agency_id, t("You have had as many codes sent as is possible in a day. "
                                             "Please try again tomorrow."))  # fmt: skip
    there, code = asked
    await outbox.notify_all(
        turn.connection,
        [Notice(there, f"email-code:{there.address_id}:{turn.now:%Y%m%d%H%M%S%f}", _mail(turn, there, code))],
        now=turn.now,
        anytime=True,
        stale_after=turn.now + emails.VALID_FOR,
    )
    return await _ask_code(turn, agency_id, address)


async def _ask_code(turn: Turn, agency_id: int, address: str, problem: str = "") -> Reply:
    t = turn.t
    await turn.begin(Dialog(DIALOG, {"agency": agency_id, "address": address}))
    question = t(
        "A code of six digits is on its way to {address}. Please type it here within {minutes} minutes. If it does not "
        "come, look among the spam, or type another address.",
        address=address,
        minutes=MINUTES,
    )
    return turn.say(
        f"{problem}\n\n{question}" if problem else question,
        title=t("E-mail for reminders"),
        buttons=((Button(t("Send another code"), "focal:emailagain"), Button(t("Cancel"), "cancel")),),
    )


async def _code(turn: Turn, agency_id: int, address: str) -> Reply:
    t = turn.t
    digits = re.sub(r"[ .-]", "", turn.text)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return await _ask_code(turn, agency_id, address, t("Please type the six digits from the e-mail."))
    outcome = await emails.confirm(turn.connection, turn.person.contact_id, digits, turn.now)
    match outcome:
        case Outcome.CONFIRMED:
            await turn.end()
            return await page(turn, agency_id, t("Thank you, the address is confirmed."))
        case Outcome.WRONG:
            problem = t("This is not the code. Please look again, or have another one sent.")
        case Outcome.TOO_OFTEN:
            problem = t("Too many wrong codes. Please have another one sent.")
        case Outcome.OVER:
            problem = t("This code no longer works. Please have another one sent.")
    return await _ask_code(turn, agency_id, address, problem)


def _mail(turn: Turn, there: Person, code: str) -> Reply:
    t = turn.translators.for_language(there.language)
    return Reply(
        t("Confirmation code: {code}", code=code)
        + "\n\n"
        + t(
            "Type it in the chat with the assistant of plan 50/KH-UBND within {minutes} minutes, and reminders of "
            "your agency's reports come to this address as well. If you did not ask for that, you need not do "
            "anything: without the code nothing is sent here.",
            minutes=MINUTES,
        ),
        t.language,
        title=t("Confirm your e-mail address"),
    )
