"""Who acts for an enterprise: deciding who joins, leaving, and ending the part of a colleague who has left."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Reply
from bot.services.businesses import business_notices, businesses, colleague_names, members, membership_requests
from bot.services.businesses.businesses import Mine
from bot.services.businesses.members import Leaving, Member
from bot.services.businesses.membership_requests import Request, Status
from handlers.businesses import business_pages
from handlers.businesses.business_pages import not_yours
from handlers.commands import number
from handlers.menu import MENU
from handlers.signing_up.form_pages import shortened
from handlers.turn import Turn

LISTED = 20


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The buttons of these pages. Every id in one is looked up among what the person acts for."""
    match turn.press:
        case ("biz", "request" | "accept" | "accepted" | "refuse" as verb, request):
            return [await _request(turn, verb, number(request))]
        case ("biz", "members" | "leave" | "left" as verb, business_id):
            business = await businesses.mine(turn.connection, turn.person.contact_id, number(business_id))
            if business is None:
                return [not_yours(turn)]
            match verb:
                case "members":
                    return [await _members(turn, business)]
                case "leave":
                    return [await _ask_to_leave(turn, business)]
            return [await _leave(turn, business)]
        case ("biz", "remove" | "removed" as verb, business_id, contact_id):
            business = await businesses.mine(turn.connection, turn.person.contact_id, number(business_id))
            if business is None:
                return [not_yours(turn)]
            return [await _remove(turn, business, number(contact_id), confirmed=verb == "removed")]
    return None


async def _members(turn: Turn, business: Mine, note: str = "") -> Reply:
    t = turn.t
    everybody = await members.members(turn.connection, business.id)
    requests = await membership_requests.to_decide(turn.connection, business.id, turn.now)
    lines = [note, ""] if note else []
    lines += [f"{place}. {_member(turn, each)}" for place, each in enumerate(everybody[:LISTED], start=1)]
    if len(everybody) > LISTED:
        lines.append(t.plural("…and {number} more", "…and {number} more", len(everybody) - LISTED))
    rows: list[tuple[Button, ...]] = [
        (Button(t("Request {code}", code=each.code), f"biz:request:{each.id}"),) for each in requests[:LISTED]
    ]
    for each in everybody[:LISTED]:
        if each.contact_id != turn.person.contact_id:
            label = shortened(t("Remove {name}", name=each.name or colleague_names.who("", t)))
            rows.append((Button(label, f"biz:remove:{business.id}:{each.contact_id}"),))
    rows.append((Button(t("Leave this enterprise"), f"biz:leave:{business.id}"),))
    rows.append((Button(t("Back"), f"biz:show:{business.id}"), Button(t("Menu"), MENU)))
    return turn.say(
        "\n".join(lines),
        title=t("Who acts for {business}", business=business.name),
        footnote=t("A colleague joins by typing the tax code under “My enterprise”, or when they register."),
        buttons=tuple(rows),
        instead=True,
    )


def _member(turn: Turn, member: Member) -> str:
    t = turn.t
    name = colleague_names.listed(member.name, t)
    if member.contact_id == turn.person.contact_id:
        name = t("{name} (you)", name=name)
    return t("{name}, since {date}", name=name, date=t.short_date(member.since.astimezone(t.zone)))


async def _request(turn: Turn, verb: str, request_id: int) -> Reply:
    t = turn.t
    request = await membership_requests.for_member(turn.connection, turn.person.contact_id, request_id, turn.now)
    if request is None:
        return turn.say(
            t("There is no such request, or you do not act for the enterprise."),
            buttons=((business_pages.button(t), Button(t("Menu"), MENU)),),
        )
    if request.status is not Status.ASKED:
        return _decided(turn, request)
    if verb == "request":
        return turn.say(
            business_notices.request_text(request.asked, t),
            title=t("Somebody wants to act for your enterprise"),
            buttons=business_notices.decision_buttons(request.asked, t),
            instead=True,
        )
    if verb == "accept":
        return _ask_again(turn, request)
    decision = await membership_requests.decide(
        turn.connection,
        turn.person.contact_id,
        request_id,
        accept=verb == "accepted",
        translators=turn.translators,
        now=turn.now,
    )
    if decision is None:
        return not_yours(turn)
    return _decided(turn, decision.request, by_you=decision.decided)


def _ask_again(turn: Turn, request: Request) -> Reply:
    t = turn.t
    return turn.say(
        (
            t("Has your colleague “{name}” told you the code {code}?", name=request.name, code=request.code)
            if request.name
            else t("Has a colleague whose chat account has no name told you the code {code}?", code=request.code)
        )
        + " "
        + t(
            "They will then see all registrations of {business}, and can fill in, change and withdraw them.",
            business=request.business_name,
        ),
        title=t("Really confirm?"),
        buttons=(
            (Button(t("Yes, the code is right"), f"biz:accepted:{request.id}"),),
            (
                Button(t("Refuse the request"), f"biz:refuse:{request.id}"),
                Button(t("Not now"), f"biz:members:{request.business_id}"),
            ),
        ),
        instead=True,
    )


