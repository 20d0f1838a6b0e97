"""Writing an answer: typed, shown once more as the person will read it, sent."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.people.officers import is_officer
from bot.services.tickets import ticket_changes, ticket_notices, ticket_texts, tickets
from bot.services.tickets.ticket_changes import Outcome
from bot.services.tickets.ticket_notices import Office
from bot.services.tickets.tickets import LONGEST_MESSAGE, Asked, Status
from bot.vietnamese import clean
from handlers.officers import officer_desk
from handlers.officers import officer_dialog as dialog
from handlers.turn import Turn


async def pressed(turn: Turn, said: dict[str, object], verb: str, argument: str) -> Sequence[Reply]:
    """The button under a ticket that answers it, and those under the preview."""
    if verb == "answer":
        return [await _begin(turn, said, argument)]
    if said.get("step") != "check":
        return [await officer_desk.open_tickets(turn, said)]
    if verb == "rewrite":
        return [await _begin(turn, said, str(said["ticket"]))]
    return [await _send(turn, said)]


async def typed(turn: Turn, said: dict[str, object]) -> Sequence[Reply]:
    """Take the typed answer, and show it before it is sent."""
    t = turn.t
    if not is_officer(turn.person):
        await dialog.leave(turn, said)
        return [turn.say(t("Only officers can answer questions."), buttons=dialog.menu(turn))]
    answer = clean(turn.text)
    problem = dialog.problem(t, answer, LONGEST_MESSAGE)
    if problem:
        return [turn.say(problem, buttons=(dialog.drop(turn),))]
    await dialog.go(turn, said, step="check", answer=answer)
    return [await checked(turn, said | {"answer": answer})]


async def checked(turn: Turn, said: dict[str, object]) -> Reply:
    """The answer exactly as the person will read it, with the button that sends it."""
    t = turn.t
    office = await dialog.office(turn)
    asked = await officer_desk.theirs(turn, office, str(said["ticket"]))
    if asked is None:
        await dialog.leave(turn, said)
        return officer_desk.no_such(turn)
    theirs = turn.translators.for_language(asked.reads)
    agency = ticket_notices.speaks(office, turn.person.contact_id, theirs)
    preview = ticket_texts.answer(theirs, asked, str(said["answer"]), agency, first=asked.answered_at is None)
    return turn.say(
        t("This is what the person gets:") + "\n\n" + preview.plain,
        buttons=(
            (Button(t("Send the answer"), "officer:reply"),),
            (Button(t("Change it"), "officer:rewrite"), *dialog.drop(turn)),
        ),
        ticket=asked.id,
    )


async def _begin(turn: Turn, said: dict[str, object], argument: str) -> Reply:
    """Ask an officer for the answer, unless somebody else has the ticket or it is closed."""
    t = turn.t
    asked = await officer_desk.theirs(turn, await dialog.office(turn), argument)
    if asked is None:
        return officer_desk.no_such(turn)
    if asked.status is Status.CLOSED:
        return await officer_desk.page(turn, asked, note=t("This conversation has ended."))
    if asked.is_with_other_than(turn.person.contact_id):
        return await officer_desk.page(turn, asked, note=t("Somebody else has taken this question."))
    last = await tickets.messages(turn.connection, asked.id, limit=1)
    parts = [
        t("Please type your answer, as one message of at most {limit} characters.", limit=t.number(LONGEST_MESSAGE)),
        last[0].text if last else asked.question,
    ]
    if said.get("answer"):
        parts.append(t("What you typed so far:") + "\n" + str(said["answer"]))
    await dialog.go(turn, said, step="answer", ticket=asked.id)
    return turn.say(
        "\n\n".join(parts), title=ticket_texts.heading(t, asked), buttons=(dialog.drop(turn),), ticket=asked.id
    )


async def _send(turn: Turn, said: dict[str, object]) -> Reply:
    """Pass the answer on; of two officers the faster one does."""
    t, me, text = turn.t, turn.person.contact_id, str(said["answer"])
    office = await dialog.office(turn)
    before = await officer_desk.theirs(turn, office, str(said["ticket"]))
    await dialog.leave(turn, said)
    if before is None:
        return officer_desk.no_such(turn)
    result = await ticket_changes.answer(turn.connection, before.id, me, text, hours=office.hours, now=turn.now)
    if result.asked is None:
        return officer_desk.no_such(turn)
    if result.outcome is not Outcome.DONE:
        unsent = t("Your own text was not sent:") + "\n" + text
        note = officer_desk.why_not(turn, result) + "\n\n" + unsent
        return await officer_desk.page(turn, result.asked, note=note)
    told = await _told(office, turn, result.asked, text, result.message_id, first=before.answered_at is None)
    return turn.say(
        dialog.with_what_was_before(turn, said, told),
        title=ticket_texts.heading(t, result.asked),
        buttons=(
            *ticket_texts.actions(t, result.asked, me),
            (Button(t("All questions"), "officer:list"), *dialog.menu(turn)[0]),
        ),
        instead=True,
        ticket=result.asked.id,
    )


async def _told(office: Office, turn: Turn, asked: Asked, text: str, message_id: int, *, first: bool) -> str:
    t = turn.t
    if await ticket_notices.pass_on_answer(office, asked, text, message_id, by=turn.person.contact_id, first=first):
        return t("Your answer to question No. {number} is on its way.", number=asked.id)
    return t("Your answer has been kept, but the person can't be reached, because they blocked the assistant.")
