"""Asking for one's data to be corrected or deleted: written, shown once more, and handed to the officers.

What the person was in the middle of before is kept aside and given back at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from bot.messages import Button, Dialog, Kind, Reply
from bot.services.calendar import working_days
from bot.services.people import personal_data
from bot.services.people.officers import LEAD
from bot.services.tickets.ticket_changes import Outcome
from bot.vietnamese import clean
from handlers.menu import MENU
from handlers.officers import officer_ask, officer_dialog, officer_talk
from handlers.turn import Turn

DIALOG = "privacy"
CHOOSE = "privacy:request"
ASK = "privacy:ask"
# With its heading a request is still a question of at most tickets.LONGEST_QUESTION.
LONGEST = 800
FIRST_ANSWER_WORKING_DAYS = 2
CODES_NAMED = 10


class Wish(StrEnum):
    """What somebody may ask for."""

    CORRECT = "correct"
    DELETE = "delete"
    WITHDRAW = "withdraw"


# Calendar days, by Law 91/2025/QH15 and Decree 356/2025/NĐ-CP.
DAYS = {Wish.CORRECT: 10, Wish.DELETE: 20, Wish.WITHDRAW: 15}


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The buttons of a request, and what is typed while one is written."""
    said = _read(turn)
    match turn.press:
        case ("privacy", "request"):
            await leave(turn)
            return [await _choose(turn)]
        case ("privacy", "ask", wish) if wish in set(Wish):
            return [await _begin(turn, said, Wish(wish))]
        case ("privacy", "change") if said:
            return [await _ask(turn, said, Wish(str(said["wish"])))]
        case ("privacy", "send") if said.get("step") == "confirm":
            return [await _hand_over(turn, said)]
        case ("privacy", "drop") if said:
            await leave(turn)
            text = officer_dialog.with_what_was_before(turn, said, turn.t("Discarded. Nothing was sent."))
            return [turn.say(text, buttons=(_away(turn),), instead=True)]
        case ("privacy", *_):
            text = turn.t("This button is no longer valid. Please choose again.")
            return [turn.say(text, buttons=(_away(turn),))]
    if not said or turn.command or turn.press:
        return None
    if turn.incoming.kind is not Kind.TEXT:
        text = turn.t("Please type it as text; files can't be passed on yet.")
        return [turn.say(text, buttons=(_drop(turn),))]
    if said["step"] == "confirm":
        return [_shown_once_more(turn, Wish(str(said["wish"])), str(said["text"]))]
    return [await _typed(turn, said)]


async def leave(turn: Turn) -> None:
    """Forget a request that is being written; what the person was in the middle of before is theirs again."""
    said = _read(turn)
    if said:
        await officer_dialog.leave(turn, said)


def listed(turn: Turn, codes: Sequence[str]) -> str:
    """Codes of registrations in one line, many of them cut short."""
    more = len(codes) - CODES_NAMED
    names = ", ".join(codes[:CODES_NAMED])
    return f"{names} {turn.t.plural('…and {number} more', '…and {number} more', more)}" if more > 0 else names


def _read(turn: Turn) -> dict[str, object]:
    dialog = turn.person.dialog
    return dict(dialog.data) if dialog is not None and dialog.kind == DIALOG else {}


async def _go(turn: Turn, said: dict[str, object], *, step: str, **more: object) -> None:
    before = turn.person.dialog
    if before is not None and before.kind != DIALOG:
        more["before"] = {"kind": before.kind, "data": before.data}
    await turn.begin(Dialog(DIALOG, {**said, **more, "step": step, "choosing": step == "confirm"}))


async def _choose(turn: Turn) -> Reply:
    t = turn.t
    held = await personal_data.held(turn.connection, turn.person, turn.now)
    rows: list[tuple[Button, ...]] = [
        (Button(t("Have something corrected"), f"{ASK}:{Wish.CORRECT}"),),
        (Button(t("Have something deleted"), f"{ASK}:{Wish.DELETE}"),),
        (Button(t("Back"), "privacy:about"), Button(t("Menu"), MENU)),
    ]
    text = t(
        "What would you like to ask for? You then type what it is about, and an officer looks after it. "
        "A registration you can withdraw yourself with /applications."
    )
    if held.can_be_erased:
        rows.insert(2, (Button(t("Delete now"), "privacy:erase"),))
        text += " " + t("Since you have no registration, you can also have everything deleted at once.")
    return turn.say(text, title=t("Correction or deletion"), buttons=tuple(rows), instead=True)


async def _begin(turn: Turn, said: dict[str, object], wish: Wish) -> Reply:
    said = {name: value for name, value in said.items() if name == "before"}
    if wish is not Wish.WITHDRAW:
        return await _ask(turn, said, wish)
    codes = await personal_data.open_registrations(turn.connection, turn.person.contact_id)
    if not codes:
        text = turn.t("You have no registration that is not withdrawn, so you can withdraw your consent yourself.")
        return turn.say(text, buttons=((Button(turn.t("Withdraw consent"), "privacy:consents"), _away(turn)[1]),))
    text = turn.t("This concerns my registrations {codes}.", codes=listed(turn, codes))
    await _go(turn, said, step="confirm", wish=wish.value, text=text)
    return _shown_once_more(turn, wish, text)


