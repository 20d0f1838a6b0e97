"""Consents that are in force, and withdrawing one of them."""

from __future__ import annotations

from bot.messages import Button, Reply
from bot.services.people import personal_data
from bot.services.people.consents import NEWS, REGISTRATION
from bot.services.people.personal_data import Agreement
from handlers.menu import MENU
from handlers.personal_data import privacy_request
from handlers.signing_up.form_pages import shortened
from handlers.turn import Turn


async def overview(turn: Turn) -> Reply:
    """The purposes that the person agreed to, one of which to choose."""
    t = turn.t
    agreed = personal_data.in_force(await personal_data.agreements(turn.connection, turn.person.contact_id))
    back = (Button(t("Back"), "privacy:about"), Button(t("Menu"), MENU))
    title = t("Withdraw consent")
    if not agreed:
        text = t(
            "No consent of yours is in force, so there is none to withdraw. "
            "You are asked for consent when you register for something."
        )
        return turn.say(text, title=title, buttons=(back,), instead=True)
    lines = [f"{place}. {line(turn, each)}" for place, each in enumerate(agreed, start=1)]
    rows = [(Button(shortened(_purpose(turn, each.purpose)), f"privacy:withdraw:{each.id}"),) for each in agreed]
    return turn.say(
        t("These consents of yours are in force. Which one do you want to withdraw?") + "\n\n" + "\n".join(lines),
        title=title,
        buttons=(*rows, back),
        instead=True,
    )


async def ask(turn: Turn, consent_id: int) -> Reply:
    """What would follow from withdrawing this consent, and whether that is what the person wants."""
    t = turn.t
    agreed = await _mine(turn, consent_id)
    if agreed is None:
        return _not_in_force(turn)
    codes = await _in_the_way(turn, agreed)
    if codes:
        return _registrations_first(turn, codes)
    return turn.say(
        t("Do you want to withdraw this consent?") + f"\n{line(turn, agreed)}\n\n{_what_follows(turn, agreed)}",
        title=t("Withdraw consent"),
        buttons=(
            (Button(t("Yes, withdraw"), f"privacy:withdrawn:{agreed.id}"),),
            (Button(t("No, keep it"), "privacy:consents"),),
        ),
        instead=True,
    )


async def withdraw(turn: Turn, consent_id: int) -> Reply:
    """Withdraw a consent, at once."""
    t = turn.t
    agreed = await _mine(turn, consent_id)
    if agreed is None:
        return _not_in_force(turn)
    codes = await _in_the_way(turn, agreed)
    if codes:
        return _registrations_first(turn, codes)
    await personal_data.withdraw(turn.connection, turn.person.contact_id, agreed.purpose, turn.now)
    done = t(
        "Your consent to “{purpose}” was withdrawn at {moment}.",
        purpose=_purpose(turn, agreed.purpose),
        moment=t.moment(turn.now),
    )
    return turn.say(
        f"{done}\n\n{_what_follows(turn, agreed)}",
        title=t("Consent withdrawn"),
        buttons=(
            (Button(t("See my data"), "privacy:mine"),),
            (Button(t("Ask for correction or deletion"), privacy_request.CHOOSE), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )


def line(turn: Turn, agreed: Agreement) -> str:
    """What was agreed to, when, and to which wording."""
    t = turn.t
    return t(
        "{purpose}: agreed on {date}, text of {version}",
        purpose=_purpose(turn, agreed.purpose),
        date=t.short_date(agreed.given_at.astimezone(t.zone)),
        version=agreed.text_version,
    )


def _purpose(turn: Turn, purpose: str) -> str:
    """A purpose as the forms name it; its bare word where no form asks for it any more."""
    for form in turn.known.forms.values():
        for field in form.fields:
            if field.kind == "consent" and field.purpose == purpose:
                return field.label.in_language(turn.t.language)
    return purpose


def _what_follows(turn: Turn, agreed: Agreement) -> str:
    t = turn.t
    if agreed.purpose == NEWS:
        return t(
            "You then get no more news about the plan here. Messages about what you do yourself, such as "
            "a registration or a question to an officer, still come. You can agree again at any registration."
        )
    if agreed.purpose == REGISTRATION:
        return t(
            "Nothing further is done with registrations that you have withdrawn. "
            "What was entered there is kept until its time is over, unless you ask for deletion."
        )
    return t("Your data is then no longer used for this purpose. What was done before stays lawful.")


async def _mine(turn: Turn, consent_id: int) -> Agreement | None:
    agreed = personal_data.in_force(await personal_data.agreements(turn.connection, turn.person.contact_id))
    return next((each for each in agreed if each.id == consent_id), None)


async def _in_the_way(turn: Turn, agreed: Agreement) -> list[str]:
    """The registrations that need this consent, so that they have to go first."""
    if agreed.purpose != REGISTRATION:
        return []
    return await personal_data.open_registrations(turn.connection, turn.person.contact_id)


def _registrations_first(turn: Turn, codes: list[str]) -> Reply:
    t = turn.t
    return turn.say(
        t(
            "Without this consent your registrations can't be handled: {codes}. Please withdraw them first, "
            "or ask an officer to settle it; by law that is done within 15 days.",
            codes=privacy_request.listed(turn, codes),
        ),
        title=t("Withdraw consent"),
        buttons=(
            (Button(t("My registrations"), "do:applications"),),
            (Button(t("Ask an officer to settle it"), f"{privacy_request.ASK}:{privacy_request.Wish.WITHDRAW}"),),
            (Button(t("Back"), "privacy:consents"), Button(t("Menu"), MENU)),
        ),
        instead=True,
    )


def _not_in_force(turn: Turn) -> Reply:
    t = turn.t
    return turn.say(
        t("No such consent of yours is in force; perhaps it has been withdrawn already."),
        buttons=((Button(t("Withdraw consent"), "privacy:consents"), Button(t("Menu"), MENU)),),
        instead=True,
    )
