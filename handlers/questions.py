"""Answers questions: typed, chosen among suggestions, or found by browsing the topics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.i18n import Translator
from bot.messages import Button, Language, Reply
from bot.services.answering import answers
from bot.services.answering.findings import Answer, Finding, Further, SmallTalk, Suggestions
from bot.services.learning import asked, last_questions
from content.model import Entry
from handlers import feedback
from handlers.turn import Turn

PAGE = 8
RELATED = 3
# How long after an answer a short question may carry it on.
STILL_THE_SUBJECT = timedelta(minutes=30)


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
            return [await chosen(turn, entry_id)]
        case ("faq", entry_id, "vi" | "en" as language):
            # Offered under a reply in the language of the question, not of the person's setting.
            return [await chosen(turn.in_language(Language(language)), entry_id)]
    if turn.press or turn.command or not turn.text:
        return None
    return await answer(turn, turn.text)


async def answer(turn: Turn, message: str) -> list[Reply]:
    """The replies to a message, each in the language it was asked in; several when it asks several things."""
    findings = _found(turn, message)
    tokens = await asked.keep(turn.connection, turn.person.contact_id, message, findings, turn.now)
    return [
        _reply(turn, finding, token, is_last=finding is findings[-1])
        for finding, token in zip(findings, tokens, strict=True)
    ]


def _found(turn: Turn, message: str) -> Sequence[Finding]:
    """What came of a message: by itself, or as something that carries on the last question."""
    today, language = turn.today, turn.person.language
    last = turn.known.entries.get(turn.person.last_entry or "")
    asked_at = turn.person.last_asked_at
    if last is not None and asked_at is not None and turn.now - asked_at <= STILL_THE_SUBJECT:
        further = turn.faq.follow_up(message, last, today, language)
        if further is not None:
            return (further,)
    return turn.faq.find_all(message, today, language)


def _reply(turn: Turn, finding: Finding, token: str, *, is_last: bool) -> Reply:
    t = turn.translators.for_language(finding.language)
    outcome = finding.outcome
    if isinstance(outcome, Further):
        return answers.more_on(outcome, turn.known, t).with_buttons(
            (_entry_button(turn, outcome.entry, t.language),), _last_row(turn, t, f"officer:ask:{outcome.entry.id}")
        )
    reply = answers.in_words(finding, t)
    if isinstance(outcome, SmallTalk):
        return reply.with_buttons((_topics_button(turn, t.language), _menu_button(turn, t.language)))
    if isinstance(outcome, Answer):
        rating = feedback.rating_row(t, token)
        return _with_ways_on(turn, outcome.entry, reply, rating) if is_last else reply.with_buttons(rating)
    offered = tuple((_entry_button(turn, entry, t.language),) for entry in answers.choices(finding))
    wrong = feedback.none_row if isinstance(outcome, Suggestions) else feedback.wish_row
    return reply.with_buttons(*offered, wrong(t, token), _last_row(turn, t, "officer:last"))


async def chosen(turn: Turn, entry_id: str) -> Reply:
    """The answer whose question was pressed."""
    entry = turn.known.entries.get(entry_id)
    if entry is None or entry.valid_until < turn.today:
        return turn.say(
            turn.t("This answer is no longer available. Please type your question or choose a topic."),
            buttons=((_topics_button(turn), _menu_button(turn)),),
        )
    await last_questions.set_subject(turn.connection, turn.person.contact_id, entry.id, turn.now)
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


def _with_ways_on(turn: Turn, entry: Entry, reply: Reply, *rating: tuple[Button, ...]) -> Reply:
    language = reply.language
    today = turn.today
    related = [turn.known.entries[other] for other in entry.related if other in turn.known.entries]
    rows = [(_entry_button(turn, other, language),) for other in related if other.valid_until >= today][:RELATED]
    t = turn.translators.for_language(language)
    return reply.with_buttons(*rows, *rating, _last_row(turn, t, f"officer:ask:{entry.id}"))


def _entry_button(turn: Turn, entry: Entry, language: Language) -> Button:
    other = "" if language is turn.person.language else f":{language}"
    return Button(entry.text(language).question, f"faq:{entry.id}{other}")


def _last_row(turn: Turn, t: Translator, officer: str) -> tuple[Button, ...]:
    return (Button(t("Ask an officer"), officer), _menu_button(turn, t.language))


def _topics_button(turn: Turn, language: Language | None = None) -> Button:
    t = turn.translators.for_language(language or turn.person.language)
    return Button(t("Questions about the plan"), "faq:topics")


def _menu_button(turn: Turn, language: Language | None = None) -> Button:
    return Button(turn.translators.for_language(language or turn.person.language)("Menu"), "menu")


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 4
