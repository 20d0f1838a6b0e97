"""What a focal point sees of who answers for their agency, and can do about it."""

from __future__ import annotations

from bot.i18n import Translator
from bot.messages import Button, Reply
from bot.services.agencies import agencies, focal_points, focal_texts, handovers
from bot.services.agencies.agencies import AgencyName, FocalRole
from bot.services.agencies.focal_notices import Teller
from bot.services.agencies.focal_points import Absence, FocalPerson
from bot.services.businesses import colleague_names
from bot.services.messages import channel_names
from bot.services.people import emails
from bot.services.reporting.report_texts import shortened
from handlers.menu import MENU
from handlers.turn import Turn


def teller(turn: Turn) -> Teller:
    """What it takes to tell others in this turn."""
    return Teller(turn.connection, turn.known, turn.translators, turn.now)


async def mine(turn: Turn, agency_id: int) -> FocalPerson | None:
    """The person's own part in an agency that a button names; None for somebody else's."""
    return await focal_points.find(turn.connection, turn.person.contact_id, agency_id)


async def choose(turn: Turn) -> Reply:
    """The page of the person's agency, or which one where there are several."""
    t = turn.t
    found = await agencies.responsibilities(turn.connection, turn.person.contact_id)
    if not found:
        return not_yours(turn)
    if len(found) == 1:
        return await page(turn, found[0].agency.id)
    rows = [(Button(shortened(each.agency.in_language(t.language)), f"focal:page:{each.agency.id}"),) for each in found]
    return turn.say(
        t("For which agency?"),
        title=t("Focal points of the agency"),
        buttons=(*rows, (Button(t("Menu"), MENU),)),
        instead=True,
    )


async def page(turn: Turn, agency_id: int, note: str = "") -> Reply:
    """Who answers for the agency; ``note`` says what has just happened."""
    t = turn.t
    me = await mine(turn, agency_id)
    if me is None:
        return not_yours(turn)
    people = await focal_points.of_agency(turn.connection, agency_id)
    lines = [note, ""] if note else []
    lines += [f"{place}. {line(turn, each, people)}" for place, each in enumerate(people, start=1)]
    if len(people) == 1:
        lines += ["", t("You are the only one. Invite a colleague, so that somebody is there when you are not.")]
    waits = await handovers.waiting_until(turn.connection, agency_id, me.contact_id, turn.now)
    if waits is not None:
        lines += ["", t("Your code for a successor can be used until {moment}.", moment=t.moment(waits))]
    boxes = await emails.of_contact(turn.connection, me.contact_id)
    for each in boxes:
        if each.confirmed and not each.refused:
            lines += ["", t("Reminders also go to {address}.", address=each.address)]
    if not me.name:
        lines += ["", t("Your chat account has no name. Please say yours, so that others know who you are.")]
    return turn.say(
        "\n".join(lines),
        title=t("Focal points of {agency}", agency=me.agency.in_language(t.language)),
        buttons=_buttons(turn, me, waiting=waits is not None, email=turn.email or bool(boxes)),
        instead=True,
    )


def _buttons(turn: Turn, me: FocalPerson, *, waiting: bool, email: bool) -> tuple[tuple[Button, ...], ...]:
    t, agency = turn.t, me.agency.id
    planned = me.absence is not None and me.absence.end >= turn.today
    rows: list[tuple[Button, ...]] = []
    if planned:
        label = t("I am back") if me.away(turn.today) else t("I will not be away after all")
        rows.append((Button(label, f"focal:returned:{agency}"), Button(t("Change the dates"), f"focal:away:{agency}")))
    else:
        rows.append((Button(t("I will be away"), f"focal:away:{agency}"),))
    if waiting:
        rows.append((Button(t("Withdraw the code for my successor"), f"focal:calloff:{agency}"),))
    rows.append((Button(t("Invite a colleague"), f"focal:invite:{agency}"),))
    rows.append((Button(t("Hand over"), f"focal:handover:{agency}"), Button(t("Leave"), f"focal:leave:{agency}")))
    name = Button(t("Change my name") if me.name else t("Say my name"), f"focal:name:{agency}")
    rows.append((name, Button(t("E-mail for reminders"), f"focal:email:{agency}")) if email else (name,))
    rows.append((Button(t("Agency reports"), "do:reports"), Button(t("Menu"), MENU)))
    return tuple(rows)


