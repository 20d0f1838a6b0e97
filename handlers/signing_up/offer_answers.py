"""Taking a seat that is offered, or doing without it, with a question before."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.applications import offers
from bot.services.applications.filed_applications import Filed
from bot.services.applications.offers import Answer
from bot.services.applications.statuses import Status
from bot.services.offerings import offering_texts
from handlers.menu import MENU
from handlers.signing_up import application_pages, registered
from handlers.turn import Turn


async def ask(turn: Turn, filed: Filed, *, yes: bool) -> Reply:
    """Whether the person really wants that."""
    t = turn.t
    if filed.status is not Status.OFFERED or filed.offered_until is None or filed.offered_until <= turn.now:
        return await application_pages.page(turn, filed, _no_offer(turn, filed))
    lines = [
        filed.title(t.language),
        *offering_texts.time_and_place(filed.details, filed.starts_at, filed.ends_at, t),
        t("Seats: {seats}", seats=t.number(filed.seats)),
        "",
    ]
    if yes:
        title, sure = t("Accept the seat"), Button(t("Yes, I am coming"), f"app:accepted:{filed.id}")
        lines.append(t("Do you accept the seat and come to this event?"))
    else:
        title, sure = t("I cannot come"), Button(t("Yes, pass it on"), f"app:declined:{filed.id}")
        lines.append(
            t("Do you want to do without the seat? It goes to the next in line, and your registration is withdrawn.")
        )
    return turn.say(
        "\n".join(lines),
        title=title,
        buttons=((sure,), (Button(t("Back"), f"app:show:{filed.id}"), Button(t("Menu"), MENU))),
        instead=True,
    )


async def answer(turn: Turn, before: Filed, *, yes: bool) -> Sequence[Reply]:
    """Accept or decline, and what came of it."""
    t = turn.t
    act = offers.accept if yes else offers.decline
    answered = await act(
        turn.connection,
        turn.person.contact_id,
        before.id,
        translators=turn.translators,
        office=await turn.office_hours(),
        now=turn.now,
    )
    if answered is None:
        return [application_pages.not_yours(turn)]
    if answered.outcome is not Answer.DONE:
        return [await application_pages.page(turn, answered.filed, _no_offer(turn, answered.filed))]
    if yes:
        return [registered.confirmed(turn, answered.filed)]
    note = t("You have passed the seat on, and the registration {code} is withdrawn.", code=before.code)
    return [await application_pages.page(turn, answered.filed, note)]


def _no_offer(turn: Turn, filed: Filed) -> str:
    t = turn.t
    match filed.status:
        case Status.CONFIRMED:
            return t("The seat has been accepted already.")
        case Status.OFFERED | Status.WITHDRAWN:
            return t(
                "This offer no longer stands. If you would still like to come and the event takes registrations, "
                "you can register again."
            )
        case _:
            return t("No seat is offered to this registration at the moment.")
