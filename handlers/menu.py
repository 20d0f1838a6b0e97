"""Start, menu, help, language, cancel, and what is said when nobody else answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.messages import EVERYONE, Button, Kind, Language, Person, Reply, Role
from bot.services.people import contacts
from bot.services.people.officers import is_officer
from handlers.turn import Turn

MENU = "do:menu"


async def handle(turn: Turn) -> Sequence[Reply] | None:
    """Commands that belong to no subject."""
    match turn.command:
        case "start":
            return [welcome(turn)]
        case "menu":
            return [menu(turn)]
        case "help":
            return [how_it_works(turn)]
        case "language":
            return await _language(turn, turn.argument)
        case "cancel":
            return await _cancel(turn)
        case "unknown":
            return [unknown_command(turn)]
    if turn.press == ("menu",):
        return [menu(turn)]
    if turn.press[:1] == ("language",):
        return await _language(turn, turn.press[-1])
    if turn.press[:1] == ("cancel",):
        return await _cancel(turn)
    return None


def welcome(turn: Turn) -> Reply:
    """The first words: that one talks to a program, whose, and what it can do (AI Law 134/2025, article 11)."""
    t = turn.t
    return turn.say(
        t(
            "I am a virtual assistant, an automated program of the Hanoi Department of Industry and Trade. "
            "I answer questions about Hanoi's plan to develop the environmental industry "
            "(Plan No. 50/KH-UBND of 4 February 2026), take registrations for support programmes and events, "
            "and remind agencies of their reports."
        )
        + "\n\n"
        + t("Type your question, or choose below. At any time you can ask for an officer."),
        title=t("Welcome!"),
        buttons=_menu_rows(turn),
    )


def introduced(turn: Turn, reply: Reply) -> Reply:
    """The reply with a word ahead on who is talking, for somebody whose first message was no start."""
    who = turn.t("I am a virtual assistant (an automated program) of the Hanoi Department of Industry and Trade.")
    return replace(reply, text=f"{who}\n\n{reply.text}")


def menu(turn: Turn) -> Reply:
    """Everything there is to do, by buttons and by number."""
    return turn.say(
        turn.t("Please choose, or simply type your question."),
        title=turn.t("Menu"),
        buttons=_menu_rows(turn),
        instead=True,
    )


def how_it_works(turn: Turn) -> Reply:
    """Help: the ways to use the bot, with every command."""
    t = turn.t
    lines = [
        t(
            "Type a question in your own words, with or without Vietnamese marks, "
            "and you get an answer with its source."
        ),
        t("Instead of pressing a button you can type its words, or its number counted from the top."),
        "",
        t("/menu: everything there is to do"),
        t("/register: support programmes"),
        t("/events: events you can sign up for"),
        t("/applications: your registrations"),
        t("/reports: reports of your agency"),
        t("/link CODE: use the code you were given"),
        t("/officer: ask an officer"),
        t("/privacy: your data"),
        t("/language: Vietnamese or English"),
        t("/cancel: leave what you are in"),
    ]
    if turn.person.role is Role.ADMIN:
        lines.append(t("/broadcast: send an announcement"))
    if turn.person.role is not None:
        lines.append(t("/stats: how things stand"))
        lines.append(t("/duties: duties to report, who owes what when"))
        lines.append(t("/calendar: days off and worked Saturdays"))
        lines.append(t("/progress: which agencies have handed in their reports"))
    if is_officer(turn.person):
        lines.append(t("/review: applications to decide"))
        lines.append(t("/manage: offerings, participants, seats"))
        lines.append(t("/agencies: who answers for which agency, codes"))
        lines.append(t("/consolidate: put the accepted reports of a period together"))
    return turn.say("\n".join(lines), title=t("How this works"), buttons=((Button(t("Menu"), MENU),),), instead=True)


def unknown_command(turn: Turn) -> Reply:
    """The answer to a command that doesn't exist."""
    return turn.say(
        turn.t("There is no such command. /help lists them all; you can also just type your question."),
        buttons=((Button(turn.t("Menu"), MENU),),),
    )


def did_not_understand(turn: Turn) -> Reply:
    """The last resort: an old button, or something that is neither text nor expected."""
    t = turn.t
    if turn.incoming.kind is Kind.PRESS:
        text = t("This button is no longer valid. Please choose from the menu.")
    elif turn.incoming.kind is Kind.FILE:
        text = t("No file is needed at this point. Please type your question, or choose from the menu.")
    else:
        text = t("I can only read text. Please type your question, or choose from the menu.")
    return turn.say(text, buttons=((Button(t("Menu"), MENU),),))


async def _language(turn: Turn, wanted: str) -> Sequence[Reply]:
    chosen = {"vi": Language.VI, "en": Language.EN}.get(wanted.strip().lower()[:2])
    if chosen is None:
        return [
            turn.say(
                turn.t("Which language would you like?"),
                buttons=((Button("Tiếng Việt", "language:vi"), Button("English", "language:en")),),
                instead=True,
            )
        ]
    await contacts.set_language(turn.connection, turn.person.contact_id, chosen)
    turn = turn.in_language(chosen)
    done = turn.t("From now on I write to you in English.")
    commands_for = turn.person.role.value if turn.person.role else EVERYONE
    return [turn.say(done, buttons=((Button(turn.t("Menu"), MENU),),), instead=True, commands_for=commands_for)]


async def _cancel(turn: Turn) -> Sequence[Reply]:
    if turn.person.dialog is None:
        text = turn.t("There is nothing to cancel. What would you like to do?")
    else:
        await turn.end()
        text = turn.t("Cancelled. Nothing was sent.")
    return [turn.say(text, buttons=_menu_rows(turn), instead=True)]


def _menu_rows(turn: Turn) -> tuple[tuple[Button, ...], ...]:
    t = turn.t
    rows = [
        (Button(t("Questions about the plan"), "faq:topics"),),
        (Button(t("Support programmes"), "do:register"), Button(t("Events"), "do:events")),
        (Button(t("My registrations"), "do:applications"), Button(t("Agency reports"), "do:reports")),
        (Button(t("Ask an officer"), "do:officer"), Button(t("My data"), "do:privacy")),
        (
            Button(t("Help"), "do:help"),
            Button("English" if t.language is Language.VI else "Tiếng Việt", _other(t.language)),
        ),
    ]
    staff = [Button(t("Announcements"), "do:broadcast")] if turn.person.role is Role.ADMIN else []
    if turn.person.role is not None:
        staff.append(Button(t("Figures"), "do:stats"))
        rows.append(tuple(staff))
    if is_officer(turn.person):
        rows.append((Button(t("Applications to decide"), "do:review"), Button(t("Manage offerings"), "do:manage")))
        rows.append((Button(t("Agencies"), "do:agencies"), Button(t("Consolidated report"), "do:consolidate")))
    if turn.person.role is not None:
        rows.append((Button(t("Progress of reports"), "do:progress"),))
        rows.append((Button(t("Duties to report"), "do:duties"), Button(t("Working calendar"), "do:calendar")))
    if is_editor(turn.person):
        rows.append(
            (Button(t("Unanswered questions"), "unanswered:page:0"), Button(t("Answers to approve"), "proposal:list"))
        )
    return tuple(rows)


def is_editor(person: Person) -> bool:
    """Whether the person may change answers."""
    return person.role is not None and person.role.includes(Role.EDITOR)


def _other(language: Language) -> str:
    return "language:en" if language is Language.VI else "language:vi"
