"""The officers' desk: the tickets that are theirs, one ticket with its whole conversation, take and close."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import SEVERAL, Button, Reply
from bot.services.announcing import broadcasts
from bot.services.tickets import ticket_changes, ticket_notices, ticket_routing, ticket_texts, tickets
from bot.services.tickets.ticket_changes import Outcome, Result
from bot.services.tickets.ticket_notices import Office
from bot.services.tickets.tickets import Asked, Status
from handlers.commands import number
from handlers.officers import officer_dialog as dialog
from handlers.turn import Turn

LISTED = 5
LABEL = 40
# UTF-16 units of conversation on one page, so that it is one message of every channel.
PAGE = 3000


async def pressed(turn: Turn, said: dict[str, object], verb: str, argument: str, more: str) -> Sequence[Reply]:
    """The buttons under a ticket, a list or a notice. Only what is theirs to answer exists for an officer."""
    if verb not in ("show", "take", "instead", "close", "closed"):
        return [await open_tickets(turn, said, number(argument) if verb == "list" else 0)]
    await step_away(turn, said)
    office = await dialog.office(turn)
    asked = await theirs(turn, office, argument)
    if asked is None:
        return [no_such(turn)]
    match verb:
        case "take":
            return [await _take(turn, office, asked)]
        case "instead":
            return [await _take(turn, office, asked, instead_of=number(more))]
        case "close" if asked.status is not Status.CLOSED and not asked.is_with_other_than(turn.person.contact_id):
            return [_ask_to_close(turn, asked)]
        case "closed":
            return [await _close(turn, office, asked)]
    return [await page(turn, asked, part=number(more))]


async def open_tickets(turn: Turn, said: dict[str, object], start: int = 0) -> Reply:
    """The tickets that are an officer's to answer, the oldest first."""
    t, me = turn.t, turn.person.contact_id
    await step_away(turn, said)
    office = await dialog.office(turn)
    officer = office.staff.officers[me]
    found = await tickets.listed(turn.connection, officer, office.staff, offset=start, limit=LISTED + 1)
    shown = found[:LISTED]
    rows: list[tuple[Button, ...]] = [
        (Button(f"{each.id}. {_shortened(each.question)}", f"officer:show:{each.id}"),) for each in shown
    ]
    moves = []
    if start:
        moves.append(Button(t("Earlier ones"), f"officer:list:{max(start - LISTED, 0)}"))
    if len(found) > LISTED:
        moves.append(Button(t("Later ones"), f"officer:list:{start + LISTED}"))
    if moves:
        rows.append(tuple(moves))
    own = (
        Button(t("Ask a question myself"), "officer:ask")
        if turn.person.ticket_id is None
        else Button(t("My own question"), "officer:mine")
    )
    rows.append((own, *dialog.menu(turn)[0]))
    lines = [t("No question is waiting for an answer.")]
    if shown:
        lines = [t("These conversations are open, the oldest first. Choose one to see it and to answer.")]
        lines += [_line(turn, each) for each in shown]
    return turn.say(
        "\n\n".join(lines),
        title=t("Questions to officers"),
        buttons=tuple(rows),
        instead=True,
        ticket=SEVERAL,
    )


async def page(turn: Turn, asked: Asked, *, part: int = 0, note: str = "") -> Reply:
    """A ticket with its whole conversation, its newest part first; ``note`` says what has just happened."""
    t, me = turn.t, turn.person.contact_id
    parts = _parts(ticket_texts.conversation(t, asked, await tickets.messages(turn.connection, asked.id), me))
    shown = part if 1 <= part <= len(parts) else len(parts)
    lines = [
        note,
        ticket_routing.name(turn.known, asked.agency_slug, t.language),
        ticket_texts.whose(t, asked, me),
        "" if asked.status is Status.CLOSED else t("Person: {state}", state=ticket_texts.waiting(t, asked, turn.now)),
        ticket_texts.writes_in(t, asked),
    ]
    moves = []
    if shown > 1:
        moves.append(Button(t("Earlier messages"), f"officer:show:{asked.id}:{shown - 1}"))
    if shown < len(parts):
        moves.append(Button(t("Later messages"), f"officer:show:{asked.id}:{shown + 1}"))
    return turn.say(
        "\n".join(filter(None, lines)) + "\n\n" + "\n\n".join(parts[shown - 1]),
        title=ticket_texts.heading(t, asked),
        buttons=(
            *ticket_texts.actions(t, asked, me),
            *((tuple(moves),) if moves else ()),
            (Button(t("All questions"), "officer:list"), *dialog.menu(turn)[0]),
        ),
        instead=True,
        ticket=asked.id,
    )


