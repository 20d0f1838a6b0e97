"""Asking an officer. The question is shown once more, with the agency it goes to, before it is passed on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.learning import last_questions
from bot.services.people.officers import LEAD
from bot.services.tickets import ticket_changes, ticket_notices, ticket_routing, ticket_texts
from bot.services.tickets.tickets import LONGEST_QUESTION, Asked
from bot.vietnamese import clean
from handlers.officers import officer_dialog as dialog
from handlers.turn import Turn


async def pressed(turn: Turn, said: dict[str, object], verb: str, argument: str) -> Sequence[Reply] | None:
    """The buttons of asking; None for one that belongs to another step. The person is in no conversation."""
    match verb:
        case "ask":
            return [await ask(turn, said, argument)]
        case "last":
            return [await _offer_last(turn, said)]
    if said.get("step") not in ("confirm", "agency"):
        return None
    match verb:
        case "change":
            return [await ask(turn, said)]
        case "agencies":
            await dialog.go(turn, said, step="agency")
            return [_agencies(turn)]
        case "agency" if argument in {agency.slug for agency in ticket_routing.departments(turn.known)}:
            return [await _to_confirm(turn, said, agency=argument, chosen=True)]
        case "agency" | "confirm":
            return [await _to_confirm(turn, said)]
        case "send" if said["step"] == "confirm":
            return [await _hand_over(turn, said)]
    return None


async def ask(turn: Turn, said: dict[str, object], entry_id: str = "") -> Reply:
    """Ask for the question; one that follows up an answer goes to the agency of that answer."""
    t = turn.t
    agency = ticket_routing.of_entry(turn.known, entry_id) if entry_id else None
    await dialog.go(turn, said, step="question", **({"agency": agency, "chosen": True} if agency else {}))
    parts = [
        t(
            "Please type your question to an officer, as one message of at most {limit} characters.",
            limit=t.number(LONGEST_QUESTION),
        )
    ]
    if said.get("question"):
        parts.append(t("The question so far:") + "\n" + str(said["question"]))
    return turn.say("\n\n".join(parts), buttons=(dialog.drop(turn),), instead=True)


async def typed(turn: Turn, said: dict[str, object], text: str) -> Reply:
    """Take the question, and show it before it is passed on."""
    question = clean(text)
    problem = dialog.problem(turn.t, question, LONGEST_QUESTION)
    if problem:
        await dialog.go(turn, said, step="question")
        return turn.say(problem, buttons=(dialog.drop(turn),))
    agency = said.get("agency") if said.get("chosen") else None
    return await _to_confirm(turn, said, question=question, agency=agency or _agency_of(turn, question))


def shown_once_more(turn: Turn, said: dict[str, object]) -> Reply:
    """The question and where it goes, with the button that sends it; or the agencies to choose from."""
    if said["step"] == "agency":
        return _agencies(turn)
    t = turn.t
    agency = ticket_routing.name(turn.known, _chosen(said), t.language)
    ask = t("Shall this question go to {agency}? Its officers see it with the name of your account.", agency=agency)
    return turn.say(
        f"{ask}\n\n{said['question']}",
        title=t("Your question"),
        buttons=(
            (Button(t("Send this question"), "officer:send"),),
            (Button(t("Change it"), "officer:change"), Button(t("Another agency"), "officer:agencies")),
            dialog.drop(turn),
        ),
    )


async def hand_over(turn: Turn, text: str, agency_slug: str) -> tuple[Asked, bool]:
    """Begin a conversation for somebody who is in none: (it, whether anybody could be told)."""
    office = await dialog.office(turn)
    shared, people = await ticket_notices.reachable_officers(office, agency_slug, but=turn.person.contact_id)
    asked = await ticket_changes.begin(
        turn.connection,
        contact_id=turn.person.contact_id,
        agency_slug=agency_slug,
        language=turn.person.language,
        question=text,
        shared=shared,
        hours=office.hours,
        now=turn.now,
    )
    await ticket_notices.tell_of_new(office, asked, people)
    return asked, bool(people)


async def _offer_last(turn: Turn, said: dict[str, object]) -> Reply:
    """What the assistant could not answer, ready to be passed on."""
    question = await last_questions.last_question(turn.connection, turn.person.contact_id)
    return await typed(turn, said, question) if question else await ask(turn, said)


async def _to_confirm(turn: Turn, said: dict[str, object], **more: object) -> Reply:
    await dialog.go(turn, said, step="confirm", **more)
    return shown_once_more(turn, {**said, **more, "step": "confirm"})


def _chosen(said: dict[str, object]) -> str:
    """Where the question goes; what was begun before agencies could be chosen goes to the lead agency."""
    return str(said.get("agency") or LEAD)


def _agency_of(turn: Turn, question: str) -> str:
    today = turn.today
    return ticket_routing.of_question(turn.known, turn.faq, question, today, turn.person.language)


def _agencies(turn: Turn) -> Reply:
    t = turn.t
    rows = tuple(
        (Button(agency.name.in_language(t.language), f"officer:agency:{agency.slug}"),)
        for agency in ticket_routing.departments(turn.known)
    )
    back = Button(t("Back"), "officer:confirm")
    return turn.say(
        t("Which agency shall the question go to?"), buttons=(*rows, (back, *dialog.drop(turn))), instead=True
    )


async def _hand_over(turn: Turn, said: dict[str, object]) -> Reply:
    t = turn.t
    asked, told = await hand_over(turn, str(said["question"]), _chosen(said))
    await dialog.leave(turn, said)
    agency = ticket_routing.name(turn.known, asked.agency_slug, t.language)
    if told:
        text = t(
            "Your question has been passed on to {agency}. A person answers here, from 8:00 to 17:00 on working days.",
            agency=agency,
        )
    else:
        text = t(
            "Your question to {agency} has been noted. At the moment no officer is connected to the assistant, "
            "so an answer may take a while. Working hours are 8:00 to 17:00 on working days.",
            agency=agency,
        )
    office = await dialog.office(turn)
    parts = [text, ticket_texts.nobody_on_duty(t, office.hours, turn.now), dialog.while_open(t)]
    return turn.say(
        dialog.with_what_was_before(turn, said, "\n\n".join(filter(None, parts))),
        title=ticket_texts.your_question(t, asked),
        buttons=((Button(t("End the conversation"), f"officer:end:{asked.id}"), *dialog.menu(turn)[0]),),
        instead=True,
    )
