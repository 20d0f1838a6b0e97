"""One's chat accounts: using another channel as well, and where to be told things."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n import Translator
from bot.messages import Button, Reply
from bot.services.messages import channel_names, outbox
from bot.services.messages.outbox import Notice
from bot.services.people import accounts, contacts
from bot.services.people.accounts import Joined, Obstacle
from bot.services.people.redeeming import Outcome
from handlers.announcing.broadcast_draft import channel_name
from handlers.menu import MENU
from handlers.personal_data.codes import why_not
from handlers.turn import Turn

SHOW = "account:show"


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """Every ``account:…`` button."""
    match turn.press:
        case ("account", "show"):
            return [await _show(turn)]
        case ("account", "prefer", channel):
            if await accounts.prefer(turn.connection, turn.person.contact_id, channel):
                note = turn.t("From now on you are told things here: {channel}.", channel=channel_name(turn.t, channel))
                return [await _show(turn, note)]
            return [await _show(turn, turn.t("You have no account on this channel."))]
        case ("account", "code"):
            return [await _code(turn)]
        case ("account", "join", code):
            return [await _join(turn, code)]
    return None


async def ask(turn: Turn, code: str, contact_id: int) -> Reply:
    """Whether this chat account really is the person's who made the code: whoever uses either sees everything."""
    t = turn.t
    in_the_way = await accounts.obstacle(turn.connection, turn.person, contact_id)
    if in_the_way is not None:
        return _cannot(turn, in_the_way)
    other = await contacts.find_by_contact(turn.connection, contact_id)
    name = other.name if other is not None else ""
    channel = channel_name(t, other.channel) if other is not None else "?"
    typed = "".join(character for character in code if character.isascii() and character.isalnum())[:20]
    return turn.say(
        (
            t("This code was made in the chat account “{name}” ({channel}).", name=name, channel=channel)
            if name
            else t("This code was made in a chat account without a name ({channel}).", channel=channel)
        )
        + "\n\n"
        + t(
            "If you confirm, both chat accounts are one: in each you see the same registrations, forms and data, and "
            "go on with what you began in the other. Confirm only if both are yours."
        ),
        title=t("Use this chat account as well?"),
        buttons=((Button(t("Yes, both are mine"), f"account:join:{typed}"),), (Button(t("No"), MENU),)),
    )


async def _show(turn: Turn, note: str = "") -> Reply:
    t = turn.t
    mine = await accounts.of_contact(turn.connection, turn.person.contact_id)
    lines = [note, ""] if note else []
    for place, each in enumerate(mine.accounts, start=1):
        line = f"{place}. {channel_name(t, each.channel)}"
        if each.blocked:
            line += " " + t("(blocked)")
        lines.append(line)
    rows: list[tuple[Button, ...]] = []
    if len(mine.channels) > 1:
        told = channel_name(t, mine.preferred) if mine.preferred else t("not chosen")
        lines += ["", t("Where you are told things: {channel}", channel=told)]
        rows += [
            (Button(t("Tell me by {channel}", channel=channel_name(t, channel)), f"account:prefer:{channel}"),)
            for channel in mine.channels
            if channel != mine.preferred
        ]
    else:
        lines += ["", t("With a second channel you can begin a form here and finish it there.")]
    rows += [
        (Button(t("Use another channel too"), "account:code"),),
        (Button(t("Back"), "privacy:mine"), Button(t("Menu"), MENU)),
    ]
    return turn.say("\n".join(lines), title=t("My chat channels"), buttons=tuple(rows), instead=True)


async def _code(turn: Turn) -> Reply:
    t = turn.t
    code = await accounts.new_code(turn.connection, turn.person.contact_id, turn.now)
    links = channel_names.code_links(code, turn.doors.address, await channel_names.public_names(turn.connection))
    lines = [
        t("Open the assistant on the other channel and type there: /link {code}", code=code),
        "",
        t("The code works once, until {moment}. Do not give it to anybody else.",
          moment=t.moment(turn.now + accounts.VALID_FOR)),
    ]  # fmt: skip
    rows: list[tuple[Button, ...]] = []
    if "telegram" in links and turn.person.channel != "telegram":
        rows.append((Button(t("Open in Telegram"), url=links["telegram"]),))
    rows.append((Button(t("Back"), SHOW), Button(t("Menu"), MENU)))
    return turn.say("\n".join(lines), title=t("Use another channel too"), buttons=tuple(rows))


async def _join(turn: Turn, code: str) -> Reply:
    t = turn.t
    joined = await accounts.join(turn.connection, turn.person, code, turn.now)
    if joined.obstacle is not None:
        return _cannot(turn, joined.obstacle)
    if joined.outcome is not Outcome.LINKED:
        return turn.say(why_not(turn, joined.outcome, None), buttons=((Button(t("Menu"), MENU),),))
    await _tell_the_other(turn, joined)
    return turn.say(
        t("Both chat accounts are one now. What you began in the other goes on here."),
        title=t("Account linked"),
        buttons=(
            (Button(t("My registrations"), "do:applications"), Button(t("My chat channels"), SHOW)),
            (Button(t("Menu"), MENU),),
        ),
    )


async def _tell_the_other(turn: Turn, joined: Joined) -> None:
    """On the channel used so far, in case somebody else got hold of the code."""
    if joined.told is None:
        return
    t: Translator = turn.translators.for_language(joined.told.language)
    reply = Reply(
        t("A further chat account ({channel}) now belongs to you.", channel=channel_name(t, turn.person.channel))
        + "\n\n"
        + t("If that was not you, ask an officer at once with /officer."),
        joined.told.language,
        title=t("Account linked"),
        buttons=((Button(t("My chat channels"), SHOW), Button(t("Menu"), MENU)),),
    )
    key = f"account:{joined.contact_id}:{turn.person.address_id}"
    await outbox.notify_all(turn.connection, [Notice(joined.told, key, reply)], now=turn.now, anytime=True)


def _cannot(turn: Turn, obstacle: Obstacle) -> Reply:
    t = turn.t
    match obstacle:
        case Obstacle.SAME:
            text = t("This chat account is the one that made the code. Please type the code on the other channel.")
        case Obstacle.STAFF:
            text = t("This chat account belongs to a member of staff, so it stays on its own.")
        case Obstacle.FOCAL_POINT:
            text = t("This chat account is focal point of an agency, so it stays on its own.")
        case Obstacle.BUSINESS:
            text = t(
                "This chat account acts for an enterprise itself, so it stays on its own. Leave the enterprise here "
                "first, or make the code in this account and use it in the other."
            )
        case Obstacle.REGISTRATIONS:
            text = t(
                "This chat account has registrations of its own, so it stays on its own. Make the code in this account "
                "and use it in the other."
            )
        case Obstacle.TICKET:
            text = t(
                "This chat account is in a conversation with an officer. Please end it first, then type the code again."
            )
    return turn.say(text, title=t("The accounts stay apart"), buttons=((Button(t("Menu"), MENU),),))