async def _ask(turn: Turn, said: dict[str, object], wish: Wish) -> Reply:
    t = turn.t
    await _go(turn, said, step="text", wish=wish.value)
    match wish:
        case Wish.CORRECT:
            text = t("Please type what is wrong and how it should read.")
        case Wish.DELETE:
            text = t("Please type what should be deleted, for example the code of a registration.")
        case Wish.WITHDRAW:
            text = t("Please type which consent you withdraw, and for which registrations.")
    parts = [text + " " + t("One message of at most {limit} characters.", limit=t.number(LONGEST))]
    if said.get("text"):
        parts.append(t("The request so far:") + "\n" + str(said["text"]))
    return turn.say("\n\n".join(parts), title=_title(turn, wish), buttons=(_drop(turn),), instead=True)


async def _typed(turn: Turn, said: dict[str, object]) -> Reply:
    text = clean(turn.text)
    problem = officer_dialog.problem(turn.t, text, LONGEST)
    if problem:
        return turn.say(problem, buttons=(_drop(turn),))
    await _go(turn, said, step="confirm", text=text)
    return _shown_once_more(turn, Wish(str(said["wish"])), text)


def _shown_once_more(turn: Turn, wish: Wish, text: str) -> Reply:
    t = turn.t
    return turn.say(
        t("Shall this request go to the officers? They see it with the name of your account.")
        + f"\n\n{text}\n\n"
        + _deadline(turn, wish),
        title=_title(turn, wish),
        buttons=(
            (Button(t("Send the request"), "privacy:send"),),
            (Button(t("Change it"), "privacy:change"), *_drop(turn)),
        ),
    )


async def _hand_over(turn: Turn, said: dict[str, object]) -> Reply:
    t = turn.t
    wish = Wish(str(said["wish"]))
    request = f"{_heading(turn, wish)}\n{said['text']}"
    # It is the lead agency's to answer, whomever the person is talking to at the moment.
    asked = await officer_talk.current(turn)
    if asked is None:
        asked, _ = await officer_ask.hand_over(turn, request, LEAD)
    elif await officer_talk.pass_on(turn, asked, request, to_lead=True) is not Outcome.DONE:
        text = t("This could not be passed on, because so many messages are waiting for an answer. Please try later.")
        return turn.say(text, buttons=(_drop(turn),))
    await leave(turn)
    calendar = await working_days.load(turn.connection)
    first_answer = calendar.add_working_days(turn.today, FIRST_ANSWER_WORKING_DAYS)
    lines = [
        t("Your request has been received under No. {number}. The answer comes here.", number=asked.id),
        t(
            "First answer: by {date} ({number} working days from today).",
            date=t.date(first_answer),
            number=FIRST_ANSWER_WORKING_DAYS,
        ),
        _deadline(turn, wish),
        "",
        officer_dialog.while_open(t),
    ]
    return turn.say(
        officer_dialog.with_what_was_before(turn, said, "\n".join(lines)),
        title=_title(turn, wish),
        footnote=t("Deadlines under Law 91/2025/QH15 and Decree 356/2025/NĐ-CP."),
        buttons=(_away(turn),),
        instead=True,
    )


def _heading(turn: Turn, wish: Wish) -> str:
    """What officers read above the request, wherever it is shown."""
    t, due = turn.t, turn.t.short_date(_due(turn, wish))
    match wish:
        case Wish.CORRECT:
            return t("Request to correct personal data, due {date} (Law 91/2025/QH15)", date=due)
        case Wish.DELETE:
            return t("Request to delete personal data, due {date} (Law 91/2025/QH15)", date=due)
        case Wish.WITHDRAW:
            return t(
                "Withdrawal of consent to the processing of personal data, due {date} (Law 91/2025/QH15)", date=due
            )


def _title(turn: Turn, wish: Wish) -> str:
    t = turn.t
    match wish:
        case Wish.CORRECT:
            return t("Request for correction")
        case Wish.DELETE:
            return t("Request for deletion")
        case Wish.WITHDRAW:
            return t("Withdraw consent")


def _deadline(turn: Turn, wish: Wish) -> str:
    t = turn.t
    return t(
        "To be done by law: by {date} ({number} calendar days from today).",
        date=t.date(_due(turn, wish)),
        number=DAYS[wish],
    )


def _due(turn: Turn, wish: Wish) -> date:
    return turn.today + timedelta(days=DAYS[wish])


def _drop(turn: Turn) -> tuple[Button, ...]:
    return (Button(turn.t("Cancel"), "privacy:drop"),)


def _away(turn: Turn) -> tuple[Button, Button]:
    t = turn.t
    return (Button(t("My data"), "privacy:about"), Button(t("Menu"), MENU))
