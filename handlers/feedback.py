"""What people think of an answer, and their wish to be told when there is one.

The token in a button is the key: only who got the message has it, so nothing else is asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n import Translator
from bot.messages import Button, Language, Reply
from bot.services.answering import answers, nearest
from bot.services.learning import faq_changes, question_groups, question_log, wishes
from bot.services.learning.question_log import Logged
from content.added import NewEntry
from content.model import Entry
from handlers.menu import MENU
from handlers.turn import Turn

OTHERS = 3
RATINGS = {"up": 1, "down": -1}
NONE = "wish:none"


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The buttons of ratings and wishes."""
    match turn.press:
        case ("rate", token, "up" | "down" as word):
            return [await _rate(turn, token, RATINGS[word])]
        case ("wish", "none"):
            return [await _nothing_more(turn)]
        case ("wish", token):
            return [await _wish(turn, token)]
        case ("wish", token, "off"):
            return [await _withdraw(turn, token)]
    return None


def rating_row(t: Translator, token: str) -> tuple[Button, ...]:
    """Under an answer: was it any good?"""
    return (Button(t("Helpful"), f"rate:{token}:up"), Button(t("Not right"), f"rate:{token}:down"))


def none_row(t: Translator, token: str) -> tuple[Button, ...]:
    """Under suggestions: it was none of them, which counts like a wrong answer."""
    return (Button(t("None of these"), f"rate:{token}:down"),)


def wish_row(t: Translator, token: str) -> tuple[Button, ...]:
    """Where there is no good answer."""
    return (Button(t("Tell me when there is an answer"), f"wish:{token}"),)


async def _rate(turn: Turn, token: str, rating: int) -> Reply:
    logged = await question_log.rate(turn.connection, token, rating)
    if logged is None:
        return _gone(turn)
    spoken = turn.in_language(logged.language)
    t = spoken.t
    if rating > 0:
        if not logged.has_no_good_answer:
            await wishes.withdraw(turn.connection, turn.person.contact_id, logged.id)
        return spoken.say(t("Thank you. I am glad that it helped."), buttons=(_menu(t),))
    found: list[Entry] = []
    if logged.entry_id:
        today = turn.today
        finding = turn.faq.find(logged.text, today, logged.language)
        found = nearest.others(turn.known, finding, today, without=[logged.entry_id], most=OTHERS)
    text = t("Thank you for telling me. Our staff will look at this question.")
    if found:
        text += " " + t("Perhaps one of these is what you wanted to know?")
    return spoken.say(
        text,
        buttons=(
            *((_entry(turn, each, logged.language),) for each in found),
            wish_row(t, token),
            (_officer(t), *_menu(t)),
        ),
    )


async def _wish(turn: Turn, token: str) -> Reply:
    connection = turn.connection
    logged = await question_log.find(connection, token)
    if logged is None or not logged.has_no_good_answer:
        return _gone(turn)
    spoken = turn.in_language(logged.language)
    t = spoken.t
    entry = await _answered_meanwhile(turn, logged)
    if entry is not None:
        answer = answers.answered(entry, t)
        return answer.with_buttons((_officer(t), *_menu(t)))
    if not await wishes.add(connection, logged.id, turn.person, turn.now):
        return await _withdraw(turn, token)
    return spoken.say(
        t(
            "All right. As soon as our staff have written an answer to this question, you get it here. "
            "For that, and for nothing else, it is noted that this account asked it; "
            "you can take that back here or under /privacy at any time."
        ),
        buttons=((Button(t("No need to tell me"), f"wish:{token}:off"),), (_officer(t), *_menu(t))),
    )


async def _withdraw(turn: Turn, token: str) -> Reply:
    logged = await question_log.find(turn.connection, token)
    if logged is None:
        return _gone(turn)
    await wishes.withdraw(turn.connection, turn.person.contact_id, logged.id)
    spoken = turn.in_language(logged.language)
    t = spoken.t
    return spoken.say(
        t("All right. It is not noted any more who asked this question, and you will not be told of an answer."),
        buttons=(wish_row(t, token), (_officer(t), *_menu(t))),
    )


async def _nothing_more(turn: Turn) -> Reply:
    t = turn.t
    if await wishes.withdraw(turn.connection, turn.person.contact_id):
        text = t("All right. It is not noted any more which questions you asked, and you will not be told of answers.")
    else:
        text = t("You are not waiting for any answer.")
    return turn.say(text, buttons=((Button(t("See my data"), "privacy:mine"), *_menu(t)),), instead=True)


async def _answered_meanwhile(turn: Turn, logged: Logged) -> Entry | None:
    """The answer that editors have given to this question since it was asked."""
    if logged.group_id is None:
        return None
    group = await question_groups.find(turn.connection, logged.group_id)
    if group is None or group.status is not question_groups.Status.ANSWERED:
        return None
    approved = await faq_changes.of_group(turn.connection, group.id, faq_changes.Status.APPROVED)
    if approved is None or approved.change is None:
        return None
    if isinstance(approved.change, NewEntry):
        return approved.change.entry
    return turn.known.entries.get(approved.change.entry_id)


def _gone(turn: Turn) -> Reply:
    t = turn.t
    text = t("This button is no longer valid, because the question is not kept any more. You can simply ask again.")
    return turn.say(text, buttons=(_menu(t),))


def _entry(turn: Turn, entry: Entry, language: Language) -> Button:
    other = "" if language is turn.person.language else f":{language}"
    return Button(entry.text(language).question, f"faq:{entry.id}{other}")


def _officer(t: Translator) -> Button:
    return Button(t("Ask an officer"), "officer:last")


def _menu(t: Translator) -> tuple[Button, ...]:
    return (Button(t("Menu"), MENU),)