async def theirs(turn: Turn, office: Office, argument: str) -> Asked | None:
    """A ticket by the number in a button, if it is this officer's to answer."""
    asked = await tickets.find(turn.connection, number(argument))
    officer = office.staff.officers.get(turn.person.contact_id)
    return asked if asked is not None and officer is not None and office.staff.sees(officer, asked) else None


def no_such(turn: Turn) -> Reply:
    """The answer to the number of a ticket that isn't there, or isn't theirs."""
    rows = ((Button(turn.t("All questions"), "officer:list"), *dialog.menu(turn)[0]),)
    return turn.say(turn.t("There is no such question."), buttons=rows)


def why_not(turn: Turn, result: Result) -> str:
    """What came in between when an officer was not the first; the ticket's page says who was."""
    t = turn.t
    match result.outcome:
        case Outcome.OTHERS:
            return t("Somebody else has taken this question.")
        case Outcome.ALREADY:
            return t("You have this question already.")
    return t("This conversation has ended.")


async def step_away(turn: Turn, said: dict[str, object]) -> None:
    """Looking at something else: a number typed there is no answer. A text that was typed already is kept."""
    if said.get("step") == "answer" and "answer" not in said:
        await dialog.leave(turn, said)
        said.clear()


async def _take(turn: Turn, office: Office, asked: Asked, *, instead_of: int | None = None) -> Reply:
    t, me = turn.t, turn.person.contact_id
    result = await ticket_changes.take(turn.connection, asked.id, me, turn.now, instead_of=instead_of)
    if result.asked is None:
        return no_such(turn)
    if result.outcome is not Outcome.DONE:
        return await page(turn, result.asked, note=why_not(turn, result))
    former = instead_of if asked.is_with_other_than(me) else None
    await ticket_notices.tell_taken(office, result.asked, by=me, instead_of=former)
    note = t("This question is yours now. The person has been told, and what they write comes to you.")
    return await page(turn, result.asked, note=note)


def _ask_to_close(turn: Turn, asked: Asked) -> Reply:
    t = turn.t
    text = t("Shall the conversation be closed? The person is told, and the assistant answers them again.")
    if asked.waiting_since is not None:
        text += " " + t("Their last message has no answer yet.")
    return turn.say(
        text,
        title=ticket_texts.heading(t, asked),
        buttons=(
            (Button(t("Yes, close it"), f"officer:closed:{asked.id}"),),
            (Button(t("No, leave it open"), f"officer:show:{asked.id}"),),
        ),
        ticket=asked.id,
    )


async def _close(turn: Turn, office: Office, asked: Asked) -> Reply:
    t, me = turn.t, turn.person.contact_id
    result = await ticket_changes.close(turn.connection, asked.id, me, turn.now)
    if result.asked is None:
        return no_such(turn)
    if result.outcome is not Outcome.DONE:
        return await page(turn, result.asked, note=why_not(turn, result))
    await ticket_notices.tell_closed(office, result.asked, by=me)
    note = t("The conversation is closed. The person has been told, and the assistant answers them again.")
    return await page(turn, result.asked, note=note)


def _line(turn: Turn, asked: Asked) -> str:
    t = turn.t
    parts = [
        t("No. {number}, {name}", number=asked.id, name=ticket_texts.name(t, asked.asker)),
        ticket_routing.name(turn.known, asked.agency_slug, t.language),
        ticket_texts.waiting(t, asked, turn.now),
    ]
    if asked.taken_by == turn.person.contact_id:
        parts.append(t("you have it"))
    elif asked.taken_by is not None:
        parts.append(t("{name} has it", name=ticket_texts.name(t, asked.taker)))
    else:
        parts.append(t("nobody has it"))
    return " · ".join(parts)


def _parts(conversation: Sequence[str]) -> list[list[str]]:
    """The conversation cut into pages, between messages."""
    parts: list[list[str]] = [[]]
    room = PAGE
    for each in conversation:
        length = broadcasts.length(each)
        if parts[-1] and length > room:
            parts.append([])
            room = PAGE
        parts[-1].append(each)
        room -= length
    return parts


def _shortened(question: str) -> str:
    return " ".join((question if len(question) <= LABEL else question[: LABEL - 1] + "…").split())
