"""What one can sign up for: support programmes, events, each with a page of its own, and the way into the form."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.applications import filed_applications
from bot.services.applications.filed_applications import Filed
from bot.services.businesses import businesses
from bot.services.forms import drafts
from bot.services.offerings import offerings
from bot.services.offerings.offerings import Kind, Offered
from handlers.commands import number
from handlers.menu import MENU
from handlers.reporting.report_pages import busy
from handlers.signing_up import drafting, form_pages, half_filled, offering_pages, registered, which_business
from handlers.signing_up.form_pages import shortened
from handlers.signing_up.which_business import OTHER
from handlers.turn import Turn

AT_ONCE = 8
# What a person has said on the way into a form: to drop an unfinished one, to leave whatever else they are in the
# middle of; and for which enterprise it is, in the words of `which_business`.
ANEW, ANYWAY = "anew", "anyway"


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The commands for signing up, and the buttons of their pages."""
    match turn.command:
        case "register":
            return [await _what(turn)]
        case "events":
            return [await _list(turn, Kind.EVENT, 0)]
    match turn.press:
        case ("offer", "list", "programme" | "event" as kind, start):
            return [await _list(turn, Kind(kind), number(start))]
        case ("offer", "show", offering):
            return [await _show(turn, number(offering))]
        case ("offer", "join", offering, *agreed):
            return await _join(turn, number(offering), agreed)
    return None


async def _what(turn: Turn) -> Reply:
    t = turn.t
    text = t(
        "Programmes are the lines of support named by the plan, for which an enterprise registers its need. "
        "Events have a date and a number of seats."
    )
    rows: list[tuple[Button, ...]] = []
    unfinished = half_filled.reminder(await drafting.all_of(turn), turn)
    if unfinished is not None:
        line, button = unfinished
        text = f"{line}\n\n{text}"
        rows.append((button,))
    rows += [
        (Button(t("Support programmes"), "offer:list:programme:0"), Button(t("Events"), "offer:list:event:0")),
        (Button(t("Which programmes fit us?"), "fit:start"),),
        (Button(t("My registrations"), "do:applications"), Button(t("Menu"), MENU)),
    ]
    return turn.say(text, title=t("What would you like to register for?"), buttons=tuple(rows), instead=True)


async def _list(turn: Turn, kind: Kind, start: int) -> Reply:
    t = turn.t
    found = await offerings.listed(turn.connection, kind, now=turn.now, offset=start, limit=AT_ONCE + 1)
    shown = found[:AT_ONCE]
    title = t("Events") if kind is Kind.EVENT else t("Support programmes")
    if not shown:
        return _nothing(turn, kind, title)
    if kind is Kind.EVENT:
        # The buttons say what there is; when, and whether there is room, stands here.
        text = "\n".join(offering_pages.in_short(turn, place, event) for place, event in enumerate(shown, start=1))
        footnote = t("Press one, or type its number, to read more and to register.")
    else:
        text, footnote = t("Choose a line of support to read more and to register your need."), ""
    rows: list[tuple[Button, ...]] = [
        (Button(shortened(offering.title(t.language)), f"offer:show:{offering.id}"),) for offering in shown
    ]
    turning = []
    if start:
        turning.append(Button(t("Previous"), f"offer:list:{kind.value}:{max(0, start - AT_ONCE)}"))
    if len(found) > AT_ONCE:
        turning.append(Button(t("More"), f"offer:list:{kind.value}:{start + AT_ONCE}"))
    rows += [tuple(turning)] if turning else []
    rows.append((Button(t("Back"), "do:register"), Button(t("Menu"), MENU)))
    return turn.say(text, title=title, footnote=footnote, buttons=tuple(rows), instead=True)


def _nothing(turn: Turn, kind: Kind, title: str) -> Reply:
    t = turn.t
    if kind is Kind.EVENT:
        text = t("There is no event to register for at the moment. You can register a need for support instead.")
        other = Button(t("Support programmes"), "offer:list:programme:0")
    else:
        text = t("There is no line of support to register for at the moment. Please look at the events instead.")
        other = Button(t("Events"), "offer:list:event:0")
    return turn.say(text, title=title, buttons=((other,), (Button(t("Menu"), MENU),)), instead=True)


