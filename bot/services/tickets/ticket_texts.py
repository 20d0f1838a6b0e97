"""Tickets in words: what officers and the person are told. Agencies, never officers, are named to the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.i18n import Translator
from bot.messages import Button, Language, Reply
from bot.services.calendar.working_hours import OfficeHours
from bot.services.tickets.tickets import Asked, Said, Status

QUOTED = 300

Rows = tuple[tuple[Button, ...], ...]


def heading(t: Translator, asked: Asked) -> str:
    """The title of everything that officers read about a ticket."""
    return t("Question No. {number} of {name}", number=asked.id, name=name(t, asked.asker))


def new(t: Translator, asked: Asked, agency: str, viewer: int) -> Reply:
    """What officers are told of a new question."""
    footnote = "\n".join(filter(None, (agency, writes_in(t, asked))))
    return _to_officer(t, asked, asked.question, viewer, footnote=footnote)


def went_on(t: Translator, asked: Asked, text: str, viewer: int) -> Reply:
    """What officers are told when the person has written once more."""
    return _to_officer(t, asked, text, viewer, footnote=writes_in(t, asked))


def waits(t: Translator, asked: Asked, agency: str, viewer: int, now: datetime) -> Reply:
    """What officers are told when a person has waited for too long."""
    since = asked.waiting_since or now
    lines = [
        t("This person has been waiting for an answer since {moment}.", moment=t.moment(since)),
        whose(t, asked, viewer),
        "",
        quoted(asked.question),
    ]
    return _to_officer(t, asked, "\n".join(lines), viewer, footnote=agency)


def _to_officer(t: Translator, asked: Asked, text: str, viewer: int, *, footnote: str) -> Reply:
    return Reply(
        text,
        t.language,
        title=heading(t, asked),
        footnote=footnote,
        buttons=actions(t, asked, viewer),
        ticket=asked.id,
    )


def actions(t: Translator, asked: Asked, viewer: int) -> Rows:
    """What an officer can do about a ticket, as buttons."""
    reply = Button(t("Reply"), f"officer:answer:{asked.id}")
    close = Button(t("Close"), f"officer:close:{asked.id}")
    if asked.status is Status.CLOSED:
        return ()
    if asked.is_with_other_than(viewer):
        return ((Button(t("Take over"), f"officer:instead:{asked.id}:{asked.taken_by}"),),)
    if asked.taken_by is None:
        return ((reply, Button(t("Take"), f"officer:take:{asked.id}"), close),)
    return ((reply, close),)


def answer(t: Translator, asked: Asked, text: str, agency: str, *, first: bool) -> Reply:
    """An officer's message as the person gets it. Without buttons, so that a number typed is an answer too."""
    lines = [agency]
    if first:
        lines.append(t("Your question: {question}", question=quoted(asked.question)))
    lines.append(t("Reply here. /officer shows the conversation and ends it."))
    title = t("Answer to your question No. {number}", number=asked.id)
    return Reply(text, t.language, title=title, footnote="\n".join(lines))


def taken(t: Translator, asked: Asked, agency: str) -> Reply:
    """What the person is told when an officer takes the question."""
    text = t("{agency} now takes care of your question and will answer here.", agency=agency)
    return Reply(text, t.language, title=your_question(t, asked))


def closed(t: Translator, asked: Asked) -> Reply:
    """What the person is told at the end, whoever ended it."""
    text = t("The conversation with the officer has ended. From now on the assistant answers you again.")
    return Reply(text, t.language, title=your_question(t, asked), buttons=ways_on(t))


def closed_by_time(t: Translator, asked: Asked, days: int) -> Reply:
    """What the person is told when the conversation ended because nobody said anything more."""
    text = t(
        "Since nothing was written for {days} working days, the conversation with the officer has ended. "
        "From now on the assistant answers you again.",
        days=days,
    )
    return Reply(text, t.language, title=your_question(t, asked), buttons=ways_on(t))


def your_question(t: Translator, asked: Asked) -> str:
    """The title of what the person reads about their ticket."""
    return t("Your question No. {number}", number=asked.id)


def erased(t: Translator, number: int) -> Reply:
    """What the officer is told when the person had everything deleted: nothing that says who it was."""
    text = t("Question No. {number} has ended: the person had their data deleted.", number=number)
    return Reply(text, t.language)


def ways_on(t: Translator) -> Rows:
    """What a person can do after a conversation."""
    return ((Button(t("Ask an officer"), "officer:ask"), Button(t("Menu"), "do:menu")),)


def nobody_on_duty(t: Translator, hours: OfficeHours, now: datetime) -> str:
    """That it is not in office hours, and when they begin; empty in office hours."""
    if hours.on_duty(now):
        return ""
    return t(
        "Nobody is on duty at the moment. The next working day is {date}, from 8:00.",
        date=t.date(hours.next_opening(now).date()),
    )


def whose(t: Translator, asked: Asked, viewer: int) -> str:
    """Who has a ticket, for officers."""
    if asked.status is Status.CLOSED:
        return ended(t, asked)
    if asked.taken_by is None or asked.taken_at is None:
        return t("Nobody has taken it yet.")
    if asked.taken_by == viewer:
        return t("You took it at {moment}.", moment=t.moment(asked.taken_at))
    return t("{name} took it at {moment}.", name=name(t, asked.taker), moment=t.moment(asked.taken_at))


def ended(t: Translator, asked: Asked) -> str:
    """That a conversation is over, and by whom, for officers."""
    moment = t.moment(asked.closed_at) if asked.closed_at else ""
    if asked.closed_by is None:
        return t("Closed at {moment}, after a long silence.", moment=moment)
    return t("{name} closed it at {moment}.", name=name(t, asked.closer), moment=moment)


def ended_for_officer(t: Translator, asked: Asked) -> Reply:
    """The message to an officer that their conversation is over."""
    return Reply(ended(t, asked), t.language, title=heading(t, asked), ticket=asked.id)


def waiting(t: Translator, asked: Asked, now: datetime) -> str:
    """How long the person has been waiting, for officers."""
    if asked.waiting_since is None:
        return t("answered")
    return t("waiting for {time}", time=_span(t, now - asked.waiting_since))


def writes_in(t: Translator, asked: Asked) -> str:
    """A word on the person's language where it isn't the officer's."""
    if asked.language is t.language:
        return ""
    return t("The person writes English.") if asked.language is Language.EN else t("The person writes Vietnamese.")


def conversation(t: Translator, asked: Asked, said: Sequence[Said], viewer: int) -> list[str]:
    """Everything that was said, one text per message, as officers see it."""
    person = name(t, asked.asker)
    lines = [f"{person}, {t.moment(asked.created_at)}:\n{asked.question}"]
    for each in said:
        author = t("You") if each.from_officer and each.author_id == viewer else name(t, each.author)
        lines.append(f"{author if each.from_officer else person}, {t.moment(each.at)}:\n{each.text}")
    return lines


def quoted(text: str) -> str:
    """As much of a text as is needed to recognise it."""
    return text if len(text) <= QUOTED else text[: QUOTED - 1] + "…"


def name(t: Translator, known: str | None) -> str:
    """A person's name, or words in its place."""
    return known or t("somebody without a name")


def _span(t: Translator, length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    if minutes < 60:
        return t.plural("{number} minute", "{number} minutes", minutes)
    if minutes < 24 * 60:
        return t.plural("{number} hour", "{number} hours", minutes // 60)
    return t.plural("{number} day", "{number} days", minutes // (24 * 60))