def line(turn: Turn, person: FocalPerson, everybody: list[FocalPerson]) -> str:
    """One focal point: name, role, since when, and when they are away."""
    t = turn.t
    name = colleague_names.listed(person.name, t)
    if person.contact_id == turn.person.contact_id:
        name = t("{name} (you)", name=name)
    said = t(
        "{name}: {role}, since {date}",
        name=name,
        role=focal_texts.role(person.role, t),
        date=t.short_date(person.since.astimezone(t.zone)),
    )
    if person.absence is None or person.absence.end < turn.today:
        return said
    return f"{said}\n{absence(person.absence, everybody, t)}"


def absence(away: Absence, everybody: list[FocalPerson], t: Translator) -> str:
    """From when to when, and who stands in."""
    span = t("Away from {start} to {end}", start=t.date(away.start), end=t.date(away.end))
    stand_in = next((each for each in everybody if each.contact_id == away.stand_in), None)
    if stand_in is None:
        return span
    return f"{span}; " + t("{name} stands in", name=colleague_names.who(stand_in.name, t))


def colleague(turn: Turn, person: FocalPerson) -> str:
    """A colleague on a button: name, role, and that they are away today."""
    t = turn.t
    role = focal_texts.role(person.role, t)
    if person.away(turn.today):
        role = t("{role}, away", role=role)
    return shortened(f"{colleague_names.listed(person.name, t)} ({role})")


async def others(turn: Turn, me: FocalPerson) -> list[FocalPerson]:
    """The person's colleagues: everybody else who answers for the agency."""
    everybody = await focal_points.of_agency(turn.connection, me.agency.id)
    return [each for each in everybody if each.contact_id != me.contact_id]


def role_label(role: FocalRole, t: Translator) -> str:
    """A role on a button."""
    said = focal_texts.role(role, t)
    return said[:1].upper() + said[1:]


def to_page(agency_id: int, t: Translator) -> tuple[Button, ...]:
    """The last row under everything that belongs to the page."""
    return (Button(t("Focal points of the agency"), f"focal:page:{agency_id}"), Button(t("Menu"), MENU))


async def ways_in(turn: Turn, code: str) -> list[str]:
    """How a code is used: typed in the chat, or by opening an address, a line each."""
    t = turn.t
    links = channel_names.code_links(code, turn.doors.address, await channel_names.public_names(turn.connection))
    lines = [t("In the chat: /link {code}", code=code), t("Web chat: {address}", address=links["web_chat"])]
    if "telegram" in links:
        lines.append(t("Telegram: {address}", address=links["telegram"]))
    return lines


async def code_to_forward(turn: Turn, code: str, role: FocalRole, agency: AgencyName, until: str) -> str:
    """A code as a text that is ready to be passed on to a colleague."""
    t = turn.t
    return "\n".join(
        [
            t("Please pass this on to your colleague:"),
            "",
            t("Code for {agency} ({role}): {code}",
              agency=agency.in_language(t.language), role=focal_texts.role(role, t), code=code),
            *await ways_in(turn, code),
            t("The code works once, until {moment}.", moment=until),
        ]
    )  # fmt: skip


def not_yours(turn: Turn) -> Reply:
    """For the button of an agency that the person does not answer for, or not any more."""
    t = turn.t
    return turn.say(
        t("You do not answer for this agency, or not any more."),
        buttons=((Button(t("Agency reports"), "do:reports"), Button(t("Menu"), MENU)),),
    )


def gone(turn: Turn) -> Reply:
    """For the button of a colleague who is no focal point of the agency any more."""
    t = turn.t
    return turn.say(
        t("This colleague is not a focal point of the agency any more. Please choose again."),
        buttons=((Button(t("Focal points of the agency"), "focal:mine"), Button(t("Menu"), MENU)),),
    )
