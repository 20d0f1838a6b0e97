"""One agency for those who look after all of them: who answers for it, how they are reached, what is open, history."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.agencies import agency_states, focal_history, focal_notices, focal_points, focal_texts, handovers
from bot.services.agencies.agencies import AgencyName
from bot.services.agencies.focal_points import FocalPerson
from bot.services.businesses import colleague_names
from bot.services.people import invitations
from bot.services.reporting.report_texts import shortened
from handlers.agencies import agency_codes, focal_pages, staff_rights
from handlers.announcing.broadcast_draft import channel_name
from handlers.menu import MENU
from handlers.turn import Turn

LATEST = 6


async def page(turn: Turn, agency_id: int, note: str = "") -> Reply:
    """Everything about one agency; ``note`` says what has just happened."""
    t = turn.t
    agency = await staff_rights.agency(turn, agency_id)
    if isinstance(agency, Reply):
        return agency
    people = await focal_points.of_agency(turn.connection, agency_id)
    codes = await invitations.open_codes(turn.connection, agency_id, turn.now)
    lines = [note, ""] if note else []
    if people:
        reached = await agency_states.channels(turn.connection, [each.contact_id for each in people])
        for place, each in enumerate(people, start=1):
            lines.append(f"{place}. {focal_pages.line(turn, each, people)}")
            lines.append(_reached(turn, reached.get(each.contact_id, [])))
    elif codes:
        lines.append(t("Nobody answers for this agency yet. If its code got lost, issue another one."))
    else:
        lines.append(t("Nobody answers for this agency yet. Issue a code and send it to the agency."))
    if codes:
        lines += ["", *agency_codes.listed(codes, t)]
    lines += ["", await _open(turn, agency_id)]
    events = await focal_history.of(turn.connection, agency_id, LATEST)
    if events:
        lines += ["", t("What happened lately:"), *(f"- {focal_texts.event(each, t)}" for each in events)]
    rows: list[tuple[Button, ...]] = [(Button(t("Issue a code"), f"focal:code:{agency_id}"),)]
    if codes:
        rows.append((Button(t("Withdraw unused codes"), f"focal:codesoff:{agency_id}"),))
    rows += [
        (
            Button(
                shortened(t("Remove focal point {name}", name=colleague_names.listed(each.name, t))),
                f"focal:remove:{agency_id}:{each.contact_id}",
            ),
        )
        for each in people
    ]
    rows.append((Button(t("Find another"), "focal:find"), Button(t("All agencies"), "focal:overview")))
    rows.append((Button(t("Menu"), MENU),))
    return turn.say("\n".join(lines), title=agency.in_language(t.language), buttons=tuple(rows), instead=True)


async def remove(turn: Turn, agency_id: int, contact_id: int, *, confirmed: bool) -> Reply:
    """End somebody's part in an agency, who is told; asks first."""
    t = turn.t
    agency = await staff_rights.agency(turn, agency_id)
    if isinstance(agency, Reply):
        return agency
    person = await focal_points.find(turn.connection, contact_id, agency_id)
    if person is None:
        return await page(turn, agency_id, t("This person is not a focal point of the agency any more."))
    if not confirmed:
        return _ask_to_remove(turn, agency, person, await focal_points.of_agency(turn.connection, agency_id))
    if await handovers.leave(turn.connection, agency_id, contact_id, by=turn.person.contact_id, now=turn.now):
        teller = focal_pages.teller(turn)
        await focal_notices.tell_removed(teller, contact_id, agency)
        await focal_notices.tell_nobody_left(teller, agency, but=turn.person.contact_id)
    note = t("{name} is not a focal point of the agency any more.", name=colleague_names.starting(person.name, t))
    return await page(turn, agency_id, note)


async def withdraw_codes(turn: Turn, agency_id: int, *, confirmed: bool) -> Reply:
    """End all codes of the agency that can still be used; asks first."""
    t = turn.t
    agency = await staff_rights.agency(turn, agency_id)
    if isinstance(agency, Reply):
        return agency
    if confirmed:
        number = await invitations.withdraw(turn.connection, agency_id, by=turn.person.contact_id, now=turn.now)
        ended = t.plural("{number} code no longer works.", "{number} codes no longer work.", number)
        return await page(turn, agency_id, ended if number else t("There is no code that could be used."))
    codes = await invitations.open_codes(turn.connection, agency_id, turn.now)
    if not codes:
        return await page(turn, agency_id, t("There is no code that could be used."))
    return turn.say(
        "\n".join(
            [
                *agency_codes.listed(codes, t),
                "",
                t("None of them would work any more, nor those that focal points of the agency made for colleagues."),
                "",
                t("Withdraw these codes?"),
            ]
        ),
        title=agency.in_language(t.language),
        buttons=(
            (Button(t("Yes, withdraw the codes"), f"focal:codesgone:{agency_id}"),),
            (Button(t("Back"), f"focal:agency:{agency_id}"), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )


def _ask_to_remove(turn: Turn, agency: AgencyName, person: FocalPerson, people: list[FocalPerson]) -> Reply:
    t = turn.t
    text = t(
        "{name} ({role}) would not be reminded of the agency's reports any more, could not hand them in, and would be "
        "told so.",
        name=colleague_names.starting(person.name, t),
        role=focal_texts.role(person.role, t),
    )
    if len(people) == 1:
        text += " " + t("Nobody would be left who answers for the agency.")
    return turn.say(
        text + "\n\n" + t("Remove this focal point?"),
        title=agency.in_language(t.language),
        buttons=(
            (Button(t("Yes, remove this focal point"), f"focal:removed:{agency.id}:{person.contact_id}"),),
            (Button(t("Back"), f"focal:agency:{agency.id}"), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )


def _reached(turn: Turn, addresses: list[tuple[str, bool]]) -> str:
    t = turn.t
    names = [
        t("{channel} (blocked)", channel=channel_name(t, channel)) if blocked else channel_name(t, channel)
        for channel, blocked in addresses
    ]
    if all(blocked for _, blocked in addresses):
        return "   " + t("Can't be reached: {channels}", channels=", ".join(names) or t("no chat account"))
    return "   " + t("Reached by: {channels}", channels=", ".join(names))


async def _open(turn: Turn, agency_id: int) -> str:
    t = turn.t
    found = await agency_states.open_reports(turn.connection, agency_id, turn.today)
    if not found.reports:
        return t("No report to hand in.")
    lines = [t.plural("{number} report to hand in", "{number} reports to hand in", found.reports)]
    if found.late:
        lines.append(t.plural("of these {number} overdue", "of these {number} overdue", found.late))
    if found.next_due is not None:
        lines.append(t("the next one due on {date}", date=t.date(found.next_due)))
    return ", ".join(lines) + "."
