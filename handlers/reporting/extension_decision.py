"""Decide agencies' requests for more time: officers are told, one presses, whoever asked hears of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Person, Reply
from bot.services.calendar import working_days
from bot.services.calendar.working_days import WorkingCalendar
from bot.services.messages import outbox
from bot.services.reporting import extensions, receivers, report_texts
from bot.services.reporting.extensions import Outcome, Request
from handlers.menu import MENU
from handlers.turn import Turn

AT_ONCE = 6


async def tell_officers(turn: Turn, request: Request, calendar: WorkingCalendar) -> int:
    """Put the request before those who may decide it; returns how many could be told."""
    staff = await receivers.load(turn.connection)

    told = await outbox.tell(
        turn.connection,
        extensions.told(staff, request, turn.known),
        f"extension:{request.id}:asked",
        lambda person, _: _to_decide(turn.in_language(person.language), request, calendar),
        translators=turn.translators,
        now=turn.now,
        about=request.asked.contact_id,
    )
    return len(told)


async def show(turn: Turn, extension_id: int) -> Sequence[Reply]:
    """A request, for an officer who may decide it: with the two buttons, or with what was decided."""
    found = await extensions.find(turn.connection, extension_id, contact_id=turn.person.contact_id, known=turn.known)
    if found is None:
        return [may_not(turn)]
    if found.status != "asked":
        return [decided(turn, found)]
    return [_to_decide(turn, found, await working_days.load(turn.connection))]


async def decide(turn: Turn, extension_id: int, *, granted: bool, because: str = "") -> Sequence[Reply]:
    """Grant or refuse, and tell whoever asked."""
    calendar = await working_days.load(turn.connection)
    result = await extensions.decide(
        turn.connection,
        extension_id,
        contact_id=turn.person.contact_id,
        granted=granted,
        because=because,
        known=turn.known,
        calendar=calendar,
        zone=turn.t.zone,
        now=turn.now,
    )
    if result is None or result.request is None:
        return [may_not(turn)]
    if result.outcome is Outcome.OWN:
        return [turn.say(turn.t("You made this request yourself; another officer has to decide it."))]
    if result.outcome is Outcome.DONE:
        await _tell_asker(turn, result.request)
    return [decided(turn, result.request)]


async def waiting(turn: Turn, start: int = 0) -> list[Reply]:
    """The requests that wait for this person, the oldest first; nothing when there are none."""
    t = turn.t
    found = await extensions.waiting(turn.connection, contact_id=turn.person.contact_id, known=turn.known)
    if not found:
        return []
    shown = found[start : start + AT_ONCE] or found[:AT_ONCE]
    lines = [
        t(
            "{number}. {agency}: until {date} instead of {due}",
            number=number,
            agency=each.owed.agency.in_language(t.language),
            date=t.short_date(each.until),
            due=t.short_date(each.owed.due_on),
        )
        + f"\n{report_texts.title(each.owed, turn.known, t)}"
        for number, each in enumerate(shown, start=1)
    ]
    rows = [
        (
            Button(
                report_texts.shortened(f"{each.owed.agency.in_language(t.language)}: {t.short_date(each.until)}"),
                f"extension:show:{each.id}",
            ),
        )
        for each in shown
    ]
    if len(found) > start + AT_ONCE:
        rows.append((Button(t("More"), f"extension:list:{start + AT_ONCE}"),))
    return [
        turn.say(
            t("These agencies ask for more time and wait for a decision.") + "\n\n" + "\n\n".join(lines),
            title=t("Requests for more time ({number})", number=t.number(len(found))),
            buttons=(*rows, (Button(t("Menu"), MENU),)),
        )
    ]


def decided(turn: Turn, request: Request) -> Reply:
    """What was decided, by whom and when."""
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
    lines = [report, text, _reason(request, turn)]
    return turn.say(
        "\n".join(line for line in lines if line),
        title=t("Request for more time"),
        buttons=((Button(t("Agency reports"), "do:reports"), Button(t("Menu"), MENU)),),
        instead=True,
    )


def may_not(turn: Turn) -> Reply:
    """For a button of a request that is no business of the person's."""
    return turn.say(
        turn.t("You can't decide this request, or it no longer exists."),
        buttons=((Button(turn.t("Menu"), MENU),),),
    )


def _to_decide(turn: Turn, request: Request, calendar: WorkingCalendar) -> Reply:
    t = turn.t
    return turn.say(
        report_texts.request(request, turn.known, turn.today, calendar, t),
        title=t("Request for more time"),
        buttons=(
            (
                Button(t("Grant"), f"extension:grant:{request.id}"),
                Button(t("Refuse"), f"extension:refuse:{request.id}"),
            ),
            (Button(t("Menu"), MENU),),
        ),
    )


def _reason(request: Request, turn: Turn) -> str:
    if request.status != "refused" or not request.refused_because:
        return ""
    return turn.t("Reason: {reason}", reason=request.refused_because)


async def _tell_asker(turn: Turn, request: Request) -> None:
    if request.asked.contact_id is None:
        return
    granted = request.status == "granted"

    def notice(person: Person) -> Reply:
        theirs = turn.in_language(person.language)
        t = theirs.t
        lines = [
            report_texts.title(request.owed, turn.known, t),
            request.owed.agency.in_language(t.language),
            t("The new due date is {date}.", date=t.date(request.until))
            if granted
            else t("The due date stays {date}.", date=t.date(request.owed.due_on)),
            _reason(request, theirs),
        ]
        return Reply(
            text="\n".join(line for line in lines if line),
            language=person.language,
            title=t("More time granted") if granted else t("More time refused"),
            buttons=report_texts.actions(request.owed, t),
        )

    await outbox.notify(
        turn.connection, request.asked.contact_id, f"extension:{request.id}:decided", notice, now=turn.now
    )
