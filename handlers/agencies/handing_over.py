"""Focal points who go: to a colleague, to a successor by a code, or just so. And having a colleague in."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.agencies import focal_notices, focal_texts, handovers
from bot.services.agencies.agencies import FocalRole
from bot.services.agencies.focal_points import FocalPerson
from bot.services.businesses import colleague_names
from bot.services.people import invitations
from bot.services.reporting import history, obligations
from handlers.agencies import focal_pages
from handlers.menu import MENU
from handlers.turn import Turn


async def choose(turn: Turn, agency_id: int) -> Reply:
    """To whom."""
    t = turn.t
    me = await focal_pages.mine(turn, agency_id)
    if me is None:
        return focal_pages.not_yours(turn)
    rows = [
        (Button(focal_pages.colleague(turn, each), f"focal:giveto:{agency_id}:{each.contact_id}"),)
        for each in await focal_pages.others(turn, me)
    ]
    return turn.say(
        t("To whom do you hand over your part as {role} of {agency}?", role=focal_texts.role(me.role, t),
          agency=me.agency.in_language(t.language))
        + "\n\n"
        + t("The agency's reports, their history and the reminders that you asked for go along."),
        title=t("Handover"),
        buttons=(
            *rows,
            (Button(t("Somebody who is not here yet"), f"focal:givecode:{agency_id}"),),
            (Button(t("Back"), f"focal:page:{agency_id}"), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )  # fmt: skip


async def to_colleague(turn: Turn, agency_id: int, contact_id: int, *, confirmed: bool) -> Reply:
    """Hand over to somebody who answers for the agency already; asks first."""
    t = turn.t
    me = await focal_pages.mine(turn, agency_id)
    if me is None:
        return focal_pages.not_yours(turn)
    colleague = next((each for each in await focal_pages.others(turn, me) if each.contact_id == contact_id), None)
    if colleague is None:
        return focal_pages.gone(turn)
    teller = focal_pages.teller(turn)
    owed = await focal_notices.open_reports(teller, me.contact_id, agency_id)
    name = colleague_names.who(colleague.name, t)
    if not confirmed:
        return turn.say(
            t("{name} takes over from you as {role} of {agency}, and you are its focal point no more.",
              name=colleague_names.starting(colleague.name, t), role=focal_texts.role(me.role, t),
              agency=me.agency.in_language(t.language))
            + "\n\n"
            + _absent(turn, colleague)
            + await focal_notices.listed(teller, owed, t)
            + "\n\n"
            + t("Hand over now?"),
            title=t("Handover"),
            buttons=(
                (Button(t("Yes, hand over"), f"focal:given:{agency_id}:{contact_id}"),),
                (Button(t("Back"), f"focal:handover:{agency_id}"), Button(t("Menu"), MENU)),
            ),
            instead=True,
        )  # fmt: skip
    await handovers.succeed(turn.connection, agency_id, me.contact_id, contact_id, turn.now)
    told = await focal_notices.tell_successor(teller, contact_id, me)
    text = t("You have handed over to {name}. Thank you for your work.", name=name)
    if not told:
        text += " " + t("Your colleague can't be reached here: please tell them.")
    return turn.say(text, title=t("Handover"), buttons=((Button(t("Menu"), MENU),),))


def _absent(turn: Turn, colleague: FocalPerson) -> str:
    """A warning where whoever is to take over will be away; empty where not."""
    t, away = turn.t, colleague.absence
    if away is None or away.end < turn.today:
        return ""
    name = colleague_names.starting(colleague.name, t)
    said = t("{name} is away from {start} to {end}.", name=name, start=t.date(away.start), end=t.date(away.end))
    return f"{said}\n\n"


async def by_code(turn: Turn, agency_id: int, *, confirmed: bool) -> Reply:
    """Hand over to somebody who is not linked yet; until they use the code everything stays as it is."""
    t = turn.t
    me = await focal_pages.mine(turn, agency_id)
    if me is None:
        return focal_pages.not_yours(turn)
    if not confirmed:
        return turn.say(
            t(
                "You get a code for your successor. As soon as they use it they take your place, and you are told. "
                "Until then you stay in charge. An earlier code of this kind no longer works."
            ),
            title=t("Handover"),
            buttons=(
                (Button(t("Make the code"), f"focal:coded:{agency_id}"),),
                (Button(t("Back"), f"focal:handover:{agency_id}"), Button(t("Menu"), MENU)),
            ),
            instead=True,
        )
    code = await invitations.create(
        turn.connection,
        agency_slug=me.agency.slug,
        focal_role=me.role.value,
        created_by=me.contact_id,
        handed_over_by=me.contact_id,
        now=turn.now,
    )
    until = t.moment(turn.now + invitations.VALID_FOR)
    return turn.say(
        await focal_pages.code_to_forward(turn, code, me.role, me.agency, until),
        title=t("Code for your successor"),
        buttons=(focal_pages.to_page(agency_id, t),),
    )


async def call_off(turn: Turn, agency_id: int) -> Reply:
    """End the code for a successor."""
    t = turn.t
    if await focal_pages.mine(turn, agency_id) is None:
        return focal_pages.not_yours(turn)
    ended = await handovers.call_off(turn.connection, agency_id, turn.person.contact_id, turn.now)
    note = t("The code no longer works; you stay in charge.") if ended else t("There is no code that could be used.")
    return await focal_pages.page(turn, agency_id, note)


async def leave(turn: Turn, agency_id: int, *, obligation_id: int = 0, confirmed: bool) -> Reply:
    """Stop being a focal point; warns where nobody would be left. ``obligation_id`` is the report that led here."""
    t = turn.t
    me = await focal_pages.mine(turn, agency_id)
    if me is None:
        return focal_pages.not_yours(turn)
    agency = me.agency.in_language(t.language)
    if confirmed:
        if obligation_id and await obligations.find(turn.connection, obligation_id, contact_id=me.contact_id):
            await history.record(
                turn.connection, obligation_id, history.What.NOT_MINE, contact_id=me.contact_id, now=turn.now
            )
        await handovers.leave(turn.connection, agency_id, me.contact_id, by=me.contact_id, now=turn.now)
        await focal_notices.tell_nobody_left(focal_pages.teller(turn), me.agency)
        return turn.say(
            t("You are no longer focal point of {agency}. Thank you for your work.", agency=agency),
            title=t("Focal point"),
            buttons=((Button(t("Menu"), MENU),),),
        )
    others = await focal_pages.others(turn, me)
    if not others:
        warning = t(
            "Nobody would be left who answers for {agency}: nobody would be reminded of its reports, and the "
            "Department of Industry and Trade would be told. Better hand over to a successor.",
            agency=agency,
        )
    elif me.role is FocalRole.HOLDER and all(each.role is not FocalRole.HOLDER for each in others):
        warning = t("You are the only officer in charge of {agency}. Better hand over to a colleague.", agency=agency)
    else:
        warning = t("Your colleagues go on with the reports of {agency}.", agency=agency)
    suffix = f":{obligation_id}" if obligation_id else ""
    return turn.say(
        warning + "\n\n" + t("Do you want to leave?"),
        title=t("Leave {agency}", agency=agency),
        buttons=(
            (Button(t("Hand over"), f"focal:handover:{agency_id}"),),
            (Button(t("Yes, I leave"), f"focal:left:{agency_id}{suffix}"),),
            (Button(t("Back"), f"focal:page:{agency_id}"), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )


async def have_in(turn: Turn, agency_id: int, role: str = "") -> Reply:
    """A code for a further colleague of the agency."""
    t = turn.t
    me = await focal_pages.mine(turn, agency_id)
    if me is None:
        return focal_pages.not_yours(turn)
    if role not in set(FocalRole):
        return turn.say(
            t("In which role? The deputy is reminded when the date draws near, the head once a report is overdue."),
            title=t("Invite a colleague"),
            buttons=(
                *((Button(focal_pages.role_label(each, t), f"focal:invited:{agency_id}:{each}"),)
                  for each in FocalRole),
                (Button(t("Back"), f"focal:page:{agency_id}"), Button(t("Menu"), MENU)),
            ),
            instead=True,
        )  # fmt: skip
    code = await invitations.create(
        turn.connection, agency_slug=me.agency.slug, focal_role=role, created_by=me.contact_id, now=turn.now
    )
    until = t.moment(turn.now + invitations.VALID_FOR)
    return turn.say(
        await focal_pages.code_to_forward(turn, code, FocalRole(role), me.agency, until),
        title=t("Code for a colleague"),
        buttons=(focal_pages.to_page(agency_id, t),),
    )
