"""A person's data: what is done with it, what is stored, and the person's rights under Law 91/2025/QH15."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Button, Language, Reply
from bot.services.agencies import focal_texts
from bot.services.forms import field_texts
from bot.services.people import personal_data
from bot.services.people.personal_data import Agreement, Held
from bot.services.tickets import ticket_notices, ticket_texts
from handlers import feedback, linking
from handlers.agencies import my_name
from handlers.announcing.broadcast_draft import channel_name
from handlers.businesses import business_pages
from handlers.commands import number
from handlers.menu import MENU
from handlers.officers import officer_dialog, officer_talk
from handlers.personal_data import accounts, privacy_consents, privacy_request
from handlers.turn import Turn

LISTED = 10


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """The command, every ``privacy:…`` button, and what is typed while a request is written."""
    verb, argument = _asked(turn)
    if verb:
        await privacy_request.leave(turn)
    match verb:
        case "about":
            return [_notice(turn)]
        case "mine":
            return [await _mine(turn)]
        case "consents":
            return [await privacy_consents.overview(turn)]
        case "withdraw":
            return [await privacy_consents.ask(turn, number(argument))]
        case "withdrawn":
            return [await privacy_consents.withdraw(turn, number(argument))]
        case "erase":
            return [await _ask_to_erase(turn)]
        case "erased":
            return [await _erase(turn)]
    return await privacy_request.handle(turn)


def _asked(turn: Turn) -> tuple[str, str]:
    """Which page, with its argument; two empty words for everything that belongs to a request."""
    if turn.command == "privacy":
        return "about", ""
    match turn.press:
        case ("privacy", "about" | "mine" | "consents" | "erase" | "erased" as verb):
            return verb, ""
        case ("privacy", "withdraw" | "withdrawn" as verb, argument):
            return verb, argument
    return "", ""


def _notice(turn: Turn) -> Reply:
    t = turn.t
    lines = [
        t("This is how the assistant handles personal data under Law 91/2025/QH15 and Decree 356/2025/NĐ-CP."),
        "",
        t(
            "Who: the Hanoi Department of Industry and Trade; for a registration also the agency that receives it, "
            "which is named with it."
        ),
        t(
            "What for: answering your questions, handling registrations, reminding agencies of their reports, "
            "and sending announcements about the plan."
        ),
        t(
            "Which data: the name, number and language of this chat account, and the messages of this chat. For a "
            "registration: the enterprise and its tax code, the contact person, work phone and e-mail, and your "
            "answers and files, what you wrote about it, who acts for the enterprise, whether you came to an event and "
            "your opinion of it. For an agency: who its focal points are, and what they recorded about its reports. "
            "No identity papers are asked for."
        ),
        t(
            "How long: a registration for 24 months, one for an event for 24 months after it, or until you have it "
            "deleted; an unfinished form for 14 days; everything else until you have it deleted. The reports of an "
            "agency stay as its records, without your name once you have your data deleted."
        ),
        t.plural(
            "So that answers get better, questions are also kept by themselves for {number} day: without your name or "
            "account, and without phone numbers, e-mail addresses and long numbers. Only if you want to be told of "
            "an answer is it noted that the question is yours.",
            "So that answers get better, questions are also kept by themselves for {number} days: without your name "
            "or account, and without phone numbers, e-mail addresses and long numbers. Only if you want to be told of "
            "an answer is it noted that the question is yours.",
            turn.question_days,
        ),
        t(
            "Your rights: to know; to give and withdraw consent; to view, correct and delete your data; "
            "to restrict processing or object to it; to complain."
        ),
        t(
            "How fast: a first answer within 2 working days; the withdrawal of consent is done within 15 days, "
            "viewing and correcting within 10 days, deletion within 20 days."
        ),
    ]
    return turn.say(
        "\n".join(lines),
        title=t("Your personal data"),
        footnote=t("Days that are not called working days are calendar days. To ask about your data, type /officer."),
        buttons=(
            (Button(t("See my data"), "privacy:mine"),),
            (Button(t("Withdraw consent"), "privacy:consents"),),
            (Button(t("Ask for correction or deletion"), privacy_request.CHOOSE),),
            (Button(t("Menu"), MENU),),
        ),
        instead=True,
    )


async def _mine(turn: Turn) -> Reply:
    t = turn.t
    held = await personal_data.held(turn.connection, turn.person, turn.now)
    rows: list[tuple[Button, ...]] = [
        (
            Button(t("Withdraw consent"), "privacy:consents"),
            Button(t("Ask for correction or deletion"), privacy_request.CHOOSE),
        ),
        (business_pages.button(t), Button(t("My chat channels"), accounts.SHOW)),
        (Button(t("Back"), "privacy:about"), Button(t("Menu"), MENU)),
    ]
    if turn.person.role is not None:
        label = t("Change my name") if turn.person.name else t("Say my name")
        rows.insert(1, (Button(label, f"focal:name:{my_name.OF_STAFF}"),))
    if held.can_be_erased:
        rows.insert(1, (Button(t("Delete now"), "privacy:erase"),))
    if held.awaited_answers:
        rows.insert(1, (Button(t("Don't tell me of answers"), feedback.NONE),))
    return turn.say(
        "\n".join([*_about_you(turn, held), *_about_enterprises(turn, held), *_about_consents(turn, held.agreements)]),
        title=t("What is stored about you"),
        footnote=t(
            "The messages of this chat, and the numbers that your messenger gives your account, "
            "are stored as well and not repeated here."
        ),
        buttons=tuple(rows),
        instead=True,
    )


def _about_you(turn: Turn, held: Held) -> list[str]:
    t = turn.t
    language = "Tiếng Việt" if held.person.language is Language.VI else "English"
    channels = ", ".join(channel_name(t, channel) for channel in held.channels)
    lines = [
        t("Name: {name}", name=held.person.name or t("not stored")),
        t("Language: {language}", language=language),
        t("You write by: {channels}", channels=channels),
        t("First contact: {date}", date=t.short_date(held.since.astimezone(t.zone))),
    ]
    if held.person.role is not None:
        lines.append(t("Staff: you are {role}", role=linking.staff_role(held.person.role, t)))
    for each in held.responsibilities[:LISTED]:
        agency, role = each.agency.in_language(t.language), focal_texts.role(each.role, t)
        lines.append(t("Focal point of: {agency} ({role})", agency=agency, role=role))
    return lines + _and_more(turn, len(held.responsibilities))


def _about_enterprises(turn: Turn, held: Held) -> list[str]:
    t, reports = turn.t, held.reports
    lines = [
        t("Enterprise: {name}, tax code {tax_code}", name=name, tax_code=field_texts.tax_code(tax_code, t))
        for name, tax_code in held.businesses[:LISTED]
    ]
    lines += _and_more(turn, len(held.businesses))
    registrations = t("Registrations: {number}", number=t.number(held.registrations))
    if held.withdrawn:
        registrations += " " + t("(withdrawn: {number})", number=t.number(held.withdrawn))
    lines.append(registrations)
    lines += [
        line
        for number, line in (
            (held.drafts, t("Unfinished registration forms: {number}", number=t.number(held.drafts))),
            (held.files, t("Files that you sent: {number}", number=t.number(held.files))),
            (held.messages, t("Answers to questions about registrations: {number}", number=t.number(held.messages))),
            (held.requests, t("Requests to join an enterprise: {number}", number=t.number(held.requests))),
            (held.opinions, t("Your opinions of events: {number}", number=t.number(held.opinions))),
            (reports.handed_in, t("Reports that you handed in: {number}", number=t.number(reports.handed_in))),
            (reports.reviewed, t("Reports that you reviewed: {number}", number=t.number(reports.reviewed))),
            (
                reports.recorded,
                t("Entries with your name in the history of reports: {number}", number=t.number(reports.recorded)),
            ),
        )
        if number
    ]
    lines += [
        t(
            "Questions to officers: {number}; messages in these conversations: {messages}",
            number=t.number(held.questions),
            messages=t.number(held.question_messages),
        ),
        t("Questions to officers without an answer: {number}", number=t.number(held.open_questions)),
    ]
    if held.awaited_answers:
        number_of = t.number(held.awaited_answers)
        lines.append(t("Questions of which you want to be told the answer: {number}", number=number_of))
    return lines


def _about_consents(turn: Turn, agreements: Sequence[Agreement]) -> list[str]:
    t = turn.t
    if not agreements:
        return [t("Consents: none")]
    lines = ["", t("Consents")]
    for each in agreements[:LISTED]:
        line = privacy_consents.line(turn, each)
        if each.withdrawn_at is not None:
            line += "; " + t("withdrawn on {date}", date=t.short_date(each.withdrawn_at.astimezone(t.zone)))
        lines.append(f"- {line}")
    return lines + _and_more(turn, len(agreements))


def _and_more(turn: Turn, total: int) -> list[str]:
    return [turn.t.plural("…and {number} more", "…and {number} more", total - LISTED)] if total > LISTED else []


async def _ask_to_erase(turn: Turn) -> Reply:
    t = turn.t
    held = await personal_data.held(turn.connection, turn.person, turn.now)
    if not held.can_be_erased:
        return _not_at_once(turn, held)
    lines = [
        t("The assistant then forgets at once and for good:"),
        "- " + t("your name and the messages of this chat"),
        "- " + t("your conversations with officers; one that is open ends"),
        "- " + t("your consents, and of which questions you want to be told the answer"),
        "- " + t("registration forms that you have not finished, and your files"),
        "- " + t("your name with the reports of agencies; the reports and their files stay with the agencies"),
        "- " + t("your name in what colleagues and officers were told of you here"),
        "- "
        + t(
            "what was entered in registrations that are over; one that colleagues act for too stays with them, without "
            "your name, phone and e-mail"
        ),
        "",
        t(
            "Only the number of this chat account and your language stay, so that I can still answer you. "
            "Messages that your own messenger keeps, you can delete there."
        ),
        "",
        t("Do you really want to have your data deleted? This can't be undone."),
    ]
    return turn.say(
        "\n".join(lines),
        title=t("Delete now"),
        buttons=((Button(t("Yes, delete it all"), "privacy:erased"),), (Button(t("No, keep it"), "privacy:mine"),)),
        instead=True,
    )


async def _erase(turn: Turn) -> Reply:
    t = turn.t
    held = await personal_data.held(turn.connection, turn.person, turn.now)
    if not held.can_be_erased:
        return _not_at_once(turn, held)
    asked = await officer_talk.current(turn)
    codes = await personal_data.all_codes(turn.connection, turn.person.contact_id)
    await personal_data.erase(
        turn.connection,
        turn.person,
        keep_last_line=bool(turn.incoming.shown),
        translators=turn.translators,
        now=turn.now,
    )
    for code in codes:  # should the turn fail after all, what was removed is simply made again
        turn.passes.forget(code)
    if asked is not None:
        office, ended = await officer_dialog.office(turn), asked.id
        await ticket_notices.tell_taker(office, asked, "erased", lambda t: ticket_texts.erased(t, ended))
    return turn.say(
        t("Your data has been deleted. If you write again, I only know this chat account and your language."),
        title=t("Deleted"),
        buttons=((Button(t("Menu"), MENU),),),
        instead=True,
    )


def _not_at_once(turn: Turn, held: Held) -> Reply:
    t = turn.t
    lines = [t("Your data can't be deleted at once, because these still need it:")]
    if held.going_on:
        lines.append("- " + t("registrations under way: {number}", number=t.number(held.going_on)))
    if held.responsibilities:
        lines.append("- " + t("your part as focal point of an agency that owes reports"))
    if held.person.role is not None:
        lines.append("- " + t("your part as a member of staff"))
    if held.going_on:
        lines += ["", t("Withdraw what is no longer needed, or let a colleague join the enterprise first.")]
    lines += ["", t("You can ask for deletion; an officer then decides what can be deleted.")]
    return turn.say(
        "\n".join(lines),
        title=t("Delete now"),
        buttons=(
            (Button(t("Ask for deletion"), f"{privacy_request.ASK}:{privacy_request.Wish.DELETE}"),),
            (Button(t("My registrations"), "do:applications"), Button(t("Back"), "privacy:mine")),
        ),
        instead=True,
    )
