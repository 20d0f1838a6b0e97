"""Answers questions: typed, chosen among suggestions, or found by browsing the topics."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Language, Reply
from bot.services import answers
from bot.services.faq import Answer, SmallTalk
from content.model import Entry
from handlers.turn import Turn

PAGE = 8
RELATED = 3


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """Anything typed that is no command is a question; presses ``faq:…`` are ours too."""
    match turn.press:
        case ("faq", "topics"):
            return [topics(turn)]
        case ("faq", "topic", number):
            return [topic(turn, number)]
        case ("faq", "topic", number, page):
            return [topic(turn, number, page)]
        case ("faq", entry_id):
            return [chosen(turn, entry_id)]
        case ("faq", entry_id, "vi" | "en" as language):
            # Offered under a reply in the language of the question, not of the person's setting.
            return [chosen(turn.in_language(Language(language)), entry_id)]
    if turn.press or turn.command or not turn.text:
        return None
    return [reply_to(turn, turn.text)]


def reply_to(turn: Turn, question: str) -> Reply:
    """The reply to a question, in the language it was asked in."""
    today = turn.now.astimezone(turn.t.zone).date()
    finding = turn.faq.find(question, today, turn.person.language)
    t = turn.translators.for_language(finding.language)
    reply = answers.in_words(finding, t)
    if isinstance(finding.outcome, Answer):
        return _with_ways_on(turn, finding.outcome.entry, reply)
    if isinstance(finding.outcome, SmallTalk):
        return reply.with_buttons((_topics_button(turn, t.language), _menu_button(turn, t.language)))
    choices = answers.choices(finding)
    offered = tuple((_entry_button(turn, entry, t.language),) for entry in choices)
    officer = _officer_button(turn, t.language, choices[0] if choices else None)
    return reply.with_buttons(*offered, (officer, _menu_button(turn, t.language)))


def chosen(turn: Turn, entry_id: str) -> Reply:
    """The answer whose question was pressed."""
    entry = turn.known.entries.get(entry_id)
    if entry is None or entry.valid_until < turn.now.astimezone(turn.t.zone).date():
        return turn.say(
            turn.t("This answer is no longer available. Please type your question or choose a topic."),
            buttons=((_topics_button(turn), _menu_button(turn)),),
        )
    return _with_ways_on(turn, entry, answers.answered(entry, turn.t))


def topics(turn: Turn) -> Reply:
    """All topics, as buttons."""
    language = turn.person.language
    rows = tuple(
        (Button(file.topic.in_language(language), f"faq:topic:{number}"),)
        for number, file in enumerate(turn.known.topics, start=1)
    )
    return turn.say(
        turn.t("Choose a topic, or simply type your question."),
        title=turn.t("Questions about the plan"),
        buttons=(*rows, (_menu_button(turn),)),
        instead=True,
    )


def topic(turn: Turn, number: str, page: str = "1") -> Reply:
    """One page of a topic's questions. What is out of range shows the nearest page, or all topics."""
    if not _is_count(number) or not 1 <= int(number) <= len(turn.known.topics):
        return topics(turn)
    file = turn.known.topics[int(number) - 1]
    language = turn.person.language
    last = (len(file.entries) - 1) // PAGE + 1
    shown = min(max(int(page) if _is_count(page) else 1, 1), last)
    entries = file.entries[(shown - 1) * PAGE : shown * PAGE]
    moves = []
    if shown > 1:
        moves.append(Button(turn.t("Previous questions"), f"faq:topic:{number}:{shown - 1}"))
    if shown < last:
        moves.append(Button(turn.t("More questions"), f"faq:topic:{number}:{shown + 1}"))
    text = turn.t("Choose a question.")
    if last > 1:
        text += " " + turn.t("Page {page} of {last}.", page=shown, last=last)
    return turn.say(
        text,
        title=file.topic.in_language(language),
        buttons=(
            *((_entry_button(turn, entry, language),) for entry in entries),
            *((tuple(moves),) if moves else ()),
            (Button(turn.t("All topics"), "faq:topics"), _menu_button(turn)),
        ),
        instead=True,
    )


def _with_ways_on(turn: Turn, entry: Entry, reply: Reply) -> Reply:
    language = reply.language
    today = turn.now.astimezone(turn.t.zone).date()
    related = [turn.known.entries[other] for other in entry.related if other in turn.known.entries]
    rows = [(_entry_button(turn, other, language),) for other in related if other.valid_until >= today][:RELATED]
    return reply.with_buttons(*rows, (_officer_button(turn, language, entry), _menu_button(turn, language)))


def _entry_button(turn: Turn, entry: Entry, language: Language) -> Button:
    other = "" if language is turn.person.language else f":{language}"
    return Button(entry.text(language).question, f"faq:{entry.id}{other}")


def _officer_button(turn: Turn, language: Language, about: Entry | None) -> Button:
    """To an officer; the answer that one comes from says to which agency."""
    press = f"officer:ask:{about.id}" if about else "officer:ask"
    return Button(turn.translators.for_language(language)("Ask an officer"), press)


def _topics_button(turn: Turn, language: Language | None = None) -> Button:
    t = turn.translators.for_language(language or turn.person.language)
    return Button(t("Questions about the plan"), "faq:topics")


def _menu_button(turn: Turn, language: Language | None = None) -> Button:
    return Button(turn.translators.for_language(language or turn.person.language)("Menu"), "menu")


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 4
