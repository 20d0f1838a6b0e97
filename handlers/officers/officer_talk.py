"""The person's side of a conversation with officers: the assistant is silent, commands and buttons go on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Kind, Reply
from bot.services.tickets import ticket_changes, ticket_notices, ticket_routing, ticket_texts, tickets
from bot.services.tickets.ticket_changes import MOST_UNANSWERED, Outcome
from bot.services.tickets.tickets import LONGEST_MESSAGE, Asked, Status
from bot.vietnamese import clean
from handlers.officers import officer_dialog as dialog
from handlers.turn import Turn

LAST_SHOWN = 2


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """Whatever else is said by somebody in a conversation: a text is passed on and gets no answer from here."""
    if turn.person.ticket_id is None or turn.command or turn.press:
        return None
    if turn.incoming.kind is Kind.TEXT and clean(turn.text):
        return await _pass_on(turn, turn.text)
    if await current(turn) is None:
        return None
    return [turn.say(turn.t("Please type it as text; files can't be passed on yet."))]


async def current(turn: Turn) -> Asked | None:
    """The conversation that the person is in."""
    return await tickets.current(turn.connection, turn.person.contact_id, turn.person.ticket_id)


async def page(turn: Turn) -> Sequence[Reply] | None:
    """How the person's conversation stands, and what was said last; None when they are in none."""
    asked = await current(turn)
    if asked is None:
        return None
    t = turn.t
    office = await dialog.office(turn)
    last = await tickets.messages(turn.connection, asked.id, limit=LAST_SHOWN)
    lines = [ticket_routing.name(turn.known, asked.agency_slug, t.language), _state(turn, asked)]
    if asked.waiting_since is not None:
        lines.append(ticket_texts.nobody_on_duty(t, office.hours, turn.now))
    lines = [*filter(None, lines), ""]
    if len(last) < LAST_SHOWN:
        lines.append(_line(turn, asked.question, from_officer=False))
    lines += [_line(turn, each.text, from_officer=each.from_officer) for each in last]
    lines += ["", dialog.while_open(t)]
    return [
        turn.say(
            "\n".join(lines),
            title=ticket_texts.your_question(t, asked),
            buttons=((Button(t("End the conversation"), f"officer:end:{asked.id}"), *dialog.menu(turn)[0]),),
        )
    ]


async def add(turn: Turn, text: str) -> Sequence[Reply] | None:
    """Pass on what came with the command, and show how the conversation stands; None when there is none."""
    if not clean(text):
        return await page(turn)
    refused = await _pass_on(turn, text)
    return refused or await page(turn)


async def ask_to_end(turn: Turn, number: str = "") -> Sequence[Reply] | None:
    """Ask whether the conversation shall end; None when the person is in none, or in another than ``number``."""
    asked = await current(turn)
    if asked is None or number not in ("", str(asked.id)):
        return None
    t = turn.t
    text = t("Shall the conversation end? Then the assistant answers you again, and the officers are told.")
    return [
        turn.say(
            text,
            title=ticket_texts.your_question(t, asked),
            buttons=(
                (Button(t("Yes, end it"), f"officer:ended:{asked.id}"),),
                (Button(t("No, go on with it"), "officer:mine"),),
            ),
            instead=True,
        )
    ]


async def end(turn: Turn, number: str) -> Sequence[Reply] | None:
    """End the person's conversation; None when it isn't theirs, or not the one they are in."""
    asked = await current(turn)
    if asked is None or number != str(asked.id):
        return None
    result = await ticket_changes.close(turn.connection, asked.id, turn.person.contact_id, turn.now)
    if result.outcome is not Outcome.DONE or result.asked is None:
        return None
    await ticket_notices.tell_closed(await dialog.office(turn), result.asked, by=turn.person.contact_id)
    return [ticket_texts.closed(turn.t, result.asked)]


async def pass_on(turn: Turn, asked: Asked, text: str, *, to_lead: bool = False) -> Outcome:
    """Say something in the person's conversation and tell the officers; ``to_lead`` also the lead agency's."""
    office = await dialog.office(turn)
    result = await ticket_changes.ask_on(turn.connection, asked, text, hours=office.hours, now=turn.now)
    if result.outcome is not Outcome.DONE or result.asked is None:
        return result.outcome
    also = [each for each in office.staff.leading() if each != turn.person.contact_id] if to_lead else []
    if to_lead:
        await ticket_changes.share(turn.connection, asked.id)
    await ticket_notices.tell_of_more(office, result.asked, text, result.message_id, also=also)
    return Outcome.DONE


async def _pass_on(turn: Turn, typed: str) -> Sequence[Reply] | None:
    """No replies when it was passed on, why it was not, or None when the conversation is over."""
    asked = await current(turn)
    if asked is None:
        return None
    t, text = turn.t, clean(typed)
    problem = dialog.problem(t, text, LONGEST_MESSAGE, shortest=1)
    if problem:
        return [turn.say(problem)]
    match await pass_on(turn, asked, text):
        case Outcome.DONE:
            return []
        case Outcome.FULL:
            sentence = t(
                "This was not passed on: {number} messages of yours are waiting for an answer already. "
                "Please wait for the officer. /officer shows the conversation.",
                number=MOST_UNANSWERED,
            )
            return [turn.say(sentence)]
    # An officer closed it in this very moment, and the person has been told.
    await tickets.current(turn.connection, turn.person.contact_id, turn.person.ticket_id)
    return None


def _state(turn: Turn, asked: Asked) -> str:
    t = turn.t
    if asked.waiting_since is None:
        return t("An officer has answered you.")
    if asked.status is Status.TAKEN:
        return t("An officer has seen it and will answer here.")
    return t("It is waiting for an officer.")


def _line(turn: Turn, text: str, *, from_officer: bool) -> str:
    author = turn.t("Officer") if from_officer else turn.t("You")
    return f"{author}: {ticket_texts.quoted(text)}"
