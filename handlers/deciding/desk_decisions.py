"""Deciding on an application: each step asks, shows what the applicant will read, and acts once.

Who presses too late, because somebody else decided or the applicant withdrew, reads how it stands now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import Button, Reply
from bot.services.applications import decisions, staff_texts
from bot.services.applications.decisions import Decided, Decision
from bot.services.applications.filed_applications import Filed
from bot.services.applications.statuses import IN_REVIEW, STEPS, Status
from bot.services.calendar import working_days
from bot.services.calendar.working_hours import OfficeHours
from bot.services.offerings.offerings import Kind
from bot.vietnamese import clean
from handlers.deciding import desk_dialog, desk_pages
from handlers.deciding.desk_dialog import DESK, Said
from handlers.deciding.desk_pages import button
from handlers.turn import Turn

SHORTEST, LONGEST = 5, 1500


def reasons(turn: Turn, kind: Kind) -> list[str]:
    """Short reasons to choose from; each is a sentence that the applicant reads."""
    t = turn.t
    if kind is Kind.EVENT:
        return [
            t("The event is meant for another group of participants."),
            t("The details given are not enough to confirm a seat."),
            t("The enterprise has been invited to another session with the same contents."),
        ]
    return [
        t("The need is outside what this line of support covers."),
        t("The details given are not enough to look into the need."),
        t("The same need has been received in another application."),
    ]


async def start_review(turn: Turn, filed: Filed) -> Reply:
    decision = await decisions.start_review(
        turn.connection, filed.id, actor_id=turn.person.contact_id, translators=turn.translators, now=turn.now
    )
    done = turn.t("You have taken it under review; the applicant has been told.")
    return await _after(turn, decision, done)


async def ask(turn: Turn, filed: Filed) -> Reply:
    """Ask the officer for the question."""
    t = turn.t
    if filed.status not in IN_REVIEW:
        return await _too_late(turn, filed)
    await desk_dialog.ask(turn, DESK, "ask", filed.id)
    return turn.say(
        t("Please type what the applicant should add, in one message. They get it as it is, and answer in the chat."),
        title=t("Ask for more information: {code}", code=filed.code),
        footnote=filed.business_name,
        buttons=_ways_out(turn, filed),
    )


async def reject(turn: Turn, filed: Filed) -> Reply:
    """Ask the officer for the reason."""
    t = turn.t
    if Status.REJECTED not in STEPS[filed.status]:
        return await _too_late(turn, filed)
    await desk_dialog.ask(turn, DESK, "reject", filed.id)
    choices = reasons(turn, filed.kind)
    return turn.say(
        t("Why is it not accepted? Choose a reason or type one in your own words; the applicant reads it.")
        + "\n\n"
        + "\n".join(f"{place}. {each}" for place, each in enumerate(choices, start=1)),
        title=t("Reject: {code}", code=filed.code),
        footnote=filed.business_name,
        buttons=(
            *(
                (button(t("Reason {number}", number=place), "reason", filed.id, place),)
                for place in range(1, len(choices) + 1)
            ),
            *_ways_out(turn, filed),
        ),
    )


async def approve(turn: Turn, filed: Filed) -> Reply:
    """Ask whether to approve, and say what that means."""
    t = turn.t
    if filed.status not in IN_REVIEW:
        return await _too_late(turn, filed)
    if filed.kind is Kind.EVENT:
        title, yes = t("Approve: {code}", code=filed.code), t("Yes, approve")
        text = t("Shall the application of {name} be approved?", name=filed.business_name)
        what = t("The applicant gets the seats asked for while there are free ones, else a place on the waiting list.")
    else:
        title, yes = t("Accept the need: {code}", code=filed.code), t("Yes, accept it")
        text = t("Shall the need of {name} be accepted?", name=filed.business_name)
        what = t("The applicant is told that the need has been accepted. This is no decision on money.")
    return turn.say(
        f"{text}\n\n{what}",
        title=title,
        buttons=((button(yes, "approved", filed.id),), (button(t("No, back"), "show", filed.id),)),
        instead=True,
    )


async def approved(turn: Turn, filed: Filed) -> Reply:
    t = turn.t
    decision = await decisions.approve(
        turn.connection,
        filed.id,
        actor_id=turn.person.contact_id,
        translators=turn.translators,
        office=await _office(turn),
        now=turn.now,
    )
    is_event = filed.kind is Kind.EVENT
    done = t("Approved; the applicant has been told.") if is_event else t("Accepted; the applicant has been told.")
    if decision is not None and decision.filed.status is Status.WAITLISTED:
        done = t("Approved. There is no free seat, so it is on the waiting list; the applicant has been told.")
    return await _after(turn, decision, done)


async def typed(turn: Turn, said: Said, filed: Filed, text: str) -> Sequence[Reply]:
    """A question or a reason was typed or chosen: show what the applicant will read."""
    t = turn.t
    text = clean(text)
    if not SHORTEST <= len(text) <= LONGEST or not any(letter.isalpha() for letter in text):
        problem = t(
            "Please type a whole sentence, with {shortest} to {longest} characters; this one has {length}.",
            shortest=SHORTEST,
            longest=t.number(LONGEST),
            length=t.number(len(text)),
        )
        again = await (ask(turn, filed) if said.verb == "ask" else reject(turn, filed))
        return [replace(again, text=f"{problem}\n\n{again.text}")]
    checked = await desk_dialog.check(turn, said, text)
    if said.verb == "ask":
        title, yes = t("Check your question"), t("Send the question")
        lead = t("The applicant {name} gets this question:", name=filed.business_name)
    else:
        title, yes = t("Check the reason"), t("Yes, reject")
        lead = t(
            "The application of {name} is not accepted, and the applicant reads this reason:", name=filed.business_name
        )
    return [
        turn.say(
            f"{lead}\n\n{text}",
            title=title,
            footnote=t("Code: {code}", code=filed.code),
            buttons=(
                (button(yes, "send", filed.id, checked.token),),
                (button(t("Type it again"), said.verb, filed.id), button(t("Cancel"), "drop", filed.id)),
            ),
        )
    ]


async def send(turn: Turn, said: Said | None, filed: Filed, token: str) -> Reply:
    """The last confirmation of a question or a rejection; a button of an older preview does nothing."""
    t = turn.t
    if said is None or said.step != "check" or said.about != filed.id or said.token != token:
        note = t("This button belongs to an earlier step and did nothing. This is how the application stands:")
        return await desk_pages.page(turn, filed, note)
    await desk_dialog.leave(turn)
    me = turn.person.contact_id
    if said.verb == "ask":
        decision = await decisions.ask_for_more(
            turn.connection, filed.id, said.text, actor_id=me, translators=turn.translators, now=turn.now
        )
        return await _after(turn, decision, t("The question has been sent. You are told when the applicant answers."))
    decision = await decisions.reject(
        turn.connection,
        filed.id,
        said.text,
        actor_id=me,
        translators=turn.translators,
        office=await _office(turn),
        now=turn.now,
    )
    return await _after(turn, decision, t("The application is not accepted; the applicant has been told why."))


async def _after(turn: Turn, decision: Decision | None, done: str) -> Reply:
    t = turn.t
    if decision is None:
        return desk_pages.no_such(turn)
    match decision.outcome:
        case Decided.DONE:
            note = done
        case Decided.ALREADY:
            note = t("That had been done before; nothing was changed. This is how it stands:")
        case Decided.FULL:
            note = t(
                "There is no free seat and no waiting list, so it was not approved. Raise the number of seats first."
            )
        case Decided.NOT_NOW:
            return await _too_late(turn, decision.filed)
    return await desk_pages.page(turn, decision.filed, note)


async def _too_late(turn: Turn, filed: Filed) -> Reply:
    """Somebody else decided, or the applicant withdrew, in between."""
    t = turn.t
    if filed.status is Status.WITHDRAWN:
        note = t("The applicant has withdrawn this application in the meantime; nothing was changed.")
    else:
        note = t(
            "In the meantime this application is: {status}. Nothing was changed.",
            status=staff_texts.status(filed.status, t),
        )
    return await desk_pages.page(turn, filed, note)


async def _office(turn: Turn) -> OfficeHours:
    return OfficeHours(await working_days.load(turn.connection), turn.t.zone)


def _ways_out(turn: Turn, filed: Filed) -> tuple[tuple[Button, ...], ...]:
    return ((button(turn.t("Cancel"), "drop", filed.id),),)
