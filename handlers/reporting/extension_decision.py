"""Decide agencies' requests for more time: operators are told, one presses, the asker hears of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Person, Reply, Role
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.messages import outbox
from bot.services.people import contacts
from bot.services.reporting import extensions, report_texts
from bot.services.reporting.extensions import Outcome, Request
from handlers.menu import MENU
from handlers.reporting import report_pages
from handlers.turn import Turn


async def tell_operators(turn: Turn, request: Request, calendar: WorkingCalendar) -> int:
    """Put the request before those who may decide it; the asker only if nobody else may."""
    operators = await contacts.staff(turn.connection, Role.OPERATOR)
    others = [contact_id for contact_id in operators if contact_id != turn.person.contact_id]

    def notice(person: Person) -> Reply:
        return _to_decide(turn.in_language(person.language), request, calendar)

    return sum(
        [
            await outbox.notify(
                turn.connection, contact_id, f"extension:{request.id}:asked:{contact_id}", notice, now=turn.now
            )
            for contact_id in others or operators
        ]
    )


def _to_decide(turn: Turn, request: Request, calendar: WorkingCalendar) -> Reply:
    t = turn.t
    return turn.say(
        report_texts.request(request, turn.known, report_pages.today(turn), calendar, t),
        title=t("Request for more time"),
        buttons=(
            (
                Button(t("Grant"), f"extension:grant:{request.id}"),
                Button(t("Refuse"), f"extension:refuse:{request.id}"),
            ),
            (Button(t("Menu"), MENU),),
        ),
    )


async def decide(turn: Turn, verb: str, extension_id: int) -> Sequence[Reply]:
    """An operator looks at a request (``show``), grants or refuses it."""
    t = turn.t
    calendar = await working_days.load(turn.connection)
    if verb == "show":
        found = await extensions.find(turn.connection, extension_id, contact_id=turn.person.contact_id)
        if found is None:
            return [_may_not(turn)]
        return [_to_decide(turn, found, calendar)] if found.status == "asked" else [_decided(turn, found)]
    result = await extensions.decide(
        turn.connection,
        extension_id,
        contact_id=turn.person.contact_id,
        granted=verb == "grant",
        known=turn.known,
        calendar=calendar,
        zone=t.zone,
        now=turn.now,
    )
    if result is None or result.request is None:
        return [_may_not(turn)]
    if result.outcome is Outcome.OWN:
        return [turn.say(t("You made this request yourself; another officer has to decide it."))]
    if result.outcome is Outcome.DONE:
        await _tell_asker(turn, result.request)
    return [_decided(turn, result.request)]


def _decided(turn: Turn, request: Request) -> Reply:
    t = turn.t
    report = t(
        "{agency}: {title}",
        agency=request.owed.agency.in_language(t.language),
        title=report_texts.title(request.owed, turn.known, t),
    )
    if request.status == "closed" or request.decided is None:
        text = t("The report has been handed in meanwhile; nothing is left to decide.")
    else:
        name = report_texts.who(request.decided, turn.person.contact_id, t)
        when = t.moment(request.decided.at)
        if request.status == "granted":
            text = t(
                "Granted by {name} at {when}. The new due date is {date}.",
                name=name,
                when=when,
                date=t.date(request.until),
            )
        else:
            text = t(
                "Refused by {name} at {when}. The due date stays {date}.",
                name=name,
                when=when,
                date=t.date(request.owed.due_on),
            )
    return turn.say(
        f"{report}\n{text}", title=t("Request for more time"), buttons=((Button(t("Menu"), MENU),),), instead=True
    )


def _may_not(turn: Turn) -> Reply:
    return turn.say(
        turn.t("You can't decide this request, or it no longer exists."),
        buttons=((Button(turn.t("Menu"), MENU),),),
    )


async def _tell_asker(turn: Turn, request: Request) -> None:
    if request.asked.contact_id is None:
        return
    granted = request.status == "granted"

    def notice(person: Person) -> Reply:
        t = turn.in_language(person.language).t
        lines = [
            report_texts.title(request.owed, turn.known, t),
            request.owed.agency.in_language(t.language),
            t("The new due date is {date}.", date=t.date(request.until))
            if granted
            else t("The due date stays {date}.", date=t.date(request.owed.due_on)),
        ]
        return Reply(
            text="\n".join(lines),
            language=person.language,
            title=t("More time granted") if granted else t("More time refused"),
            buttons=report_texts.actions(request.owed, t),
        )

    await outbox.notify(
        turn.connection, request.asked.contact_id, f"extension:{request.id}:decided", notice, now=turn.now
    )