async def _show(turn: Turn, offering_id: int) -> Reply:
    offering = await offerings.get(turn.connection, offering_id)
    if offering is None or not offering.active:
        return _unavailable(turn)
    t = turn.t
    mine = await filed_applications.for_offering(turn.connection, turn.person.contact_id, offering.id)
    lines = [offering.text("summary", t.language), "", *offering_pages.facts(turn, offering)]
    lines += ["", offering.text("note", t.language)]
    rows: list[tuple[Button, ...]] = []
    if mine is not None:
        lines += ["", t("You are registered: {code}.", code=mine.code) + " " + registered.status_line(turn, mine)]
        rows.append((Button(t("See the registration"), f"app:show:{mine.id}"),))
    closed = offering_pages.closed(turn, offering)
    if closed:
        lines += ["", closed]
    else:
        rows.append((Button(offering_pages.join_label(turn, offering), f"offer:join:{offering.id}"),))
    rows.append((Button(t("Back"), f"offer:list:{offering.kind.value}:0"), Button(t("Menu"), MENU)))
    source = offering.details.get("source")
    return turn.say(
        "\n".join(lines),
        title=offering.title(t.language),
        footnote=t("Source: Plan No. 50/KH-UBND, section {section}", section=source) if source else "",
        buttons=tuple(rows),
        instead=True,
    )


async def _join(turn: Turn, offering_id: int, said: Sequence[str]) -> Sequence[Reply]:
    """Into the form, after each question that has to be settled before: ``said`` has the words of those that are."""
    offering = await offerings.get(turn.connection, offering_id)
    if offering is None or not offering.active:
        return [_unavailable(turn)]
    if offering_pages.closed(turn, offering):
        return [await _show(turn, offering_id)]
    kept = await drafts.for_offering(turn.connection, turn.person.contact_id, offering.id)
    if kept is not None and ANEW not in said:
        return [_unfinished(turn, offering, kept.id, ":".join(("offer", "join", str(offering.id), *said, ANEW)))]
    mine = await businesses.of_contact(turn.connection, turn.person.contact_id)
    chosen = which_business.chosen(mine, said)
    if chosen is None and OTHER not in said:
        if len(mine) > 1:
            press = ":".join(("offer", "join", str(offering.id), *(word for word in said if word == ANEW)))
            title, back = offering.title(turn.t.language), f"offer:show:{offering.id}"
            return [which_business.page(turn, title, mine, press=press, back=back)]
        chosen = mine[0] if mine else None
    if chosen is not None:
        filed = await filed_applications.for_offering(turn.connection, turn.person.contact_id, offering.id)
        if filed is not None and filed.business_id == chosen.id:
            return [_registered_already(turn, offering, filed)]
    settled = (*(word for word in said if word != ANYWAY), *(() if chosen is None else (f"b{chosen.id}",)))
    anyway = ":".join(("offer", "join", str(offering.id), *dict.fromkeys(settled), ANYWAY))
    warning = None if ANYWAY in said else busy(turn, anyway)
    if warning:
        return [warning]
    begun = await drafting.begin(turn, offering, chosen, not_for=() if chosen else tuple(each.id for each in mine))
    return [form_pages.page(turn, begun.form, begun.draft)]


def _registered_already(turn: Turn, offering: Offered, filed: Filed) -> Reply:
    t = turn.t
    return turn.say(
        t("You are registered: {code}.", code=filed.code)
        + " "
        + registered.status_line(turn, filed)
        + "\n\n"
        + t("An enterprise can register once. You can register another enterprise."),
        title=offering.title(t.language),
        buttons=(
            (Button(t("See the registration"), f"app:show:{filed.id}"),),
            (Button(t("Register another enterprise"), f"offer:join:{offering.id}:{OTHER}"),),
            (Button(t("Menu"), MENU),),
        ),
        instead=True,
    )


def _unfinished(turn: Turn, offering: Offered, draft_id: str, anew: str) -> Reply:
    t = turn.t
    return turn.say(
        t("You have an unfinished registration: {title}.", title=offering.title(t.language))
        + "\n\n"
        + t("Would you like to continue it, or to start anew? Starting anew deletes what you entered there."),
        buttons=(
            (Button(t("Continue the registration"), f"form:resume:{draft_id}"),),
            (Button(t("Start anew"), anew),),
            (Button(t("Back"), f"offer:show:{offering.id}"),),
        ),
        instead=True,
    )


def _unavailable(turn: Turn) -> Reply:
    t = turn.t
    return turn.say(
        t("This is not open for registration. Please choose another."),
        buttons=(
            (Button(t("Support programmes"), "offer:list:programme:0"), Button(t("Events"), "offer:list:event:0")),
            (Button(t("Menu"), MENU),),
        ),
    )