def _decided(turn: Turn, request: Request, *, by_you: bool = False) -> Reply:
    t = turn.t
    who, starting = colleague_names.who(request.name, t), colleague_names.starting(request.name, t)
    match request.status:
        case Status.ACCEPTED if by_you:
            text = t("{who} now acts for {business}, and has been told.", who=starting, business=request.business_name)
        case Status.REFUSED if by_you:
            text = t("The request of {who} was refused, and they have been told.", who=who)
        case Status.ACCEPTED:
            text = t("This request has been confirmed already: {who} acts for the enterprise.", who=who)
        case Status.REFUSED:
            text = t("This request has been refused already.")
        case Status.WITHDRAWN:
            text = t("{who} has withdrawn this request.", who=starting)
        case _:
            text = t("This request has expired. If your colleague still wants to join, they can ask again.")
    return turn.say(
        text,
        buttons=(
            (Button(t("Who acts for it"), f"biz:members:{request.business_id}"),),
            (Button(t("Menu"), MENU),),
        ),
        instead=True,
    )


async def _ask_to_leave(turn: Turn, business: Mine) -> Reply:
    t = turn.t
    everybody = await members.members(turn.connection, business.id)
    going_on = await members.count_going_on(turn.connection, business.id, turn.now)
    if len(everybody) == 1 and going_on:
        return _last(turn, business, going_on)
    if len(everybody) == 1:
        text = t(
            "You are the last who acts for {business} here. If you leave, its details stay until whoever gives its tax "
            "code next takes over.",
            business=business.name,
        )
    else:
        text = t(
            "If you leave {business}, you no longer see its registrations. What you have handed in goes on with a "
            "colleague, who is told.",
            business=business.name,
        )
    return turn.say(
        f"{text}\n\n" + t("Do you really want to leave?"),
        title=t("Leave this enterprise"),
        buttons=(
            (Button(t("Yes, leave"), f"biz:left:{business.id}"),),
            (Button(t("No, stay"), f"biz:members:{business.id}"),),
        ),
        instead=True,
    )


async def _leave(turn: Turn, business: Mine) -> Reply:
    t = turn.t
    outcome = await members.leave(
        turn.connection, business, turn.person.contact_id, translators=turn.translators, now=turn.now
    )
    match outcome:
        case Leaving.NOT_A_MEMBER:
            return not_yours(turn)
        case Leaving.LAST:
            return _last(turn, business, await members.count_going_on(turn.connection, business.id, turn.now))
    return turn.say(
        t("You no longer act for {business}.", business=business.name),
        title=t("Left"),
        buttons=((business_pages.button(t), Button(t("Menu"), MENU)),),
        instead=True,
    )


def _last(turn: Turn, business: Mine, going_on: int) -> Reply:
    t = turn.t
    return turn.say(
        t.plural(
            "You are the last who acts for {business}, and it has {number} registration under way that somebody has to "
            "answer for.",
            "You are the last who acts for {business}, and it has {number} registrations under way that somebody has "
            "to answer for.",
            going_on,
            business=business.name,
        )
        + "\n\n"
        + t("Please withdraw what is no longer needed, or let a colleague join first."),
        title=t("Leave this enterprise"),
        buttons=(
            (Button(t("My registrations"), "do:applications"),),
            (Button(t("Back"), f"biz:members:{business.id}"), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )


async def _remove(turn: Turn, business: Mine, contact_id: int, *, confirmed: bool) -> Reply:
    t = turn.t
    everybody = await members.members(turn.connection, business.id)
    member = next((each for each in everybody if each.contact_id == contact_id), None)
    if member is None:
        return await _members(turn, business, t("This person does not act for the enterprise (any more)."))
    if contact_id == turn.person.contact_id:
        return await _ask_to_leave(turn, business)
    who = colleague_names.starting(member.name, t)
    if not confirmed:
        return turn.say(
            t(
                "{who} then no longer sees the registrations of {business}. What they have handed in goes on with "
                "you. They are told.",
                who=who,
                business=business.name,
            )
            + "\n\n"
            + t("Do you really want to remove them?"),
            title=t("Remove a colleague"),
            buttons=(
                (Button(t("Yes, remove"), f"biz:removed:{business.id}:{contact_id}"),),
                (Button(t("No, keep"), f"biz:members:{business.id}"),),
            ),
            instead=True,
        )
    outcome = await members.remove(
        turn.connection,
        business,
        turn.person.contact_id,
        contact_id,
        translators=turn.translators,
        now=turn.now,
    )
    if outcome is Leaving.NOT_A_MEMBER:
        return not_yours(turn)
    return await _members(turn, business, t("{who} no longer acts for the enterprise, and has been told.", who=who))
